// An opening: 1,000 bids of 200 companies over 10 kB each, by wall clock, since threads are the point, and by CPU time of all threads, which is what they
// cost beside work that is not theirs. Each row has processes of its own, since a thread that another row has warmed would be no fair match.
//
// At work: every row has judged batches until none became faster. Cold: a process that has judged nothing. The control is what two cores of this
// machine can give at all: two processes that share nothing but the machine, each with the bids of half of the companies.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { AT, createChain, createContent, createCrls, createMessage, createTrustList, listRole, REGION } from './material.mjs';
import { median, quantile, round3 } from './measure.mjs';

const BIDS = 1_000;
const COMPANIES = 200;
const ONE_CORE = 'verifyMany, this thread alone';
const CONTROL = 'two processes that share nothing';
/** Of twice the rate of one core. */
const EFFICIENCY = 0.85;
/** Batches before the first that counts: V8 compiles in every thread, the last functions after ten thousand verdicts of that thread, and one of two sees half. */
const WARM_UP = { least: 6, most: 24 };
/** A row is warm when so many batches in a row took no less CPU time than this times the least before them. */
const STEADY = { batches: 3, progress: 0.95 };
const MAX_ROUNDS = 5;
const MAX_COLD_ROUNDS = 3;

const AT_WORK = [
  { name: ONE_CORE, options: { concurrency: 1 } },
  { name: 'verify, one by one' },
  { name: 'verifyMany, 2 threads', options: { concurrency: 2 }, goal: 1 / (2 * EFFICIENCY), goalCpu: 1 / EFFICIENCY, beside: CONTROL },
  { name: 'verifyMany, 2 workers', options: { concurrency: 2, judgeHere: false } },
  { name: CONTROL, options: { concurrency: 1 }, processes: 2 },
];
const COLD = [
  { name: `cold: ${ONE_CORE}`, options: { concurrency: 1 } },
  { name: 'cold: verifyMany, 2 threads', options: { concurrency: 2 } },
  { name: `cold: ${CONTROL}`, options: { concurrency: 1 }, processes: 2 },
];

export function batchTables(chains) {
  return chains.filter(({ kind }) => kind !== 'RSA-2048').map((chain) => ({
    name: `batch/${chain.kind}`,
    baseline: ONE_CORE,
    unit: `time of ${BIDS} bids over that of "${ONE_CORE}" in the same round, cold over cold, wall clock or CPU of all threads; per bid; below 1 is faster`,
    measure: ({ rounds }) => measureBatch(chain, rounds),
  }));
}

async function measureBatch(chain, rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'hefu-bench-'));
  let batches = 0;
  // Companies that nobody has met.
  const nextBids = () => bidsOf(chain, batches++);
  try {
    createCrls(chain).forEach(({ crl }, i) => writeFileSync(join(folder, `${i}.crl`), crl.bytes));
    const { envelope } = await createTrustList(chain, nodeAlgorithms());
    const opening = { envelope, role: listRole(), at: AT, crls: folder };
    return [...(await measureAtWork(chain, opening, nextBids, rounds)), ...(await measureCold(chain, opening, nextBids, rounds))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureAtWork({ kind }, opening, nextBids, rounds) {
  const rows = [];
  try {
    for (const row of AT_WORK) rows.push({ ...row, judge: await startJudges(opening, row), times: [] });
    const round = async () => {
      const bids = nextBids();
      for (const { judge, times } of rows) times.push(await judge(bids));
    };
    for (let batch = 0; batch < WARM_UP.least || (batch < WARM_UP.most && !rows.every(isSteady)); batch++) await round();
    for (const row of rows) row.times = [];
    for (let done = 0; done < Math.min(rounds, MAX_ROUNDS); done++) await round();
  } finally {
    for (const { judge } of rows) judge.end();
  }
  return rowsOf(`batch/${kind}`, rows);
}

async function measureCold({ kind }, opening, nextBids, rounds) {
  const rows = COLD.map((row) => ({ ...row, times: [] }));
  for (let round = 0; round < Math.min(rounds, MAX_COLD_ROUNDS); round++) {
    const bids = nextBids();
    for (const row of rows) {
      const judge = await startJudges(opening, row);
      try {
        row.times.push(await judge(bids));
      } finally {
        judge.end();
      }
    }
  }
  return rowsOf(`batch/${kind}`, rows);
}

function isSteady({ times }) {
  const cpu = times.map((time) => time.cpu);
  return Math.min(...cpu.slice(-STEADY.batches)) >= Math.min(...cpu.slice(0, -STEADY.batches)) * STEADY.progress;
}

/** Processes of one row, each with its share of the companies; wall clock is that of the last to be done, CPU that of all. */
async function startJudges(opening, { options, processes = 1 }) {
  const children = Array.from({ length: processes }, startChild);
  const all = (given) => Promise.all(children.map(({ ask }, index) => ask(given(index))));
  const end = () => children.forEach((child) => child.end());
  const judge = async (bids) => {
    await all((index) => ({ act: 'load', requests: bids.filter((_, i) => (i % COMPANIES) % processes === index) }));
    const taken = await all(() => ({ act: 'judge', options }));
    return { wall: Math.max(...taken.map(({ wall }) => wall)) / BIDS, cpu: taken.reduce((sum, { cpu }) => sum + cpu, 0) / BIDS };
  };
  await all(() => ({ act: 'open', ...opening }));
  return Object.assign(judge, { end });
}

function startChild() {
  const child = fork(fileURLToPath(new URL('./batch-child.mjs', import.meta.url)), { serialization: 'advanced' });
  let answer;
  child.on('message', (message) => answer.resolve(message));
  child.on('exit', (code) => answer?.reject(new Error(`a process that judges ended with ${code}`)));
  return {
    ask: (given) =>
      new Promise((resolve, reject) => {
        answer = { resolve, reject };
        child.send(given);
      }),
    end: () => child.kill(),
  };
}

function rowsOf(table, rows) {
  return ['wall', 'cpu'].flatMap((clock) => {
    const suffix = clock === 'cpu' ? ', CPU' : '';
    const timesOf = (row) => row.times.map((time) => time[clock]);
    const compare = (row, against, goal) => rowOf(table, `${row.name}${suffix}`, timesOf(row), `${against.name}${suffix}`, timesOf(against), goal);
    return rows.flatMap((row) => [
      compare(row, rows[0], clock === 'cpu' ? row.goalCpu : row.goal),
      ...(row.beside === undefined ? [] : [compare(row, rows.find(({ name }) => name === row.beside))]),
    ]);
  });
}

function rowOf(table, name, times, against, base, goal) {
  const ratios = times.map((time, round) => time / base[round]);
  const [us, ratio] = [median(times), median(ratios)];
  return {
    name: `${table}/${name}`, us: round3(us), perSecond: round3(1e6 / us), ratio: round3(ratio), against: `${table}/${against}`,
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
