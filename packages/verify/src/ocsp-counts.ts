import type { CollectedOcsp, Evidence, WantedOcsp } from './evidence.js';
import { evidenceQuestion, type EvidenceQuestionInput } from './evidence-question.js';

/**
 * The gatherer's question whether an OCSP answer is worth keeping: signed by who may answer for the certificate, about it, and of now,
 * as the judge would find on its own path (RFC 6960 §3.2). Good, revoked or unknown is all the same here. `undefined` where that cannot be
 * told: no path leads to the certificate, or the standing of a delegate rests on evidence yet to come.
 */
export function ocspCounts(input: EvidenceQuestionInput): (answer: CollectedOcsp, wanted: WantedOcsp) => Promise<boolean | undefined> {
  const asked = evidenceQuestion(input);
  const nothing: Pick<Evidence, 'crls' | 'ocsp'> = { crls: [] };
  return async (answer, { subjects = [] }) => {
    let verdict: boolean | undefined;
    for (const subject of subjects) {
      for (const { inquiry, index } of await asked(subject, nothing)) {
        const heard = await inquiry.hears(index, answer);
        if (heard === true) return true;
        if (heard === false) verdict = false;
      }
    }
    return verdict;
  };
}
