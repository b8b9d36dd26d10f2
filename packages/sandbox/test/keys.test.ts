import { createPrivateKey, createPublicKey, createVerify, verify } from 'node:crypto';
import { sm2Z } from '@hefu/crypto';
import { readSubjectPublicKeyInfo } from '@hefu/pki';
import { describe, expect, test } from 'vitest';
import { deriveKeyPair, type KeyKind, type KeyPair } from '../src/keys.js';
import { createSeed } from '../src/seed.js';

const seed = createSeed('keys');
const message = new TextEncoder().encode('message');
const other = new TextEncoder().encode('messagE');

/** Node's own verification, which this room's code had no part in. */
function verifies(pair: KeyPair, data: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.from(pair.spkiDer), format: 'der', type: 'spki' });
  const signature = pair.sign(message);
  if (pair.kind === 'Ed25519') return verify(null, data, key, signature);
  if (pair.kind !== 'SM2') return verify('sha256', data, key, signature);
  // Node hashes no Z by itself; it is handed in front of the message.
  const point = pair.publicKey.kty === 'EC' ? pair.publicKey.point : new Uint8Array();
  return createVerify('sm3').update(sm2Z(point)).update(data).verify(key, signature);
}

describe.each<KeyKind>(['SM2', 'P-256', 'RSA-2048', 'Ed25519'])('%s keys', (kind) => {
  const pair = deriveKeyPair(seed, 'one', kind);

  test('signatures verify with node:crypto, and not over another message', () => {
    expect(verifies(pair, message)).toBe(true);
    expect(verifies(pair, other)).toBe(false);
  });

  test('the same name gives the same key and signature, another name another key', () => {
    const again = deriveKeyPair(createSeed('keys'), 'one', kind);
    expect(again.pkcs8Der).toEqual(pair.pkcs8Der);
    expect(again.sign(message)).toEqual(pair.sign(message));
    expect(deriveKeyPair(seed, 'two', kind).spkiDer).not.toEqual(pair.spkiDer);
  });

  test('the private key file belongs to the public one', () => {
    const key = createPrivateKey({ key: Buffer.from(pair.pkcs8Der), format: 'der', type: 'pkcs8' });
    expect(new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }))).toEqual(pair.spkiDer);
  });

  test('the SPKI reads back as the key', () => {
    const read = readSubjectPublicKeyInfo(pair.spkiDer).key;
    expect(read).toEqual(pair.publicKey);
  });

  test('algorithm parameters are as asked', () => {
    const length = (parameters?: 'null' | 'absent'): number => pair.algorithmIdentifier(parameters).length;
    expect(length('null')).toBe(length('absent') + 2);
    expect(length()).toBe(length(kind === 'RSA-2048' ? 'null' : 'absent'));
  });
});

test('RSA keys have 2048 bits and exponent 65537', () => {
  const { publicKey } = deriveKeyPair(seed, 'one', 'RSA-2048');
  expect(publicKey.kty === 'RSA' && publicKey.n.length === 256 && publicKey.n[0]! >= 0x80).toBe(true);
  expect(publicKey.kty === 'RSA' && publicKey.e).toEqual(Uint8Array.of(1, 0, 1));
});

test('only SM2 keys sign a bare digest', () => {
  expect(() => deriveKeyPair(seed, 'one', 'P-256').signDigest(new Uint8Array(32))).toThrow(TypeError);
  expect(deriveKeyPair(seed, 'one', 'SM2').signDigest(new Uint8Array(32))[0]).toBe(0x30);
});
