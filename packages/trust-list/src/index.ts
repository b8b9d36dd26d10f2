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
export { readRoleValue } from './role-value.js';
export { decodeBase64, decodeBase64url, encodeBase64, encodeBase64url } from './base64.js';
export { formatInstant, parseDuration, parseInstant } from './time.js';
export { readListContent } from './list-content.js';
export type { ListContent } from './list-content.js';
export { DOCUMENT_TYPES, readEnvelope } from './envelope.js';
export type { DocumentKind, EnvelopeSignature, ListEnvelope } from './envelope.js';
export { MAX_PATTERN_TEXT, compilePattern, refusePattern } from './pattern.js';

export { readRootContent } from './scheme/read-root.js';
export type { RootContent } from './scheme/read-root.js';
export { readFreshnessContent } from './scheme/read-freshness.js';
export type { FreshnessContent } from './scheme/read-freshness.js';
export { readBundleContent } from './scheme/bundle.js';
export type { BundleContent } from './scheme/bundle.js';
export { serializeFreshness, serializeRoot } from './scheme-document.js';
export { keyThumbprint } from './jwk.js';

// Signing
export { addSignature, attachP7s, joseListSigner, signFreshness, signList, signRoot } from './sign-list.js';
export type { ListSigner, SignOptions } from './sign-list.js';
export type { ListSignatureAlgorithm, SignatureFamily } from './jwk.js';

// Exchanging with other formats
export * from './exchange/index.js';

// Updating
export { updateTrustList } from './update.js';
export type { UpdateAccepted, UpdateNote, UpdateOptions, UpdateOutcome, UpdateRefused, UpdateUnchanged } from './update.js';
export type { SignatureFact, SignatureOutcome } from './verify-signatures.js';
export type { Bilingual, RefusalCode, RefusalResponsible } from './refusal.js';
export type { Refusal } from './refuse.js';
export { describeRefusal } from './describe-refusal.js';

// Updating a scheme
export { fingerprintOf } from './scheme/fingerprint.js';
export type { Fingerprint } from './scheme/fingerprint.js';
export { importRoot } from './scheme/import-root.js';
export type { ImportedRoot } from './scheme/import-root.js';
export { beginUpdate, offerDocument, passDocument } from './update/scheme-update.js';
export type {
  DocumentRefused, DocumentWanted, SchemeOutcome, SchemeState, SchemeUpdate, SchemeUpdated, SchemeUpdateFailed, SchemeUpdateOptions,
} from './update/scheme-update.js';
export { makeBundle } from './scheme/bundle.js';
export { readBundle } from './update/read-bundle.js';
export type { BundleOutcome } from './update/read-bundle.js';
export { attachPeers, peerRulesOf } from './update/peers.js';

// Asking
export { anchorCertificates, servicesForAnchorCertificate, servicesWithSpki } from './anchors.js';
export type { AnchorCertificate, AnchorMatch } from './anchor-index.js';
export { statusAt, statusEffect } from './status.js';
export type { StatusAt, StatusEffect, StatusQuestion } from './status.js';
export { matchRegion, matchScope } from './scope.js';
export type { ScopeDimension, ScopeMatch, ScopeMiss, ScopeQuestion } from './scope.js';
export { Federation, isSnapshot } from './federation/federation.js';
export type { MemberList, MissingList, PathKey, RecognisedPeer, Statement, Trust, Way } from './federation/federation.js';
export { decideTrust } from './federation/decide.js';
export type { ListReference, Opinion, RulingCode, TrustQuestion, TrustRuling, Violation } from './federation/decide.js';
export { matchCriteria } from './criteria.js';
export type { CertificateFacts } from './criteria.js';
export { attributeTypeOid } from './attribute-type.js';

// Editing drafts
export * from './edit/index.js';

// What a candidate changes
export * from './diff/index.js';

// What operators should know before they sign
export * from './lint/index.js';

// From candidate to publication
export * from './proposal/index.js';

// What a list or scheme says, on one page
export * from './report/index.js';

// Laying out text for terminals
export { columns, hanging, padEnd, textWidth, visible, wrap } from './layout.js';
