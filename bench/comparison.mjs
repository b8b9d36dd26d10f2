import { median, quantile, round3 } from './measure.mjs';

/** A row of times (microseconds) that were not taken by `measureTable`, beside those it is compared with, round by round; goals are `{ goal?, goalUs? }`. */
export function comparison(table, name, times, against, others, { goal, goalUs } = {}) {
  const ratios = times.map((time, round) => time / others[round]);
  const [us, ratio] = [median(times), median(ratios)];
  return {
    name: `${table}/${name}`, us: round3(us), perSecond: round3(1e6 / us), ratio: round3(ratio), against: `${table}/${against}`, spread: [round3(quantile(ratios, 0.25)), round3(quantile(ratios, 0.75))],
    ...(goal === undefined ? {} : { goal }), ...(goalUs === undefined ? {} : { goalUs }), ...(goal === undefined && goalUs === undefined ? {} : { met: ratio <= (goal ?? Infinity) && us <= (goalUs ?? Infinity) }),
  };
}

/** A row of octets held or written, beside others. */
export function weight(table, name, octets, against, others, { goal } = {}) {
  const ratio = round3(octets / others);
  return { name: `${table}/${name}`, mb: round3(octets / 1e6), ratio, against: `${table}/${against}`, ...(goal === undefined ? {} : { goal, met: ratio <= goal }) };
}

/** CPU of this process, microseconds, of each step in turns, so that a slow spell slows all: as many times of each as there are rounds. */
export async function inTurns(rounds, steps) {
  const times = steps.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, step] of steps.entries()) {
      const before = process.cpuUsage();
      await step();
      const { user, system } = process.cpuUsage(before);
      times[index].push(user + system);
    }
  }
  return times;
}
