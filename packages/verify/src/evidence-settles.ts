import type { Evidence, WantedCrl, WantedOcsp } from './evidence.js';
import { evidenceQuestion, type EvidenceQuestionInput } from './evidence-question.js';
import type { RevocationResult } from './report.js';

/**
 * The gatherer's question whether what it has spares it a wish of a later tier: every certificate that the wish is for
 * has a status that more evidence would not change. It is the judge's own answer, on the judge's own path, so nothing is
 * believed here that would not be believed there; what is open, doubtful or about no known path asks on.
 *
 * Settled is `good` within its dates, which no responder doubts; and `revoked`, unless only a proven time of signature before it keeps it from
 * deciding: then another source may know an earlier date. A hold is not: newer evidence may have lifted it.
 */
export function evidenceSettles(input: EvidenceQuestionInput): (wanted: WantedCrl | WantedOcsp, soFar: Pick<Evidence, 'crls' | 'ocsp'>) => Promise<boolean> {
  const asked = evidenceQuestion(input);
  const settledSubjects = new Set<string>();

  async function isSettled(subject: string, soFar: Pick<Evidence, 'crls' | 'ocsp'>): Promise<boolean> {
    const found = await asked(subject, soFar);
    for (const { inquiry, index } of found) if (inquiry.notAsked === undefined && !isFinal(await inquiry.ask(index), input.bestSignatureTime)) return false;
    return found.length > 0;
  }

  return async ({ subjects = [] }, soFar) => {
    for (const subject of subjects) {
      if (settledSubjects.has(subject)) continue;
      if (!(await isSettled(subject, soFar))) return false;
      settledSubjects.add(subject);
    }
    return subjects.length > 0;
  };
}

function isFinal({ status, inGrace, revokedAt, doubt }: RevocationResult, bestSignatureTime: number | undefined): boolean {
  if (status === 'good') return inGrace !== true && doubt === undefined;
  return status === 'revoked' && (bestSignatureTime === undefined || Date.parse(revokedAt!) <= bestSignatureTime);
}
