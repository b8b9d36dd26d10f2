import type { TrustList } from '@hefu/trust-list';
import type { UpdaterLimits } from './limits.js';
import type { Clock, Fetcher, Store } from './ports.js';
import { createRefresher, type LastAttempt } from './refresher.js';
import { loadTrustList, refreshTrustList, type RefreshOutcome, type TrustListRefusal, type TrustListTrust } from './trust-list-keeper.js';

export interface FollowTrustListOptions {
  readonly trust: TrustListTrust;
  /** Where to ask, read anew at each attempt: addresses are mirrors, octets are a list. */
  readonly sources: () => Promise<readonly (string | Uint8Array)[]>;
  /** Ends every attempt. */
  readonly signal: AbortSignal;
}

/** Follows one trust list by the role that signs it. */
export interface TrustListFollower {
  /** What is in use. Undefined until `start` or an attempt has led to one. */
  readonly list: TrustList | undefined;
  readonly last: LastAttempt<RefreshOutcome> | undefined;
  /**
   * Loads what the store has; then asks, kept list or not, since what was suspended meanwhile must be known from the start.
   * @returns why a list was refused, and what ended the attempt; nothing is thrown while there is a list to use
   */
  start(ask: boolean): Promise<readonly TrustListRefusal[]>;
  /** Asks now; calls while one is under way join it. @throws as `refreshTrustList` */
  refresh(): Promise<RefreshOutcome>;
  /** Asks when due; waits only where the list is out of date. Never rejects. */
  keepFresh(): Promise<void>;
}

export function followTrustList(ports: { readonly fetcher: Fetcher; readonly clock: Clock; readonly store: Store; readonly limits?: Partial<UpdaterLimits> }, options: FollowTrustListOptions): TrustListFollower {
  const { trust, sources } = options;
  const { clock, store, limits } = ports;
  let list: TrustList | undefined;
  const refresher = createRefresher<RefreshOutcome>({
    id: trust.slot ?? 'current',
    clock,
    limits,
    async attempt(signal) {
      const outcome = await refreshTrustList(ports, { ...trust, sources: await sources(), signal: AbortSignal.any([signal, options.signal]), ...(list && { current: list }) });
      list = outcome.list ?? list;
      return outcome;
    },
  });
  return {
    get list() {
      return list;
    },
    get last() {
      return refresher.last;
    },
    async start(ask) {
      const refusals: TrustListRefusal[] = [];
      try {
        const kept = await loadTrustList(store, { ...trust, at: clock.now() });
        if (kept.outcome === 'loaded') list = kept.list;
        if (kept.outcome === 'refused') refusals.push(kept.refusal);
        if (ask) refusals.push(...(await refresher.refresh()).refusals);
      } catch (error) {
        if (list === undefined || error instanceof TypeError) throw error;
      }
      return refusals;
    },
    refresh: () => refresher.refresh(),
    keepFresh: () => refresher.keepFresh((now) => list !== undefined && now <= list.nextUpdate),
  };
}

/** For the message of whoever is left without a list. */
export function describeRefusals(refusals: readonly TrustListRefusal[]): string {
  const why = refusals.slice(0, 4).map(({ source, code, detail }) => `${source}: ${code}, ${detail}`).join('; ');
  return why === '' ? 'nothing kept, and offline' : why;
}
