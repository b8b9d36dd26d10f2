import { makeReason } from '../reason.js';
import type { CheckRow, Reason, RevocationResult } from '../report.js';
import { slideValidationTime, type SlidingInput } from './validation-time-sliding.js';

export interface PastValidation {
  /** Whether what is open by today's evidence is settled by that of its time. */
  readonly settled: boolean;
  readonly check: CheckRow;
  /** Statuses by the evidence of the time, when settled. */
  readonly revocation: readonly RevocationResult[];
  /** Why it is not, where it says more than what was open before. */
  readonly reason?: Reason;
}

/**
 * Past signature validation (EN 319 102-1 §5.6.2.4) with past certificate validation (§5.6.2.1): the path was valid at the time
 * at which the signature is proven to have existed, and sliding does not lead to before that time.
 * @param provenAt of the signature; undefined: nothing proves when it was made
 */
export async function validatePast(input: SlidingInput, provenAt: number | undefined, subject: string): Promise<PastValidation> {
  const row = { id: 'past.validation', subject, clause: 'EN 319 102-1 §5.6.2.4' } as const;
  if (provenAt === undefined) return { settled: false, check: { ...row, outcome: 'indeterminate', actual: 'NO_POE' }, revocation: [] };
  const slide = await slideValidationTime(input);
  const expected = `proven by ${iso(provenAt)}`;
  if (slide.failure !== undefined) {
    const { code, certificate, controlTime } = slide.failure;
    const reason = makeReason(code, { subject: `certificate[${certificate}]`, ...(code === 'PROOF_OF_EXISTENCE_MISSING' ? { when: controlTime } : {}) });
    return { settled: false, check: { ...row, outcome: 'indeterminate', expected, actual: code }, revocation: [], reason };
  }
  const settled = provenAt <= slide.controlTime;
  return {
    settled,
    check: { ...row, outcome: settled ? 'passed' : 'indeterminate', expected, actual: `control time ${iso(slide.controlTime)}` },
    revocation: settled ? slide.results : [],
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
