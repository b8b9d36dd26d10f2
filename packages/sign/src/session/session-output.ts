import type { DigestAlgorithm } from '@hefu/crypto';
import type { Clock, JsonObject } from '../adapter/index.js';
import type { SignError, SignErrorJson } from '../error.js';
import { createEventQueue } from './event-queue.js';
import { isTerminal, type SigningEvent, type SigningWarning, type TerminalEvent } from './events.js';
import { createJournal, type Journal, type JournalHead } from './journal.js';
import { createRedactor, type Redactor } from './redactor.js';

/** Everything a signing lets out, free of secrets: events, and lines of the journal. */
export interface SessionOutput {
  readonly redactor: Redactor;
  readonly journal: Journal;
  note(event: string, facts?: JsonObject): void;
  /** Nothing comes after the end. */
  tell(event: Exclude<SigningEvent, TerminalEvent>): void;
  warn(warning: SigningWarning, detail?: JsonObject): void;
  errorJson(error: SignError): SignErrorJson;
  /** Once; what comes later is dropped. */
  end(event: TerminalEvent): void;
  hasEnded(): boolean;
  /** Up to the terminal event. */
  events(): AsyncGenerator<SigningEvent, void, void>;
}

export interface SessionOutputOptions {
  readonly clock: Clock;
  readonly sha256: DigestAlgorithm;
  readonly write: ((line: string) => void) | undefined;
  readonly head: JournalHead;
}

export function createSessionOutput({ clock, sha256, write = () => undefined, head }: SessionOutputOptions): SessionOutput {
  const redactor = createRedactor();
  const journal = createJournal({ digest: sha256, redactor, write, head });
  const queue = createEventQueue<SigningEvent>((waiting, fresh) => waiting.type === 'poll' && fresh.type === 'poll');
  let ended = false;
  const note = (event: string, facts: JsonObject = {}): void => journal.append(clock.now(), event, facts);
  const tell = (event: SigningEvent): void => {
    if (!ended) queue.push(event);
  };
  return {
    redactor, journal, note, tell,
    warn(warning, detail) {
      note('warning', { code: warning, ...detail });
      tell({ type: 'warning', code: warning, ...(detail === undefined ? {} : { detail: redactor.redact(detail) }) });
    },
    errorJson: (error) => redactor.redact(error.toJSON() as unknown as JsonObject) as unknown as SignErrorJson,
    end(event) {
      if (ended) return;
      note('ended', factsOf(event));
      queue.push(event);
      ended = true;
      queue.close();
    },
    hasEnded: () => ended,
    async *events() {
      for await (const event of queue.drain()) {
        yield event;
        if (isTerminal(event)) return;
      }
    },
  };
}

function factsOf(event: TerminalEvent): JsonObject {
  switch (event.type) {
    case 'done': return { type: event.type };
    case 'failed': return { type: event.type, code: event.error.code, outcome: event.error.outcome };
    case 'cancelled': return { type: event.type, reason: event.reason, outcome: event.outcome };
  }
}
