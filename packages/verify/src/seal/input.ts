import type { Algorithms } from '@hefu/crypto';
import type { Trust } from '@hefu/trust-list';
import type { JudgeCaches } from '../caches.js';
import type { JudgeContext } from '../context.js';
import type { Evidence } from '../evidence.js';
import type { Budget } from '../path/budget.js';
import type { Policy } from '../policy.js';

/** How a time-stamp token came out. */
export interface TimestampAnswer {
  readonly outcome: 'passed' | 'failed' | 'indeterminate';
  /** Epoch milliseconds; of a passed one it proves that what it is over existed then. */
  readonly genTime?: number;
}

/**
 * Judges a time-stamp token. Given by whoever has the trust list's time-stamp authorities at hand.
 * @param token DER
 * @param over the octets it must be of
 */
export type TimestampJudge = (token: Uint8Array, over: Uint8Array) => Promise<TimestampAnswer>;

/** Everything a verdict on a seal depends on, beside the seal itself. */
export interface SealQuestion {
  readonly evidence: Evidence;
  readonly trustList: Trust;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  /** Validation time, epoch milliseconds. */
  readonly at: number;
  /** Trusted time of receipt, when the platform has one; epoch milliseconds. */
  readonly bestSignatureTime?: number;
  /** `purpose` defaults to `seal`. */
  readonly context: JudgeContext;
  /** OIDs of extension data the caller understands and has obeyed; a critical one that is not among them is refused. */
  readonly knownExtensions?: readonly string[];
  /** Without it time-stamps are reported as not checked and count for nothing. */
  readonly judgeTimestamp?: TimestampJudge;
  readonly budget?: Budget;
  readonly caches?: JudgeCaches;
}
