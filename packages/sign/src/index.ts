export { SignError } from './error.js';
export type { ProviderAnswer, SignErrorJson, SignErrorOptions } from './error.js';
export type { SignErrorCode } from './errors/codes.js';
export { SIGN_ERRORS } from './errors/table.js';
export type { Blame, Outcome, RetryAdvice, SignErrorRow } from './errors/row.js';
export { prepareSignature } from './prepare.js';
export type { PreparedSignature, PrepareInput, ToBeSigned } from './prepare.js';
export { assembleSignature } from './assemble.js';
export { signContent, sm2SoftKey, webCryptoSoftKey } from './signer.js';
export type { Signer } from './signer.js';
export { signatureProfile } from './signature-profile.js';
export type { SignatureProfile, WrittenVariant } from './signature-profile.js';

// Logging in
export { prepareChallenge, signChallenge } from './sign-challenge.js';
export type { ChallengeSigningInput } from './sign-challenge.js';

// More to a message that is there
export { addSigner } from './add-signer.js';
export { addCountersignature, countersign, prepareCountersignature } from './countersign.js';
export type { CountersignInput, PreparedCountersignature } from './countersign.js';
export { contentTimestamp } from './timestamper.js';
export type { Timestamper } from './timestamper.js';
export { addSignatureTimestamp } from './add-signature-timestamp.js';
export { addValidationData } from './add-validation-data.js';
export type { ValidationData } from './add-validation-data.js';
export { addArchiveTimestamp } from './add-archive-timestamp.js';
export type { ArchiveOptions } from './add-archive-timestamp.js';
export type { ExtendedMessage } from './message.js';

// JWS and JAdES
export { prepareJws } from './jws/prepare-jws.js';
export type { DetachedObject, PreparedJws, PrepareJwsInput } from './jws/prepare-jws.js';
export { assembleJws, signJws } from './jws/assemble-jws.js';
export type { JwsSerialization } from './jws/assemble-jws.js';
export { addJwsTimestamp } from './jws/add-jws-timestamp.js';
export type { JwsAlgorithm, JwsProfile } from './jws/jws-profile.js';

// Reports
export { signReport, verifyReport } from './report/sign-report.js';
export type { SignedReportVerdict, SignReportInput } from './report/sign-report.js';

// Signatures inside PDF
export { completePdfSignature, preparePdfSignature } from './pdf/prepare-pdf.js';
export type { PdfSignatureRequest, PreparedPdf } from './pdf/prepare-pdf.js';
export { signPdf } from './pdf/sign-pdf.js';
export type { SignPdfInput } from './pdf/sign-pdf.js';
export { addPdfValidationData } from './pdf/validation-data.js';
export type { PdfValidationData } from './pdf/validation-data.js';
export type { PdfAppearance } from './pdf/appearance.js';

// Keys that somebody else holds
export * from './adapter/index.js';

// Services around adapters, which no adapter can override
export { bestCredential, selectCredential } from './session/select-credential.js';
export type { CredentialCandidate, CredentialReason, SelectCredentialInput } from './session/select-credential.js';
export { MANIFEST_ITEM, MAX_ITEMS, planSigning } from './session/plan.js';
export type { PlanSigningInput, SigningPlan } from './session/plan.js';
export { release } from './session/release.js';
export type { AwaitedItem, ReleasedValue, ReleaseInput, ReleaseOutcome } from './session/release.js';
export { readValue } from './session/read-value.js';
export { diagnoserOf } from './session/diagnose-value.js';
export type { ValueDiagnoser, ValueDiagnosis } from './session/diagnose-value.js';
export { DEFAULT_RETRY, retrying } from './session/retry.js';
export type { RetryLimits, RetryOptions } from './session/retry.js';
export { createServerClock } from './session/server-clock.js';
export type { ServerClock, TimeSource } from './session/server-clock.js';
export { createJournal, firstBrokenLine } from './session/journal.js';
export type { Journal, JournalHead, JournalLine, JournalOptions } from './session/journal.js';
export { createRedactor } from './session/redactor.js';
export type { Redactor } from './session/redactor.js';
export { checkFile, manifestFile, readManifest, writeManifest } from './manifest.js';
export type { Manifest, ManifestFile, ManifestMismatch } from './manifest.js';

// The signing session
export { createSigningSession, resumeSigningSession } from './session/signing-session.js';
export type { SessionSurroundings, SigningSessionInput } from './session/signing-session.js';
export type { SigningSession } from './session/running-session.js';
export { DEFAULT_SESSION_LIMITS } from './session/session-limits.js';
export type { SessionLimits } from './session/session-limits.js';
export { digestsForSigning } from './session/prepare-items.js';
export type { MessageForm } from './session/message-form.js';
export type { ItemToSign, Preparation } from './session/prepare-items.js';
export type { Judgement, SessionPorts } from './session/ports.js';
export { isTerminal } from './session/events.js';
export type { FailedItem, SignedItem, SigningEvent, SigningWarning, TerminalEvent } from './session/events.js';
export type { AnswerReceipt } from './session/user-side.js';
export { packOctets, unpackOctets } from './session/octets.js';
export { createMemoryLeases } from './session/leases.js';
export type { Leases } from './session/leases.js';
export { createAdapterContext } from './session/adapter-context.js';
export type { AdapterContextOptions } from './session/adapter-context.js';
export { createSoftAdapter } from './soft/soft-adapter.js';
export type { SoftAdapterOptions, SoftKey } from './soft/soft-adapter.js';
