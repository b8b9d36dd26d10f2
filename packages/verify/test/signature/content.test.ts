import { concatBytes, equalBytes, explicit, octetString, oid, parseCertificate, readSignedData, sequence, setOf, type Certificate } from '@hefu/pki';
import { sm3 } from '@hefu/crypto';
import { describe, expect, it } from 'vitest';
import { createWorld, signDetached, type SignedForm } from '../../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { checkSignature, wantedDigests, type HashedContent } from '../../src/index.js';
import { mayBeSignedAttributes } from '../../src/signature/content.js';
import { contentInfoHeader } from '../../src/signature/content-info-header.js';

const algorithms = nodeAlgorithms();
const world = createWorld({ seed: 'content', at: Date.UTC(2026, 5, 1, 4) });
const company = (kind: string) => world.companies.find(({ sign, state }) => sign.key.kind === kind && state === 'good')!.sign;
const content = new TextEncoder().encode('投标文件'.repeat(200));

/** What a binding does with a file it does not hold in memory. */
function hashed(signature: Uint8Array, octets: Uint8Array, candidateCertificates: readonly Certificate[] = []): HashedContent {
  const { digests } = wantedDigests({ signed: readSignedData(signature), length: octets.length, candidateCertificates, algorithms });
  return {
    length: octets.length,
    head: octets.subarray(0, 64 * 1024),
    digests: digests.map(({ algorithm, prefix }) => ({ algorithm, prefix, value: algorithms.digests.find(({ name }) => name === algorithm)!.digest(concatBytes(prefix, octets)) })),
  };
}

async function check(signature: Uint8Array, over: Uint8Array | HashedContent, certificate: Uint8Array) {
  const signed = readSignedData(signature);
  return checkSignature({ signed, signer: signed.signerInfos[0]!, subject: 'signer[0]', certificate: parseCertificate(certificate), content: over, algorithms });
}

// Field notes §2.2: the sandbox writes every form with code of its own (sign-detached.ts).
describe.each<[SignedForm, string, string]>([
  ['cms', 'P-256', 'cms'], ['cms', 'RSA-2048', 'cms'], ['za-content', 'SM2', 'za-content'], ['plain-content', 'SM2', 'plain-content'], ['contentinfo-der', 'SM2', 'contentinfo-der'],
  ['attrs-za', 'SM2', 'attrs-za'], ['attrs-za-md-za', 'SM2', 'attrs-za-md-za'], ['digest-as-message', 'SM2', 'digest-as-message'], ['empty-oid', 'SM2', 'za-content'],
])('%s by %s', (form, kind, variant) => {
  const credential = company(kind);
  const signature = signDetached(credential, content, { form });

  it('is named, over octets and over digests of them alike', async () => {
    const facts = await check(signature, content, credential.certificate);
    expect(facts).toMatchObject({ variant });
    expect(facts.failure).toBeUndefined();
    expect(await check(signature, hashed(signature, content), credential.certificate)).toEqual(facts);
  });

  it('fails over other content, over octets and over digests alike', async () => {
    const other = content.slice();
    other[7]! ^= 1;
    const facts = await check(signature, other, credential.certificate);
    expect(facts.failure?.code).toMatch(/^(SIGNATURE_INVALID|CONTENT_TAMPERED)$/);
    expect(await check(signature, hashed(signature, other), credential.certificate)).toEqual(facts);
  });

  it('is not verified with digests that were not asked for', async () => {
    const facts = await check(signature, { ...hashed(signature, content), digests: [] }, credential.certificate);
    expect(facts).toMatchObject({ failure: { code: 'CONTENT_MISSING' } });
    expect(facts.variant).toBeUndefined();
  });
});

it('a signature over octets alone needs the octets', async () => {
  const credential = company('P-256');
  const signature = signDetached(credential, content, { form: 'cms-content' });
  expect(wantedDigests({ signed: readSignedData(signature), length: content.length, algorithms }).octets).toBe(true);
  expect(await check(signature, content, credential.certificate)).toMatchObject({ variant: 'cms' });
  expect(await check(signature, hashed(signature, content), credential.certificate)).toMatchObject({ failure: { code: 'CONTENT_MISSING' } });
});

it('writes the header as the DER encoder does', () => {
  for (const length of [0, 1, 100, 110, 120, 127, 128, 240, 255, 256, 65_500, 65_535, 65_536, 70_000]) {
    const octets = new Uint8Array(length).fill(7);
    const whole = sequence(oid('1.2.156.10197.6.1.4.2.1'), explicit(0, octetString(octets)));
    expect(equalBytes(concatBytes(contentInfoHeader('1.2.156.10197.6.1.4.2.1', length), octets), whole)).toBe(true);
  }
});

describe('content that may be signed attributes', () => {
  const attributes = setOf(sequence(oid('1.2.840.113549.1.9.3'), setOf(oid('1.2.840.113549.1.7.1'))), sequence(oid('1.2.840.113549.1.9.4'), setOf(octetString(sm3.digest(content)))));
  const large = setOf(octetString(new Uint8Array(100_000)));
  const asDigests = (octets: Uint8Array): HashedContent => ({ length: octets.length, head: octets.subarray(0, 64 * 1024), digests: [] });
  it.each<[string, Uint8Array | HashedContent, boolean]>([
    ['octets', attributes, true], ['digests, whole head', asDigests(attributes), true], ['a large SET, not looked into', asDigests(large), true],
    ['a SET and more', asDigests(concatBytes(large, large)), false], ['a document', asDigests(new Uint8Array(100_000).fill(0x31)), false], ['a short document', content, false],
  ])('%s', (_, octets, expected) => {
    expect(mayBeSignedAttributes(octets)).toBe(expected);
  });
});
