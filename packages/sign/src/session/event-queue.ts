/** One producer, one consumer, in order. */
export interface EventQueue<T> {
  push(event: T): void;
  /** No more will come. */
  close(): void;
  drain(): AsyncGenerator<T, void, void>;
}

/** @param supersedes whether a waiting event is of no more use once the new one is there, so that a slow consumer holds little */
export function createEventQueue<T>(supersedes: (waiting: T, fresh: T) => boolean): EventQueue<T> {
  const waiting: T[] = [];
  let closed = false;
  let wake: (() => void) | undefined;
  const signal = (): void => {
    wake?.();
    wake = undefined;
  };
  return {
    push(event) {
      if (closed) return;
      const last = waiting.at(-1);
      if (last !== undefined && supersedes(last, event)) waiting.pop();
      waiting.push(event);
      signal();
    },
    close() {
      closed = true;
      signal();
    },
    async *drain() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (closed) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
