import { createJudgeCaches } from '../caches.js';
import { readContext } from '../context.js';
import { createSpending, DEFAULT_BUDGET } from '../path/budget.js';
import { requiredSha256 } from '../required-digest.js';
import type { SealQuestion, TimestampJudge } from '../seal/input.js';
import { Proofs } from '../time/proofs.js';
import { judgeTimestamp } from '../verdicts-in-words.js';

/** What a judge of time-stamps needs to know. */
export type TimestampJudgeInput = Pick<SealQuestion, 'evidence' | 'trustList' | 'policy' | 'algorithms' | 'at' | 'context' | 'budget' | 'caches'>;

/** Judges time-stamps outside messages, of seals and of PDF documents, by the list's services of kind `tsa`. */
export function timestampJudge(input: TimestampJudgeInput): TimestampJudge {
  const { algorithms, budget = DEFAULT_BUDGET } = input;
  const context = readContext(input.context);
  const common = { ...input, context, budget, caches: input.caches ?? createJudgeCaches(), candidateCertificates: [], proofs: new Proofs(requiredSha256(algorithms)), past: false };
  // One budget for all of them: how many there are is up to a stranger.
  const spending = createSpending();
  return async (token, octets) => {
    const { report, time } = await judgeTimestamp({ ...common, spending, kind: 'evidence', token, octets, subject: 'time-stamp' });
    return { outcome: report.conclusion, ...(time === undefined ? {} : { genTime: time }) };
  };
}
