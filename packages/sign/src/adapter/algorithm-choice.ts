import type { DigestName, PssParameters } from '@hefu/crypto';

/** One way a key signs. Names are those of the crypto room. */
export interface AlgorithmChoice {
  /** `RSASSA-PKCS1-v1_5-SHA-256`, `RSASSA-PSS`, `ECDSA-SHA-256`, `Ed25519`, `SM2-SM3`. */
  readonly name: string;
  /** Digest of what is signed; for Ed25519, which signs octets, `none`. */
  readonly digest: DigestName | 'none';
  /** Signature algorithm, dotted: key algorithm and digest together, as `1.2.156.10197.1.501`. */
  readonly oid: string;
  /** With RSASSA-PSS only. */
  readonly pss?: PssParameters;
}

/**
 * What a remote key is given. Core makes it; an adapter passes `value` on and never hashes it, except that a
 * provider that only takes octets hashes `tbs` itself.
 * - `digest`: RSA and ECDSA, the digest of the octets to sign.
 * - `sm2-e`: e = SM3(Z || octets) (GB/T 32918.2 §6.1), with Z of `id` and the certificate's key.
 * - `tbs`: the octets themselves, for Ed25519, WebCrypto and providers without a digest interface; for SM2 without Z.
 */
export type ToSign =
  | { readonly kind: 'digest'; readonly digest: DigestName; readonly value: Uint8Array }
  | { readonly kind: 'sm2-e'; readonly value: Uint8Array; readonly id: Uint8Array }
  | { readonly kind: 'tbs'; readonly digest: DigestName | 'none'; readonly value: Uint8Array };
