// An evidence bundle of a project: a thousand bids of the sandbox's companies, judged by one list; made, checked and judged again.
// Against the same records kept each in a bundle of its own, as without shared objects.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeAlgorithms, openEvidenceBundle, writeEvidenceBundle } from '../packages/node/dist/index.js';
import { parseCertificateList, readSignedData } from '../packages/pki/dist/index.js';
import { createWorld, signBid } from '../packages/sandbox/dist/index.js';
import { updateTrustList } from '../packages/trust-list/dist/index.js';
import { createDescribedFiles, createJudgeCaches, createReplayCache, DEFAULT_POLICY, judge, NO_EVIDENCE, recordEvidence, revalidate } from '../packages/verify/dist/index.js';
import { AT } from './material.mjs';

const BIDS = 1_000;
/** Bundles written each by itself, to know what a thousand of them would take. */
const APART = 20;
const TOOLS = [{ name: 'hefu', version: 'bench' }];

export async function evidenceRows() {
  const folder = mkdtempSync(join(tmpdir(), 'hefu-bench-'));
  try {
    return await rowsIn(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function rowsIn(folder) {
  const algorithms = nodeAlgorithms();
  const world = createWorld({ seed: 'bench evidence', at: AT });
  const { trustList } = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  const evidence = { ...NO_EVIDENCE, crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes), fetchedAt: AT })) };
  const bids = bidsOf(world);
  const shared = { policy: DEFAULT_POLICY, algorithms, at: AT, evidence };
  const recordsWith = async function* (count, caches, described) {
    for (const { id, signature, content, context } of bids.slice(0, count)) {
      const report = await judge({ ...shared, signed: readSignedData(signature), content, context, trustList, caches });
      yield recordEvidence({ ...shared, id, report, signature, content, context, trust: trustList, role: world.listRole, tools: TOOLS, madeAt: AT, caches, described });
    }
  };

  const [judged] = await timed(async () => {
    const caches = createJudgeCaches();
    for (const { signature, content, context } of bids) await judge({ ...shared, signed: readSignedData(signature), content, context, trustList, caches });
  });
  const path = join(folder, 'project.zip');
  const [made] = await timed(() => writeEvidenceBundle(path, recordsWith(BIDS, createJudgeCaches(), createDescribedFiles()), { algorithms, project: 'bench' }));
  const bundle = await openEvidenceBundle(path, { algorithms });
  const [checked, problems] = await timed(() => bundle.check());
  if (problems.length > 0) throw new Error(problems[0].detail);
  const [again, same] = await timed(async () => {
    const one = { mode: 'as-known', objects: bundle.object, pin: { role: world.listRole }, algorithms, caches: createJudgeCaches(), shared: createReplayCache() };
    let count = 0;
    for (const { id } of bundle.index.manifests) count += (await revalidate({ ...one, manifest: await bundle.manifest(id) })).same ? 1 : 0;
    return count;
  });
  if (same !== BIDS) throw new Error(`${BIDS - same} verdicts did not come out again`);
  await bundle.close();
  let apart = 0;
  for await (const record of recordsWith(APART, createJudgeCaches(), createDescribedFiles())) {
    const alone = join(folder, 'one.zip');
    await writeEvidenceBundle(alone, [record], { algorithms });
    apart += statSync(alone).size / APART;
  }
  const bytes = statSync(path).size;
  const perBid = (seconds) => Math.round((seconds * 1e6) / BIDS);
  return [
    { name: `evidence/${BIDS} bids/size`, bytes, ratio: Number((bytes / (apart * BIDS)).toFixed(3)), against: `${BIDS} bundles of one bid` },
    ...[['make', made], ['check every octet', checked], ['revalidate as known', again]].map(([what, seconds]) => ({
      name: `evidence/${BIDS} bids/${what}`, us: perBid(seconds), seconds: Number(seconds.toFixed(2)), ratio: Number((seconds / judged).toFixed(2)), against: 'judging them once',
    })),
  ];
}

/** Bids of all companies in good standing, in turn; each of another content. */
function bidsOf(world) {
  const stories = world.scenarios.filter(({ expected, lists }) => expected.stage === 'judge' && expected.conclusion === 'passed' && lists.length === 1);
  const makers = stories.map((story) => ({ story, company: world.companies.find(({ id }) => id === story.signer) })).filter(({ company }) => company !== undefined);
  if (makers.length === 0) throw new Error('no company to sign bids');
  return Array.from({ length: BIDS }, (_, index) => {
    const { story, company } = makers[index % makers.length];
    const content = new TextEncoder().encode(`bid ${index}\n${'line of a bid\n'.repeat(300)}`);
    return { id: `B-${String(index + 1).padStart(4, '0')}`, content, signature: signBid(world, company, content), context: story.context };
  });
}

async function timed(step) {
  const start = process.hrtime.bigint();
  const result = await step();
  return [Number(process.hrtime.bigint() - start) / 1e9, result];
}
