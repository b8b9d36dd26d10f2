// In Chromium, where a bid is signed and looked at: hashing against hash-wasm and `crypto.subtle`, the first verdict of a page against those after it,
// memory while 2 GB are hashed, and how soon the bidder's page can be used. CPU is that of the browser's renderers, workers included.
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../examples/bid-room/start.mjs';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { hasChromium, openPage } from './browser-page.mjs';
import { comparison, weight } from './comparison.mjs';
import { AT, createContent, createCrls, createMessage, createTrustList, listRole, REGION } from './material.mjs';

const GIB = 2 ** 30;
/** As much as `subtle.digest` is given at once. */
const AT_ONCE = GIB / 4;
const WARM_UP = 2 ** 26;
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

const known = new Map();

/** What that many octets of `browser-subjects.mjs` hash to, by OpenSSL. */
function digestsOf(octets) {
  if (!known.has(octets)) known.set(octets, hashed(octets));
  return known.get(octets);
}

function hashed(octets) {
  const words = new Uint32Array(2 ** 24);
  for (let i = 0, x = 1; i < words.length; i++) words[i] = x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
  const block = new Uint8Array(words.buffer);
  return Object.fromEntries([['SHA-256', 'sha256'], ['SM3', 'sm3']].map(([name, openssl]) => {
    const hash = createHash(openssl);
    for (let at = 0; at < octets; at += block.length) hash.update(block);
    return [name, hash.digest('hex')];
  }));
}

/** @param subjects `[{ name, run, against?, goal? }]`; `run(octets)` looks at its own answer, and warms up over few */
async function inRounds(table, octets, { cpu }, rounds, subjects) {
  const times = new Map(subjects.map(({ name }) => [name, []]));
  for (const { run } of subjects) await run(WARM_UP);
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of subjects) {
      const before = await cpu();
      await run(octets);
      times.get(name).push((await cpu()) - before);
    }
  }
  return subjects.map(({ name, against = subjects[0].name, goal }) => comparison(table, name, times.get(name), against, times.get(against), { goal }));
}

/** A subject of the page, asked with what comes before the octets. */
function asking(page, subject, wanted, ...before) {
  return async (octets) => {
    const found = await page.evaluate(([name, given]) => globalThis.subjects[name](...given), [subject, [...before, octets]]);
    if (JSON.stringify(found) !== JSON.stringify(wanted(octets))) throw new Error(`${subject} ${before.join(' ')} over ${octets}: ${found} instead of ${wanted(octets)}`);
  };
}

function hashes({ page, ...opened }, rounds) {
  return inRounds('browser/hash', GIB, opened, rounds, ['SHA-256', 'SM3'].flatMap((name) => {
    const [wanted, against] = [(octets) => digestsOf(octets)[name], `${name}, hash-wasm`];
    return [{ name: against, against, run: asking(page, 'hash-wasm', wanted, name) }, { name: `${name}, hefu`, against, goal: 1, run: asking(page, 'hefu', wanted, name) }];
  }));
}

function atOnce({ page, ...opened }, rounds) {
  const wanted = (octets) => digestsOf(octets)['SHA-256'];
  return inRounds('browser/hash 256 MiB', AT_ONCE, opened, rounds, [
    { name: 'subtle.digest, at once', run: asking(page, 'subtle.digest, at once', wanted, 'SHA-256') },
    { name: 'the filling of its memory', run: asking(page, 'whole in memory', (octets) => octets) },
    { name: 'hash-wasm', run: asking(page, 'hash-wasm', wanted, 'SHA-256') },
    { name: 'hefu', run: asking(page, 'hefu', wanted, 'SHA-256') },
  ]);
}

function files({ page, ...opened }, rounds) {
  const wanted = (octets) => Object.values(digestsOf(octets));
  return inRounds('browser/file', GIB, opened, rounds, [{ name: 'hash-wasm, in the page', run: asking(page, 'file by hash-wasm', wanted) }, { name: 'digestFile, in its worker', goal: 1, run: asking(page, 'digestFile', wanted) }]);
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
    return [weight('browser/memory', 'digestFile, 2 GiB', most - before, 'octets of the file', 2 * GIB, { goal: MEMORY })];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Verdicts until the compiler has had its say, and those that are timed then. */
const WARMING = 150;
const WARM = 30;
/** Nobody chooses a message and its file sooner; the page has nothing to do meanwhile. */
const CHOOSING_MS = 3000;
/** What a list takes to come by a network of today. */
const FETCHING_MS = 100;

async function verdicts({ browser, origin }, chain, rounds) {
  const content = createContent(10_000);
  const { envelope } = await createTrustList(chain, nodeAlgorithms());
  const base64 = (octets) => Buffer.from(octets).toString('base64');
  const opening = [
    { list: base64(typeof envelope === 'string' ? Buffer.from(envelope) : envelope), role: listRole(), now: AT },
    { signature: base64(createMessage(chain, content)), content: base64(content), crls: createCrls(chain).map(({ crl }) => base64(crl.bytes)), context: { region: REGION }, at: AT },
  ];
  const ask = async (page, times, altered) => {
    const { ms, conclusion } = await page.evaluate(([many, other]) => globalThis.subjects.verify(many, other), [times, altered]);
    if (conclusion !== (altered ? 'failed' : 'passed')) throw new Error(`${altered ? 'an altered' : 'a'} bid: ${conclusion}`);
    return ms * 1000;
  };
  // A visit for the first time, in a process of its own: nothing compiled, nothing kept.
  const visit = async (act, how = {}) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(origin);
    await page.waitForFunction(() => globalThis.subjects !== undefined);
    await page.evaluate(([options, request]) => globalThis.subjects.open(options, request), [{ ...opening[0], ...how }, opening[1]]);
    await act(page);
    await context.close();
  };
  const [atOnce, fetched, first, warm] = [[], [], [], []];
  for (let round = 0; round < rounds; round++) {
    await visit(async (page) => void atOnce.push(await ask(page, 1, false)));
    await visit(async (page) => void fetched.push(await ask(page, 1, false)), { after: FETCHING_MS });
    await visit(async (page) => {
      await page.waitForTimeout(CHOOSING_MS);
      first.push(await ask(page, 1, false));
      await ask(page, 1, true);
      await ask(page, WARMING, false);
      warm.push(await ask(page, WARM, false));
    });
  }
  const table = `browser/verify/${chain.kind}`;
  const last = `one after ${WARMING}`;
  return [
    comparison(table, last, warm, last, warm),
    comparison(table, 'the first, asked for as soon as there is a verifier', atOnce, last, warm, { goal: COLD }),
    comparison(table, `the first, as soon as a list is there that took ${FETCHING_MS} ms to come`, fetched, last, warm, { goal: COLD }),
    comparison(table, `the first, ${CHOOSING_MS / 1000} s later`, first, last, warm, { goal: COLD }),
  ];
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
    return [comparison('browser/bid-room', 'an empty page', empty, 'an empty page', empty), comparison('browser/bid-room', 'the bidder’s page', usable, 'an empty page', empty, { goalUs: INTERACTIVE_US })];
  } finally {
    await room.close();
  }
}
