import { createPrivateKey, createPublicKey, createSign, createVerify, getHashes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { sm2 as oracle } from 'sm-crypto-v2';
import { describe, expect, it } from 'vitest';
import type { EcPublicKey } from '../src/algorithm.js';
import { encodeEcdsaSignature } from '../src/ecdsa-signature.js';
import { Sm2 } from '../src/sm2-curve.js';
import { sm2Digest, sm2DigestHasher, sm2Z } from '../src/sm2-digest.js';
import { sm2PublicKey, sm2Sign, sm2SignDigest } from '../src/sm2-sign.js';
import { createSm2, sm2 } from '../src/sm2.js';
import { ascii, hex, thrownCode, unhex } from './hex.js';
import { haveVectors, vectorPath } from './vectors.js';

const { Fn, Fp } = Sm2;
const N = Fn.ORDER;
const bytes = (value: bigint): Uint8Array => unhex(value.toString(16).padStart(64, '0'));
const key = (point: Uint8Array): EcPublicKey => ({ kty: 'EC', crv: 'SM2', point });
const derOf = (r: bigint, s: bigint): Uint8Array => encodeEcdsaSignature(bytes(r), bytes(s));

// GB/T 32918.5-2017 Annex A.
const d = unhex('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8');
const point = unhex(
  '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
);
const message = ascii('message digest');
const example = encodeEcdsaSignature(
  unhex('f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3'),
  unhex('b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa'),
);

const scalar = fc.bigInt({ min: 1n, max: N - 2n }).map(bytes);
const text = fc.uint8Array({ maxLength: 200 });

describe('SM2 example of GB/T 32918.5', () => {
  it('computes the public key, Z and e', () => {
    expect(hex(sm2PublicKey(d))).toBe(hex(point));
    expect(hex(sm2Z(point))).toBe('b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3');
    expect(hex(sm2Digest(point, message))).toBe('f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640');
    expect(hex(sm2DigestHasher(point).update(message.subarray(0, 5)).update(message.subarray(5)).digest())).toBe(
      hex(sm2Digest(point, message)),
    );
  });

  it('verifies the signature, and neither another message nor identifier nor key', () => {
    expect(sm2.verify(key(point), message, example)).toBe(true);
    expect(sm2.verifyDigest(key(point), sm2Digest(point, message), example)).toBe(true);
    expect(sm2.verify(key(point), message, example, { distinguishingId: ascii('1234567812345678') })).toBe(true);
    expect(sm2.verify(key(point), ascii('message digesu'), example)).toBe(false);
    expect(sm2.verify(key(point), message, example, { distinguishingId: ascii('1234567812345679') })).toBe(false);
    expect(sm2.verify(key(point), message, example, { distinguishingId: new Uint8Array(0) })).toBe(false);
    expect(sm2.verify(key(sm2PublicKey(bytes(5n))), message, example)).toBe(false);
  });

  it('takes Buffers as it takes other octets', () => {
    expect(sm2.verify(key(Buffer.from(point)), Buffer.from(message), Buffer.from(example))).toBe(true);
    expect(hex(sm2Sign(Buffer.from(d), Buffer.from(message)))).toBe(hex(sm2Sign(d, message)));
  });
});

describe('SM2 verification', () => {
  const e = sm2Digest(point, message);
  const dInt = BigInt(`0x${hex(d)}`);

  it('refuses every flipped bit of the signature', () => {
    const cached = createSm2({ tableAfterUses: 0 });
    const k = key(point);
    for (let bit = 0; bit < 8 * example.length; bit += 3) {
      const changed = Uint8Array.from(example);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(cached.verify(k, message, changed)).toBe(false);
    }
    expect(cached.verify(k, message, example)).toBe(true);
  });

  it('refuses r and s outside [1, n-1] and t = 0', () => {
    const r = BigInt(`0x${hex(example.subarray(5, 37))}`);
    const s = BigInt(`0x${hex(example.subarray(40, 72))}`);
    expect(sm2.verifyDigest(key(point), e, derOf(r, s))).toBe(true);
    for (const [badR, badS] of [[N, s], [r, N], [N + 5n, s], [r, N - r], [r, (1n << 256n) - 1n]] as const) {
      expect(sm2.verifyDigest(key(point), e, derOf(badR, badS))).toBe(false);
    }
  });

  it('refuses a forgery that only works when t = 0 is not checked', () => {
    // With t = 0 the key drops out: r = e + x(sG) would need no private key.
    const s = 7n;
    const r = N - s;
    const x = Sm2.BASE.multiply(s).toAffine().x;
    const forgedDigest = bytes(Fn.sub(r, Fn.create(x)));
    expect(sm2.verifyDigest(key(point), forgedDigest, derOf(r, s))).toBe(false);
  });

  it('refuses a sum at infinity', () => {
    // s + t·d = 0, so sG + tP is infinity, whose affine x would read as 0: e = r.
    const t = 12345n;
    const s = Fn.neg(Fn.mul(t, dInt));
    const r = Fn.sub(t, s);
    expect(sm2.verifyDigest(key(point), bytes(r), derOf(r, s))).toBe(false);
    expect(createSm2({ tableAfterUses: 0 }).verifyDigest(key(point), bytes(r), derOf(r, s))).toBe(false);
  });

  it('accepts where sG and tP coincide (the sum is a doubling)', () => {
    // Any t with s = t·d: sG = tP. Solve e from the equation.
    const t = 987654321n;
    const s = Fn.mul(t, dInt);
    const r = Fn.sub(t, s);
    const x = Sm2.BASE.multiply(s).double().toAffine().x;
    const digest = bytes(Fn.sub(r, Fn.create(x)));
    expect(sm2.verifyDigest(key(point), digest, derOf(r, s))).toBe(true);
    digest[31]! ^= 1;
    expect(sm2.verifyDigest(key(point), digest, derOf(r, s))).toBe(false);
  });

  it('reduces e at and above n', () => {
    for (const value of [N, N + 1n, (1n << 256n) - 1n, 0n]) {
      const digest = bytes(value);
      const signature = sm2SignDigest(d, digest);
      expect(sm2.verifyDigest(key(point), digest, signature)).toBe(true);
      expect(sm2.verifyDigest(key(point), bytes(value ^ 2n), signature)).toBe(false);
    }
    expect(hex(sm2SignDigest(d, bytes(N + 1n)))).toBe(hex(sm2SignDigest(d, bytes(1n))));
  });

  it('refuses malformed keys with KEY_INVALID', () => {
    const off = Uint8Array.from(point);
    off[64]! ^= 1;
    const compressed = Uint8Array.of(0x02 | (point[64]! & 1), ...point.subarray(1, 33));
    const hybrid = Uint8Array.of(0x06 | (point[64]! & 1), ...point.subarray(1));
    // The same point with x + p in place of x: find a point whose x + p still fits 256 bits.
    let x = 0n;
    let y = 0n;
    for (x = 1n; y === 0n; x++) {
      const square = Fp.add(Fp.add(Fp.mul(Fp.sqr(x), x), Fp.mul(Sm2.CURVE().a, x)), Sm2.CURVE().b);
      try {
        y = Fp.sqrt(square);
      } catch {
        continue;
      }
      break;
    }
    const small = unhex(`04${hex(bytes(x))}${hex(bytes(y))}`);
    const unreduced = unhex(`04${hex(bytes(x + Fp.ORDER))}${hex(bytes(y))}`);
    expect(sm2.verify(key(small), message, example)).toBe(false);
    for (const bad of [off, compressed, hybrid, unreduced, new Uint8Array(65), Uint8Array.of(0), new Uint8Array(0), point.subarray(1), Uint8Array.of(4, ...new Uint8Array(64)), Uint8Array.of(...point, 0)]) {
      expect(thrownCode(() => sm2.verify(key(bad), message, example))).toBe('KEY_INVALID');
      expect(thrownCode(() => createSm2().verify(key(bad), message, example))).toBe('KEY_INVALID');
      expect(thrownCode(() => sm2.verifyDigest(key(bad), e, example))).toBe('KEY_INVALID');
    }
  });

  it('refuses other kinds of key with KEY_UNSUPPORTED', () => {
    const p256 = { kty: 'EC', crv: 'P-256', point } as const;
    const rsa = { kty: 'RSA', n: new Uint8Array(256).fill(255), e: Uint8Array.of(1, 0, 1) } as const;
    expect(sm2.supportsKey(key(point))).toBe(true);
    for (const other of [p256, rsa]) {
      expect(sm2.supportsKey(other)).toBe(false);
      expect(thrownCode(() => sm2.verify(other, message, example))).toBe('KEY_UNSUPPORTED');
    }
  });

  it('bounds the identifier at 8191 octets', () => {
    const longest = new Uint8Array(8191).fill(0x61);
    const signature = sm2Sign(d, message, { distinguishingId: longest });
    expect(sm2.verify(key(point), message, signature, { distinguishingId: longest })).toBe(true);
    const tooLong = new Uint8Array(8192);
    expect(thrownCode(() => sm2.verify(key(point), message, signature, { distinguishingId: tooLong }))).toBe('PARAMETERS_INVALID');
    expect(thrownCode(() => sm2Z(point, tooLong))).toBe('PARAMETERS_INVALID');
  });

  it('answers the same with a cache as without, before and after tables and their eviction', () => {
    const cached = createSm2({ tableAfterUses: 1, maxTables: 2 });
    const signers = [3n, 4n, 5n].map((value) => ({ d: bytes(value), key: key(sm2PublicKey(bytes(value))) }));
    for (let round = 0; round < 4; round++) {
      for (const signer of signers) {
        const m = bytes(BigInt(round + 1));
        const signature = sm2Sign(signer.d, m);
        expect(cached.verify(signer.key, m, signature)).toBe(true);
        expect(cached.verify(signer.key, message, signature)).toBe(false);
        expect(cached.verify(signers[round % 3]!.key, m, signature)).toBe(sm2.verify(signers[round % 3]!.key, m, signature));
      }
    }
  });
});

describe('SM2 signing', () => {
  it('is deterministic, and hedged by extra entropy', () => {
    const plain = sm2Sign(d, message);
    expect(hex(sm2Sign(d, message))).toBe(hex(plain));
    const hedged = sm2Sign(d, message, { extraEntropy: new Uint8Array(32).fill(1) });
    expect(hex(hedged)).not.toBe(hex(plain));
    expect(hex(sm2Sign(d, message, { extraEntropy: new Uint8Array(32).fill(1) }))).toBe(hex(hedged));
    expect(sm2.verify(key(point), message, hedged)).toBe(true);
  });

  it('never repeats r over different messages of one key', () => {
    const seen = new Set(Array.from({ length: 20 }, (_, i) => hex(sm2SignDigest(d, bytes(BigInt(i))).subarray(0, 30))));
    expect(seen.size).toBe(20);
  });

  it('refuses private keys outside [1, n-2] and of other lengths', () => {
    for (const good of [1n, N - 2n]) {
      const k = bytes(good);
      expect(sm2.verify(key(sm2PublicKey(k)), message, sm2Sign(k, message))).toBe(true);
    }
    for (const bad of [bytes(0n), bytes(N - 1n), bytes(N), bytes((1n << 256n) - 1n), d.subarray(1), Uint8Array.of(0, ...d)]) {
      expect(thrownCode(() => sm2PublicKey(bad))).toBe('KEY_INVALID');
      expect(thrownCode(() => sm2Sign(bad, message))).toBe('KEY_INVALID');
      expect(thrownCode(() => sm2SignDigest(bad, bytes(1n)))).toBe('KEY_INVALID');
    }
  });

  it('takes digests of 32 octets only', () => {
    expect(thrownCode(() => sm2SignDigest(d, new Uint8Array(31)))).toBeInstanceOf(TypeError);
    expect(thrownCode(() => sm2.verifyDigest(key(point), new Uint8Array(33), example))).toBeInstanceOf(TypeError);
  });
});

describe('SM2 against sm-crypto-v2', () => {
  it('verifies each other’s signatures with any identifier', () => {
    fc.assert(
      fc.property(scalar, text, fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme-ascii' }), (k, m, userId) => {
        const publicHex = hex(sm2PublicKey(k));
        const id = ascii(userId);
        const ours = sm2Sign(k, m, { distinguishingId: id });
        expect(oracle.doVerifySignature(m, hex(ours), publicHex, { der: true, hash: true, userId })).toBe(true);
        const theirs = unhex(oracle.doSignature(m, hex(k), { der: true, hash: true, userId, publicKey: publicHex }));
        expect(sm2.verify(key(unhex(publicHex)), m, theirs, { distinguishingId: id })).toBe(true);
        expect(sm2.verify(key(unhex(publicHex)), m, theirs)).toBe(userId === '1234567812345678');
      }),
      { numRuns: 15 },
    );
  });
});

const opensslHasSm2 = getHashes().includes('sm3');
if (!opensslHasSm2) console.warn('SKIPPED: this build of Node.js has no SM2/SM3; the OpenSSL cross-check did not run');

describe.skipIf(!opensslHasSm2)('SM2 against OpenSSL through createSign and createVerify', () => {
  it('verifies each other’s signatures when fed Z and the message', () => {
    fc.assert(
      fc.property(scalar, text, (k, m) => {
        const p = sm2PublicKey(k);
        const spki = unhex(`3059301306072a8648ce3d020106082a811ccf5501822d034200${hex(p)}`);
        const pkcs8 = unhex(
          `308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420${hex(k)}a144034200${hex(p)}`,
        );
        const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
        const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
        const z = sm2Z(p);
        const ours = sm2Sign(k, m);
        expect(createVerify('sm3').update(z).update(m).verify(publicKey, ours)).toBe(true);
        expect(createVerify('sm3').update(m).verify(publicKey, ours)).toBe(false);
        const theirs = createSign('sm3').update(z).update(m).sign(privateKey);
        expect(sm2.verify(key(p), m, theirs)).toBe(true);
        expect(sm2.verify(key(p), Uint8Array.of(...m, 0), theirs)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});

describe.skipIf(!haveVectors('real-ca'))('SM2 signatures of real CA certificates', () => {
  // Certificate ::= SEQUENCE { tbs, algorithm, BIT STRING }; enough of DER to find three slices.
  const element = (der: Uint8Array, at: number): { start: number; end: number } => {
    const long = der[at + 1]! & 0x80 ? der[at + 1]! & 0x7f : 0;
    let length = long === 0 ? der[at + 1]! : 0;
    for (let i = 0; i < long; i++) length = length * 256 + der[at + 2 + i]!;
    const start = at + 2 + long;
    return { start, end: start + length };
  };
  const read = (file: string) => {
    const content = readFileSync(vectorPath('real-ca', file));
    const pem = /-----BEGIN CERTIFICATE-----([^-]+)-----/.exec(content.toString('latin1'));
    const der = Uint8Array.from(pem ? Buffer.from(pem[1]!, 'base64') : content);
    const outer = element(der, 0);
    const tbs = element(der, outer.start);
    const algorithm = element(der, tbs.end);
    const value = element(der, algorithm.end);
    const at = hex(der).indexOf('06082a811ccf5501822d03420004');
    return {
      file,
      tbs: der.subarray(outer.start, tbs.end),
      signature: der.subarray(value.start + 1, value.end),
      isSm2: hex(der.subarray(algorithm.start, algorithm.end)).startsWith('06082a811ccf55018375'),
      point: at < 0 ? undefined : der.subarray(at / 2 + 13, at / 2 + 78),
    };
  };

  it('each verifies under exactly one of the keys present', () => {
    const certificates = readdirSync(vectorPath('real-ca'))
      .filter((name) => /\.(cer|crt|der|pem)$/.test(name))
      .map(read);
    const keys = [...new Set(certificates.flatMap(({ point: p }) => (p === undefined ? [] : [hex(p)])))].map((p) => key(unhex(p)));
    const algorithm = createSm2();
    const verified = certificates
      .filter(({ isSm2 }) => isSm2)
      .filter(({ tbs, signature }) => keys.filter((k) => algorithm.verify(k, tbs, signature)).length === 1);
    expect(verified.length).toBeGreaterThanOrEqual(3);
    for (const { tbs, signature } of verified) {
      const changed = Uint8Array.from(tbs);
      changed[changed.length - 1]! ^= 1;
      expect(keys.some((k) => algorithm.verify(k, changed, signature))).toBe(false);
    }
  });
});
