import { hasProvince, isDatedIdNumber, isIdCardNumber } from './id-card.js';
import { hasValidUsccCheck, isUscc } from './uscc.js';

/**
 * Personal data in reports (PIPL art. 6, 28: no more than the purpose needs). A reader must be able to tell two
 * persons of one company apart, not to learn a birth date: of an identity number the first three and last two
 * characters stay, of a name the first.
 */

/** `420*************18`; of 8 to 14 characters the first and last stay, of fewer none. Length is kept. */
export function maskIdNumber(text: string): string {
  const characters = [...text];
  const [head, tail] = characters.length >= 15 ? [3, 2] : characters.length >= 8 ? [1, 1] : [0, 0];
  return characters.map((character, index) => (index < head || index >= characters.length - tail ? character : '*')).join('');
}

/** `张*`, `欧**`: the first character, and no more than two stars whatever the length. A single character is hidden. */
export function maskName(text: string): string {
  const characters = [...text.trim()];
  if (characters.length <= 1) return '*'.repeat(characters.length);
  return characters[0]! + '*'.repeat(Math.min(characters.length - 1, 2));
}

/**
 * Text of a distinguished name, or any other line, with the identity numbers in it masked wherever they stand
 * (`SF0<number>`, `041@0<number>@…`, full-width digits).
 *
 * Organisations' codes stay readable, since they are public and identify the bidder. An 18-character USCC of digits
 * only and an identity number look alike; what decides is, in this order: a birth date and both checks of an identity
 * number hold: masked; the USCC check holds, or a letter stands where an identity number has none: shown; a birth date
 * alone (a mistyped identity number): masked; no birth date: not an identity number, shown. Fifteen digits with a birth
 * date are masked though an old licence number may look so.
 *
 * @param options.person the text is a person's name: its CN, SN and GN are masked as names
 */
export function maskSubjectText(text: string, options: { readonly person?: boolean } = {}): string {
  const masked = text.replace(/[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{15,}/g, maskToken);
  if (options.person !== true) return masked;
  // RFC 4514: a value ends at an unescaped comma or plus sign.
  return masked.replace(/((?:^|[,+])(?:CN|SN|GN)=)((?:\\.|[^,+\\])+)/gs, (_, type: string, value: string) => type + maskName(value));
}

/** One unbroken run of letters and digits. */
function maskToken(token: string): string {
  // NFKC maps full-width forms one to one.
  const plain = token.normalize('NFKC').toUpperCase();
  // `XY`, `JJ` mark an organisation's code in the regional micro-formats; one `0` may follow.
  const start = /^(?:(?:XY|JJ)0?(?=.{18}))?/.exec(plain)![0].length;
  const end = start + 18;
  const code = plain.slice(start, end);
  // Digits alone are a code only when they stand alone: among more digits any 18 may pass the check by chance.
  if (isOrganisationCode(code) && (token.length === end || /[A-WY]/.test(code.slice(8)))) return token.slice(0, end) + (token.length > end ? maskToken(token.slice(end)) : '');
  let result = '';
  let last = 0;
  for (const match of plain.matchAll(/\d{14,}[\dX]/g)) {
    const run = match[0];
    result += token.slice(last, match.index);
    const original = token.slice(match.index, match.index + run.length);
    result += holdsIdNumber(run) ? maskIdNumber(original) : original;
    last = match.index + run.length;
  }
  return result + token.slice(last);
}

function isOrganisationCode(code: string): boolean {
  if (!isUscc(code) || isIdCardNumber(code)) return false;
  return hasValidUsccCheck(code) || /[A-Z]/.test(code.slice(8, 17)) || /[A-WY]/.test(code[17]!);
}

function holdsIdNumber(run: string): boolean {
  if (run.length === 15) return isDatedIdNumber(run);
  if (run.length === 18) return isDatedIdNumber(run);
  const width = run.length < 18 ? 15 : 18;
  for (let start = 0; start + width <= run.length; start++) {
    const window = run.slice(start, start + width);
    if (hasProvince(window) && isDatedIdNumber(window)) return true;
  }
  return false;
}
