import { createGatherer, type Gatherer, type GathererPorts } from './gather.js';
import { loadTrustList, refreshTrustList, type LoadOutcome, type RefreshOptions, type RefreshOutcome, type TrustListTrust } from './trust-list-keeper.js';

/** One per process: requests under way and parsed CRLs are shared within it. */
export interface Updater extends Gatherer {
  /** @see loadTrustList, at the clock's now */
  loadTrustList(trust: TrustListTrust): Promise<LoadOutcome>;
  /** @see refreshTrustList */
  refreshTrustList(options: RefreshOptions): Promise<RefreshOutcome>;
}

export function createUpdater(ports: GathererPorts): Updater {
  const gatherer = createGatherer(ports);
  return {
    gather: gatherer.gather,
    loadTrustList: (trust) => loadTrustList(ports.store, { ...trust, at: ports.clock.now() }),
    refreshTrustList: (options) => refreshTrustList(ports, options),
  };
}
