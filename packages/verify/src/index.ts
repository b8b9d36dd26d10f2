// The judge
export { judge } from './judge.js';
export { judgeWith } from './judge-with.js';
export type { DiagnoseSigner, JudgeInput } from './judge-message.js';
export type { JudgeParts } from './judge-with.js';
export { judgeCertificate, judgeTimestamp, reasonsAgainstForm } from './verdicts-in-words.js';
export type { CertificateVerdict, JudgeCertificateInput } from './judge-certificate.js';
export { verifyChallenge } from './challenge/verify-challenge.js';
export type { ChallengeVerdict, NonceStore, VerifyChallengeInput } from './challenge/verify-challenge.js';
export { CHALLENGE_PREFIX, createChallenge, isChallenge, readChallenge } from './challenge/challenge.js';
export type { Challenge } from './challenge/challenge.js';
export type { SignerRequirement } from './required-signers.js';
export { judgeJws } from './jws/judge-jws.js';
export type { JudgeJwsInput } from './jws/judge-jws.js';
export { parseJws } from './jws/parse-jws.js';
export type { Jws, JwsSignature } from './jws/parse-jws.js';
export { judgeRaw } from './raw/judge-raw.js';
export type { JudgeRawInput } from './raw/judge-raw.js';
export { readValue } from './raw/read-value.js';
export type { ReadValue, ValueEncoding } from './raw/read-value.js';
export type { JudgeSurroundings } from './judge-value.js';
export { planEvidence } from './plan.js';
export type { PlanInput } from './plan.js';
export { evidenceSettles } from './evidence-settles.js';
export { ocspCounts } from './ocsp-counts.js';
export type { EvidenceQuestionInput } from './evidence-question.js';
export { explainCertificate } from './explain.js';
export type { CertificateExplanation, ExplainInput } from './explain.js';
export { reportMalformed } from './report-malformed.js';
export { createJudgeCaches } from './caches.js';
export type { JudgeCaches } from './caches.js';
export type { CertificateCache } from './certificate-cache.js';
export { createVerdictCache } from './verdict-cache.js';
export type { VerdictCache } from './verdict-cache.js';
export type { JudgeContext } from './context.js';
export type { KnownAt } from './trust/knowledge.js';
export { assertPassed } from './assert-passed.js';
export { VerifyError } from './error.js';
export type { VerifyErrorCode } from './error.js';

// What it gives out
export type * from './codes.js';
export type * from './report.js';
export { indicationOf, inWords, makeReason, NEAREST_MISSES, REMEDIES, WARNINGS } from './remedies.js';
export type { Indication, NearestMissText, ReasonFacts, Remedy, WarningText } from './remedies.js';

// What it takes in
export type * from './policy.js';
export { DEFAULT_TIME_SOURCES } from './policy.js';
export { DEFAULT_POLICY } from './policy/default-policy.js';
export { policyBytes } from './policy/policy-bytes.js';
export { readPolicy } from './policy-reader.js';
export type * from './evidence.js';
export { NO_EVIDENCE } from './evidence.js';
export { evidenceUsed } from './evidence-used.js';
export type { EvidenceUsed, EvidenceUsedInput, UsedEvidence } from './evidence-used.js';

// Evidence bundles
export * from './evidence-bundle/index.js';

// For people
export { renderReport } from './render/text.js';
export type { RenderOptions } from './render/text.js';
export { renderHtml } from './render/html.js';
export type { RenderHtmlOptions } from './render/html.js';
export { PRINTED_LABELS } from './render/words.js';
export { simpleReport } from './render/simple-report.js';
export type { ReportStamp, SimpleReport } from './render/simple-report.js';
export { renderEtsi } from './render/etsi.js';
export type { EtsiDigest, EtsiObject, EtsiSignatureReport, EtsiStatus, EtsiValidationReport } from './render/etsi.js';
export { blocksOf } from './render/blocks.js';
export type { Block, BlockName } from './render/blocks.js';
export { makeDiagnostic, replay } from './diagnostic/diagnostic.js';
export type { Diagnostic, RevocationFacts } from './diagnostic/diagnostic.js';
export { renderCertificate } from './render/certificate.js';
export { columns, hanging, padEnd, textWidth, visible, wrap } from './render/layout.js';

// Parts by themselves
export { checkSignature } from './signature/check-signature.js';
export type { CheckSignatureInput, SignatureFacts } from './signature/check-signature.js';
export { CONTENT_HEAD_OCTETS } from './signature/content.js';
export { readableCertificate } from './readable-certificate.js';
export type { IntendedForm } from './signer-reasons.js';
export { contentDigest, mayBeSignedAttributes } from './signature/content.js';
export type { Content, ContentDigest, HashedContent } from './signature/content.js';
export { wantedDigests } from './signature/wanted-digests.js';
export type { WantedDigest, WantedDigests, WantedDigestsInput } from './signature/wanted-digests.js';
export { checkTimestamp } from './timestamp/check-timestamp.js';
export type { CheckTimestampInput, TimestampRefusal } from './timestamp/check-timestamp.js';
export type { JudgeTimestampInput, TimestampVerdict } from './timestamp/judge-timestamp.js';
export { findTimestamps } from './timestamp/find-timestamps.js';
export type { FoundTimestamp } from './timestamp/find-timestamps.js';
export type * from './timestamp/model.js';
export { placeByEvidence } from './process/place-by-evidence.js';
export type { PlaceByEvidence } from './process/place-in-time.js';
export { Proofs } from './time/proofs.js';
export type { ProofOfExistence } from './time/proofs.js';
export { buildPath } from './path/build.js';
export { createSpending, DEFAULT_BUDGET } from './path/budget.js';
export type { Budget, Spending } from './path/budget.js';
export { createEdgeCache } from './path/edge-cache.js';
export type { EdgeCache } from './path/edge-cache.js';
export type { BuildPathOptions, PathFailure, PathOutcome, TrustAnchor, ValidPath } from './path/model.js';
export { verifySignedBy } from './path/signed-by.js';
export { INTEROP, REGIONAL_CA, STRICT, WEB_PKI, withRows } from './path/profile.js';
export type { CrlRow, Criticality, DeviationRow, ExtensionRow, FieldRow, PathProfile, Presence, Role } from './path/profile.js';
export type { CheckId } from './path/profile-checks.js';
export { validatePath } from './validate-path.js';
export type { PathValidation, PathValidationCode, PathValidationFailure, ValidatePathOptions } from './validate-path.js';
export type { AnchorConstraints, AnchorInput, CertificateAnchor, NamedAnchor } from './path/anchor-input.js';
export { namesPeer } from './path/peer-name.js';
export type { PeerName } from './path/peer-name.js';
export type { PolicyInputs, PolicyStatement, ValidPolicy } from './path/policy-graph.js';
export type { PolicyQualifier } from './path/policy-extensions.js';
export type { RevocationMode } from './path/path-revocation.js';
export type { Freshness } from './revocation/freshness.js';
export { checkRevocation, revocationSubjects } from './revocation/check.js';
export { crlIssuerNames } from './revocation/distribution-point.js';
export type { CheckRevocationOptions } from './revocation/check.js';
export { createCrlCache } from './revocation/crl-cache.js';
export type { CrlCache } from './revocation/crl-cache.js';
export { createOcspCache } from './revocation/ocsp-cache.js';
export type { OcspCache } from './revocation/ocsp-cache.js';
export type { RevocationSources } from './revocation/combine.js';
export type { ListCrlIssuer } from './revocation/issuer.js';
export type { ListResponder } from './revocation/responder.js';
export { certificateKind } from './trust/certificate-kind.js';
export type { CertificateKind } from './trust/certificate-kind.js';
export { DEFAULT_IDENTITY_PROFILE, extractIdentity, missingIdentityFields } from './identity/extract.js';
export { hasValidUsccCheck, isUscc, orgCodeOfUscc, usccCheckCharacter } from './identity/uscc.js';
export { maskIdNumber, maskName, maskSubjectText } from './identity/mask.js';

// Electronic seals
export { judgeSeal } from './seal/judge-seal.js';
export type { JudgeSealInput } from './seal/judge-seal.js';
export { judgeSealSignature } from './seal/judge-seal-signature.js';
export type { JudgeSealSignatureInput } from './seal/judge-seal-signature.js';
export type { SealQuestion, TimestampAnswer, TimestampJudge } from './seal/input.js';
export { timestampJudge } from './timestamp/timestamp-judge.js';
export type { TimestampJudgeInput } from './timestamp/timestamp-judge.js';
export type * from './seal/report.js';

// Signatures inside PDF
export { judgePdf } from './pdf/judge-pdf.js';
export type { JudgePdfInput } from './pdf/judge-pdf.js';
export type { PdfReport, PdfSignatureReport } from './pdf/report.js';
export { changesSince } from './pdf/changes.js';
export type { PdfChange } from './pdf/changes.js';
export { permissionsIn as pdfPermissionsIn } from './pdf/permissions.js';
export type { Permissions as PdfPermissions } from './pdf/permissions.js';
export { readPdfMessages } from './pdf/messages.js';
export type { PdfMessage } from './pdf/messages.js';
export { openPdf, PdfDocument } from './pdf/document.js';
export { readFields, readSignatures } from './pdf/signature-field.js';
export type { PdfField, SignatureField as PdfSignatureField } from './pdf/signature-field.js';
export { DEFAULT_PDF_LIMITS } from './pdf/limits.js';
export type { PdfLimits } from './pdf/limits.js';
export { pdfText } from './pdf/write.js';
export { isKind as isPdf, nameOf as pdfNameOf } from './pdf/object.js';
export type { PdfArray, PdfDict, PdfName, PdfRef, PdfStream, PdfString, PdfValue } from './pdf/object.js';
export type { XrefEntry, XrefSection } from './pdf/xref.js';

// What went wrong with a signature that does not verify
export { diagnoseValue } from './diagnose/diagnose-value.js';
export { statedDigest } from './diagnose/holds.js';
export { diagnoseDigest } from './diagnose/diagnose-digest.js';
export { diagnoseSigner } from './diagnose/diagnose-signer.js';
export type { DiagnoseSignerInput } from './diagnose/diagnose-signer.js';
export { DIAGNOSES } from './diagnose/diagnoses.js';
export type { DiagnoseDigestInput, DiagnoseValueInput, Diagnosis, DiagnosisCode, OtherFile } from './diagnose/model.js';

// For operators: identity profiles at work
export { testProfile } from './identity/workbench/test-profile.js';
export type { CertificateTrial, SourceTrial } from './identity/workbench/test-profile.js';
export { suggestProfile } from './identity/workbench/suggest-profile.js';
export type { Candidate, ProfileSuggestion } from './identity/workbench/suggest-profile.js';
