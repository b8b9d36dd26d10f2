import { describe, expect, it } from 'vitest';
import { idCardCheckCharacter, isDatedIdNumber, isIdCardNumber } from '../../src/identity/id-card.js';

// Area 420199 and the year 1900 or 2099: nobody's numbers.
const NOBODY = '420199209902280010'.slice(0, 17);

describe('citizen identity number, GB 11643', () => {
  it('computes ISO 7064 MOD 11-2', () => {
    // Only the first digit: 1·7 = 7 → '5'; only the last: 1·2 → 'X'.
    expect(idCardCheckCharacter('10000000000000000')).toBe('5');
    expect(idCardCheckCharacter('00000000000000001')).toBe('X');
    expect(idCardCheckCharacter('0000000000000000X')).toBeUndefined();
  });

  it('accepts the right check character and no other', () => {
    const right = idCardCheckCharacter(NOBODY)!;
    for (const character of '0123456789X') expect(isIdCardNumber(NOBODY + character)).toBe(character === right);
  });

  it('wants a day that exists', () => {
    expect(isDatedIdNumber('420199200002290010')).toBe(true);
    expect(isDatedIdNumber('420199190002290010')).toBe(false);
    expect(isDatedIdNumber('420199200013010010')).toBe(false);
    expect(isDatedIdNumber('420199200000010010')).toBe(false);
    expect(isDatedIdNumber('420199180001010010')).toBe(false);
    expect(isIdCardNumber('420199000131001')).toBe(true);
    expect(isIdCardNumber('420199000132001')).toBe(false);
    expect(isIdCardNumber('42019900013100')).toBe(false);
  });
});
