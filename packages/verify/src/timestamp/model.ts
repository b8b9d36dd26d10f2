import type { Certificate, TimeStampToken } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { CheckRow } from '../report.js';

/** What a time-stamp is of: the content before signing, the signature value, everything there was (EN 319 122-1 §5.2.8, §5.3, §5.5.3), or evidence kept beside. */
export type TimestampKind = 'content' | 'signature' | 'archive' | 'evidence';

/** Forms in which tokens are signed (field notes §3.1): RFC 5652 with any algorithm; SM2 over Z and attributes; the same with Z inside the messageDigest. */
export type TimestampVariant = 'cms' | 'attrs-za' | 'attrs-za-md-za';

/**
 * Departures from RFC 3161 met in the field. Those of {@link MUST_BE_ALLOWED} count only where the service's entry names
 * them among its `messageVariants`; the others change nothing of what is proven and are merely said.
 */
export type TimestampDeviation =
  | 'imprint-bare-oid' // the imprint's algorithm without its AlgorithmIdentifier
  | 'digest-401.2' // HMAC-SM3 written for SM3, as digest of the imprint or of the message
  | 'digest-501' // SM2-with-SM3 written where the digest belongs
  | 'ess-absent' // no signed reference to the signing certificate (RFC 3161 §2.4.2)
  | 'eku-absent' // the certificate states no purpose (RFC 3161 §2.3)
  | 'eku-not-critical' // or not critically
  | 'ess-v1' // ESSCertID with SHA-1, as RFC 3161 had it before RFC 5816
  | 'gm-shell' // the content type of GM/T 0010 outside
  | 'signature-alias' // another OID where the signature algorithm belongs
  | 'encoding'; // a default written out, BER in the shell

export const MUST_BE_ALLOWED: ReadonlySet<TimestampDeviation> = new Set(['imprint-bare-oid', 'digest-401.2', 'digest-501', 'ess-absent', 'eku-absent', 'eku-not-critical']);

/** What the mathematics of one token says. Whether a form or its signer is welcome is asked later. */
export interface TimestampFacts {
  /** Set when the token proves nothing. */
  readonly failure?: { readonly code: ReasonCode; readonly expected?: string; readonly actual?: string };
  readonly token?: TimeStampToken;
  /** Whose key verified it. */
  readonly certificate?: Certificate;
  readonly variant?: TimestampVariant;
  readonly deviations: readonly TimestampDeviation[];
  readonly imprintAlgorithm?: string;
  readonly digestAlgorithm?: string;
  readonly signatureAlgorithm?: string;
  readonly checks: readonly CheckRow[];
}
