import { UpdaterError } from './error.js';

/** Joins equal requests under way. The shared work is aborted only when every caller has gone. */
export interface SingleFlight<T> {
  run(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  function launch(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const promise = (async () => start(controller.signal))().finally(() => {
      if (flights.get(key)?.controller === controller) flights.delete(key);
    });
    promise.catch(() => undefined); // every waiter may have left
    const flight: Flight<T> = { promise, controller, waiting: 0 };
    flights.set(key, flight);
    return flight;
  }

  return {
    async run(key, signal, start) {
      throwIfAborted(signal);
      const flight = flights.get(key) ?? launch(key, start);
      flight.waiting += 1;
      let stop: (() => void) | undefined;
      try {
        if (signal === undefined) return await flight.promise;
        const aborted = new Promise<never>((_resolve, reject) => {
          stop = () => reject(new UpdaterError('ABORTED', 'aborted by the caller'));
          signal.addEventListener('abort', stop, { once: true });
        });
        return await Promise.race([flight.promise, aborted]);
      } finally {
        if (stop !== undefined) signal?.removeEventListener('abort', stop);
        flight.waiting -= 1;
        if (flight.waiting === 0 && flights.get(key) === flight) {
          // Nobody is left: stop the transfer, and let the next caller begin anew.
          flights.delete(key);
          flight.controller.abort();
        }
      }
    },
  };
}

/** @throws UpdaterError ABORTED */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new UpdaterError('ABORTED', 'aborted by the caller');
}
