// In Chromium, where a bid is signed and looked at: hashing against hash-wasm and `crypto.subtle`, the first verdict of a page against those after it,
// memory while 2 GB are hashed, and how soon the bidder's page can be used. CPU is that of the browser's renderers, workers included.
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../examples/bid-room/start.mjs';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { hasChromium, openPage } from './browser-page.mjs';
import { AT, createContent, createCrls, createMessage, createTrustList, listRole, REGION } from './material.mjs';
import { median, quantile, round3 } from './measure.mjs';

const GIB = 2 ** 30;
/** As much as `subtle.digest` is given at once. */
const AT_ONCE = GIB / 4;
/** Of rows that take seconds. */
const ROUNDS = 3;
/** Issue 8: a page that verifies one bid does not wait for a warm machine. */
const COLD = 5;
/** Resident octets over those hashed: 256 MiB for 2 GiB, the bound of the room's tests. */
const MEMORY = 1 / 8;
/** A person on an ordinary laptop takes this for at once. */
const INTERACTIVE_US = 1_000_000;

export function browserTables(chains) {
  if (!hasChromium()) return [];
  const cpu = 'CPU of the renderers, in the same round';
  return [
    { name: 'browser/hash', unit: `1 GiB in pieces; ${cpu}`, measure: ({ rounds }) => withPage((opened) => hashes(opened, Math.min(rounds, ROUNDS))) },
    { name: 'browser/hash 256 MiB', unit: `${cpu}; what subtle.digest is given is in memory as a whole`, measure: ({ rounds }) => withPage((opened) => atOnce(opened, Math.min(rounds, ROUNDS))) },
    { name: 'browser/file', unit: `1 GiB file, SHA-256 and SM3 in one reading; ${cpu}`, measure: ({ rounds }) => withPage((opened) => files(opened, Math.min(rounds, ROUNDS))) },
    { name: 'browser/memory', unit: 'resident octets of the renderers over the octets hashed', measure: () => withPage(memory) },
    ...chains.filter(({ kind }) => kind === 'SM2' || kind === 'RSA-2048').map((chain) => ({ name: `browser/verify/${chain.kind}`, unit: 'time over that of one after many, in the same page', measure: ({ rounds }) => withPage((opened) => verdicts(opened, chain, rounds)) })),
    { name: 'browser/bid-room', unit: 'time from the address to a page that can be used, over that of an empty page', measure: ({ rounds }) => withPage((opened) => interactive(opened, rounds)) },
  ];
}

async function withPage(measure) {
  const opened = await openPage();
  try {
    return await measure(opened);
  } finally {
    await opened.close();
  }
}

/** What the pieces of `browser-subjects.mjs` hash to, by OpenSSL. */
function digestsOf(octets) {
  const words = new Uint32Array(2 ** 24);
  for (let i = 0, x = 1; i < words.length; i++) words[i] = x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
  const block = new Uint8Array(words.buffer);
  return Object.fromEntries([['SHA-256', 'sha256'], ['SM3', 'sm3']].map(([name, openssl]) => {
    const hash = createHash(openssl);
    for (let at = 0; at < octets; at += block.length) hash.update(block);
    return [name, hash.digest('hex')];
  }));
}

/** @param subjects `[{ name, run, against?, goal? }]`, each with its answer checked inside; one round of all before the others warms up */
async function inRounds(table, { cpu }, rounds, subjects) {
  const times = new Map(subjects.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, run } of subjects) {
      const before = await cpu();
      await run();
      if (round >= 0) times.get(name).push((await cpu()) - before);
    }
  }
  return subjects.map(({ name, against = subjects[0].name, goal }) => row(table, name, times.get(name), against, times.get(against), { goal }));
}

function row(table, name, times, against, others, { goal, goalUs } = {}) {
  const ratios = times.map((time, round) => time / others[round]);
  const [us, ratio] = [median(times), median(ratios)];
  return {
    name: `${table}/${name}`, us: round3(us), perSecond: round3(1e6 / us), ratio: round3(ratio), against: `${table}/${against}`, spread: [round3(quantile(ratios, 0.25)), round3(quantile(ratios, 0.75))],
    ...(goal === undefined ? {} : { goal }), ...(goalUs === undefined ? {} : { goalUs }), ...(goal === undefined && goalUs === undefined ? {} : { met: ratio <= (goal ?? Infinity) && us <= (goalUs ?? Infinity) }),
  };
}

function expecting(page, wanted, subject, ...args) {
  return async () => {
    const found = await page.evaluate(([name, given]) => globalThis.subjects[name](...given), [subject, args]);
    if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${subject} ${args.join(' ')}: ${found} instead of ${wanted}`);
  };
}

async function hashes(opened, rounds) {
  const wanted = digestsOf(GIB);
  return inRounds('browser/hash', opened, rounds, ['SHA-256', 'SM3'].flatMap((name) => [
    { name: `${name}, hash-wasm`, against: `${name}, hash-wasm`, run: expecting(opened.page, wanted[name], 'hash-wasm', name, GIB) },
    { name: `${name}, hefu`, against: `${name}, hash-wasm`, goal: 1, run: expecting(opened.page, wanted[name], 'hefu', name, GIB) },
  ]));
}

async function atOnce(opened, rounds) {
  const wanted = digestsOf(AT_ONCE)['SHA-256'];
  return inRounds('browser/hash 256 MiB', opened, rounds, [
    { name: 'subtle.digest, at once', run: expecting(opened.page, wanted, 'subtle.digest, at once', 'SHA-256', AT_ONCE) },
    { name: 'the filling of its memory', run: expecting(opened.page, AT_ONCE, 'whole in memory', 'SHA-256', AT_ONCE) },
    { name: 'hash-wasm', run: expecting(opened.page, wanted, 'hash-wasm', 'SHA-256', AT_ONCE) },
    { name: 'hefu', run: expecting(opened.page, wanted, 'hefu', 'SHA-256', AT_ONCE) },
  ]);
}

async function files(opened, rounds) {
  const wanted = Object.values(digestsOf(GIB));
  return inRounds('browser/file', opened, rounds, [
    { name: 'hash-wasm, in the page', run: expecting(opened.page, wanted, 'file by hash-wasm', GIB) },
    { name: 'digestFile, in its worker', goal: 1, run: expecting(opened.page, wanted, 'digestFile', GIB) },
  ]);
}

/** Of 2 GiB of zeros; `head -c 2147483648 /dev/zero | openssl dgst -sha256`. */
const ZEROS = 'a7c744c13cc101ed66c29f672f92455547889cc586ce6d44fe76ae824958ea51';

async function memory({ page, memory: resident }) {
  const folder = mkdtempSync(join(tmpdir(), 'hefu-bench-'));
  try {
    const path = join(folder, 'sparse.bin');
    const file = openSync(path, 'w');
    ftruncateSync(file, 2 * GIB);
    closeSync(file);
    await page.setInputFiles('input', path);
    const before = await resident();
    let most = before;
    let over = false;
    const watching = (async () => {
      while (!over) {
        most = Math.max(most, await resident());
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    const [sha256] = await page.evaluate(() => globalThis.subjects['chosen file']());
    over = true;
    await watching;
    if (sha256 !== ZEROS) throw new Error(`2 GiB of zeros hash to ${sha256}`);
    const ratio = round3((most - before) / (2 * GIB));
    return [{ name: 'browser/memory/digestFile, 2 GiB', mb: Math.round((most - before) / 1e6), ratio, against: 'browser/memory/octets of the file', goal: MEMORY, met: ratio <= MEMORY }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Verdicts until the compiler has had its say, and those that are timed then. */
const WARMING = 150;
const WARM = 30;

async function verdicts({ page, origin }, chain, rounds) {
  const content = createContent(10_000);
  const { envelope } = await createTrustList(chain, nodeAlgorithms());
  const base64 = (octets) => Buffer.from(octets).toString('base64');
  const opening = [
    { list: base64(typeof envelope === 'string' ? Buffer.from(envelope) : envelope), role: listRole(), now: AT },
    { signature: base64(createMessage(chain, content)), content: base64(content), crls: createCrls(chain).map(({ crl }) => base64(crl.bytes)), context: { region: REGION }, at: AT },
  ];
  const ask = async (times, altered) => {
    const { ms, conclusion } = await page.evaluate(([many, other]) => globalThis.subjects.verify(many, other), [times, altered]);
    if (conclusion !== (altered ? 'failed' : 'passed')) throw new Error(`${altered ? 'an altered' : 'a'} bid: ${conclusion}`);
    return ms * 1000;
  };
  const [cold, warm] = [[], []];
  for (let round = 0; round < rounds; round++) {
    // A page of its own: nothing compiled, nothing kept.
    await page.goto(origin);
    await page.waitForFunction(() => globalThis.subjects !== undefined);
    await page.evaluate(([options, request]) => globalThis.subjects.open(options, request), opening);
    cold.push(await ask(1, false));
    await ask(1, true);
    await ask(WARMING, false);
    warm.push(await ask(WARM, false));
  }
  const table = `browser/verify/${chain.kind}`;
  const last = `one after ${WARMING}`;
  return [row(table, last, warm, last, warm), row(table, 'the first in a page', cold, last, warm, { goal: COLD })];
}

/** Projects can be chosen and files added: what a bidder begins with. */
const USABLE = () => document.querySelector('#project option') !== null && document.querySelector('hefu-file-digest')?.shadowRoot?.querySelector('input') !== null;

async function interactive({ browser, origin }, rounds) {
  const room = await start({ port: 0 });
  try {
    const [empty, usable] = [[], []];
    for (let round = -1; round < rounds; round++) {
      for (const [times, address, condition] of [[empty, `${origin}/empty`, () => document.readyState === 'complete'], [usable, `${room.url}/`, USABLE]]) {
        // A visit for the first time: no cache, no compiled code.
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.goto(address, { waitUntil: 'commit' });
        await page.waitForFunction(condition, undefined, { polling: 'raf' });
        if (round >= 0) times.push((await page.evaluate(() => performance.now())) * 1000);
        await context.close();
      }
    }
    return [row('browser/bid-room', 'an empty page', empty, 'an empty page', empty), row('browser/bid-room', 'the bidder’s page', usable, 'an empty page', empty, { goalUs: INTERACTIVE_US })];
  } finally {
    await room.close();
  }
}
