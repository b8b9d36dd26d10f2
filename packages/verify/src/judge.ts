import { diagnoseSigner } from './diagnose/diagnose-signer.js';
import { judgeMessage, type JudgeInput, type JudgeMeans } from './judge-message.js';
import { placeByEvidence } from './process/place-by-evidence.js';
import type { Surroundings } from './process/surroundings.js';
import { needsWords } from './reason.js';
import { inWords } from './remedies.js';
import type { Report } from './report.js';
import type { JudgedSigner } from './required-signers.js';

const EVERYTHING: JudgeMeans = { diagnose: diagnoseSigner, placeByEvidence };

/**
 * Judges a signed message: passed, failed or indeterminate, with the company's identity and the reason.
 * A negative verdict is a report. @throws VerifyError CONTEXT_INVALID for misuse
 */
export async function judge(input: JudgeInput): Promise<Report> {
  return (await judgeWithin(input)).report;
}

/** The same for a message inside a document, whose validation data are in `input.evidence`. Tells the signers by their certificates, too. */
export async function judgeWithin(input: JudgeInput, surroundings?: Surroundings): Promise<{ readonly report: Report; readonly signers: readonly JudgedSigner[] }> {
  const judged = await judgeMessage(input, surroundings === undefined ? EVERYTHING : { surroundings, ...EVERYTHING });
  if (needsWords(judged.report)) inWords(judged.report);
  return judged;
}
