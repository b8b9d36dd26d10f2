import { assessHealth, UpdaterError, type Alert, type Clock, type HealthFacts, type HealthOptions, type Store } from '@hefu/updater';
import type { AlertSink } from './alert-sink.js';
import { loadWatchState, storeWatchState, type WatchState } from './watch-state.js';

export interface WatchOptions {
  /** Looks once. A rejection is told by `onError` and the next round looks again. */
  readonly observe: (signal: AbortSignal) => Promise<HealthFacts>;
  readonly sinks: readonly AlertSink[];
  /** What was told is kept here, atomically, so that a restart tells nothing twice. */
  readonly store: Store;
  readonly clock: Clock;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** Between the starts of two rounds; default 15 minutes. */
  readonly intervalMs?: number;
  /** Alerts waiting for one sink; beyond it the oldest are dropped, and `onError` says so. Default 1000. */
  readonly maxWaiting?: number;
  /** Rounds before it ends by itself; default: none. */
  readonly rounds?: number;
  readonly health?: Partial<HealthOptions>;
  readonly onError?: (what: string, error: unknown) => void;
  readonly onRound?: (facts: HealthFacts, alerts: readonly Alert[]) => void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 300_000;

interface Queue {
  readonly sink: AlertSink;
  waiting: readonly Alert[];
  failures: number;
  due: number;
}

/**
 * Looks, tells, sleeps, until the signal aborts. Every alert reaches every sink at least once: it is in the store before it is
 * handed over, and leaves it when it has arrived; a process killed in between hands it over again. A sink that fails is
 * tried again after a second, doubling to five minutes, and holds up no other.
 * @throws UpdaterError IO_FAILED when the store cannot be read at the start
 */
export async function watch(options: WatchOptions): Promise<void> {
  const { clock, signal, store, sinks, intervalMs = 15 * 60_000, maxWaiting = 1000, onError = () => undefined } = options;
  let { health, waiting } = await loadWatchState(store);
  const queues: readonly Queue[] = sinks.map((sink) => ({ sink, waiting: waiting[sink.name] ?? [], failures: 0, due: 0 }));
  const save = async (): Promise<void> => {
    const state: WatchState = { health, waiting: Object.fromEntries(queues.filter((queue) => queue.waiting.length > 0).map((queue) => [queue.sink.name, queue.waiting])) };
    await storeWatchState(store, state).catch((error: unknown) => onError('state', error));
  };
  for (let round = 0; !signal.aborted && round < (options.rounds ?? Number.POSITIVE_INFINITY); round++) {
    const next = clock.now() + intervalMs;
    try {
      const facts = await options.observe(signal);
      if (signal.aborted) break;
      const outcome = assessHealth(facts, health, clock.now(), options.health);
      health = outcome.state;
      for (const queue of queues) enqueue(queue, outcome.alerts, maxWaiting, onError);
      await save();
      options.onRound?.(facts, outcome.alerts);
    } catch (error) {
      if (signal.aborted) break;
      onError('round', error);
    }
    // Deliver what is due, then sleep until the next round or the next attempt, whichever is first.
    for (;;) {
      let delivered = false;
      for (const queue of queues) delivered = (await deliver(queue, clock, signal, onError)) || delivered;
      if (delivered) await save();
      const last = round + 1 >= (options.rounds ?? Number.POSITIVE_INFINITY);
      if (signal.aborted || last) break;
      const wake = Math.min(next, ...queues.filter((queue) => queue.waiting.length > 0).map((queue) => queue.due));
      const now = clock.now();
      if (now >= next) break;
      await options.sleep(Math.max(1, wake - now), signal);
    }
  }
}

function enqueue(queue: Queue, alerts: readonly Alert[], max: number, onError: (what: string, error: unknown) => void): void {
  if (alerts.length === 0) return;
  const all = [...queue.waiting, ...alerts];
  if (all.length > max) onError(queue.sink.name, new UpdaterError('LIMIT', `${all.length - max} alerts dropped: more than ${max} are waiting`));
  queue.waiting = all.slice(-max);
}

/** In order; the first that fails ends it. @returns whether the queue has changed */
async function deliver(queue: Queue, clock: Clock, signal: AbortSignal, onError: (what: string, error: unknown) => void): Promise<boolean> {
  let delivered = 0;
  while (delivered < queue.waiting.length && clock.now() >= queue.due && !signal.aborted) {
    try {
      await queue.sink.deliver(queue.waiting[delivered]!, signal);
      delivered++;
      queue.failures = 0;
      queue.due = 0;
    } catch (error) {
      if (signal.aborted) break;
      queue.due = clock.now() + Math.min(FIRST_RETRY_MS * 2 ** Math.min(queue.failures, 20), LONGEST_RETRY_MS);
      queue.failures++;
      onError(queue.sink.name, error);
    }
  }
  if (delivered > 0) queue.waiting = queue.waiting.slice(delivered);
  return delivered > 0;
}
