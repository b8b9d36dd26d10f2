import type { Algorithms } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { isSnapshot, type Trust } from '@hefu/trust-list';
import type { readContext } from './context.js';
import type { Policy } from './policy.js';
import { policyBytes } from './policy/policy-bytes.js';
import type { Report } from './report.js';
import { requiredSha256 } from './required-digest.js';

/** The members that say under which question, list and policy a verdict was given. */
export type ReportFrame = Pick<Report, 'scene' | 'region' | 'transaction' | 'purpose' | 'times' | 'trustList' | 'policy'>;

export interface FrameInput {
  readonly trustList: Trust;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  readonly at: number;
  /** With where it is from; undefined: nothing proves one. */
  readonly signed?: { readonly at: number; readonly source: string };
  readonly context: ReturnType<typeof readContext>;
}

export function reportFrame({ trustList, policy, algorithms, at, signed, context }: FrameInput): ReportFrame {
  const top = isSnapshot(trustList) ? trustList.list : trustList;
  return {
    scene: context.scene,
    region: context.region,
    ...(context.transaction === undefined ? {} : { transaction: context.transaction }),
    purpose: context.purpose,
    times: {
      validation: new Date(at).toISOString(),
      bestSignature: new Date(signed?.at ?? at).toISOString(),
      sources: { validation: 'caller', bestSignature: signed?.source ?? 'validation time' },
    },
    trustList: { id: top.listId, sequence: top.sequence, sha256: top.sha256 },
    policy: { id: policy.id, sha256: hexOf(requiredSha256(algorithms).digest(policyBytes(policy))) },
  };
}
