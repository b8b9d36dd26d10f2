import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { SentObjects } from './chunk.js';
import { createLease, type Answer, type Crew, type LeaseOptions, type Member, type WorkerLease } from './worker-lease.js';

/** In a published package the worker is one file, which starts several times as fast. */
const BUNDLED = new URL('../bundled/worker.js', import.meta.url);
const ENTRY = existsSync(BUNDLED) ? BUNDLED : new URL('./worker.js', import.meta.url);

/** For what a verdict leaves behind. A worker has a few megabytes unless told, and collects ten times as often. */
const YOUNG_GENERATION_MB = 48;

/** Worker threads of a verifier: kept between batches with what they have learnt, and in no process's way when it wants to end. */
export interface WorkerPool {
  lease(options: LeaseOptions): WorkerLease;
  /** Ends those that nobody uses; those in use end with their lease. */
  close(): void;
}

export function createWorkerPool(entry: URL = ENTRY): WorkerPool {
  const idle: Member[] = [];
  let closed = false;

  function start(): Member {
    const worker = new Worker(entry, { name: 'hefu verifyMany', resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB } });
    const member: Member = { worker, sent: new SentObjects(), settings: undefined, ready: false, chunks: [], onAnswer: () => undefined, onGone: () => undefined };
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
      if (gone) return;
      // Also while it is nobody's: its batch may have ended before it was there.
      if (answer.kind === 'ready') member.ready = true;
      member.onAnswer(answer);
    });
    worker.on('error', end);
    worker.on('messageerror', end);
    worker.on('exit', () => end());
    return member;
  }

  const crew: Crew = {
    idle: () => idle.pop(),
    start,
    leave(member) {
      member.onAnswer = () => undefined;
      member.onGone = () => undefined;
      if (closed || member.chunks.length > 0) void member.worker.terminate();
      else {
        member.worker.unref();
        idle.push(member);
      }
    },
    judged: 0,
  };

  return {
    lease: (options) => createLease(options, crew),
    close() {
      closed = true;
      for (const { worker } of idle.splice(0)) void worker.terminate();
    },
  };
}
