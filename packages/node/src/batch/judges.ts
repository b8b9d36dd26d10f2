import { availableParallelism } from 'node:os';
import type { VerifyManyOptions } from './verify-many.js';

/** Who judges a batch. */
export interface Judges {
  /** Workers at most. */
  readonly size: number;
  readonly judgeHere: boolean;
  readonly sparing: boolean;
}

const MAX_CONCURRENCY = 64;
/** Threads that are taken unasked: each worker holds the judge, compiled, and CRLs of its own. */
const MAX_AUTO = 8;

/** @throws TypeError */
export function judgesOf({ concurrency = 1, judgeHere = true }: Pick<VerifyManyOptions, 'concurrency' | 'judgeHere'>, ownAlgorithms: boolean): Judges {
  if (concurrency !== 'auto' && (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY)) throw new TypeError(`concurrency is a whole number from 1 to ${MAX_CONCURRENCY}, or auto`);
  if (typeof judgeHere !== 'boolean') throw new TypeError('judgeHere is true or false');
  if (ownAlgorithms && ((concurrency !== 'auto' && concurrency > 1) || !judgeHere)) throw new TypeError('algorithms of its own stay in the thread of the verifier: concurrency must be 1');
  const cores = concurrency === 'auto' ? Math.min(availableParallelism(), MAX_AUTO) : concurrency;
  return { size: ownAlgorithms ? 0 : cores - (judgeHere ? 1 : 0), judgeHere, sparing: concurrency === 'auto' };
}
