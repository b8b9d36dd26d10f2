import type { ResumableDigest } from '@hefu/crypto';
import type { Store } from '@hefu/updater';
import type { HashedContent, WantedDigest } from '@hefu/verify';
import { BrowserError } from '../error.js';
import { BROWSER_LIMITS } from '../limits.js';
import { checkpointsOf, type Checkpoints, type FileIdentity } from './checkpoint.js';
import { digestFailure } from './digest-failure.js';
import { runDigest, StoppedDigest, type DigestJob, type DigestOutcome, type DigestProgress } from './digest-job.js';
import { createRate, type DigestReport } from './rate.js';
import { FailedDigest, runInWorker, WorkerUnusable } from './run-in-worker.js';

export interface DigestFileOptions {
  /** What to compute, in one reading. A name, or with octets to hash before the file (Z of an SM2 key). Default SHA-256 and SM3. */
  readonly algorithms?: readonly (ResumableDigest['name'] | WantedDigest)[];
  readonly signal?: AbortSignal;
  /** Told a few times a second. */
  readonly onProgress?: (report: DigestReport) => void;
  /** Keeps how far it is, so that it goes on after a reload. Without one, or for a Blob without a name, nothing is kept. */
  readonly store?: Store;
  /** False: nothing is kept though there is a store. Default true. */
  readonly checkpoint?: boolean | { readonly everyOctets: number };
  /** Makes the worker; false: the page hashes. Default: a module worker beside this file. */
  readonly worker?: (() => Worker) | false;
  /** The file as it is now, where the caller can ask (`FileSystemFileHandle.getFile`): compared at the end. */
  readonly current?: () => Promise<FileIdentity>;
}

/** A file's digests, in the form that `verify` and `sign` take as content. */
export interface FileDigest extends HashedContent, FileIdentity {
  /** Octets taken over from an earlier visit. */
  readonly resumedAt: number;
  readonly ran: { readonly in: 'worker' | 'page'; readonly engine: 'wasm' | 'javascript' };
}

/** The worker that comes with this package; bundlers find it by this form. */
export const digestWorker = (): Worker => new Worker(new URL('./digest-worker.js', import.meta.url), { type: 'module' });

/**
 * Reads a file once, of any size, in constant memory, and computes its digests: in a worker, or in the page where workers are
 * refused; in WebAssembly, or in JavaScript where that is.
 * @throws BrowserError FILE_CHANGED | FILE_UNREADABLE | DIGEST_FAILED | ABORTED; a store that fails costs the checkpoint only
 */
export async function digestFile(file: Blob, options: DigestFileOptions = {}): Promise<FileDigest> {
  const { signal, onProgress, worker = digestWorker } = options;
  const identity: FileIdentity = { name: nameOf(file), size: file.size, lastModified: (file as Partial<File>).lastModified ?? 0 };
  const wanted = (options.algorithms ?? ['SHA-256', 'SM3']).map(toWanted);
  const checkpoints = options.store === undefined || options.checkpoint === false || identity.name === '' ? undefined : checkpointsOf(options.store, identity, Date.now);
  const checkpointOctets = typeof options.checkpoint === 'object' ? options.checkpoint.everyOctets : BROWSER_LIMITS.checkpointOctets;
  const report = createRate(file.size, () => performance.now());
  assertRunning(signal);

  let latest = await loadQuietly(checkpoints, wanted);
  const resumedAt = latest?.done ?? 0;
  let saving: Promise<void> = Promise.resolve();
  const hooks = {
    progress: (done: number): void => onProgress?.(report(done)),
    checkpoint: (progress: DigestProgress): void => {
      latest = progress;
      // One after the other, so that an older one never comes last.
      if (checkpoints !== undefined) saving = saving.then(() => checkpoints.save(wanted, progress)).catch(() => undefined);
    },
  };
  const job = (pieceOctets: number): DigestJob => ({ file, wanted, pieceOctets, checkpointOctets, ...(latest === undefined ? {} : { from: latest }) });
  hooks.progress(resumedAt);

  const attempt = async (): Promise<{ readonly outcome: DigestOutcome; readonly in: 'worker' | 'page' }> => {
    if (worker !== false) {
      try {
        return { outcome: await runInWorker(worker, job(BROWSER_LIMITS.workerPieceOctets), hooks, signal), in: 'worker' };
      } catch (error) {
        // Refused by the page's policy, or killed for want of memory: the page goes on from the last checkpoint.
        if (!(error instanceof WorkerUnusable)) throw error;
      }
    }
    const stopped = (): boolean => signal?.aborted === true;
    return { outcome: await runDigest(job(BROWSER_LIMITS.pagePieceOctets), { ...hooks, stopped }, typeof WebAssembly === 'undefined' ? undefined : WebAssembly), in: 'page' };
  };

  try {
    const { outcome, in: where } = await attempt();
    assertRunning(signal);
    await assertCurrent(identity, options.current);
    await saving;
    await checkpoints?.remove().catch(() => undefined);
    return {
      ...identity, length: file.size, head: outcome.head, resumedAt,
      digests: wanted.map(({ algorithm, prefix }, i) => ({ algorithm, prefix, value: outcome.values[i]! })),
      ran: { in: where, engine: outcome.engine },
    };
  } catch (error) {
    await saving;
    const failure = browserError(error, identity.name, latest !== undefined);
    // What was kept is of a file that is no more.
    if (failure.code === 'FILE_CHANGED') await checkpoints?.remove().catch(() => undefined);
    throw failure;
  }
}

function toWanted(wanted: ResumableDigest['name'] | WantedDigest): DigestJob['wanted'][number] {
  const { algorithm, prefix } = typeof wanted === 'string' ? { algorithm: wanted, prefix: new Uint8Array(0) } : wanted;
  if (algorithm !== 'SHA-256' && algorithm !== 'SM3') throw new TypeError(`a file is not hashed by ${algorithm}`);
  return { algorithm, prefix };
}

function nameOf(file: Blob): string {
  const { name } = file as Partial<File>;
  return typeof name === 'string' ? name : '';
}

async function loadQuietly(checkpoints: Checkpoints | undefined, wanted: DigestJob['wanted']): Promise<DigestProgress | undefined> {
  try {
    return await checkpoints?.load(wanted);
  } catch {
    return undefined; // a store that fails, or a record that was tampered with: begin anew
  }
}

async function assertCurrent(then: FileIdentity, current: DigestFileOptions['current']): Promise<void> {
  const now = await current?.();
  if (now !== undefined && (now.size !== then.size || now.lastModified !== then.lastModified)) throw new BrowserError('FILE_CHANGED', 'the file was written to while it was read');
}

function assertRunning(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new BrowserError('ABORTED', 'hashing was cancelled');
}

function browserError(error: unknown, name: string, readBefore: boolean): BrowserError {
  if (error instanceof BrowserError) return error;
  if (error instanceof StoppedDigest) return new BrowserError('ABORTED', 'hashing was cancelled', { cause: error });
  const { kind, ...found } = error instanceof FailedDigest ? error.failure : digestFailure(error, readBefore);
  const code = kind === 'changed' ? 'FILE_CHANGED' : kind === 'unreadable' ? 'FILE_UNREADABLE' : 'DIGEST_FAILED';
  return new BrowserError(code, `${name}: ${found.name}: ${found.message}`, { cause: error });
}
