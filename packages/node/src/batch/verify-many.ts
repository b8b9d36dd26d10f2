import { setImmediate } from 'node:timers/promises';
import type { Report } from '@hefu/verify';
import { UpdaterError } from '@hefu/updater';
import { NodeError } from '../error.js';
import type { VerifyRequest } from '../read-request.js';
import type { PreparedItem } from './job.js';
import type { WorkerPool } from './worker-pool.js';

export interface VerifyManyOptions {
  /** Worker threads, 0 to 64; 0, the default: this thread alone. Small messages gain nothing from threads; see docs/performance.md. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** After each item, in whatever order they are done; `total` where the items were given as an array. What it throws ends the batch. */
  readonly onProgress?: (progress: BatchProgress) => void;
}

export interface BatchProgress {
  readonly done: number;
  readonly total?: number;
}

/** One item's outcome. `index` is its place among the items. */
export type BatchResult =
  | { readonly index: number; readonly report: Report; readonly error?: undefined }
  /** What `verify` would have thrown for it; NodeError WORKER_DIED where two workers ended over it. */
  | { readonly index: number; readonly report?: undefined; readonly error: Error };

export interface BatchPorts {
  /** Reads an item and gathers its evidence; a report for a message that could not be read. */
  readonly prepare: (request: VerifyRequest, signal: AbortSignal) => Promise<{ readonly report: Report } | { readonly item: PreparedItem }>;
  readonly judge: (item: PreparedItem) => Promise<Report>;
  /** Undefined: this thread. */
  readonly pool: WorkerPool | undefined;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly total: number | undefined;
  readonly onProgress: VerifyManyOptions['onProgress'];
}

/** Items read and not yet judged, so contents held in memory, for each worker. */
const READ_AHEAD = 2;
/** Items begun and not yet handed out, for each worker: how far one that is slow may hold up those behind it. */
const WINDOW = 16;

/** Takes items no faster than results are taken; gives results in the order of the items. */
export async function* runBatch(requests: Iterable<VerifyRequest> | AsyncIterable<VerifyRequest>, ports: BatchPorts): AsyncGenerator<BatchResult, void, undefined> {
  const { pool, signal } = ports;
  const workers = Math.max(1, ports.concurrency);
  // Whoever stops taking results stops what is under way for them.
  const stopping = new AbortController();
  const stopped = AbortSignal.any([signal, stopping.signal]);
  const acquire = slots(workers * READ_AHEAD);
  const source = Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
  const pending: Promise<BatchResult>[] = [];
  const abort = new Promise<never>((_, reject) => stopped.addEventListener('abort', () => reject(aborted()), { once: true }));
  abort.catch(() => undefined);
  let done = 0;

  async function verdictOn(request: VerifyRequest): Promise<Report> {
    for (let attempt = 1; ; attempt++) {
      const prepared = await ports.prepare(request, stopped);
      if ('report' in prepared) return prepared.report;
      if (pool === undefined) {
        await setImmediate();
        return ports.judge(prepared.item);
      }
      try {
        return await pool.judge(prepared.item);
      } catch (error) {
        // Once elsewhere: it may not have been this item's doing. Read anew, since the content may have gone with the worker.
        if (attempt > 1 || stopped.aborted || !(error instanceof NodeError) || error.code !== 'WORKER_DIED') throw error;
      }
    }
  }

  async function settle(index: number, request: VerifyRequest): Promise<BatchResult> {
    const release = await acquire();
    try {
      if (stopped.aborted) throw aborted();
      return { index, report: await verdictOn(request) };
    } catch (error) {
      if (stopped.aborted) throw aborted();
      return { index, error: error instanceof Error ? error : new Error(String(error)) };
    } finally {
      release();
    }
  }

  function begin(index: number, request: VerifyRequest): Promise<BatchResult> {
    const result = settle(index, request).then((outcome) => {
      done += 1;
      ports.onProgress?.({ done, ...(ports.total === undefined ? {} : { total: ports.total }) });
      return outcome;
    });
    result.catch(() => undefined);
    return result;
  }

  try {
    if (stopped.aborted) throw aborted();
    let next: Promise<IteratorResult<VerifyRequest>> | undefined;
    let exhausted = false;
    for (let index = 0; !exhausted || pending.length > 0; ) {
      if (!exhausted && pending.length < workers * WINDOW) {
        next ??= Promise.resolve(source.next());
        const taken = await Promise.race([next, abort, ...(pending.length === 0 ? [] : [pending[0]!])]);
        if ('done' in taken || !('index' in taken)) {
          next = undefined;
          if (taken.done === true) exhausted = true;
          else pending.push(begin(index++, taken.value as VerifyRequest));
          continue;
        }
      }
      yield await Promise.race([pending.shift()!, abort]);
    }
  } finally {
    stopping.abort();
    pool?.close();
    await source.return?.();
  }
}

/** That many at once, the others in the order they came. */
function slots(count: number): () => Promise<() => void> {
  const waiting: (() => void)[] = [];
  let free = count;
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return release;
  };
}

function aborted(): UpdaterError {
  return new UpdaterError('ABORTED', 'the batch was stopped');
}
