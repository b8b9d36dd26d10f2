// A worker that hashes one file. It reports once it runs, so that the page can tell a worker refused by its policy from one at work.
import { runDigest, type DigestJob } from './digest-job.js';
import { digestFailure } from './digest-failure.js';
import type { WorkerMessage } from './worker-messages.js';

interface Scope {
  onmessage: ((event: { readonly data: DigestJob }) => void) | null;
  postMessage(message: WorkerMessage): void;
}

const scope = globalThis as unknown as Scope;
scope.onmessage = ({ data: job }) => {
  let read = job.from !== undefined;
  runDigest(job, {
    progress: (done) => {
      read = true;
      scope.postMessage({ type: 'progress', done });
    },
    checkpoint: (progress) => scope.postMessage({ type: 'checkpoint', progress }),
    stopped: () => false, // the page ends the worker
  }, typeof WebAssembly === 'undefined' ? undefined : WebAssembly).then(
    (outcome) => scope.postMessage({ type: 'done', outcome }),
    (error: unknown) => scope.postMessage({ type: 'failed', failure: digestFailure(error, read) }),
  );
};
scope.postMessage({ type: 'ready' });
