import { diagnoseSigner } from './diagnose/diagnose-signer.js';
import { judgeMessage, type JudgeInput } from './judge-message.js';
import type { Surroundings } from './process/surroundings.js';
import type { Report } from './report.js';
import type { JudgedSigner } from './required-signers.js';

/**
 * Judges a signed message: passed, failed or indeterminate, with the company's identity and the reason.
 * A negative verdict is a report. @throws VerifyError CONTEXT_INVALID for misuse
 */
export async function judge(input: JudgeInput): Promise<Report> {
  return (await judgeMessage(input, { diagnose: diagnoseSigner })).report;
}

/** The same for a message inside a document, whose validation data are in `input.evidence`. Tells the signers by their certificates, too. */
export function judgeWithin(input: JudgeInput, surroundings?: Surroundings): Promise<{ readonly report: Report; readonly signers: readonly JudgedSigner[] }> {
  return judgeMessage(input, { diagnose: diagnoseSigner, ...(surroundings === undefined ? {} : { surroundings }) });
}
