import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasValidOrgCodeCheck, hasValidUsccCheck, isOrgCode, isUscc, orgCodeCheckCharacter, orgCodeOfUscc, USCC_ALPHABET, usccCheckCharacter } from '../../src/identity/uscc.js';

const character = fc.constantFrom(...USCC_ALPHABET);
const uscc = fc
  .tuple(character, character, fc.array(fc.constantFrom(...'0123456789'), { minLength: 6, maxLength: 6 }), fc.array(character, { minLength: 9, maxLength: 9 }))
  .map(([a, b, area, rest]) => a + b + area.join('') + rest.join(''))
  .map((first17) => first17 + usccCheckCharacter(first17)!)
  .filter((code) => isUscc(code));

describe('unified social credit code, GB 32100', () => {
  // Made-up codes: area 420000, invented organisation codes.
  it.each(['91420000MA0000001Y', '914200007654321013'])('accepts %s only with its check character', (text) => {
    const code = text.slice(0, 17) + usccCheckCharacter(text.slice(0, 17))!;
    expect(hasValidUsccCheck(code)).toBe(true);
    const wrong = USCC_ALPHABET[(USCC_ALPHABET.indexOf(code[17]!) + 1) % 31]!;
    expect(isUscc(code.slice(0, 17) + wrong)).toBe(true);
    expect(hasValidUsccCheck(code.slice(0, 17) + wrong)).toBe(false);
  });

  it('has the weights of the standard (known answers computed by hand)', () => {
    // Only the first character counts: 9·1 = 9, check 31 − 9 = 22 → 'N'.
    expect(usccCheckCharacter('90000000000000000')).toBe('N');
    // Only the last: 1·28, check 3.
    expect(usccCheckCharacter('00000000000000001')).toBe('3');
    expect(usccCheckCharacter('0000000000000000I')).toBeUndefined();
  });

  it.each(['', '9142000076543210', '91420000765432101I', '9142OO007654321013', '914200007654321013 ', '000000000000000000', '91A200007654321013'])('refuses the shape of %j', (code) => {
    expect(isUscc(code)).toBe(false);
    expect(hasValidUsccCheck(code)).toBe(false);
  });

  it('changing one character of a valid code is detected', () => {
    fc.assert(
      fc.property(uscc, fc.nat(17), character, (code, at, other) => {
        const changed = code.slice(0, at) + other + code.slice(at + 1);
        expect(hasValidUsccCheck(changed)).toBe(changed === code);
      }),
    );
  });

  it('swapping two neighbours of a valid code is detected', () => {
    fc.assert(
      fc.property(uscc, fc.nat(15), (code, at) => {
        const changed = code.slice(0, at) + code[at + 1]! + code[at]! + code.slice(at + 2);
        expect(hasValidUsccCheck(changed)).toBe(changed === code);
      }),
    );
  });

  it('holds the organisation code in characters 9 to 17', () => {
    expect(orgCodeOfUscc('91420000123456785X')).toBe('123456785');
    expect(() => orgCodeOfUscc('91420000')).toThrow(TypeError);
  });
});

describe('organisation code, GB 11714', () => {
  it('knows its check characters', () => {
    // Σ of 00000001·weights = 2 → 11 − 2 = 9; of 00000000 = 0 → '0'; 4·3 = 12 ≡ 1 → 'X'.
    expect(orgCodeCheckCharacter('00000001')).toBe('9');
    expect(orgCodeCheckCharacter('00000000')).toBe('0');
    expect(orgCodeCheckCharacter('40000000')).toBe('X');
    expect(orgCodeCheckCharacter('0000000-')).toBeUndefined();
  });

  it('accepts with, refuses without', () => {
    expect(hasValidOrgCodeCheck('40000000X')).toBe(true);
    expect(hasValidOrgCodeCheck('400000001')).toBe(false);
    expect(isOrgCode('400000001')).toBe(true);
    expect(isOrgCode('40000000A')).toBe(false);
    expect(hasValidOrgCodeCheck('000000000')).toBe(false);
  });
});
