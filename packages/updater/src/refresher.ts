import type { UpdaterLimits } from './limits.js';
import type { Clock } from './ports.js';
import { schedule } from './schedule.js';
import { createSingleFlight } from './single-flight.js';

/** The latest attempt. */
export interface LastAttempt<O> {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly outcome?: O;
  /** When it did not even come to an outcome: an unreadable file, a full disk. */
  readonly error?: unknown;
}

/** Sees to it that what is in use is a recent one. No timers: whoever uses it says when it is used. */
export interface Refresher<O> {
  readonly last: LastAttempt<O> | undefined;
  /** Asks now; calls while one is under way join it. @throws what the attempt throws; UpdaterError ABORTED */
  refresh(signal?: AbortSignal): Promise<O>;
  /** Asks when due: beside the caller's work while what is in use is in date, waited for once it is not. Never rejects. */
  keepFresh(isInDate: (now: number) => boolean): Promise<void>;
}

export function createRefresher<O extends { readonly outcome: string }>(options: {
  readonly id: string;
  readonly attempt: (signal: AbortSignal) => Promise<O>;
  readonly clock: Clock;
  readonly limits?: Partial<UpdaterLimits> | undefined;
}): Refresher<O> {
  const { id, clock, limits } = options;
  const flights = createSingleFlight<O>();
  let last: LastAttempt<O> | undefined;
  let failures = 0;

  async function attempt(signal: AbortSignal): Promise<O> {
    const at = clock.now();
    try {
      const outcome = await options.attempt(signal);
      failures = outcome.outcome === 'failed' ? failures + 1 : 0;
      last = { at, outcome };
      return outcome;
    } catch (error) {
      failures += 1;
      last = { at, error };
      throw error;
    }
  }
  const refresh = (signal?: AbortSignal): Promise<O> => flights.run('', signal, attempt);

  return {
    get last() {
      return last;
    },
    refresh,
    async keepFresh(isInDate) {
      const now = clock.now();
      const [due] = schedule([{ what: 'trust-list', id, failures, ...(last && { askedAt: last.at }) }], limits);
      if (due === undefined || due.dueAt > now) return;
      const done = refresh().then(() => undefined, () => undefined); // told by `last`
      if (!isInDate(now)) await done;
    },
  };
}
