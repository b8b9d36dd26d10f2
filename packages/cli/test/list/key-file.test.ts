import { sm2PublicKey } from '@hefu/crypto';
import { thumbprintOf, type SchemeKeyDocument } from '@hefu/trust-list';
import { expect, it } from 'vitest';
import { thumbprintLike, typedThumbprint } from '../../src/list/key-file.js';
import { sha256 } from '../../src/list/tree.js';

const keys: SchemeKeyDocument[] = Array.from({ length: 250 }, (_, index) => {
  const secret = new Uint8Array(32).fill(3);
  secret[31] = index;
  const point = sm2PublicKey(secret);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  return { jwk: { kty: 'EC', crv: 'SM2', x: text(point.subarray(1, 33)), y: text(point.subarray(33)) }, org: 'x' };
});

it('finds a key by what can be typed of its thumbprint, also where that begins with a dash', () => {
  const prints = keys.map((key) => thumbprintOf(key, sha256));
  expect(prints.some((print) => print.startsWith('-'))).toBe(true);
  for (const print of prints) {
    expect(typedThumbprint(print)).not.toMatch(/^-/);
    expect(thumbprintLike(typedThumbprint(print).slice(0, 12), keys)).toBe(print);
    expect(thumbprintLike(print, keys)).toBe(print);
  }
  expect(() => thumbprintLike(prints[0]!.slice(0, 5), keys)).toThrow(/KEY_UNKNOWN/);
  expect(() => thumbprintLike(prints[0]!.slice(0, 12), [keys[0]!, keys[0]!])).toThrow(/KEY_AMBIGUOUS/);
});
