import type { ReasonCode } from '../codes.js';
import type { PathFailure } from './model.js';

/** What kind of end a branch of the search came to. */
export type BranchEnd = 'reached-anchor' | 'too-deep' | 'dead-end';

/** Faults of paths that did reach an anchor, from the nearest to validity to the furthest. */
const NEARNESS: readonly ReasonCode[] = [
  'CERTIFICATE_EXPIRED', 'CERTIFICATE_NOT_YET_VALID', 'EXTENDED_KEY_USAGE_MISMATCH', 'POLICY_CONSTRAINTS_VIOLATED', 'NAME_CONSTRAINTS_VIOLATED', 'PATH_LENGTH_EXCEEDED',
  'CERTIFICATE_DEVIATION_REFUSED', 'UNKNOWN_CRITICAL_EXTENSION', 'KEY_CERT_SIGN_MISSING', 'ISSUER_NOT_CA', 'KEY_TOO_WEAK', 'ALGORITHM_REFUSED', 'VALIDITY_INVERTED',
  'CERTIFICATE_VERSION', 'DUPLICATE_EXTENSION', 'ALGORITHM_MISMATCH', 'KEY_INVALID', 'CERTIFICATE_MALFORMED',
];

/** Why no step led on, from the most telling to the least. */
const DEAD_ENDS: readonly ReasonCode[] = [
  'PROVIDER_FAILED', 'CERTIFICATE_SIGNATURE_INVALID', 'ALGORITHM_UNKNOWN', 'ALGORITHM_MISMATCH', 'ALGORITHM_REFUSED', 'KEY_TOO_WEAK', 'KEY_INVALID', 'ISSUER_NOT_LISTED', 'PATH_NOT_FOUND',
];

/** Keeps the failure that came nearest; between equals the first. The same failures in another order leave the same code. */
export class NearestMiss {
  #failure: PathFailure | undefined;
  #rank = -1;

  get failure(): PathFailure | undefined {
    return this.#failure;
  }

  record(end: BranchEnd, failure: PathFailure): void {
    const rank = rankOf(end, failure);
    if (rank <= this.#rank) return;
    this.#rank = rank;
    this.#failure = failure;
  }
}

/** Of two reasons why a step did not lead on, the more telling one. */
export function moreTelling<T extends { readonly code: ReasonCode }>(a: T | undefined, b: T): T {
  return a === undefined || placeIn(DEAD_ENDS, b.code) > placeIn(DEAD_ENDS, a.code) ? b : a;
}

function rankOf(end: BranchEnd, failure: PathFailure): number {
  if (end === 'reached-anchor') return 2_000_000 + placeIn(NEARNESS, failure.code);
  if (end === 'too-deep') return 1_000_000;
  // The branch that got further up; then the more telling end; then the one that met an anchor's name.
  return failure.partial.length * 1000 + placeIn(DEAD_ENDS, failure.code) * 10 + (failure.anchorHint?.kind === 'same-name-other-key' ? 1 : 0);
}

function placeIn(order: readonly ReasonCode[], code: ReasonCode): number {
  const index = order.indexOf(code);
  return index === -1 ? 0 : order.length - index;
}
