import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalBytes, hexOf } from '../../src/asn1/bytes.js';

/** A view of these octets at some place of a larger buffer. */
function placed(octets: Uint8Array, before: number): Uint8Array {
  const buffer = new Uint8Array(before + octets.length + 3).fill(0xa5);
  buffer.set(octets, before);
  return buffer.subarray(before, before + octets.length);
}

describe('octets', () => {
  it('are the same wherever they lie, and not when any one of them is another', () => {
    // Around the lengths from which they are compared otherwise, and every remainder of four.
    for (const length of [0, 1, 31, 32, 33, 255, 256, 257, 258, 259, 1000]) {
      const octets = Uint8Array.from({ length }, (_, at) => (at * 7) & 0xff);
      for (const [left, right] of [[0, 0], [1, 2], [3, 0]] as const) {
        const [a, b] = [placed(octets, left), placed(octets, right)];
        expect(equalBytes(a, b)).toBe(true);
        expect(equalBytes(a, placed(octets.subarray(0, length - 1), right))).toBe(length === 0);
        for (let at = 0; at < length; at++) {
          for (const bit of [0x01, 0x80]) {
            b[at]! ^= bit;
            if (equalBytes(a, b)) expect.fail(`${length} octets, the one at ${at} is another`);
            b[at]! ^= bit;
          }
        }
      }
    }
  });

  it('are compared as Buffer.compare does', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
      expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      expect(equalBytes(a, placed(a, 5))).toBe(true);
      expect(hexOf(a)).toBe(Buffer.from(a).toString('hex'));
    }));
  });
});
