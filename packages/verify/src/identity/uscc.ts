/**
 * Codes of Chinese organisations: the unified social credit code (统一社会信用代码, USCC) of GB 32100-2015 and the
 * organisation code (组织机构代码) of GB 11714-1997 inside it. All functions take upper-case text without dashes.
 */

/** GB 32100 §5.1: digits and capitals without I, O, S, V, Z. A character's value is its index. */
export const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** §4: registration authority, category, six digits of area, nine of organisation code, check character. */
const USCC_SHAPE = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
const ORG_CODE_SHAPE = /^[0-9A-Z]{8}[0-9X]$/;
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORG_CODE_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const ORG_CODE_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Alphabet, length and digits of area; the check character is not looked at. One repeated character is filler, not a code. */
export function isUscc(code: string): boolean {
  return USCC_SHAPE.test(code) && !isFiller(code);
}

/** Check character of the first 17 characters (GB 32100 §5.2); undefined when they are not of the alphabet. */
export function usccCheckCharacter(first17: string): string | undefined {
  const sum = weighted(first17, USCC_WEIGHTS, USCC_ALPHABET);
  return sum === undefined ? undefined : USCC_ALPHABET[(31 - (sum % 31)) % 31];
}

/** Whether the 18th character is the check character. Real certificates exist in which it is not: a warning, not a refusal. */
export function hasValidUsccCheck(uscc: string): boolean {
  return isUscc(uscc) && usccCheckCharacter(uscc.slice(0, 17)) === uscc[17];
}

/** Characters 9 to 17 of a USCC (GB 32100 §4). @throws TypeError when it is not shaped as a USCC */
export function orgCodeOfUscc(uscc: string): string {
  if (!isUscc(uscc)) throw new TypeError('not a unified social credit code');
  return uscc.slice(8, 17);
}

/** Shape of an organisation code, nine characters; the check character is not looked at. */
export function isOrgCode(code: string): boolean {
  return ORG_CODE_SHAPE.test(code) && !isFiller(code);
}

/** Check character of the first eight characters (GB 11714 §4): 0–9 or X; undefined when they are not of the alphabet. */
export function orgCodeCheckCharacter(first8: string): string | undefined {
  const sum = weighted(first8, ORG_CODE_WEIGHTS, ORG_CODE_ALPHABET);
  return sum === undefined ? undefined : '0X987654321'[sum % 11];
}

export function hasValidOrgCodeCheck(code: string): boolean {
  return isOrgCode(code) && orgCodeCheckCharacter(code.slice(0, 8)) === code[8];
}

function weighted(text: string, weights: readonly number[], alphabet: string): number | undefined {
  if (text.length !== weights.length) return undefined;
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    const value = alphabet.indexOf(text[index]!);
    if (value < 0) return undefined;
    sum += value * weight;
  }
  return sum;
}

function isFiller(code: string): boolean {
  for (let i = 1; i < code.length; i++) if (code[i] !== code[0]) return false;
  return true;
}
