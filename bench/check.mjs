// npm run bench:check [-- <new.json>]
// Compares the ratios of a new run with bench/results.json; times never. Without a file it measures the recorded rows' tables itself, in few rounds.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A ratio may grow so many times before it is called a regression: shared machines move ratios by half. */
const MARGIN = 2;

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const read = (path) => JSON.parse(readFileSync(path, 'utf8')).rows.filter(({ ratio, against }) => ratio !== undefined && against !== undefined);
const recorded = read(beside('results.json'));
const key = ({ name, against }) => `${name} against ${against}`;
const fresh = new Map(read(process.argv[2] ?? measured()).map((row) => [key(row), row]));

let [compared, worse] = [0, 0];
for (const row of recorded) {
  const now = fresh.get(key(row));
  if (now === undefined) continue;
  compared += 1;
  if (now.ratio <= row.ratio * MARGIN) continue;
  worse += 1;
  console.error(`${key(row)}: ${now.ratio}, recorded ${row.ratio}`);
}
console.error(`${compared} ratios compared, ${worse} more than ${MARGIN} times what was recorded`);
process.exitCode = compared === 0 || worse > 0 ? 1 : 0;

function measured() {
  const folder = mkdtempSync(join(tmpdir(), 'hefu-bench-check-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'new.json');
  const tables = [...new Set(recorded.map(({ name }) => name.slice(0, name.lastIndexOf('/') + 1)))];
  const { status } = spawnSync(process.execPath, [beside('run.mjs'), ...tables, '--rounds', '3', '--json', path], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
  return path;
}
