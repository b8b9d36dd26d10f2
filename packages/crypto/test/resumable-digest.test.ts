import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CryptoError } from '../src/error.js';
import { createResumableDigests, type ResumableDigest } from '../src/resumable-digest.js';
import { sm3 } from '../src/sm3.js';
import type { WasmEngine } from '../src/wasm.js';
import { hex } from './hex.js';

const refuse = (): never => {
  throw new Error('refused');
};
const REFUSED = { Module: refuse, Instance: refuse, instantiate: async () => refuse() } as unknown as WasmEngine;
const ENGINES: readonly (readonly [string, readonly ResumableDigest[]])[] = [
  ['wasm', createResumableDigests(WebAssembly)],
  ['javascript', createResumableDigests(REFUSED)],
];
/** SHA-256 by OpenSSL; SM3 by the software digest, which other tests hold against OpenSSL and the standard. */
const expected = (name: ResumableDigest['name'], data: Uint8Array): string => (name === 'SM3' ? hex(sm3.digest(data)) : createHash('sha256').update(data).digest('hex'));
const codeOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error instanceof CryptoError ? error.code : error;
  }
  return 'nothing thrown';
};

describe.each(ENGINES)('resumable digests in %s', (engine, digests) => {
  it('say what they run on', () => {
    expect(digests.map((each) => [each.name, each.engine])).toEqual([['SHA-256', engine], ['SM3', engine]]);
    expect(createResumableDigests().map((each) => each.engine)).toEqual(['javascript', 'javascript']);
  });

  it.each(digests.map((digest) => [digest.name, digest] as const))('%s is right at every length around two blocks, and on long inputs', (name, digest) => {
    for (const length of [...Array.from({ length: 140 }, (_, i) => i), 65_535, 65_536, 65_537, 200_001]) {
      const data = Uint8Array.from({ length }, (_, i) => i * 31 + length);
      expect(hex(digest.create().update(data).digest())).toBe(expected(name, data));
    }
  });

  it('go on from what was saved, on either engine, however often', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.nat(1)), { maxLength: 6 }), fc.nat(1), (parts, which) => {
        const { name } = digests[which]!;
        let running = digests[which]!.create();
        for (const [part, other] of parts) running = ENGINES[other]![1][which]!.restore(running.update(part).save());
        const whole = Uint8Array.from(parts.flatMap(([part]) => [...part]));
        expect(hex(running.digest())).toBe(expected(name, whole));
      }),
      { numRuns: 60 },
    );
  });

  it('saving changes nothing, and two run beside each other', () => {
    const digest = digests[1]!;
    const data = Uint8Array.from({ length: 1000 }, (_, i) => i);
    const one = digest.create().update(data);
    const saved = one.save();
    const two = digest.restore(saved);
    one.update(data);
    expect(hex(two.digest())).toBe(expected('SM3', data));
    expect(hex(one.digest())).toBe(expected('SM3', Uint8Array.from([...data, ...data])));
    expect(() => one.save()).toThrow();
  });

  it('remember lengths beyond 32 bits', () => {
    // What is left of a message of 2^33 + 1 octets: the length alone differs from one of a single octet.
    const saved = digests[0]!.create().update(Uint8Array.of(7)).save();
    new DataView(saved.buffer).setUint32(1, 2, false);
    const far = digests[0]!.restore(saved);
    expect(hex(far.save())).toBe(hex(saved));
    expect(hex(far.digest())).not.toBe(expected('SHA-256', Uint8Array.of(7)));
  });

  it('refuse what is no saved state of theirs', () => {
    const [sha256, other] = digests as [ResumableDigest, ResumableDigest];
    const saved = sha256.create().update(new Uint8Array(70)).save();
    expect(codeOf(() => sha256.restore(saved))).toBe('nothing thrown');
    for (const wrong of [saved.slice(0, -1), saved.slice(0, 20), new Uint8Array(0), Uint8Array.from([...saved, 0]), saved.map((octet, i) => (i === 1 ? 0xff : octet))]) {
      expect(codeOf(() => sha256.restore(wrong))).toBe('PARAMETERS_INVALID');
    }
    expect(codeOf(() => other.restore(saved))).toBe('PARAMETERS_INVALID');
  });
});
