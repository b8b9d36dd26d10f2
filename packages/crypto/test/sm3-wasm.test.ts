import { createHash, getHashes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSm3 } from '../src/sm3-wasm.js';
import { sm3 } from '../src/sm3.js';
import type { WasmEngine } from '../src/wasm.js';
import { ascii, hex } from './hex.js';

const wasm = createSm3(WebAssembly);

describe('SM3 in WebAssembly', () => {
  it('answers the examples of GB/T 32905 Annex A', async () => {
    expect(hex(wasm.digest(ascii('abc')))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
    expect(hex(wasm.digest(ascii('abcd'.repeat(16))))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732');
    expect(await wasm.warmUp()).toBe('wasm');
  });

  it('equals the software digest at every length up to three blocks', () => {
    for (let length = 0; length <= 200; length++) {
      const data = Uint8Array.from({ length }, (_, i) => i * 7 + length);
      expect(hex(wasm.digest(data))).toBe(hex(sm3.digest(data)));
    }
  });

  it('equals the software digest however cut, with digests running side by side', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 6 }), fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 6 }), (one, other) => {
        const running = [wasm.create(), wasm.create()];
        const expected = [sm3.create(), sm3.create()];
        for (let i = 0; i < Math.max(one.length, other.length); i++) {
          [one[i], other[i]].forEach((part, k) => {
            if (part === undefined) return;
            running[k]!.update(part);
            expected[k]!.update(part);
          });
        }
        expect(running.map((digest) => hex(digest.digest()))).toEqual(expected.map((digest) => hex(digest.digest())));
      }),
    );
  });

  const native = getHashes().includes('sm3');
  if (!native) console.warn('SKIPPED: this build of Node.js has no SM3; the comparison of long inputs with OpenSSL did not run');
  it.skipIf(!native)('equals OpenSSL on inputs longer than its memory takes at once', () => {
    const data = Uint8Array.from({ length: 300_001 }, (_, i) => (i * i) >> 3);
    for (const length of [65_535, 65_536, 65_537, 131_072, 300_001]) {
      const part = data.subarray(1, length);
      expect(hex(wasm.create().update(part.subarray(0, 10)).update(part.subarray(10)).digest())).toBe(createHash('sm3').update(part).digest('hex'));
    }
  });

  it('is taken once', () => {
    const running = wasm.create();
    running.digest();
    expect(() => running.digest()).toThrow();
    expect(() => running.update(new Uint8Array(1))).toThrow();
  });

  it('falls back to plain JavaScript where it is refused, and comes with warming up where it is only refused at once', async () => {
    const refuse = (): never => {
      throw new Error('refused');
    };
    const nowhere = createSm3({ Module: refuse, Instance: refuse, instantiate: async () => refuse() } as unknown as WasmEngine);
    expect(await nowhere.warmUp()).toBe('javascript');
    const later = createSm3({ Module: refuse, Instance: refuse, instantiate: (bytes: Uint8Array<ArrayBuffer>) => WebAssembly.instantiate(bytes, {}) } as unknown as WasmEngine);
    for (const digest of [nowhere, later]) expect(hex(digest.digest(ascii('abc')))).toBe(hex(sm3.digest(ascii('abc'))));
    expect(await later.warmUp()).toBe('wasm');
    expect(hex(later.digest(ascii('abc')))).toBe(hex(sm3.digest(ascii('abc'))));
  });
});
