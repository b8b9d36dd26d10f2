/**
 * Bounds on RSA public keys, checked before any arithmetic. Factories take a `Partial<RsaLimits>`: a caller
 * who must read old 1024-bit certificates lowers `minModulusBits` for that purpose alone.
 */
export interface RsaLimits {
  /** NIST SP 800-131A and CA/Browser Forum BR §6.1.5: 2048. */
  readonly minModulusBits: number;
  /** Larger keys only serve to exhaust the verifier; BoringSSL and Go stop at 8192 too. */
  readonly maxModulusBits: number;
  /** A large exponent makes verification as slow as signing. BoringSSL: 33, so that 2^32 + 1 still passes. */
  readonly maxExponentBits: number;
}

export const DEFAULT_RSA_LIMITS: RsaLimits = {
  minModulusBits: 2048,
  maxModulusBits: 8192,
  maxExponentBits: 33,
};

/** Octets of an SM2 distinguishing identifier: ENTL holds its length in bits in two octets (GB/T 32918.2 §5.5). */
export const MAX_DISTINGUISHING_ID_BYTES = 8191;

/** Keys `createSm2()` remembers as points of the curve, with their Z: some 200 octets each. */
export const MAX_SM2_KEYS = 1024;

/** Keys for which `createSm2()` keeps multiplication tables: 18 kB each in WebAssembly, 45 kB in plain JavaScript. */
export const MAX_SM2_TABLES = 64;

/** Verifications with one key after which its table is worth building: one build costs about two cold verifications and makes later ones four times as fast. */
export const SM2_TABLE_AFTER_USES = 3;
