import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from '../../src/asn1/bytes.js';
import { isMinimalInteger, readBoolean, readInteger, readNamedBits, readSmallInteger } from '../../src/asn1/primitive.js';
import { DerReader } from '../../src/asn1/reader.js';
import { checkNesting, elementEnd } from '../../src/asn1/scan.js';
import { decodeString } from '../../src/asn1/string.js';
import { Tag } from '../../src/asn1/tag.js';
import {
  bitString, bmpString, boolean, concatBytes, enumerated, explicit, ia5String, implicitConstructed, implicitPrimitive, integer, namedBitString,
  nullValue, octetString, printableString, sequence, setOf, tlv, utf8String,
} from '../../src/asn1/writer.js';
import { expectCode } from '../expect-code.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('writer', () => {
  it('writes what X.690 prints', () => {
    expect(hex(integer(0))).toBe('020100');
    expect(hex(integer(127))).toBe('02017f');
    expect(hex(integer(128))).toBe('02020080');
    expect(hex(integer(-128))).toBe('020180');
    expect(hex(integer(-129))).toBe('0202ff7f');
    expect(hex(integer(Uint8Array.of(0, 0, 0x80)))).toBe('02020080');
    expect(hex(integer(new Uint8Array(0)))).toBe('020100');
    expect(hex(enumerated(1))).toBe('0a0101');
    expect(hex(boolean(true))).toBe('0101ff');
    expect(hex(nullValue())).toBe('0500');
    expect(hex(namedBitString(0, 1))).toBe('030206c0');
    expect(hex(namedBitString(8))).toBe('0303070080');
    expect(hex(namedBitString())).toBe('030100');
    expect(hex(bmpString('中A'))).toBe('1e044e2d0041');
    expect(hex(explicit(3, nullValue()))).toBe('a3020500');
    expect(hex(implicitPrimitive(2, Uint8Array.of(1)))).toBe('820101');
    expect(hex(implicitConstructed(1, nullValue()))).toBe('a1020500');
    expect(hex(tlv(4, new Uint8Array(128))).slice(0, 6)).toBe('048180');
    expect(hex(tlv(4, new Uint8Array(256))).slice(0, 8)).toBe('04820100');
  });

  it('sorts a SET OF', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 8 }), (values) => {
      const inner = new DerReader(setOf(...values.map((value) => octetString(value)))).next().enter();
      let previous: Uint8Array | undefined;
      while (!inner.done) {
        const current = inner.next().tlv();
        if (previous !== undefined) expect(compareBytes(previous, current)).toBeLessThanOrEqual(0);
        previous = current;
      }
    }));
  });

  it('refuses what cannot be written', () => {
    expect(() => integer(1.5)).toThrow(TypeError);
    expect(() => tlv(0x1f)).toThrow(TypeError);
    expect(() => bitString(Uint8Array.of(1), 1)).toThrow(TypeError);
    expect(() => bitString(new Uint8Array(0), 1)).toThrow(TypeError);
    expect(() => printableString('a@b')).toThrow(TypeError);
    expect(() => ia5String('中')).toThrow(TypeError);
  });
});

describe('reader after writer', () => {
  it('integers', () => {
    fc.assert(fc.property(fc.bigInt(-(1n << 200n), 1n << 200n), (value) => {
      const content = readInteger(new DerReader(integer(value)));
      expect(isMinimalInteger(content)).toBe(true);
      expect(BigInt.asIntN(content.length * 8, BigInt(`0x${hex(content)}`))).toBe(value);
    }));
    fc.assert(fc.property(fc.integer({ min: 0, max: 0x7fffffff }), (value) => {
      expect(readSmallInteger(new DerReader(integer(value)), 'n')).toBe(value);
    }));
  });

  it('booleans and named bits', () => {
    fc.assert(fc.property(fc.boolean(), fc.uniqueArray(fc.integer({ min: 0, max: 8 })), (flag, bits) => {
      expect(readBoolean(new DerReader(boolean(flag)))).toBe(flag);
      expect(readNamedBits(new DerReader(namedBitString(...bits)), 9)).toEqual([...bits].sort((a, b) => a - b));
    }));
  });

  it('nested elements of any length', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), (values) => {
      const der = sequence(...values.map((value) => explicit(1, octetString(value))));
      checkNesting(der, 0, der.length, 0, 3);
      const inner = new DerReader(der).next().enter();
      for (const value of values) {
        const wrapped = inner.expect(0xa1, 'wrapper').enter();
        expect(wrapped.expect(Tag.OCTET_STRING, 'value').content()).toEqual(value);
        wrapped.finish('wrapper');
      }
      inner.finish('sequence');
    }));
  });

  it('the offset scanner and DerReader agree on every header', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (bytes) => {
      let expected: number | string;
      try {
        expected = new DerReader(bytes).next().end;
      } catch (error) {
        expected = (error as { code: string }).code;
      }
      let found: number | string;
      try {
        found = elementEnd(bytes, 0, bytes.length);
      } catch (error) {
        found = (error as { code: string }).code;
      }
      expect(found).toBe(expected);
    }), { numRuns: 5000 });
  });

  it('text in every string type', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeString(Tag.UTF8_STRING, new DerReader(utf8String(text)).next().content())).toBe(text);
      expect(decodeString(Tag.BMP_STRING, new DerReader(bmpString(text)).next().content())).toBe(text);
    }));
    expect(decodeString(Tag.UNIVERSAL_STRING, Uint8Array.of(0, 1, 0xf6, 0))).toBe('😀');
    expect(decodeString(Tag.UNIVERSAL_STRING, Uint8Array.of(0, 0x11, 0, 0))).toBeUndefined();
    expect(decodeString(Tag.TELETEX_STRING, Uint8Array.of(0xe9))).toBe('é');
    expect(decodeString(Tag.BMP_STRING, Uint8Array.of(0x4e))).toBeUndefined();
    expect(decodeString(Tag.BMP_STRING, Uint8Array.of(0xd8, 0x00))).toBeUndefined();
    expect(decodeString(Tag.UTF8_STRING, Uint8Array.of(0xd6, 0xd0))).toBeUndefined();
    expect(decodeString(Tag.UTF8_STRING, Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA');
    expect(decodeString(Tag.BIT_STRING, Uint8Array.of(0))).toBeUndefined();
  });
});

describe('strict readers', () => {
  const read = (bytes: number[]): DerReader => new DerReader(Uint8Array.from(bytes));
  it('BOOLEAN is 00 or FF', () => {
    expect(readBoolean(read([1, 1, 0]))).toBe(false);
    expectCode(() => readBoolean(read([1, 1, 1])), 'DER_INVALID');
    expectCode(() => readBoolean(read([1, 0])), 'DER_INVALID');
    expectCode(() => readBoolean(read([1, 2, 0xff, 0xff])), 'DER_INVALID');
  });
  it('small INTEGER is minimal, not negative, 31 bits', () => {
    expectCode(() => readSmallInteger(read([2, 2, 0, 1]), 'n'), 'DER_INVALID');
    expectCode(() => readSmallInteger(read([2, 1, 0xff]), 'n'), 'STRUCTURE_INVALID');
    expectCode(() => readSmallInteger(read([2, 5, 0, 0x80, 0, 0, 0]), 'n'), 'STRUCTURE_INVALID');
    expectCode(() => readSmallInteger(read([2, 0]), 'n'), 'DER_INVALID');
  });
  it('named bits keep trailing zeros but not stray bits', () => {
    expect(readNamedBits(read([3, 2, 0, 0xc0]), 9)).toEqual([0, 1]);
    expect(readNamedBits(read([3, 4, 0, 0xc0, 0, 0]), 9)).toEqual([0, 1]);
    expectCode(() => readNamedBits(read([3, 2, 7, 0xc0]), 9), 'DER_INVALID');
    expectCode(() => readNamedBits(read([3, 2, 8, 0xc0]), 9), 'DER_INVALID');
    expectCode(() => readNamedBits(read([3, 0]), 9), 'DER_INVALID');
    expectCode(() => readNamedBits(read([3, 1, 1]), 9), 'DER_INVALID');
    expectCode(() => readNamedBits(read([3, 3, 6, 0, 0x40]), 9), 'STRUCTURE_INVALID');
  });
  it('concatBytes joins', () => {
    expect([...concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))]).toEqual([1, 2, 3]);
  });
});
