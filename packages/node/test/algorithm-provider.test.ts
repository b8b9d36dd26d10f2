import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type AlgorithmProvider, type PublicKey, classicalAlgorithms, rsaPkcs1, rsaPss } from '@hefu/crypto';
import { describe, expect, it } from 'vitest';
import { rsaPair } from '../../crypto/test/rsa-pair.js';
import { haveVectors } from '../../crypto/test/vectors.js';
import { runWycheproofSignatures } from '../../crypto/test/wycheproof/signature-suite.js';
import { nodeAlgorithmProvider } from '../src/algorithm-provider.js';

const message = new TextEncoder().encode('a bid');
const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'));

function publicKeyOf(key: KeyObject): PublicKey {
  const jwk = key.export({ format: 'jwk' });
  if (jwk.kty === 'RSA') return { kty: 'RSA', n: octets(jwk.n!), e: octets(jwk.e!) };
  if (jwk.kty === 'OKP') return { kty: 'OKP', crv: 'Ed25519', x: octets(jwk.x!) };
  return { kty: 'EC', crv: jwk.crv as 'P-256', point: Uint8Array.of(4, ...octets(jwk.x!), ...octets(jwk.y!)) };
}

function thrownCode(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
  return undefined;
}

describe('node algorithm provider', () => {
  const rsa = rsaPair();
  const rsaKey = publicKeyOf(rsa.publicKey) as PublicKey & { kty: 'RSA' };
  const signature = sign('sha256', message, rsa.privateKey);

  it('verifies every default algorithm, synchronously', () => {
    const byName = new Map(classicalAlgorithms(nodeAlgorithmProvider()).map((algorithm) => [algorithm.name, algorithm]));
    const cases: [string, KeyObject, KeyObject, Uint8Array, object?][] = [];
    for (const hash of ['SHA-256', 'SHA-384', 'SHA-512']) {
      const name = hash.replace('-', '').toLowerCase();
      cases.push([`RSASSA-PKCS1-v1_5-${hash}`, rsa.publicKey, rsa.privateKey, sign(name, message, rsa.privateKey)]);
      for (const namedCurve of ['P-256', 'P-384', 'P-521']) {
        const pair = generateKeyPairSync('ec', { namedCurve });
        cases.push([`ECDSA-${hash}`, pair.publicKey, pair.privateKey, sign(name, message, pair.privateKey)]);
      }
    }
    const ed = generateKeyPairSync('ed25519');
    cases.push(['Ed25519', ed.publicKey, ed.privateKey, sign(null, message, ed.privateKey)]);
    const pss = { hash: 'SHA-512', mgfHash: 'SHA-512', saltLength: 20 } as const;
    cases.push(['RSASSA-PSS', rsa.publicKey, rsa.privateKey, sign('sha512', message, { key: rsa.privateKey, padding: 6, saltLength: 20 }), { pss }]);
    for (const [name, publicKey, , value, options] of cases) {
      const key = publicKeyOf(publicKey);
      const algorithm = byName.get(name)!;
      expect(algorithm.verify(key, message, value, options), name).toBe(true);
      expect(algorithm.verify(key, message.subarray(1), value, options), name).toBe(false);
      const changed = Uint8Array.from(value);
      changed[changed.length >> 1]! ^= 1;
      expect(algorithm.verify(key, message, changed, options), name).toBe(false);
    }
  });

  it('does not mistake one key for another, whatever the cache has seen', () => {
    const provider = nodeAlgorithmProvider({ maxKeys: 2 });
    const algorithm = rsaPkcs1(provider, 'SHA-256');
    const others = [0, 1, 2].map(() => publicKeyOf(rsaPair().publicKey));
    for (let round = 0; round < 3; round++) {
      for (const other of others) {
        expect(algorithm.verify({ ...other }, message, signature)).toBe(false);
        expect(algorithm.verify({ ...rsaKey }, message, signature)).toBe(true);
        expect(algorithm.verify(rsaKey, message, signature)).toBe(true);
      }
    }
  });

  it('tells the same octets under two curves apart', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = publicKeyOf(pair.publicKey) as PublicKey & { kty: 'EC' };
    const provider: AlgorithmProvider = nodeAlgorithmProvider();
    const raw = sign('sha256', message, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
    const scheme = { scheme: 'ECDSA', curve: 'P-256', hash: 'SHA-256' } as const;
    expect(provider.verify(scheme, key, message, raw)).toBe(true);
    expect(thrownCode(() => provider.verify({ ...scheme, curve: 'P-384' }, { ...key, crv: 'P-384' }, message, new Uint8Array(96)))).toBe('KEY_INVALID');
  });

  it('names its failures', () => {
    const provider = nodeAlgorithmProvider();
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = publicKeyOf(pair.publicKey) as PublicKey & { kty: 'EC' };
    const off = Uint8Array.from(key.point);
    off[64]! ^= 1;
    const scheme = { scheme: 'ECDSA', curve: 'P-256', hash: 'SHA-256' } as const;
    expect(thrownCode(() => provider.verify(scheme, { ...key, point: off }, message, new Uint8Array(64).fill(1)))).toBe('KEY_INVALID');
    expect(thrownCode(() => provider.verify({ scheme: 'RSASSA-PKCS1-v1_5', hash: 'SM3' }, rsaKey, message, signature))).toBe('ALGORITHM_UNSUPPORTED');
    expect(
      thrownCode(() => provider.verify({ scheme: 'RSASSA-PSS', hash: 'SHA-256', mgfHash: 'SHA-1', saltLength: 32 }, rsaKey, message, signature)),
    ).toBe('ALGORITHM_UNSUPPORTED');
    const pss = { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 1000 } as const;
    expect(rsaPss(provider).verify(rsaKey, message, signature, { pss })).toBe(false);
  });
});

describe.skipIf(!haveVectors('wycheproof'))('Wycheproof signatures', () => {
  runWycheproofSignatures(nodeAlgorithmProvider());
});
