import { sha256 } from '@hefu/crypto';
import type { AdapterContext, AdapterEvent, AdapterSession, BeginRequest, Capabilities, Challenge, Credential, JsonObject, QuestionChallenge, ShownChallenge, SigningAdapter } from '../adapter/index.js';
import { createAdapterContext } from '../session/adapter-context.js';
import { isTerminal, type SigningEvent, type TerminalEvent } from '../session/events.js';
import { createJournal } from '../session/journal.js';
import { createMemoryLeases } from '../session/leases.js';
import type { MessageForm } from '../session/message-form.js';
import { chooseAlgorithm, pinItem, prepareItem, signingItem, type Preparation } from '../session/prepare-items.js';
import { createRedactor } from '../session/redactor.js';
import { createServerClock } from '../session/server-clock.js';
import type { SigningSession } from '../session/running-session.js';
import { createSigningSession, resumeSigningSession } from '../session/signing-session.js';
import { demand, type ConformanceHarness, type ConformanceSubject, type Fault, type MakeSubject } from './subject.js';

/** A subject that was asked what it can do and has. */
export interface OpenSubject {
  readonly subject: ConformanceSubject;
  readonly adapter: SigningAdapter;
  readonly context: AdapterContext;
  readonly capabilities: Capabilities;
  readonly credentials: readonly Credential[];
  /** What requests made for it state, epoch milliseconds. */
  readonly signingTime: number;
  /** Lines that were written through `context`. */
  readonly written: readonly string[];
  /** Whether a text is struck out of what is written through `context`. */
  readonly protects: (secret: string) => boolean;
}

/** Everything a session let out. */
export interface Played {
  readonly events: readonly SigningEvent[];
  readonly end: TerminalEvent;
  readonly asked: readonly Challenge['type'][];
  readonly snapshots: readonly JsonObject[];
  readonly journal: readonly string[];
}

export async function open(make: MakeSubject, harness: ConformanceHarness, fault?: Fault): Promise<OpenSubject | undefined> {
  const subject = await make(fault);
  if (subject === undefined) return undefined;
  const { adapter, clock } = subject;
  const redactor = createRedactor();
  const written: string[] = [];
  const context = createAdapterContext({
    ports: { clock, random: harness.random }, signal: new AbortController().signal, locale: 'zh-CN', redactor,
    journal: createJournal({ digest: sha256, redactor, write: (line) => written.push(line) }), serverClock: createServerClock(clock),
  });
  return { subject, adapter, context, signingTime: Math.floor(clock.now() / 1000) * 1000, capabilities: await adapter.discover(context), credentials: await adapter.listCredentials({ limit: 100 }, context), written, protects: (secret) => redactor.isIn(secret) };
}

/** One that is there without a fault. */
export async function openGood(make: MakeSubject, harness: ConformanceHarness): Promise<OpenSubject> {
  const opened = await open(make, harness);
  demand(opened !== undefined, 'there is no subject');
  demand(opened.credentials.length > 0, 'there is no credential');
  return opened;
}

export const contentOfItem = (index: number): Uint8Array => new TextEncoder().encode(`conformance item ${index}`);

export interface PlayOptions {
  readonly items?: readonly Uint8Array[];
  readonly credential?: Credential;
  /** Called with each event and its number, from 0. */
  readonly each?: (event: SigningEvent, index: number, session: SigningSession) => void;
  /** The process ends while it keeps its nth snapshot, from 1. */
  readonly dieAt?: number;
  readonly resume?: JsonObject;
  readonly form?: MessageForm;
  /** Default `conformance`. */
  readonly requestId?: string;
}

/** Runs a session with the subject's user; undefined when its process died. */
export async function play({ subject, adapter, capabilities, credentials }: OpenSubject, harness: ConformanceHarness, options: PlayOptions = {}): Promise<Played | { readonly snapshots: readonly JsonObject[]; readonly end: undefined }> {
  const snapshots: JsonObject[] = [];
  const journal: string[] = [];
  let die = (): void => undefined;
  const death = new Promise<undefined>((resolve) => (die = () => resolve(undefined)));
  const surroundings = {
    adapter, algorithms: harness.algorithms, judgement: harness.judgement,
    ports: {
      clock: subject.clock, random: harness.random, leases: createMemoryLeases(), journal: (line: string) => void journal.push(line),
      keep: async (snapshot: JsonObject) => {
        snapshots.push(JSON.parse(JSON.stringify(snapshot)) as JsonObject);
        if (snapshots.length === options.dieAt) {
          die();
          await new Promise(() => undefined);
        }
      },
    },
  };
  const session = options.resume !== undefined ? resumeSigningSession(options.resume, surroundings) : await createSigningSession({
    ...surroundings, requestId: options.requestId ?? 'conformance', ...(options.form === undefined ? {} : { form: options.form }), credential: options.credential ?? credentials[0]!, capabilities, title: 'Conformance',
    items: (options.items ?? [contentOfItem(0), contentOfItem(1)]).map((content, index) => ({ itemId: `i${index}`, label: `item ${index}`, content })),
  });
  const following = follow(session, subject, options.each);
  const followed = await Promise.race([following, death]);
  return followed === undefined ? { snapshots, end: undefined } : { ...followed, snapshots, journal };
}

async function follow(session: SigningSession, subject: ConformanceSubject, each: PlayOptions['each']): Promise<Pick<Played, 'events' | 'end' | 'asked'>> {
  const events: SigningEvent[] = [];
  const asked: Challenge['type'][] = [];
  for await (const event of session.run()) {
    each?.(event, events.length, session);
    events.push(event);
    if (event.type !== 'challenge') continue;
    asked.push(event.challenge.type);
    if (event.challenge.type === 'qr' || event.challenge.type === 'push') void subject.shown?.(event.challenge);
    else session.answer(event.challenge.id, await subject.answer(event.challenge));
  }
  const end = events.at(-1);
  demand(end !== undefined && isTerminal(end) && events.filter(isTerminal).length === 1, 'there is not exactly one terminal event, at the end');
  return { events, end, asked };
}

/** @throws ConformanceFailure for a session that died */
export async function playToEnd(opened: OpenSubject, harness: ConformanceHarness, options: PlayOptions = {}): Promise<Played> {
  const played = await play(opened, harness, options);
  demand(played.end !== undefined, 'the session did not end');
  return played;
}

/** A request as core makes it, to hold an adapter to it without core. */
export function requestFor({ capabilities, credentials, signingTime }: OpenSubject, { algorithms }: ConformanceHarness, requestId: string, count = 1, first = 0): BeginRequest {
  const preparation: Preparation = { credential: credentials[0]!, algorithms, form: {}, signingTime };
  return {
    requestId, credential: preparation.credential, algorithm: chooseAlgorithm(preparation, capabilities),
    items: Array.from({ length: count }, (_, index) => {
      const pinned = pinItem({ itemId: `i${index}`, label: `item ${index}`, content: contentOfItem(first + index) }, preparation);
      return signingItem(pinned, prepareItem(pinned, preparation), capabilities);
    }),
    display: { title: 'Conformance', lines: [], verificationCode: '0000', locale: 'zh-CN', shareLabels: false },
  };
}

/** Runs an adapter's session without core; `abortAt`: the signal is aborted after so many events. `events` has what came, also of one that throws. */
export async function runRaw(session: AdapterSession, { subject }: OpenSubject, abort: AbortController = new AbortController(), abortAt: number = Infinity, events: AdapterEvent[] = [], each: (challenge: Challenge) => void = () => undefined): Promise<readonly AdapterEvent[]> {
  const aborted = new Promise<never>((_, reject) => abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true }));
  aborted.catch(() => undefined);
  const io = {
    signal: abort.signal,
    ask: async (challenge: QuestionChallenge) => {
      each(challenge);
      return abort.signal.aborted ? aborted : subject.answer(challenge);
    },
    show: (challenge: ShownChallenge) => {
      each(challenge);
      void subject.shown?.(challenge);
    },
  };
  if (abortAt === 0) abort.abort();
  for await (const event of session.run(io)) {
    events.push(event);
    if (events.length === abortAt) abort.abort();
  }
  return events;
}
