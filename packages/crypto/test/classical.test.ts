import { generateKeyPairSync, type KeyObject, sign, webcrypto } from 'node:crypto';
import { ed25519 as nobleEd25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { rsaPair } from './rsa-pair.js';
import type { AlgorithmProvider, PublicKey, SignatureAlgorithm } from '../src/algorithm.js';
import { classicalAlgorithms } from '../src/classical-algorithms.js';
import { ecdsa } from '../src/ecdsa.js';
import { ed25519 } from '../src/ed25519.js';
import { rsaPkcs1 } from '../src/rsa-pkcs1.js';
import { rsaPss } from '../src/rsa-pss.js';
import { webCryptoProvider } from '../src/webcrypto-provider.js';
import { ascii, thrownCode, unhex } from './hex.js';

const subtle = webcrypto.subtle as SubtleCrypto;
const provider = webCryptoProvider(subtle);
const message = ascii('a bid');
const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'));

function publicKeyOf(key: KeyObject): PublicKey {
  const jwk = key.export({ format: 'jwk' });
  if (jwk.kty === 'RSA') return { kty: 'RSA', n: octets(jwk.n!), e: octets(jwk.e!) };
  if (jwk.kty === 'OKP') return { kty: 'OKP', crv: 'Ed25519', x: octets(jwk.x!) };
  return { kty: 'EC', crv: jwk.crv as 'P-256', point: Uint8Array.of(4, ...octets(jwk.x!), ...octets(jwk.y!)) };
}

async function rejectionCode(promise: boolean | Promise<boolean>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

async function expectOnly(algorithm: SignatureAlgorithm, key: PublicKey, signature: Uint8Array, options = {}): Promise<void> {
  expect(algorithm.supportsKey(key)).toBe(true);
  expect(await algorithm.verify(key, message, signature, options)).toBe(true);
  expect(await algorithm.verify(key, ascii('a bie'), signature, options)).toBe(false);
  const changed = Uint8Array.from(signature);
  changed[changed.length >> 1]! ^= 1;
  expect(await algorithm.verify(key, message, changed, options)).toBe(false);
  expect(await algorithm.verify(key, message, signature.subarray(1), options)).toBe(false);
  expect(await algorithm.verify(key, message, new Uint8Array(0), options)).toBe(false);
}

const rsa2048 = rsaPair();
const rsa1024 = generateKeyPairSync('rsa', { modulusLength: 1024 });
const rsaKey = publicKeyOf(rsa2048.publicKey) as PublicKey & { kty: 'RSA' };

/** Answers what it was asked, so that a test can see what reached the platform. */
function recordingProvider(): AlgorithmProvider & { calls: number } {
  return {
    name: 'recording',
    calls: 0,
    verify() {
      this.calls++;
      return true;
    },
  };
}

describe('RSA', () => {
  for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const) {
    it(`RSASSA-PKCS1-v1_5 with ${hash}`, async () => {
      const algorithm = rsaPkcs1(provider, hash);
      await expectOnly(algorithm, rsaKey, sign(hash.replace('-', ''), message, rsa2048.privateKey));
      const other = sign(hash === 'SHA-256' ? 'sha512' : 'sha256', message, rsa2048.privateKey);
      expect(await algorithm.verify(rsaKey, message, other)).toBe(false);
    });
  }

  it('RSASSA-PSS takes its parameters from the call', async () => {
    const algorithm = rsaPss(provider);
    const signature = sign('sha384', message, { key: rsa2048.privateKey, padding: 6, saltLength: 48 });
    const pss = { hash: 'SHA-384', mgfHash: 'SHA-384', saltLength: 48 } as const;
    await expectOnly(algorithm, rsaKey, signature, { pss });
    expect(await algorithm.verify(rsaKey, message, signature, { pss: { ...pss, saltLength: 47 } })).toBe(false);
    expect(await algorithm.verify(rsaKey, message, signature, { pss: { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 48 } })).toBe(false);
    expect(await algorithm.verify(rsaKey, message, signature, { pss: { ...pss, saltLength: 207 } })).toBe(false);
    expect(thrownCode(() => algorithm.verify(rsaKey, message, signature))).toBeInstanceOf(TypeError);
    expect(thrownCode(() => algorithm.verify(rsaKey, message, signature, { pss: { ...pss, saltLength: -1 } }))).toBe('PARAMETERS_INVALID');
    expect(thrownCode(() => algorithm.verify(rsaKey, message, signature, { pss: { ...pss, mgfHash: 'SHA-256' } }))).toBe('ALGORITHM_UNSUPPORTED');
    expect(thrownCode(() => algorithm.verify(rsaKey, message, signature, { pss: { hash: 'SHA-1', mgfHash: 'SHA-1', saltLength: 20 } }))).toBe('ALGORITHM_UNSUPPORTED');
  });

  it('reads 1024-bit keys only when told to', async () => {
    const key = publicKeyOf(rsa1024.publicKey);
    const signature = sign('sha256', message, rsa1024.privateKey);
    const strict = rsaPkcs1(provider, 'SHA-256');
    expect(strict.supportsKey(key)).toBe(false);
    expect(thrownCode(() => strict.verify(key, message, signature))).toBe('KEY_UNSUPPORTED');
    await expectOnly(rsaPkcs1(provider, 'SHA-256', { minModulusBits: 1024 }), key, signature);
  });

  it('checks the key before the platform sees it', () => {
    const odd = (length: number, first = 0x80): Uint8Array => {
      const n = new Uint8Array(length);
      n[0] = first;
      n[length - 1] = 1;
      return n;
    };
    const e = Uint8Array.of(1, 0, 1);
    const cases: readonly [string, Uint8Array, Uint8Array, string | undefined][] = [
      ['2048 bits', odd(256), e, undefined],
      ['2047 bits', odd(256, 0x40), e, 'KEY_UNSUPPORTED'],
      ['8192 bits', odd(1024), e, undefined],
      ['8193 bits', odd(1025, 1), e, 'KEY_UNSUPPORTED'],
      ['even modulus', Uint8Array.of(0x80, ...new Uint8Array(255)), e, 'KEY_INVALID'],
      ['leading zero in n', Uint8Array.of(0, ...odd(256)), e, 'KEY_INVALID'],
      ['empty n', new Uint8Array(0), e, 'KEY_INVALID'],
      ['e = 3', odd(256), Uint8Array.of(3), undefined],
      ['e = 1', odd(256), Uint8Array.of(1), 'KEY_INVALID'],
      ['e = 2', odd(256), Uint8Array.of(2), 'KEY_INVALID'],
      ['e empty', odd(256), new Uint8Array(0), 'KEY_INVALID'],
      ['leading zero in e', odd(256), Uint8Array.of(0, 3), 'KEY_INVALID'],
      ['e of 33 bits', odd(256), Uint8Array.of(1, 0, 0, 0, 1), undefined],
      ['e of 34 bits', odd(256), Uint8Array.of(2, 0, 0, 0, 1), 'KEY_UNSUPPORTED'],
    ];
    for (const [name, n, exponent, code] of cases) {
      const recording = recordingProvider();
      const key = { kty: 'RSA', n, e: exponent } as const;
      for (const algorithm of [rsaPkcs1(recording, 'SHA-256'), rsaPss(recording)]) {
        recording.calls = 0;
        const pss = { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } as const;
        expect(thrownCode(() => algorithm.verify(key, message, new Uint8Array(n.length), { pss })), name).toBe(code);
        expect(algorithm.supportsKey(key), name).toBe(code === undefined);
        expect(recording.calls, name).toBe(code === undefined ? 1 : 0);
      }
    }
  });

  it('asks the platform only about signatures as long as the modulus', () => {
    const recording = recordingProvider();
    const algorithm = rsaPkcs1(recording, 'SHA-256');
    for (const length of [0, 255, 257]) expect(algorithm.verify(rsaKey, message, new Uint8Array(length))).toBe(false);
    expect(recording.calls).toBe(0);
    expect(algorithm.verify(rsaKey, message, new Uint8Array(256))).toBe(true);
  });
});

describe('ECDSA', () => {
  for (const [curve, hash] of [['P-256', 'SHA-256'], ['P-384', 'SHA-384'], ['P-521', 'SHA-512'], ['P-256', 'SHA-512']] as const) {
    it(`${curve} with ${hash}`, async () => {
      const pair = generateKeyPairSync('ec', { namedCurve: curve });
      await expectOnly(ecdsa(provider, hash), publicKeyOf(pair.publicKey), sign(hash.replace('-', ''), message, pair.privateKey));
    });
  }

  it('refuses keys of another kind, width or off the curve', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = publicKeyOf(pair.publicKey) as PublicKey & { kty: 'EC' };
    const signature = sign('sha256', message, pair.privateKey);
    const algorithm = ecdsa(provider, 'SHA-256');
    expect(algorithm.supportsKey({ ...key, crv: 'SM2' })).toBe(false);
    expect(thrownCode(() => algorithm.verify({ ...key, crv: 'SM2' }, message, signature))).toBe('KEY_UNSUPPORTED');
    expect(thrownCode(() => algorithm.verify({ ...key, crv: 'P-384' }, message, signature))).toBe('KEY_INVALID');
    expect(thrownCode(() => algorithm.verify({ ...key, point: key.point.subarray(0, 33) }, message, signature))).toBe('KEY_INVALID');
    const off = Uint8Array.from(key.point);
    off[64]! ^= 1;
    expect(await rejectionCode(algorithm.verify({ ...key, point: off }, message, signature))).toBe('KEY_INVALID');
  });

  it('does not take r||s for DER', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const raw = sign('sha256', message, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
    expect(await ecdsa(provider, 'SHA-256').verify(publicKeyOf(pair.publicKey), message, raw)).toBe(false);
  });
});

describe('Ed25519', () => {
  const pair = generateKeyPairSync('ed25519');
  const key = publicKeyOf(pair.publicKey);
  const algorithm = ed25519(provider);

  it('verifies', async () => {
    await expectOnly(algorithm, key, sign(null, message, pair.privateKey));
  });

  it('refuses S + L, and R or key of small order or not canonical', async () => {
    const signature = Uint8Array.from(sign(null, message, pair.privateKey));
    const L = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + L;
    const malleated = Uint8Array.from(signature);
    for (let i = 32; i < 64; i++, s >>= 8n) malleated[i] = Number(s & 255n);
    expect(await algorithm.verify(key, message, malleated)).toBe(false);
    // Settled here, whatever the platform would say.
    const recording = recordingProvider();
    expect(ed25519(recording).verify(key, message, malleated)).toBe(false);
    expect(recording.calls).toBe(0);
    expect(ed25519(recording).verify(key, message, signature)).toBe(true);

    // All points of small order, found by clearing the large subgroup from a point of full order.
    const { Point } = nobleEd25519;
    let torsion = Point.ZERO;
    for (let y = 2n; ; y++) {
      try {
        torsion = Point.fromHex(Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse().toString('hex'), true).multiplyUnsafe(L - 1n).add(
          Point.fromHex(Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse().toString('hex'), true),
        );
      } catch {
        continue;
      }
      if (!torsion.double().double().equals(Point.ZERO)) break; // of order 8 exactly
    }
    let small = Point.ZERO;
    for (let i = 0; i < 8; i++, small = small.add(torsion)) {
      const x = small.toBytes();
      expect(thrownCode(() => algorithm.verify({ kty: 'OKP', crv: 'Ed25519', x }, message, signature))).toBe('KEY_INVALID');
      expect(await algorithm.verify(key, message, Uint8Array.of(...x, ...signature.subarray(32)))).toBe(false);
    }
    const p = unhex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');
    for (const last of [0x7f, 0xff]) {
      for (let offset = 0; offset < 19; offset++) {
        const x = Uint8Array.from(p);
        x[0]! += offset;
        x[31] = last;
        expect(thrownCode(() => algorithm.verify({ kty: 'OKP', crv: 'Ed25519', x }, message, signature))).toBe('KEY_INVALID');
      }
    }
    expect(thrownCode(() => algorithm.verify({ kty: 'OKP', crv: 'Ed25519', x: new Uint8Array(31) }, message, signature))).toBe('KEY_INVALID');
    expect(thrownCode(() => algorithm.verify(rsaKey, message, signature))).toBe('KEY_UNSUPPORTED');
  });
});

describe('the default list', () => {
  it('names each algorithm and identifier once, and no SHA-1', () => {
    const list = classicalAlgorithms(provider);
    expect(list.map(({ name }) => name)).toEqual([
      'RSASSA-PKCS1-v1_5-SHA-256',
      'RSASSA-PKCS1-v1_5-SHA-384',
      'RSASSA-PKCS1-v1_5-SHA-512',
      'ECDSA-SHA-256',
      'ECDSA-SHA-384',
      'ECDSA-SHA-512',
      'RSASSA-PSS',
      'Ed25519',
    ]);
    const oids = list.flatMap(({ signatureOids }) => signatureOids);
    expect(new Set(oids).size).toBe(oids.length);
    expect(list.some(({ digest }) => digest === 'SHA-1')).toBe(false);
  });
});

describe('WebCrypto provider', () => {
  it('imports a key once for each use', async () => {
    let imports = 0;
    const counting = new Proxy(subtle, {
      get(target, name) {
        const member = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (name === 'importKey') imports++;
          return member.apply(target, args);
        };
      },
    });
    const algorithm = rsaPkcs1(webCryptoProvider(counting), 'SHA-256');
    const signature = sign('sha256', message, rsa2048.privateKey);
    const verdicts = await Promise.all([1, 2, 3].map(() => algorithm.verify(rsaKey, message, signature)));
    expect(verdicts).toEqual([true, true, true]);
    expect(imports).toBe(1);
    expect(await algorithm.verify({ ...rsaKey }, message, signature)).toBe(true);
    expect(imports).toBe(2);
  });

  it('says what it does not offer', async () => {
    const algorithm = rsaPkcs1(provider, 'SHA-224');
    expect(await rejectionCode(algorithm.verify(rsaKey, message, new Uint8Array(256)))).toBe('ALGORITHM_UNSUPPORTED');
  });
});
