import type { DigestAlgorithm } from '@hefu/crypto';
import { attributeValues, hexOf, type Certificate } from '@hefu/pki';
import type { IdentityFieldName, IdentityProfile, IdentitySample, IdentitySource } from '@hefu/trust-list';
import type { Bilingual } from '../../report.js';
import { acceptValue } from '../accept.js';
import { extractIdentity } from '../extract.js';
import { maskIdNumber, maskName, maskSubjectText } from '../mask.js';
import { applyPatterns, sourceName } from '../source.js';
import { placesOf, textsAt, type Place } from './places.js';
import { isOrganisationName, nameShapesOf, shapesOf, type Shape } from './shapes.js';
import { testProfile, type CertificateTrial } from './test-profile.js';

/** A source that was found to say something of the samples. */
export interface Candidate {
  readonly field: IdentityFieldName;
  readonly source: IdentitySource;
  /** In how many of the samples it yields. */
  readonly yields: number;
  /** How many of those pass their check character. */
  readonly checked: number;
  /** 0 to 100: yield over the samples, less for wrong check characters and for patterns. */
  readonly score: number;
  /** What the first sample says; masked when personal. */
  readonly example: string;
  readonly chosen: boolean;
}

export interface ProfileSuggestion {
  /** A draft for whoever knows the CA to look at; undefined when nothing was found to identify anybody by. */
  readonly profile: IdentityProfile | undefined;
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** The draft at work on the samples. */
  readonly trials: readonly CertificateTrial[];
  readonly notes: readonly { readonly code: 'NOTHING_FOUND' | 'FEW_SAMPLES' | 'PARTIAL' | 'CONTRADICTS' | 'PERSONS'; readonly text: Bilingual }[];
}

/** Numbers a CA gives its subscribers, by where they are known to stand. */
const SERVICE_NUMBERS: ReadonlySet<string> = new Set(['1.2.86.21.1.3', '2.4.16.11.7.3']);
/** Old business licence numbers: 15 digits, which only the place tells from an old identity number. */
const LICENCES: ReadonlySet<string> = new Set(['1.2.156.10260.4.1.3', '1.2.86.11.7.4']);
const MAX_SAMPLES = 100;
const ORGANIZATION = '2.5.4.10';

/**
 * Drafts an identity profile from certificates of one CA: looks at every private extension, subject attribute and
 * alternative name, decodes it, and keeps what states a valid code (GB 32100, GB 11714), the organisation's name or an
 * opaque identifier alike in the samples. A number that may be a person's is never proposed for an organisation's,
 * even where it also passes for a USCC. Names must differ between holders of different codes: what all samples share
 * is the CA's own text.
 *
 * @param certificates 1 to 100, of holders as different as can be had
 * @throws TypeError for none or too many
 */
export function suggestProfile(certificates: readonly Certificate[], options: { readonly id: string; readonly sha256: DigestAlgorithm }): ProfileSuggestion {
  if (certificates.length === 0 || certificates.length > MAX_SAMPLES) throw new TypeError(`1 to ${MAX_SAMPLES} sample certificates are looked at`);
  const found = candidatesOf(certificates);
  const codes = found.filter(({ field }) => field !== 'name');
  const names = found.filter((candidate) => candidate.field === 'name' && isName(candidate, certificates, codes));
  const fields: Partial<Record<IdentityFieldName, readonly Candidate[]>> = {};
  for (const field of ['uscc', 'orgCode', 'licenceNo', 'opaqueId', 'serviceNo', 'personId'] as const) {
    const chosen = agreeing(codes.filter((candidate) => candidate.field === field), certificates);
    if (chosen.length > 0) fields[field] = chosen;
  }
  const identified = (['uscc', 'orgCode', 'opaqueId'] as const).find((field) => fields[field] !== undefined);
  const persons = fields.personId !== undefined && identified === undefined;
  const [name] = names;
  if (name !== undefined && !persons) fields.name = [name];

  const notes: ProfileSuggestion['notes'][number][] = [];
  const note = (code: ProfileSuggestion['notes'][number]['code'], zh: string, en: string): void => void notes.push({ code, text: { zh: `${zh}。`, en: `${en}.` } });
  const chosen = new Set(Object.values(fields).flat());
  const candidates = found.map((candidate) => ({ ...candidate, chosen: chosen.has(candidate) }));
  if (identified === undefined && !persons) {
    note('NOTHING_FOUND', '没有找到可以确认单位身份的字段', 'Nothing was found by which to tell organisations apart');
    return { profile: undefined, candidates, trials: [], notes };
  }
  if (persons) note('PERSONS', '样本只有个人证件号：不能据此确认单位', 'The samples hold persons’ numbers only: they attribute nothing to an organisation');
  if (certificates.length < 3) note('FEW_SAMPLES', `只有 ${certificates.length} 个样本，请用更多不同单位的证书核对`, `Only ${certificates.length} sample${certificates.length === 1 ? '' : 's'}: compare with certificates of more organisations`);
  for (const { field, yields, source } of chosen) if (yields < certificates.length) note('PARTIAL', `${field}（${sourceName(source)}）只在 ${yields}/${certificates.length} 个样本中出现`, `${field} (${sourceName(source)}) is in ${yields} of ${certificates.length} samples only`);
  const contradicting = codes.filter((candidate) => !chosen.has(candidate) && fields[candidate.field] !== undefined);
  for (const { field, source } of contradicting) note('CONTRADICTS', `${sourceName(source)} 中的 ${field} 与其他位置不一致，未采用`, `${field} in ${sourceName(source)} contradicts other places and is left out`);

  const draft: IdentityProfile = {
    id: options.id,
    version: 1,
    subjectType: subjectTypes(fields, persons),
    fields: Object.fromEntries(Object.entries(fields).map(([field, sources]) => [field, { try: sources.map(({ source }) => source) }])),
    required: [identified ?? 'personId'],
  };
  const samples = persons ? [] : samplesOf(draft, certificates, options.sha256);
  const profile = samples.length === 0 ? draft : { ...draft, samples };
  return { profile, candidates, trials: testProfile(profile, certificates, options), notes };
}

type Found = Omit<Candidate, 'chosen'>;

function candidatesOf(certificates: readonly Certificate[]): readonly Candidate[] {
  const found: Found[] = [];
  for (const place of placesOf(certificates).values()) {
    const shapes = new Map<string, Shape>();
    for (const certificate of certificates) {
      for (const text of textsAt(certificate, place)) {
        for (const shape of [...shapesOf(text), ...knownShapes(place, text), ...(place.dn === undefined ? [] : nameShapesOf(text))]) shapes.set(JSON.stringify(shape), shape);
      }
    }
    for (const { field, accept, regex } of shapes.values()) {
      const source: IdentitySource = { ...place, ...(place.dn === undefined && { decode: ['auto'] as const }), accept, ...(regex !== undefined && { regex }) };
      const values = certificates.map((certificate) => valueOf(certificate, source));
      const taken = values.flatMap((value) => value ?? []);
      const [first] = taken;
      if (first === undefined) continue;
      const checked = taken.filter(({ checkFailed }) => !checkFailed).length;
      const score = Math.round((90 * taken.length) / certificates.length) - Math.round((20 * (taken.length - checked)) / taken.length) + (regex === undefined ? 10 : 0);
      found.push({ field, source, yields: taken.length, checked, score: Math.max(0, score), example: example(field, first.value) });
    }
  }
  return withoutCovered(found).sort((a, b) => b.score - a.score).map((each) => ({ ...each, chosen: false }));
}

function knownShapes({ ext }: Place, text: string): readonly Shape[] {
  if (ext === undefined) return [];
  const code = text.trim();
  if (SERVICE_NUMBERS.has(ext) && /^[0-9A-Za-z]{4,14}$/.test(code)) return [{ field: 'serviceNo', accept: 'TEXT' }];
  if (LICENCES.has(ext) && /^\d{15}$/.test(code) && shapesOf(code).length === 0) return [{ field: 'licenceNo', accept: 'LICENCE15' }];
  return [];
}

/** Of two readings of one place as one field, that which yields more, or is simpler. */
function withoutCovered(found: readonly Found[]): Found[] {
  const best = new Map<string, Found>();
  for (const candidate of found) {
    const key = `${candidate.field} ${sourceName(candidate.source)}`;
    const held = best.get(key);
    if (held === undefined || candidate.score > held.score) best.set(key, candidate);
  }
  return [...best.values()];
}

function valueOf(certificate: Certificate, source: IdentitySource): ReturnType<typeof acceptValue> {
  for (const text of textsAt(certificate, source)) {
    const rest = applyPatterns(text, source);
    const value = rest === undefined ? undefined : acceptValue(source.accept, rest);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Sources in order of score, without those that contradict one before them in any sample. */
function agreeing(candidates: readonly Candidate[], certificates: readonly Certificate[]): readonly Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const contradicts = certificates.some((certificate) => {
      const value = valueOf(certificate, candidate.source);
      return value !== undefined && kept.some(({ source }) => (valueOf(certificate, source)?.key ?? value.key) !== value.key);
    });
    if (!contradicts) kept.push(candidate);
  }
  return kept;
}

/** Looks like an organisation's name in every sample, is not the CA's, and differs where the codes do. */
function isName({ source }: Candidate, certificates: readonly Certificate[], codes: readonly Candidate[]): boolean {
  const values = certificates.map((certificate) => valueOf(certificate, source)?.value);
  const issuers = new Set(certificates.flatMap(({ issuer }) => attributeValues(issuer, ORGANIZATION)));
  if (!values.every((value) => value !== undefined && isOrganisationName(value) && !issuers.has(value))) return false;
  const code = codes.find(({ field }) => field === 'uscc' || field === 'orgCode' || field === 'opaqueId');
  const holders = new Set(certificates.map((certificate, index) => (code === undefined ? index : valueOf(certificate, code.source)?.key)));
  return holders.size === 1 || new Set(values).size > 1;
}

function subjectTypes(fields: Partial<Record<IdentityFieldName, readonly Candidate[]>>, persons: boolean): IdentityProfile['subjectType'] {
  if (persons) return [{ if: 'always', is: 'person' }];
  // Organisations are told by their codes first: their certificates may name an operator as well.
  const conditions = [...(fields.uscc ?? []), ...(fields.orgCode ?? [])].flatMap(({ source }) => (source.ext === undefined ? [] : [{ extPresent: source.ext }]));
  if (fields.personId === undefined || conditions.length === 0) return [{ if: 'always', is: 'organization' }];
  return [{ if: { any: conditions }, is: 'organization' }, { if: 'always', is: 'person' }];
}

/** What the draft finds in the samples, for the person who checks it to confirm. Nothing of a person's. */
function samplesOf(profile: IdentityProfile, certificates: readonly Certificate[], sha256: DigestAlgorithm): readonly IdentitySample[] {
  return certificates.flatMap((certificate) => {
    const identity = extractIdentity(certificate, profile, { reveal: true });
    if (identity.subjectType !== 'organization' || identity.conflicts.length > 0 || identity.personId !== undefined) return [];
    const { uscc, orgCode, licenceNo, name, opaqueId, serviceNo } = identity;
    const expect = { ...(uscc !== undefined && { uscc }), ...(orgCode !== undefined && { orgCode }), ...(licenceNo !== undefined && { licenceNo }), ...(opaqueId !== undefined && { opaqueId }), ...(serviceNo !== undefined && { serviceNo }), ...(name !== undefined && { name }) };
    // What may be a person's number stays out, whatever field it came under.
    if (Object.values(expect).some((value) => maskSubjectText(value) !== value)) return [];
    return Object.keys(expect).length === 0 ? [] : [{ certSha256: hexOf(sha256.digest(certificate.bytes)), expect }];
  });
}

function example(field: IdentityFieldName, value: string): string {
  if (field === 'personId') return maskIdNumber(value);
  if (field === 'name') return isOrganisationName(value) ? maskSubjectText(value) : maskName(value);
  return maskSubjectText(value);
}
