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
