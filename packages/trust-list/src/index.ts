export type * from './model.js';
export type * from './list-document.js';
export type * from './scheme.js';
export type * from './scheme-document.js';
export { serializeList } from './list-document.js';
export { TrustListError } from './error.js';
export type { Problem, ProblemCode, TrustListErrorCode } from './error.js';
export { DEFAULT_LIMITS } from './limits.js';
export type { TrustListLimits } from './limits.js';

// Reading
export { readJson } from './json.js';
export type { JsonObject, JsonValue } from './json.js';
export { decodeBase64, decodeBase64url, encodeBase64, encodeBase64url } from './base64.js';
export { formatInstant, parseDuration, parseInstant } from './time.js';
export { readListContent } from './list-content.js';
export type { ListContent } from './list-content.js';
export { readEnvelope } from './envelope.js';
export type { EnvelopeSignature, ListEnvelope } from './envelope.js';
export { MAX_PATTERN_TEXT, compilePattern, refusePattern } from './pattern.js';

// Signing
export { addSignature, joseListSigner, signList } from './sign-list.js';
export type { ListSigner } from './sign-list.js';
export type { ListSignatureAlgorithm, SignatureFamily } from './jwk.js';

// Updating
export { updateTrustList } from './update.js';
export type { UpdateAccepted, UpdateNote, UpdateOptions, UpdateOutcome, UpdateRefused, UpdateUnchanged } from './update.js';
export type { SignatureFact, SignatureOutcome } from './verify-signatures.js';
export type { Bilingual, RefusalCode, RefusalResponsible } from './refusal.js';
export { describeRefusal } from './describe-refusal.js';

// Asking
export { anchorCertificates, servicesForAnchorCertificate, servicesWithSpki } from './anchors.js';
export type { AnchorCertificate, AnchorMatch } from './anchor-index.js';
export { statusAt, statusEffect } from './status.js';
export type { StatusAt, StatusEffect, StatusQuestion } from './status.js';
export { matchRegion, matchScope } from './scope.js';
export type { ScopeDimension, ScopeMatch, ScopeMiss, ScopeQuestion } from './scope.js';
export { matchCriteria } from './criteria.js';
export type { CertificateFacts } from './criteria.js';
export { attributeTypeOid } from './attribute-type.js';
