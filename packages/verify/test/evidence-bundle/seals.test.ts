import { sha256, sm3, type DigestAlgorithm } from '@hefu/crypto';
import { buildTimeStampRequest, parseCertificateList, parseTimeStampResponse, type ImprintToWrite } from '@hefu/pki';
import { updateTrustList } from '@hefu/trust-list';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../../../sandbox/dist/index.js';
import { createJudgeCaches, DEFAULT_POLICY, judgeSeals, NO_EVIDENCE, readSeals, renewSeals, rootOctets, sealFiles, serializeSeals, type EvidenceSeals, type JudgeSealsInput, type SealsReport } from '../../src/index.js';
import { algorithms, AT } from './world.js';

const YEAR = 365 * 86_400_000;
const files = Array.from({ length: 7 }, (_, n) => new TextEncoder().encode(`file ${n}`));
const digestsOf = (contents: readonly Uint8Array[]) => (digest: DigestAlgorithm) => contents.map((content) => digest.digest(content));
/** One world, at several times: its keys and certificates come from the seed alone. */
const worlds = new Map<number, World>();
const worldAt = (at: number): World => {
  let world = worlds.get(at);
  if (world === undefined) worlds.set(at, (world = createWorld({ seed: 'seals', at: AT, now: () => at } as never)));
  return world;
};
const stamper = (unit: string, at: number = AT) => async (imprint: ImprintToWrite): Promise<Uint8Array> =>
  parseTimeStampResponse(worldAt(at).tsa.get(`/tsa/${unit}`)!(buildTimeStampRequest({ ...imprint, nonce: new Uint8Array(8).fill(7) }))).token!;

let judgeBase: Omit<JudgeSealsInput, 'seals'>;
let crls: readonly Uint8Array[];
beforeAll(async () => {
  const world = worldAt(AT);
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  crls = [...world.crls.values()];
  judgeBase = {
    files: digestsOf(files), trust: outcome.trustList, policy: DEFAULT_POLICY, algorithms, at: AT, region: '420100', caches: createJudgeCaches(),
    evidence: { ...NO_EVIDENCE, crls: crls.map((bytes) => ({ crl: parseCertificateList(bytes) })) },
  };
});
const verdict = (seals: EvidenceSeals, more: Partial<JudgeSealsInput> = {}): Promise<SealsReport> => judgeSeals({ ...judgeBase, seals, ...more });
const validation = () => crls.map((bytes) => ({ kind: 'crl' as const, bytes }));

describe('the hash tree', () => {
  const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 });
  it('does not depend on the order of its leaves, and does on every leaf', () => {
    fc.assert(fc.property(fc.uniqueArray(leaf, { minLength: 2, maxLength: 20, selector: String }), fc.nat(), (leaves, at) => {
      const root = rootOctets(leaves, sha256);
      expect(rootOctets([...leaves].reverse(), sha256)).toEqual(root);
      const other = leaves.map((value, index) => (index === at % leaves.length ? Uint8Array.from(value, (octet) => octet ^ 1) : value));
      expect(rootOctets(other, sha256)).not.toEqual(root);
      expect(rootOctets([...leaves, new Uint8Array(32).fill(1)], sha256)).not.toEqual(root);
    }), { numRuns: 50 });
  });
  it('over two leaves is both, the lesser first (RFC 4998 §4.2)', () => {
    const [low, high] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(Buffer.from(rootOctets([high, low], sha256))).toEqual(Buffer.concat([low, high]));
    expect(() => rootOctets([low], sha256)).toThrow(TypeError);
  });
});

describe('seals', () => {
  it.each([['p256', sha256], ['sm2', sm3]] as const)('by %s hold, and date the files', async (unit, digest) => {
    const seals = readSeals(serializeSeals(await sealFiles(judgeBase.files, digest, stamper(unit))));
    expect(await verdict(seals)).toMatchObject({ conclusion: 'passed', code: 'OK', sealedAt: AT, stamps: [{ kind: 'evidence', conclusion: 'passed' }] });
  });
  it('do not hold over files changed, one too many or one too few', async () => {
    const seals = await sealFiles(judgeBase.files, sha256, stamper('p256'));
    for (const other of [[new Uint8Array(1), ...files.slice(1)], [...files, new Uint8Array(1)], files.slice(1)]) {
      const report = await verdict(seals, { files: digestsOf(other) });
      expect(report).toMatchObject({ conclusion: 'failed', code: 'TIMESTAMP_IMPRINT_MISMATCH' });
      expect(report.sealedAt).toBeUndefined();
    }
  });
  it('do not hold by an authority that is not listed, nor without its CRL', async () => {
    expect(await verdict(await sealFiles(judgeBase.files, sha256, stamper('unlisted')))).toMatchObject({ conclusion: 'indeterminate', code: 'TSA_NOT_LISTED' });
    expect((await verdict(await sealFiles(judgeBase.files, sha256, stamper('p256')), { evidence: NO_EVIDENCE })).conclusion).toBe('indeterminate');
    await expect(sealFiles(judgeBase.files, sha256, stamper('p256/wrong-imprint'))).rejects.toMatchObject({ code: 'EVIDENCE_SEAL_REFUSED' });
    await expect(sealFiles(judgeBase.files, sha256, async () => new Uint8Array(5))).rejects.toMatchObject({ code: 'EVIDENCE_SEAL_REFUSED' });
  });
  it('are renewed under the same digest and under another; each stamp guards all before it', async () => {
    const first = await sealFiles(judgeBase.files, sha256, stamper('p256'));
    const second = await renewSeals(first, { files: judgeBase.files, digest: sha256, timestamper: stamper('p256', AT + 1000), validation: validation() });
    const third = readSeals(serializeSeals(await renewSeals(second, { files: judgeBase.files, digest: sm3, timestamper: stamper('sm2', AT + 2000), validation: validation() })));
    expect(third.chains.map(({ digest, stamps }) => [digest, stamps.length])).toEqual([['SHA-256', 2], ['SM3', 1]]);
    const now = { at: AT + 3000 };
    expect(await verdict(third, now)).toMatchObject({ conclusion: 'passed', sealedAt: AT, stamps: [{ conclusion: 'passed' }, { conclusion: 'passed' }, { conclusion: 'passed' }] });
    // What verified the first stamp is now only inside the seals.
    const [chain] = third.chains as [EvidenceSeals['chains'][0], EvidenceSeals['chains'][0]];
    const [stamp] = chain.stamps as [typeof chain.stamps[0], typeof chain.stamps[0]];
    const without = (changed: typeof stamp): EvidenceSeals => ({ ...third, chains: [{ ...chain, stamps: [changed, ...chain.stamps.slice(1)] }, ...third.chains.slice(1)] });
    expect(await verdict(without({ ...stamp, validation: [] }), now)).toMatchObject({ conclusion: 'failed', code: 'TIMESTAMP_IMPRINT_MISMATCH' });
    const [other] = (await sealFiles(judgeBase.files, sha256, stamper('p256', AT + 1000))).chains[0]!.stamps;
    expect(await verdict(without({ ...stamp, token: other!.token }), now)).toMatchObject({ conclusion: 'failed', code: 'TIMESTAMP_IMPRINT_MISMATCH' });
    expect(await verdict({ ...third, chains: third.chains.slice(1) }, now)).toMatchObject({ conclusion: 'failed', code: 'TIMESTAMP_IMPRINT_MISMATCH' });
    expect((await verdict(third, { ...now, files: digestsOf(files.slice(1)) })).conclusion).toBe('failed');
  });
  it('that were not renewed in time hold no longer; those that were, do', async () => {
    const end = AT + 30 * YEAR;
    expect((await verdict(await sealFiles(judgeBase.files, sha256, stamper('p256')), { at: end })).conclusion).not.toBe('passed');
  });
});
