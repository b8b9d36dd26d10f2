import type { DigestOutcome, DigestProgress } from './digest-job.js';

/** From the worker to the page; the other way goes a `DigestJob`, once. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'checkpoint'; readonly progress: DigestProgress }
  | { readonly type: 'done'; readonly outcome: DigestOutcome }
  | { readonly type: 'failed'; readonly failure: DigestFailure };

/** An error on its way out of a worker, where classes are lost. */
export interface DigestFailure {
  readonly kind: 'changed' | 'unreadable' | 'other';
  /** The platform's name for it: NotReadableError, NotFoundError, … */
  readonly name: string;
  readonly message: string;
}
