import { describe, expect, it } from 'vitest';
import { readValue } from '../../src/index.js';

const octets = Uint8Array.from({ length: 64 }, (_, index) => [0xd3, 0x10][index] ?? index);
const key = { kty: 'EC', crv: 'P-256', point: new Uint8Array(65) } as const;

describe('a value whose text begins like a prefix', () => {
  it('is read all the same', () => {
    const text = Buffer.from(octets).toString('base64url');
    expect(text.slice(0, 2)).toBe('0x');
    expect(readValue(text, key)).toHaveLength(1);
    expect(readValue(`0x${Buffer.from(octets).toString('hex')}`, key)).toHaveLength(1);
    expect(readValue('0x', key)).toEqual([]);
  });
});
