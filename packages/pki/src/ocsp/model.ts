import type { AlgorithmIdentifier, Deviation, Extension, Name, RevocationReason } from '../model.js';

/** RFC 6960 §4.2.1. */
export type OcspResponseStatus = 'successful' | 'malformedRequest' | 'internalError' | 'tryLater' | 'sigRequired' | 'unauthorized';

/** RFC 6960 §4.1.1. Which certificate is meant: hashes of its issuer's name and key, and its serial number. */
export interface CertId {
  /** The whole TLV. */
  readonly bytes: Uint8Array;
  /** Identifies, does not protect: SHA-1 is as good as any here. */
  readonly hashAlgorithm: AlgorithmIdentifier;
  /** Hash over the issuer's Name, whole TLV. */
  readonly issuerNameHash: Uint8Array;
  /** Hash over the octets of the issuer's public key, without tag, length and unused bits. */
  readonly issuerKeyHash: Uint8Array;
  /** Content octets. */
  readonly serialNumber: Uint8Array;
}

export type ResponderId =
  | { readonly kind: 'byName'; readonly name: Name }
  /** SHA-1 of the responder's public key octets (§4.2.1), or of another length where a responder uses another hash. */
  | { readonly kind: 'byKey'; readonly keyHash: Uint8Array };

export type CertStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly revocationTime: number; readonly reason: RevocationReason }
  | { readonly kind: 'unknown' };

/** The answer about one certificate. */
export interface SingleResponse {
  readonly certId: CertId;
  readonly status: CertStatus;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  readonly extensions: readonly Extension[];
}

/** A BasicOCSPResponse (RFC 6960 §4.2.1). */
export interface BasicOcspResponse {
  /** The whole TLV. */
  readonly bytes: Uint8Array;
  /** The exact signed slice: tbsResponseData's whole TLV. */
  readonly tbs: Uint8Array;
  readonly responderId: ResponderId;
  readonly producedAt: number;
  readonly responses: readonly SingleResponse[];
  readonly extensions: readonly Extension[];
  extension(oid: string): Extension | undefined;
  /** OIDs that appear more than once among the response's extensions, or among those of one answer. */
  readonly duplicateExtensions: readonly string[];
  /** Octets of the nonce: content of the OCTET STRING inside extnValue, or extnValue itself where a responder wraps it once only. */
  readonly nonce: Uint8Array | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** Whole TLVs, untrusted. */
  readonly certificates: readonly Uint8Array[];
}

/** Only `parseOcspResponse` makes one. */
export interface OcspResponse {
  readonly bytes: Uint8Array;
  readonly responseStatus: OcspResponseStatus;
  /** Present exactly when `responseStatus` is `successful`. */
  readonly basic: BasicOcspResponse | undefined;
  readonly deviations: readonly Deviation[];
}

/** RFC 6960 §4.1.1; only what a responder needs. */
export interface OcspRequest {
  readonly bytes: Uint8Array;
  readonly certIds: readonly CertId[];
  readonly nonce: Uint8Array | undefined;
}
