import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Certificate } from '@hefu/pki';
import { anchorOf, AT, build, dn, dns, extension, issueCertificate, nameConstraints, newCa, newKey, newLeaf } from './issue.js';

/** A small world of CAs with every kind of wrong turn, from which searches are drawn. */

const root = newCa('O=Root');
const other = newCa('O=Other Root');
const one = newCa('O=One', root);
const two = newCa('O=Two', one);
const leaf = newLeaf(two, { authorityKeyId: false });

const cross = (subject: typeof one, issuer: typeof one, options = {}) => issueCertificate({ kind: 'ca', subject: subject.name, key: subject.key, issuer, ...options });

/** Certificates that help nobody: wrong keys, expired, no CAs, forbidden, loops, strangers. */
const garbage: readonly Certificate[] = [
  newCa('O=Two').certificate,
  newCa('', one, { subject: two.name, keyId: two.keyId }).certificate,
  cross(two, one, { notAfter: AT - 1000 }),
  cross(two, one, { notBefore: AT + 1000 }),
  cross(two, one, { kind: 'leaf' }),
  cross(two, one, { extensions: [extension('1.2.3.4', Uint8Array.of(5, 0), true)] }),
  cross(two, one, { extensions: [nameConstraints({ permitted: [dns('nowhere.example')], excluded: [Uint8Array.of(0xa4, 2, 0x30, 0)] })] }),
  cross(one, two),
  cross(root, one),
  cross(one, one),
  newCa('O=Stranger').certificate,
  cross(two, newCa('O=Stranger')),
  issueCertificate({ subject: dn('O=One'), key: newKey('sm2'), kind: 'ca' }),
  leaf,
];
const good: readonly Certificate[] = [two.certificate, one.certificate];
const anchors = [anchorOf(root.certificate)];

const subset = (items: readonly Certificate[]) => fc.shuffledSubarray([...items]);

async function verdict(candidates: readonly Certificate[], list = anchors): Promise<string> {
  const { accepted, failure } = await build(leaf, candidates, list);
  return accepted === undefined ? failure!.code : 'VALID';
}

describe('path building', () => {
  it('never lets garbage turn a valid path invalid, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(subset(garbage), fc.infiniteStream(fc.nat()), async (added, keys) => {
        const mixed = [...good, ...added].map((certificate) => ({ certificate, key: keys.next().value as number })).sort((a, b) => a.key - b.key);
        expect(await verdict(mixed.map(({ certificate }) => certificate))).toBe('VALID');
      }),
      { numRuns: 60 },
    );
  });

  it('gives one answer whatever the order of the candidates, failures included', async () => {
    const all = [...garbage, ...good.slice(1)]; // no valid path: the good certificate of Two is missing
    await fc.assert(
      fc.asyncProperty(subset(all), fc.infiniteStream(fc.nat()), async (some, keys) => {
        const shuffled = some.map((certificate) => ({ certificate, key: keys.next().value as number })).sort((a, b) => a.key - b.key);
        const first = await verdict(some);
        expect(first).not.toBe('VALID');
        expect(await verdict(shuffled.map(({ certificate }) => certificate))).toBe(first);
      }),
      { numRuns: 60 },
    );
  });

  it('never lets another anchor turn a valid path invalid', async () => {
    const more = [
      anchorOf(other.certificate, 'other'),
      anchorOf(newCa('O=Root').certificate, 'same name'),
      anchorOf(newCa('O=Two', undefined, { notAfter: AT - 1000 }).certificate, 'expired'),
      anchorOf(cross(one, root, { extensions: [nameConstraints({ excluded: [Uint8Array.of(0xa4, 2, 0x30, 0)] })] }), 'forbidding'),
      anchorOf(cross(two, one, { kind: 'leaf' }), 'no CA'),
      anchorOf(leaf, 'the leaf'),
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(more), fc.boolean(), async (added, before) => {
        expect(await verdict(good, before ? [...added, ...anchors] : [...anchors, ...added])).toBe('VALID');
      }),
      { numRuns: 40 },
    );
  });

  it('never accepts without a chain of signatures to an anchor', async () => {
    await fc.assert(
      fc.asyncProperty(subset([...garbage, ...good]), async (candidates) => {
        expect(await verdict(candidates, [anchorOf(other.certificate)])).not.toBe('VALID');
        expect(await verdict(candidates, [])).not.toBe('VALID');
      }),
      { numRuns: 30 },
    );
  });
});
