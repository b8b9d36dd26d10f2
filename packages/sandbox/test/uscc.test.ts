import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { organisationCode, uscc, withWrongCheck } from '../src/uscc.js';

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** GB 32100-2015 table 4, written out. */
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** The standard's own statement of a right code: the weighted sum with the check character is a multiple of 31. */
function holds(code: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * ALPHABET.indexOf(code[i]!), 0);
  return (sum + ALPHABET.indexOf(code[17]!)) % 31 === 0;
}

describe('USCC and organisation code', () => {
  test('the example of GB 11714', () => {
    expect(organisationCode('D2143569')).toBe('D2143569X');
  });

  test('check characters hold, and the wrong one does not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100000, max: 659999 }), fc.integer({ min: 0, max: 9999 }), (area, number) => {
        const code = uscc(String(area), organisationCode(`HEFU${String(number).padStart(4, '0')}`));
        expect(code).toHaveLength(18);
        expect(holds(code)).toBe(true);
        expect(holds(withWrongCheck(code))).toBe(false);
        expect(withWrongCheck(code).slice(0, 17)).toBe(code.slice(0, 17));
      }),
    );
  });

  test('refuses letters the alphabet leaves out, and other lengths', () => {
    expect(() => uscc('420100', 'SANDBOX00')).toThrow(TypeError);
    expect(() => uscc('4201', organisationCode('HEFU0001'))).toThrow(TypeError);
    expect(() => organisationCode('HEFU001')).toThrow(TypeError);
  });
});
