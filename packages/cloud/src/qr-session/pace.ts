import { SignError, type AdapterContext } from '@hefu/sign';
import type { JobShape } from './mapping.js';

/** When to ask again. */
export interface Pacer {
  /** Milliseconds until the next question; never beyond `until`. */
  next(hintMs: number | undefined, until: number): number;
  /** Ends early when woken. @throws SignError ABORTED */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  wake(): void;
  /** The user has begun to act: it will not take long. */
  restart(): void;
}

const GROWTH = 1.5;

/** From `firstMs`, half as long again each time, to `maxMs`; a provider's hint counts for one wait, a callback ends one. */
export function pacer({ firstMs, maxMs }: JobShape['pace'], { clock }: Pick<AdapterContext, 'clock'>): Pacer {
  let interval = firstMs;
  let woken = false;
  let waiting: AbortController | undefined;
  return {
    next(hintMs, until) {
      const ms = hintMs ?? interval;
      interval = Math.min(maxMs, interval * GROWTH);
      return Math.max(50, Math.min(Math.ceil(ms), until - clock.now()));
    },
    async wait(ms, signal) {
      const ending = new AbortController();
      const end = (): void => ending.abort();
      waiting = ending;
      signal.addEventListener('abort', end, { once: true });
      try {
        if (!woken && !signal.aborted) await clock.sleep(ms, ending.signal).catch(() => undefined);
        woken = false;
      } finally {
        waiting = undefined;
        signal.removeEventListener('abort', end);
      }
      if (signal.aborted) throw new SignError('ABORTED', 'aborted while waiting for the user');
    },
    wake() {
      woken = true;
      waiting?.abort();
    },
    restart: () => { interval = firstMs; },
  };
}
