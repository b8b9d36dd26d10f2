import { constants, privateEncrypt, sign as nodeSign } from 'node:crypto';
import { sm2Digest, sm2SignDigest, sm3, decodeEcdsaSignature } from '@hefu/crypto';
import { hexOf, nullValue, octetString, oid, sequence } from '@hefu/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { diagnoserOf, prepareSignature, readValue, release, type AwaitedItem, type RawSignature } from '../../src/index.js';
import { credential } from '../certificates.js';

const algorithms = nodeAlgorithms();
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const holder = credential('SM2');
const items: AwaitedItem[] = ['a', 'b', 'c'].map((itemId) => ({ itemId, prepared: prepareSignature({ certificate: holder.certificate, content: text(`file ${itemId}`), algorithms }) }));
const signed = (item: AwaitedItem, d = holder.d!): Uint8Array => sm2SignDigest(d, item.prepared.toBeSigned.digest!);
let good: RawSignature[];
beforeAll(() => { good = items.map((item) => ({ itemId: item.itemId, value: signed(item) })); });
const codesOf = async (returned: readonly RawSignature[], awaited = items): Promise<readonly string[]> =>
  (await release({ awaited, returned, diagnose: diagnoserOf(algorithms) })).refused.map(({ code }) => code);

describe('release', () => {
  it('lets through what verifies', async () => {
    const { released, refused } = await release({ awaited: items, returned: good });
    expect(refused).toEqual([]);
    expect(released.map(({ itemId }) => itemId)).toEqual(['a', 'b', 'c']);
  });

  it('refuses an answer in another order as a whole, though one value is in its place', async () => {
    const sorted = [{ ...good[0]!, value: good[1]!.value }, { ...good[1]!, value: good[0]!.value }, good[2]!];
    const { released, refused } = await release({ awaited: items, returned: sorted });
    expect(released).toEqual([]);
    expect(refused.map(({ code }) => code)).toEqual(['SIGNATURE_ORDER']);
  });

  it('keeps what verifies when one value does not', async () => {
    const { released, refused } = await release({ awaited: items, returned: [good[0]!, { ...good[1]!, value: sm2SignDigest(credential('SM2', { seed: 9 }).d!, items[1]!.prepared.toBeSigned.digest!) }, good[2]!] });
    expect(released.map(({ itemId }) => itemId)).toEqual(['a', 'c']);
    expect(refused.map(({ code, itemId, outcome }) => [code, itemId, outcome])).toEqual([['SIGNATURE_INVALID', 'b', 'signed']]);
  });

  it('refuses a value twice, for an unknown item, with another certificate, by another algorithm', async () => {
    const other = credential('SM2', { seed: 3 }).certificate.bytes;
    expect(await codesOf([good[0]!, good[0]!])).toEqual(['SIGNATURE_DUPLICATE']);
    expect(await codesOf([...good, { itemId: 'd', value: good[0]!.value }])).toEqual(['SIGNATURE_COUNT']);
    expect(await codesOf([{ ...good[0]!, chain: [other] }])).toEqual(['CERT_SWAPPED']);
    expect(await codesOf([{ ...good[0]!, chain: [other, holder.certificate.bytes] }])).toEqual([]);
    expect(await codesOf([{ ...good[0]!, algorithmOid: '1.2.840.10045.4.3.2' }])).toEqual(['ALGORITHM_DOWNGRADED']);
    expect(await codesOf([{ ...good[0]!, algorithmOid: '1.2.156.10197.1.501' }])).toEqual([]);
  });

  it('names how SM2 was hashed wrongly', async () => {
    const content = text('file a');
    const by = async (digest: Uint8Array): Promise<unknown[]> =>
      (await release({ awaited: [items[0]!], returned: [{ itemId: 'a', value: sm2SignDigest(holder.d!, digest) }], diagnose: diagnoserOf(algorithms) })).refused.map(({ code, detail }) => [code, detail]);
    const { key } = holder.certificate.spki;
    if (key.kty !== 'EC') throw new Error('no SM2 key');
    expect(await by(sm3.digest(content))).toEqual([['PREHASH_MISMATCH', 'SM2_Z_MISSING']]);
    expect(await by(sm2Digest(key.point, content, new Uint8Array(0)))).toEqual([['PREHASH_MISMATCH', 'SM2_EMPTY_ID']]);
    expect(await by(sm3.digest(items[0]!.prepared.toBeSigned.digest!))).toEqual([['PREHASH_MISMATCH', 'HASHED_TWICE']]);
    expect(await by(sm2Digest(key.point, items[0]!.prepared.toBeSigned.digest!))).toEqual([['PREHASH_MISMATCH', 'HASHED_TWICE']]);
  });

  it('names another digest of an RSA signature', async () => {
    const rsa = credential('RSA');
    const item: AwaitedItem = { itemId: 'r', prepared: prepareSignature({ certificate: rsa.certificate, content: text('x'), algorithms, signingTime: 0 }) };
    const { message } = item.prepared.toBeSigned;
    const by = async (hash: string): Promise<unknown> => codesOf([{ itemId: 'r', value: new Uint8Array(nodeSign(hash, message!, rsa.privateKey!)) }], [item]);
    expect(await by('sha256')).toEqual([]);
    expect(await by('sha512')).toEqual(['ALGORITHM_DOWNGRADED']);
    expect(await by('sha1')).toEqual(['DIGEST_DOWNGRADED']);
    expect(await by('sha384')).toEqual(['ALGORITHM_DOWNGRADED']);
  });

  it('names the digest that an RSA value says it is of, though nobody knows of what, also where no such digest is at hand', async () => {
    const [rsa, stranger] = [credential('RSA'), credential('RSA')];
    const item: AwaitedItem = { itemId: 'r', prepared: prepareSignature({ certificate: rsa.certificate, content: text('x'), algorithms, signingTime: 0 }) };
    const without = { ...algorithms, digests: algorithms.digests.filter(({ name }) => name.startsWith('SHA-256') || name.startsWith('SHA-512')) };
    const by = async (der: Uint8Array, key = rsa.privateKey!): Promise<unknown> => {
      const returned = [{ itemId: 'r', value: new Uint8Array(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, der)) }];
      const found = await Promise.all([algorithms, without].map(async (each) => (await release({ awaited: [item], returned, diagnose: diagnoserOf(each) })).refused.map(({ code, detail }) => [code, detail])));
      expect(found[1]).toEqual(found[0]);
      return found[0]![0];
    };
    const digest = item.prepared.toBeSigned.digest!;
    const info = (algorithm: string, value: Uint8Array): Uint8Array => sequence(sequence(oid(algorithm), nullValue()), octetString(value));
    const [MD5, SHA1, SHA256, SHA512] = ['1.2.840.113549.2.5', '1.3.14.3.2.26', '2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.3'] as const;
    expect(await by(info(SHA256, digest))).toBeUndefined();
    expect(await by(info(SHA1, digest.slice(0, 20)))).toEqual(['DIGEST_DOWNGRADED', 'SHA-1']);
    expect(await by(info(SHA1, digest))).toEqual(['DIGEST_DOWNGRADED', 'SHA-1']);
    expect(await by(info(MD5, digest.slice(0, 16)))).toEqual(['DIGEST_DOWNGRADED', 'MD5']);
    expect(await by(info(SHA512, new Uint8Array(64)))).toEqual(['ALGORITHM_DOWNGRADED', 'ALGORITHM_OTHER']);
    expect(await by(info('1.2.3.4', digest))).toEqual(['ALGORITHM_DOWNGRADED', 'ALGORITHM_OTHER']);
    expect(await by(info(SHA256, new Uint8Array(32)))).toEqual(['SIGNATURE_INVALID', undefined]);
    expect(await by(digest)).toEqual(['SIGNATURE_INVALID', undefined]);
    expect(await by(info(SHA1, digest.slice(0, 20)), stranger.privateKey!)).toEqual(['SIGNATURE_INVALID', undefined]);
  });
});

describe('a value as returned', () => {
  const { key } = holder.certificate.spki;
  const der = sm2SignDigest(holder.d!, items[0]!.prepared.toBeSigned.digest!);
  const raw = decodeEcdsaSignature(der, 32)!;
  const base64 = Buffer.from(der).toString('base64');
  it.each<[string, Uint8Array | string]>([
    ['DER', der], ['r||s', raw], ['base64', base64], ['base64 without padding', base64.replace(/=+$/, '')], ['base64url', Buffer.from(der).toString('base64url')],
    ['hex', hexOf(der)], ['hex of r||s', hexOf(raw)], ['Vault', `vault:v1:${base64}`], ['percent-encoded', encodeURIComponent(base64)], ['base64 as octets', text(base64)], ['with a line break', `${base64}\n`],
  ])('is read from %s', async (_, value) => {
    expect((await release({ awaited: [items[0]!], returned: [{ itemId: 'a', value }] })).released).toEqual([{ itemId: 'a', value: der }]);
  });
  it.each<[string, Uint8Array | string]>([['nothing', new Uint8Array(0)], ['r||s without a leading octet', raw.subarray(1)], ['DER and one octet', Uint8Array.of(...der, 0)], ['a word', 'signature'], ['too much', 'A'.repeat(9000)]])('is not read from %s', async (_, value) => {
    expect(readValue(value, key)).toEqual([]);
    expect(await codesOf([{ itemId: 'a', value }])).toEqual(['SIGNATURE_ENCODING']);
  });
});
