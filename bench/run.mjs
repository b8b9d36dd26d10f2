// npm run bench [-- <name>…] [--rounds <n>] [--minutes <n>] [--seed <n>] [--json <file>]
//
// Times Hefu and its peers in one process. Names keep the tables and rows that contain one of them: parse, path/RSA-2048, crl, names, cms, sm2, trust-list, long-term, evidence, decision, batch, start, csc, qr, browser.
// stdout: one JSON line a row; `ratio` is its time over that of `against` (below 1: faster). stderr: a table.
import { writeFileSync } from 'node:fs';
import { machine } from './machine.mjs';
import { batchTables } from './batch.mjs';
import { browserTables } from './browser.mjs';
import { cmsTables } from './cms.mjs';
import { crlTables } from './crl.mjs';
import { cscTables } from './csc.mjs';
import { decisionTables } from './decision.mjs';
import { evidenceTables } from './evidence.mjs';
import { longTermTables } from './long-term.mjs';
import { createChain, KINDS } from './material.mjs';
import { measureTable } from './measure.mjs';
import { namesTables } from './names.mjs';
import { parseTables } from './parse.mjs';
import { pathTables } from './path.mjs';
import { qrTables } from './qr.mjs';
import { sm2Tables } from './sm2.mjs';
import { startTables } from './start.mjs';
import { trustListTables } from './trust-list.mjs';

function usage(message) {
  console.error(`${message}\nusage: npm run bench [-- <name>…] [--rounds <n>] [--minutes <n>] [--seed <n>] [--json <file>]`);
  process.exit(3);
}

const options = { filters: [], rounds: 9, minutes: Infinity, seed: 1, json: undefined };
for (let args = process.argv.slice(2); args.length > 0; ) {
  const arg = args.shift();
  if (!arg.startsWith('--')) options.filters.push(arg.toLowerCase());
  else if (!['--rounds', '--minutes', '--seed', '--json'].includes(arg) || args.length === 0) usage(`cannot read ${arg}`);
  else options[arg.slice(2)] = arg === '--json' ? args.shift() : Number(args.shift());
}
if (!(Number.isInteger(options.rounds) && options.rounds > 0) || !Number.isInteger(options.seed) || !(options.minutes > 0)) usage('--rounds and --seed take whole numbers, --minutes a number');

const chains = KINDS.map((kind) => createChain(kind));
const results = [];
for (const makeTables of [parseTables, pathTables, crlTables, cmsTables, sm2Tables, decisionTables, batchTables, startTables, namesTables, trustListTables, longTermTables, evidenceTables, cscTables, qrTables, browserTables]) {
  for (const whole of await makeTables(chains)) {
    const table = filtered(whole);
    if (table === undefined || isLate(table.name)) continue;
    const from = performance.now();
    const rows = table.measure === undefined ? await measureTable(table, options) : await table.measure(options);
    results.push(...rows);
    for (const row of rows) console.log(JSON.stringify(row));
    printTable(table, rows);
    console.error(`  (${secondsSince(from)} s)`);
  }
}
if (results.length === 0) usage(`no table is named like ${options.filters.join(' or ')}`);

const missed = results.filter(({ met }) => met === false);
const judged = results.filter(({ met }) => met !== undefined);
console.error(`\n${results.length} rows in ${Math.round(performance.now() / 6000) / 10} minutes, ${judged.length - missed.length} of ${judged.length} goals met`);
console.error(missed.length === 0 ? '\nevery goal met' : `\ngoals missed: ${missed.map(({ name, against }) => `${name} against ${against.slice(against.lastIndexOf('/') + 1)}`).join(', ')}`);
if (options.json !== undefined) {
  writeFileSync(options.json, `${JSON.stringify({ machine: machine(), rounds: options.rounds, seed: options.seed, rows: results }, null, 2)}\n`);
}

/** Past `--minutes` nothing more is begun, and that is said. */
function isLate(name) {
  if (performance.now() < options.minutes * 60_000) return false;
  console.error(`SKIPPED: ${name}: ${options.minutes} minutes are over`);
  return true;
}

function secondsSince(from) {
  return Math.round((performance.now() - from) / 1000);
}

function isWanted(name) {
  return options.filters.length === 0 || options.filters.some((filter) => name.toLowerCase().includes(filter));
}

/** The table, or those of its rows that were asked for with the rows they are compared to. */
function filtered(table) {
  // A name may be given with its last stroke, as `bench:check` does.
  if (table.measure !== undefined) return isWanted(`${table.name}/`) ? table : undefined;
  const named = table.candidates.filter(({ name }) => isWanted(`${table.name}/${name}`));
  if (named.length === 0) return undefined;
  const wanted = new Set([table.baseline, ...named.flatMap(({ name, also = [] }) => [name, ...also.map(({ against }) => against)])]);
  return { ...table, candidates: table.candidates.filter(({ name }) => wanted.has(name)) };
}

function printTable(table, rows) {
  console.error(`\n${table.name}    (ratio: ${table.measure === undefined ? `time over that of "${table.baseline}" in the same round, CPU; below 1 is faster` : table.unit ?? 'peak memory over the octets read'})`);
  const width = Math.max(...rows.map(({ name }) => name.length)) - table.name.length;
  for (const row of rows) console.error(`  ${row.name.slice(table.name.length + 1).padEnd(width)} ${row.refused === undefined ? figures(table, row) : `refuses: ${row.refused}`}`);
}

function figures(table, { us, perSecond, mb, ratio, against, spread, goal, goalUs, goalMoreUs, moreUs, met }) {
  const cost = mb === undefined ? `${format(us).padStart(9)} us ${format(perSecond).padStart(9)}/s` : `${mb.toLocaleString('en').padStart(9)} MB`;
  const quartiles = spread === undefined ? '' : ` (${spread.map(format).join('–')})`;
  const other = against === `${table.name}/${table.baseline}` ? '' : `  against ${against.slice(table.name.length + 1)}`;
  const goals = [...(goal === undefined ? [] : [goal.toPrecision(3)]), ...(goalUs === undefined ? [] : [`${goalUs} us`]), ...(goalMoreUs === undefined ? [] : [`${goalMoreUs} us more (${moreUs})`])];
  const target = goals.length === 0 ? '' : `  goal ${met ? 'met' : 'MISSED'}: at most ${goals.join(', ')}`;
  return `${cost}  ratio ${format(ratio).padStart(7)}${quartiles}${other}${target}`;
}

function format(value) {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(value);
}
