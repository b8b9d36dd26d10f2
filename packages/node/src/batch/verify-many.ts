import type { Report } from '@hefu/verify';
import { UpdaterError } from '@hefu/updater';
import type { VerifyRequest } from '../read-request.js';
import type { PreparedMessage } from '../verify-message.js';

export interface VerifyManyOptions {
  /**
   * Threads that judge, this one among them, 1 to 64; 1, the default: this thread alone. As many as there are free cores is most that helps. The others
   * are workers, started when more waits than this thread gets done meanwhile, and kept for the next batch until the verifier is closed.
   * `auto`: as many as the process has cores, 8 at most, each started once the verifier has judged so much that one pays.
   * With workers, an item's own `signal` counts until it is handed to one.
   */
  readonly concurrency?: number | 'auto';
  /**
   * Default true. False: workers alone judge, `concurrency` of them; this thread reads, gathers and hands out, for a server whose other
   * requests should not wait for the millisecond a verdict takes.
   */
  readonly judgeHere?: boolean;
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
  readonly prepare: (request: VerifyRequest, signal: AbortSignal) => Promise<{ readonly report: Report } | { readonly message: PreparedMessage }>;
  readonly judge: (message: PreparedMessage, signal: AbortSignal) => Promise<Report>;
  /** How much may be under way: one for each item, and for each `CONTENT_UNIT` of content held in memory. */
  readonly capacity: number;
  readonly signal: AbortSignal;
  readonly total: number | undefined;
  readonly onProgress: VerifyManyOptions['onProgress'];
}

/** Under way in one thread, and for each worker: two chunks with it, and as many again that nobody needs to wait for. */
export const CAPACITY_ALONE = 8;
export const CAPACITY_OF_WORKER = 80;
const CONTENT_UNIT = 256 * 1024;
/** Items whose evidence is gathered at once. */
const PREPARING = 8;
/** Items begun and not yet handed out, over the capacity: how far one that is slow may hold up those behind it. */
const WINDOW = 4;

interface Begun {
  outcome: BatchResult | undefined;
}

/** Takes items no faster than results are taken; gives results in the order of the items. */
export async function* runBatch(requests: Iterable<VerifyRequest> | AsyncIterable<VerifyRequest>, ports: BatchPorts): AsyncGenerator<BatchResult, void, undefined> {
  // Whoever stops taking results stops what is under way for them.
  const stopping = new AbortController();
  const stopped = AbortSignal.any([ports.signal, stopping.signal]);
  const source = Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
  const preparing = slots(PREPARING);
  const changes = createSignal();
  const begun: Begun[] = [];
  let [load, done] = [0, 0];
  let taking = false;
  let exhausted = false;
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    changes.tell();
  };
  stopped.addEventListener('abort', changes.tell, { once: true });

  async function verdictOn(request: VerifyRequest): Promise<Report> {
    const release = await preparing();
    let prepared;
    try {
      if (stopped.aborted) throw aborted();
      prepared = await ports.prepare(request, stopped);
    } finally {
      release();
    }
    return 'report' in prepared ? prepared.report : ports.judge(prepared.message, stopped);
  }

  async function settle(index: number, request: VerifyRequest): Promise<BatchResult> {
    try {
      return { index, report: await verdictOn(request) };
    } catch (error) {
      return { index, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  async function begin(index: number, request: VerifyRequest): Promise<void> {
    const weight = weightOf(request);
    const one: Begun = { outcome: undefined };
    begun.push(one);
    load += weight;
    one.outcome = await settle(index, request);
    load -= weight;
    done += 1;
    if (!stopped.aborted) ports.onProgress?.({ done, ...(ports.total === undefined ? {} : { total: ports.total }) });
    changes.tell();
  }

  async function takeItems(): Promise<void> {
    for (let index = 0; !stopped.aborted; ) {
      if (load >= ports.capacity || begun.length >= ports.capacity * WINDOW) {
        await changes.next();
        continue;
      }
      taking = true;
      const next = await source.next();
      taking = false;
      if (next.done === true) break;
      begin(index++, next.value).catch(fail);
    }
    exhausted = true;
    changes.tell();
  }

  try {
    if (stopped.aborted) throw aborted();
    takeItems().catch(fail);
    for (;;) {
      if (stopped.aborted) throw aborted();
      if (failure !== undefined) throw failure.error;
      const outcome = begun[0]?.outcome;
      if (outcome !== undefined) {
        begun.shift();
        changes.tell();
        yield outcome;
      } else if (exhausted && begun.length === 0) return;
      else await changes.next();
    }
  } finally {
    stopping.abort();
    // One that never gives its next item would not end either.
    const ended = exhausted ? undefined : Promise.resolve(source.return?.());
    if (taking) ended?.catch(() => undefined);
    else await ended;
  }
}

function weightOf({ content }: VerifyRequest): number {
  return 1 + (content instanceof Uint8Array ? Math.floor(content.length / CONTENT_UNIT) : 0);
}

/** Wakes whoever waits for something to be different. */
function createSignal(): { readonly tell: () => void; next(): Promise<void> } {
  let waiting: (() => void)[] = [];
  return {
    tell: () => {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
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
