import { judgeCertificate as judgeWithoutWords, type CertificateVerdict, type JudgeCertificateInput } from './judge-certificate.js';
import { inWords } from './remedies.js';
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
