import { softwareDigests } from '@hefu/crypto';
import { explicit, printableString, utf8String, type Certificate } from '@hefu/pki';
import { refusePattern } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import { idCardCheckCharacter, isIdCardNumber } from '../../src/identity/id-card.js';
import { hasValidUsccCheck, usccCheckCharacter } from '../../src/identity/uscc.js';
import { nameShapesOf, shapesOf } from '../../src/identity/workbench/shapes.js';
import { suggestProfile, testProfile } from '../../src/index.js';
import { ascii, certificate, type ExtensionPart, type SubjectPart } from './certificate.js';

const sha256 = softwareDigests.find(({ name }) => name === 'SHA-256')!;
const PERSON = '1.2.156.10260.4.1.1';
const ORGANISATION = '1.2.156.10260.4.1.4';
const usccOf = (first17: string): string => first17 + usccCheckCharacter(first17)!;
const idOf = (first17: string): string => first17 + idCardCheckCharacter(first17)!;
const USCCS = ['91420199765432101', '91420100HEFU80203', '91420100HEFU80304'].map(usccOf);
const IDS = ['42019919900228001', '42010119850101234', '42010119770707345'].map(idOf);
const NAMES = ['某某建设工程有限公司', '另外一家市政有限公司', '第三家园林绿化有限公司'];

/** A number that passes both as an identity number and as a USCC, found by trying. */
const BOTH = ((): string => {
  for (let sequence = 0; sequence < 1000; sequence++) {
    const id = idOf(`11010119900101${String(sequence).padStart(3, '0')}`);
    if (isIdCardNumber(id) && hasValidUsccCheck(id)) return id;
  }
  throw new Error('none among a thousand');
})();

const suggest = (certificates: readonly Certificate[]): ReturnType<typeof suggestProfile> => suggestProfile(certificates, { id: 'prof:draft', sha256 });
const three = (extensions: (index: number) => readonly ExtensionPart[], subject: (index: number) => readonly SubjectPart[] = (index) => [['2.5.4.3', NAMES[index]!]]): Certificate[] =>
  [0, 1, 2].map((index) => certificate(subject(index), extensions(index)));
const sources = (suggestion: ReturnType<typeof suggestProfile>, field: 'uscc' | 'orgCode' | 'personId' | 'name'): readonly unknown[] | undefined => suggestion.profile?.fields[field]?.try;

describe('a person’s number', () => {
  it('is proposed as a person’s only, and shown masked wherever it comes up', () => {
    const suggestion = suggest(three((index) => [[PERSON, explicit(0, printableString(IDS[index]!))], ['1.2.156.1001', utf8String(`1@0011SF0${IDS[index]!}`)]]));
    expect(sources(suggestion, 'uscc')).toBeUndefined();
    expect(sources(suggestion, 'personId')).toHaveLength(2);
    expect(suggestion.profile).toMatchObject({ subjectType: [{ if: 'always', is: 'person' }], required: ['personId'] });
    expect(suggestion.profile).not.toHaveProperty('samples');
    expect(suggestion.notes.map(({ code }) => code)).toContain('PERSONS');
    for (const id of IDS) expect(JSON.stringify(suggestion)).not.toContain(id);
    for (const name of NAMES) expect(JSON.stringify(suggestion.trials)).not.toContain(name);
  });

  it('is never an organisation’s, though it passes as a USCC and stands where one belongs', () => {
    const suggestion = suggest([certificate([['2.5.4.3', '张三丰']], [[ORGANISATION, utf8String(BOTH)]])]);
    expect(sources(suggestion, 'uscc')).toBeUndefined();
    expect(sources(suggestion, 'personId')).toHaveLength(1);
    expect(JSON.stringify(suggestion)).not.toContain(BOTH);
    expect(JSON.stringify(suggestion)).not.toContain('张三丰');
  });

  it('mistyped is not taken for an organisation’s when it happens to pass that check', () => {
    const mistyped = Array.from({ length: 1000 }, (_, index) => usccOf(`11010119900101${String(index).padStart(3, '0')}`)).find((code) => /^\d{18}$/.test(code) && !isIdCardNumber(code))!;
    const suggestion = suggest([certificate([['2.5.4.3', '张三丰']], [[ORGANISATION, utf8String(mistyped)]])]);
    expect(suggestion).toMatchObject({ profile: undefined, notes: [{ code: 'NOTHING_FOUND' }] });
    expect(JSON.stringify(suggestion)).not.toContain(mistyped);
  });

  it('of fifteen digits is no licence number, even in its place', () => {
    const suggestion = suggest([certificate([['2.5.4.3', 'x']], [['1.2.156.10260.4.1.3', ascii('420199900228001')]])]);
    expect(suggestion.profile?.fields.licenceNo).toBeUndefined();
    expect(JSON.stringify(suggestion)).not.toContain('420199900228001');
  });

  it('beside an organisation’s code leaves the organisation identified and no sample behind', () => {
    const suggestion = suggest(three((index) => [[PERSON, ascii(IDS[index]!)], [ORGANISATION, utf8String(USCCS[index]!)]]));
    expect(suggestion.profile).toMatchObject({ required: ['uscc'], subjectType: [{ is: 'organization' }, { is: 'person' }] });
    expect(suggestion.profile).not.toHaveProperty('samples');
    for (const id of IDS) expect(JSON.stringify(suggestion)).not.toContain(id);
  });
});

describe('a draft', () => {
  it('keeps places that agree and leaves out one that contradicts them', () => {
    const suggestion = suggest(three((index) => [[ORGANISATION, utf8String(USCCS[index]!)], ['1.2.156.999.1', utf8String(USCCS[index]!)], ['1.2.156.999.2', utf8String(USCCS[(index + 1) % 3]!)]]));
    expect(sources(suggestion, 'uscc')).toMatchObject([{ ext: ORGANISATION }, { ext: '1.2.156.999.1' }]);
    expect(suggestion.notes.map(({ code }) => code)).toEqual(['CONTRADICTS']);
    expect(suggestion.trials.every(({ passed }) => passed)).toBe(true);
  });

  it('takes no name that all samples share, nor the CA’s', () => {
    const shared = suggest(three((index) => [[ORGANISATION, utf8String(USCCS[index]!)]], () => [['2.5.4.10', '某某数字证书认证中心']]));
    expect(sources(shared, 'name')).toBeUndefined();
    const own = suggest(three((index) => [[ORGANISATION, utf8String(USCCS[index]!)]]));
    expect(sources(own, 'name')).toEqual([{ dn: 'CN', accept: 'TEXT' }]);
  });

  it('says when there is too little to go by', () => {
    expect(suggest([certificate([['2.5.4.3', '某某建设工程有限公司']])])).toMatchObject({ profile: undefined, notes: [{ code: 'NOTHING_FOUND' }] });
    expect(suggest([certificate([['2.5.4.3', NAMES[0]!]], [[ORGANISATION, utf8String(USCCS[0]!)]])]).notes.map(({ code }) => code)).toEqual(['FEW_SAMPLES']);
    expect(suggest([...three((index) => [[ORGANISATION, utf8String(USCCS[index]!)]]), certificate([['2.5.4.3', '没有代码的某某公司']])]).notes.map(({ code }) => code)).toEqual(['PARTIAL']);
    expect(() => suggest([])).toThrow(TypeError);
  });
});

describe('a trial', () => {
  it('shows each step of each source', () => {
    const profile = {
      id: 'p', version: 1, subjectType: [{ if: 'always' as const, is: 'organization' as const }],
      fields: { uscc: { try: [{ ext: ORGANISATION, accept: 'USCC18' as const }, { dn: 'OU', accept: 'USCC18' as const }, { dn: 'CN', regex: '^(\\d+)$', accept: 'USCC18' as const }, { dn: 'O', accept: 'USCC18' as const }, {} as never] } },
    };
    const [trial] = testProfile(profile, [certificate([['2.5.4.3', NAMES[0]!], ['2.5.4.10', NAMES[0]!]], [[ORGANISATION, utf8String(` ${USCCS[0]!.toLowerCase()}`)]])], { sha256 });
    expect(trial!.trials.map(({ source, outcome, value }) => [source, outcome, value])).toEqual([
      [`ext ${ORGANISATION}`, 'taken', USCCS[0]], ['dn OU', 'absent', undefined], ['dn CN', 'pattern', undefined], ['dn O', 'refused', undefined], ['san ', 'unreadable', undefined],
    ]);
    expect(trial!.passed).toBe(false);
  });

  it('shows contradictions, and masks a person’s name in every field', () => {
    const profile = {
      id: 'p', version: 1, subjectType: [{ if: 'always' as const, is: 'person' as const }],
      fields: { name: { try: [{ dn: 'CN', accept: 'TEXT' as const }, { dn: 'O', accept: 'TEXT' as const }] }, serviceNo: { try: [{ dn: 'OU', regex: '^.*@(\\d+)$', accept: 'TEXT' as const }] } },
      required: ['name' as const],
    };
    const [trial] = testProfile(profile, [certificate([['2.5.4.3', '张三丰'], ['2.5.4.10', '李四光'], ['2.5.4.11', `041@0${IDS[0]!}@张三丰@0001`]])], { sha256 });
    expect(trial).toMatchObject({ passed: false, missing: ['name'], identity: { conflicts: [{ field: 'name' }] } });
    expect(JSON.stringify(trial)).not.toMatch(new RegExp(`三丰|四光|${IDS[0]!}`));
  });
});

describe('shapes', () => {
  const regexes = (text: string): readonly (string | undefined)[] => shapesOf(text).map(({ regex }) => regex);
  it('generalise what varies, keep what is the CA’s, and are safe patterns', () => {
    const code = USCCS[1]!;
    expect(regexes(code)).toEqual([undefined]);
    expect(regexes(`9342@XY${code}`)).toEqual(['^\\d+@\\d*XY0?(?<value>[0-9A-HJ-NPQRTUWXY]{18})$']);
    expect(regexes(`统一社会信用代码:${code}`)).toEqual(['^统一社会信用代码:(?<value>[0-9A-HJ-NPQRTUWXY]{18})$']);
    expect(regexes(`041@N${code}@${NAMES[0]!}@00000001`)).toEqual(['^\\d+@N(?<value>[0-9A-HJ-NPQRTUWXY]{18})@[^@]+@\\d+$']);
    expect(nameShapesOf(`041@N${code}@${NAMES[0]!}@00000001`).map(({ regex }) => regex)).toEqual(['^\\d{3}@[^@]+@(?<value>[^@]+)@\\d{8}$']);
    for (const text of [`9342@XY${code}`, `${code}${NAMES[0]!}`, `a@b@c@d@e@${code}@f@g`]) for (const { regex } of shapesOf(text)) if (regex !== undefined) expect(refusePattern(regex)).toBeUndefined();
  });

  it('find no code inside a longer run, nor one whose check fails', () => {
    expect(regexes(`${USCCS[1]!}7`)).toEqual([]);
    expect(regexes(USCCS[1]!.slice(0, 17) + 'A')).toEqual([]);
    expect(regexes(NAMES[0]!)).toEqual([]);
  });
});
