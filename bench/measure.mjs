// Times the candidates of one table against each other. A round runs every candidate once, in an order drawn anew;
// ratios are taken inside a round and their median is reported, so a machine that slows down for a while slows both sides.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** CPU time of one batch: long enough for the clock, short enough for a round to see one machine. */
const BATCH_US = 15_000;
/**
 * Warming up goes on in slices until several in a row bring nothing: V8 compiles hot functions late and in steps. What runs
 * in microseconds gets so many calls at least, since its steps lie further apart than a few slices.
 */
const SLICE_US = 100_000;
const IDLE_SLICES = 5;
const WARM_UP_CALLS = 5_000;
const WARM_UP_LIMIT_US = 1_500_000;
/** A slice that is at least this much faster than the best before has brought something. */
const PROGRESS = 0.97;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/**
 * @param table `{ name, baseline, candidates: [{ name, setUp, goal?, goalUs?, goalMoreUs?, also?, native?, mayRefuse?, rounds? }] }`. `setUp(valid)` gives the function to time,
 *   over valid input or over input it must refuse. It answers `true` when everything it was asked holds; anything else,
 *   a throw included, is a refusal, and a row that refuses the valid input or takes the other one ends the run.
 *   `goal` is what its ratio to the baseline may be at most, `goalUs` its microseconds, `goalMoreUs` the microseconds it may take longer; `also` names further rows to compare it with: `[{ against, goal?, goalMoreUs? }]`.
 *   A function with `batch(calls)` times itself: microseconds of CPU of a process of its own. `native` says that V8 has nothing to compile there; `mayRefuse`, that a library which will not read the input is reported;
 *   `rounds`, that so many are enough of something slow.
 * @returns one row a comparison, in order
 */
export async function measureTable(table, { rounds, seed }) {
  const subjects = [];
  for (const candidate of table.candidates) {
    const run = candidate.setUp(true);
    const refusal = candidate.mayRefuse === true ? await refusalOf(run) : undefined;
    if (refusal === undefined) await requireVerdicts(table, candidate, run);
    subjects.push({ candidate, run, refusal, calls: 1, times: [] });
  }
  const timed = subjects.filter(({ refusal }) => refusal === undefined);
  for (const subject of timed) subject.calls = await warmUp(subject.run, subject.candidate.native === true);

  const pick = generator(seed);
  for (let round = 0; round < rounds; round++) {
    for (const subject of shuffled(timed, pick)) {
      if (round >= (subject.candidate.rounds ?? rounds)) continue;
      // Nobody pays for the litter of whoever came before, nor for finding the caches cold. Not a full collection: that
      // would throw away hidden classes without living objects, and the compiled code that depends on them.
      collectGarbage({ type: 'minor' });
      await timeBatch(subject.run, subject.calls >> 3);
      subject.times.push((await timeBatch(subject.run, subject.calls)) / subject.calls);
    }
  }

  const timesOf = (name) => subjects.find(({ candidate }) => candidate.name === name).times;
  return subjects.flatMap(({ candidate, refusal, times }) => {
    const name = `${table.name}/${candidate.name}`;
    if (refusal !== undefined) return [{ name, refused: refusal }];
    return [{ against: table.baseline, goal: candidate.goal, goalUs: candidate.goalUs, goalMoreUs: candidate.goalMoreUs }, ...(candidate.also ?? [])].map(({ against, goal, goalUs, goalMoreUs }) => {
      const ratios = times.map((time, round) => time / timesOf(against)[round]);
      const ratio = median(ratios);
      const us = median(times);
      const moreUs = median(times.map((time, round) => time - timesOf(against)[round]));
      return {
        name,
        us: round3(us),
        perSecond: round3(1e6 / us),
        ratio: round3(ratio),
        against: `${table.name}/${against}`,
        spread: [round3(quantile(ratios, 0.25)), round3(quantile(ratios, 0.75))],
        ...(goal === undefined ? {} : { goal }),
        ...(goalUs === undefined ? {} : { goalUs }),
        ...(goalMoreUs === undefined ? {} : { goalMoreUs, moreUs: round3(moreUs) }),
        ...(goal === undefined && goalUs === undefined && goalMoreUs === undefined ? {} : { met: ratio <= (goal ?? Infinity) && us <= (goalUs ?? Infinity) && moreUs <= (goalMoreUs ?? Infinity) }),
      };
    });
  });
}

/** Why a library will not read the valid input; undefined when it does. */
async function refusalOf(run) {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function requireVerdicts(table, { name, setUp }, run) {
  if ((await run()) !== true) throw new Error(`${table.name}/${name} refuses what is valid`);
  let taken = false;
  try {
    taken = (await setUp(false)()) === true;
  } catch {
    // A library that throws at what it will not accept has refused it.
  }
  if (taken) throw new Error(`${table.name}/${name} takes what it must refuse`);
}

/** @returns how many calls make a batch */
async function warmUp(run, native) {
  let best = await timeBatch(run, 1);
  let spent = best;
  let done = 1;
  // What would not get that far within the limit, or has nothing to compile, need not try.
  const least = native || best * WARM_UP_CALLS > 2 * WARM_UP_LIMIT_US ? 0 : WARM_UP_CALLS;
  for (let idle = 0; (idle < IDLE_SLICES || done < least) && spent < WARM_UP_LIMIT_US; ) {
    const calls = Math.max(1, Math.round(SLICE_US / best));
    const us = await timeBatch(run, calls);
    spent += us;
    done += calls;
    idle = us / calls < best * PROGRESS ? 0 : idle + 1;
    best = Math.min(best, us / calls);
  }
  return Math.max(1, Math.round(BATCH_US / best));
}

/** Microseconds of CPU time, threads of the process included, for that many calls. */
async function timeBatch(run, calls) {
  if (run.batch !== undefined) return run.batch(Math.max(1, calls));
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) {
    let verdict = run();
    if (typeof verdict === 'object') verdict = await verdict;
    if (verdict !== true) throw new Error(`verdict ${verdict} in the middle of a batch`);
  }
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** mulberry32: integers in `[0, bound)`. */
function generator(seed) {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

function shuffled(items, pick) {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = pick(i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

export function median(values) {
  return quantile(values, 0.5);
}

export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low);
}

/** Three significant digits. */
export function round3(value) {
  return Number(value.toPrecision(3));
}
