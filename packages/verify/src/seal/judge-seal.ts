import type { Seal } from '@hefu/pki';
import { createJudgeCaches } from '../caches.js';
import { conclude } from '../conclude.js';
import { readContext, requireTimes } from '../context.js';
import { judgeList } from '../judge-list.js';
import { reportFrame } from '../report-frame.js';
import { inWords } from '../remedies.js';
import { requiredSha256 } from '../required-digest.js';
import type { SealQuestion } from './input.js';
import type { SealReport } from './report.js';
import { judgeSealItself, summariseSeal } from './seal-itself.js';
import { judgeSealTimestamps } from './timestamps.js';

export interface JudgeSealInput extends SealQuestion {
  readonly seal: Seal;
}

/**
 * Judges a seal by itself (GB/T 38540-2020 §6.2): made by a listed seal maker, unaltered, and within its dates at `at`.
 * Whether somebody may use it is a question of the signature made with it: {@link judgeSealSignature}.
 * @throws VerifyError CONTEXT_INVALID
 */
export async function judgeSeal(input: JudgeSealInput): Promise<SealReport> {
  requireTimes(input);
  const context = readContext({ purpose: 'seal', ...input.context });
  const { seal, trustList, policy, algorithms, at, bestSignatureTime, evidence } = input;
  const caches = input.caches ?? createJudgeCaches();
  const question: SealQuestion = { ...input, caches, context };
  const lists = inWords(judgeList(caches.anchorsOf(trustList, requiredSha256(algorithms)).federation, {
    scene: policy.scenes[context.scene], again: context.scene === 'archive', region: context.region, purpose: context.purpose, at, clockSkew: policy.clockSkew,
  }));
  const { timestamps } = await judgeSealTimestamps([{ of: 'seal', token: seal.timeStamp, over: seal.signature }], question);
  const found = await judgeSealItself(seal, question, [{ what: 'receipt', at: bestSignatureTime ?? at }]);
  return {
    type: 'hefu-seal-report',
    version: 1,
    object: 'seal',
    ...conclude([...found.reasons, ...lists.reasons], context.scene),
    ...reportFrame({ trustList, policy, algorithms, at, context, ...(bestSignatureTime === undefined ? {} : { signed: { at: bestSignatureTime, source: 'caller' } }) }),
    seal: summariseSeal(seal, input),
    maker: found.maker,
    timestamps,
    checks: found.checks,
    gaps: evidence.gaps.map(({ code, what, detail }) => ({ code, what, ...(detail === undefined ? {} : { detail }) })),
    warnings: [...new Set([...lists.warnings, ...found.warnings, ...(timestamps.some(({ outcome }) => outcome === 'not-checked') ? ['TIMESTAMP_NOT_CHECKED' as const] : [])])],
  };
}
