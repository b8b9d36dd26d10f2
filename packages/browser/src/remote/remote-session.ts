import { isTerminal, packOctets, SignError, SIGN_ERRORS, unpackOctets, type AnswerReceipt, type CancelReason, type ChallengeAnswer, type Json, type JsonObject, type SigningEvent, type SigningSession, type SignErrorCode } from '@hefu/sign';
import { isQuestion } from './is-question.js';
import { REQUEST_HEADER, type CancelMessage, type EventsMessage, type FailureMessage, type NumberedEvent, type ReceiptMessage } from './protocol.js';
import { readEventStream } from './event-stream.js';
import { post } from './post.js';

export interface RemoteSessionOptions {
  /** The name of the session: made by the page once (`newRequestId`), and the way back to it after a reload. */
  readonly requestId: string;
  /**
   * What is to be signed, as page and backend agree; may hold octets. Absent: a session that was begun before. Another order than that of the
   * beginning is refused (ADAPTER_MISCONFIGURED, detail REQUEST_MISMATCH): something else to sign needs a name of its own.
   */
  readonly order?: { readonly [name: string]: unknown };
  /** After a failure that left items unsigned: goes on with those, what was signed stays. */
  readonly again?: boolean;
  /** What `completeOAuthReturn` brought back to a page that had left: given when the session asks, once. */
  readonly returned?: { readonly challengeId: string; readonly answer: ChallengeAnswer };
  readonly signal?: AbortSignal;
  /** Told when the backend is out of reach, and when it is there again: nothing is lost meanwhile. */
  readonly onConnection?: (state: 'connected' | 'reconnecting') => void;
  readonly fetch?: typeof fetch;
  /** Milliseconds; for tests. */
  readonly waits?: Partial<RemoteWaits>;
}

export interface RemoteSession extends SigningSession {
  /** Stops following, and ends nothing: the signing goes on at the backend, as it does when a page is closed. `run` ends without a last event. */
  leave(): void;
}

export interface RemoteWaits {
  /** Before the first reconnection; doubled up to `longest`. */
  readonly first: number;
  readonly longest: number;
  /** A stream silent for this long is dead: the backend sends something every ten seconds. */
  readonly silence: number;
}

const WAITS: RemoteWaits = { first: 500, longest: 15_000, silence: 25_000 };

/**
 * A session that runs on the backend, as the page sees it: the same events, the same answers. It goes on while the page is closed or
 * offline; `run` of a new object with the same `requestId` tells everything again, as it does where another process of the backend took over.
 * @param base where the backend is mounted, as `/api/signing`
 */
export function remoteSession(base: string, options: RemoteSessionOptions): RemoteSession {
  const { requestId, order, again = false, signal, onConnection = () => undefined } = options;
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const waits: RemoteWaits = { ...WAITS, ...options.waits };
  const stopping = new AbortController();
  let asked: string | undefined;
  let { returned } = options;
  /** Challenges to be shown again, since the backend did not take the answer. */
  const showAgain: SigningEvent[] = [];
  let shown: SigningEvent | undefined;
  let last: string | undefined;
  let started = false;
  let left = false;
  let complete = false;
  let polling = false;
  let wake = (): void => undefined;
  /** Ends the connection that is open, to begin another. */
  let cut = (): void => undefined;
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));

  const tell = async (path: string, body: unknown): Promise<unknown> => readAnswer(await post(send, `${base}/${path}`, body, stopping.signal));
  /** Everything here may be sent twice: names and challenge ids make it one. */
  const insist = async <T>(act: () => Promise<T>): Promise<T> => {
    for (let wait = waits.first; ; wait = Math.min(2 * wait, waits.longest)) {
      try {
        const done = await act();
        onConnection('connected');
        return done;
      } catch (error) {
        if (error instanceof SignError || stopping.signal.aborted) throw error;
        onConnection('reconnecting');
        await pause(wait);
      }
    }
  };
  /** Ends early when the network or the tab comes back. */
  const pause = (ms: number): Promise<void> => new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(late);
      globalThis.removeEventListener?.('online', done);
      globalThis.document?.removeEventListener('visibilitychange', done);
      resolve();
    };
    const late = setTimeout(done, ms);
    wake = done;
    globalThis.addEventListener?.('online', done);
    globalThis.document?.addEventListener('visibilitychange', done);
  });

  /** The next events, from a stream or a poll; ends when the connection does. */
  async function* connection(): AsyncGenerator<NumberedEvent, void, void> {
    const broken = new AbortController();
    const abort = (): void => broken.abort();
    cut = abort;
    stopping.signal.addEventListener('abort', abort);
    let silent = setTimeout(abort, waits.silence);
    const heard = (): void => {
      clearTimeout(silent);
      silent = setTimeout(() => {
        // Held back on the way: polls go through where streams do not.
        polling = true;
        abort();
      }, waits.silence);
    };
    try {
      heard();
      const response = await send(`${base}/sessions/${requestId}/events${last === undefined ? '' : `?after=${encodeURIComponent(last)}`}`, {
        credentials: 'same-origin', cache: 'no-store', redirect: 'error', signal: broken.signal,
        headers: { accept: polling ? 'application/json' : 'text/event-stream, application/json;q=0.9', [REQUEST_HEADER]: '1' },
      });
      if (!response.ok || !(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
        yield* ((await readAnswer(response)) as EventsMessage).events;
        return;
      }
      onConnection('connected');
      yield* readEventStream(response, heard);
    } finally {
      clearTimeout(silent);
      stopping.signal.removeEventListener('abort', abort);
      broken.abort();
    }
  }

  async function* events(): AsyncGenerator<SigningEvent, void, void> {
    if (order !== undefined || again) await insist(() => tell('sessions', { requestId, ...(order === undefined ? {} : { order: packOctets(order) }), ...(again ? { again } : {}) }));
    for (let wait = waits.first; ; ) {
      const before = last;
      try {
        for await (const { id, event } of connection()) {
          last = id;
          wait = waits.first;
          const told = unpackOctets(event as Json) as SigningEvent;
          if (told.type === 'challenge') shown = told;
          yield told;
          if (isTerminal(told)) return;
          while (showAgain.length > 0) yield showAgain.shift()!;
        }
        if (last !== before) continue;
      } catch (error) {
        // It goes on there, whoever may not follow it now.
        if (error instanceof SignError && error.code === 'AUTH_EXPIRED') throw new SignError(error.code, error.message, { cause: error, outcome: 'unknown', retry: 'reconcile', ...(error.detail === undefined ? {} : { detail: error.detail }) });
        if (error instanceof SignError) throw error;
        if (stopping.signal.aborted) throw new SignError('ABORTED', 'the page stopped following');
        if (showAgain.length === 0) onConnection('reconnecting');
      }
      if (showAgain.length > 0) {
        while (showAgain.length > 0) yield showAgain.shift()!;
        continue;
      }
      await pause(wait * (0.5 + Math.random() / 2));
      wait = Math.min(2 * wait, waits.longest);
    }
  }

  /** Asked for once, however many want it: the end it brings ends also the asking. */
  let cancelling: Promise<void> | undefined;
  const cancel = (reason: CancelReason): Promise<void> => (cancelling ??= insist(() => tell(`sessions/${requestId}/cancel`, { reason } satisfies CancelMessage))
    .then(() => undefined, (error: unknown) => { if (!complete) throw error; }));
  // Aborted, it is ended: the backend is told, since nobody else will.
  const onAbort = (): void => void cancel('user').catch(() => undefined);
  const deliver = async (challengeId: string, given: ChallengeAnswer): Promise<void> => {
    const { receipt } = (await insist(() => tell(`sessions/${requestId}/answers`, { challengeId, answer: given }))) as ReceiptMessage;
    if (receipt !== 'malformed' || shown === undefined) return;
    asked = challengeId;
    showAgain.push(shown);
    wake();
    cut();
  };

  return {
    async *run() {
      if (started) throw new SignError('ACTION_PENDING', 'this session runs already');
      started = true;
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted === true) onAbort();
      try {
        for await (const event of events()) {
          if (event.type === 'challenge') asked = isQuestion(event.challenge) ? event.challenge.id : undefined;
          complete = isTerminal(event);
          if (event.type === 'challenge' && event.challenge.type === 'oauth' && event.challenge.id === returned?.challengeId) {
            const { answer } = returned;
            returned = undefined;
            // A challenge that was asked since has a state of its own, and this answer is not for it.
            if (answer.type !== 'oauth' || answer.state === event.challenge.state) {
              asked = undefined;
              deliver(event.challenge.id, answer).catch(() => undefined);
              continue;
            }
          }
          yield event;
        }
      } catch (cause) {
        complete = true;
        if (left) return;
        const error = cause instanceof SignError ? cause : new SignError('NETWORK', 'the backend could not be followed', { cause, outcome: 'unknown' });
        yield { type: 'failed', error: error.toJSON(), signatures: [], failed: [] };
      } finally {
        signal?.removeEventListener('abort', onAbort);
        if (!complete && !left) await tell(`sessions/${requestId}/cancel`, { reason: 'user' } satisfies CancelMessage).catch(() => undefined);
        stopping.abort();
        wake();
        ended();
      }
    },
    answer(challengeId, given): AnswerReceipt {
      if (asked !== challengeId) return 'not-asked';
      asked = undefined;
      deliver(challengeId, given).catch(() => undefined); // what the backend has against it comes as an event
      return 'accepted';
    },
    async cancel(reason = 'user') {
      // The backend knows of it by `run` alone.
      if (left || (!started && order !== undefined)) return;
      await cancel(reason);
      if (started) await end;
    },
    leave() {
      left = true;
      signal?.removeEventListener('abort', onAbort);
      stopping.abort();
      wake();
    },
    snapshot: (): JsonObject => ({ type: 'hefu-remote-session', version: 1, requestId }),
  };
}

/** A name for a new session: unguessable, though nothing rests on that. */
export function newRequestId(): string {
  return [...globalThis.crypto.getRandomValues(new Uint8Array(16))].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}

/** What the backend's own failures are to a signing. */
const FAILURES: Readonly<Record<string, SignErrorCode>> = {
  UNAUTHENTICATED: 'AUTH_EXPIRED', FORBIDDEN: 'ADAPTER_MISCONFIGURED', MALFORMED: 'ADAPTER_MISCONFIGURED', REQUEST_MISMATCH: 'ADAPTER_MISCONFIGURED', TOO_LARGE: 'BATCH_TOO_LARGE', TOO_MANY: 'RATE_LIMITED',
  // It was begun and is not known any more: what became of it cannot be told from here.
  NOT_FOUND: 'OUTCOME_UNKNOWN',
};

/** @throws SignError for what the backend refused; anything else may be tried again */
export async function readAnswer(response: Response): Promise<unknown> {
  let body: unknown;
  try {
    body = await response.json();
  } catch (cause) {
    throw new Error(`${response.status} without JSON: ${String(cause)}`);
  }
  if (response.ok) return body;
  const { code = '', ...more } = (body as Partial<FailureMessage>).error ?? {};
  if (Object.prototype.hasOwnProperty.call(SIGN_ERRORS, code)) throw new SignError(code as SignErrorCode, 'refused by the backend', more as object);
  const known = FAILURES[code];
  const { retryAfterMs } = more as { readonly retryAfterMs?: unknown };
  if (known !== undefined) throw new SignError(known, `the backend says ${code}`, { detail: code, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) });
  throw new Error(`the backend says ${response.status}`);
}
