import type { PublicKey } from '@hefu/crypto';
import type { AlgorithmChoice } from '@hefu/sign';

const PS256 = { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } as const;

const RSA: readonly AlgorithmChoice[] = [
  { name: 'RSASSA-PKCS1-v1_5-SHA-256', digest: 'SHA-256', oid: '1.2.840.113549.1.1.11' },
  { name: 'RSASSA-PSS', digest: 'SHA-256', oid: '1.2.840.113549.1.1.10', pss: PS256 },
];
const CURVES: Readonly<Record<string, AlgorithmChoice>> = {
  'P-256': { name: 'ECDSA-SHA-256', digest: 'SHA-256', oid: '1.2.840.10045.4.3.2' },
  'P-384': { name: 'ECDSA-SHA-384', digest: 'SHA-384', oid: '1.2.840.10045.4.3.3' },
  'P-521': { name: 'ECDSA-SHA-512', digest: 'SHA-512', oid: '1.2.840.10045.4.3.4' },
  Ed25519: { name: 'Ed25519', digest: 'none', oid: '1.3.101.112' },
  SM2: { name: 'SM2-SM3', digest: 'SM3', oid: '1.2.156.10197.1.501' },
};

/** How a key signs here: with the digest of its curve's size (RFC 5480 §4), RSA with SHA-256. */
export function keyAlgorithms(key: PublicKey): readonly AlgorithmChoice[] {
  return key.kty === 'RSA' ? RSA : [CURVES[key.crv]!];
}
