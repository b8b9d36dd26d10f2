import { BROWSER_LIMITS } from '../limits.js';
import { StoppedDigest, type DigestHooks, type DigestJob, type DigestOutcome } from './digest-job.js';
import type { DigestFailure, WorkerMessage } from './worker-messages.js';

/** The worker did not come, or broke: nothing is said of the file. */
export class WorkerUnusable extends Error {}

/** The file could not be hashed. */
export class FailedDigest extends Error {
  readonly failure: DigestFailure;
  constructor(failure: DigestFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** @throws WorkerUnusable, FailedDigest, StoppedDigest; ends the worker in every case */
export function runInWorker(make: () => Worker, job: DigestJob, hooks: Pick<DigestHooks, 'progress' | 'checkpoint'>, signal?: AbortSignal): Promise<DigestOutcome> {
  return new Promise((resolve, reject) => {
    let worker: Worker;
    try {
      worker = make();
    } catch (cause) {
      // A SecurityError here, an error event elsewhere: browsers differ in how a policy refuses.
      reject(new WorkerUnusable(`no worker: ${String(cause)}`));
      return;
    }
    const onAbort = (): void => settle(() => reject(new StoppedDigest('aborted')));
    const late = setTimeout(() => settle(() => reject(new WorkerUnusable('the worker did not start'))), BROWSER_LIMITS.workerStartMs);
    function settle(end: () => void): void {
      clearTimeout(late);
      signal?.removeEventListener('abort', onAbort);
      worker.terminate();
      end();
    }
    signal?.addEventListener('abort', onAbort);
    worker.onerror = (event) => {
      event.preventDefault?.();
      settle(() => reject(new WorkerUnusable(`the worker failed: ${event.message ?? 'refused'}`)));
    };
    worker.onmessageerror = () => settle(() => reject(new WorkerUnusable('the worker could not be understood')));
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      switch (data.type) {
        case 'ready':
          clearTimeout(late);
          worker.postMessage(job);
          break;
        case 'progress': hooks.progress(data.done); break;
        case 'checkpoint': hooks.checkpoint(data.progress); break;
        case 'done': settle(() => resolve(data.outcome)); break;
        case 'failed': settle(() => reject(new FailedDigest(data.failure))); break;
      }
    };
  });
}
