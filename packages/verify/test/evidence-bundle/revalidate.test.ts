import { parseCertificateList } from '@hefu/pki';
import { updateTrustList } from '@hefu/trust-list';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReplayCache, reportBytes, readManifest, recordEvidence, revalidate, serializeManifest, serializeRole, describeFile, policyBytes, DEFAULT_POLICY, NO_EVIDENCE, type EvidenceManifest, type Policy, type RevalidateNow } from '../../src/index.js';
import { algorithms, AT, judgedWorld, TOOLS, type Judged } from './world.js';

const TEN_YEARS = 10 * 365 * 86_400_000;
let judged: Judged;
let stories: readonly string[];
beforeAll(async () => {
  judged = await judgedWorld('evidence');
  stories = judged.world.scenarios.filter(({ expected, lists }) => expected.stage === 'judge' && lists.length === 1).map(({ id }) => id);
});

it('every verdict of the world comes out again from its record alone, octet for octet', async () => {
  expect(stories.length).toBeGreaterThan(10);
  const shared = createReplayCache();
  const conclusions = new Set<string>();
  for (const id of stories) {
    const { record, report } = await judged.record(id);
    const again = await revalidate({ mode: 'as-known', manifest: readManifest(record.bytes), objects: (sha256) => record.objects.get(sha256), pin: { role: judged.world.listRole }, algorithms, shared });
    expect(again.same, id).toBe(true);
    expect(reportBytes(again.report)).toEqual(reportBytes(report));
    expect(again.differences).toEqual([]);
    conclusions.add(report.conclusion);
    expect(record.manifest.evidence.filter(({ kind }) => kind === 'crl').length).toBeLessThanOrEqual(judged.evidence.crls.length);
  }
  expect([...conclusions].sort()).toEqual(['failed', 'indeterminate', 'passed']);
});

it('a message that cannot be read is a verdict that is kept too', async () => {
  const { record } = await judged.record(stories[0]!);
  const signature = Uint8Array.of(0x30, 3, 2, 1, 1);
  const objects = new Map(record.objects);
  const { reportMalformed } = await import('../../src/index.js');
  const { PkiError, readSignedData } = await import('@hefu/pki');
  let report;
  try {
    readSignedData(signature);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    report = reportMalformed(error, { at: AT, context: judged.story(stories[0]!).context, policy: DEFAULT_POLICY, trustList: judged.trustList, algorithms });
  }
  const kept = await recordEvidence({ id: 'x', report: report!, signature, at: AT, context: judged.story(stories[0]!).context, evidence: NO_EVIDENCE, trust: judged.trustList, role: judged.world.listRole, policy: DEFAULT_POLICY, tools: TOOLS, madeAt: AT, algorithms });
  for (const [name, bytes] of kept.objects) objects.set(name, bytes);
  const again = await revalidate({ mode: 'as-known', manifest: kept.manifest, objects: (sha256) => objects.get(sha256), pin: { role: judged.world.listRole }, algorithms });
  expect(again).toMatchObject({ same: true, report: { code: report!.code, conclusion: 'failed' } });
});

describe('what must not pass', () => {
  const known = async (change: (objects: Map<string, Uint8Array>, manifest: EvidenceManifest) => EvidenceManifest | void, more: object = {}) => {
    const { record } = await judged.record(stories[0]!);
    const objects = new Map(record.objects);
    const manifest = change(objects, record.manifest) ?? record.manifest;
    return revalidate({ mode: 'as-known', manifest, objects: (sha256) => objects.get(sha256), pin: { role: judged.world.listRole }, algorithms, ...more });
  };
  it('an object altered in any octet is found and named', async () => {
    const { record } = await judged.record(stories[0]!);
    for (const [sha256, bytes] of record.objects) {
      const at = Math.floor(bytes.length / 2);
      const altered = Uint8Array.from(bytes, (octet, index) => (index === at ? octet ^ 1 : octet));
      // The role is read by nobody who brings one of their own.
      if (sha256 === (record.manifest.trust as { role?: string }).role) continue;
      await expect(known((objects) => void objects.set(sha256, altered))).rejects.toMatchObject({ name: 'EvidenceError', code: 'EVIDENCE_OBJECT_ALTERED', file: `objects/${sha256}` });
      await expect(known((objects) => void objects.delete(sha256))).rejects.toMatchObject({ code: 'EVIDENCE_OBJECT_MISSING', file: `objects/${sha256}` });
    }
  });
  it('another verdict put in the place of the kept one', async () => {
    const { record, report } = await judged.record(stories[0]!);
    const forged = reportBytes({ ...report, region: '430100' });
    const file = describeFile(forged, algorithms);
    const again = await known((objects, manifest) => {
      objects.set(file.sha256, forged);
      return { ...manifest, report: file.sha256, files: [...manifest.files.filter(({ sha256 }) => sha256 !== record.manifest.report), file] };
    });
    expect(again.same).toBe(false);
    expect(again.differences.length).toBeGreaterThan(0);
  });
  it('a list signed by others than trusted, though the bundle names them', async () => {
    const pinned = describeFile(serializeRole(judged.world.listRole), algorithms).sha256;
    expect((await known(() => undefined, { pin: { sha256: pinned } })).same).toBe(true);
    await expect(known(() => undefined, { pin: { sha256: '00'.repeat(32) } })).rejects.toMatchObject({ code: 'EVIDENCE_TRUST_REFUSED' });
    const other = await judgedWorld('others');
    await expect(known(() => undefined, { pin: { role: other.world.listRole } })).rejects.toMatchObject({ code: 'EVIDENCE_TRUST_REFUSED' });
  });
  it('another signed file, or none where the bundle holds its digests alone', async () => {
    const { record, scenario } = await judged.record(stories[0]!, { keepContent: false });
    const again = (content?: Uint8Array) => revalidate({ mode: 'as-known', manifest: record.manifest, objects: (sha256) => record.objects.get(sha256), pin: { role: judged.world.listRole }, algorithms, ...(content === undefined ? {} : { content }) });
    expect((await again(scenario.content)).same).toBe(true);
    await expect(again()).rejects.toMatchObject({ code: 'EVIDENCE_CONTENT_WANTED' });
    await expect(again(new Uint8Array(3))).rejects.toMatchObject({ code: 'EVIDENCE_CONTENT_DIFFERS' });
  });
  it('a report that is not what the evidence says is not recorded', async () => {
    const { report, scenario } = await judged.record(stories[0]!);
    await expect(recordEvidence({
      id: 'x', report: { ...report, conclusion: 'failed' }, signature: scenario.signature, content: scenario.content, at: AT, context: scenario.context, evidence: judged.evidence,
      trust: judged.trustList, role: judged.world.listRole, policy: DEFAULT_POLICY, tools: TOOLS, madeAt: AT, algorithms,
    })).rejects.toMatchObject({ code: 'EVIDENCE_NOT_REPRODUCIBLE' });
  });
  it('manifests that are not of their form', async () => {
    const { record } = await judged.record(stories[0]!);
    const text = new TextDecoder().decode(record.bytes);
    const refused = (changed: string) => expect(() => readManifest(new TextEncoder().encode(changed)), changed.slice(0, 80)).toThrow(expect.objectContaining({ code: 'EVIDENCE_DOCUMENT_INVALID' }));
    refused(` ${text}`);
    refused(text.replace('"version":1', '"version":2'));
    refused(text.replace('"id"', '"id":"a","id"'));
    refused(text.replace('"tools"', '"more":1,"tools"'));
    refused(text.replace(record.manifest.policy, '0'.repeat(64)));
    refused(text.replace('"scene":"bid-signing"', '"scene":"any"'));
    refused('[]');
    expect(() => serializeManifest({ ...record.manifest, id: '../../etc' })).toThrow();
  });
});

it('as-now says what today makes of it', async () => {
  const id = stories.find((one) => judged.story(one).expected.stage === 'judge' && (judged.story(one).expected as { conclusion?: string }).conclusion === 'passed')!;
  const { record } = await judged.record(id);
  const base = { mode: 'as-now' as const, manifest: record.manifest, objects: (sha256: string) => record.objects.get(sha256), pin: { role: judged.world.listRole }, algorithms };
  const sameDay = await revalidate({ ...base, at: AT, trust: judged.trustList, sealedAt: AT });
  expect(sameDay).toMatchObject({ mode: 'as-now', same: true, stored: { conclusion: 'passed' }, report: { conclusion: 'passed', scene: 'archive' } });
  const later = await revalidate({ ...base, at: AT + TEN_YEARS, trust: judged.trustList });
  expect(later).toMatchObject({ same: false });
  expect(later.differences).toContainEqual(expect.objectContaining({ what: 'conclusion', before: 'passed' }));
});

describe('as-now and what the bundle merely states', () => {
  const DAY = 86_400_000;
  /** A certificate that was revoked, in a bundle whose writer says that the bid came before. */
  const written = async (circumstances: Partial<EvidenceManifest['circumstances']>, policy: Policy = DEFAULT_POLICY) => {
    const { record } = await judged.record('revoked');
    const objects = new Map(record.objects);
    const octets = policyBytes(policy);
    const file = describeFile(octets, algorithms);
    objects.set(file.sha256, octets);
    const manifest = { ...record.manifest, policy: file.sha256, files: [...record.manifest.files.filter(({ sha256 }) => sha256 !== record.manifest.policy), file], circumstances: { ...record.manifest.circumstances, ...circumstances } };
    return (more: Partial<RevalidateNow> = {}) => revalidate({ mode: 'as-now', manifest, objects: (sha256) => objects.get(sha256), pin: { role: judged.world.listRole }, algorithms, at: AT, trust: judged.trustList, ...more });
  };
  const early = AT - 30 * DAY;

  it('a time of receipt before the revocation saves nothing, unless the caller trusts who wrote it', async () => {
    const again = await written({ bestSignatureTime: early });
    expect(await again()).toMatchObject({ report: { conclusion: 'indeterminate', code: 'CERTIFICATE_REVOKED' }, placedBy: { source: 'nothing', stated: early } });
    expect(await again({ sealedAt: AT })).toMatchObject({ report: { code: 'CERTIFICATE_REVOKED' }, placedBy: { source: 'seal', at: AT, stated: early } });
    expect(await again({ sealedAt: early })).toMatchObject({ report: { conclusion: 'passed' }, placedBy: { source: 'seal', at: early } });
    expect(await again({ trustsRecord: true })).toMatchObject({ report: { conclusion: 'passed' }, placedBy: { source: 'receipt', at: early } });
    expect((await (await written({}))({ trustsRecord: true, sealedAt: AT })).placedBy).toEqual({ source: 'seal', at: AT });
  });
  it('nor does a proof of existence, or a policy that asks nobody', async () => {
    const { record } = await judged.record('revoked');
    const proven = await written({ proofs: [{ sha256: record.manifest.signature, at: early }] });
    expect((await proven()).report).toMatchObject({ code: 'CERTIFICATE_REVOKED' });
    expect((await proven({ trustsRecord: true })).report.conclusion).toBe('passed');
    expect((await proven({ proofs: [{ sha256: record.manifest.signature, at: early }] })).report.conclusion).toBe('passed');
    const lenient: Policy = { ...DEFAULT_POLICY, scenes: { ...DEFAULT_POLICY.scenes, archive: { ...DEFAULT_POLICY.scenes.archive, revocation: 'none' } } };
    const asking = await written({}, lenient);
    expect((await asking()).report).toMatchObject({ code: 'CERTIFICATE_REVOKED' });
    expect((await asking({ trustsRecord: true })).report.conclusion).toBe('passed');
    expect((await asking({ policy: lenient })).report.conclusion).toBe('passed');
  });
});

it('lists and CRLs are those of the caller, told apart from the kept ones', async () => {
  // A list that is loaded by itself verifies the same as the one in the bundle.
  const { record } = await judged.record(stories[0]!);
  const { trust } = record.manifest;
  if (trust.kind !== 'list') throw new Error(trust.kind);
  const outcome = await updateTrustList(undefined, record.objects.get(trust.list)!, { role: judged.world.listRole, algorithms, at: AT });
  expect(outcome.outcome).toBe('accepted');
  for (const { kind, sha256 } of record.manifest.evidence) if (kind === 'crl') expect(() => parseCertificateList(record.objects.get(sha256)!)).not.toThrow();
});
