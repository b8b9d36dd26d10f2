import type { TrustService } from '@hefu/trust-list';
import type { JudgeContext } from './context.js';
import type { Diagnosis } from './diagnose/model.js';
import type { CertificateVerdict } from './judge-certificate.js';
import type { MessageVariant, Policy } from './policy.js';
import { makeReason } from './reason.js';
import type { Reason } from './report.js';
import type { SignatureFacts } from './signature/check-signature.js';

export interface Judging {
  readonly policy: Policy;
  readonly context: JudgeContext;
}

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
export function algorithmReasons(signature: Pick<SignatureFacts, 'signatureAlgorithm' | 'digestAlgorithm'>, policy: Policy, at: number, subject: string, noPoe: boolean): Reason[] {
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

/** The forms that count: those the CA's entry in the list names or, where the entry is silent, the scene. */
export function acceptedVariants(service: TrustService | undefined, { policy, context }: Judging): readonly string[] {
  return service?.messageVariants ?? policy.scenes[context.scene].messageVariants;
}

/** A form that does not count. */
export function variantReasons({ variant }: Pick<SignatureFacts, 'variant'>, { service }: Pick<CertificateVerdict, 'service'>, judging: Judging, subject: string): Reason[] {
  if (variant === undefined) return [];
  const allowed = acceptedVariants(service, judging);
  if (allowed.includes(variant)) return [];
  return [makeReason('MESSAGE_VARIANT_REFUSED', { subject, expected: allowed.join(', '), actual: variant })];
}

/** A message that is still to be made: its form, and the names of its algorithms as the crypto room spells them. */
export interface IntendedForm {
  readonly variant: MessageVariant;
  readonly signatureAlgorithm: string;
  readonly digestAlgorithm: string;
}

/** What the judge will have against a message for its form or its algorithms alone. */
export function reasonsAgainstForm(form: IntendedForm, verdict: Pick<CertificateVerdict, 'service'>, judging: Judging, at: number): readonly Reason[] {
  const subject = 'signer[0]';
  return [...variantReasons(form, verdict, judging, subject), ...algorithmReasons(form, judging.policy, at, subject, false)];
}
