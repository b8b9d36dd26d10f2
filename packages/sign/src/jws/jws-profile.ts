import type { Algorithms, DigestAlgorithm, PssParameters, SignatureAlgorithm } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import { SignError } from '../error.js';
import { PSS_SHA_256 } from '../pss.js';

/** JWS `alg` values that are written. `SM2-SM3` is private: no registered name exists. */
export type JwsAlgorithm = 'PS256' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'SM2-SM3';

/** How a certificate's key signs a JWS (RFC 7518 §3.4, §3.5; RFC 8037 §3.1). */
export interface JwsProfile {
  readonly alg: JwsAlgorithm;
  readonly algorithm: SignatureAlgorithm;
  readonly digest: DigestAlgorithm;
  readonly pss: PssParameters | undefined;
}

const ROWS: Readonly<Record<string, { alg: JwsAlgorithm; algorithm: string; digest: string; pss?: PssParameters }>> = {
  // RFC 7518 §3.5: MGF1 with the same digest, a salt as long as it.
  RSA: { alg: 'PS256', algorithm: 'RSASSA-PSS', digest: 'SHA-256', pss: PSS_SHA_256 },
  'P-256': { alg: 'ES256', algorithm: 'ECDSA-SHA-256', digest: 'SHA-256' },
  'P-384': { alg: 'ES384', algorithm: 'ECDSA-SHA-384', digest: 'SHA-384' },
  'P-521': { alg: 'ES512', algorithm: 'ECDSA-SHA-512', digest: 'SHA-512' },
  Ed25519: { alg: 'EdDSA', algorithm: 'Ed25519', digest: 'SHA-512' },
  SM2: { alg: 'SM2-SM3', algorithm: 'SM2-SM3', digest: 'SM3' },
};

/** @throws SignError KEY_UNSUPPORTED */
export function jwsProfile(certificate: Certificate, algorithms: Algorithms): JwsProfile {
  const { key } = certificate.spki;
  const { alg, pss, ...row } = ROWS[key.kty === 'RSA' ? 'RSA' : key.crv]!;
  const digest = algorithms.digests.find(({ name }) => name === row.digest);
  const algorithm = algorithms.signatures.find(({ name }) => name === row.algorithm);
  if (digest === undefined || algorithm === undefined || !algorithm.supportsKey(key)) throw new SignError('KEY_UNSUPPORTED', `${row.algorithm} with ${row.digest} is not among the algorithms given`);
  return { alg, algorithm, digest, pss };
}

/** Names of digests in JAdES headers. `SM3` is private. */
const HEADER_NAMES: Readonly<Record<string, string>> = { 'SHA-256': 'S256', 'SHA-384': 'S384', 'SHA-512': 'S512', SM3: 'SM3' };

/** @throws SignError KEY_UNSUPPORTED for a digest that has no name there */
export function headerNameOf(digest: DigestAlgorithm): string {
  const name = HEADER_NAMES[digest.name];
  if (name === undefined) throw new SignError('KEY_UNSUPPORTED', `${digest.name} has no name in JAdES`);
  return name;
}
