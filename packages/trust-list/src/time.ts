import { TrustListError } from './error.js';

const INSTANT = /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))T((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d(?:\.\d{3})?)?Z$/;

/**
 * A UTC instant `YYYY-MM-DDTHH:MM[:SS[.sss]]Z` as epoch milliseconds. Other zones, other precisions, leap
 * seconds and days no month has are refused.
 * @throws TrustListError TL_TIME_INVALID
 */
export function parseInstant(text: string): number {
  const match = INSTANT.exec(text);
  if (match !== null) {
    const at = Date.parse(`${match[1]}T${match[2]}${match[3] ?? ':00'}Z`);
    // A day past the month's end parses as one of the next month.
    if (Number.isFinite(at) && new Date(at).toISOString().startsWith(match[1]!)) return at;
  }
  throw new TrustListError('TL_TIME_INVALID', `${JSON.stringify(text.slice(0, 40))} is not an instant YYYY-MM-DDTHH:MM[:SS[.sss]]Z`);
}

/** Writes an instant with seconds, and milliseconds where there are any. @throws TypeError outside the years 0000 to 9999 */
export function formatInstant(at: number): string {
  const text = Number.isInteger(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : '';
  if (text.length !== 24) throw new TypeError(`${at} is not an instant of the years 0000 to 9999 in milliseconds`);
  return text.replace('.000Z', 'Z');
}

const DURATION = /^P(?=.)(?:(\d{1,5})W|(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?)$/;

/**
 * An ISO 8601 duration of weeks, or of days, hours, minutes and whole seconds, in milliseconds: `PT24H`,
 * `P180D`. Years and months, which have no fixed length, are refused.
 * @throws TrustListError TL_TIME_INVALID
 */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text);
  if (match === null) throw new TrustListError('TL_TIME_INVALID', `${JSON.stringify(text.slice(0, 40))} is not a duration such as PT24H or P180D`);
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number];
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
