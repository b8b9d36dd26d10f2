import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOid, decodeOid, encodeOid } from '../../src/asn1/oid.js';
import { expectCode } from '../expect-code.js';

const arc = fc.oneof(fc.bigInt(0n, 200n), fc.bigInt(0n, 1n << 64n));
const dotted = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 39 }), fc.array(arc, { maxLength: 8 })),
  fc.tuple(fc.constant(2), arc, fc.array(arc, { maxLength: 8 })),
).map(([root, second, rest]) => [root, second, ...rest].join('.'));

describe('object identifiers', () => {
  it('a common one, and one that ends like it', () => {
    for (const text of ['2.16.840.1.101.3.4.2.1', '1.2.156.10197.6.1.4.2.2', '1.2.840.113549.1.9.16.2.47', '1.2.840.113549.1.1.11', '1.2.840.10045.4.3.2', '1.2.156.10197.1.501', '1.3.6.1.5.5.7.48.1', '1.3.6.1.5.5.7.3.2']) {
      const content = encodeOid(text);
      expect(decodeOid(content)).toBe(text);
      const other = content.slice();
      other[0] = 0x29; // 1.1 in place of 1.2, 1.3 and 2.16
      expect(decodeOid(other)).toBe(text.replace(/^(?:1\.[23]|2\.16)/, '1.1'));
      expect(decodeOid(content.subarray(1))).not.toContain(text);
    }
  });

  it('reads and writes the known ones', () => {
    expect(decodeOid(Uint8Array.of(0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75))).toBe('1.2.156.10197.1.501');
    expect(decodeOid(Uint8Array.of(0x55, 0x1d, 0x0f))).toBe('2.5.29.15');
    expect(decodeOid(Uint8Array.of(0x88, 0x37, 0x03))).toBe('2.999.3');
    expect([...encodeOid('1.2.840.113549')]).toEqual([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]);
  });

  it('decode after encode gives the same text, and the check agrees', () => {
    fc.assert(fc.property(dotted, (text) => {
      const content = encodeOid(text);
      expect(decodeOid(content)).toBe(text);
      checkOid(content, 0, content.length);
    }));
  });

  it('whatever octets decode encode back to themselves, and the check refuses just what decoding refuses', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 24 }), (content) => {
      let text: string | undefined;
      try {
        text = decodeOid(content);
      } catch {
        expectCode(() => checkOid(content, 0, content.length), 'DER_INVALID');
        return;
      }
      checkOid(content, 0, content.length);
      expect(encodeOid(text)).toEqual(content);
    }), { numRuns: 2000 });
  });

  it.each([
    ['no octets', []],
    ['an arc that is not minimal', [0x2a, 0x80, 0x01]],
    ['a first arc that is not minimal', [0x80, 0x2a]],
    ['an arc that does not end', [0x2a, 0x86]],
    ['an arc over 2^64', [0x2a, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['an arc of eleven octets', [0x2a, ...Array.from({ length: 10 }, () => 0x81), 0x01]],
  ])('refuses %s', (_, octets) => {
    expectCode(() => decodeOid(Uint8Array.from(octets)), 'DER_INVALID');
    expectCode(() => checkOid(Uint8Array.from(octets), 0, octets.length), 'DER_INVALID');
  });

  it('reads 2^64 itself and 128 octets, and refuses 129', () => {
    expect(decodeOid(Uint8Array.from([0x2a, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]))).toBe('1.2.18446744073709551616');
    expect(decodeOid(new Uint8Array(128).fill(1)).split('.')).toHaveLength(129);
    expectCode(() => decodeOid(new Uint8Array(129).fill(1)), 'DER_INVALID');
  });

  it.each(['', '1', '3.1', '1.40', '1.02', '1.2.', '1..2', '2.5.x', '1.2.18446744073709551617'])('refuses to write %j', (text) => {
    expect(() => encodeOid(text)).toThrow(TypeError);
  });
});
