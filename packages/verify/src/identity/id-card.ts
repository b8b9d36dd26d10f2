/** Citizen identity numbers (公民身份号码) of GB 11643-1999, 18 characters, and their 15-digit predecessors. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** First two digits of GB/T 2260, and 91 of foreigners' permanent residence cards. */
const PROVINCES = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/;

/** Check character of the first 17 digits (ISO 7064 MOD 11-2); undefined when they are not 17 digits. */
export function idCardCheckCharacter(first17: string): string | undefined {
  if (!/^\d{17}$/.test(first17)) return undefined;
  let sum = 0;
  for (const [index, weight] of WEIGHTS.entries()) sum += Number(first17[index]) * weight;
  return '10X98765432'[sum % 11];
}

/** 18 characters with a birth date and the right check character, or 15 digits with a birth date. Upper case. */
export function isIdCardNumber(text: string): boolean {
  if (text.length === 15) return isDatedIdNumber(text);
  return isDatedIdNumber(text) && idCardCheckCharacter(text.slice(0, 17)) === text[17];
}

/** Shape and birth date only: what a mistyped identity number still shows. */
export function isDatedIdNumber(text: string): boolean {
  if (/^\d{17}[\dX]$/.test(text)) {
    const year = Number(text.slice(6, 10));
    return year >= 1900 && year <= 2099 && isDate(year, text.slice(10, 14));
  }
  return /^\d{15}$/.test(text) && isDate(1900 + Number(text.slice(6, 8)), text.slice(8, 12));
}

/** Begins as identity numbers do: with the code of a province. */
export function hasProvince(text: string): boolean {
  return PROVINCES.test(text);
}

function isDate(year: number, monthDay: string): boolean {
  const month = Number(monthDay.slice(0, 2));
  const day = Number(monthDay.slice(2));
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}
