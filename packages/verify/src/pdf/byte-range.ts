import { hexDigit } from './parser.js';
import { isKind, type PdfDict } from './object.js';

/** ISO 32000-1 §12.8.1: offset and length of two pieces. */
export type ByteRange = readonly [start: number, length: number, after: number, rest: number];

/** What a signature covers, and the octets of its message. */
export type ByteRangeCheck =
  | {
      readonly ok: true;
      readonly range: ByteRange;
      /** Where the revision ends that it signs. */
      readonly end: number;
      /** The message, zero padding removed. */
      readonly contents: Uint8Array;
    }
  | { readonly ok: false; readonly code: 'PDF_BYTE_RANGE_INVALID' | 'PDF_SIGNATURE_MALFORMED'; readonly actual: string };

/**
 * ISO 32000-1 §12.8.1 as PAdES reads it (EN 319 142-1 §5.2): the range begins with the file, leaves out the hexadecimal
 * string of this signature's own Contents and nothing else. That it ends where a revision does is checked with the revision.
 */
export function checkByteRange(bytes: Uint8Array, signature: PdfDict): ByteRangeCheck {
  const contents = signature.entries.get('Contents');
  if (!isKind(contents, 'string')) return { ok: false, code: 'PDF_SIGNATURE_MALFORMED', actual: 'Contents' };
  const range = signature.entries.get('ByteRange');
  const numbers = isKind(range, 'array') ? range.items : undefined;
  if (numbers?.length !== 4 || !numbers.every((each): each is number => typeof each === 'number' && Number.isSafeInteger(each) && each >= 0)) {
    return { ok: false, code: 'PDF_SIGNATURE_MALFORMED', actual: 'ByteRange' };
  }
  const [start, length, after, rest] = numbers as readonly number[] as [number, number, number, number];
  const wrong = (actual: string): ByteRangeCheck => ({ ok: false, code: 'PDF_BYTE_RANGE_INVALID', actual });
  if (start !== 0) return wrong(`begins at ${start}`);
  if (after + rest > bytes.length) return wrong('reaches beyond the end');
  // The string may stand in an object stream or a copy: then its offsets are of other octets, and these are not a string.
  if (!contents.hex || length !== contents.start || after !== contents.end) return wrong('leaves out something else than Contents');
  if (bytes[length] !== 0x3c || bytes[after - 1] !== 0x3e) return wrong('leaves out something else than Contents');
  for (let at = length + 1; at < after - 1; at++) if (hexDigit(bytes[at]!) === undefined) return { ok: false, code: 'PDF_SIGNATURE_MALFORMED', actual: 'Contents is not hexadecimal throughout' };
  if ((after - length) % 2 === 1) return { ok: false, code: 'PDF_SIGNATURE_MALFORMED', actual: 'Contents has an odd digit' };
  const message = withoutPadding(contents.bytes);
  if (message === undefined) return { ok: false, code: 'PDF_SIGNATURE_MALFORMED', actual: 'Contents is not DER with zeros behind it' };
  return { ok: true, range: [start, length, after, rest], end: after + rest, contents: message };
}

/** The octets signed: two pieces as one. */
export function signedOctets(bytes: Uint8Array, [start, length, after, rest]: ByteRange): Uint8Array {
  const signed = new Uint8Array(length + rest);
  signed.set(bytes.subarray(start, start + length));
  signed.set(bytes.subarray(after, after + rest), length);
  return signed;
}

/** One DER SEQUENCE; anything but zeros behind it would be octets nobody signed. */
function withoutPadding(bytes: Uint8Array): Uint8Array | undefined {
  const first = bytes[1];
  if (bytes[0] !== 0x30 || first === undefined) return undefined;
  let length = first;
  let header = 2;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4) return undefined;
    length = 0;
    for (let index = 0; index < octets; index++) length = length * 256 + (bytes[2 + index] ?? 0);
    header += octets;
  }
  const end = header + length;
  return end <= bytes.length && bytes.subarray(end).every((octet) => octet === 0) ? bytes.subarray(0, end) : undefined;
}
