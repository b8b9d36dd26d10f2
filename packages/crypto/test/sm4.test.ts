import { createCipheriv, createDecipheriv, getCiphers } from 'node:crypto';
import fc from 'fast-check';
import { sm4 as oracle } from 'sm-crypto-v2';
import { describe, expect, it } from 'vitest';
import type { CipherStream } from '../src/cipher.js';
import { Sm4 } from '../src/sm4-block.js';
import { sm4Cbc } from '../src/sm4-cbc.js';
import { sm4Ccm } from '../src/sm4-ccm.js';
import { sm4Ctr } from '../src/sm4-ctr.js';
import { sm4Gcm } from '../src/sm4-gcm.js';
import { substitute } from '../src/sm4-sbox.js';
import { ascii, hex, thrownCode, unhex } from './hex.js';

// GB/T 32907-2016 §6.2, table 1.
const SBOX =
  'd690e9fecce13db716b614c228fb2c052b679a762abe04c3aa441326498606999c4250f491ef987a33540b43edcfac62e4b31ca9c908e89580df94fa758f3fa6' +
  '4707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d351e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89e' +
  'eabf8ad240c738b5a3f7f2cef96115a1e0ae5da49b341a55ad933230f58cb1e31df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51' +
  '8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b08969974a0c96777e65b9f109c56ec68418f07dec3adc4d2079ee5f3ed7cb3948';

const KEY = unhex('0123456789abcdeffedcba9876543210');
const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('SM4 S-box circuit', () => {
  it('equals the standard table for all 256 inputs, in every lane', () => {
    for (let lane = 0; lane < 32; lane++) {
      let table = '';
      for (let x = 0; x < 256; x++) {
        // Every other lane holds another value, so that a leak between lanes shows.
        const planes = Int32Array.from({ length: 8 }, (_, bit) => {
          const mine = (x >> bit) & 1;
          const others = ((x * 31 + 7) >> bit) & 1 ? -1 : 0;
          return (others & ~(1 << lane)) | (mine << lane);
        });
        substitute(planes);
        let y = 0;
        for (let bit = 0; bit < 8; bit++) y |= ((planes[bit]! >>> lane) & 1) << bit;
        table += y.toString(16).padStart(2, '0');
      }
      expect(table).toBe(SBOX);
    }
  });
});

describe('SM4 block cipher', () => {
  // The second example takes a million encryptions, minutes of a slow machine: HEFU_LONG_TESTS=1. Otherwise ten thousand, as node:crypto chains them.
  it('answers the examples of GB/T 32907 Annex A, one and a million encryptions', () => {
    const cipher = new Sm4(KEY, 'encrypt');
    const block = Uint8Array.from(KEY);
    cipher.transform(block, 0, block, 0, 16);
    expect(hex(block)).toBe('681edf34d206965e86b3e94f536e4246');
    const back = Uint8Array.from(block);
    new Sm4(KEY, 'decrypt').transform(back, 0, back, 0, 16);
    expect(hex(back)).toBe(hex(KEY));
    const long = process.env.HEFU_LONG_TESTS === '1';
    const count = long || !getCiphers().includes('sm4-cbc') ? 1_000_000 : 10_000;
    // CBC over zeros is the block encrypted again and again.
    const chained = count === 1_000_000 ? '595298c7c6fd271f0402f804c33d3f66' : hex(createCipheriv('sm4-cbc', KEY, KEY).update(new Uint8Array(16 * count)).subarray(-16));
    for (let i = 1; i < count; i++) cipher.transform(block, 0, block, 0, 16);
    expect(hex(block)).toBe(chained);
  });

  it('treats each of many blocks by itself and equals sm-crypto-v2', () => {
    fc.assert(
      fc.property(octets(16), fc.nat(20).chain((blocks) => octets(16 * blocks)), (key, data) => {
        const output = new Uint8Array(data.length);
        new Sm4(key, 'encrypt').transform(data, 0, output, 0, data.length);
        expect(hex(output)).toBe(oracle.encrypt(data, key, { padding: 'none', mode: 'ecb' }));
        new Sm4(key, 'decrypt').transform(output, 0, output, 0, output.length);
        expect(hex(output)).toBe(hex(data));
      }),
    );
  });
});

for (const cipher of [sm4Cbc, sm4Ctr]) {
  const openssl = cipher.name.toLowerCase();
  const available = getCiphers().includes(openssl);
  if (!available) console.warn(`SKIPPED: this build of Node.js has no ${openssl}`);
  describe.skipIf(!available)(`${cipher.name} against OpenSSL`, () => {
    it('encrypts and decrypts alike at every length', () => {
      fc.assert(
        fc.property(octets(16), octets(16), fc.uint8Array({ maxLength: 400 }), (key, iv, data) => {
          const native = createCipheriv(openssl, key, iv);
          const expected = Buffer.concat([native.update(data), native.final()]);
          const sealed = cipher.encrypt(key, iv, data);
          expect(hex(sealed)).toBe(hex(expected));
          expect(hex(cipher.decrypt(key, iv, sealed))).toBe(hex(data));
          expect(hex(cipher.decrypt(Buffer.from(key), Buffer.from(iv), Buffer.from(sealed)))).toBe(hex(data));
        }),
      );
    });
  });
}

describe('SM4-CTR', () => {
  it('carries the counter through all 16 octets', () => {
    const iv = new Uint8Array(16).fill(0xff);
    const zeros = new Uint8Array(48);
    const stream = sm4Ctr.encrypt(KEY, iv, zeros);
    const expected = new Uint8Array(48).fill(0xff, 0, 16);
    expected[47] = 1;
    new Sm4(KEY, 'encrypt').transform(expected, 0, expected, 0, 48);
    expect(hex(stream)).toBe(hex(expected));
  });

  it('leaves the IV as it was, even a Buffer', () => {
    const iv = Buffer.alloc(16, 7);
    sm4Ctr.encrypt(KEY, iv, new Uint8Array(100));
    expect(iv.every((octet) => octet === 7)).toBe(true);
  });
});

describe('SM4-CBC padding', () => {
  const iv = new Uint8Array(16);
  const pad = (last: Uint8Array): Uint8Array => {
    // Encrypt a block of our choosing as the last one.
    const native = new Sm4(KEY, 'encrypt');
    const out = new Uint8Array(16);
    native.transform(last, 0, out, 0, 16);
    return out;
  };
  const block = (text: string): Uint8Array => unhex(text.padStart(32, 'aa'));

  it('accepts every right padding and refuses every wrong one with one code', () => {
    for (let length = 1; length <= 16; length++) {
      const good = new Uint8Array(16).fill(0x41, 0, 16 - length).fill(length, 16 - length);
      expect(sm4Cbc.decrypt(KEY, iv, pad(good)).length).toBe(16 - length);
      if (length > 1) {
        const bad = Uint8Array.from(good);
        bad[16 - length]! ^= 0x80;
        expect(thrownCode(() => sm4Cbc.decrypt(KEY, iv, pad(bad)))).toBe('DECRYPTION_FAILED');
      }
    }
    for (const wrong of ['00', '11', '20', '80', 'ff']) {
      expect(thrownCode(() => sm4Cbc.decrypt(KEY, iv, pad(block(wrong))))).toBe('DECRYPTION_FAILED');
    }
  });

  it('agrees with OpenSSL on random last blocks', () => {
    const last = fc.tuple(octets(16), fc.integer({ min: 0, max: 18 })).map(([data, length]) => data.fill(length, Math.max(0, 16 - length)));
    fc.assert(
      fc.property(last, (data) => {
        const ciphertext = pad(data);
        const native = createDecipheriv('sm4-cbc', KEY, iv);
        let expected: string | undefined;
        try {
          expected = hex(Buffer.concat([native.update(ciphertext), native.final()]));
        } catch {
          expected = undefined;
        }
        let actual: string | undefined;
        try {
          actual = hex(sm4Cbc.decrypt(KEY, iv, ciphertext));
        } catch {
          actual = undefined;
        }
        expect(actual).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses ciphertexts that are no whole blocks', () => {
    for (const length of [0, 1, 15, 17]) {
      expect(thrownCode(() => sm4Cbc.decrypt(KEY, iv, new Uint8Array(length)))).toBe('DECRYPTION_FAILED');
    }
  });
});

for (const cipher of [sm4Gcm, sm4Ccm]) {
  describe(cipher.name, () => {
    const iv = new Uint8Array(12).fill(9);
    it('opens what it sealed and nothing changed by a bit', () => {
      fc.assert(
        fc.property(octets(16), octets(12), fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 60 }), fc.nat(), (key, nonce, data, aad, where) => {
          const sealed = cipher.encrypt(key, nonce, data, { aad });
          expect(sealed.length).toBe(data.length + 16);
          expect(hex(cipher.decrypt(key, nonce, sealed, { aad }))).toBe(hex(data));
          const bit = where % (8 * sealed.length);
          sealed[bit >> 3]! ^= 1 << (bit & 7);
          expect(thrownCode(() => cipher.decrypt(key, nonce, sealed, { aad }))).toBe('DECRYPTION_FAILED');
          sealed[bit >> 3]! ^= 1 << (bit & 7);
          expect(thrownCode(() => cipher.decrypt(key, nonce, sealed, { aad: Uint8Array.of(...aad, 0) }))).toBe('DECRYPTION_FAILED');
          expect(thrownCode(() => cipher.decrypt(key, nonce, sealed.subarray(1), { aad }))).toBe('DECRYPTION_FAILED');
        }),
      );
    });

    it('refuses a text shorter than its tag', () => {
      expect(thrownCode(() => cipher.decrypt(KEY, iv, new Uint8Array(15)))).toBe('DECRYPTION_FAILED');
    });

    it('takes no tag lengths but its own', () => {
      const allowed = cipher === sm4Gcm ? [12, 13, 14, 15, 16] : [4, 6, 8, 10, 12, 14, 16];
      for (const tagLength of [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 12.5, Number.NaN]) {
        const sealed = thrownCode(() => cipher.encrypt(KEY, iv, ascii('x'), { tagLength }));
        expect(sealed, `${tagLength}`).toBe(allowed.includes(tagLength) ? undefined : 'PARAMETERS_INVALID');
        // A short tag is not taken for a long one.
        if (sealed === undefined && tagLength < 16) {
          expect(thrownCode(() => cipher.decrypt(KEY, iv, cipher.encrypt(KEY, iv, ascii('x'), { tagLength })))).toBe('DECRYPTION_FAILED');
        }
      }
    });
  });
}

describe('SM4-GCM against sm-crypto-v2', () => {
  it('seals alike', () => {
    fc.assert(
      fc.property(octets(16), octets(12), fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.uint8Array({ maxLength: 40 }), (key, iv, data, aad) => {
        const theirs = oracle.encrypt(data, key, {
          mode: 'gcm',
          iv,
          associatedData: aad,
          outputTag: true,
          output: 'array',
        }) as unknown as { output: Uint8Array; tag: Uint8Array };
        expect(hex(sm4Gcm.encrypt(key, iv, data, { aad }))).toBe(hex(theirs.output) + hex(theirs.tag));
      }),
      { numRuns: 50 },
    );
  });
});

const opensslCbc = getCiphers().includes('sm4-cbc');

/** The CCM tag by OpenSSL's SM4-CBC over blocks laid out here by hand (RFC 3610 §2.2, §2.3). */
function ccmTag(iv: Uint8Array, message: Uint8Array, lengthOfAad: readonly number[], aad: Uint8Array): string {
  const block = (parts: Iterable<number>): number[] => {
    const filled = [...parts];
    while (filled.length % 16 !== 0) filled.push(0);
    return filled;
  };
  const b0 = [aad.length > 0 ? 0x79 : 0x39, ...iv, message.length >> 8, message.length & 255]; // M = 16, L = 2
  const blocks = Uint8Array.from([...b0, ...block([...lengthOfAad, ...aad]), ...block(message)]);
  const cbc = (data: Uint8Array): Buffer => createCipheriv('sm4-cbc', KEY, new Uint8Array(16)).setAutoPadding(false).update(data);
  const mac = cbc(blocks).subarray(-16);
  const mask = cbc(Uint8Array.from([1, ...iv, 0, 0]));
  return hex(mac.map((octet, i) => octet ^ mask[i]!));
}

describe('SM4-CCM', () => {
  it.skipIf(!opensslCbc).each([
    ['none', 0, []],
    ['two octets, the longest', 0xfeff, [0xfe, 0xff]],
    ['six octets, the shortest', 0xff00, [0xff, 0xfe, 0, 0, 0xff, 0]],
    ['six octets, past 2^16', 0x10001, [0xff, 0xfe, 0, 1, 0, 1]],
  ])('encodes the length of additional data: %s', (_name, length, encoded) => {
    const iv = new Uint8Array(13).fill(5);
    const aad = new Uint8Array(length).fill(3);
    const sealed = sm4Ccm.encrypt(KEY, iv, ascii('message'), { aad });
    expect(hex(sealed.subarray(7))).toBe(ccmTag(iv, ascii('message'), encoded, aad));
    expect(sm4Ccm.decrypt(KEY, iv, sealed, { aad })).toEqual(ascii('message'));
    expect(thrownCode(() => sm4Ccm.decrypt(KEY, iv, sealed, { aad: Uint8Array.of(...aad, 1) }))).toBe('DECRYPTION_FAILED');
  });

  it('refuses a message too long for its nonce', () => {
    const iv = new Uint8Array(13);
    expect(thrownCode(() => sm4Ccm.encrypt(KEY, iv, new Uint8Array(65_535)))).toBeUndefined();
    expect(thrownCode(() => sm4Ccm.encrypt(KEY, iv, new Uint8Array(65_536)))).toBe('PARAMETERS_INVALID');
    expect(thrownCode(() => sm4Ccm.decrypt(KEY, iv, new Uint8Array(65_536 + 16)))).toBe('PARAMETERS_INVALID');
  });
});

describe('parameters of every mode', () => {
  for (const cipher of [sm4Cbc, sm4Ctr, sm4Gcm, sm4Ccm]) {
    it(`${cipher.name} refuses wrong key and IV lengths`, () => {
      const iv = new Uint8Array(cipher.authenticated ? 12 : 16);
      const wrongIv = new Uint8Array(cipher === sm4Gcm ? 0 : cipher === sm4Ccm ? 14 : 12);
      expect(thrownCode(() => cipher.encrypt(KEY, iv, ascii('x')))).toBeUndefined();
      for (const act of ['encrypt', 'decrypt'] as const) {
        expect(thrownCode(() => cipher[act](KEY.subarray(1), iv, new Uint8Array(32)))).toBe('PARAMETERS_INVALID');
        expect(thrownCode(() => cipher[act](new Uint8Array(32), iv, new Uint8Array(32)))).toBe('PARAMETERS_INVALID');
        expect(thrownCode(() => cipher[act](KEY, wrongIv, new Uint8Array(32)))).toBe('PARAMETERS_INVALID');
      }
    });
  }

  it('modes without authentication refuse its options', () => {
    for (const cipher of [sm4Cbc, sm4Ctr]) {
      expect(thrownCode(() => cipher.encrypt(KEY, KEY, KEY, { aad: KEY }))).toBeInstanceOf(TypeError);
      expect(thrownCode(() => cipher.decrypt(KEY, KEY, KEY, { tagLength: 16 }))).toBeInstanceOf(TypeError);
    }
  });
});

describe('SM4 in pieces', () => {
  const cut = (data: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const size of sizes) parts.push(data.subarray(at, (at += Math.min(size, data.length - at))));
    return [...parts, data.subarray(at)];
  };
  const run = (stream: CipherStream, parts: readonly Uint8Array[]): string => [...parts.map((part) => stream.update(part)), stream.final()].map(hex).join('');
  const sizes = fc.array(fc.nat(70), { maxLength: 8 });

  for (const cipher of [sm4Ctr, sm4Gcm]) {
    const iv = cipher === sm4Ctr ? octets(16) : fc.uint8Array({ minLength: 1, maxLength: 20 });
    it(`${cipher.name} gives what it gives for the whole, however cut`, () => {
      fc.assert(
        fc.property(octets(16), iv, fc.uint8Array({ maxLength: 300 }), sizes, sizes, (key, nonce, data, some, others) => {
          const whole = cipher.encrypt(key, nonce, data);
          expect(run(cipher.createEncrypt(key, nonce), cut(data, some))).toBe(hex(whole));
          expect(run(cipher.createDecrypt(key, nonce), cut(whole, others))).toBe(hex(data));
        }),
      );
    });
  }

  it('GCM takes additional data and short tags in pieces, and refuses every altered bit at the end only', () => {
    fc.assert(
      fc.property(octets(16), octets(12), fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 12, max: 16 }), sizes, fc.nat(), (key, iv, aad, data, tagLength, some, where) => {
        const options = { aad, tagLength };
        const sealed = sm4Gcm.encrypt(key, iv, data, options);
        expect(run(sm4Gcm.createAuthenticate(key, iv, options), cut(sealed, some))).toBe('');
        const bit = where % (8 * sealed.length);
        const altered = Uint8Array.from(sealed);
        altered[bit >> 3]! ^= 1 << (bit & 7);
        for (const create of [sm4Gcm.createDecrypt, sm4Gcm.createAuthenticate]) {
          const stream = create(key, iv, options);
          for (const part of cut(altered, some)) stream.update(part);
          expect(thrownCode(() => stream.final())).toBe('DECRYPTION_FAILED');
        }
        const other = sm4Gcm.createAuthenticate(key, iv, { aad: Uint8Array.of(...aad, 0), tagLength });
        other.update(sealed);
        expect(thrownCode(() => other.final())).toBe('DECRYPTION_FAILED');
      }),
    );
  });

  it('refuses less than a tag, wrong parameters, and anything after the end', () => {
    const short = sm4Gcm.createDecrypt(KEY, new Uint8Array(12));
    short.update(new Uint8Array(15));
    expect(thrownCode(() => short.final())).toBe('DECRYPTION_FAILED');
    expect(thrownCode(() => sm4Gcm.createEncrypt(KEY, new Uint8Array(0)))).toBe('PARAMETERS_INVALID');
    expect(thrownCode(() => sm4Gcm.createDecrypt(KEY, new Uint8Array(12), { tagLength: 11 }))).toBe('PARAMETERS_INVALID');
    expect(thrownCode(() => sm4Ctr.createEncrypt(KEY.subarray(1), new Uint8Array(16)))).toBe('PARAMETERS_INVALID');
    expect(thrownCode(() => sm4Ctr.createDecrypt(KEY, new Uint8Array(12)))).toBe('PARAMETERS_INVALID');
    expect(thrownCode(() => sm4Ctr.createEncrypt(KEY, new Uint8Array(16), { aad: KEY }))).toBeInstanceOf(TypeError);
    for (const stream of [sm4Gcm.createEncrypt(KEY, new Uint8Array(12)), sm4Ctr.createEncrypt(KEY, new Uint8Array(16))]) {
      stream.final();
      expect(thrownCode(() => stream.update(KEY))).toBeInstanceOf(TypeError);
      expect(thrownCode(() => stream.final())).toBeInstanceOf(TypeError);
    }
  });
});
