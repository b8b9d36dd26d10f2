import { PkiError } from '../error.js';
import type { DerReader } from './reader.js';
import { Tag } from './tag.js';

/**
 * UTCTime and GeneralizedTime as RFC 5280 §4.1.2.5 profiles them: seconds present, zone `Z`, a date that
 * exists. Two forms outside the profile are read and left for the caller to record with
 * {@link timeDeviations}: GeneralizedTime before 2050 (seen in real SM2 certificates) and fractional
 * seconds of up to nine digits (seen in timestamps and signing times). Missing seconds, `+hhmm` zones,
 * leap seconds and 24:00 were not seen in the field and are refused.
 */

/**
 * Reads the next element as a Time.
 * @returns milliseconds since 1970-01-01T00:00:00Z; not whole when the fraction is finer than a millisecond
 * @throws PkiError STRUCTURE_INVALID when it is neither type, TIME_INVALID when it is not a time as above
 */
export function readTime(reader: DerReader): number {
  const tag = reader.peek();
  if (tag !== Tag.UTC_TIME && tag !== Tag.GENERALIZED_TIME) throw new PkiError('STRUCTURE_INVALID', 'neither UTCTime nor GeneralizedTime', { offset: reader.offset });
  reader.next();
  return timeAt(reader.bytes, tag, reader.contentStart, reader.end);
}

/** The time in `bytes[start, end)`, content octets of the type `tag` names. @throws PkiError TIME_INVALID */
export function timeAt(bytes: Uint8Array, tag: number, start: number, end: number): number {
  let i = start;
  let year: number;
  if (tag === Tag.UTC_TIME) {
    if (end - start !== 13) throw invalid(start);
    year = twoDigits(bytes, i);
    year += year < 50 ? 2000 : 1900;
    i += 2;
  } else {
    if (end - start < 15) throw invalid(start);
    year = twoDigits(bytes, i) * 100 + twoDigits(bytes, i + 2);
    i += 4;
  }
  const month = twoDigits(bytes, i);
  const day = twoDigits(bytes, i + 2);
  const hour = twoDigits(bytes, i + 4);
  const minute = twoDigits(bytes, i + 6);
  const second = twoDigits(bytes, i + 8);
  i += 10;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) throw invalid(start);
  let fraction = 0;
  if (bytes[i] === 0x2e && tag === Tag.GENERALIZED_TIME) {
    const digits = end - i - 2;
    if (digits < 1 || digits > 9) throw invalid(start);
    let scale = 1000;
    for (i++; i < end - 1; i++) {
      scale /= 10;
      fraction += digit(bytes, i) * scale;
    }
  }
  if (i !== end - 1 || bytes[i] !== 0x5a) throw invalid(start);
  return daysFromEpoch(year, month, day) * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction;
}

export type TimeDeviation = 'GENERALIZED_TIME_BEFORE_2050' | 'TIME_FRACTION';

/** How a time that `timeAt` read departs from RFC 5280 §4.1.2.5. */
export function timeDeviations(bytes: Uint8Array, tag: number, start: number, end: number): readonly TimeDeviation[] {
  if (tag !== Tag.GENERALIZED_TIME) return [];
  const found: TimeDeviation[] = [];
  if (twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2) < 2050) found.push('GENERALIZED_TIME_BEFORE_2050');
  if (end - start > 15) found.push('TIME_FRACTION');
  return found;
}

/** `YYMMDDHHMMSSZ`. @throws TypeError outside 1950 to 2049 or between seconds */
export function formatUtcTime(ms: number): string {
  const text = formatGeneralizedTime(ms);
  const year = Number(text.slice(0, 4));
  if (year < 1950 || year > 2049 || text.length !== 15) throw new TypeError('UTCTime holds whole seconds from 1950 to 2049');
  return text.slice(2);
}

/** `YYYYMMDDHHMMSS[.f]Z`. @throws TypeError outside years 0000 to 9999 or between milliseconds */
export function formatGeneralizedTime(ms: number): string {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  if (!Number.isInteger(ms) || !(year >= 0 && year <= 9999)) throw new TypeError('GeneralizedTime holds whole milliseconds of years 0000 to 9999');
  const [day, rest] = date.toISOString().split('T') as [string, string];
  const fraction = rest.slice(9, 12).replace(/0+$/, '');
  return `${day.replaceAll('-', '')}${rest.slice(0, 8).replaceAll(':', '')}${fraction === '' ? '' : `.${fraction}`}Z`;
}

function digit(bytes: Uint8Array, i: number): number {
  const value = bytes[i]! - 0x30;
  if (!(value >= 0 && value <= 9)) throw invalid(i);
  return value;
}

function twoDigits(bytes: Uint8Array, i: number): number {
  return digit(bytes, i) * 10 + digit(bytes, i + 1);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days of the proleptic Gregorian calendar, counted in years that begin in March so the leap day comes last. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const m = month > 2 ? month - 3 : month + 9;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((m * 153 + 2) / 5) + day - 719_469;
}

function invalid(offset: number): PkiError {
  return new PkiError('TIME_INVALID', 'not a time of the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSS[.f]Z', { offset });
}
