import type { DigestAlgorithm } from '@hefu/crypto';
import type { JsonValue } from './json.js';
import { MemberReader, present } from './member-reader.js';
import { attributeTypeOid, OID_PATTERN } from './attribute-type.js';
import { refusePattern } from './pattern.js';
import { readCertificate } from './read-anchor.js';
import { HEX_SHA256 } from './scheme/rules.js';
import { readCriteria } from './read-criteria.js';
import type { IdentityAccept, IdentityDecoder, IdentityField, IdentityFieldName, IdentityProfile, IdentitySample, IdentitySource, SampleFieldName } from './model.js';
import { hexOf } from './sha256.js';

const FIELDS: readonly IdentityFieldName[] = ['uscc', 'orgCode', 'licenceNo', 'taxNo', 'name', 'personId', 'personName', 'serviceNo', 'opaqueId'];
const SAMPLE_FIELDS: readonly SampleFieldName[] = ['uscc', 'orgCode', 'licenceNo', 'taxNo', 'name', 'serviceNo', 'opaqueId'];
const DECODERS: readonly IdentityDecoder[] = ['der-string', 'raw-utf8', 'raw-gbk', 'auto'];
const ACCEPTS: readonly IdentityAccept[] = ['USCC18', 'ORG9', 'LICENCE15', 'ID-CARD', 'TEXT', 'OPAQUE'];

/** Reads one identity profile (trust-list design §5.6). */
export function readProfile(reader: MemberReader, sha256: DigestAlgorithm): IdentityProfile {
  const fields: Partial<Record<IdentityFieldName, IdentityField>> = {};
  const members = reader.object('fields');
  for (const name of FIELDS) {
    const field = members.optionalObject(name);
    if (field !== undefined) fields[name] = readField(field);
  }
  for (const name of FIELDS) {
    const from = fields[name]?.derive?.from;
    if (from === undefined) continue;
    // One step only: a derived field cannot be derived from, so there is no cycle.
    if (fields[from] === undefined || fields[from]?.derive !== undefined) members.fail(`${name}.derive.from`, 'is not a field with sources of its own');
  }
  const required = reader.optionalChoices('required', FIELDS);
  for (const name of required ?? []) if (fields[name] === undefined) reader.fail('required', `names ${name}, which has no field`);
  return {
    id: reader.text('id', { max: 200 }),
    version: reader.integer('version', 1, 1_000_000),
    subjectType: reader.list('subjectType', 1, 20, (value, path) => readSubjectType(new MemberReader(value, path, reader.log))),
    fields,
    ...present<Pick<IdentityProfile, 'required' | 'samples'>>({ required, samples: reader.objects('samples', 0, 100, (sample) => readSample(sample, fields, sha256)) }),
  };
}

function readSample(reader: MemberReader, fields: IdentityProfile['fields'], sha256: DigestAlgorithm): IdentitySample {
  const certSha256 = reader.text('certSha256', HEX_SHA256);
  const certificate = reader.optionalList('x5c', 1, 1, (value, path) => readCertificate(value, path, reader.log))?.[0]?.der;
  if (certificate !== undefined && hexOf(sha256.digest(certificate)) !== certSha256) reader.fail('certSha256', 'is not the hash of x5c');
  const stated = reader.object('expect');
  const expect: Partial<Record<SampleFieldName, string>> = {};
  for (const name of Object.keys(stated.value)) {
    const field = SAMPLE_FIELDS.find((each) => each === name);
    if (field === undefined) stated.fail(name, 'is no field that a public sample may state');
    else if (fields[field] === undefined) stated.fail(name, 'is no field of the profile');
    else expect[field] = stated.text(field, { max: 256 });
  }
  if (reader.get('expect') !== undefined && Object.keys(stated.value).length === 0) reader.fail('expect', 'states nothing');
  return { certSha256, expect, ...(certificate !== undefined && { certificate }) };
}

function readSubjectType(reader: MemberReader): IdentityProfile['subjectType'][number] {
  const condition = reader.get('if');
  if (condition === undefined) reader.fail('if', 'is missing');
  return {
    if: condition === 'always' || condition === undefined ? 'always' : readCriteria(condition, reader.pathOf('if'), reader.log),
    is: reader.oneOf('is', ['organization', 'person', 'device']),
  };
}

function readField(reader: MemberReader): IdentityField {
  const derive = reader.optionalObject('derive');
  const sources = reader.optionalList('try', derive === undefined ? 1 : 0, 20, (value, path) => readSource(new MemberReader(value, path, reader.log)));
  if (reader.get('try') === undefined && derive === undefined) reader.fail('try', 'is missing, and nothing is derived');
  return {
    try: sources ?? [],
    ...present<Pick<IdentityField, 'onMultiple' | 'derive'>>({
      onMultiple: reader.optionalOneOf('onMultiple', ['must-agree', 'first']),
      derive: derive && { from: derive.oneOf('from', FIELDS), slice: readSlice(derive) },
    }),
  };
}

function readSlice(reader: MemberReader): readonly [number, number] {
  const [from, to] = reader.list('slice', 2, 2, (value: JsonValue) => value);
  if (typeof from === 'number' && typeof to === 'number' && from >= 0 && from < to && to <= 256) return [from, to];
  reader.fail('slice', 'is not two ascending positions');
  return [0, 1];
}

function readSource(reader: MemberReader): IdentitySource {
  const ext = reader.optionalText('ext', { pattern: OID_PATTERN, what: 'a dotted OID' });
  const dn = reader.optionalText('dn', { max: 100 });
  const san = reader.optionalText('san', { max: 100 });
  if (dn !== undefined && dn !== '' && attributeTypeOid(dn) === undefined) reader.fail('dn', 'is neither a dotted OID nor a known attribute name');
  if ([ext, dn, san].filter((place) => place !== undefined).length !== 1) reader.log.add(reader.path, 'has not exactly one of ext, dn, san');
  const strip = reader.optionalTexts('strip', {}, 0, 10);
  const regex = reader.optionalText('regex');
  strip?.forEach((source, index) => checkPattern(reader, `strip[${index}]`, source));
  if (regex !== undefined) checkPattern(reader, 'regex', regex);
  return {
    accept: reader.oneOf('accept', ACCEPTS),
    ...present<Omit<IdentitySource, 'accept'>>({ ext, dn, san, decode: reader.optionalChoices('decode', DECODERS), strip, regex }),
  };
}

function checkPattern(reader: MemberReader, name: string, source: string): void {
  const refusal = source === '' ? undefined : refusePattern(source);
  if (refusal !== undefined) reader.fail(name, `is not a safe regular expression: it ${refusal}`);
}
