import { DerReader } from '../asn1/reader.js';
import { type PkiLimits, withLimits } from '../limits.js';
import type { DistributionPoint } from '../model.js';
import { decodeCrlDistributionPoints } from './extension-values.js';

/**
 * CRLDistributionPoints (RFC 5280 §4.2.1.13) from an extnValue: that of cRLDistributionPoints, or of freshestCRL
 * (§4.2.1.15, §5.2.6), which has the same syntax.
 * @throws PkiError
 */
export function readDistributionPoints(value: Uint8Array, limits?: Partial<PkiLimits>): readonly DistributionPoint[] {
  const budget = withLimits(limits);
  return decodeCrlDistributionPoints(new DerReader(value, 0, value.length, budget.maxDepth), budget);
}
