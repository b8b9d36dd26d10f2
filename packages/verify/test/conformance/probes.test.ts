import { describe, expect, it } from 'vitest';
import { bitString, integer, nullValue, octetString, oid, sequence, tlv, type Certificate } from '@hefu/pki';
import { DEFAULT_BUDGET, INTEROP, validatePath, type PathValidation, type ValidatePathOptions } from '../../src/index.js';
import { issueChain, policyExtensions, policyOid } from './chain.js';
import {
  ALGORITHMS, AT, dns, extension, ip, issueCertificate, issueCrl, mail, nameConstraints, newCa, newKey, newLeaf, subjectAltName, type TestCa,
} from '../path/issue.js';
import { HOUR, respond } from '../revocation/ocsp-response.js';

/**
 * Inputs that would keep an unbounded validator busy for minutes. What was spent is asserted, not the time it took;
 * that the suite ends at all is the rest of the proof.
 */

async function probe(leaf: Certificate | Uint8Array, candidates: readonly (Certificate | Uint8Array)[], anchors: readonly Certificate[], options: Partial<ValidatePathOptions> = {}): Promise<PathValidation> {
  const bytes = (input: Certificate | Uint8Array): Uint8Array => (input instanceof Uint8Array ? input : input.bytes);
  const result = await validatePath({ leaf: bytes(leaf), candidates: candidates.map(bytes), anchors: anchors.map(bytes), at: AT, algorithms: ALGORITHMS, profile: INTEROP, ...options });
  expect(result.spent.signatureChecks).toBeLessThanOrEqual(DEFAULT_BUDGET.maxSignatureChecks);
  expect(result.spent.steps).toBeLessThanOrEqual(DEFAULT_BUDGET.maxSteps + 10_000); // one certificate's policies may overshoot
  expect(result.spent.nameComparisons).toBeLessThanOrEqual(DEFAULT_BUDGET.maxNameComparisons + 1);
  expect(result.valid).toBe(result.failure === undefined);
  return result;
}

const root = newCa('O=Root');
const key = newKey('p256');
const cross = (subject: TestCa, issuer: TestCa): Certificate => issueCertificate({ kind: 'ca', subject: subject.name, key: subject.key, issuer });

describe('keys', () => {
  const rsaSpki = (bits: number, exponentBits: number): Uint8Array => {
    const number = (size: number): Uint8Array => {
      const octets = new Uint8Array(Math.ceil(size / 8)).fill(0xff);
      octets[0] = 0xff >> (8 * octets.length - size);
      return integer(octets[0]! > 0x7f ? Uint8Array.of(0, ...octets) : octets);
    };
    return sequence(sequence(oid('1.2.840.113549.1.1.1'), nullValue()), bitString(sequence(number(bits), number(exponentBits))));
  };
  it.each([
    [2048, 17, 'CERTIFICATE_SIGNATURE_INVALID'], // within bounds: it is asked, and did not sign
    [8192, 33, 'CERTIFICATE_SIGNATURE_INVALID'],
    [16384, 16383, 'KEY_INVALID'],
    [16384, 17, 'KEY_INVALID'],
    [8193, 17, 'KEY_INVALID'],
    [4096, 4095, 'KEY_INVALID'],
    [2048, 34, 'KEY_INVALID'],
    [2047, 17, 'KEY_TOO_WEAK'],
    [512, 2, 'KEY_TOO_WEAK'],
  ])('RSA of %d bits with an exponent of %d: %s', async (bits, exponentBits, code) => {
    const mid = newCa('O=Big', root, { key, spki: rsaSpki(bits, exponentBits) });
    const rsaAlgorithm = sequence(oid('1.2.840.113549.1.1.11'), nullValue());
    const leaf = newLeaf(mid, { key, innerAlgorithm: rsaAlgorithm, outerAlgorithm: rsaAlgorithm, signature: () => new Uint8Array(Math.ceil(bits / 8)).fill(1) });
    const { failure, spent } = await probe(leaf, [mid.certificate], [root.certificate]);
    expect(failure!.code).toBe(code);
    // Nothing was computed with a key out of bounds; walking on for the nearest miss asks after the issuer's own signature.
    expect(spent.signatureChecks).toBe(code === 'CERTIFICATE_SIGNATURE_INVALID' ? 1 : 0);
  });
});

describe('graphs', () => {
  const cas = Array.from({ length: 12 }, (_, i) => newCa(`O=Mesh ${i}`));
  const mesh = cas.flatMap((subject) => cas.filter((issuer) => issuer !== subject).map((issuer) => cross(subject, issuer)));

  it('a cycle of two, with a way out and without', async () => {
    const [a, b] = cas as [TestCa, TestCa];
    const cycle = [cross(a, b), cross(b, a)];
    expect((await probe(newLeaf(a, { key }), cycle, [root.certificate])).failure!.code).toBe('ISSUER_NOT_LISTED');
    const out = await probe(newLeaf(a, { key }), [...cycle, cross(b, root)], [root.certificate]);
    expect(out.valid).toBe(true);
    expect(out.path).toHaveLength(4);
  });

  it('a full mesh of twelve, unrooted', async () => {
    const { failure, spent } = await probe(newLeaf(cas[0]!, { key }), mesh, [root.certificate]);
    expect(failure!.code).toBe('ISSUER_NOT_LISTED');
    expect(spent.steps).toBeLessThan(5000); // by their names none leads to the anchor
  });
  it('a full mesh of twelve under another key of the anchor’s name', async () => {
    const namesake = newCa('O=Root');
    const { failure } = await probe(newLeaf(cas[0]!, { key }), [...mesh, ...cas.map((ca) => cross(ca, namesake))], [root.certificate]);
    expect(failure!.code).toBe('PATH_BUDGET_EXCEEDED');
  });

  it('a full mesh of twelve whose signatures are known is ended by steps alone', async () => {
    const many = { maxSignatureChecks: 1_000_000, maxSteps: 20_000 };
    const namesake = newCa('O=Root');
    const result = await validatePath({
      leaf: newLeaf(cas[0]!, { key }), candidates: [...mesh, cross(cas[11]!, namesake)], anchors: [root.certificate], at: AT, algorithms: ALGORITHMS, profile: INTEROP, budget: many,
    });
    expect(result.failure).toMatchObject({ code: 'PATH_BUDGET_EXCEEDED', expected: 20_000, actual: 'steps' });
    expect(result.spent.steps).toBe(20_001);
  });

  it('a full mesh of twelve with one way out', async () => {
    const { valid, path } = await probe(newLeaf(cas[0]!, { key }), [...mesh, cross(cas[0]!, root)], [root.certificate]);
    expect([valid, path.length]).toEqual([true, 3]);
  });

  it('a ladder of 2^20 paths, unrooted and rooted', async () => {
    const rungs = Array.from({ length: 20 }, (_, i) => newCa(`O=Rung ${i}`));
    const doubled = rungs.slice(1).flatMap((subject, i) => [cross(subject, rungs[i]!), cross(subject, rungs[i]!)]);
    const leaf = newLeaf(rungs[19]!, { key });
    expect((await probe(leaf, doubled, [root.certificate])).failure!.code).toBe('ISSUER_NOT_LISTED');
    expect((await probe(leaf, [...doubled, cross(rungs[0]!, root)], [root.certificate])).failure!.code).toBe('PATH_BUDGET_EXCEEDED'); // deeper than 10
    const deep = await probe(leaf, [...doubled, cross(rungs[0]!, root)], [root.certificate], { budget: { maxDepth: 30 } });
    expect([deep.valid, deep.path.length, deep.spent.signatureChecks]).toEqual([true, 22, 21]);
  });

  it('a chain of 300', async () => {
    const links = Array.from({ length: 300 }, (_, i) => i);
    let above = root;
    const chain: Certificate[] = [];
    for (const i of links) {
      above = newCa(`O=Link ${i}`, above, { key });
      chain.push(above.certificate);
    }
    const { failure, spent } = await probe(newLeaf(above, { key }), chain, [root.certificate]);
    expect(failure).toMatchObject({ code: 'PATH_BUDGET_EXCEEDED', expected: 10, actual: 'depth' });
    expect(spent.signatureChecks).toBeLessThanOrEqual(10);
  });

  it('decoys under the issuer’s name, with its key identifier and without', async () => {
    const ca = newCa('O=CA', root);
    const leaf = newLeaf(ca, { key });
    // More than the budget has checks, and as many different keys.
    const [count, keys] = [600, Array.from({ length: 150 }, () => newKey('p256'))];
    const strangers = Array.from({ length: count }, (_, i) => newCa('', undefined, { subject: ca.name, key: keys[i % 150]! }).certificate);
    const found = await probe(leaf, [...strangers, ca.certificate], [root.certificate]);
    expect(found.valid).toBe(true);
    expect(found.spent.signatureChecks).toBe(2); // the identifier led past all of them
    const unrooted = Array.from({ length: count }, (_, i) => newCa('', undefined, { subject: ca.name, key: keys[i % 150]!, keyId: ca.keyId }).certificate);
    expect((await probe(leaf, [...unrooted, ca.certificate], [root.certificate])).spent.signatureChecks).toBe(2); // no anchor above their names
    const namesake = newCa('O=Root');
    const imitators = Array.from({ length: count }, (_, i) => newCa('', namesake, { subject: ca.name, key: keys[i % 150]!, keyId: ca.keyId }).certificate);
    const lost = await probe(leaf, imitators, [root.certificate]);
    expect(lost.failure).toMatchObject({ code: 'PATH_BUDGET_EXCEEDED', actual: 'signature checks' });
    expect(lost.spent.signatureChecks).toBe(DEFAULT_BUDGET.maxSignatureChecks);
  });
});

describe('names', () => {
  const hosts = (count: number, suffix: string): Uint8Array[] => Array.from({ length: count }, (_, i) => dns(`h${i}.${suffix}`));
  it('2,000 names under 2,000 constraints', async () => {
    const ca = newCa('O=CA', root, { extensions: [nameConstraints({ excluded: hosts(2000, 'bad.example') })] });
    const { failure } = await probe(newLeaf(ca, { key, extensions: [subjectAltName(...hosts(2000, 'good.example'))] }), [ca.certificate], [root.certificate]);
    expect(failure).toMatchObject({ code: 'PATH_BUDGET_EXCEEDED', expected: 250_000 });
  });
  it('constraints on other forms cost nothing', async () => {
    const ca = newCa('O=CA', root, { extensions: [nameConstraints({ excluded: hosts(2000, 'bad.example') })] });
    const mails = Array.from({ length: 1500 }, (_, i) => mail(`a${i}@x.example`));
    const { valid, spent } = await probe(newLeaf(ca, { key, extensions: [subjectAltName(...mails, ip(10, 0, 0, 1))] }), [ca.certificate], [root.certificate]);
    expect([valid, spent.nameComparisons]).toEqual([true, 0]);
  });
  it('the same names over many paths share one budget', async () => {
    const constraints = nameConstraints({ permitted: hosts(100, 'nowhere.example') });
    const tops = Array.from({ length: 60 }, (_, i) => newCa(`O=Top ${i}`, root, { extensions: [constraints] }));
    const ca = newCa('O=CA');
    const leaf = newLeaf(ca, { key, extensions: [subjectAltName(...hosts(1, 'good.example'))] });
    const one = await probe(leaf, [tops[0]!.certificate, cross(ca, tops[0]!)], [root.certificate]);
    expect(one.failure!.code).toBe('NAME_CONSTRAINTS_VIOLATED');
    const candidates = tops.flatMap((top) => [top.certificate, cross(ca, top)]);
    const budget = { maxNameComparisons: 20 * one.spent.nameComparisons };
    const many = await probe(leaf, candidates, [root.certificate], { budget });
    expect(many.failure!.code).toBe('PATH_BUDGET_EXCEEDED');
    expect(many.spent.nameComparisons).toBe(budget.maxNameComparisons + 1);
  });
});

describe('policies', () => {
  it('mappings that would make a tree of 12^8 nodes', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `P${i + 1}`);
    const link = { policies: names.join(' '), maps: names.flatMap((a) => names.map((b) => `${a}>${b}`)).join(' ') };
    const chain = issueChain([...Array.from({ length: 6 }, () => link), { policies: names.join(' ') }]);
    const { valid, policies, spent } = await probe(chain.leaf, chain.candidates, [chain.root.certificate], { initialExplicitPolicy: true, initialPolicySet: [policyOid('P3')] });
    expect(valid).toBe(true);
    expect(policies.map(({ policy }) => policy)).toEqual([policyOid('P3')]);
    expect(spent.steps).toBeLessThan(5000);
  });
  it('over many paths share the steps of the search', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `P${i + 1}`).join(' ');
    const tops = Array.from({ length: 40 }, (_, i) => newCa(`O=Top ${i}`, root, { extensions: policyExtensions({ policies: names }) }));
    const ca = newCa('O=CA');
    const candidates = tops.flatMap((top) => [top.certificate, cross(ca, top)]);
    const { failure } = await probe(newLeaf(ca, { key }), candidates, [root.certificate], { initialExplicitPolicy: true, budget: { maxSteps: 5000 } });
    expect(failure).toMatchObject({ code: 'PATH_BUDGET_EXCEEDED', actual: 'steps' });
  });
});

describe('encodings', () => {
  it('a certificate of more than 64 kB', async () => {
    const fits = newLeaf(root, { key, extensions: [extension('1.2.3.4', octetString(new Uint8Array(60_000)))] });
    expect((await probe(fits, [], [root.certificate])).valid).toBe(true);
    const large = fits.bytes.slice();
    const padded = new Uint8Array(70_000);
    padded.set(large);
    expect((await probe(padded, [], [root.certificate])).failure).toMatchObject({ code: 'CERTIFICATE_MALFORMED', actual: 'INPUT_TOO_LARGE' });
  });
  it('nesting deeper than 30', async () => {
    const nested = (depth: number): Uint8Array => {
      let value = nullValue();
      for (let i = 0; i < depth; i++) value = sequence(value);
      return value;
    };
    // An algorithm identifier whose parameters are nested: read before anything is known of the algorithm.
    const named = (depth: number): Uint8Array => {
      const algorithm = sequence(oid('1.2.840.10045.4.3.2'), nested(depth));
      return sequence(sequence(integer(1), algorithm), algorithm, bitString(new Uint8Array(8)));
    };
    expect((await probe(named(31), [], [root.certificate])).failure).toMatchObject({ code: 'CERTIFICATE_MALFORMED', actual: 'TOO_DEEP' });
    expect((await probe(named(2), [], [root.certificate])).failure).not.toMatchObject({ actual: 'TOO_DEEP' });
    expect((await probe(nested(15_000), [], [root.certificate])).failure!.code).toBe('CERTIFICATE_MALFORMED');
  });
  it('object identifiers of too many octets, and arcs that are too large', async () => {
    // As with nesting: what comes after the algorithm is missing, which is noticed only where the algorithm can be read.
    const named = (...content: readonly number[]): Uint8Array => {
      const algorithm = sequence(tlv(0x06, Uint8Array.from(content)));
      return sequence(sequence(integer(1), algorithm), algorithm, bitString(new Uint8Array(8)));
    };
    const codeOf = async (bytes: Uint8Array): Promise<unknown> => {
      const { failure } = await probe(bytes, [], [root.certificate]);
      expect(failure!.code).toBe('CERTIFICATE_MALFORMED');
      return failure!.actual;
    };
    const octets = (count: number): number[] => Array.from({ length: count }, () => 1);
    expect(await codeOf(named(...octets(128)))).toBe('STRUCTURE_INVALID');
    expect(await codeOf(named(...octets(129)))).toBe('DER_INVALID');
    expect(await codeOf(named(...octets(25_000)))).toBe('DER_INVALID');
    const twoTo64 = [0x82, ...Array.from({ length: 8 }, () => 0x80)];
    expect(await codeOf(named(0x2a, ...twoTo64, 0))).toBe('STRUCTURE_INVALID');
    expect(await codeOf(named(0x2a, ...twoTo64, 1))).toBe('DER_INVALID');
    expect(await codeOf(named(0x2a, ...Array.from({ length: 25_000 }, () => 0x81), 1))).toBe('DER_INVALID'); // one arc
  });
});

describe('revocation', () => {
  it('CRLs that nobody signed are paid for from the same budget', async () => {
    const forger = { name: root.name, key: newKey('p256') };
    const crls = Array.from({ length: 300 }, (_, i) => issueCrl({ issuer: forger, number: i + 1 }).bytes);
    const { failure, spent } = await probe(newLeaf(root, { key }), [], [root.certificate], { crls, revocation: 'require' });
    expect(failure!.code).toBe('PATH_BUDGET_EXCEEDED');
    expect(spent.signatureChecks).toBe(DEFAULT_BUDGET.maxSignatureChecks);
  });
  it('so are OCSP responses that nobody signed', async () => {
    const forger = { name: root.name, key: newKey('p256') };
    const leaf = newLeaf(root, { key });
    const ocspResponses = Array.from({ length: 300 }, (_, i) => respond({ issuer: root, signer: forger, says: [{ about: leaf }], producedAt: AT - HOUR - 1000 * i }).bytes);
    const { failure, spent } = await probe(leaf, [], [root.certificate], { ocspResponses, revocation: 'require' });
    expect(failure!.code).toBe('PATH_BUDGET_EXCEEDED');
    expect(spent.signatureChecks).toBe(DEFAULT_BUDGET.maxSignatureChecks);
  });
  it('every path of a mesh that leads through one revoked leaf', async () => {
    const cas = Array.from({ length: 8 }, (_, i) => newCa(`O=Mesh ${i}`));
    const mesh = cas.flatMap((subject) => [cross(subject, root), ...cas.filter((issuer) => issuer !== subject).map((issuer) => cross(subject, issuer))]);
    const leaf = newLeaf(cas[0]!, { key });
    const crl = issueCrl({ issuer: cas[0]!, entries: [{ serial: leaf.serialNumber }] });
    const { failure, spent } = await probe(leaf, mesh, [root.certificate], { crls: [crl.bytes] });
    expect(failure).toMatchObject({ code: 'CERTIFICATE_REVOKED', certificate: 0 });
    expect(spent.steps).toBeLessThan(5000); // given up after 32 paths
  });
});
