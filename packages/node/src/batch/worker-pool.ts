import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers';
import { Worker } from 'node:worker_threads';
import type { Evidence, Report } from '@hefu/verify';
import { NodeError } from '../error.js';
import type { Progress } from '../hash-file.js';
import type { PreparedMessage } from '../verify-message.js';
import { SentObjects, type BatchSettings, type Chunk, type ChunkAnswer } from './chunk.js';
import { receiveError } from './sent-error.js';

/** In a published package the worker is one file, which starts several times as fast. */
const BUNDLED = new URL('../bundled/worker.js', import.meta.url);
const ENTRY = existsSync(BUNDLED) ? BUNDLED : new URL('./worker.js', import.meta.url);

/** Messages of a chunk: sending one costs a tenth of judging one, sending sixteen hardly more. */
const CHUNK_MESSAGES = 16;
/** Octets of a chunk with several messages. */
const CHUNK_OCTETS = 4 * 1024 * 1024;
/** Chunks with a worker: one under way, and one so that it need not wait. */
const CHUNKS_AHEAD = 2;
/** Workers in a row that ended before they were ready: the machine has none to give. */
const MAX_FAILED_STARTS = 3;

/** Worker threads of a verifier: kept between batches with what they have learnt, and in no process's way when it wants to end. */
export interface WorkerPool {
  /** At most `size` workers for one batch, started when there is something for them to do. */
  lease(size: number, settings: BatchSettings): WorkerLease;
  /** Ends those that nobody uses; those in use end with their lease. */
  close(): void;
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

interface Member {
  readonly worker: Worker;
  readonly sent: SentObjects;
  settings: BatchSettings | undefined;
  ready: boolean;
  /** In the order in which they are answered. */
  chunks: (readonly Entry[])[];
  /** Of these, what is sent once it is ready: a worker that ends before that has begun nothing. */
  unsent: (readonly Entry[])[];
  onAnswer: (answer: Answer) => void;
  onGone: (cause: unknown) => void;
}

export function createWorkerPool(entry: URL = ENTRY): WorkerPool {
  const idle: Member[] = [];
  let closed = false;

  function start(): Member {
    const worker = new Worker(entry, { name: 'hefu verifyMany' });
    const member: Member = { worker, sent: new SentObjects(), settings: undefined, ready: false, chunks: [], unsent: [], onAnswer: () => undefined, onGone: () => undefined };
    let gone = false;
    const end = (cause?: unknown): void => {
      if (gone) return;
      gone = true;
      const at = idle.indexOf(member);
      if (at >= 0) idle.splice(at, 1);
      void worker.terminate();
      member.onGone(cause);
    };
    worker.on('message', (answer: Answer) => {
      if (!gone) member.onAnswer(answer);
    });
    worker.on('error', end);
    worker.on('messageerror', end);
    worker.on('exit', () => end());
    return member;
  }

  function lease(size: number, settings: BatchSettings): WorkerLease {
    const members = new Set<Member>();
    const queue: Entry[] = [];
    /** Each goes to a worker alone, so that what ends it is known. */
    const suspects: Entry[] = [];
    /** Who judged by this evidence, which is that of one signer, first. */
    const knownTo = new WeakMap<Evidence, Member>();
    let failedStarts = 0;
    let scheduled = false;
    let over = false;

    function engage(): Member {
      const member = idle.pop() ?? start();
      members.add(member);
      member.worker.ref();
      member.sent.beginBatch();
      member.onAnswer = (answer) => hear(member, answer);
      member.onGone = (cause) => lose(member, cause);
      const known = member.settings?.trust === settings.trust && member.settings.policy === settings.policy;
      order(member, { kind: 'begin', ...(known ? {} : { settings }) });
      member.settings = settings;
      return member;
    }

    /** @returns one with nothing to do, if there is or may be one */
    function unoccupied(): Member | undefined {
      for (const member of members) if (member.chunks.length === 0) return member;
      return members.size < size ? engage() : undefined;
    }

    function leastOccupied(): Member | undefined {
      const free = unoccupied();
      if (free !== undefined) return free;
      const open = [...members].filter(({ chunks }) => chunks.length < CHUNKS_AHEAD && !chunks.some(isSuspect));
      return open.sort((a, b) => a.chunks.length - b.chunks.length)[0];
    }

    function give(member: Member, entries: readonly Entry[]): void {
      member.chunks.push(entries);
      if (member.ready) send(member, entries);
      else member.unsent.push(entries);
    }

    function send(member: Member, entries: readonly Entry[]): void {
      const chunk = member.sent.pack(entries.map(({ message }) => message));
      order(member, { kind: 'chunk', chunk }, [chunk.octets]);
    }

    /** Whole chunks to whoever has room; the rest is shared among those with nothing to do. */
    function dispatch(rest: boolean): void {
      if (over) return;
      while (suspects.length > 0) {
        const member = unoccupied();
        if (member === undefined) return;
        give(member, [suspects.shift()!]);
      }
      while (queue.length >= CHUNK_MESSAGES) {
        const member = leastOccupied();
        if (member === undefined) return;
        give(member, taken(CHUNK_MESSAGES, member));
      }
      if (!rest) return;
      for (let free = size - [...members].filter(({ chunks }) => chunks.length > 0).length; queue.length > 0 && free > 0; free--) {
        const member = unoccupied();
        if (member === undefined) return;
        give(member, taken(Math.ceil(queue.length / free), member));
      }
    }

    /** Messages of signers this worker knows, or none does, before others: what one has found out, another would find out again. */
    function taken(most: number, member: Member): readonly Entry[] {
      const isOthers = ({ message }: Entry): boolean => {
        const known = knownTo.get(message.evidence);
        return known !== undefined && known !== member && members.has(known);
      };
      const entries: Entry[] = [];
      let octets = 0;
      for (const entry of [...queue.filter((one) => !isOthers(one)), ...queue.filter(isOthers)]) {
        if (entries.length >= most || (entries.length > 0 && octets + octetsOf(entry.message) > CHUNK_OCTETS)) break;
        octets += octetsOf(entry.message);
        entries.push(entry);
        if (!isOthers(entry)) knownTo.set(entry.message.evidence, member);
      }
      const gone = new Set(entries);
      queue.splice(0, queue.length, ...queue.filter((entry) => !gone.has(entry)));
      return entries;
    }

    function hear(member: Member, answer: Answer): void {
      if (answer.kind === 'ready') {
        member.ready = true;
        failedStarts = 0;
        for (const entries of member.unsent.splice(0)) send(member, entries);
        return;
      }
      if (answer.kind === 'progress') {
        member.chunks[0]?.[answer.index]?.message.onProgress?.(answer.progress);
        return;
      }
      const entries = member.chunks.shift() ?? [];
      for (const [index, { resolve, reject }] of entries.entries()) {
        const found = answer.answer[index]!;
        if ('report' in found) resolve(found.report);
        else reject(receiveError(found.error));
      }
      dispatch(true);
    }

    /** The first chunk is what it ended over; the others it had not begun. */
    function lose(member: Member, cause: unknown): void {
      if (!members.delete(member) || over) return;
      const [first = [], ...others] = member.chunks;
      if (!member.ready) {
        failedStarts += 1;
        queue.unshift(...first.filter(({ suspect }) => !suspect), ...others.flat());
        suspects.unshift(...first.filter(({ suspect }) => suspect));
        if (failedStarts >= MAX_FAILED_STARTS) for (const { reject } of [...queue.splice(0), ...suspects.splice(0)]) reject(died(cause));
      } else {
        for (const one of first) {
          if (one.suspect) one.reject(died(cause));
          else suspects.push(Object.assign(one, { suspect: true }));
        }
        queue.unshift(...others.flat());
      }
      dispatch(true);
    }

    return {
      judge(message) {
        if (over || failedStarts >= MAX_FAILED_STARTS) return Promise.reject(died());
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
        for (const member of members) {
          member.onAnswer = () => undefined;
          member.onGone = () => undefined;
          if (closed || member.chunks.length > 0) void member.worker.terminate();
          else {
            member.worker.unref();
            idle.push(member);
          }
        }
        members.clear();
        for (const { reject } of unanswered) reject(died());
      },
    };
  }

  return {
    lease,
    close() {
      closed = true;
      for (const { worker } of idle.splice(0)) void worker.terminate();
    },
  };
}

function order(member: Member, message: Order, transfer: ArrayBuffer[] = []): void {
  member.worker.postMessage(message, transfer);
}

function isSuspect(entries: readonly Entry[]): boolean {
  return entries.some(({ suspect }) => suspect);
}

function octetsOf({ signature, content }: PreparedMessage): number {
  return signature.length + (content instanceof Uint8Array ? content.length : 0);
}

function died(cause?: unknown): NodeError {
  return new NodeError('WORKER_DIED', 'a worker of the batch ended in the middle of an item', cause === undefined ? {} : { cause });
}
