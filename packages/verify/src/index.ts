// The judge
export { judge } from './judge.js';
export type { JudgeInput } from './judge.js';
export { judgeCertificate } from './judge-certificate.js';
export type { CertificateVerdict, JudgeCertificateInput } from './judge-certificate.js';
export { planEvidence } from './plan.js';
export type { PlanInput } from './plan.js';
export { evidenceSettles } from './evidence-settles.js';
export type { EvidenceSettlesInput } from './evidence-settles.js';
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
export { indicationOf, makeReason, NEAREST_MISSES, REMEDIES, WARNINGS } from './remedies.js';
export type { Indication, NearestMissText, ReasonFacts, Remedy, WarningText } from './remedies.js';

// What it takes in
export type * from './policy.js';
export { DEFAULT_TIME_SOURCES } from './policy.js';
export { DEFAULT_POLICY, policyBytes, readPolicy } from './policy-reader.js';
export type * from './evidence.js';
export { NO_EVIDENCE } from './evidence.js';
export { evidenceUsed } from './evidence-used.js';
export type { EvidenceUsed, EvidenceUsedInput, UsedEvidence } from './evidence-used.js';

// For people
export { renderReport } from './render/text.js';
export type { RenderOptions } from './render/text.js';
export { renderCertificate } from './render/certificate.js';
export { columns, hanging, padEnd, textWidth, visible, wrap } from './render/layout.js';

// Parts by themselves
export { checkSignature } from './signature/check-signature.js';
export type { CheckSignatureInput, SignatureFacts } from './signature/check-signature.js';
export { checkTimestamp } from './timestamp/check-timestamp.js';
export type { CheckTimestampInput, TimestampRefusal } from './timestamp/check-timestamp.js';
export { judgeTimestamp } from './timestamp/judge-timestamp.js';
export type { JudgeTimestampInput, TimestampVerdict } from './timestamp/judge-timestamp.js';
export { findTimestamps } from './timestamp/find-timestamps.js';
export type { FoundTimestamp } from './timestamp/find-timestamps.js';
export type * from './timestamp/model.js';
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

// For operators: identity profiles at work
export { testProfile } from './identity/workbench/test-profile.js';
export type { CertificateTrial, SourceTrial } from './identity/workbench/test-profile.js';
export { suggestProfile } from './identity/workbench/suggest-profile.js';
export type { Candidate, ProfileSuggestion } from './identity/workbench/suggest-profile.js';
