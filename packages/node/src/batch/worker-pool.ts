import { Worker, type TransferListItem } from 'node:worker_threads';
import type { Report } from '@hefu/verify';
import { NodeError } from '../error.js';
import { SentCrls, type BatchSettings, type JobAnswer, type PreparedItem } from './job.js';

const ENTRY = new URL('./worker.js', import.meta.url);

/** Judges items in threads of their own. */
export interface WorkerPool {
  /** @throws NodeError WORKER_DIED: the thread is gone with the item; another may be tried */
  judge(item: PreparedItem): Promise<Report>;
  close(): void;
}

interface Member {
  readonly worker: Worker;
  readonly sent: SentCrls;
  settle: ((answer: JobAnswer | NodeError) => void) | undefined;
}

/**
 * At most `size` workers, started when there is something for them to do. One item is with a worker at a time, so that
 * of a worker that dies it is known over what.
 */
export function createWorkerPool(size: number, settings: BatchSettings, entry: URL = ENTRY): WorkerPool {
  const members = new Set<Member>();
  const idle: Member[] = [];
  const waiting: ((member: Member | NodeError) => void)[] = [];
  let closed = false;

  function start(): Member {
    const worker = new Worker(entry, { workerData: settings, name: 'hefu verifyMany' });
    const member: Member = { worker, sent: new SentCrls(), settle: undefined };
    members.add(member);
    const gone = (cause?: unknown): void => {
      if (!members.delete(member)) return;
      const at = idle.indexOf(member);
      if (at >= 0) idle.splice(at, 1);
      member.settle?.(died(cause));
      const next = closed ? undefined : waiting.shift();
      if (next !== undefined) next(start());
    };
    worker.on('message', (answer: JobAnswer) => member.settle?.(answer));
    worker.on('error', gone);
    worker.on('messageerror', (error) => {
      gone(error);
      void worker.terminate();
    });
    worker.on('exit', () => gone());
    return member;
  }

  function take(): Promise<Member> {
    if (closed) throw died();
    const free = idle.pop();
    if (free !== undefined) return Promise.resolve(free);
    if (members.size < size) return Promise.resolve(start());
    return new Promise((resolve, reject) => waiting.push((given) => (given instanceof NodeError ? reject(given) : resolve(given))));
  }

  function giveBack(member: Member): void {
    if (!members.has(member)) return;
    const next = waiting.shift();
    if (next === undefined) idle.push(member);
    else next(member);
  }

  return {
    async judge(item) {
      const member = await take();
      const answer = await new Promise<JobAnswer | NodeError>((resolve) => {
        member.settle = resolve;
        // Between being given and used, a worker may have gone.
        if (!members.has(member)) return resolve(died());
        const transfer: TransferListItem[] = item.ownsContent && item.content instanceof Uint8Array ? [item.content.buffer as ArrayBuffer] : [];
        member.worker.postMessage(member.sent.pack(item), transfer);
      });
      member.settle = undefined;
      giveBack(member);
      if (answer instanceof NodeError) throw answer;
      if ('failure' in answer) throw new NodeError('WORKER_FAILED', `${answer.failure.name}: ${answer.failure.message}`);
      return answer.report;
    },
    close() {
      closed = true;
      for (const { worker } of members) void worker.terminate();
      for (const give of waiting.splice(0)) give(died());
    },
  };
}

function died(cause?: unknown): NodeError {
  return new NodeError('WORKER_DIED', 'a worker of the batch ended in the middle of an item', cause === undefined ? {} : { cause });
}
