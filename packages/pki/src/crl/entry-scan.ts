import { withoutLeadingZeros } from '../asn1/primitive.js';
import { contentStart, elementEnd } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';

/**
 * Entries by serial number, in place: entries are never built into objects, and each is passed by its header
 * and serial number alone. Serial numbers are compared as unsigned integers: leading zero octets do not count,
 * so a CA that drops or adds a sign octet between certificate and CRL is still understood (the error, if any,
 * is on the side of "revoked").
 */

/** One past the entry at `offset`. @throws PkiError */
export function entryEnd(bytes: Uint8Array, offset: number, limit: number): number {
  if (bytes[offset] !== Tag.SEQUENCE) throw new PkiError('STRUCTURE_INVALID', 'entry of the CRL is not a SEQUENCE', { offset });
  const first = bytes[offset + 1]!;
  const end = offset + 2 + first;
  return first < 0x80 && end <= limit ? end : elementEnd(bytes, offset, limit);
}

/** One past the serial number that begins at `offset`. @throws PkiError */
export function serialEnd(bytes: Uint8Array, offset: number, limit: number): number {
  if (offset >= limit || bytes[offset] !== Tag.INTEGER) throw new PkiError('STRUCTURE_INVALID', 'entry of the CRL has no serial number', { offset });
  const length = bytes[offset + 1]!;
  const end = offset + 2 + length;
  if (length === 0) throw new PkiError('DER_INVALID', 'serial number without octets', { offset });
  return length < 0x80 && end <= limit ? end : elementEnd(bytes, offset, limit);
}

/** The result of one pass over all entries. */
export interface Scan {
  readonly count: number;
  /** Offsets of the entries with the serial number asked for, in order. */
  readonly matches: readonly number[];
}

/** Passes over every entry in `[start, end)`. @throws PkiError on an entry without a header or serial number */
export function scanEntries(bytes: Uint8Array, start: number, end: number, serialNumber: Uint8Array | undefined): Scan {
  const wanted = serialNumber === undefined ? undefined : withoutLeadingZeros(serialNumber);
  const length = wanted === undefined ? -1 : wanted.length;
  const matches: number[] = [];
  let count = 0;
  for (let offset = start; offset < end; count++) {
    const next = entryEnd(bytes, offset, end);
    const serial = contentStart(bytes, offset);
    const to = serialEnd(bytes, serial, next);
    let from = contentStart(bytes, serial);
    while (from < to && bytes[from] === 0) from++;
    if (to - from === length && endsWith(bytes, to, wanted!, 0)) matches.push(offset);
    offset = next;
  }
  return { count, matches };
}

/** Compared from the end: serial numbers of one CA often begin alike. */
function endsWith(bytes: Uint8Array, end: number, wanted: Uint8Array, start: number): boolean {
  for (let i = wanted.length - 1, j = end - 1; i >= start; i--, j--) if (bytes[j] !== wanted[i]) return false;
  return true;
}

/** Whether the entry at `offset`, already passed once, has the serial number that `wanted` is from `start` on (no leading zeros). */
export function hasSerial(bytes: Uint8Array, offset: number, wanted: Uint8Array, start: number): boolean {
  const serial = contentStart(bytes, offset);
  const to = serialEnd(bytes, serial, bytes.length);
  let from = contentStart(bytes, serial);
  while (from < to && bytes[from] === 0) from++;
  return to - from === wanted.length - start && endsWith(bytes, to, wanted, start);
}
