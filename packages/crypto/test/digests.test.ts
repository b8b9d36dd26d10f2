import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmac } from '../src/hmac.js';
import { sm3, sm3Hash } from '../src/sm3.js';
import { softwareDigests } from '../src/software-digests.js';
import { ascii, hex } from './hex.js';

describe('SM3', () => {
  it('answers the examples of GB/T 32905 Annex A', () => {
    expect(hex(sm3.digest(ascii('abc')))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
    expect(hex(sm3.digest(ascii('abcd'.repeat(16))))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732');
  });

  it('keeps running hashes apart and refuses a second digest()', () => {
    const first = sm3.create().update(ascii('a'));
    const second = sm3.create().update(ascii('b'));
    expect(hex(first.update(ascii('bc')).digest())).toBe(hex(sm3.digest(ascii('abc'))));
    expect(hex(second.digest())).toBe(hex(sm3.digest(ascii('b'))));
    expect(() => first.digest()).toThrow();
    expect(() => first.update(ascii('d'))).toThrow();
  });

  it('clones a running hash', () => {
    const running = sm3Hash.create().update(ascii('x'.repeat(70)));
    const copy = running.clone();
    running.update(ascii('1'));
    expect(hex(copy.update(ascii('2')).digest())).toBe(hex(sm3.digest(ascii(`${'x'.repeat(70)}2`))));
    expect(hex(running.digest())).toBe(hex(sm3.digest(ascii(`${'x'.repeat(70)}1`))));
  });
});

describe('software digests', () => {
  it('names each digest and identifier once', () => {
    expect(new Set(softwareDigests.map((digest) => digest.name)).size).toBe(6);
    expect(new Set(softwareDigests.flatMap((digest) => digest.oids)).size).toBe(6);
  });

  for (const digest of softwareDigests) {
    const native = digest.name === 'SM3' ? 'sm3' : digest.name.toLowerCase().replace('-', '');
    it(`${digest.name} equals OpenSSL at every length around the block edges, whole and in pieces`, () => {
      const data = Uint8Array.from({ length: 300 }, (_, i) => (i * 7 + 3) & 0xff);
      for (let length = 0; length <= data.length; length++) {
        const input = data.subarray(0, length);
        const expected = createHash(native).update(input).digest('hex');
        expect(hex(digest.digest(input))).toBe(expected);
        const cut = (length * 5) % (length + 1);
        expect(hex(digest.create().update(input.subarray(0, cut)).update(input.subarray(cut)).digest())).toBe(expected);
      }
      expect(digest.digest(data).length).toBe(digest.outputLength);
    });

    it(`HMAC-${digest.name} equals OpenSSL`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 300 }), (key, data) => {
          expect(hex(hmac(digest, key, data))).toBe(createHmac(native, key).update(data).digest('hex'));
        }),
      );
    });
  }
});
