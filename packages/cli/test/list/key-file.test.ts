import { sm2PublicKey } from '@hefu/crypto';
import { thumbprintOf, type SchemeKeyDocument } from '@hefu/trust-list';
import { expect, it } from 'vitest';
import { thumbprintLike, typedThumbprint } from '../../src/list/key-file.js';
import { sha256 } from '../../src/list/tree.js';

function keyOf(seed: number): SchemeKeyDocument {
  const secret = new Uint8Array(32).fill(3);
  secret.set([seed >> 8, seed & 255], 30);
  const point = sm2PublicKey(secret);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  return { jwk: { kty: 'EC', crv: 'SM2', x: text(point.subarray(1, 33)), y: text(point.subarray(33)) }, org: 'x' };
}

/** One key in 64 has a thumbprint that begins with a dash: keys up to and with the first of them. */
function keysToADash(): readonly SchemeKeyDocument[] {
  const keys: SchemeKeyDocument[] = [];
  for (let seed = 0; !thumbprintOf(keys.at(-1) ?? keyOf(seed), sha256).startsWith('-'); seed++) keys.push(keyOf(seed));
  return keys;
}

it('finds a key by what can be typed of its thumbprint, also where that begins with a dash', () => {
  const keys = keysToADash();
  const prints = keys.map((key) => thumbprintOf(key, sha256));
  expect(prints.at(-1)).toMatch(/^-/);
  for (const print of prints) {
    expect(typedThumbprint(print)).not.toMatch(/^-/);
    expect(thumbprintLike(typedThumbprint(print).slice(0, 12), keys)).toBe(print);
    expect(thumbprintLike(print, keys)).toBe(print);
  }
  expect(() => thumbprintLike(prints[0]!.slice(0, 5), keys)).toThrow(/KEY_UNKNOWN/);
  expect(() => thumbprintLike(prints[0]!.slice(0, 12), [keys[0]!, keys[0]!])).toThrow(/KEY_AMBIGUOUS/);
});
