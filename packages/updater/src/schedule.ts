import { withUpdaterLimits, type UpdaterLimits } from './limits.js';

/** What is known of one source of freshness. All instants are epoch milliseconds. */
export interface WatchedItem {
  readonly what: 'trust-list' | 'crl';
  /** URL or list id, for the caller. */
  readonly id: string;
  /** When it was last asked for, answered or not; undefined: never. */
  readonly askedAt?: number;
  /** Failures since the last success. */
  readonly failures?: number;
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
}

export interface DueItem {
  readonly what: 'trust-list' | 'crl';
  readonly id: string;
  /** When it is, was or will be due. */
  readonly dueAt: number;
  readonly reason: 'never-asked' | 'interval' | 'next-update' | 'retry';
}

/**
 * When each item is to be asked for next, soonest first. Everything with `dueAt <= now` is due.
 * A CRL is due a tenth of its lifetime (at most an hour) before nextUpdate, and every `crlRecheckMs`; a trust
 * list every `trustListIntervalMs`. After failures the wait doubles from one minute to `maxBackoffMs`.
 */
export function schedule(items: readonly WatchedItem[], limits?: Partial<UpdaterLimits>): readonly DueItem[] {
  const bounds = withUpdaterLimits(limits);
  return items.map((item) => dueOf(item, bounds)).sort((a, b) => a.dueAt - b.dueAt);
}

function dueOf(item: WatchedItem, limits: UpdaterLimits): DueItem {
  const { what, id, askedAt, failures = 0, thisUpdate, nextUpdate } = item;
  if (askedAt === undefined) return { what, id, dueAt: 0, reason: 'never-asked' };
  if (failures > 0) {
    return { what, id, dueAt: askedAt + Math.min(60_000 * 2 ** Math.min(failures - 1, 30), limits.maxBackoffMs), reason: 'retry' };
  }
  const interval = askedAt + (what === 'crl' ? limits.crlRecheckMs : limits.trustListIntervalMs);
  if (what === 'trust-list' || nextUpdate === undefined) return { what, id, dueAt: interval, reason: 'interval' };
  const lifetime = Math.max(0, nextUpdate - (thisUpdate ?? askedAt));
  // A CA that is late is not asked in a tight loop: at least a minute lies between two questions.
  const early = Math.max(nextUpdate - Math.min(lifetime / 10, 3_600_000), askedAt + 60_000);
  return early < interval ? { what, id, dueAt: early, reason: 'next-update' } : { what, id, dueAt: interval, reason: 'interval' };
}
