import { Tag, contextConstructed, contextPrimitive } from './tag.js';
import { compareBytes } from './bytes.js';
import { encodeOid } from './oid.js';
import { formatGeneralizedTime, formatUtcTime } from './time.js';

/**
 * A small DER writer: each function returns one whole TLV, built from whole TLVs. Arguments come from
 * code, not from the wire, so a value that cannot be written is a TypeError.
 */

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** A TLV with this identifier octet over the parts joined, length minimal and definite (X.690 §10.1). */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  if (!Number.isInteger(tag) || tag < 0 || tag > 0xff || (tag & 0x1f) === 0x1f) throw new TypeError(`not a one-octet identifier: ${tag}`);
  let length = 0;
  for (const part of parts) length += part.length;
  const header = [tag];
  if (length < 0x80) header.push(length);
  else {
    const octets: number[] = [];
    for (let left = length; left > 0; left = Math.floor(left / 256)) octets.unshift(left % 256);
    header.push(0x80 | octets.length, ...octets);
  }
  return concatBytes(Uint8Array.from(header), ...parts);
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(Tag.SEQUENCE, ...parts);
}

/** SET OF: elements in ascending order of their encodings (X.690 §11.6). */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(Tag.SET, ...[...parts].sort(compareBytes));
}

/** INTEGER. A `Uint8Array` is an unsigned big-endian magnitude; leading zeros are dropped, a sign octet added where needed. */
export function integer(value: number | bigint | Uint8Array): Uint8Array {
  return tlv(Tag.INTEGER, integerContent(value));
}

export function enumerated(value: number): Uint8Array {
  return tlv(Tag.ENUMERATED, integerContent(value));
}

export function oid(dotted: string): Uint8Array {
  return tlv(Tag.OID, encodeOid(dotted));
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return tlv(Tag.OCTET_STRING, bytes);
}

/** BIT STRING; the `unusedBits` lowest bits of the last octet must be zero (X.690 §11.2.1). */
export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  if (!Number.isInteger(unusedBits) || unusedBits < 0 || unusedBits > 7 || (bytes.length === 0 && unusedBits !== 0)) throw new TypeError('unused bits out of range');
  if (bytes.length > 0 && (bytes[bytes.length - 1]! & ((1 << unusedBits) - 1)) !== 0) throw new TypeError('unused bits are not zero');
  return tlv(Tag.BIT_STRING, Uint8Array.of(unusedBits), bytes);
}

/** BIT STRING with a named bit list: the bits whose numbers are given, trailing zeros dropped (X.690 §11.2.2). */
export function namedBitString(...bits: readonly number[]): Uint8Array {
  if (bits.length === 0) return bitString(new Uint8Array(0));
  const highest = Math.max(...bits);
  const bytes = new Uint8Array((highest >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
  return bitString(bytes, 7 - (highest & 7));
}

export function nullValue(): Uint8Array {
  return tlv(Tag.NULL);
}

export function boolean(value: boolean): Uint8Array {
  return tlv(Tag.BOOLEAN, Uint8Array.of(value ? 0xff : 0));
}

export function utf8String(text: string): Uint8Array {
  return tlv(Tag.UTF8_STRING, new TextEncoder().encode(text));
}

/** @throws TypeError on a character outside X.680 §41.4 */
export function printableString(text: string): Uint8Array {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) throw new TypeError('not a PrintableString');
  return tlv(Tag.PRINTABLE_STRING, new TextEncoder().encode(text));
}

/** @throws TypeError on a character outside ASCII */
export function ia5String(text: string): Uint8Array {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) throw new TypeError('not an IA5String');
  return tlv(Tag.IA5_STRING, new TextEncoder().encode(text));
}

/** BMPString: two octets a UTF-16 code unit, big-endian. */
export function bmpString(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    out[2 * i] = unit >> 8;
    out[2 * i + 1] = unit & 0xff;
  }
  return tlv(Tag.BMP_STRING, out);
}

/** UTCTime of a time from 1950 to 2049, whole seconds. @throws TypeError otherwise */
export function utcTime(ms: number): Uint8Array {
  return tlv(Tag.UTC_TIME, new TextEncoder().encode(formatUtcTime(ms)));
}

/** GeneralizedTime, years 0000 to 9999; milliseconds are written only when not zero (X.690 §11.7.3). */
export function generalizedTime(ms: number): Uint8Array {
  return tlv(Tag.GENERALIZED_TIME, new TextEncoder().encode(formatGeneralizedTime(ms)));
}

/** Time as RFC 5280 §4.1.2.5 chooses it: UTCTime through 2049, GeneralizedTime from 2050. */
export function time(ms: number): Uint8Array {
  return ms >= Date.UTC(1950, 0) && ms < Date.UTC(2050, 0) ? utcTime(ms) : generalizedTime(ms);
}

/** `[n] EXPLICIT` */
export function explicit(n: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(contextConstructed(n), ...parts);
}

/** `[n] IMPLICIT` of a primitive type, over its content octets. */
export function implicitPrimitive(n: number, content: Uint8Array): Uint8Array {
  return tlv(contextPrimitive(n), content);
}

/** `[n] IMPLICIT` of a constructed type, over the TLVs inside it. */
export function implicitConstructed(n: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(contextConstructed(n), ...parts);
}

function integerContent(value: number | bigint | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) {
    let start = 0;
    while (start < value.length - 1 && value[start] === 0) start++;
    const magnitude = value.subarray(start);
    if (magnitude.length === 0) return Uint8Array.of(0);
    return magnitude[0]! > 0x7f ? concatBytes(Uint8Array.of(0), magnitude) : magnitude;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new TypeError('not a safe integer');
  let left = BigInt(value);
  const octets: number[] = [];
  do {
    octets.unshift(Number(left & 0xffn));
    left >>= 8n;
  } while (!(left === 0n && octets[0]! < 0x80) && !(left === -1n && octets[0]! >= 0x80));
  return Uint8Array.from(octets);
}
