/**
 * Sets of revocation reasons as bit masks: bit n is ReasonFlags bit n (RFC 5280 §4.2.1.13). Bit 0 is unused; all
 * reasons (§6.3.2) are keyCompromise(1) to aACompromise(8).
 */
export const ALL_REASONS = 0x1fe;
export const CERTIFICATE_HOLD = 0x40;

/** `undefined`, which both a distribution point and a CRL may say, means all. */
export function reasonMask(bits: readonly number[] | undefined): number {
  if (bits === undefined) return ALL_REASONS;
  let mask = 0;
  for (const bit of bits) mask |= 1 << bit;
  return mask & ALL_REASONS;
}
