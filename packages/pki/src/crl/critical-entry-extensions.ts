import { sameOctets, viewOf } from '../asn1/bytes.js';
import { decodeOidAt } from '../asn1/oid.js';
import { contentStart, elementEnd, expectEnd } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import { checkExtension } from '../x509/extension.js';
import { entryEnd } from './entry-scan.js';

/**
 * OIDs of the critical extensions of all entries in `[start, end)`. Extensions that are, octet for octet, those of an entry before are not
 * read again: a million entries have a few kinds.
 * @throws PkiError for what is no entry or no extension; TOO_MANY
 */
export function criticalEntryExtensions(bytes: Uint8Array, start: number, end: number, maxKinds: number): ReadonlySet<string> {
  const view = viewOf(bytes);
  const found = new Set<string>();
  let like = 0;
  let length = -1;
  for (let offset = start; offset < end; ) {
    const next = entryEnd(bytes, offset, end);
    const list = extensionsAt(bytes, offset, next);
    if (list !== next && !(next - list === length && sameOctets(view, like, view, list, length))) {
      addCritical(bytes, list, next, found);
      if (found.size > maxKinds) throw new PkiError('TOO_MANY', `more than ${maxKinds} kinds of critical entry extensions`, { offset });
      like = list;
      length = next - list;
    }
    offset = next;
  }
  return found;
}

/** Where crlEntryExtensions begin in the entry `[offset, end)`, or its end. @throws PkiError */
function extensionsAt(bytes: Uint8Array, offset: number, end: number): number {
  const serialLength = bytes[offset + 3]!;
  const date = offset + 4 + serialLength;
  const list = date + 2 + bytes[date + 1]!;
  // Nearly every entry: a serial number and a time, each with a header of two octets.
  if (bytes[offset + 1]! < 0x80 && bytes[offset + 2] === Tag.INTEGER && serialLength < 0x80 && bytes[date] === Tag.UTC_TIME && bytes[date + 1]! < 0x80 && list <= end) return list;
  return elementEnd(bytes, elementEnd(bytes, contentStart(bytes, offset), end), end);
}

function addCritical(bytes: Uint8Array, list: number, end: number, found: Set<string>): void {
  const listEnd = expectEnd(bytes, list, end, Tag.SEQUENCE, 'crlEntryExtensions');
  for (let at = contentStart(bytes, list); at < listEnd; ) {
    const next = checkExtension(bytes, at, listEnd);
    const oid = contentStart(bytes, at);
    const after = elementEnd(bytes, oid, next);
    // BOOLEAN TRUE; checkExtension has seen that it is 00 or FF.
    if (bytes[after] === Tag.BOOLEAN && bytes[after + 2] === 0xff) found.add(decodeOidAt(bytes, contentStart(bytes, oid), after));
    at = next;
  }
}
