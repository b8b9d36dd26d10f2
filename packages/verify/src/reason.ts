import type { ReasonCode } from './codes.js';
import { INDICATIONS } from './indications.js';
import type { ReasonFacts } from './remedies/row.js';
import type { Bilingual, Reason, Report } from './report.js';

/** Where a reason keeps its facts until it has words. Copies of the reason take it along; JSON does not. */
const FACTS: unique symbol = /*#__PURE__*/ Symbol('facts');
const UNSAID: Bilingual = { zh: '', en: '' };

/** A reason from a code and what is known, without its sentences: `inWords` of `remedies` puts them in before anybody reads it. */
export function makeReason(code: ReasonCode, facts: ReasonFacts = {}): Reason {
  const [layer, , responsible, otherwise = {}] = INDICATIONS[code];
  const holds = (fact: 'settled' | 'noPoe' | 'notRevoked'): boolean => facts[fact] === true && otherwise[fact] !== undefined;
  const reason: Reason & { readonly [FACTS]: ReasonFacts } = {
    code,
    layer,
    message: UNSAID,
    remedy: UNSAID,
    responsible: otherwise.ofCa !== undefined && isOfCa(facts) ? otherwise.ofCa : responsible,
    ...(facts.expected === undefined ? {} : { expected: facts.expected }),
    ...(facts.actual === undefined ? {} : { actual: facts.actual }),
    ...(facts.subject === undefined ? {} : { subject: facts.subject }),
    ...(facts.nearestMiss === undefined ? {} : { nearestMiss: facts.nearestMiss }),
    ...(holds('settled') ? { settled: true } : {}),
    ...(facts.provenAfter === true && otherwise.proven !== undefined ? { provenAfter: true } : {}),
    ...(holds('noPoe') ? { noPoe: true } : {}),
    ...(holds('notRevoked') ? { notRevoked: true } : {}),
    [FACTS]: facts,
  };
  return reason;
}

/** Whether it is about a CA certificate of the path, which the bidder cannot renew. */
export function isOfCa({ subject }: ReasonFacts): boolean {
  return /^certificate\[[1-9]/.test(subject ?? '');
}

/** The facts of a reason that has no words yet; `undefined` for everything else. */
export function unsaidFacts(reason: object): ReasonFacts | undefined {
  return (reason as { readonly [FACTS]?: ReasonFacts })[FACTS];
}

/** Whether a report says anything that has to be put in words. */
export function needsWords({ reasons, signers }: Report): boolean {
  const some = (reports: readonly { readonly reasons: readonly Reason[] }[] = []): boolean => reports.some((each) => each.reasons.length > 0);
  return reasons.length > 0 || some(signers) || signers.some(({ timestamps, countersignatures }) => some(timestamps) || some(countersignatures));
}

/** Gives a reason its sentences, in place: it is one object in a signer's report and in the message's. */
export function giveWords(reason: Reason, words: { readonly message: Bilingual; readonly remedy: Bilingual }): void {
  Object.assign(reason, words);
  delete (reason as { [FACTS]?: ReasonFacts })[FACTS];
}
