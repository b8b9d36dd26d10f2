// node bench/write-docs.mjs: writes the table of bench/results.json into docs/performance.md, between its two marks.
import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- bench/write-docs.mjs: begin -->';
const END = '<!-- bench/write-docs.mjs: end -->';
const page = new URL('../docs/performance.md', import.meta.url);
const { machine, rounds, rows } = JSON.parse(readFileSync(new URL('results.json', import.meta.url), 'utf8'));

const cell = (value) => (value === undefined ? '–' : String(value));
const lines = [
  `${machine.cores} cores, ${machine.cpu}, ${machine.arch}, Node.js ${machine.node} (OpenSSL ${machine.openssl}); ${rounds} rounds at most.`,
  '',
  '| row | per second | ratio | quartiles | against | goal |',
  '| --- | --- | --- | --- | --- | --- |',
  ...rows.map(({ name, refused, perSecond, ratio, spread, against, goal, goalUs, goalMoreUs, moreUs, met }) =>
    refused !== undefined
      ? `| ${name} | refuses | – | – | – | – |`
      : `| ${name} | ${cell(perSecond)} | ${cell(ratio)} | ${spread === undefined ? '–' : spread.join(' to ')} | ${cell(against?.slice(against.lastIndexOf('/') + 1))} | ${met === undefined ? '–' : `${[...(goal === undefined ? [] : [goal.toPrecision(3)]), ...(goalUs === undefined ? [] : [`${goalUs} us`]), ...(goalMoreUs === undefined ? [] : [`${goalMoreUs} us more (${moreUs})`])].join(', ')}: ${met ? 'met' : '**missed**'}`} |`),
];
const judged = rows.filter(({ met }) => met !== undefined);
lines.splice(1, 0, `${judged.filter(({ met }) => met).length} of ${judged.length} goals met.${judged.every(({ met }) => met) ? '' : ` Missed: ${judged.filter(({ met }) => !met).map(({ name, against }) => `${name} (against ${against.slice(against.lastIndexOf('/') + 1)})`).join('; ')}.`}`);
const text = readFileSync(page, 'utf8');
const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for the table: ${BEGIN}`);
writeFileSync(page, `${text.slice(0, from + BEGIN.length)}\n${lines.join('\n')}\n${text.slice(to)}`);
