import type { Clock, Random } from '../../src/index.js';

/** Time that passes only when everybody waits: the next sleeper wakes as soon as nothing else is to be done. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #sleepers: { at: number; wake: () => void }[] = [];
  #pumping = false;
  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  /** The machine slept, or its clock was set. */
  jump(ms: number): void {
    this.#now += ms;
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(new Error('aborted'));
      const sleeper = { at: this.#now + Math.max(0, ms), wake: () => { signal?.removeEventListener('abort', abort); resolve(); } };
      const abort = (): void => {
        const index = this.#sleepers.indexOf(sleeper);
        if (index >= 0) this.#sleepers.splice(index, 1);
        reject(new Error('aborted'));
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.push(sleeper);
      void this.#pump();
    });
  }
  /** Something is under way that takes real time. */
  protected busy(): boolean {
    return false;
  }
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#sleepers.length > 0) {
      // Whatever can run now runs first: timers, WebCrypto and what follows from them.
      for (let i = 0; i < 3 || this.busy(); i++) await new Promise((done) => setTimeout(done, 0));
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers.shift();
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#pumping = false;
  }
}

/** The same octets in every run. */
export function seededRandom(seed = 1): Random {
  let state = seed >>> 0;
  return {
    bytes: (length) => Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    }),
  };
}
