import type { Clock, Random, RequestNature } from '../adapter/index.js';
import { SignError } from '../error.js';

export interface RetryLimits {
  /** Sendings of one request at most. */
  readonly attempts: number;
  /** From the first sending to the last, by the wall clock, milliseconds. */
  readonly budgetMs: number;
  /** Of the first wait; doubles. */
  readonly baseMs: number;
  readonly maxWaitMs: number;
}

export const DEFAULT_RETRY: RetryLimits = { attempts: 4, budgetMs: 60_000, baseMs: 500, maxWaitMs: 20_000 };

export interface RetryOptions {
  readonly nature: RequestNature;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly limits?: RetryLimits;
  /** No waiting beyond this, epoch milliseconds by `clock`. */
  readonly deadline?: number;
  readonly onWait?: (attempt: number, ms: number, error: SignError) => void;
}

/**
 * Sends a request again where that is safe: never one that may have signed. What was sent `once` and lost its answer is
 * OUTCOME_UNKNOWN; before anything is authorised again it has to be found out what became of it.
 * @throws SignError what `send` threw last; ABORTED
 */
export async function retrying<T>(send: (signal: AbortSignal) => Promise<T>, options: RetryOptions): Promise<T> {
  const { nature, clock, signal, limits = DEFAULT_RETRY } = options;
  const until = Math.min(clock.now() + limits.budgetMs, options.deadline ?? Infinity);
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) throw new SignError('ABORTED', 'aborted before it was sent');
    try {
      return await send(signal);
    } catch (cause) {
      const error = known(cause, nature, signal);
      if (nature === 'once' || attempt >= limits.attempts || !mayRepeat(error)) throw error;
      const wait = waitBefore(attempt, error, options.random, limits);
      if (clock.now() + wait >= until) throw error;
      options.onWait?.(attempt, wait, error);
      await clock.sleep(wait, signal).catch(() => undefined);
    }
  }
}

/** Errors whose cause passes by itself. Where the request may be repeated, an unknown outcome is no obstacle. */
function mayRepeat({ code }: SignError): boolean {
  return code === 'NETWORK' || code === 'RATE_LIMITED' || code === 'PROVIDER_UNAVAILABLE';
}

/** What a failure means for a request of this nature. */
function known(cause: unknown, nature: RequestNature, signal: AbortSignal): SignError {
  const error = cause instanceof SignError ? cause
    : signal.aborted ? new SignError('ABORTED', 'aborted while it was under way', { cause, outcome: nature === 'once' ? 'unknown' : 'not-signed' })
    : new SignError('ADAPTER_MISCONFIGURED', 'an adapter threw something else than a SignError', { cause, outcome: nature === 'once' ? 'unknown' : 'not-signed' });
  if (nature === 'once' && error.outcome === 'unknown' && error.code !== 'OUTCOME_UNKNOWN' && error.code !== 'ADAPTER_MISCONFIGURED') {
    return new SignError('OUTCOME_UNKNOWN', `the answer was lost: ${error.code}`, { cause: error, ...(error.provider === undefined ? {} : { provider: error.provider }) });
  }
  return error;
}

/** Full jitter: anything from nothing to the doubled base, and what the provider asks for on top of it. */
function waitBefore(attempt: number, { retryAfterMs }: SignError, random: Random, { baseMs, maxWaitMs }: RetryLimits): number {
  const jitter = fraction(random) * Math.min(maxWaitMs, baseMs * 2 ** (attempt - 1));
  return Math.ceil((retryAfterMs ?? 0) + jitter);
}

/** In [0, 1). */
export function fraction(random: Random): number {
  const [a, b, c, d] = random.bytes(4) as unknown as [number, number, number, number];
  return (a * 0x1000000 + b * 0x10000 + c * 0x100 + d) / 0x1_0000_0000;
}
