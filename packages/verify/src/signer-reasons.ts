import type { JudgeContext } from './context.js';
import type { Diagnosis } from './diagnose/model.js';
import type { CertificateVerdict } from './judge-certificate.js';
import type { MessageVariant, Policy } from './policy.js';
import { makeReason } from './reason.js';
import type { Reason } from './report.js';
import type { SignatureFacts } from './signature/check-signature.js';

/** What the mathematics says, with the mistake that it was where one is recognisable. */
export function signatureReasons({ failure }: SignatureFacts, subject: string, diagnosis?: Diagnosis): Reason[] {
  if (failure === undefined) return [];
  const reason = makeReason(failure.code, {
    subject,
    ...(failure.expected === undefined ? {} : { expected: failure.expected }),
    ...(failure.actual === undefined ? {} : { actual: failure.actual }),
  });
  return [diagnosis === undefined ? reason : { ...reason, diagnosis }];
}

/** The policy's word on algorithms: named in its lists and not past their sunset. */
export function algorithmReasons(signature: SignatureFacts, policy: Policy, at: number, subject: string, noPoe: boolean): Reason[] {
  const { signatures, digests, sunset } = policy.algorithms;
  const refuse = (name: string | undefined, allowed: readonly string[]): Reason[] => {
    if (name === undefined) return [];
    if (!allowed.includes(name)) return [makeReason('ALGORITHM_REFUSED', { subject, actual: name })];
    return (sunset?.[name] ?? Number.POSITIVE_INFINITY) <= at ? [makeReason('ALGORITHM_REFUSED', { subject, actual: name, noPoe })] : [];
  };
  return [...refuse(signature.signatureAlgorithm, signatures), ...refuse(signature.digestAlgorithm, digests)];
}

/** A clock that is off by more than a day, or ahead of the platform's, is worth a word; a claimed time proves nothing. */
export function claimDiffers(claimed: number, best: number, { clockSkew }: Policy): boolean {
  return claimed > best + clockSkew || claimed < best - 86_400_000;
}

/** A form counts when the CA's entry in the list names it, or, where the entry is silent, when the scene does. */
export function variantReasons(signature: SignatureFacts, verdict: CertificateVerdict, { policy, context }: { readonly policy: Policy; readonly context: JudgeContext }, subject: string): Reason[] {
  const { variant } = signature;
  if (variant === undefined) return [];
  const allowed: readonly (MessageVariant | string)[] = verdict.service?.messageVariants ?? policy.scenes[context.scene].messageVariants;
  if (allowed.includes(variant)) return [];
  return [makeReason('MESSAGE_VARIANT_REFUSED', { subject, expected: allowed.join(', '), actual: variant })];
}
