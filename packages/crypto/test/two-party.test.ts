import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeEcdsaSignature, sm2, sm2Digest, sm2PublicKey, type EcPublicKey } from '../src/index.js';
import { answerRound, createClientShare, createServerShare, isPublicPoint, openClientRound, type ServerAnswer } from '../src/two-party/index.js';
import { sm2 as smCrypto } from 'sm-crypto-v2';

const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const big = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).toString('hex')}`);
const octets = (value: bigint): Uint8Array => new Uint8Array(Buffer.from((((value % N) + N) % N).toString(16).padStart(64, '0'), 'hex'));
const inverse = (value: bigint): bigint => {
  let result = 1n;
  for (let base = ((value % N) + N) % N, exponent = N - 2n; exponent > 0n; exponent >>= 1n, base = (base * base) % N) if (exponent & 1n) result = (result * base) % N;
  return result;
};
const fresh = (name: string, length = 48): Uint8Array => new Uint8Array(Buffer.concat([1, 2, 3, 4].map((n) => createHash('sha256').update(`${name}/${n}`).digest()))).slice(0, length);

function pair(name: string) {
  const client = createClientShare(fresh(`${name}/client`));
  const server = createServerShare(client.point, fresh(`${name}/server`));
  const key: EcPublicKey = { kty: 'EC', crv: 'SM2', point: server.publicKey };
  return { client, server, key };
}
const { client, server, key } = pair('one');
const digest = sm2Digest(key.point, new TextEncoder().encode('bid'));
const open = (name: string, e: Uint8Array = digest) => openClientRound({ digest: e, publicKey: key.point, random: fresh(name) });
const answer = (q1: Uint8Array, e: Uint8Array = digest): ServerAnswer => answerRound({ share: server.share, digest: e, q1, random: fresh('k2k3', 96) });

describe('two-party SM2', () => {
  it('makes the key 1/(d1 d2) - 1, of which neither half alone is known', () => {
    const d = (inverse(big(client.share) * big(server.share)) - 1n + N) % N;
    expect(sm2PublicKey(octets(d))).toEqual(key.point);
  });

  it('signs so that two verifiers of others agree, on many keys and digests', () => {
    for (let i = 0; i < 12; i++) {
      const { client: c, server: s, key: k } = pair(`many ${i}`);
      const message = new TextEncoder().encode(`bid ${i}`);
      const e = sm2Digest(k.point, message);
      const round = openClientRound({ digest: e, publicKey: k.point, random: fresh(`round ${i}`) });
      const result = round.finish(c.share, answerRound({ share: s.share, digest: e, q1: round.q1, random: fresh(`answer ${i}`, 96) }));
      expect(result.state).toBe('signed');
      if (result.state !== 'signed') return;
      expect(sm2.verify(k, message, result.signature)).toBe(true);
      expect(smCrypto.doVerifySignature(message, Buffer.from(result.signature).toString('hex'), Buffer.from(k.point).toString('hex'), { der: true, hash: true })).toBe(true);
    }
  });

  it('gives the value its formula does, by other arithmetic', () => {
    const round = open('formula');
    const { r, s2, s3 } = answer(round.q1);
    const result = round.finish(client.share, { r, s2, s3 });
    if (result.state !== 'signed') throw new Error(result.state);
    const s = big(decodeEcdsaSignature(result.signature, 32)!.subarray(32));
    // k1 solved from the value must be the one behind Q1.
    const k1 = (((s + big(r)) * inverse(big(client.share)) - big(s3)) * inverse(big(s2))) % N;
    expect(sm2PublicKey(octets(k1))).toEqual(round.q1);
  });

  it('finishes a round once, and not after it was discarded', () => {
    const round = open('once');
    const given = answer(round.q1);
    expect(round.finish(client.share, given).state).toBe('signed');
    expect(() => round.finish(client.share, given)).toThrow(TypeError);
    const discarded = open('discarded');
    discarded.discard();
    expect(() => discarded.finish(client.share, answer(discarded.q1))).toThrow(TypeError);
  });

  it('gives another Q1 for another digest even where the random octets repeat', () => {
    expect(open('same').q1).toEqual(open('same').q1);
    expect(open('same', sm2Digest(key.point, new Uint8Array(1))).q1).not.toEqual(open('same').q1);
  });

  it.each<[string, (right: ServerAnswer) => ServerAnswer, string]>([
    ['s2 = 0', (right) => ({ ...right, s2: octets(0n) }), 'out-of-range'],
    ['s3 = 0', (right) => ({ ...right, s3: octets(0n) }), 'out-of-range'],
    ['r = 0', (right) => ({ ...right, r: octets(0n) }), 'out-of-range'],
    ['r = n', (right) => ({ ...right, r: new Uint8Array(Buffer.from(N.toString(16), 'hex')) }), 'out-of-range'],
    ['s2 of 31 octets', (right) => ({ ...right, s2: right.s2.subarray(1) }), 'out-of-range'],
    ['s2 + 1', (right) => ({ ...right, s2: octets(big(right.s2) + 1n) }), 'not-verified'],
    ['s3 - 1', (right) => ({ ...right, s3: octets(big(right.s3) - 1n) }), 'not-verified'],
    ['r + 1', (right) => ({ ...right, r: octets(big(right.r) + 1n) }), 'not-verified'],
    ['s2 and s3 exchanged', ({ r, s2, s3 }) => ({ r, s2: s3, s3: s2 }), 'not-verified'],
    ['s2 = 1, s3 = 1', (right) => ({ ...right, s2: octets(1n), s3: octets(1n) }), 'not-verified'],
  ])('aborts on %s and says nothing else', (_, change, reason) => {
    const round = open('attack');
    expect(round.finish(client.share, change(answer(round.q1)))).toEqual({ state: 'aborted', reason });
  });

  it('aborts when the server signs another digest, whose value would be good for that one', () => {
    const round = open('other e');
    expect(round.finish(client.share, answer(round.q1, sm2Digest(key.point, new TextEncoder().encode('a dearer bid'))))).toEqual({ state: 'aborted', reason: 'not-verified' });
  });

  it('would lose its share to one unverified value: the attack that verifying stops', () => {
    // s = d1 k1 s2 + d1 s3 - r with s2 = 0.
    const [r, s3] = [7n, 11n];
    const s = (big(client.share) * s3 - r + N) % N;
    expect(octets((s + r) * inverse(s3))).toEqual(client.share);
  });

  it('would lose its share to one nonce used twice', () => {
    const k1 = 1234567n;
    const d1 = big(client.share);
    const emitted = ([r, s2, s3]: readonly [bigint, bigint, bigint]): bigint => (d1 * k1 * s2 + d1 * s3 - r) % N;
    const [one, two] = [[5n, 6n, 7n], [8n, 9n, 10n]] as const;
    const [a, b] = [emitted(one) + one[0], emitted(two) + two[0]];
    // a = d1 k1 s2 + d1 s3, twice: two equations, two unknowns.
    const found = (a * two[1] - b * one[1]) * inverse(one[2] * two[1] - two[2] * one[1]);
    expect(octets(found)).toEqual(client.share);
  });

  it('takes points of the curve only', () => {
    const offCurve = key.point.slice();
    offCurve[64]! ^= 1;
    const g = sm2PublicKey(octets(1n));
    for (const bad of [offCurve, new Uint8Array(65), Uint8Array.of(0), key.point.subarray(1), Uint8Array.of(4, ...new Uint8Array(64)), g, sm2PublicKey(octets(N - 2n)).fill(0xff, 1, 33)]) expect(isPublicPoint(bad)).toBe(false);
    expect(isPublicPoint(key.point)).toBe(true);
    for (const bad of [offCurve, new Uint8Array(65), key.point.subarray(0, 33)]) {
      expect(() => createServerShare(bad, fresh('x'))).toThrow(/curve/);
      expect(() => answerRound({ share: server.share, digest, q1: bad, random: fresh('x', 96) })).toThrow(/curve/);
    }
    expect(() => openClientRound({ digest, publicKey: offCurve, random: fresh('x') })).toThrow(TypeError);
    expect(() => openClientRound({ digest, publicKey: key.point, random: fresh('x', 47) })).toThrow(/48/);
  });
});
