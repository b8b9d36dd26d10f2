import { isTerminal, packOctets, type JsonObject, type SigningEvent } from '@hefu/sign';
import type { NumberedEvent } from '../remote/protocol.js';

/** What a session told, for pages that come, go and come again. */
export interface EventLog {
  append(event: SigningEvent): void;
  /** Those after an id; all of them where the id is of another epoch or none. */
  after(id: string | undefined): readonly NumberedEvent[];
  readonly ended: boolean;
  /** Resolves when there is more, or after so long, or when aborted. */
  more(ms: number, signal: AbortSignal): Promise<void>;
}

/** Events kept of one session; a poll replaces the poll before it, so only a runaway adapter comes here. */
const MAX_EVENTS = 20_000;

/** @param epoch names this run, `[a-z0-9]+` */
export function createEventLog(epoch: string): EventLog {
  const events: (NumberedEvent & { readonly transient: boolean })[] = [];
  const waiting = new Set<() => void>();
  let number = 0;
  let ended = false;
  return {
    append(event) {
      const transient = event.type === 'poll';
      if (transient && events.length > 0 && events[events.length - 1]!.transient) events.pop();
      if (events.length >= MAX_EVENTS) events.shift();
      events.push({ id: `${epoch}.${(number += 1)}`, event: packOctets(event) as JsonObject, transient });
      if (isTerminal(event)) ended = true;
      for (const wake of waiting) wake();
    },
    after(id) {
      const [of, last] = id?.split('.') ?? [];
      const from = of === epoch ? Number(last) : 0;
      return events.filter((each) => Number(each.id.split('.')[1]) > from).map(({ id: name, event }) => ({ id: name, event }));
    },
    get ended() {
      return ended;
    },
    more: (ms, signal) => new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(late);
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const late = setTimeout(wake, ms);
      waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    }),
  };
}
