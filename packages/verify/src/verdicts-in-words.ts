import { judgeCertificate as judgeWithoutWords, type CertificateVerdict, type JudgeCertificateInput } from './judge-certificate.js';
import { inWords } from './remedies.js';
import type { Reason } from './report.js';
import { reasonsAgainstForm as againstFormWithoutWords, type IntendedForm, type Judging } from './signer-reasons.js';
import { judgeTimestamp as judgeTimestampWithoutWords, type JudgeTimestampInput, type TimestampVerdict } from './timestamp/judge-timestamp.js';

/**
 * Judges a certificate against a trust list: kind and key usage, path (RFC 5280 §6), trust decision, revocation, identity.
 * @throws VerifyError CONTEXT_INVALID for misuse; never for what a certificate contains
 */
export async function judgeCertificate(input: JudgeCertificateInput): Promise<CertificateVerdict> {
  const verdict = await judgeWithoutWords(input);
  inWords(verdict.reasons);
  return verdict;
}

/** Judges one time-stamp: what it is over, whose it is, and whether that authority's certificate held. @throws VerifyError CONTEXT_INVALID */
export async function judgeTimestamp(input: JudgeTimestampInput): Promise<TimestampVerdict> {
  const verdict = await judgeTimestampWithoutWords(input);
  inWords(verdict.report.reasons);
  return verdict;
}

/**
 * What the judge will have against a message for its form or its algorithms alone, before anybody signs it; empty: nothing.
 * @param verdict on the signer's certificate
 * @param at epoch milliseconds, when it will be judged
 */
export function reasonsAgainstForm(form: IntendedForm, verdict: Pick<CertificateVerdict, 'service'>, judging: Judging, at: number): readonly Reason[] {
  const reasons = againstFormWithoutWords(form, verdict, judging, at);
  inWords(reasons);
  return reasons;
}
