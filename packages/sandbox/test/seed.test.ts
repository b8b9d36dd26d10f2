import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeed } from '../src/seed.js';

describe('createSeed', () => {
  test('gives the same octets for the same seed and name, others for any other', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), fc.string(), fc.string(), (a, b, x, y) => {
        expect(createSeed(a).bytes(x, 32)).toEqual(createSeed(a).bytes(x, 32));
        if (a !== b) expect(createSeed(a).bytes(x, 32)).not.toEqual(createSeed(b).bytes(x, 32));
        if (x !== y) expect(createSeed(a).bytes(x, 32)).not.toEqual(createSeed(a).bytes(y, 32));
      }),
      { numRuns: 50 },
    );
  });

  test('keeps seed and name apart', () => {
    expect(createSeed('ab').bytes('c', 16)).not.toEqual(createSeed('a').bytes('bc', 16));
  });

  test('a longer reading begins with the shorter one', () => {
    const seed = createSeed('s');
    expect(seed.bytes('n', 64).subarray(0, 10)).toEqual(seed.bytes('n', 10));
  });

  test('numbers stay below their bound', () => {
    const seed = createSeed('s');
    for (let i = 0; i < 100; i++) expect(seed.number(String(i), 7)).toBeLessThan(7);
    expect(() => seed.number('x', 0)).toThrow(TypeError);
    expect(() => createSeed('')).toThrow(TypeError);
  });
});
