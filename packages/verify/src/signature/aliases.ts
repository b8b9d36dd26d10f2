/**
 * Object identifiers found in real GM messages where the standards want another (field notes §1.1, §2.2).
 * Read, never written. One table: an alias that is not here is an unknown algorithm.
 */
export interface AlgorithmAlias {
  readonly oid: string;
  /** The standard OID it is read as. */
  readonly means: string;
  readonly position: 'digestAlgorithm' | 'signatureAlgorithm';
  readonly reason: string;
}

const SM3 = '1.2.156.10197.1.401';
const SM2_SIGN = '1.2.156.10197.1.301.1';

export const ALGORITHM_ALIASES: readonly AlgorithmAlias[] = [
  { oid: '1.2.156.10197.1.401.2', means: SM3, position: 'digestAlgorithm', reason: 'written for "SM3 with Z" by several CA middlewares; formally HMAC-SM3' },
  { oid: '1.2.156.10197.1.501', means: SM3, position: 'digestAlgorithm', reason: 'the combined SM2-with-SM3 OID put where the digest belongs' },
  { oid: '1.2.156.10197.1.301.3', means: SM2_SIGN, position: 'signatureAlgorithm', reason: 'the SM2 encryption OID put where the signature belongs' },
  { oid: '1.2.156.10197.1.301', means: SM2_SIGN, position: 'signatureAlgorithm', reason: 'the curve OID put where the signature belongs' },
  { oid: '1.2.156.10197.501', means: SM2_SIGN, position: 'signatureAlgorithm', reason: 'SM2-with-SM3 with one arc missing' },
];

/** The standard OID for one that was found, and the alias row when they differ. */
export function resolveAlias(oid: string, position: AlgorithmAlias['position']): { readonly oid: string; readonly alias: AlgorithmAlias | undefined } {
  const alias = ALGORITHM_ALIASES.find((row) => row.oid === oid && row.position === position);
  return { oid: alias?.means ?? oid, alias };
}
