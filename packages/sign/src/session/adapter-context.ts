import type { AdapterContext, JsonObject } from '../adapter/index.js';
import { SignError } from '../error.js';
import type { Journal } from './journal.js';
import type { SessionPorts } from './ports.js';
import type { Redactor } from './redactor.js';
import { retrying, type RetryLimits } from './retry.js';
import type { ServerClock } from './server-clock.js';

export interface AdapterContextOptions {
  readonly ports: Pick<SessionPorts, 'clock' | 'random'>;
  readonly signal: AbortSignal;
  readonly locale: 'zh-CN' | 'en';
  readonly redactor: Redactor;
  readonly journal: Journal;
  readonly serverClock: ServerClock;
  readonly retry?: RetryLimits;
  /** Epoch milliseconds by the local clock. */
  readonly deadline?: number;
  /**
   * Once this is over, what is still asked goes by another signal, which it gives then: to cancel, and to find out what became
   * of it. Nothing that may sign is sent any more.
   */
  readonly ended?: () => AbortSignal | undefined;
  /** Called before a request that may sign leaves, and when its answer is there or it certainly did not arrive. */
  readonly inFlight?: (now: boolean) => Promise<void>;
}

/** What core lends an adapter; adapters outside a session (listing, probing) get one of their own. */
export function createAdapterContext(options: AdapterContextOptions): AdapterContext {
  const { ports: { clock, random }, signal, locale, redactor, journal, serverClock } = options;
  const note = (event: string, facts: JsonObject = {}): void => journal.append(clock.now(), event, facts);
  const requireLive = (): void => {
    if (options.ended?.() !== undefined) throw new SignError('ABORTED', 'the authorisation has ended');
  };
  return {
    clock, random, locale,
    get signal() {
      return options.ended?.() ?? signal;
    },
    async request(name, nature, send) {
      if (nature === 'once') {
        requireLive();
        await options.inFlight?.(true);
        requireLive();
      }
      note('request', { name, nature });
      try {
        const answer = await retrying(send, {
          nature, clock, random, signal: options.ended?.() ?? signal,
          ...(options.retry === undefined ? {} : { limits: options.retry }),
          ...(options.deadline === undefined ? {} : { deadline: options.deadline }),
          onWait: (attempt, ms, error) => note('request-again', { name, attempt, ms, code: error.code }),
        });
        note('answer', { name });
        return answer;
      } catch (error) {
        const { code, outcome } = error as { code: string; outcome: string };
        note('request-failed', { name, code, outcome });
        if (nature === 'once' && outcome === 'not-signed') await options.inFlight?.(false);
        throw error;
      }
    },
    serverTime: (at, roundTripMs) => serverClock.observe('provider', at, roundTripMs),
    protect: (secret) => redactor.protect(secret),
    note,
  };
}
