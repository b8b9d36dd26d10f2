// Runs every test and ends with one line: "N passed, N failed". Neither the report's counters nor the exit
// status is enough alone: an unhandled rejection or a killed worker leaves a green report, so both are joined.
// That the tests themselves type-check is one test more, on one core beside the others; it is left out when only some are run.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';

const report = 'node_modules/.cache/vitest-report.json';
mkdirSync('node_modules/.cache', { recursive: true });
rmSync(report, { force: true });

/** What it writes is given back with how it ended, or goes to our own outputs. */
const run = (args, keep = false) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'], env: { ...process.env, HEFU_TEST_BUILT: '1' } });
    const written = [];
    child.stdout?.on('data', (part) => written.push(part));
    child.on('error', () => resolve({ status: 1, written })).on('close', (status, signal) => resolve({ status, signal, written }));
  });

const only = process.argv.slice(2);
const [vitest, types] = await Promise.all([
  run(['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only]),
  only.length > 0 ? undefined : run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tests.json', '--singleThreaded'], true),
]);
if (types !== undefined) process.stdout.write(Buffer.concat(types.written));

let json;
try {
  json = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  console.log(`vitest wrote no report (exit ${vitest.status ?? vitest.signal})`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
// A file that fails to import, or whose beforeAll throws, fails without a failed test in it.
const brokenFiles = json.testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
).length;
let failed = json.numFailedTests + brokenFiles;
if (vitest.status !== 0 && failed === 0) failed = 1;
if (json.numTotalTests === 0 && failed === 0) failed = 1;
if (types !== undefined && types.status !== 0) failed += 1;
const passed = json.numPassedTests + (types?.status === 0 ? 1 : 0);
const skipped = json.numPendingTests + json.numTodoTests;
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed ? 1 : 0);
