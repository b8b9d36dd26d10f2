/**
 * The contracts of the crypto room: what a digest, a public key, a signature algorithm and the platform
 * provider beneath them look like. Algorithms are plain objects passed in lists: what is not in the list
 * a caller passes is neither accepted nor bundled.
 */

/** Digests Hefu knows by name. SHA-1 exists for reading old timestamps and CRLs; no shipped policy accepts it for signatures. */
export type DigestName = 'SM3' | 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** A running digest. `digest()` may be called once. */
export interface Hasher {
  update(chunk: Uint8Array): this;
  digest(): Uint8Array;
}

export interface DigestAlgorithm {
  readonly name: DigestName;
  /** Object identifiers in dotted form; the first is the one Hefu writes. */
  readonly oids: readonly string[];
  /** Output length in octets. */
  readonly outputLength: number;
  digest(data: Uint8Array): Uint8Array;
  create(): Hasher;
}

/** Named curves. `SM2` is sm2p256v1 (GB/T 32918.5). */
export type CurveName = 'P-256' | 'P-384' | 'P-521' | 'SM2';

/**
 * A public key as plain data: what a SubjectPublicKeyInfo says once decoded. The pki room produces
 * values of this shape without importing it. Objects are treated as immutable and their identity is
 * used as a cache key, so keep one object per key where speed matters.
 */
export type PublicKey = RsaPublicKey | EcPublicKey | EdPublicKey;

export interface RsaPublicKey {
  readonly kty: 'RSA';
  /** Modulus, unsigned big-endian without leading zero octets. */
  readonly n: Uint8Array;
  /** Public exponent, unsigned big-endian without leading zero octets. */
  readonly e: Uint8Array;
}

export interface EcPublicKey {
  readonly kty: 'EC';
  readonly crv: CurveName;
  /** Uncompressed point 04 || X || Y (SEC 1 §2.3.3). Not yet checked to be on the curve. */
  readonly point: Uint8Array;
}

export interface EdPublicKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** 32 octets, RFC 8032 §5.1.2. */
  readonly x: Uint8Array;
}

/** Decoded RSASSA-PSS parameters (RFC 4055 §3.1). */
export interface PssParameters {
  readonly hash: DigestName;
  readonly mgfHash: DigestName;
  /** Octets. */
  readonly saltLength: number;
}

export interface VerifyOptions {
  /** RSASSA-PSS parameters decoded from the AlgorithmIdentifier; required by the PSS algorithm, ignored by others. */
  readonly pss?: PssParameters;
  /** SM2 distinguishing identifier of the signer (GB/T 32918.2 §5.5), at most 8191 octets. Default: ASCII `1234567812345678`. */
  readonly distinguishingId?: Uint8Array;
}

/** What an AlgorithmIdentifier's parameters must be for an algorithm (RFC 3279, 4055, 5758, 8410; GM/T 0006). */
export type ParameterRule = 'absent' | 'null-or-absent' | 'pss';

/**
 * One way to verify. `verify` answers with a boolean for any input of the right types: a malformed
 * signature value is `false`. It throws {@link CryptoError} only when the key is not of a kind it
 * supports (`supportsKey` is false), when the key turns out malformed (`KEY_INVALID`: a point off its curve
 * is found by arithmetic only), when parameters passed in `options` are out of range, or when the provider
 * fails. Asynchronous providers reject with the same errors.
 */
export interface SignatureAlgorithm {
  /** Stable name used in reports: `RSASSA-PKCS1-v1_5-SHA-256`, `RSASSA-PSS`, `ECDSA-SHA-256`, `Ed25519`, `SM2-SM3`. */
  readonly name: string;
  /** OIDs that name key algorithm and digest together, as in certificates and CRLs. The first is the one Hefu writes. */
  readonly signatureOids: readonly string[];
  /** OIDs that name only the key algorithm and need `digest` beside them, as `rsaEncryption` or `1.2.156.10197.1.301.1` in a SignerInfo. */
  readonly keyOids: readonly string[];
  /** The digest it uses; `in-parameters` for RSASSA-PSS, `none` for Ed25519. */
  readonly digest: DigestName | 'in-parameters' | 'none';
  readonly parameters: ParameterRule;
  supportsKey(key: PublicKey): boolean;
  /**
   * @param message the signed octets, whole; for SM2 without Z, which is computed from `key`
   * @param signature as found in X.509 and CMS: DER SEQUENCE{r,s} for ECDSA and SM2, octets for RSA and Ed25519
   */
  verify(key: PublicKey, message: Uint8Array, signature: Uint8Array, options?: VerifyOptions): boolean | Promise<boolean>;
  /**
   * Octets that this algorithm hashes before the message: Z for SM2 (GB/T 32918.2 §5.5). Absent where there are none.
   * With it and `verifyDigest`, a caller can stream a message, or recognise the forms in which GM messages are really signed.
   */
  messagePrefix?(key: PublicKey, options?: VerifyOptions): Uint8Array;
  /** Verifies over an already computed digest (for SM2: `e`). Absent where the platform cannot. */
  verifyDigest?(key: PublicKey, digest: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** The classical schemes a platform provider must be able to verify. */
export type Scheme =
  | { readonly scheme: 'RSASSA-PKCS1-v1_5'; readonly hash: DigestName }
  | { readonly scheme: 'RSASSA-PSS'; readonly hash: DigestName; readonly mgfHash: DigestName; readonly saltLength: number }
  | { readonly scheme: 'ECDSA'; readonly curve: 'P-256' | 'P-384' | 'P-521'; readonly hash: DigestName }
  | { readonly scheme: 'Ed25519' };

/**
 * The platform beneath RSA, ECDSA and Ed25519, injected by a binding: synchronous `node:crypto` with
 * cached KeyObjects in Node.js, WebCrypto elsewhere. Imports each public key once.
 * `signature` is octets for RSA and Ed25519, and r||s of fixed width (IEEE P1363) for ECDSA:
 * the DER form is decoded strictly by Hefu before the platform sees it, so every platform agrees.
 */
export interface AlgorithmProvider {
  readonly name: string;
  verify(scheme: Scheme, key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** The lists a caller hands to everything that verifies. */
export interface Algorithms {
  readonly digests: readonly DigestAlgorithm[];
  readonly signatures: readonly SignatureAlgorithm[];
}
