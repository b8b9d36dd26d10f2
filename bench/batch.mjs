// An opening: 1,000 bids of 200 companies over 10 kB each, by wall clock, since threads are the point. Everything counts but loading the
// list: workers start within the batch.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVerifier, nodeAlgorithms } from '../packages/node/dist/index.js';
import { AT, createChain, createContent, createCrls, createMessage, createTrustList, listRole, REGION } from './material.mjs';
import { median, quantile, round3 } from './measure.mjs';

const BIDS = 1_000;
const COMPANIES = 200;
const ONE_CORE = 'verifyMany, this thread alone';
/** Of twice the rate of one core. */
const EFFICIENCY = 0.85;

export function batchTables(chains) {
  return chains.filter(({ kind }) => kind !== 'RSA-2048').map((chain) => ({
    name: `batch/${chain.kind}`,
    baseline: ONE_CORE,
    unit: `time of ${BIDS} bids over that of "${ONE_CORE}" in the same round, wall clock; per bid; below 1 is faster`,
    measure: ({ rounds }) => measureBatch(chain, Math.min(rounds, 5)),
  }));
}

async function measureBatch(chain, rounds) {
  const { kind } = chain;
  const folder = mkdtempSync(join(tmpdir(), 'hefu-bench-'));
  try {
    createCrls(chain).forEach(({ crl }, i) => writeFileSync(join(folder, `${i}.crl`), crl.bytes));
    const companies = Array.from({ length: COMPANIES }, (_, i) => ({ ...createChain(kind, { company: `company ${i}` }), root: chain.root, ca: chain.ca }));
    const content = createContent(10_000);
    const requests = Array.from({ length: BIDS }, (_, i) => {
      const bid = content.slice();
      bid[0] = i & 0xff;
      bid[1] = i >> 8;
      return { signature: createMessage(companies[i % COMPANIES], bid), content: bid, region: REGION };
    });
    const { envelope } = await createTrustList(chain, nodeAlgorithms());
    const fresh = () => createVerifier({ trustList: { bytes: envelope }, role: listRole(), clock: { now: () => AT }, online: false, crlFiles: [folder] });
    const rows = [
      { name: ONE_CORE, run: many(fresh, requests, 0), times: [] },
      { name: 'verify, one by one', run: oneByOne(fresh, requests), times: [] },
      { name: 'verifyMany, 1 worker', run: many(fresh, requests, 1), times: [] },
      { name: 'verifyMany, 2 workers', run: many(fresh, requests, 2), times: [], goal: 1 / (2 * EFFICIENCY) },
    ];
    for (let round = -1; round < rounds; round++) {
      for (const { run, times } of rows) {
        const us = await run();
        if (round >= 0) times.push(us / BIDS);
      }
    }
    return rows.map(({ name, times, goal }) => {
      const ratios = times.map((time, round) => time / rows[0].times[round]);
      const [us, ratio] = [median(times), median(ratios)];
      return {
        name: `batch/${kind}/${name}`, us: round3(us), perSecond: round3(1e6 / us), ratio: round3(ratio), against: `batch/${kind}/${ONE_CORE}`,
        spread: [round3(quantile(ratios, 0.25)), round3(quantile(ratios, 0.75))],
        ...(goal === undefined ? {} : { goal, met: ratio <= goal }),
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A new verifier each time: nothing is known of any company. */
function many(fresh, requests, concurrency) {
  return async () => {
    const verifier = await fresh();
    const before = performance.now();
    let passed = 0;
    for await (const { report, error } of verifier.verifyMany(requests, { concurrency })) {
      if (report?.conclusion !== 'passed') throw error ?? new Error(`a bid came out ${report.code}`);
      passed += 1;
    }
    const us = (performance.now() - before) * 1000;
    verifier.close();
    if (passed !== requests.length) throw new Error(`${passed} of ${requests.length} bids came back`);
    return us;
  };
}

function oneByOne(fresh, requests) {
  return async () => {
    const verifier = await fresh();
    const before = performance.now();
    for (const request of requests) if ((await verifier.verify(request)).conclusion !== 'passed') throw new Error('a bid was refused');
    const us = (performance.now() - before) * 1000;
    verifier.close();
    return us;
  };
}
