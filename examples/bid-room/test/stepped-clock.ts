/** A clock that runs, is moved on at will, and does not wait out the pauses between polls. What bounds a request is as long as it is. */
export interface SteppedClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** What ends by then ends now. */
  advance(ms: number): void;
}

const PAUSE_MS = 8000;

export function steppedClock(): SteppedClock {
  let offset = 0;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  const now = (): number => Date.now() + offset;
  return {
    now,
    sleep: (ms, signal) => new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
        settle();
      };
      const abort = (): void => end(() => reject(signal!.reason as Error));
      const sleeper = { until: now() + ms, wake: () => end(resolve) };
      const timer = setTimeout(sleeper.wake, ms <= PAUSE_MS ? ms / 20 : ms);
      sleepers.add(sleeper);
      signal?.addEventListener('abort', abort);
      if (signal?.aborted === true) abort();
    }),
    advance(ms) {
      offset += ms;
      for (const { until, wake } of sleepers) if (until <= now()) wake();
    },
  };
}
