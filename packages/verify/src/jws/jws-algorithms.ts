import type { CurveName, DigestName, PssParameters, PublicKey } from '@hefu/crypto';

/** What a JWS `alg` means here (RFC 7518 §3.1, RFC 8037, RFC 9864). What is not in the table does not exist: `none` and the HMACs, too. */
export interface JwsAlgorithm {
  /** As the crypto room spells it. */
  readonly name: string;
  /** The one kind of key it is for (RFC 7518 §3.4), where its name says. */
  readonly curve?: CurveName;
  readonly pss?: PssParameters;
}

const pss = (hash: DigestName, saltLength: number): JwsAlgorithm => ({ name: 'RSASSA-PSS', pss: { hash, mgfHash: hash, saltLength } });

const TABLE: Readonly<Record<string, JwsAlgorithm>> = {
  ES256: { name: 'ECDSA-SHA-256', curve: 'P-256' },
  ES384: { name: 'ECDSA-SHA-384', curve: 'P-384' },
  ES512: { name: 'ECDSA-SHA-512', curve: 'P-521' },
  PS256: pss('SHA-256', 32),
  PS384: pss('SHA-384', 48),
  PS512: pss('SHA-512', 64),
  RS256: { name: 'RSASSA-PKCS1-v1_5-SHA-256' },
  RS384: { name: 'RSASSA-PKCS1-v1_5-SHA-384' },
  RS512: { name: 'RSASSA-PKCS1-v1_5-SHA-512' },
  EdDSA: { name: 'Ed25519' },
  Ed25519: { name: 'Ed25519' },
  // Private: no registered name exists.
  'SM2-SM3': { name: 'SM2-SM3', curve: 'SM2' },
};

export function jwsAlgorithm(alg: string): JwsAlgorithm | undefined {
  return Object.hasOwn(TABLE, alg) ? TABLE[alg] : undefined;
}

export function fitsKey({ curve }: JwsAlgorithm, key: PublicKey): boolean {
  return curve === undefined || (key.kty === 'EC' && key.crv === curve);
}

/** Names of digests in JAdES headers (TS 119 182-1 annex E). `SM3` is private. */
const DIGESTS: Readonly<Record<string, DigestName>> = { S256: 'SHA-256', S384: 'SHA-384', S512: 'SHA-512', SM3: 'SM3' };

export function headerDigest(name: string): DigestName | undefined {
  return Object.hasOwn(DIGESTS, name) ? DIGESTS[name] : undefined;
}
