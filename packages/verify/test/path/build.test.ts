import { describe, expect, it } from 'vitest';
import { parseCertificate, type Certificate } from '@hefu/pki';
import { DEFAULT_BUDGET } from '../../src/path/budget.js';
import { createEdgeCache } from '../../src/path/edge-cache.js';
import type { ValidPath } from '../../src/path/model.js';
import { ALGORITHMS, anchorOf, AT, build, dn, extension, issueCertificate, keyIdOf, newCa, newKey, newLeaf, type TestCa } from './issue.js';

const root = newCa('C=CN,O=Root');
const ca = newCa('C=CN,O=CA', root);
const leaf = newLeaf(ca);
const anchors = [anchorOf(root.certificate)];

/** CAs of one name and different keys, each under `parent`; misleading key identifiers on request. */
function decoys(count: number, of: TestCa, keyId?: Uint8Array): Certificate[] {
  return Array.from({ length: count }, () => {
    const key = newKey('p256');
    return newCa('', undefined, { subject: of.name, key, ...(keyId === undefined ? {} : { keyId }) }).certificate;
  });
}

describe('several keys under one name', () => {
  it('tries every candidate until the signature holds', async () => {
    const wrong = decoys(5, ca);
    const { accepted, spent } = await build(leaf, [...wrong, ca.certificate], anchors);
    expect(accepted?.certificates[1]).toBe(ca.certificate);
    expect(spent.signatureChecks).toBe(2); // the key identifier put the right one first
    expect((await build(leaf, wrong, anchors)).accepted).toBeUndefined();
  });

  it('does without a key identifier', async () => {
    const end = newLeaf(ca, { authorityKeyId: false });
    const { accepted, spent } = await build(end, [...decoys(5, ca), ca.certificate], anchors);
    expect(accepted?.certificates[1]).toBe(ca.certificate);
    expect(spent.signatureChecks).toBe(2); // by their names no anchor is above the others
    const few = await build(end, [...decoys(3, ca), ca.certificate], anchors);
    expect(few.accepted?.certificates[1]).toBe(ca.certificate);
    expect(few.spent.signatureChecks).toBe(5); // so few are simply tried
  });

  it('takes a key identifier for a hint only', async () => {
    const lying = decoys(3, ca, ca.keyId); // claim the identifier of the real issuer
    expect((await build(leaf, [...lying, ca.certificate], anchors)).accepted?.certificates[1]).toBe(ca.certificate);
    const misled = newLeaf(ca, { authorityKeyId: Uint8Array.of(1, 2, 3) }); // points at nobody
    expect((await build(misled, [...decoys(3, ca), ca.certificate], anchors)).accepted?.certificates[1]).toBe(ca.certificate);
  });

  it('finds the issuer among 200 decoys, which cannot eat the budget before it', async () => {
    const { accepted, spent } = await build(leaf, [...decoys(200, ca), ca.certificate], anchors);
    expect(accepted?.certificates[1]).toBe(ca.certificate);
    expect(spent.signatureChecks).toBe(2);
    // Without the real one, decoys that could lead to the anchor by their names spend the budget; others are not asked.
    const namesake = newCa('O=Root', undefined, { subject: root.name });
    const leading = decoys(101, ca).map((_, i) => issueCertificate({ kind: 'ca', subject: ca.name, key: newKey('p256'), keyId: Uint8Array.of(1, i), issuer: namesake }));
    const without = await build(leaf, leading, anchors);
    expect(without.failure?.code).toBe('PATH_BUDGET_EXCEEDED');
    expect(without.spent.signatureChecks).toBe(100);
    expect((await build(leaf, decoys(101, ca), anchors)).failure?.code).toBe('PATH_NOT_FOUND');
  });

  it('tries anchors first', async () => {
    const { accepted, spent } = await build(leaf, decoys(50, ca, ca.keyId), [anchorOf(ca.certificate)]);
    expect(accepted?.certificates).toEqual([leaf, ca.certificate]);
    expect(spent.signatureChecks).toBe(1);
  });

  it('spends nothing on certificates that are not in force', async () => {
    const old = issueCertificate({ kind: 'ca', subject: ca.name, key: ca.key, issuer: root, notAfter: AT - 1000 });
    const { accepted, spent } = await build(leaf, [old, ca.certificate], anchors);
    expect(accepted?.certificates[1]).toBe(ca.certificate);
    expect(spent.signatureChecks).toBe(2);
  });
});

describe('anchors', () => {
  it('may be an intermediate, a bare name and key, or the leaf itself', async () => {
    expect((await build(leaf, [], [anchorOf(ca.certificate)])).accepted?.certificates).toEqual([leaf, ca.certificate]);
    const { certificate: _dropped, ...bare } = anchorOf(ca.certificate);
    const path = (await build(leaf, [], [bare])).accepted!;
    expect(path.certificates).toEqual([leaf]);
    expect(path.issuerKeys).toEqual([bare.key]);
    const pinned = (await build(leaf, [], [anchorOf(leaf)])).accepted!;
    expect(pinned.certificates).toEqual([leaf]);
    expect(pinned.issuerKeys).toEqual([leaf.spki.key]);
    expect(pinned.signatureAlgorithms).toEqual([]);
    expect((await build(leaf, [], [anchorOf(root.certificate)])).accepted).toBeUndefined();
  });

  it('pin a leaf by its octets: name and key alone vouch for nothing else in it', async () => {
    const key = newKey('p256');
    const listed = newLeaf(ca, { key });
    const forged = issueCertificate({ subject: dn('C=CN,O=Bidder,CN=Signer'), key, issuer: newCa('O=Nobody') });
    expect((await build(parseCertificate(listed.bytes.slice()), [], [anchorOf(listed)])).accepted).toBeDefined();
    expect((await build(forged, [], [anchorOf(listed)])).accepted).toBeUndefined();
    // A pinned leaf is no CA: what it signs is not trusted.
    const signed = issueCertificate({ subject: dn('O=Sub'), key: newKey('p256'), issuer: { name: listed.subject.bytes, key } });
    expect((await build(signed, [], [anchorOf(listed)])).failure?.code).toBe('ISSUER_NOT_CA');
  });

  it('keep the leaf they pin to its own dates and extensions', async () => {
    const stale = newLeaf(ca, { notAfter: AT - 1000 });
    expect((await build(stale, [], [anchorOf(stale)])).failure?.code).toBe('CERTIFICATE_EXPIRED');
    const odd = newLeaf(ca, { extensions: [extension('1.2.3.4', Uint8Array.of(5, 0), true)] });
    expect((await build(odd, [], [anchorOf(odd)])).failure?.code).toBe('UNKNOWN_CRITICAL_EXTENSION');
  });

  it('are found under a reissued certificate of the same name and key', async () => {
    const reissued = issueCertificate({ kind: 'ca', subject: root.name, key: root.key });
    const { accepted } = await build(leaf, [ca.certificate, reissued], anchors);
    expect(accepted?.certificates.at(-1)).toBe(root.certificate);
    // A leaf that is such a reissue is signed by the anchor's key: that path is real.
    expect((await build(reissued, [], anchors)).accepted?.certificates).toEqual([reissued, root.certificate]);
  });

  it('with a name in another encoding still match', async () => {
    const other = newCa('', undefined, { subject: dn('C=CN,O=root'), key: root.key });
    expect((await build(leaf, [ca.certificate], [anchorOf(other.certificate)])).accepted?.certificates.at(-1)).toBe(other.certificate);
  });

  it('that are not needed do no harm', async () => {
    const broken = newCa('C=CN,O=Root', undefined, { extensions: [extension('1.2.3.4', Uint8Array.of(5, 0), true)] });
    expect((await build(leaf, [ca.certificate], [anchorOf(broken.certificate, 'broken'), ...anchors])).accepted?.anchor.source).toBe('anchor:0');
  });
});

describe('backtracking', () => {
  it('leaves an expired, a forbidden and a dead branch', async () => {
    const other = newCa('O=Other Root');
    const expired = issueCertificate({ kind: 'ca', subject: ca.name, key: ca.key, issuer: root, notAfter: AT - 1000 });
    const noCa = issueCertificate({ kind: 'leaf', subject: ca.name, key: ca.key, issuer: root });
    const elsewhere = issueCertificate({ kind: 'ca', subject: ca.name, key: ca.key, issuer: other });
    for (const order of [[expired, noCa, elsewhere, ca.certificate], [ca.certificate, elsewhere, noCa, expired], [elsewhere, expired, ca.certificate, noCa]]) {
      expect((await build(leaf, order, anchors)).accepted?.certificates).toEqual([leaf, ca.certificate, root.certificate]);
    }
    expect((await build(leaf, [expired, noCa, elsewhere], anchors)).accepted).toBeUndefined();
  });

  it('leaves a branch whose path length or name constraints fail higher up', async () => {
    const narrow = newCa('O=Narrow', undefined, { pathLength: 0 });
    const mid = newCa('O=Mid', narrow);
    const again = issueCertificate({ kind: 'ca', subject: mid.name, key: mid.key, issuer: root });
    const under = newCa('O=Under', mid);
    const end = newLeaf(under);
    const both = [anchorOf(narrow.certificate, 'narrow'), anchorOf(root.certificate, 'root')];
    expect((await build(end, [under.certificate, mid.certificate, again], both)).accepted?.anchor.source).toBe('root');
    expect((await build(end, [under.certificate, mid.certificate], both)).failure?.code).toBe('PATH_LENGTH_EXCEEDED');
  });

  it('goes on when a path is not accepted, and returns all it saw', async () => {
    const second = newCa('O=Second Root');
    const cross = issueCertificate({ kind: 'ca', subject: ca.name, key: ca.key, issuer: second });
    const both = [anchorOf(root.certificate, 'first'), anchorOf(second.certificate, 'second')];
    const accept = (path: ValidPath) => path.anchor.source === 'second';
    const outcome = await build(leaf, [ca.certificate, cross], both, { accept });
    expect(outcome.accepted?.anchor.source).toBe('second');
    expect(outcome.paths[0]).toBe(outcome.accepted);
    const none = await build(leaf, [ca.certificate, cross], both, { accept: () => false });
    expect(none.accepted).toBeUndefined();
    expect(none.failure).toBeUndefined();
    expect(none.paths.map((path) => path.anchor.source).sort()).toEqual(['first', 'second']);
  });
});

describe('cycles and meshes', () => {
  it('end: two certificates that sign each other', async () => {
    const a = newCa('O=A');
    const b = newCa('O=B', a);
    const aByB = issueCertificate({ kind: 'ca', subject: a.name, key: a.key, issuer: b });
    const end = newLeaf(b);
    const cycle = [b.certificate, aByB];
    const outcome = await build(end, cycle, anchors);
    expect(outcome.failure).toMatchObject({ code: 'ISSUER_NOT_LISTED', anchorHint: { kind: 'issuer-not-anchored' } });
    expect(outcome.spent.steps).toBeLessThan(10);
    const wayOut = issueCertificate({ kind: 'ca', subject: a.name, key: a.key, issuer: root });
    expect((await build(end, [...cycle, wayOut], anchors)).accepted?.certificates).toEqual([end, b.certificate, wayOut, root.certificate]);
  });

  const mesh: TestCa[] = Array.from({ length: 8 }, (_, i) => newCa(`O=Mesh ${i}`));
  const crossed = mesh.flatMap((subject) => mesh.filter((issuer) => issuer !== subject).map((issuer) => issueCertificate({ kind: 'ca', subject: subject.name, key: subject.key, issuer })));

  it('end: a mesh of eight CAs with no way out is not searched', async () => {
    const outcome = await build(newLeaf(mesh[0]!), crossed, anchors);
    expect(outcome.failure).toMatchObject({ code: 'ISSUER_NOT_LISTED', anchorHint: { kind: 'issuer-not-anchored' } });
    expect(outcome.spent.steps).toBeLessThan(5000);
  });

  it('end: a mesh of eight CAs whose way out leads to another key spends its steps and stops', async () => {
    const namesake = newCa('O=Root', undefined, { subject: root.name });
    const exit = issueCertificate({ kind: 'ca', subject: mesh[7]!.name, key: mesh[7]!.key, issuer: namesake });
    const outcome = await build(newLeaf(mesh[0]!), [...crossed, exit], anchors, { budget: { ...DEFAULT_BUDGET, maxSteps: 10_000 } });
    expect(outcome.failure).toMatchObject({ code: 'PATH_BUDGET_EXCEEDED', actual: 'steps', expected: 10_000 });
    expect(outcome.spent.signatureChecks).toBeLessThanOrEqual(100);
  });

  it('are crossed when there is a way out', async () => {
    const exit = issueCertificate({ kind: 'ca', subject: mesh[5]!.name, key: mesh[5]!.key, issuer: root });
    const outcome = await build(newLeaf(mesh[0]!), [...crossed, exit], anchors);
    expect(outcome.accepted?.certificates.at(-2)).toBe(exit);
  });
});

describe('the budget', () => {
  it('counts depth with leaf and anchor, and names it when it was the only obstacle', async () => {
    const mid = newCa('O=Mid', ca);
    const end = newLeaf(mid);
    const given = [ca.certificate, mid.certificate];
    expect((await build(end, given, anchors, { budget: { ...DEFAULT_BUDGET, maxDepth: 4 } })).accepted?.certificates).toHaveLength(4);
    const { failure } = await build(end, given, anchors, { budget: { ...DEFAULT_BUDGET, maxDepth: 3 } });
    expect(failure).toMatchObject({ code: 'PATH_BUDGET_EXCEEDED', expected: 3, actual: 'depth' });
  });

  it('does not let a deep detour hide a short path', async () => {
    const a = newCa('O=A', root);
    const b = newCa('O=B', a);
    const caByB = issueCertificate({ kind: 'ca', subject: ca.name, key: ca.key, issuer: b });
    const { accepted } = await build(leaf, [caByB, b.certificate, a.certificate, ca.certificate], anchors, { budget: { ...DEFAULT_BUDGET, maxDepth: 3 } });
    expect(accepted?.certificates).toEqual([leaf, ca.certificate, root.certificate]);
  });

  it('is shared between calls through one spending', async () => {
    const spending = { signatureChecks: 0, steps: 0, nameComparisons: 0 };
    const budget = { ...DEFAULT_BUDGET, maxSignatureChecks: 3 };
    expect((await build(leaf, [ca.certificate], anchors, { spending, budget })).accepted).toBeDefined();
    expect(spending.signatureChecks).toBe(2);
    const second = await build(leaf, [ca.certificate], anchors, { spending, budget });
    expect(second.failure).toMatchObject({ code: 'PATH_BUDGET_EXCEEDED', actual: 'signature checks' });
    expect(second.spent.signatureChecks).toBe(1);
  });

  it('must be whole numbers', async () => {
    for (const maxSteps of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5]) {
      await expect(build(leaf, [], anchors, { budget: { ...DEFAULT_BUDGET, maxSteps } })).rejects.toThrow(TypeError);
    }
  });
});

describe('the nearest miss', () => {
  it('tells a missing issuer, an unlisted one and another key apart', async () => {
    expect((await build(leaf, [], anchors)).failure).toMatchObject({ code: 'PATH_NOT_FOUND', certificate: 0, anchorHint: { kind: 'issuer-unknown' } });
    const stranger = newCa('O=Stranger');
    expect((await build(newLeaf(stranger), [stranger.certificate], anchors)).failure).toMatchObject({
      code: 'ISSUER_NOT_LISTED', certificate: 1, anchorHint: { kind: 'issuer-not-anchored' },
    });
    const imposter = newCa('C=CN,O=Root'); // same name, another key
    expect((await build(newLeaf(imposter), [], anchors)).failure).toMatchObject({
      code: 'ISSUER_NOT_LISTED', certificate: 0, anchorHint: { kind: 'same-name-other-key', source: 'anchor:0' },
    });
    const unmarked = newLeaf(imposter, { authorityKeyId: false });
    expect((await build(unmarked, [], anchors)).failure).toMatchObject({
      code: 'CERTIFICATE_SIGNATURE_INVALID', anchorHint: { kind: 'same-name-other-key', source: 'anchor:0' },
    });
    const otherKind = newCa('C=CN,O=Root', undefined, { kindOfKey: 'sm2' }); // SM2 and ECDSA CAs share names in the field
    expect((await build(newLeaf(otherKind, { authorityKeyId: false }), [], anchors)).failure).toMatchObject({
      code: 'ISSUER_NOT_LISTED', anchorHint: { kind: 'same-name-other-key' },
    });
  });

  it('prefers a path that reached an anchor to one that did not, and dates to the rest', async () => {
    const stranger = newCa('O=Stranger');
    const foreign = issueCertificate({ kind: 'ca', subject: ca.name, key: ca.key, issuer: stranger });
    const expired = issueCertificate({ kind: 'ca', subject: ca.name, key: ca.key, issuer: root, notAfter: AT - 1000 });
    const noCa = issueCertificate({ kind: 'leaf', subject: ca.name, key: ca.key, issuer: root });
    const { failure } = await build(leaf, [foreign, stranger.certificate, noCa, expired], anchors);
    expect(failure).toMatchObject({ code: 'CERTIFICATE_EXPIRED', certificate: 1, clause: 'RFC 5280 §6.1.3 (a)(2)' });
    expect(failure!.partial).toEqual([leaf, expired, root.certificate]);
    expect((await build(leaf, [foreign, stranger.certificate, noCa], anchors)).failure?.code).toBe('ISSUER_NOT_CA');
    expect((await build(leaf, [foreign, stranger.certificate], anchors)).failure).toMatchObject({ code: 'ISSUER_NOT_LISTED', certificate: 2 });
  });

  it('names the certificate that states a key too weak, not the one below it', async () => {
    const root = newCa('O=Root');
    const weak = newCa('O=Weak', root, { kindOfKey: 'rsa-1024' });
    const { failure } = await build(newLeaf(weak), [weak.certificate], [anchorOf(root.certificate)]);
    expect(failure).toMatchObject({ code: 'KEY_TOO_WEAK', certificate: 1, actual: 1024 });
    expect(failure!.partial[1]).toBe(weak.certificate);
  });

  it('names algorithm identifiers that differ, also where the outer one is of another kind of key', async () => {
    const root = newCa('O=Root');
    const outerAlgorithm = newKey('sm2').algorithm;
    const named = { ...anchorOf(root.certificate) };
    delete (named as { certificate?: unknown }).certificate;
    for (const authorityKeyId of [undefined, false] as const) {
      const options = { innerAlgorithm: root.key.algorithm, outerAlgorithm, ...(authorityKeyId === undefined ? {} : { authorityKeyId }) };
      for (const anchor of [anchorOf(root.certificate), named]) expect((await build(newLeaf(root, options), [], [anchor])).failure).toMatchObject({ code: 'ALGORITHM_MISMATCH', certificate: 0 });
      expect((await build(newLeaf(root, { ...options, outerAlgorithm: root.key.algorithm }), [], [named])).accepted).toBeDefined();
    }
  });

  it('says that an expired leaf would have been trusted', async () => {
    const old = newLeaf(ca, { notAfter: AT - 1000 });
    const { failure } = await build(old, [ca.certificate], anchors);
    expect(failure).toMatchObject({ code: 'CERTIFICATE_EXPIRED', certificate: 0 });
    expect(failure!.partial).toEqual([old, ca.certificate, root.certificate]);
    // Unlisted and expired: that it is unlisted is said.
    expect((await build(old, [ca.certificate], [])).failure?.code).toBe('PATH_NOT_FOUND');
  });
});

describe('what was learnt before', () => {
  it('saves signature checks, never changes a verdict', async () => {
    const edges = createEdgeCache();
    const first = await build(leaf, [ca.certificate], anchors, { edges });
    expect(first.spent.signatureChecks).toBe(2);
    const second = await build(leaf, [ca.certificate], anchors, { edges });
    expect(second.accepted?.certificates).toEqual(first.accepted?.certificates);
    // The leaf is new with every message, so its edge is not kept.
    expect(second.spent.signatureChecks).toBe(1);
    expect((await build(leaf, [ca.certificate], anchors, { edges, at: AT * 2 })).failure?.code).toBe('CERTIFICATE_EXPIRED');
    // The algorithm must still be welcome.
    const narrow = { ...ALGORITHMS, signatures: ALGORITHMS.signatures.filter(({ name }) => name !== 'ECDSA-SHA-256') };
    expect((await build(leaf, [ca.certificate], anchors, { edges, algorithms: narrow })).failure?.code).toBe('ALGORITHM_UNKNOWN');
    // The same octets as another object are no different for a leaf.
    expect((await build(parseCertificate(leaf.bytes), [ca.certificate], anchors, { edges })).spent.signatureChecks).toBe(1);
  });

  it('does not keep refusals', async () => {
    const edges = createEdgeCache();
    const imposter = newCa('', undefined, { subject: ca.name, keyId: ca.keyId });
    for (let i = 0; i < 2; i++) {
      const { accepted, spent } = await build(leaf, [imposter.certificate], anchors, { edges });
      expect(accepted).toBeUndefined();
      expect(spent.signatureChecks).toBe(1);
    }
  });

  it('verifies a key once however many certificates state it', async () => {
    const copies = Array.from({ length: 20 }, (_, i) => newCa('', root, { subject: ca.name, key: ca.key, serial: Uint8Array.of(i + 1), notAfter: AT - 1000 }).certificate);
    const { failure, spent } = await build(leaf, copies, anchors);
    expect(failure?.code).toBe('CERTIFICATE_EXPIRED');
    expect(spent.signatureChecks).toBe(21);
  });
});

describe('platforms', () => {
  const promised = { ...ALGORITHMS, signatures: ALGORITHMS.signatures.map((one) => ({ ...one, verify: (...args: Parameters<typeof one.verify>) => Promise.resolve(one.verify(...args)) })) };
  it('may answer with promises', async () => {
    expect((await build(leaf, [...decoys(3, ca), ca.certificate], anchors, { algorithms: promised })).accepted?.certificates[1]).toBe(ca.certificate);
    expect((await build(leaf, decoys(3, ca, ca.keyId), anchors, { algorithms: promised })).failure?.code).toBe('CERTIFICATE_SIGNATURE_INVALID');
  });
  it('that fail are not taken for a bad signature, nor for a good one', async () => {
    for (const verify of [() => Promise.reject(new Error('gone')), () => { throw new Error('gone'); }]) {
      const failing = { ...ALGORITHMS, signatures: ALGORITHMS.signatures.map((one) => ({ ...one, verify })) };
      expect((await build(leaf, [ca.certificate], anchors, { algorithms: failing })).failure?.code).toBe('PROVIDER_FAILED');
    }
  });
  it('that answer with something else than true have not verified', async () => {
    const truthy = { ...ALGORITHMS, signatures: ALGORITHMS.signatures.map((one) => ({ ...one, verify: (() => Promise.resolve('yes')) as unknown as typeof one.verify })) };
    expect((await build(leaf, [ca.certificate], anchors, { algorithms: truthy })).accepted).toBeUndefined();
  });
});

it('key identifiers in these tests differ from key to key', () => {
  expect(keyIdOf(root.key)).not.toEqual(keyIdOf(ca.key));
});
