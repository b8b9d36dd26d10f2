import { describe, expect, it } from 'vitest';
import { acceptValue } from '../../src/identity/accept.js';
import { idCardCheckCharacter } from '../../src/identity/id-card.js';
import { usccCheckCharacter } from '../../src/identity/uscc.js';

const USCC17 = '91420199765432101';
const USCC = USCC17 + usccCheckCharacter(USCC17)!;
const ID17 = '42019920990228001';
const ID = ID17 + idCardCheckCharacter(ID17)!;

describe('what a value must look like', () => {
  it('writes codes in upper case without dashes and spaces', () => {
    expect(acceptValue('USCC18', `${USCC.slice(0, 8).toLowerCase()}-${USCC.slice(8)} `)?.value).toBe(USCC);
    expect(acceptValue('ORG9', '40000000-x')?.value).toBe('40000000X');
    expect(acceptValue('ID-CARD', ID.toLowerCase())?.value).toBe(ID);
    expect(acceptValue('LICENCE15', '420199000012345')?.value).toBe('420199000012345');
  });

  it('warns of a wrong check character of a USCC, refuses one of the others', () => {
    const wrong = USCC17 + (USCC.endsWith('A') ? 'B' : 'A');
    expect(acceptValue('USCC18', wrong)).toMatchObject({ value: wrong, checkFailed: true });
    expect(acceptValue('USCC18', USCC)).toMatchObject({ checkFailed: false });
    expect(acceptValue('ORG9', '400000001')).toBeUndefined();
    expect(acceptValue('ID-CARD', ID17 + (ID.endsWith('0') ? '1' : '0'))).toBeUndefined();
  });

  it('never takes an identity number for a company', () => {
    expect(usccCheckCharacter(ID17)).not.toBe(ID[17]);
    expect(acceptValue('USCC18', ID)).toBeUndefined();
  });

  it.each([
    ['USCC18', ''], ['USCC18', `${USCC}1`], ['USCC18', `SF${USCC}`], ['USCC18', '000000000000000000'], ['USCC18', `${USCC.slice(0, 17)}Ⅹ`],
    ['ORG9', '4000000X'], ['LICENCE15', '42019900001234'], ['LICENCE15', '000000000000000'], ['LICENCE15', '42019900001234A'], ['ID-CARD', '420199209902300017'],
    ['TEXT', ''], ['TEXT', '  '], ['TEXT', 'null'], ['TEXT', '--'], ['TEXT', 'a\u0000b'], ['TEXT', 'a\u202eb'], ['OPAQUE', 'NULL'],
  ] as const)('refuses as %s: %j', (accept, text) => {
    expect(acceptValue(accept, text)).toBeUndefined();
  });

  it('compares names without width, case, spaces and dashes', () => {
    const key = (text: string): string | undefined => acceptValue('TEXT', text)?.key;
    expect(key('某某（湖北）有限公司')).toBe(key(' 某某(湖北) 有限公司 '));
    expect(key('Abc-D')).toBe(key('ＡＢＣＤ'));
    expect(key('某某公司')).not.toBe(key('某某公司分公司'));
  });
});
