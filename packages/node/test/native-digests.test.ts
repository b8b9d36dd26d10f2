import { getHashes } from 'node:crypto';
import { softwareDigests } from '@hefu/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeDigests } from '../src/native-digests.js';

describe('node digests', () => {
  const digests = nodeDigests();

  it('offers what the software list offers, in its order', () => {
    expect(digests.map(({ name, oids, outputLength }) => ({ name, oids, outputLength }))).toEqual(
      softwareDigests.map(({ name, oids, outputLength }) => ({ name, oids, outputLength })),
    );
  });

  it('is native for SM3 exactly where OpenSSL has it', () => {
    expect(digests[0]!.name).toBe('SM3');
    expect(digests[0] !== softwareDigests[0]).toBe(getHashes().includes('sm3'));
  });

  for (const [index, digest] of digests.entries()) {
    it(`${digest.name} equals software, whole and in pieces, as a plain Uint8Array`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (data, cut) => {
          const expected = softwareDigests[index]!.digest(data);
          const whole = digest.digest(data);
          expect(whole).toEqual(expected);
          expect(Buffer.isBuffer(whole)).toBe(false);
          expect(digest.create().update(data.subarray(0, cut)).update(data.subarray(cut)).digest()).toEqual(expected);
        }),
      );
    });
  }
});
