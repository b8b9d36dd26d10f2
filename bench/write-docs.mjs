// node bench/write-docs.mjs: writes bench/results.json into docs/performance.md, between its two marks: what was asked and reached, then every table.
import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- bench/write-docs.mjs: begin -->';
const END = '<!-- bench/write-docs.mjs: end -->';
const page = new URL('../docs/performance.md', import.meta.url);
const { machine, rounds, rows } = JSON.parse(readFileSync(new URL('results.json', import.meta.url), 'utf8'));

const lines = [
  `${machine.cores} cores, ${machine.cpu}, ${machine.arch}, Node.js ${machine.node} (OpenSSL ${machine.openssl}); ${rounds} rounds at most.`,
  ...goals(),
  ...tables().flatMap(([name, of]) => details(name, of)),
];
const text = readFileSync(page, 'utf8');
const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for the tables: ${BEGIN}`);
writeFileSync(page, `${text.slice(0, from + BEGIN.length)}\n${lines.join('\n')}\n${text.slice(to)}`);

function goals() {
  const judged = rows.filter(({ met }) => met !== undefined);
  return [
    '', `### What is asked, and reached: ${judged.filter(({ met }) => met).length} of ${judged.length}`, '',
    '| row | against | ratio | goal | |', '| --- | --- | --- | --- | --- |',
    ...judged.map((row) => `| ${row.name} | ${row.against === row.name ? 'itself' : within(row.against)} | ${row.ratio} | ${asked(row)} | ${row.met ? 'met' : '**missed**'} |`),
  ];
}

function asked({ goal, goalUs, goalMoreUs, moreUs, us }) {
  return [
    ...(goal === undefined ? [] : [String(Number(goal.toPrecision(3)))]),
    ...(goalUs === undefined ? [] : [`${goalUs} us (${us})`]),
    ...(goalMoreUs === undefined ? [] : [`${goalMoreUs} us more (${moreUs})`]),
  ].join(', ');
}

/** A row's table is its base's; one without a base is of the table before it. Names of rows may have a stroke in them. */
function tables() {
  const found = new Map();
  let table = '';
  for (const row of rows) {
    if (row.against !== undefined) table = row.against.slice(0, row.against.lastIndexOf('/'));
    found.set(table, [...(found.get(table) ?? []), row]);
  }
  return [...found];
}

/** One line a row, compared with the base of most; what else it is compared with stands among the goals. */
function details(table, of) {
  const base = mode(of.flatMap(({ against }) => (against === undefined ? [] : [against])));
  const shown = of.filter(({ against }) => against === undefined || against === base);
  return [
    '', '<details>', `<summary>${table}: time, or memory, over that of ${within(base)}</summary>`, '',
    '| row | per second | ratio | quartiles |', '| --- | --- | --- | --- |',
    ...shown.map(({ name, refused, perSecond, mb, ratio, spread }) => {
      const row = name.slice(table.length + 1);
      return refused === undefined ? `| ${row} | ${perSecond ?? (mb === undefined ? '–' : `${mb} MB`)} | ${ratio ?? '–'} | ${spread === undefined ? '–' : spread.join(' to ')} |` : `| ${row} | refuses | – | – |`;
    }),
    '', '</details>',
  ];
}

function within(name) {
  return name.slice(name.lastIndexOf('/') + 1);
}

function mode(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0][0];
}
