import type { ReasonCode } from './codes.js';
import { IDENTITY_AND_LIST_REMEDIES } from './remedies/identity-and-list.js';
import { MESSAGE_REMEDIES } from './remedies/message.js';
import { PATH_REMEDIES } from './remedies/path.js';
import { PDF_REMEDIES } from './remedies/pdf.js';
import { REVOCATION_REMEDIES } from './remedies/revocation.js';
import type { Indication, ReasonFacts, Remedy } from './remedies/row.js';
import { SEAL_REMEDIES } from './remedies/seal.js';
import { SIGNATURE_REMEDIES } from './remedies/signature.js';
import { TIME_REMEDIES } from './remedies/time.js';
import { TRUST_REMEDIES } from './remedies/trust.js';
import { USAGE_REMEDIES } from './remedies/usage.js';
import type { Reason } from './report.js';

export { NEAREST_MISSES } from './remedies/nearest-miss.js';
export type { NearestMissText } from './remedies/nearest-miss.js';
export type { FailedSubIndication, Indication, ReasonFacts, Remedy } from './remedies/row.js';
export { WARNINGS } from './remedies/warnings.js';
export type { WarningText } from './remedies/warnings.js';

/**
 * What each reason means: which layer says it, whether it fails the signature or leaves it open (EN 319 102-1 §5.1.3;
 * trust-list design §5.8), the sentence and the next step in both languages, and whose step it is.
 */
export const REMEDIES: Readonly<Record<ReasonCode, Remedy>> = {
  ...MESSAGE_REMEDIES,
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

/** A reason with its sentences, from a code and what is known. */
export function makeReason(code: ReasonCode, facts: ReasonFacts = {}): Reason {
  const row = REMEDIES[code];
  const { responsible, remedy } = row.ofCa !== undefined && /^certificate\[[1-9]/.test(facts.subject ?? '') ? row.ofCa : row;
  const settled = facts.settled === true ? row.settled : undefined;
  return {
    code,
    layer: row.layer,
    message: (settled ?? row).message(facts),
    remedy: (settled?.remedy ?? remedy)(facts),
    responsible,
    ...(facts.expected === undefined ? {} : { expected: facts.expected }),
    ...(facts.actual === undefined ? {} : { actual: facts.actual }),
    ...(facts.subject === undefined ? {} : { subject: facts.subject }),
    ...(facts.nearestMiss === undefined ? {} : { nearestMiss: facts.nearestMiss }),
    ...(settled === undefined ? {} : { settled: true }),
    ...(facts.provenAfter === true && row.proven !== undefined ? { provenAfter: true } : {}),
    ...(facts.noPoe === true && row.noPoe !== undefined ? { noPoe: true } : {}),
    ...(facts.notRevoked === true && row.notRevoked !== undefined ? { notRevoked: true } : {}),
  };
}

/** How a reason bears on the verdict. `provenAfter`: something proves that the signature was made after the event. `settled`, `noPoe`, `notRevoked`: as in {@link ReasonFacts}. */
export function indicationOf(code: ReasonCode, options: { readonly provenAfter?: boolean; readonly settled?: boolean; readonly noPoe?: boolean; readonly notRevoked?: boolean } = {}): Indication {
  const row = REMEDIES[code];
  const indication: Indication = (options.settled === true ? row.settled : undefined) ?? (options.provenAfter === true ? row.proven : undefined) ?? (options.noPoe === true ? row.noPoe : undefined) ?? (options.notRevoked === true ? row.notRevoked : undefined) ?? row;
  return { conclusion: indication.conclusion, subIndication: indication.subIndication } as Indication;
}
