import { printableString, utf8String } from '@hefu/pki';
import type { IdentityField, IdentityFieldName, IdentityProfile } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import { DEFAULT_IDENTITY_PROFILE, extractIdentity, missingIdentityFields } from '../../src/identity/extract.js';
import { idCardCheckCharacter } from '../../src/identity/id-card.js';
import { orgCodeCheckCharacter, usccCheckCharacter } from '../../src/identity/uscc.js';
import { ascii, certificate } from './certificate.js';

const ORG = `76543210${orgCodeCheckCharacter('76543210')!}`;
const USCC = `91420199${ORG}${usccCheckCharacter(`91420199${ORG}`)!}`;
const OTHER = `91420199MA0000001${usccCheckCharacter('91420199MA0000001')!}`;
const ID17 = '42019920990228001';
const ID = ID17 + idCardCheckCharacter(ID17)!;
const GM = '1.2.156.10260.4.1';
const HIDDEN = { reveal: false };

function profile(fields: Partial<Record<IdentityFieldName, IdentityField>>, rest: Partial<IdentityProfile> = {}): IdentityProfile {
  return { id: 'prof:test', version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields, ...rest };
}

const TWO_PLACES = profile({ uscc: { try: [{ ext: `${GM}.4`, accept: 'USCC18' }, { dn: 'serialNumber', accept: 'USCC18' }] } });

describe('several sources of one field', () => {
  it('agree after normalisation, and both are evidence', () => {
    const spelt = `${USCC.slice(0, 8)}-${USCC.slice(8).toLowerCase()}`;
    const identity = extractIdentity(certificate([['2.5.4.5', spelt]], [[`${GM}.4`, utf8String(USCC)]]), TWO_PLACES, HIDDEN);
    expect(identity).toMatchObject({ profile: 'prof:test', subjectType: 'organization', uscc: USCC, conflicts: [], warnings: [] });
    expect(identity.evidence).toEqual([
      { field: 'uscc', source: `ext ${GM}.4`, decoder: 'der-string', value: USCC },
      { field: 'uscc', source: 'dn serialNumber', decoder: 'der-string', value: USCC },
    ]);
  });

  it('that disagree leave no value and a conflict', () => {
    const identity = extractIdentity(certificate([['2.5.4.5', OTHER]], [[`${GM}.4`, utf8String(USCC)]]), TWO_PLACES, HIDDEN);
    expect(identity.uscc).toBeUndefined();
    expect(identity.conflicts).toEqual([{ field: 'uscc', values: [{ value: USCC, source: `ext ${GM}.4` }, { value: OTHER, source: 'dn serialNumber' }] }]);
    expect(missingIdentityFields(identity, TWO_PLACES)).toEqual(['uscc']);
  });

  it('two values in one source disagree as well', () => {
    const identity = extractIdentity(certificate([['2.5.4.5', OTHER], ['2.5.4.5', USCC]]), TWO_PLACES, HIDDEN);
    expect(identity.uscc).toBeUndefined();
    expect(identity.conflicts).toHaveLength(1);
  });

  it('the same extension twice disagrees with itself', () => {
    const identity = extractIdentity(certificate([], [[`${GM}.4`, utf8String(USCC)], [`${GM}.4`, utf8String(OTHER)]]), TWO_PLACES, HIDDEN);
    expect(identity.conflicts).toHaveLength(1);
  });

  it('the first one counts only where the profile says so', () => {
    const first = profile({ uscc: { ...TWO_PLACES.fields.uscc!, onMultiple: 'first' } });
    const identity = extractIdentity(certificate([['2.5.4.5', OTHER]], [[`${GM}.4`, utf8String(USCC)]]), first, HIDDEN);
    expect(identity).toMatchObject({ uscc: USCC, conflicts: [] });
    expect(identity.evidence).toHaveLength(2);
  });

  it('a source that cannot be read leaves the field without a value', () => {
    const withSan = profile({ uscc: { try: [{ ext: `${GM}.4`, accept: 'USCC18' }, { san: '1.2.3.4', accept: 'USCC18' }] }, orgCode: { try: [], derive: { from: 'uscc', slice: [8, 17] } } });
    const bad = extractIdentity(certificate([], [[`${GM}.4`, utf8String(USCC)], ['2.5.29.17', Uint8Array.of(0x30, 0x03, 0xa0)]]), withSan, HIDDEN);
    expect(bad.uscc).toBeUndefined();
    expect(bad.orgCode).toBeUndefined();
    expect(extractIdentity(certificate([], [[`${GM}.4`, utf8String(USCC)]]), withSan, HIDDEN)).toMatchObject({ uscc: USCC, orgCode: ORG });
    const unknownName = profile({ uscc: { try: [{ ext: `${GM}.4`, accept: 'USCC18' }, { dn: 'NOSUCHNAME', accept: 'USCC18' }] } });
    expect(extractIdentity(certificate([], [[`${GM}.4`, utf8String(USCC)]]), unknownName, HIDDEN).uscc).toBeUndefined();
  });
});

describe('USCC and organisation code', () => {
  const both = profile({ uscc: { try: [{ ext: `${GM}.4`, accept: 'USCC18' }] }, orgCode: { try: [{ ext: `${GM}.3`, accept: 'ORG9' }], derive: { from: 'uscc', slice: [8, 17] } } });

  it('agree when the code is characters 9 to 17', () => {
    const identity = extractIdentity(certificate([], [[`${GM}.4`, utf8String(USCC)], [`${GM}.3`, ascii(`${ORG.slice(0, 8)}-${ORG[8]!}`)]]), both, HIDDEN);
    expect(identity).toMatchObject({ uscc: USCC, orgCode: ORG, conflicts: [] });
  });

  it('conflict otherwise, and neither is given', () => {
    const identity = extractIdentity(certificate([], [[`${GM}.4`, utf8String(USCC)], [`${GM}.3`, ascii('40000000X')]]), both, HIDDEN);
    expect(identity.uscc).toBeUndefined();
    expect(identity.orgCode).toBeUndefined();
    expect(identity.conflicts).toEqual([{ field: 'orgCode', values: [{ value: USCC, source: `ext ${GM}.4` }, { value: '40000000X', source: `ext ${GM}.3` }] }]);
  });

  it('the code is derived only where the certificate has none', () => {
    const identity = extractIdentity(certificate([], [[`${GM}.4`, utf8String(USCC)]]), both, HIDDEN);
    expect(identity.orgCode).toBe(ORG);
    expect(identity.evidence.at(-1)).toEqual({ field: 'orgCode', source: 'uscc[8, 17)', decoder: 'derived', value: ORG });
    expect(extractIdentity(certificate([], []), both, HIDDEN).orgCode).toBeUndefined();
  });

  it('a wrong check character is a warning', () => {
    const wrong = USCC.slice(0, 17) + (USCC.endsWith('A') ? 'B' : 'A');
    expect(extractIdentity(certificate([], [[`${GM}.4`, utf8String(wrong)]]), both, HIDDEN)).toMatchObject({ uscc: wrong, warnings: ['USCC_CHECK_DIGIT'] });
    expect(extractIdentity(certificate([], [[`${GM}.4`, utf8String(USCC)]]), both, HIDDEN).warnings).toEqual([]);
  });
});

describe('personal data', () => {
  const person = profile(
    { personId: { try: [{ ext: `${GM}.1`, accept: 'ID-CARD' }, { dn: 'serialNumber', accept: 'ID-CARD' }] }, name: { try: [{ dn: 'CN', accept: 'TEXT' }] }, serviceNo: { try: [{ dn: 'OU', accept: 'TEXT' }] } },
    { subjectType: [{ if: { extPresent: `${GM}.1` }, is: 'person' }] },
  );
  const other = `42019920990228002${idCardCheckCharacter('42019920990228002')!}`;

  it('is masked everywhere unless revealed', () => {
    const subject = certificate([['2.5.4.3', '张三丰'], ['2.5.4.11', `SF0${ID}`]], [[`${GM}.1`, printableString(ID)]]);
    const hidden = extractIdentity(subject, person, HIDDEN);
    expect(JSON.stringify(hidden)).not.toContain(ID.slice(3, 16));
    expect(JSON.stringify(hidden)).not.toContain('三');
    expect(hidden).toMatchObject({ subjectType: 'person', personId: `420*************${ID.slice(-2)}`, name: '张**' });
    expect(extractIdentity(subject, person, { reveal: true })).toMatchObject({ personId: ID, name: '张三丰', serviceNo: `SF0${ID}` });
  });

  it('is masked in conflicts', () => {
    const identity = extractIdentity(certificate([['2.5.4.5', other]], [[`${GM}.1`, printableString(ID)]]), person, HIDDEN);
    expect(identity.conflicts).toHaveLength(1);
    expect(JSON.stringify(identity)).not.toContain(ID.slice(3, 16));
    expect(JSON.stringify(identity)).not.toContain(other.slice(3, 16));
  });

  it('keeps the name of a company', () => {
    const identity = extractIdentity(certificate([['2.5.4.3', '某某公司']], [[`${GM}.4`, utf8String(USCC)]]), DEFAULT_IDENTITY_PROFILE, HIDDEN);
    expect(identity.name).toBe('某某公司');
  });
});

describe('the default profile', () => {
  it('reads GM/T 0015 and X.520', () => {
    const identity = extractIdentity(certificate([['2.5.4.10', '某某有限公司'], ['2.5.4.3', '某某项目部'], ['2.5.4.97', USCC]], [[`${GM}.4`, utf8String(USCC)], [`${GM}.1`, ascii(ID)], [`${GM}.5`, ascii(USCC)]]), DEFAULT_IDENTITY_PROFILE, HIDDEN);
    expect(identity).toMatchObject({ profile: 'hefu:default', subjectType: 'organization', uscc: USCC, orgCode: ORG, taxNo: USCC, name: '某某有限公司', conflicts: [] });
    expect(identity.personId).not.toBe(ID);
  });

  it('conflicts when the tax number is another company\'s', () => {
    expect(extractIdentity(certificate([], [[`${GM}.4`, utf8String(USCC)], [`${GM}.5`, ascii(OTHER)]]), DEFAULT_IDENTITY_PROFILE, HIDDEN).conflicts).toHaveLength(1);
  });

  it('takes a short Chinese name without a code for a person', () => {
    expect(extractIdentity(certificate([['2.5.4.3', '某某某']]), DEFAULT_IDENTITY_PROFILE, HIDDEN)).toMatchObject({ name: '某**' });
    expect(extractIdentity(certificate([['2.5.4.3', '某某某']], [[`${GM}.1`, ascii(ID)]]), DEFAULT_IDENTITY_PROFILE, HIDDEN)).toMatchObject({ subjectType: 'person', name: '某**' });
  });

  it('guesses nothing from private places, and not a USCC from a name', () => {
    const identity = extractIdentity(certificate([['2.5.4.10', `${USCC}某某公司`], ['2.5.4.5', USCC]], [['1.2.156.1001', utf8String(USCC)]]), DEFAULT_IDENTITY_PROFILE, HIDDEN);
    expect(identity.uscc).toBeUndefined();
    expect(missingIdentityFields(identity, DEFAULT_IDENTITY_PROFILE)).toEqual(['uscc']);
  });

  it('does not take the operator\'s identity number in .4.1.4 for the company', () => {
    expect(extractIdentity(certificate([], [[`${GM}.4`, utf8String(ID)]]), DEFAULT_IDENTITY_PROFILE, HIDDEN).uscc).toBeUndefined();
  });
});

describe('patterns', () => {
  const with_ = (regex: string): IdentityProfile => profile({ serviceNo: { try: [{ dn: 'OU', regex, accept: 'TEXT' }] } });

  it('must match the whole text, anchored or not', () => {
    expect(extractIdentity(certificate([['2.5.4.11', 'A7']]), with_('A\\d'), HIDDEN).serviceNo).toBe('A7');
    expect(extractIdentity(certificate([['2.5.4.11', 'xA7']]), with_('A\\d'), HIDDEN).serviceNo).toBeUndefined();
    expect(extractIdentity(certificate([['2.5.4.11', 'A7\n']]), with_('^A\\d$'), HIDDEN).serviceNo).toBeUndefined();
    expect(extractIdentity(certificate([['2.5.4.11', 'A7 or B8']]), with_('A\\d|.*B8'), HIDDEN).serviceNo).toBe('A7 or B8');
  });

  it('a group that took no part gives nothing', () => {
    expect(extractIdentity(certificate([['2.5.4.11', 'B']]), with_('^(?:A(?<value>\\d)|B)$'), HIDDEN).serviceNo).toBeUndefined();
    expect(extractIdentity(certificate([['2.5.4.11', 'A7']]), with_('^(?:A(?<value>\\d)|B)$'), HIDDEN).serviceNo).toBe('7');
  });

  it('that could run away are refused, and long texts are not tried', () => {
    expect(() => extractIdentity(certificate([['2.5.4.11', 'a']]), with_('^(a+)+$'), HIDDEN)).toThrow(TypeError);
    expect(extractIdentity(certificate([['2.5.4.11', 'a'.repeat(256)]]), with_('^a+$'), HIDDEN).serviceNo).toBe('a'.repeat(256));
    expect(extractIdentity(certificate([['2.5.4.11', 'a'.repeat(257)]]), with_('^a+$'), HIDDEN).serviceNo).toBeUndefined();
    const plain = profile({ serviceNo: { try: [{ dn: 'OU', accept: 'TEXT' }] } });
    expect(extractIdentity(certificate([['2.5.4.11', 'a'.repeat(512)]]), plain, HIDDEN).serviceNo).toHaveLength(512);
    expect(extractIdentity(certificate([['2.5.4.11', 'a'.repeat(513)]]), plain, HIDDEN).serviceNo).toBeUndefined();
  });
});

it('an extension that cannot be decoded leaves the subject type open, and nothing is thrown', () => {
  const broken = certificate([['2.5.4.3', '某某某']], [['2.5.29.15', Uint8Array.of(0x03, 0x05)], [`${GM}.1`, ascii(ID)]]);
  const identity = extractIdentity(broken, DEFAULT_IDENTITY_PROFILE, HIDDEN);
  expect(identity.subjectType).toBeUndefined();
  expect(identity.name).toBe('某**');
});
