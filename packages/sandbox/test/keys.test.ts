import { createHash, createPrivateKey, createPublicKey, createVerify, verify } from 'node:crypto';
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

/** SHA-256 of the private key file of one name, as it has been since there are worlds: certificates people keep depend on it. */
const SINCE_EVER: Readonly<Record<KeyKind, string>> = {
  SM2: 'c6e7094d7836d1c879efa007ff4f2492c91295bef32e363db5fb38f9221b89e6',
  'P-256': '8432568e37bd62af8753f8f3498a2d0ae3ecf64d4593b53bd60aa273598a0a03',
  'RSA-2048': 'a8f6319efb421613d5d98cb5c80ebf06cbf3de7f3712ab50e8449f28765ee0e9',
  Ed25519: 'd583b5c32e05325dfa90dd97a6e1b24dd1d310b44508c76c376b4a4d9db372b6',
};

describe.each<KeyKind>(['SM2', 'P-256', 'RSA-2048', 'Ed25519'])('%s keys', (kind) => {
  const pair = deriveKeyPair(seed, 'one', kind);

  test('signatures verify with node:crypto, and not over another message', () => {
    expect(verifies(pair, message)).toBe(true);
    expect(verifies(pair, other)).toBe(false);
  });

  test('the same name gives the same key and signature, another name another key', () => {
    const again = deriveKeyPair(createSeed('keys'), 'one', kind);
    expect(again.pkcs8Der).toEqual(pair.pkcs8Der);
    expect(createHash('sha256').update(pair.pkcs8Der).digest('hex')).toBe(SINCE_EVER[kind]);
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
