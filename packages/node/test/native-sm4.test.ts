import { getCiphers } from 'node:crypto';
import { type CipherStream, sm4Ctr } from '@hefu/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeSm4Ctr } from '../src/native-sm4.js';

const native = nodeSm4Ctr();
const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const run = (stream: CipherStream, parts: readonly Uint8Array[]): string => [...parts.map((part) => stream.update(part)), stream.final()].map(hex).join('');

if (!getCiphers().includes('sm4-ctr')) console.warn('SKIPPED in effect: this build of Node.js has no sm4-ctr, so Hefu’s own was compared with itself');

describe('SM4-CTR by OpenSSL', () => {
  it('is there where OpenSSL has it', () => {
    expect(native === sm4Ctr).toBe(!getCiphers().includes('sm4-ctr'));
  });

  it('equals Hefu’s own, whole and in pieces', () => {
    fc.assert(
      fc.property(octets(16), octets(16), fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (key, iv, parts) => {
        const data = Uint8Array.from(Buffer.concat(parts));
        const expected = hex(sm4Ctr.encrypt(key, iv, data));
        expect(hex(native.encrypt(key, iv, data))).toBe(expected);
        expect(run(native.createEncrypt(key, iv), parts)).toBe(expected);
        expect(run(native.createDecrypt(key, iv), [native.encrypt(key, iv, data)])).toBe(hex(data));
      }),
    );
  });

  it('refuses what Hefu’s own refuses', () => {
    const key = new Uint8Array(16);
    for (const [k, iv] of [[key.subarray(1), key], [key, key.subarray(1)]] as const) {
      expect(() => native.encrypt(k, iv, key)).toThrow(expect.objectContaining({ code: 'PARAMETERS_INVALID' }));
      expect(() => native.createDecrypt(k, iv)).toThrow(expect.objectContaining({ code: 'PARAMETERS_INVALID' }));
    }
    expect(() => native.encrypt(key, key, key, { aad: key })).toThrow(TypeError);
    const stream = native.createEncrypt(key, key);
    stream.final();
    expect(() => stream.update(key)).toThrow(TypeError);
    expect(() => stream.final()).toThrow(TypeError);
  });
});
