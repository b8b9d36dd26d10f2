/** GB 32100-2015 §4: the alphabet leaves out I O S V Z. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** A GB 11714 organisation code: eight characters given and their check character. @throws TypeError on other input */
export function organisationCode(body: string): string {
  if (!/^[0-9A-Z]{8}$/.test(body)) throw new TypeError('eight characters 0-9 A-Z');
  const sum = ORG_WEIGHTS.reduce((total, weight, i) => total + weight * '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(body[i]!), 0);
  const check = 11 - (sum % 11);
  return body + (check === 11 ? '0' : check === 10 ? 'X' : String(check));
}

/**
 * An 18-character USCC: department and category `91`, a six-digit area, an organisation code, a check character.
 * @throws TypeError on other input
 */
export function uscc(area: string, orgCode: string): string {
  const body = `91${area}${orgCode}`;
  if (!/^91\d{6}/.test(body) || body.length !== 17 || [...body].some((character) => !ALPHABET.includes(character))) throw new TypeError('not the parts of a USCC');
  let sum = 0;
  let weight = 1;
  for (const character of body) {
    sum += weight * ALPHABET.indexOf(character);
    weight = (weight * 3) % 31;
  }
  return body + ALPHABET[(31 - (sum % 31)) % 31]!;
}

/** The same code with a check character that is wrong, as found in real certificates. */
export function withWrongCheck(code: string): string {
  const at = ALPHABET.indexOf(code[17]!);
  return code.slice(0, 17) + ALPHABET[(at + 1) % 31]!;
}
