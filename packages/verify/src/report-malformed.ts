import type { Algorithms } from '@hefu/crypto';
import { hexOf, type PkiError } from '@hefu/pki';
import { isSnapshot, type Trust } from '@hefu/trust-list';
import { conclude } from './conclude.js';
import { readContext, requireTimes, type JudgeContext } from './context.js';
import type { Policy } from './policy.js';
import { policyBytes } from './policy/policy-bytes.js';
import { makeReason } from './remedies.js';
import type { Report } from './report.js';
import { requiredSha256 } from './required-digest.js';

export interface MalformedInput {
  readonly at: number;
  readonly bestSignatureTime?: number;
  readonly context: JudgeContext;
  readonly policy: Policy;
  readonly trustList?: Trust;
  readonly algorithms: Algorithms;
}

/**
 * The report on a message that could not be read: failed, FORMAT_FAILURE (EN 319 102-1 §5.2.2).
 * @throws VerifyError CONTEXT_INVALID
 */
export function reportMalformed(error: PkiError, input: MalformedInput): Report {
  const context = readContext(input.context);
  requireTimes(input);
  const { policy } = input;
  const trustList = input.trustList !== undefined && isSnapshot(input.trustList) ? input.trustList.list : input.trustList;
  const other = error.code === 'WRONG_STRUCTURE' || error.code === 'CONTENT_TYPE_UNSUPPORTED' || error.code === 'PEM_WRONG_LABEL';
  const reasons = [makeReason(other ? 'MESSAGE_NOT_SIGNED_DATA' : 'MESSAGE_MALFORMED', { subject: 'message', actual: other ? error.detected ?? error.code : error.code })];
  return {
    type: 'hefu-report',
    version: 1,
    ...conclude(reasons, context.scene),
    scene: context.scene,
    region: context.region,
    ...(context.transaction === undefined ? {} : { transaction: context.transaction }),
    purpose: context.purpose,
    times: {
      validation: new Date(input.at).toISOString(),
      bestSignature: new Date(input.bestSignatureTime ?? input.at).toISOString(),
      sources: { validation: 'caller', bestSignature: input.bestSignatureTime === undefined ? 'validation time' : 'caller' },
    },
    ...(trustList === undefined ? {} : { trustList: { id: trustList.listId, sequence: trustList.sequence, sha256: trustList.sha256 } }),
    policy: { id: policy.id, sha256: hexOf(requiredSha256(input.algorithms).digest(policyBytes(policy))) },
    content: { attached: false, digests: {} },
    signers: [],
    gaps: [],
    warnings: [],
  };
}
