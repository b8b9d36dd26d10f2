import type { SealQuestion } from './input.js';
import type { SealTimestamp } from './report.js';

export interface CarriedToken {
  readonly of: SealTimestamp['of'];
  readonly token: Uint8Array | undefined;
  readonly over: Uint8Array;
}

export interface JudgedTimestamps {
  readonly timestamps: readonly SealTimestamp[];
  /** Earliest time at which the signature is proven to exist. */
  readonly proven: number | undefined;
}

/** A time-stamp adds proof and never takes any away: one that fails, or that nobody checked, counts for nothing (EN 319 102-1 §5.5.4). */
export async function judgeSealTimestamps(carried: readonly CarriedToken[], { judgeTimestamp, at }: SealQuestion): Promise<JudgedTimestamps> {
  const timestamps: SealTimestamp[] = [];
  let proven: number | undefined;
  for (const { of, token, over } of carried) {
    if (token === undefined) continue;
    if (judgeTimestamp === undefined) {
      timestamps.push({ of, outcome: 'not-checked' });
      continue;
    }
    const { outcome, genTime } = await judgeTimestamp(token, over);
    const counts = outcome === 'passed' && genTime !== undefined && genTime <= at;
    timestamps.push({ of, outcome: outcome === 'passed' && !counts ? 'indeterminate' : outcome, ...(counts ? { genTime: new Date(genTime).toISOString() } : {}) });
    if (counts && of === 'signature') proven = Math.min(proven ?? genTime, genTime);
  }
  return { timestamps, proven };
}
