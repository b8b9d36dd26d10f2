import type { Certificate } from '@hefu/pki';
import { conclude } from './conclude.js';
import type { Diagnosis } from './diagnose/model.js';
import type { JudgeInput } from './judge-message.js';
import { judgeCertificate } from './judge-certificate.js';
import { bestSignatureTime, delayFailure, orderFailure, type ValidTimestamp } from './process/best-signature-time.js';
import { sourcesOf } from './process/place-in-time.js';
import type { Reason, SignerReport, TimestampReport } from './report.js';
import type { SignatureFacts } from './signature/check-signature.js';
import { signerFindings } from './signer-findings.js';
import { algorithmReasons, claimDiffers, signatureReasons, variantReasons } from './signer-reasons.js';

/** What a verdict on a signature outside a SignedData depends on; each member as of `JudgeInput`. */
export type JudgeSurroundings = Omit<JudgeInput, 'signed' | 'content' | 'proofs'>;

export interface JudgeValueInput {
  readonly input: JudgeSurroundings;
  readonly facts: SignatureFacts;
  readonly certificate: Certificate;
  /** Certificates that came along. Untrusted. */
  readonly carried: readonly Certificate[];
  readonly subject: string;
  /** Of the list, and of whatever the signature is written in. */
  readonly reasons: readonly Reason[];
  readonly diagnosis?: Diagnosis;
  readonly valueForm?: string;
  /** Time-stamps over the signature that were judged, and those of them that hold. */
  readonly timestamps?: { readonly reports: readonly TimestampReport[]; readonly valid: readonly ValidTimestamp[] };
}

/** Judges who signed and when, where the mathematics is known: path, trust, revocation and identity as for any message. */
export async function judgeValue({ input, facts, certificate, carried, subject, reasons: other, diagnosis, valueForm, timestamps }: JudgeValueInput): Promise<SignerReport> {
  const { policy, context, at } = input;
  const { bestSignatureTime: received, ...rest } = input;
  const counted = sourcesOf(policy, context.scene).includes('receipt') ? received : undefined;
  const valid = timestamps?.valid ?? [];
  const best = bestSignatureTime(valid, counted, at);
  const proven = best.source === 'validation time' ? undefined : best.best;
  const verdict = await judgeCertificate(Object.assign({}, rest, { certificate, candidateCertificates: carried, ...(proven === undefined ? {} : { bestSignatureTime: proven }) }));
  const timeReasons = [orderFailure(valid, counted, policy.clockSkew, 'timestamps'), delayFailure(best, facts.claimedSigningTime, policy.scenes[context.scene].timestampDelay, subject)];
  const reasons = [
    ...signatureReasons(facts, subject, diagnosis),
    ...algorithmReasons(facts, policy, proven ?? at, subject, proven === undefined && context.scene === 'archive'),
    ...timeReasons.flatMap((reason) => reason ?? []),
    ...variantReasons(facts, verdict, input, subject),
    ...verdict.reasons,
    ...other,
  ];
  const claimed = facts.claimedSigningTime;
  const warnings = [
    ...(claimed !== undefined && claimDiffers(claimed, best.best, policy) ? ['CLAIMED_TIME_DIFFERS' as const] : []),
    ...(verdict.identity?.warnings ?? []),
    ...verdict.warnings,
    ...(timestamps !== undefined && valid.length < timestamps.reports.length ? ['TIMESTAMP_NOT_COUNTED' as const] : []),
  ];
  return Object.assign({}, conclude(reasons, context.scene), {
    reasons,
    checks: [...facts.checks, ...verdict.checks],
    ...signerFindings(facts, verdict),
    warnings: [...new Set(warnings)],
    ...(timestamps === undefined || timestamps.reports.length === 0 ? {} : { timestamps: timestamps.reports }),
    ...(valueForm === undefined ? {} : { valueForm }),
    ...(timestamps === undefined || timestamps.reports.length === 0 ? {} : { bestSignature: { time: new Date(best.best).toISOString(), source: best.source } }),
  });
}
