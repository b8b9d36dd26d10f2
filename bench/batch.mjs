// An opening: 1,000 bids of 200 companies over 10 kB each. By wall clock, since threads are the point; and by CPU time of all threads, which is what
// they cost beside work that is not theirs: what two workers take less than twice a core's time for is what a second free core gains.
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
/** Batches before the first that counts: V8 compiles in every thread. */
const WARM_UP = 2;
const MAX_ROUNDS = 3;

export function batchTables(chains) {
  return chains.filter(({ kind }) => kind !== 'RSA-2048').map((chain) => ({
    name: `batch/${chain.kind}`,
    baseline: ONE_CORE,
    unit: `time of ${BIDS} bids over that of "${ONE_CORE}" in the same round, wall clock or CPU of all threads; per bid; below 1 is faster`,
    measure: ({ rounds }) => measureBatch(chain, Math.min(rounds, MAX_ROUNDS)),
  }));
}

async function measureBatch(chain, rounds) {
  const { kind } = chain;
  const folder = mkdtempSync(join(tmpdir(), 'hefu-bench-'));
  try {
    createCrls(chain).forEach(({ crl }, i) => writeFileSync(join(folder, `${i}.crl`), crl.bytes));
    const { envelope } = await createTrustList(chain, nodeAlgorithms());
    const open = () => createVerifier({ trustList: { bytes: envelope }, role: listRole(), clock: { now: () => AT }, online: false, crlFiles: [folder] });
    const kept = async (run) => {
      const verifier = await open();
      return { run: (requests) => run(verifier, requests), close: () => verifier.close() };
    };
    const anew = async (run) => ({
      async run(requests) {
        const verifier = await open();
        await run(verifier, requests);
        verifier.close();
      },
      close() {},
    });
    const rows = [
      { name: ONE_CORE, ...(await kept(many(0))) },
      { name: 'verify, one by one', ...(await kept(oneByOne)) },
      { name: 'verifyMany, 1 worker', ...(await kept(many(1))) },
      { name: 'verifyMany, 2 workers', ...(await kept(many(2))), goal: 1 / (2 * EFFICIENCY), goalCpu: 1 / EFFICIENCY },
      { name: 'verifyMany, 2 workers, started for it', ...(await anew(many(2))) },
    ].map((row) => ({ ...row, wall: [], cpu: [] }));
    for (let round = -WARM_UP; round < rounds; round++) {
      // Companies that nobody has met.
      const requests = bidsOf(chain, round);
      for (const { run, wall, cpu } of rows) {
        const [from, before] = [performance.now(), process.cpuUsage()];
        await run(requests);
        const { user, system } = process.cpuUsage(before);
        if (round < 0) continue;
        wall.push(((performance.now() - from) * 1000) / BIDS);
        cpu.push((user + system) / BIDS);
      }
    }
    for (const { close } of rows) close();
    return rows.flatMap(({ name, goal, goalCpu, ...times }) => [
      rowOf(`batch/${kind}`, name, times.wall, rows[0].wall, goal),
      rowOf(`batch/${kind}`, `${name}, CPU`, times.cpu, rows[0].cpu, goalCpu),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rowOf(table, name, times, base, goal) {
  const ratios = times.map((time, round) => time / base[round]);
  const [us, ratio] = [median(times), median(ratios)];
  return {
    name: `${table}/${name}`, us: round3(us), perSecond: round3(1e6 / us), ratio: round3(ratio), against: `${table}/${ONE_CORE}`,
    spread: [round3(quantile(ratios, 0.25)), round3(quantile(ratios, 0.75))],
    ...(goal === undefined ? {} : { goal, met: ratio <= goal }),
  };
}

function bidsOf(chain, round) {
  const companies = Array.from({ length: COMPANIES }, (_, i) => createChain(chain.kind, { company: `company ${round} ${i}`, above: chain }));
  const content = createContent(10_000);
  return Array.from({ length: BIDS }, (_, i) => {
    const bid = content.slice();
    bid[0] = i & 0xff;
    bid[1] = i >> 8;
    return { signature: createMessage(companies[i % COMPANIES], bid), content: bid, region: REGION };
  });
}

function many(concurrency) {
  return async (verifier, requests) => {
    let passed = 0;
    for await (const { report, error } of verifier.verifyMany(requests, { concurrency })) {
      if (report?.conclusion !== 'passed') throw error ?? new Error(`a bid came out ${report.code}`);
      passed += 1;
    }
    if (passed !== requests.length) throw new Error(`${passed} of ${requests.length} bids came back`);
  };
}

async function oneByOne(verifier, requests) {
  for (const request of requests) if ((await verifier.verify(request)).conclusion !== 'passed') throw new Error('a bid was refused');
}
