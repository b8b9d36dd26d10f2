import type { TrustList } from '@hefu/trust-list';
import {
  describeRefusals, followTrustList,
  type Clock, type Fetcher, type LastAttempt, type RefreshOutcome, type SchemeRefresh, type Store, type TrustListRefusal, type TrustListTrust, type UpdaterLimits,
} from '@hefu/updater';
import { NodeError } from './error.js';
import { readBoundedFile } from './read-file.js';

/** Where the trust list comes from. A file is read again at each refresh; several URLs are mirrors, all asked. */
export type TrustListSource =
  | { readonly path: string }
  | { readonly bytes: Uint8Array }
  | { readonly url: string | readonly string[] };

/** The latest attempt at something newer: `outcome` and when, or the `error` that it came to. */
export type LastRefresh = LastAttempt<RefreshOutcome | SchemeRefresh>;

/** Holds the list in use and sees to it that it is a recent one. */
export interface TrustListHolder {
  readonly current: TrustList;
  readonly lastRefresh: LastRefresh | undefined;
  /** Asks the sources now; calls while one is under way join it. */
  refresh(): Promise<RefreshOutcome>;
  /** Refreshes when due: in the background while the list is in date, waited for once it is not. Never rejects. */
  keepFresh(): Promise<void>;
}

export interface HoldOptions {
  readonly source: TrustListSource;
  readonly trust: TrustListTrust;
  readonly store: Store;
  readonly fetcher: Fetcher;
  readonly clock: Clock;
  readonly online: boolean;
  readonly maxBytes: number;
  readonly limits?: Partial<UpdaterLimits>;
  readonly signal: AbortSignal;
}

/**
 * Loads the list kept in the store, then asks the source for a newer one; that failing, a kept list serves.
 * @throws NodeError TRUST_LIST_UNAVAILABLE when neither gives an acceptable list; ROLE_INVALID; FILE_…
 */
export async function holdTrustList(options: HoldOptions): Promise<TrustListHolder> {
  const { source, trust, store, fetcher, clock, limits, signal } = options;
  const follower = followTrustList({ fetcher, clock, store, ...(limits && { limits }) }, { trust, sources: () => readSources(options), signal });
  let refusals: readonly TrustListRefusal[];
  try {
    refusals = await follower.start(options.online || !('url' in source));
  } catch (error) {
    throw error instanceof TypeError ? new NodeError('ROLE_INVALID', error.message, { cause: error }) : error;
  }
  if (follower.list === undefined) throw new NodeError('TRUST_LIST_UNAVAILABLE', `no trust list that the role accepts (${describeRefusals(refusals)})`);

  return {
    get current() {
      return follower.list as TrustList;
    },
    get lastRefresh() {
      return follower.last;
    },
    refresh: () => follower.refresh(),
    async keepFresh() {
      if ('bytes' in source || ('url' in source && !options.online)) return;
      await follower.keepFresh();
    },
  };
}

async function readSources({ source, online, maxBytes }: HoldOptions): Promise<readonly (string | Uint8Array)[]> {
  if ('bytes' in source) return [source.bytes];
  if ('path' in source) return [await readBoundedFile(source.path, maxBytes)];
  if (!online) return [];
  return typeof source.url === 'string' ? [source.url] : source.url;
}
