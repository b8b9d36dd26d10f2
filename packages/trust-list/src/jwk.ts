import type { Algorithms, CurveName, DigestAlgorithm, PublicKey } from '@hefu/crypto';
import { decodeBase64url, encodeBase64url } from './base64.js';
import { sha256Of } from './sha256.js';

/** Signature families: F1 international, F2 SM2 (trust-list design §5.2). */
export type SignatureFamily = 'F1' | 'F2';

/** JWS `alg` values a list may be signed with. `SM2-SM3` is private: no registered name exists. */
export type ListSignatureAlgorithm = 'ES256' | 'ES384' | 'EdDSA' | 'PS256' | 'SM2-SM3';

/** A public key in the one form that stands for it, so that its thumbprint is the key's and not a spelling's. */
export interface ListPublicKey {
  /** Required members only, RFC 7638 §3.2, in their order there. */
  readonly jwk: Readonly<Record<string, string>>;
  readonly family: SignatureFamily;
  readonly alg: ListSignatureAlgorithm;
  /** The key as the crypto room reads it. */
  readonly publicKey: PublicKey;
}

const CURVES: Readonly<Record<string, { readonly alg: ListSignatureAlgorithm; readonly length: number } | undefined>> = {
  'P-256': { alg: 'ES256', length: 32 },
  'P-384': { alg: 'ES384', length: 48 },
  SM2: { alg: 'SM2-SM3', length: 32 },
};

/**
 * Reads a public JWK: EC P-256, P-384 or (private) SM2, OKP Ed25519, RSA of 2048 to 8192 bits. Each coordinate
 * has its full width and canonical base64url, so one key has one thumbprint (RFC 7518 §6.2.1, §6.3.1; RFC 8037 §2).
 * @throws TypeError for any other key, and for a private one: keys come from configuration, not from the wire
 */
export function readListKey(jwk: Readonly<Record<string, unknown>>): ListPublicKey {
  for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) if (jwk[secret] !== undefined) throw new TypeError('a private key was given where a public JWK belongs');
  const { kty, crv } = jwk;
  if (kty === 'EC') {
    const curve = typeof crv === 'string' && Object.hasOwn(CURVES, crv) ? CURVES[crv] : undefined;
    if (curve === undefined) throw new TypeError(`EC keys on ${String(crv)} do not sign lists`);
    const [x, y] = [coordinate(jwk, 'x', curve.length), coordinate(jwk, 'y', curve.length)];
    const point = new Uint8Array(1 + 2 * curve.length);
    point.set([4]);
    point.set(x, 1);
    point.set(y, 1 + curve.length);
    return {
      jwk: { crv: String(crv), kty, x: encodeBase64url(x), y: encodeBase64url(y) },
      family: curve.alg === 'SM2-SM3' ? 'F2' : 'F1',
      alg: curve.alg,
      publicKey: { kty: 'EC', crv: crv as CurveName, point },
    };
  }
  if (kty === 'OKP' && crv === 'Ed25519') {
    const x = coordinate(jwk, 'x', 32);
    return { jwk: { crv, kty, x: encodeBase64url(x) }, family: 'F1', alg: 'EdDSA', publicKey: { kty, crv, x } };
  }
  if (kty === 'RSA') {
    const [e, n] = [unsigned(jwk, 'e'), unsigned(jwk, 'n')];
    if (n.length < 256 || n.length > 1024 || e.length > 8) throw new TypeError('RSA keys that sign lists have 2048 to 8192 bits and an exponent of at most 64');
    return { jwk: { e: encodeBase64url(e), kty, n: encodeBase64url(n) }, family: 'F1', alg: 'PS256', publicKey: { kty, n, e } };
  }
  throw new TypeError(`keys of type ${String(kty)} ${String(crv ?? '')} do not sign lists`);
}

/** RFC 7638: SHA-256 over the required members in lexicographic order, base64url. */
export function thumbprint(key: ListPublicKey, sha256: DigestAlgorithm): string {
  return encodeBase64url(sha256.digest(new TextEncoder().encode(JSON.stringify(key.jwk))));
}

/**
 * The name by which roles refer to a key: RFC 7638 over SHA-256, base64url.
 * @throws TypeError for a key that signs no documents
 */
export function keyThumbprint(jwk: Readonly<Record<string, unknown>>, algorithms: Algorithms): string {
  return thumbprint(readListKey(jwk), sha256Of(algorithms));
}

function coordinate(jwk: Readonly<Record<string, unknown>>, name: string, length: number): Uint8Array {
  const bytes = octets(jwk, name);
  if (bytes.length !== length) throw new TypeError(`JWK member ${name} is not ${length} octets`);
  return bytes;
}

function unsigned(jwk: Readonly<Record<string, unknown>>, name: string): Uint8Array {
  const bytes = octets(jwk, name);
  if (bytes.length === 0 || bytes[0] === 0) throw new TypeError(`JWK member ${name} is empty or begins with a zero octet`);
  return bytes;
}

function octets(jwk: Readonly<Record<string, unknown>>, name: string): Uint8Array {
  const text = jwk[name];
  const bytes = typeof text === 'string' ? decodeBase64url(text) : undefined;
  if (bytes === undefined) throw new TypeError(`JWK member ${name} is not base64url`);
  return bytes;
}
