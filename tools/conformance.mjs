// Public conformance suites over `validatePath`: `npm run conformance -- limbo <file> [--now <ISO time>]`.
// Prints each case that disagrees, then `N passed, N failed`, per namespace and in all. Exits 1 on any disagreement
// that tools/conformance/exceptions.json does not state with its reason, and on one stated there that no longer is.
import { readFileSync } from 'node:fs';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import * as verify from '../packages/verify/dist/index.js';
import { runLimbo } from './conformance/limbo.mjs';

const SUITES = { limbo: { cases: (file) => JSON.parse(file).testcases, run: runLimbo } };
/** Cases without a time mean "now"; a fixed one keeps the answer the same from run to run. */
const NOW = '2026-07-01T00:00:00Z';

const [suiteName, path, ...rest] = process.argv.slice(2);
const suite = SUITES[suiteName];
if (suite === undefined || path === undefined) {
  console.error(`usage: conformance ${Object.keys(SUITES).join('|')} <file> [--now <ISO time>]`);
  process.exit(2);
}
const now = Date.parse(rest[0] === '--now' ? rest[1] : NOW);
const exceptions = JSON.parse(readFileSync(new URL('./conformance/exceptions.json', import.meta.url), 'utf8'))[suiteName] ?? [];
const algorithms = nodeAlgorithms();
const counts = new Map();
let failed = 0;

for (const test of suite.cases(readFileSync(path, 'utf8'))) {
  const namespace = test.id.split('::')[0];
  const count = counts.get(namespace) ?? { passed: 0, failed: 0, falseAccepts: 0 };
  counts.set(namespace, count);
  let result;
  let why;
  try {
    const answer = await suite.run(test, { verify, algorithms, now });
    result = answer.result;
    why = answer.failure === undefined ? '' : ` (${JSON.stringify(answer.failure)})`;
  } catch (error) {
    result = 'EXCEPTION';
    why = ` (${error instanceof Error ? error.stack : error})`;
  }
  const excepted = exceptions.find(({ id }) => id === test.id);
  if (result === test.expected_result && excepted === undefined) {
    count.passed++;
    continue;
  }
  const known = excepted !== undefined && excepted.expected === test.expected_result && excepted.actual === result;
  if (known) count.passed++;
  else {
    count.failed++;
    failed++;
  }
  if (result === 'SUCCESS' && test.expected_result === 'FAILURE') count.falseAccepts++;
  console.log(`${known ? 'excepted' : 'DISAGREES'} ${test.id}: expected ${test.expected_result}, found ${result}${why}${known ? `: ${excepted.reason}` : ''}`);
}

const total = { passed: 0, failed: 0, falseAccepts: 0 };
for (const [namespace, count] of counts) {
  console.log(`${namespace}: ${count.passed} passed, ${count.failed} failed, ${count.falseAccepts} false accepts`);
  for (const key of Object.keys(total)) total[key] += count[key];
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
