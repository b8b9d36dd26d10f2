/** A provider's own clock: the machine's, moved at will. */
export interface ProviderClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Moves it, forwards or backwards: what expires does so at once. */
  advance(ms: number): void;
}

/** @param base epoch milliseconds, or a function for a clock that runs */
export function createProviderClock(base: number | (() => number)): ProviderClock {
  let offset = 0;
  return {
    now: () => (typeof base === 'number' ? base : base()) + offset,
    advance: (ms) => { offset += ms; },
  };
}
