import { PkiError } from '../error.js';
import type { DerReader } from './reader.js';
import { Tag } from './tag.js';

/** BOOLEAN, DER only: 00 or FF (X.690 §11.1). @throws PkiError DER_INVALID */
export function readBoolean(reader: DerReader, tag: number = Tag.BOOLEAN): boolean {
  reader.expect(tag, 'BOOLEAN');
  const value = reader.bytes[reader.contentStart];
  if (reader.end - reader.contentStart !== 1 || (value !== 0 && value !== 0xff)) throw new PkiError('DER_INVALID', 'BOOLEAN is neither 00 nor FF', { offset: reader.start });
  return value === 0xff;
}

/**
 * INTEGER of any size: its content octets, as encoded. Needless leading octets are read, since they occur in
 * real serial numbers; {@link isMinimalInteger} tells.
 * @throws PkiError DER_INVALID when it has no octets
 */
export function readInteger(reader: DerReader, tag: number = Tag.INTEGER): Uint8Array {
  return readIntegerAt(reader, tag).content();
}

/** As {@link readInteger}, without a view: the reader, on the INTEGER. */
export function readIntegerAt(reader: DerReader, tag: number = Tag.INTEGER): DerReader {
  reader.expect(tag, 'INTEGER');
  if (reader.end === reader.contentStart) throw new PkiError('DER_INVALID', 'INTEGER without octets', { offset: reader.start });
  return reader;
}

/** INTEGER from 0 to 2^31-1, minimal. @throws PkiError DER_INVALID | STRUCTURE_INVALID when out of that range */
export function readSmallInteger(reader: DerReader, what: string, tag: number = Tag.INTEGER): number {
  const content = readInteger(reader, tag);
  if (!isMinimalInteger(content)) throw new PkiError('DER_INVALID', `${what} is not minimal (X.690 §8.3.2)`, { offset: reader.start });
  if (content[0]! > 0x7f || content.length > 4) throw new PkiError('STRUCTURE_INVALID', `${what} is out of range`, { offset: reader.start });
  let value = 0;
  for (const octet of content) value = value * 256 + octet;
  return value;
}

/** X.690 §8.3.2: the first nine bits are not all equal. */
export function isMinimalInteger(content: Uint8Array): boolean {
  return isMinimalIntegerAt(content, 0, content.length);
}

/** As {@link isMinimalInteger}, over `bytes[start, end)`. */
export function isMinimalIntegerAt(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2) return end - start === 1;
  const first = bytes[start]!;
  const sign = bytes[start + 1]! & 0x80;
  return !((first === 0 && sign === 0) || (first === 0xff && sign !== 0));
}

/** The octets without leading zeros; zero gives none. */
export function withoutLeadingZeros(content: Uint8Array): Uint8Array {
  let start = 0;
  while (start < content.length && content[start] === 0) start++;
  return start === 0 ? content : content.subarray(start);
}

/** BIT STRING that holds whole octets, as keys and signatures do: the octets. @throws PkiError DER_INVALID */
export function readOctetAlignedBitString(reader: DerReader, what: string): Uint8Array {
  reader.expect(Tag.BIT_STRING, what);
  if (reader.end === reader.contentStart || reader.bytes[reader.contentStart] !== 0) {
    throw new PkiError('DER_INVALID', `${what} is not a whole number of octets`, { offset: reader.start });
  }
  return reader.bytes.subarray(reader.contentStart + 1, reader.end);
}

/**
 * BIT STRING with a named bit list: the numbers of the bits set. Trailing zero bits, which DER forbids
 * (X.690 §11.2.2), occur in real certificates and are read; see {@link isMinimalNamedBits}. Unused bits must be zero.
 * @throws PkiError DER_INVALID | STRUCTURE_INVALID on a bit of `names` or beyond
 */
export function readNamedBits(reader: DerReader, names: number, tag: number = Tag.BIT_STRING): readonly number[] {
  reader.expect(tag, 'BIT STRING');
  return namedBitsAt(reader.bytes, reader.contentStart, reader.end, names);
}

/** As {@link readNamedBits}, over the content octets `bytes[start, end)`. */
export function namedBitsAt(bytes: Uint8Array, start: number, end: number, names: number): readonly number[] {
  const unused = start < end ? bytes[start]! : 8;
  if (unused > 7 || (end - start === 1 && unused !== 0)) throw new PkiError('DER_INVALID', 'unused bits out of range', { offset: start });
  const set: number[] = [];
  for (let i = start + 1; i < end; i++) {
    const octet = bytes[i]!;
    if (octet === 0) continue;
    if (i === end - 1 && (octet & ((1 << unused) - 1)) !== 0) throw new PkiError('DER_INVALID', 'unused bits are not zero (X.690 §11.2.1)', { offset: start });
    for (let bit = 0; bit < 8; bit++) {
      if ((octet & (0x80 >> bit)) === 0) continue;
      const number = (i - start - 1) * 8 + bit;
      if (number >= names) throw new PkiError('STRUCTURE_INVALID', `bit ${number} has no name`, { offset: start });
      set.push(number);
    }
  }
  return set;
}

/** X.690 §11.2.2 over the content octets of a named bit list: the last bit used is a one. */
export function isMinimalNamedBits(content: Uint8Array): boolean {
  const unused = content[0] ?? 0;
  if (content.length === 1) return unused === 0;
  return (content[content.length - 1]! & (1 << unused)) !== 0;
}
