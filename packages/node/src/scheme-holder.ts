import { followScheme, type FollowSchemeOptions, type SchemeFollower, type SchemePorts } from '@hefu/updater';
import type { TrustSnapshot } from '@hefu/trust-list';
import { NodeError } from './error.js';
import { rootError } from './scheme-options.js';

/** A follower that has something to use. */
export interface SchemeHolder extends SchemeFollower {
  readonly snapshot: TrustSnapshot;
}

/**
 * Loads the scheme kept in the store and asks the source for a newer state; that failing, what was kept serves.
 * @throws NodeError TRUST_LIST_UNAVAILABLE, with the refusal that ended it as `cause`; ROOT_INVALID
 */
export async function holdScheme(ports: SchemePorts, options: FollowSchemeOptions): Promise<SchemeHolder> {
  const follower = followScheme(ports, options);
  let first;
  try {
    // Asked at once, kept or not: what was suspended while this process was down must be known from the start.
    first = await follower.refresh();
  } catch (error) {
    throw rootError(error);
  }
  if (follower.snapshot === undefined) {
    const why = [...first.refusals.slice(0, 4), ...(first.refusals.length === 0 && first.failure !== undefined ? [first.failure] : [])].map(({ source, document, code, detail }) => `${source}, ${document}: ${code}, ${detail}`);
    throw new NodeError('TRUST_LIST_UNAVAILABLE', `no scheme that the pinned root leads to (${why.join('; ')})`, { cause: first.failure });
  }
  return follower as SchemeHolder;
}
