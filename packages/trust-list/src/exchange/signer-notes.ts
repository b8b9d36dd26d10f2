import { attributeValues, parseCertificate, PkiError } from '@hefu/pki';
import type { ForeignList } from './foreign-list.js';
import type { ImportNote, ImportOutcome } from './import-report.js';

/**
 * What a person should know about the signer: the certificate's O is to be one of the scheme operator's names and its C the
 * territory (TS 119 612 §5.7.1, TS 119 602 §6.8), and it should have been in force at issue. The certificate itself was
 * given by the caller, so these are notes.
 */
export function signerNotes(outcome: ImportOutcome, signer: Uint8Array, foreign: ForeignList): ImportOutcome {
  if (outcome.outcome === 'refused') return outcome;
  const notes: ImportNote[] = [];
  try {
    const { subject, validity } = parseCertificate(signer);
    const organisations = attributeValues(subject, '2.5.4.10');
    const countries = attributeValues(subject, '2.5.4.6');
    const named = foreign.operatorNames.some(({ value }) => organisations.includes(value));
    const placed = foreign.territory === undefined || countries.some((country) => country.toUpperCase() === foreign.territory!.toUpperCase());
    if (!named || !placed) notes.push({ code: 'SIGNER_NAME_DIFFERS', effect: 'kept', detail: `O=${organisations.join(', ')} C=${countries.join(', ')}`.slice(0, 300) });
    if (foreign.issued < validity.notBefore || foreign.issued > validity.notAfter) {
      notes.push({ code: 'SIGNER_EXPIRED', effect: 'kept', detail: `${new Date(validity.notBefore).toISOString()} to ${new Date(validity.notAfter).toISOString()}` });
    }
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
  return { ...outcome, report: { ...outcome.report, notes: [...outcome.report.notes, ...notes] } };
}
