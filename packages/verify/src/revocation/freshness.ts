/** How old revocation evidence may be. All in milliseconds. */
export interface Freshness {
  /** After nextUpdate for which a CRL or OCSP answer still counts, reported as `inGrace`. */
  readonly grace: number;
  /** After thisUpdate from which it no longer counts, whatever nextUpdate says. */
  readonly maxAge?: number;
  /** That thisUpdate may lie ahead. */
  readonly clockSkew: number;
}

export type Age = 'fresh' | 'grace' | 'stale' | 'not-yet-valid';

/** How the dates of a CRL or of one OCSP answer stand at `at`. Without nextUpdate it is fresh only under a `maxAge`. */
export function ageOf({ thisUpdate, nextUpdate }: { readonly thisUpdate: number; readonly nextUpdate: number | undefined }, at: number, { grace, maxAge, clockSkew }: Freshness): Age {
  if (thisUpdate > at + clockSkew) return 'not-yet-valid';
  if (maxAge !== undefined && at - thisUpdate > maxAge) return 'stale';
  if (nextUpdate === undefined) return maxAge === undefined ? 'stale' : 'fresh';
  if (nextUpdate < thisUpdate) return 'stale';
  if (at <= nextUpdate) return 'fresh';
  return at <= nextUpdate + grace ? 'grace' : 'stale';
}
