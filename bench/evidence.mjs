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
import { comparison, weight } from './comparison.mjs';
import { AT } from './material.mjs';

const BIDS = 1_000;
/** Bundles written each by itself, to know what a thousand of them would take. */
const APART = 20;
const TOOLS = [{ name: 'hefu', version: 'bench' }];

const TABLE = `evidence/${BIDS} bids`;
const ONCE = 'judging them once';

export function evidenceTables() {
  return [{ name: TABLE, unit: `time a bid, once, over that of "${ONCE}"; octets over those of bundles of one`, measure: measured }];
}

async function measured() {
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
  const perBid = (seconds) => [(seconds * 1e6) / BIDS];
  return [
    comparison(TABLE, ONCE, perBid(judged), ONCE, perBid(judged)),
    ...[['make', made], ['check every octet', checked], ['revalidate as known', again]].map(([what, seconds]) => comparison(TABLE, what, perBid(seconds), ONCE, perBid(judged))),
    weight(TABLE, 'size', statSync(path).size, `${BIDS} bundles of one bid`, apart * BIDS),
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
