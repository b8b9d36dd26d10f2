import type { Certificate } from '@hefu/pki';
import { matchCriteria, type IdentityAccept, type IdentityField, type IdentityFieldName, type IdentityProfile } from '@hefu/trust-list';
import type { WarningCode } from '../codes.js';
import type { Identity, IdentityEvidence } from '../report.js';
import { certificateFacts } from '../trust/certificate-facts.js';
import { acceptValue } from './accept.js';
import { maskIdNumber, maskName, maskSubjectText } from './mask.js';
import { applyPatterns, readSource, sourceName } from './source.js';
import { orgCodeOfUscc } from './uscc.js';

export { DEFAULT_IDENTITY_PROFILE } from './default-profile.js';

/** Characters of a text that are looked at: a name or code is far shorter (RFC 5280 upper bounds: 256). */
const MAX_TEXT = 512;
const FIELDS: readonly IdentityFieldName[] = ['uscc', 'orgCode', 'licenceNo', 'taxNo', 'name', 'personId', 'personName', 'serviceNo', 'opaqueId'];

type SubjectType = NonNullable<Identity['subjectType']>;

interface Hit {
  readonly value: string;
  readonly key: string;
  readonly source: string;
  readonly decoder: string;
  readonly accept: IdentityAccept;
  readonly checkFailed: boolean;
}

/** One field as found: a value, or a conflict, or neither. */
interface Reading {
  readonly hits: readonly Hit[];
  readonly value: Hit | undefined;
  readonly conflict: boolean;
  /** A source could not be read: what it would have said is unknown, so it may have disagreed. */
  readonly unreadable: boolean;
}

/**
 * Who a certificate's subject is, by the profile of its CA (trust-list design §5.6).
 *
 * Every source of a field is read and recorded in `evidence`. Where sources must agree and do not, the field has no
 * value and stands in `conflicts`; so do `uscc` and `orgCode` when the certificate states both and the code is not
 * characters 9–17 of the USCC (GB 32100 §4). A source that cannot be read at all leaves its field without a value.
 * A wrong check character of a USCC is a warning. Personal numbers and names are masked unless `reveal`.
 *
 * @throws TypeError for a profile whose patterns the trust list room refuses; never for what a certificate contains
 */
export function extractIdentity(certificate: Certificate, profile: IdentityProfile, options: { readonly reveal: boolean }): Identity {
  const readings = new Map<IdentityFieldName, Reading>();
  for (const field of FIELDS) {
    const rule = profile.fields[field];
    if (rule !== undefined) readings.set(field, readField(certificate, rule));
  }
  const disagreement = codesDisagree(readings);
  for (const field of FIELDS) derive(field, profile.fields[field], readings);

  const subjectType = subjectTypeOf(certificate, profile);
  const personal = isPersonal(subjectType, readings);
  const show = (field: IdentityFieldName, hit: Hit): string => (options.reveal ? hit.value : masked(field, hit, personal));

  const values: Partial<Record<IdentityFieldName, string>> = {};
  const evidence: IdentityEvidence[] = [];
  const conflicts: Identity['conflicts'][number][] = [];
  const warnings: WarningCode[] = [];
  for (const field of FIELDS) {
    const reading = readings.get(field);
    if (reading === undefined) continue;
    for (const hit of reading.hits) evidence.push({ field, source: hit.source, decoder: hit.decoder, value: show(field, hit) });
    if (reading.hits.some((hit) => hit.checkFailed) && warnings.length === 0) warnings.push('USCC_CHECK_DIGIT');
    if (reading.conflict) conflicts.push({ field, values: reading.hits.map((hit) => ({ value: show(field, hit), source: hit.source })) });
    else if (reading.value !== undefined && !(disagreement !== undefined && (field === 'uscc' || field === 'orgCode'))) values[field] = show(field, reading.value);
  }
  if (disagreement !== undefined) conflicts.push({ field: 'orgCode', values: disagreement });
  return {
    profile: profile.id,
    ...(subjectType === undefined ? {} : { subjectType }),
    ...values,
    evidence,
    conflicts,
    warnings,
  };
}

/** Fields without which a signature cannot be attributed, and that were not found: `required` of the profile, by default `uscc`. */
export function missingIdentityFields(identity: Identity, profile: IdentityProfile): readonly IdentityFieldName[] {
  return (profile.required ?? ['uscc']).filter((field) => identity[field] === undefined);
}

function readField(certificate: Certificate, rule: IdentityField): Reading {
  const hits: Hit[] = [];
  let unreadable = false;
  for (const source of rule.try) {
    const texts = readSource(certificate, source);
    if (texts === undefined) {
      unreadable = true;
      continue;
    }
    for (const { text, decoder } of texts) {
      if (text.length > MAX_TEXT) continue;
      const rest = applyPatterns(text, source);
      const accepted = rest === undefined ? undefined : acceptValue(source.accept, rest);
      if (accepted !== undefined) hits.push({ source: sourceName(source), decoder, accept: source.accept, ...accepted });
    }
  }
  const first = hits[0];
  const conflict = rule.onMultiple !== 'first' && hits.some((hit) => hit.key !== first!.key);
  return { hits, value: conflict || unreadable ? undefined : first, conflict, unreadable };
}

/** Both codes, stated by the certificate itself, that do not belong together. */
function codesDisagree(readings: ReadonlyMap<IdentityFieldName, Reading>): readonly { value: string; source: string }[] | undefined {
  const uscc = readings.get('uscc')?.value;
  const orgCode = readings.get('orgCode')?.value;
  if (uscc?.accept !== 'USCC18' || orgCode?.accept !== 'ORG9' || orgCodeOfUscc(uscc.value) === orgCode.value) return undefined;
  return [uscc, orgCode].map(({ value, source }) => ({ value, source }));
}

/** Fills a field that no source yields, unless its sources contradict each other. */
function derive(field: IdentityFieldName, rule: IdentityField | undefined, readings: Map<IdentityFieldName, Reading>): void {
  const reading = readings.get(field);
  if (rule?.derive === undefined || reading === undefined || reading.hits.length > 0 || reading.unreadable) return;
  const from = readings.get(rule.derive.from)?.value;
  const [start, end] = rule.derive.slice;
  const value = from?.value.slice(start, end) ?? '';
  if (from === undefined || value.length !== end - start) return;
  const hit: Hit = { value, key: value, source: `${rule.derive.from}[${start}, ${end})`, decoder: 'derived', accept: from.accept, checkFailed: false };
  readings.set(field, { ...reading, hits: [hit], value: hit });
}

function subjectTypeOf(certificate: Certificate, profile: IdentityProfile): SubjectType | undefined {
  if (profile.subjectType.length === 0) return undefined;
  let facts;
  try {
    facts = certificateFacts(certificate);
  } catch (error) {
    // An extension that cannot be decoded: what the certificate is for stays open, and the path check says why.
    if (error instanceof Error && error.name === 'PkiError') return undefined;
    throw error;
  }
  return profile.subjectType.find((rule) => rule.if === 'always' || matchCriteria(rule.if, facts))?.is;
}

/**
 * Whether `name` is a person's. Where the profile does not say, a short Chinese name beside no organisation's code is
 * taken for one: hiding a company's name costs less than showing a person's.
 */
function isPersonal(subjectType: SubjectType | undefined, readings: ReadonlyMap<IdentityFieldName, Reading>): boolean {
  if (subjectType !== undefined) return subjectType === 'person';
  const coded = (['uscc', 'orgCode', 'licenceNo'] as const).some((field) => (readings.get(field)?.hits.length ?? 0) > 0);
  return !coded && (readings.get('name')?.hits ?? []).some((hit) => /^\p{Script=Han}{2,4}$/u.test(hit.value));
}

function masked(field: IdentityFieldName, hit: Hit, personal: boolean): string {
  if (field === 'personId' || hit.accept === 'ID-CARD') return maskIdNumber(hit.value);
  if (field === 'personName' || (field === 'name' && personal)) return maskName(hit.value);
  // Accepted as an organisation's number, whatever it looks like.
  if (hit.accept === 'USCC18' || hit.accept === 'ORG9' || hit.accept === 'LICENCE15') return hit.value;
  // A digest in hexadecimal says nothing about a person, and must stay whole to be looked up in a register.
  if (hit.accept === 'OPAQUE' && /^[0-9a-f]{32}/i.test(hit.value)) return hit.value;
  return maskSubjectText(hit.value);
}
