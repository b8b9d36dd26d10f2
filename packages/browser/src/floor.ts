// What the rooms below use and Chromium 86 has not: seven short functions of later editions of ECMAScript and DOM. Each is defined only where it is
// missing, not enumerable, as its standard says for what we ask of it. `test/bundle.test.ts` holds the list against what bundles reach.

/** What this module supplies, by the names that the floor check knows. */
export const FLOOR: readonly string[] = ['at', 'hasOwn', 'findLast', 'findLastIndex', 'throwIfAborted', 'reason', 'any'];

function supply(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
}

/** ECMA-262 §23.1.3.1, §22.1.3.1, §23.2.3.1. */
function at(this: ArrayLike<unknown>, index: number): unknown {
  const from = Math.trunc(index) || 0;
  const where = from < 0 ? this.length + from : from;
  return where < 0 || where >= this.length ? undefined : this[where];
}

/** ECMA-262 §23.1.3.12. */
function findLastIndex(this: readonly unknown[], accept: (value: unknown, index: number, all: readonly unknown[]) => unknown, self?: unknown): number {
  for (let index = this.length - 1; index >= 0; index--) if (accept.call(self, this[index], index, this)) return index;
  return -1;
}

/** ECMA-262 §23.1.3.11. */
function findLast(this: readonly unknown[], accept: (value: unknown, index: number, all: readonly unknown[]) => unknown, self?: unknown): unknown {
  return this[findLastIndex.call(this, accept, self)];
}

for (const target of [Array.prototype, String.prototype, Object.getPrototypeOf(Uint8Array.prototype) as object]) supply(target, 'at', at);
supply(Object, 'hasOwn', (value: object, name: PropertyKey) => Object.prototype.hasOwnProperty.call(value, name));
supply(Array.prototype, 'findLast', findLast);
supply(Array.prototype, 'findLastIndex', findLastIndex);

if (typeof AbortSignal !== 'undefined') {
  if (!('reason' in AbortSignal.prototype)) {
    const reasons = new WeakMap<AbortSignal, unknown>();
    // eslint-disable-next-line typescript/unbound-method -- called with its own receiver below
    const { abort } = AbortController.prototype;
    AbortController.prototype.abort = function (this: AbortController, reason?: unknown): void {
      // DOM §3.1: the first reason stays, and listeners already see it.
      if (!this.signal.aborted) reasons.set(this.signal, reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason);
      abort.call(this);
    };
    Object.defineProperty(AbortSignal.prototype, 'reason', {
      get(this: AbortSignal) {
        return this.aborted ? reasons.get(this) : undefined;
      },
      enumerable: true, configurable: true,
    });
  }
  supply(AbortSignal.prototype, 'throwIfAborted', function (this: AbortSignal): void {
    if (this.aborted) throw this.reason;
  });
  supply(AbortSignal, 'any', (signals: readonly AbortSignal[]): AbortSignal => {
    const joined = new AbortController();
    const end = (event: { readonly target: unknown }): void => {
      for (const signal of signals) signal.removeEventListener('abort', end as EventListener);
      joined.abort((event.target as AbortSignal).reason);
    };
    const aborted = signals.find((signal) => signal.aborted);
    if (aborted !== undefined) joined.abort(aborted.reason);
    else for (const signal of signals) signal.addEventListener('abort', end as EventListener);
    return joined.signal;
  });
}
