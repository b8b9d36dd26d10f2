import { setImmediate } from 'node:timers';
import type { Worker } from 'node:worker_threads';
import type { Evidence, Report } from '@hefu/verify';
import { NodeError } from '../error.js';
import type { Progress } from '../hash-file.js';
import type { PreparedMessage } from '../verify-message.js';
import type { BatchSettings, Chunk, ChunkAnswer, SentObjects } from './chunk.js';
import { ReportReceiver } from './report-post.js';
import { receiveError } from './sent-error.js';

/** Messages of a chunk: sending one costs a tenth of judging one, sending sixteen hardly more. */
const CHUNK_MESSAGES = 16;
/** Octets of a chunk with several messages. */
const CHUNK_OCTETS = 4 * 1024 * 1024;
/** Octets of a message judged in the verifier's own thread beside workers: it answers others too, and hashing more would be felt. */
const OWN_OCTETS = 256 * 1024;
/** Chunks with a worker: one under way, and one so that it need not wait. */
const CHUNKS_AHEAD = 2;
/**
 * What V8 takes to compile the judge in a thread of its own, in messages: past it, a second thread on a second core has won what it cost.
 * Who has judged that many may be expected to judge as many again.
 */
const MESSAGES_THAT_PAY = 2_000;
/** Workers in a row that ended before they were ready: the machine has none to give. */
const MAX_FAILED_STARTS = 3;

export interface LeaseOptions {
  /** Workers at most for one batch, started when there is something for them to do. */
  readonly size: number;
  readonly settings: BatchSettings;
  /** Judges in this thread, which then takes messages as well: small ones, one after another. */
  readonly here?: (message: PreparedMessage) => Promise<Report>;
  /** Start a worker only after as many messages as it takes one to pay. */
  readonly sparing?: boolean;
}

export interface WorkerLease {
  /** @throws what judging it throws; NodeError WORKER_DIED where two workers ended over it */
  judge(message: PreparedMessage): Promise<Report>;
  /** Gives idle workers back and ends those in the middle of something. */
  close(): void;
}

/** To a worker. */
export type Order = { readonly kind: 'begin'; readonly settings?: BatchSettings } | { readonly kind: 'chunk'; readonly chunk: Chunk };
/** From a worker. */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly answer: ChunkAnswer }
  | { readonly kind: 'progress'; readonly index: number; readonly progress: Progress };

interface Entry {
  readonly message: PreparedMessage;
  readonly resolve: (report: Report) => void;
  readonly reject: (error: Error) => void;
  /** A worker ended over it, or over one that was with it. */
  suspect: boolean;
}

/** A worker in use or kept. */
export interface Member {
  readonly worker: Worker;
  readonly sent: SentObjects;
  settings: BatchSettings | undefined;
  ready: boolean;
  /** In the order in which they are answered. */
  chunks: (readonly Entry[])[];
  onAnswer: (answer: Answer) => void;
  onGone: (cause: unknown) => void;
}

/** Where a lease has its workers from. */
export interface Crew {
  /** One kept from an earlier batch. */
  idle(): Member | undefined;
  start(): Member;
  /** Takes back one that nobody needs, and ends one in the middle of something. */
  leave(member: Member): void;
  /** Messages of all batches. */
  judged: number;
}

/** A worker, or the thread all workers are of. */
type Judge = Member | 'here';

/** Hands out what there is to judge, and hears the verdicts. */
export function createLease({ size, settings, here, sparing = false }: LeaseOptions, crew: Crew): WorkerLease {
  const members = new Set<Member>();
  const queue: Entry[] = [];
  /** Each goes to a worker alone, so that what ends it is known. */
  const suspects: Entry[] = [];
  /** Who judged by this evidence, which is that of one signer, last: somebody idle who took over one message has found out what is needed for the next. */
  const knownTo = new WeakMap<Evidence, Judge>();
  let failedStarts = 0;
  let judgingHere = false;
  let scheduled = false;
  let over = false;

  /** Idle workers, and new ones where there is enough to do for them. */
  function engage(): void {
    const waiting = (): number => suspects.length + queue.length - [...members].filter(({ chunks }) => chunks.length === 0).length;
    while (members.size < size && failedStarts < MAX_FAILED_STARTS && waiting() > 0) {
      const member = crew.idle() ?? (isWorthAWorker() ? crew.start() : undefined);
      if (member === undefined) return;
      members.add(member);
      member.worker.ref();
      member.sent.beginBatch();
      member.onAnswer = (answer) => hear(member, answer);
      member.onGone = (cause) => lose(member, cause);
      const known = member.settings?.trust === settings.trust && member.settings.policy === settings.policy;
      order(member, { kind: 'begin', ...(known ? {} : { settings }) });
      member.settings = settings;
    }
  }

  function isWorthAWorker(): boolean {
    if (here === undefined || suspects.length > 0 || queue.some(({ message }) => !isSmall(message))) return true;
    return queue.length >= CHUNK_MESSAGES && (!sparing || crew.judged >= MESSAGES_THAT_PAY * (members.size + 1));
  }

  /** Those that have started, the least occupied first; one that may end over what it has is given nothing else. */
  function open(): Member[] {
    return [...members].filter(({ ready, chunks }) => ready && chunks.length < CHUNKS_AHEAD && !chunks.some(isSuspect)).sort((a, b) => a.chunks.length - b.chunks.length);
  }

  function give(member: Member, entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    member.chunks.push(entries);
    const chunk = member.sent.pack(entries.map(({ message }) => message));
    order(member, { kind: 'chunk', chunk }, [chunk.octets]);
  }

  /** Whole chunks to whoever has room; the rest is shared among those with nothing to do. */
  function dispatch(rest: boolean): void {
    if (over) return;
    engage();
    for (const member of suspects.length === 0 ? [] : open().filter(({ chunks }) => chunks.length === 0)) {
      const suspect = suspects.shift();
      if (suspect !== undefined) give(member, [suspect]);
    }
    // Whoever is done next takes one of them.
    if (suspects.length > 0) return judgeHere();
    // This thread does not stand idle at the end of a batch while a worker has two chunks.
    const kept = here === undefined ? 0 : CHUNK_MESSAGES;
    for (let [member] = open(); member !== undefined && queue.length >= CHUNK_MESSAGES + (member.chunks.length === 0 ? 0 : kept); [member] = open()) give(member, taken(CHUNK_MESSAGES, member));
    if (!rest) return;
    judgeHere();
    const free = open().filter(({ chunks }) => chunks.length === 0);
    for (const [index, member] of free.entries()) give(member, taken(Math.ceil(queue.length / (free.length - index + (here === undefined ? 0 : 1))), member));
  }

  /** One after another, with a turn for everybody else between them: workers wait for what is sent from here. */
  function judgeHere(): void {
    if (here === undefined || judgingHere || over) return;
    const [one] = taken(1, 'here');
    if (one === undefined) return;
    judgingHere = true;
    crew.judged += 1;
    void here(one.message)
      .then(one.resolve, one.reject)
      .then(() =>
        setImmediate(() => {
          judgingHere = false;
          judgeHere();
        }),
      );
  }

  /** Messages of signers this judge knows, or none does, before others: what one has found out, another would find out again. */
  function taken(most: number, judge: Judge): readonly Entry[] {
    const mayTake = (entry: Entry): boolean => judge !== 'here' || isSmall(entry.message) || failedStarts >= MAX_FAILED_STARTS;
    const isOthers = ({ message }: Entry): boolean => {
      const known = knownTo.get(message.evidence);
      return known !== undefined && known !== judge && (known === 'here' || members.has(known));
    };
    const entries = new Set<Entry>();
    let octets = 0;
    search: for (const ofOthers of [false, true]) {
      for (const entry of queue) {
        if (entries.size >= most || (entries.size > 0 && octets + octetsOf(entry.message) > CHUNK_OCTETS)) break search;
        if (entries.has(entry) || isOthers(entry) !== ofOthers || !mayTake(entry)) continue;
        octets += octetsOf(entry.message);
        entries.add(entry);
        knownTo.set(entry.message.evidence, judge);
      }
    }
    if (entries.size > 0) queue.splice(0, queue.length, ...queue.filter((entry) => !entries.has(entry)));
    return [...entries];
  }

  function hear(member: Member, answer: Answer): void {
    if (answer.kind === 'ready') {
      failedStarts = 0;
      dispatch(true);
      return;
    }
    if (answer.kind === 'progress') {
      member.chunks[0]?.[answer.index]?.message.onProgress?.(answer.progress);
      return;
    }
    const entries = member.chunks.shift() ?? [];
    crew.judged += entries.length;
    const reports = new ReportReceiver();
    for (const [index, { resolve, reject }] of entries.entries()) {
      const found = answer.answer[index]!;
      if ('report' in found) resolve(reports.receive(found.report));
      else reject(receiveError(found.error));
    }
    dispatch(true);
  }

  /** The first chunk is what it ended over; the others it had not begun. */
  function lose(member: Member, cause: unknown): void {
    if (!members.delete(member) || over) return;
    if (!member.ready) failedStarts += 1;
    const [first = [], ...others] = member.chunks;
    for (const one of first) {
      if (one.suspect) one.reject(died(cause));
      else suspects.push(Object.assign(one, { suspect: true }));
    }
    queue.unshift(...others.flat());
    if (failedStarts >= MAX_FAILED_STARTS) for (const { reject } of [...(here === undefined ? queue.splice(0) : []), ...suspects.splice(0)]) reject(died(cause));
    dispatch(true);
  }

  return {
    judge(message) {
      if (over || (here === undefined && failedStarts >= MAX_FAILED_STARTS)) return Promise.reject(died());
      return new Promise<Report>((resolve, reject) => {
        queue.push({ message, resolve, reject, suspect: false });
        dispatch(false);
        if (scheduled) return;
        scheduled = true;
        // After all that is ready now has come: then it is known how little there is.
        setImmediate(() => {
          scheduled = false;
          dispatch(true);
        });
      });
    },
    close() {
      over = true;
      const unanswered = [...queue.splice(0), ...suspects.splice(0), ...[...members].flatMap(({ chunks }) => chunks.flat())];
      for (const member of members) crew.leave(member);
      members.clear();
      for (const { reject } of unanswered) reject(died());
    },
  };
}

function order(member: Member, message: Order, transfer: ArrayBuffer[] = []): void {
  member.worker.postMessage(message, transfer);
}

function isSuspect(entries: readonly Entry[]): boolean {
  return entries.some(({ suspect }) => suspect);
}

function isSmall(message: PreparedMessage): boolean {
  return octetsOf(message) <= OWN_OCTETS && (message.content === undefined || !('path' in message.content));
}

function octetsOf({ signature, content }: PreparedMessage): number {
  return signature.length + (content instanceof Uint8Array ? content.length : 0);
}

function died(cause?: unknown): NodeError {
  return new NodeError('WORKER_DIED', 'a worker of the batch ended in the middle of an item', cause === undefined ? {} : { cause });
}
