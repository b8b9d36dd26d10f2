import { beforeAll, describe, expect, it } from 'vitest';
import { sm2, sm2PublicKey, sm2Sign } from '../../packages/crypto/src/index.js';
import { locateBouncyCastle, runJava } from '../bouncy-castle/locate.js';

const bouncyCastle = locateBouncyCastle(['bcprov']);
if (bouncyCastle === undefined) {
  console.warn('SKIPPED: no Java 11+ with bcprov.jar found (HEFU_BC_JARS, /usr/share/java, interop/.cache); SM2 interop with Bouncy Castle did not run');
}

const hex = (bytes: Uint8Array): string => (bytes.length === 0 ? '-' : Buffer.from(bytes).toString('hex'));
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const ID = new TextEncoder().encode('1234567812345678');

/** Deterministic sample octets: this test compares two implementations, it needs no secrets. */
function octets(length: number, seed: number): Uint8Array {
  let state = seed * 2654435761;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
}

const cases = Array.from({ length: 12 }, (_, i) => {
  const privateKey = octets(32, i + 1);
  privateKey[0] = 0x5a; // below n - 1
  return { privateKey, id: i % 3 === 2 ? octets(i, i) : ID, message: octets(i * 13, i + 100) };
});

describe.skipIf(bouncyCastle === undefined)('SM2 with Bouncy Castle', () => {
  let answers: string[][];

  beforeAll(() => {
    // One JVM for everything: starting it is most of the cost.
    const requests = cases.map(({ privateKey, id, message }) => {
      const point = hex(sm2PublicKey(privateKey));
      const ours = sm2Sign(privateKey, message, { distinguishingId: id });
      const flipped = Uint8Array.from(ours);
      flipped[20]! ^= 0x10;
      return [
        `public ${hex(privateKey)}`,
        `sign ${hex(privateKey)} ${hex(id)} ${hex(message)}`,
        `verify ${point} ${hex(id)} ${hex(message)} ${hex(ours)}`,
        `verify ${point} ${hex(id)} ${hex(message)} ${hex(flipped)}`,
        `verify ${point} ${hex(id)} ${hex(Uint8Array.of(...message, 0))} ${hex(ours)}`,
        `verify ${point} ${hex(Uint8Array.of(...id, 0x31))} ${hex(message)} ${hex(ours)}`,
      ];
    });
    const output = runJava(bouncyCastle!, 'Sm2Raw.java', requests.flat());
    expect(output.length).toBe(requests.flat().length);
    answers = requests.map((group, i) => output.slice(i * group.length, (i + 1) * group.length));
  });

  it('derives the same public keys', () => {
    for (const [i, { privateKey }] of cases.entries()) expect(answers[i]![0]).toBe(hex(sm2PublicKey(privateKey)));
  });

  it('Bouncy Castle accepts our signatures, and not with a bit flipped, another message or another identifier', () => {
    for (const [, , right, flipped, message, id] of answers) {
      expect([right, flipped, message, id]).toEqual(['true', 'false', 'false', 'false']);
    }
  });

  it('we accept its signatures, and not with a bit flipped, another message or another identifier', () => {
    for (const [i, { privateKey, id, message }] of cases.entries()) {
      const key = { kty: 'EC', crv: 'SM2', point: sm2PublicKey(privateKey) } as const;
      const theirs = unhex(answers[i]![1]!);
      expect(sm2.verify(key, message, theirs, { distinguishingId: id })).toBe(true);
      const flipped = Uint8Array.from(theirs);
      flipped[20]! ^= 0x10;
      expect(sm2.verify(key, message, flipped, { distinguishingId: id })).toBe(false);
      expect(sm2.verify(key, Uint8Array.of(...message, 0), theirs, { distinguishingId: id })).toBe(false);
      expect(sm2.verify(key, message, theirs, { distinguishingId: Uint8Array.of(...id, 0x31) })).toBe(false);
      expect(sm2.verify(key, message, theirs)).toBe(hex(id) === hex(ID));
    }
  });
});
