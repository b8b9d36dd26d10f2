import type { Clock } from '@hefu/sign';

/** Time that passes only when everybody waits and no request is under way. */
export class VirtualClock implements Clock {
  #now: number;
  #busy = 0;
  #pumping = false;
  readonly #sleepers: { at: number; wake: () => void }[] = [];
  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  jump(ms: number): void {
    this.#now += ms;
  }
  /** While this runs no time passes. */
  async during<T>(what: Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await what;
    } finally {
      this.#busy--;
      void this.#pump();
    }
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
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#sleepers.length > 0) {
        for (let i = 0; i < 3; i++) await new Promise((done) => setTimeout(done, 0));
        if (this.#busy > 0) return;
        this.#sleepers.sort((a, b) => a.at - b.at);
        const next = this.#sleepers.shift();
        if (next === undefined) return;
        this.#now = Math.max(this.#now, next.at);
        next.wake();
      }
    } finally {
      this.#pumping = false;
    }
  }
}
