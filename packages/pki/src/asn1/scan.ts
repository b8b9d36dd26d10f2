import { PkiError } from '../error.js';
import { checkOid } from './oid.js';
import { Tag } from './tag.js';

/** DER headers by offset alone: what `DerReader` reads by, and, without an object per level, the structure of certificates and CRLs. */

/**
 * Checks the header of the element at `offset` and that it lies before `limit`.
 * @returns one past the element's last octet
 * @throws PkiError TRUNCATED | DER_INVALID
 */
export function elementEnd(bytes: Uint8Array, offset: number, limit: number): number {
  if (offset + 2 <= limit) {
    const first = bytes[offset + 1]!;
    const end = offset + 2 + first;
    // Nearly every element: two header octets, all of it inside.
    if (first < 0x80 && end <= limit && (bytes[offset]! & 0x1f) !== 0x1f) return end;
  }
  return carefulEnd(bytes, offset, limit);
}

function carefulEnd(bytes: Uint8Array, offset: number, limit: number): number {
  if (offset + 2 > limit) throw new PkiError('TRUNCATED', 'element header runs past the end', { offset });
  if ((bytes[offset]! & 0x1f) === 0x1f) throw new PkiError('DER_INVALID', 'high tag number', { offset });
  const first = bytes[offset + 1]!;
  const end = first < 0x80 ? offset + 2 + first : longEnd(bytes, offset, limit);
  if (end > limit) throw new PkiError('TRUNCATED', 'content runs past the end', { offset });
  return end;
}

function longEnd(bytes: Uint8Array, offset: number, limit: number): number {
  const count = bytes[offset + 1]! & 0x7f;
  if (count === 0) throw new PkiError('DER_INVALID', 'indefinite length', { offset });
  // Four length octets reach 4 GiB, more than any limit here.
  if (count > 4) throw new PkiError('DER_INVALID', 'length of more than four octets', { offset });
  const start = offset + 2 + count;
  if (start > limit) throw new PkiError('TRUNCATED', 'length octets run past the end', { offset });
  let length = 0;
  for (let i = offset + 2; i < start; i++) length = length * 256 + bytes[i]!;
  if (length < 0x80 || bytes[offset + 2] === 0) {
    throw new PkiError('DER_INVALID', 'length is not minimal (X.690 §10.1)', { offset });
  }
  return start + length;
}

/** Where the content of an element begins whose header {@link elementEnd} has checked. */
export function contentStart(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset + 1]!;
  return first < 0x80 ? offset + 2 : offset + 2 + (first & 0x7f);
}

/** As {@link elementEnd}, for an element that must carry this tag. @throws PkiError STRUCTURE_INVALID too */
export function expectEnd(bytes: Uint8Array, offset: number, limit: number, tag: number, what: string): number {
  if (offset + 2 <= limit && bytes[offset] === tag) {
    const first = bytes[offset + 1]!;
    const end = offset + 2 + first;
    if (first < 0x80 && end <= limit) return end;
  }
  return carefulExpectedEnd(bytes, offset, limit, tag, what);
}

function carefulExpectedEnd(bytes: Uint8Array, offset: number, limit: number, tag: number, what: string): number {
  if (offset >= limit || bytes[offset] !== tag) throw unexpected(bytes, offset, limit, tag, what);
  return carefulEnd(bytes, offset, limit);
}

/** What to throw where the element at `offset` carries another tag than this, or is not there. */
export function unexpected(bytes: Uint8Array, offset: number, limit: number, tag: number, what: string): PkiError {
  const found = offset >= limit ? `${what} is missing` : `${what}: expected tag ${hex(tag)}, found ${hex(bytes[offset]!)}`;
  return new PkiError('STRUCTURE_INVALID', found, { offset });
}

function hex(tag: number): string {
  return tag.toString(16).padStart(2, '0');
}

/** As {@link expectEnd} for an OBJECT IDENTIFIER, whose octets are checked too: decoding it later cannot fail. */
export function oidEnd(bytes: Uint8Array, offset: number, limit: number, what: string): number {
  // Three octets, none of which goes on: so it is in nearly every name and extension (2.5.4 and 2.5.29).
  if (offset + 5 <= limit && bytes[offset] === Tag.OID && bytes[offset + 1] === 3 && (bytes[offset + 2]! | bytes[offset + 3]! | bytes[offset + 4]!) < 0x80) return offset + 5;
  const end = expectEnd(bytes, offset, limit, Tag.OID, what);
  checkOid(bytes, contentStart(bytes, offset), end);
  return end;
}

/**
 * Checks every header inside `[start, end)`, descending into constructed elements, and every OBJECT
 * IDENTIFIER, so that what is decoded later cannot fail on either.
 * @param depth levels already entered
 * @throws PkiError TRUNCATED | DER_INVALID | TOO_DEEP
 */
export function checkNesting(bytes: Uint8Array, start: number, end: number, depth: number, maxDepth: number): void {
  if (depth > maxDepth) throw new PkiError('TOO_DEEP', `nested deeper than ${maxDepth}`, { offset: start });
  for (let offset = start; offset < end; ) {
    const next = elementEnd(bytes, offset, end);
    const tag = bytes[offset]!;
    if ((tag & 0x20) !== 0) checkNesting(bytes, contentStart(bytes, offset), next, depth + 1, maxDepth);
    else if (tag === Tag.OID) checkOid(bytes, contentStart(bytes, offset), next);
    offset = next;
  }
}
