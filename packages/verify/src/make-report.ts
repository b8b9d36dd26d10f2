import type { Federation } from '@hefu/trust-list';
import { createJudgeCaches } from './caches.js';
import type { WarningCode } from './codes.js';
import { conclude } from './conclude.js';
import type { readContext } from './context.js';
import type { JudgeInput } from './judge-message.js';
import { sourcesOf } from './process/place-in-time.js';
import type { Reason, Report } from './report.js';
import { requiredSha256 } from './required-digest.js';
import { checkRequirements, type JudgedSigner } from './required-signers.js';
import { citeLists } from './trust/cite.js';

export interface ReportParts {
  readonly input: Pick<JudgeInput, 'at' | 'bestSignatureTime' | 'policy' | 'algorithms' | 'evidence' | 'caches'>;
  readonly context: ReturnType<typeof readContext>;
  readonly federation: Federation;
  /** Everything that speaks against it, of the message and of all signers. */
  readonly reasons: readonly Reason[];
  readonly content: Report['content'];
  readonly signers: readonly JudgedSigner[];
  /** Of the list; those of signers are taken from them. */
  readonly warnings: readonly WarningCode[];
  readonly family?: 'jws' | 'raw';
}

/** The report: concluded from its reasons and from who had to sign, with what it rests on. */
export function makeReport({ input, context, federation, reasons, content, signers: judged, warnings, family }: ReportParts): Report {
  const { policy, algorithms, at, evidence } = input;
  const signers = judged.map(({ report }) => report);
  // Where nobody was judged, nothing is said of who is missing.
  const required = context.requireSigners === undefined || judged.length === 0 ? undefined : checkRequirements(context.requireSigners, judged);
  const verdict = conclude([...reasons, ...(required?.reasons ?? [])], context.scene);
  const stated = sourcesOf(policy, context.scene).includes('receipt') ? input.bestSignatureTime : undefined;
  const best = signers[0]?.bestSignature ?? { time: new Date(stated ?? at).toISOString(), source: stated === undefined ? 'validation time' : 'caller' };
  const identity = signers[0]?.identity;
  return {
    type: 'hefu-report',
    version: 1,
    ...verdict,
    reasons: unique(verdict.reasons),
    scene: context.scene,
    region: context.region,
    ...(context.transaction === undefined ? {} : { transaction: context.transaction }),
    purpose: context.purpose,
    times: { validation: new Date(at).toISOString(), bestSignature: best.time, sources: { validation: 'caller', bestSignature: best.source } },
    trustList: { id: federation.top.listId, sequence: federation.top.sequence, sha256: federation.top.sha256 },
    ...(federation.snapshot === undefined ? {} : { trustLists: citeLists(federation, context.region) }),
    policy: { id: policy.id, sha256: (input.caches ?? createJudgeCaches()).policySha256(policy, requiredSha256(algorithms)) },
    content,
    signers,
    ...(identity === undefined ? {} : { identity }),
    gaps: evidence.gaps.map((gap) => ({ code: gap.code, what: gap.what, ...(gap.detail === undefined ? {} : { detail: gap.detail }) })),
    warnings: [...new Set([...warnings, ...signers.flatMap((signer) => signer.warnings)])],
    ...(family === undefined ? {} : { family }),
    ...(required === undefined ? {} : { requiredSigners: required.met }),
  };
}

function unique(reasons: readonly Reason[]): Reason[] {
  const seen = new Set<string>();
  return reasons.filter((reason) => {
    const key = `${reason.code}|${reason.subject ?? ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
