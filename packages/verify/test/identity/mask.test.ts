import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idCardCheckCharacter } from '../../src/identity/id-card.js';
import { maskIdNumber, maskName, maskSubjectText } from '../../src/identity/mask.js';
import { usccCheckCharacter } from '../../src/identity/uscc.js';

const ID17 = '42019920990228001';
const ID = ID17 + idCardCheckCharacter(ID17)!;
const USCC17 = '91420199765432101';
const USCC = USCC17 + usccCheckCharacter(USCC17)!;
const digit = fc.constantFrom(...'0123456789');

describe('maskIdNumber', () => {
  it('keeps three and two of a long number', () => {
    expect(maskIdNumber(ID)).toBe(`420*************${ID.slice(-2)}`);
    expect(maskIdNumber('E12345678')).toBe('E*******8');
    expect(maskIdNumber('1234567')).toBe('*******');
    expect(maskIdNumber('')).toBe('');
  });

  it('never shows more than three and two, and keeps the length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const masked = maskIdNumber(text);
        expect([...masked]).toHaveLength([...text].length);
        expect([...masked].slice(3, -2).every((character) => character === '*')).toBe(true);
      }),
    );
  });
});

describe('maskName', () => {
  it.each([['张三', '张*'], ['欧阳某某', '欧**'], ['𠮷某', '𠮷*'], ['Zhang San', 'Z**'], ['张', '*'], ['', '']])('%j → %j', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });
});

describe('maskSubjectText', () => {
  it.each([
    [`CN=041@0${ID}@某某@00000001`, ID],
    [`1@0011SF0${ID}`, ID],
    [`serialNumber=${ID},CN=x`, ID],
    [`OU=I${ID}`, ID],
    [`OU=${[...ID].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join('')}`, ID],
    // Mistyped: the date alone gives it away.
    [`serialNumber=${ID17}${[...'0123456789'].find((last) => last !== ID[17] && last !== usccCheckCharacter(ID17))!}`, ID17],
    // Fifteen digits of 1999-12-31.
    ['serialNumber=420199991231001', '420199991231001'],
    // With the two digits of an individual's tax number.
    [`CN=${ID}01`, ID],
  ])('masks the number in %s', (text, secret) => {
    const masked = maskSubjectText(text);
    expect(masked).not.toContain(secret);
    expect(masked.normalize('NFKC')).not.toContain(secret.slice(6, 14));
    expect([...masked]).toHaveLength([...text].length);
  });

  it.each([
    `O=${USCC}某某公司,CN=x`,
    `serialNumber=${USCC}`,
    // Wrong check character, but a letter where an identity number has none.
    'O=91420199765432101A某某公司',
    'O=91420199MA4K2WXP7X',
    // An identity number cannot have been born in month 65.
    'CN=42019920656500100',
    // A licence number whose digits are no date.
    'serialNumber=420199000099991',
    'CN=20260101000001',
    '9342@XY91420199MA00000010',
  ])('leaves %s', (text) => {
    expect(maskSubjectText(text)).toBe(text);
  });

  it('shows a USCC whose digits could be a birth date, unless it is an identity number outright', () => {
    // 914201 1985 0101 …: a USCC of digits only with area 420119 whose organisation code begins 850101.
    const candidates: string[] = [];
    for (let tail = 0; tail < 1000; tail++) {
      const first17 = `91420119850101${String(tail).padStart(3, '0')}`;
      candidates.push(first17 + usccCheckCharacter(first17)!);
    }
    const digits = candidates.filter((code) => /^\d{18}$/.test(code));
    const both = digits.filter((code) => idCardCheckCharacter(code.slice(0, 17)) === code[17]);
    expect(both.length).toBeGreaterThan(0);
    for (const code of digits) expect(maskSubjectText(code) === code).toBe(!both.includes(code));
  });

  it('hides every identity number whatever stands around it', () => {
    const day = fc.tuple(fc.integer({ min: 1900, max: 2099 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 })).map(([y, m, d]) => `${y}${String(m).padStart(2, '0')}${String(d).padStart(2, '0')}`);
    const number = fc.tuple(day, fc.array(digit, { minLength: 3, maxLength: 3 })).map(([date, order]) => {
      const first17 = `420199${date}${order.join('')}`;
      return first17 + idCardCheckCharacter(first17)!;
    });
    const around = fc.constantFrom('', '0', 'SF', 'SF0', 'I', '@', 'CN=', '张', '1@0011SF0', ',', ' ');
    fc.assert(
      fc.property(around, number, around, (before, id, after) => {
        const masked = maskSubjectText(before + id + after);
        expect(masked).not.toContain(id);
        expect(masked).not.toContain(id.slice(6, 14));
      }),
      { numRuns: 3000 },
    );
  });

  it('masks names when told that the subject is a person', () => {
    expect(maskSubjectText('CN=张三丰,O=某某公司', { person: true })).toBe('CN=张**,O=某某公司');
    expect(maskSubjectText('CN=A\\,B C+SN=李四,C=CN', { person: true })).toBe('CN=A**+SN=李*,C=CN');
    expect(maskSubjectText('CN=张三丰')).toBe('CN=张三丰');
  });
});
