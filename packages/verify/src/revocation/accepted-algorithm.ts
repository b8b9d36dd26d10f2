import type { Algorithms } from '@hefu/crypto';
import type { AlgorithmIdentifier } from '@hefu/pki';
import { resolveSignatureAlgorithm } from '../signature/algorithm-resolution.js';

/**
 * Whether an algorithm, as the crypto room names it, is good enough for evidence of these octets: it may be retired and the evidence be
 * proven to be older (EN 319 102-1 §5.2.8, §5.6.2.3).
 */
export type AcceptsAlgorithm = (algorithm: string, octets: Uint8Array) => boolean;

export interface AlgorithmRule {
  readonly algorithms: Algorithms;
  /** Default: everything in `algorithms`. */
  readonly acceptsAlgorithm?: AcceptsAlgorithm;
}

/**
 * Whether evidence was signed, and its signer certified, by algorithms that are accepted. What is not may be forged: its silence, or its
 * word that all is well, counts for nothing. That it lists a certificate counts all the same, since revocation is never waived for doubt.
 */
export function isAccepted({ algorithms, acceptsAlgorithm }: AlgorithmRule, octets: Uint8Array, signature: AlgorithmIdentifier, certified: readonly string[] = []): boolean {
  if (acceptsAlgorithm === undefined) return true;
  const resolved = resolveSignatureAlgorithm(algorithms, signature);
  // One that is not known is refused elsewhere.
  const names = resolved.code === undefined ? [resolved.algorithm.name, ...certified] : certified;
  return names.every((name) => acceptsAlgorithm(name, octets));
}
