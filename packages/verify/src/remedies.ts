import type { ReasonCode } from './codes.js';
import { asIndication, INDICATIONS } from './indications.js';
import { giveWords, isOfCa, makeReason as makeUnsaid, unsaidFacts } from './reason.js';
import { CHALLENGE_REMEDIES } from './remedies/challenge.js';
import { IDENTITY_AND_LIST_REMEDIES } from './remedies/identity-and-list.js';
import { MESSAGE_REMEDIES } from './remedies/message.js';
import { PATH_REMEDIES } from './remedies/path.js';
import { PDF_REMEDIES } from './remedies/pdf.js';
import { REVOCATION_REMEDIES } from './remedies/revocation.js';
import type { ReasonFacts, Remedy, Wording } from './remedies/row.js';
import { SEAL_REMEDIES } from './remedies/seal.js';
import { SIGNATURE_REMEDIES } from './remedies/signature.js';
import { TIME_REMEDIES } from './remedies/time.js';
import { TRUST_REMEDIES } from './remedies/trust.js';
import { USAGE_REMEDIES } from './remedies/usage.js';
import type { Reason } from './report.js';

export { indicationOf } from './indications.js';
export { NEAREST_MISSES } from './remedies/nearest-miss.js';
export type { NearestMissText } from './remedies/nearest-miss.js';
export type { FailedSubIndication, Indication, ReasonFacts, Remedy } from './remedies/row.js';
export { WARNINGS } from './remedies/warnings.js';
export type { WarningText } from './remedies/warnings.js';

/** What is said of each reason. */
const WORDINGS: Readonly<Record<ReasonCode, Wording>> = {
  ...MESSAGE_REMEDIES,
  ...CHALLENGE_REMEDIES,
  ...SIGNATURE_REMEDIES,
  ...PATH_REMEDIES,
  ...USAGE_REMEDIES,
  ...TRUST_REMEDIES,
  ...REVOCATION_REMEDIES,
  ...TIME_REMEDIES,
  ...IDENTITY_AND_LIST_REMEDIES,
  ...SEAL_REMEDIES,
  ...PDF_REMEDIES,
};

/**
 * What each reason means: which layer says it, whether it fails the signature or leaves it open (EN 319 102-1 §5.1.3;
 * trust-list design §5.8), the sentence and the next step in both languages, and whose step it is.
 */
export const REMEDIES: Readonly<Record<ReasonCode, Remedy>> = /*#__PURE__*/ allRemedies();

function allRemedies(): Readonly<Record<ReasonCode, Remedy>> {
  return Object.fromEntries((Object.keys(INDICATIONS) as ReasonCode[]).map((code) => [code, remedyOf(code)])) as Record<ReasonCode, Remedy>;
}

function remedyOf(code: ReasonCode): Remedy {
  const [layer, subIndication, responsible, { settled, ofCa, ...otherwise } = {}] = INDICATIONS[code];
  const { message, remedy, ...said } = WORDINGS[code];
  return {
    layer, ...asIndication(subIndication), responsible, message, remedy,
    ...Object.fromEntries(Object.entries(otherwise).map(([when, then]) => [when, asIndication(then)])),
    ...(settled === undefined ? {} : { settled: { ...asIndication(settled), ...said.settled } }),
    ...(ofCa === undefined ? {} : { ofCa: { responsible: ofCa, ...said.ofCa } }),
  } as Remedy;
}

/** A reason with its sentences, from a code and what is known. */
export function makeReason(code: ReasonCode, facts: ReasonFacts = {}): Reason {
  return inWords(makeUnsaid(code, facts));
}

/**
 * Puts the sentences into every reason of a report, or of anything else made of plain objects and lists, that has none yet: in
 * place, for a reason stands in more than one of them. @returns what was given
 */
export function inWords<T>(found: T): T {
  if (Array.isArray(found)) found.forEach(inWords);
  else if (typeof found === 'object' && found !== null && !ArrayBuffer.isView(found)) {
    const facts = unsaidFacts(found);
    if (facts === undefined) Object.values(found).forEach(inWords);
    else giveWords(found as unknown as Reason, wordsFor((found as unknown as Reason).code, facts));
  }
  return found;
}

function wordsFor(code: ReasonCode, facts: ReasonFacts): Pick<Reason, 'message' | 'remedy'> {
  const { message, remedy, settled, ofCa } = WORDINGS[code];
  const once = facts.settled === true ? settled : undefined;
  return { message: (once ?? { message }).message(facts), remedy: (once?.remedy ?? (isOfCa(facts) ? ofCa : undefined)?.remedy ?? remedy)(facts) };
}
