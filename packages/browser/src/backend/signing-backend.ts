import { packOctets, unpackOctets, type ChallengeAnswer, type JsonObject } from '@hefu/sign';
import { memoryStore, type Store } from '@hefu/updater';
import type { EventsMessage, NumberedEvent, ReceiptMessage, SessionMessage, SessionsMessage } from '../remote/protocol.js';
import { answer, readBody, readJsonBody, Refusal } from './guard.js';
import { mount, userOf, type Mounted, type MountOptions, type OwnPages } from './mount.js';
import { createRate } from './rate.js';
import { createSessions, type HeldSession, type OpenSession } from './sessions.js';

export interface SigningBackendOptions extends MountOptions, OwnPages {
  /** Reads an order, checks that this user may give it, and answers with adapter, credential, items and judgement. Octets in it are unpacked. @throws SignError */
  readonly open: OpenSession;
  /** What the page may choose from: candidates of `selectCredential`, for instance. */
  readonly credentials?: (user: { readonly id: string }, request: Request) => Promise<unknown>;
  /**
   * What a page is told of a session of its user that it did not begin, to recognise it by: of which project, of which files. Octets in the order are
   * unpacked, as for `open`. Default: nothing, so that the page knows of a time and a name alone.
   */
  readonly about?: (order: JsonObject) => JsonObject;
  /** Providers' callbacks by name. Each proves by itself who sent it; bodies are bounded before it sees them. */
  readonly callbacks?: Readonly<Record<string, (request: Request) => Promise<Response>>>;
  /** Where sessions are kept, so that they survive this process. Default: memory. */
  readonly store?: Store;
  readonly limits?: Partial<SigningBackendLimits>;
  readonly now?: () => number;
}

export interface SigningBackendLimits {
  /** An order: digests of a few thousand files. */
  readonly maxOrderOctets: number;
  /** An answer or a callback: an assertion, an authorisation code. */
  readonly maxAnswerOctets: number;
  readonly maxSessionsPerOwner: number;
  readonly maxSessions: number;
  /** Of one owner: how often sessions under way may be listed. A page asks when it opens, and when it was refused. */
  readonly maxListsPerMinute: number;
  readonly retainMs: number;
  /** A poll waits this long for something to tell; proxies cut at 30 to 60 s. */
  readonly pollMs: number;
  /** A comment this often, so that a stream that broke shows. */
  readonly heartbeatMs: number;
  /** A stream ends after this, and the page opens another. */
  readonly streamMs: number;
}

export const DEFAULT_BACKEND_LIMITS: SigningBackendLimits = {
  maxOrderOctets: 4 * 1024 * 1024,
  maxAnswerOctets: 128 * 1024,
  maxSessionsPerOwner: 10,
  maxSessions: 10_000,
  maxListsPerMinute: 30,
  retainMs: 30 * 60_000,
  pollMs: 20_000,
  heartbeatMs: 10_000,
  streamMs: 5 * 60_000,
};

export type SigningBackend = Mounted;

const REQUEST_ID = /^[A-Za-z0-9._-]{1,100}$/;

/**
 * The half of a signing that may have secrets: it runs sessions, and a page follows and answers them (`remoteSession`). Every
 * session belongs to the user who began it.
 */
export function createSigningBackend(options: SigningBackendOptions): SigningBackend {
  const limits: SigningBackendLimits = { ...DEFAULT_BACKEND_LIMITS, ...options.limits };
  const now = options.now ?? (() => Date.now());
  const lists = createRate(limits.maxListsPerMinute, now);
  const sessions = createSessions({
    open: (order, owner) => options.open(unpackOctets(order) as JsonObject, owner),
    store: options.store ?? memoryStore(), now, epoch: randomName,
    maxPerOwner: limits.maxSessionsPerOwner, maxTotal: limits.maxSessions, retainMs: limits.retainMs,
  });

  const route = async (request: Request, path: readonly string[]): Promise<Response> => {
    const [what, name, part] = path;
    if (what === 'callbacks' && path.length === 2) return callback(request, name!);
    const user = await userOf(request, options);
    const route = `${request.method} ${what}${path.length > 1 ? '/*' : ''}${part === undefined ? '' : `/${part}`}`;
    if (path.length > 3) throw new Refusal('NOT_FOUND');
    if (route === 'GET credentials') {
      if (options.credentials === undefined) throw new Refusal('NOT_FOUND');
      return answer(200, packOctets(await options.credentials(user, request)));
    }
    if (route === 'GET sessions') {
      const wait = lists(user.id);
      if (wait > 0) throw new Refusal('TOO_MANY', wait);
      const found = await sessions.list(user.id);
      return answer(200, {
        sessions: found.map(({ requestId, begunAt, order }) => ({ requestId, begunAt, ...(options.about === undefined ? {} : { about: packOctets(options.about(unpackOctets(order) as JsonObject)) as JsonObject }) })),
      } satisfies SessionsMessage);
    }
    if (route === 'POST sessions') {
      const { requestId, order, again } = await readJsonBody(request, limits.maxOrderOctets);
      if (typeof requestId !== 'string' || !REQUEST_ID.test(requestId) || (again !== true || order !== undefined) && (typeof order !== 'object' || order === null || Array.isArray(order))) throw new Refusal('MALFORMED');
      await (again === true ? sessions.goOn(user.id, requestId, order as JsonObject | undefined) : sessions.start(user.id, requestId, order as JsonObject));
      return answer(201, { requestId } satisfies SessionMessage);
    }
    if (what !== 'sessions' || !REQUEST_ID.test(name ?? '')) throw new Refusal('NOT_FOUND');
    switch (route) {
      case 'GET sessions/*/events':
        return tell(request, await sessions.find(user.id, name!));
      case 'POST sessions/*/answers': {
        const { challengeId, answer: given } = await readJsonBody(request, limits.maxAnswerOctets);
        if (typeof challengeId !== 'string' || !isAnswer(given)) throw new Refusal('MALFORMED');
        const { session } = await sessions.find(user.id, name!);
        return answer(200, { receipt: session.answer(challengeId, given) } satisfies ReceiptMessage);
      }
      case 'POST sessions/*/cancel': {
        const { reason } = await readJsonBody(request, limits.maxAnswerOctets);
        const { session } = await sessions.find(user.id, name!);
        // Its end is an event; who waits for it need not wait here.
        void session.cancel(reason === 'superseded' ? reason : 'user').catch(options.onError ?? (() => undefined));
        return answer(202, {});
      }
      default: throw new Refusal('NOT_FOUND');
    }
  };

  const callback = async (request: Request, name: string): Promise<Response> => {
    const handler = options.callbacks !== undefined && Object.prototype.hasOwnProperty.call(options.callbacks, name) ? options.callbacks[name] : undefined;
    if (handler === undefined) throw new Refusal('NOT_FOUND');
    const body = await readBody(request, limits.maxAnswerOctets);
    return handler(new Request(request.url, { method: request.method, headers: request.headers, ...(body.length === 0 ? {} : { body: body as Uint8Array<ArrayBuffer> }) }));
  };

  const tell = async (request: Request, held: HeldSession): Promise<Response> => {
    const { searchParams } = new URL(request.url);
    const after = request.headers.get('last-event-id') ?? searchParams.get('after') ?? undefined;
    if ((request.headers.get('accept') ?? '').includes('text/event-stream')) return stream(held, after, request.signal);
    if (held.log.after(after).length === 0 && !held.log.ended) await held.log.more(limits.pollMs, request.signal);
    return answer(200, { events: held.log.after(after) } satisfies EventsMessage);
  };

  const stream = (held: HeldSession, after: string | undefined, signal: AbortSignal): Response => {
    const text = new TextEncoder();
    const ending = new AbortController();
    const end = (): void => ending.abort();
    signal.addEventListener('abort', end);
    const until = setTimeout(end, limits.streamMs);
    let last = after;
    let opened = false;
    const body = new ReadableStream<Uint8Array>({
      // One pull, one piece: a page that does not read holds nothing here.
      async pull(controller) {
        let events: readonly NumberedEvent[] = held.log.after(last);
        // The first piece comes at once, so that a proxy which holds streams back shows.
        if (!opened) controller.enqueue(text.encode(': open\n\n'));
        else if (events.length === 0 && !held.log.ended) await held.log.more(limits.heartbeatMs, ending.signal);
        events = held.log.after(last);
        if (events.length > 0) controller.enqueue(text.encode(events.map(({ id, event }) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`).join('')));
        else if (opened) controller.enqueue(text.encode(': \n\n'));
        opened = true;
        last = events.length > 0 ? events[events.length - 1]!.id : last;
        if (ending.signal.aborted || (held.log.ended && held.log.after(last).length === 0)) {
          clearTimeout(until);
          controller.close();
        }
      },
      cancel() {
        clearTimeout(until);
        end();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-accel-buffering': 'no' } });
  };

  return mount(options, route);
}

/** Of a kind that some challenge takes; whether of the one asked is the session's to say. */
function isAnswer(value: unknown): value is ChallengeAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const { type, value: text, code, state, issuer, reason, credential, index } = value as Record<string, unknown>;
  switch (type) {
    case 'pin': case 'otp': return typeof text === 'string';
    case 'resend': case 'cancel': return true;
    case 'oauth': return typeof code === 'string' && typeof state === 'string' && (issuer === undefined || typeof issuer === 'string');
    case 'oauth-failed': return typeof reason === 'string' && ['access_denied', 'popup-blocked', 'popup-closed', 'other-browser', 'server-error'].includes(reason);
    case 'webauthn': return typeof credential === 'object' && credential !== null && !Array.isArray(credential);
    case 'choose': return typeof index === 'number';
    default: return false;
  }
}

/** Of one run, for the ids of its events; no secret. */
function randomName(): string {
  return [...globalThis.crypto.getRandomValues(new Uint8Array(8))].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}
