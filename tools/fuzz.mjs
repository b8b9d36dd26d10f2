// Mutated and random input to every parser entry.
//
//   npm run fuzz -- <seconds> [--seed <n>] [--entry <name>] [--entries <module>] [--inputs <n>]
//   node tools/fuzz.mjs --replay <seed>:<entry>:<index>
//
// <seconds> is shared between the entries (default 30); --inputs counts inputs of each entry instead, a share of them for entries that are slow. Every input follows
// from seed, entry and index alone, so a finding's `replay` line brings it back and prints it in hex.
// An entry may throw only the error classes it names. Anything else is a crash; an input over one second is a hang, seen
// from outside the thread that hangs; memory that goes on growing from window to window is a leak. Prints one line an
// entry and exits 1 on any finding; inputs found are also written to node_modules/.cache/fuzz.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const HANG_MS = 1000;
/** Heap and buffers still held after collection, beyond those held after warming up. */
const LEAK_BYTES = 32 * 1024 * 1024;
/** Inputs between two looks at the memory held; the first look comes after warming up. */
const WINDOW = 10_000;
const WARM_UP = 2000;
/** What the windows of a long run may grow by, from the quietest of the first third to the quietest of the last. */
const CREEP_BYTES = 4 * 1024 * 1024;
const CACHE = fileURLToPath(new URL('../node_modules/.cache/fuzz/', import.meta.url));
const HEAP_MB = 512;
const MAX_INPUT = 64 * 1024;
/** Findings described one by one; the rest are only counted. */
const SHOWN = 5;

// ---- input, from (seed, entry, index) alone

/** mulberry32 over a hash of the three. */
function generator(seed, entry, index) {
  let state = seed >>> 0;
  for (const text of [entry, String(index)]) {
    for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193) >>> 0;
    state = Math.imul(state ^ (state >>> 15), 0x85ebca6b) >>> 0;
  }
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  /** 0 … bound - 1 */
  return (bound) => (bound <= 1 ? 0 : next() % bound);
}

const INTERESTING = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x17, 0x18, 0x24, 0x2d, 0x30, 0x31, 0x3d, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xa1, 0xa3, 0xfe, 0xff];

/** Offsets of element headers, found by reading tags and definite lengths loosely. */
function headers(bytes) {
  const found = [];
  const walk = (at, end, depth) => {
    while (at + 2 <= end && found.length < 2000) {
      found.push(at);
      const first = bytes[at + 1];
      let start = at + 2;
      let length = first;
      if (first === 0x80) length = end - start;
      else if (first > 0x80) {
        length = 0;
        for (let i = 0; i < (first & 0x7f) && i < 4; i++) length = length * 256 + (bytes[start + i] ?? 0);
        start += first & 0x7f;
      }
      const stop = Math.min(end, start + length);
      if ((bytes[at] & 0x20 || bytes[at] === 0x04 || bytes[at] === 0x03) && depth < 12) walk(start, stop, depth + 1);
      at = Math.max(stop, at + 2);
    }
  };
  walk(0, bytes.length, 0);
  return found;
}

function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** [name, change]: each takes and gives whole inputs. */
const MUTATIONS = [
  (bytes, pick) => { const out = bytes.slice(); if (out.length) out[pick(out.length)] ^= 1 << pick(8); return out; },
  (bytes, pick) => { const out = bytes.slice(); if (out.length) out[pick(out.length)] = INTERESTING[pick(INTERESTING.length)]; return out; },
  (bytes, pick) => { const out = bytes.slice(); if (out.length) out[pick(out.length)] = pick(256); return out; },
  (bytes, pick) => bytes.slice(0, pick(bytes.length + 1)),
  (bytes, pick) => { const at = pick(bytes.length + 1); return concat(bytes.subarray(0, at), bytes.subarray(at + 1 + pick(16))); },
  (bytes, pick) => { const at = pick(bytes.length + 1); return concat(bytes.subarray(0, at), Uint8Array.from({ length: 1 + pick(16) }, () => pick(256)), bytes.subarray(at)); },
  (bytes, pick) => { const at = pick(bytes.length + 1); const part = bytes.subarray(at, at + 1 + pick(200)); return concat(bytes.subarray(0, at), ...Array(1 + pick(20)).fill(part), bytes.subarray(at)); },
  (bytes, pick, other) => { const at = pick(bytes.length + 1); const from = pick(other.length + 1); return concat(bytes.subarray(0, at), other.subarray(from, from + 1 + pick(400)), bytes.subarray(at)); },
  (bytes, pick, other) => concat(bytes.subarray(0, pick(bytes.length + 1)), other.subarray(pick(other.length + 1))),
  // Aimed at element headers: tag, length, the content's first octet.
  (bytes, pick) => { const at = headers(bytes); const out = bytes.slice(); if (at.length) out[at[pick(at.length)]] = INTERESTING[pick(INTERESTING.length)]; return out; },
  (bytes, pick) => { const at = headers(bytes); const out = bytes.slice(); if (at.length) out[at[pick(at.length)] + 1] = pick(2) ? INTERESTING[pick(INTERESTING.length)] : pick(256); return out; },
  (bytes, pick) => { const at = headers(bytes); const out = bytes.slice(); if (at.length) { const where = at[pick(at.length)] + 1; out[where] += pick(2) ? 1 : -1; } return out; },
  // A whole element out, twice, or emptied, with the lengths around it left wrong or made indefinite.
  (bytes, pick) => { const at = headers(bytes); if (!at.length) return bytes; const i = pick(at.length); return concat(bytes.subarray(0, at[i]), bytes.subarray(at[i + 1 + pick(4)] ?? bytes.length)); },
  (bytes, pick) => { const out = bytes.slice(); for (const at of headers(bytes).slice(0, 1 + pick(6))) if (out[at] & 0x20 && out[at + 1] < 0x80) out[at + 1] = 0x80; return concat(out, new Uint8Array(2 * pick(8))); },
  (bytes, pick) => { const depth = 1 + pick(400); const tag = INTERESTING[pick(INTERESTING.length)]; const at = pick(bytes.length + 1); return concat(bytes.subarray(0, at), Uint8Array.from({ length: 2 * depth }, (_, i) => (i % 2 ? 0x80 : tag)), bytes.subarray(at), new Uint8Array(2 * pick(depth))); },
];

/** @param form the entry's own way to mutate its inputs, where it has one */
export function makeInput(seed, entry, index, seeds, form = undefined) {
  const pick = generator(seed, entry, index);
  if (index < seeds.length) return seeds[index]; // the seeds themselves come first
  if (form !== undefined) return form(seeds[pick(seeds.length)], pick, seeds[pick(seeds.length)], mutateOctets);
  if (seeds.length === 0 || pick(50) === 0) return Uint8Array.from({ length: pick(2000) }, () => pick(256));
  return mutateOctets(seeds[pick(seeds.length)], pick, () => seeds[pick(seeds.length)]);
}

/** @param other octets to take from, or what gives them */
function mutateOctets(octets, pick, other) {
  let bytes = octets;
  for (let left = 1 + (pick(3) === 0 ? pick(8) : 0); left > 0; left--) {
    bytes = MUTATIONS[pick(MUTATIONS.length)](bytes, pick, typeof other === 'function' ? other() : other);
    if (bytes.length > MAX_INPUT) bytes = bytes.subarray(0, MAX_INPUT);
  }
  return bytes;
}

// ---- worker: one entry, reporting where it stands in shared memory so that a hang can be seen from outside

const [INDEX, STARTED, ACCEPTED, STATE] = [0, 1, 2, 3];
const [RUNNING, DONE] = [1, 2];

async function work({ modulePath, entryName, seed, from, inputs, until, shared }) {
  const board = new Float64Array(shared);
  const { entries } = await import(pathToFileURL(modulePath).href);
  const entry = entries.find(({ name }) => name === entryName);
  const seeds = entry.seeds();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const held = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const windows = [];
  let index = from;
  for (; index < inputs && Date.now() < until; index++) {
    const input = makeInput(seed, entryName, index, seeds, entry.mutate);
    board[INDEX] = index;
    board[STARTED] = performance.timeOrigin + performance.now();
    board[STATE] = RUNNING;
    const kept = input.slice();
    let outcome;
    try {
      const answer = entry.run(input);
      if ((answer instanceof Promise ? await answer : answer) !== false) board[ACCEPTED]++;
    } catch (error) {
      if (!entry.expects(error)) outcome = { index, kind: 'crash', text: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    }
    const ms = performance.timeOrigin + performance.now() - board[STARTED];
    board[STARTED] = 0;
    if (outcome === undefined && ms > HANG_MS && (await isSlow(entry, kept, board))) outcome = { index, kind: 'hang', text: `${Math.round(ms)} ms` };
    if (outcome === undefined && Buffer.compare(kept, input) !== 0) outcome = { index, kind: 'crash', text: 'the entry changed its input' };
    if (outcome !== undefined) parentPort.postMessage(outcome);
    if (index >= from + WARM_UP && (index - from - WARM_UP) % WINDOW === 0) windows.push(held());
    // Lets messages out; the loop never yields otherwise.
    if (index % 512 === 0) await new Promise((next) => setImmediate(next));
  }
  if (windows.length > 0) {
    windows.push(held());
    const growth = windows.at(-1) - windows[0];
    const third = Math.floor(windows.length / 3);
    const creep = third < 2 ? 0 : Math.min(...windows.slice(-third)) - Math.min(...windows.slice(0, third));
    if (growth > LEAK_BYTES) parentPort.postMessage({ index, kind: 'leak', text: `${megabytes(growth)} MB held after ${index - from} inputs` });
    else if (creep > CREEP_BYTES) parentPort.postMessage({ index, kind: 'leak', text: `${megabytes(creep)} MB more from the first third of ${windows.length} windows to the last` });
    parentPort.postMessage({ held: [windows[0], windows.at(-1)] });
  }
  board[INDEX] = index;
  board[STATE] = DONE;
}

/** Once more, to tell a slow input from a busy machine. The watch outside goes on. */
async function isSlow(entry, input, board) {
  const started = (board[STARTED] = performance.timeOrigin + performance.now());
  try {
    await entry.run(input.slice());
  } catch {
    // said the first time
  }
  board[STARTED] = 0;
  return performance.timeOrigin + performance.now() - started > HANG_MS;
}

const megabytes = (bytes) => (bytes / 1024 / 1024).toFixed(1);

// ---- main

/** Runs one entry to the end, restarting after a hang or a killed worker. */
async function fuzzEntry(options, entryName) {
  const shared = new SharedArrayBuffer(4 * 8);
  const board = new Float64Array(shared);
  const findings = [];
  let held;
  let from = 0;
  while (from < options.inputs && (from === 0 || Date.now() < options.until)) {
    board[STATE] = 0;
    board[STARTED] = 0;
    board[INDEX] = from;
    const worker = new Worker(fileURLToPath(import.meta.url), {
      workerData: { ...options, entryName, from, shared, fuzzWorker: true },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.on('message', (message) => {
      if (message.held === undefined) findings.push(message);
      else held = message.held;
    });
    const ended = await new Promise((settle) => {
      const watch = setInterval(() => {
        const started = board[STARTED];
        if (started !== 0 && performance.timeOrigin + performance.now() - started > 3 * HANG_MS) settle({ kind: 'hang', text: `over ${3 * HANG_MS} ms, stopped` });
      }, 200);
      worker.on('error', (error) => settle({ kind: 'crash', text: `${error.code ?? error.name}: ${error.message}` }));
      worker.on('exit', (code) => settle(code === 0 && board[STATE] === DONE ? undefined : { kind: 'crash', text: `worker ended with ${code}` }));
      worker.once('exit', () => clearInterval(watch));
    });
    await worker.terminate();
    if (ended === undefined) break;
    if (board[STATE] === 0) throw new Error(`entry ${entryName} could not start: ${ended.text}`);
    findings.push({ ...ended, index: board[INDEX] });
    from = board[INDEX] + 1;
    if (findings.length > 100) break;
  }
  return { name: entryName, inputs: Math.max(board[INDEX], from), accepted: board[ACCEPTED], held, findings };
}

function usage(message) {
  console.error(`${message}\nusage: npm run fuzz -- <seconds> [--seed n] [--entry name] [--entries module] [--inputs n] | --replay seed:entry:index`);
  process.exit(3);
}

async function main(args) {
  const options = { seconds: 30, seed: (Date.now() ^ (process.pid << 16)) >>> 0, entry: undefined, inputs: undefined, replay: undefined };
  options.entries = fileURLToPath(new URL('./fuzz-entries.mjs', import.meta.url));
  for (let i = 0; i < args.length; i++) {
    const name = args[i].startsWith('--') ? args[i].slice(2) : undefined;
    const value = name === undefined ? args[i] : args[++i];
    if (value === undefined || (name !== undefined && !(name in options))) usage(`cannot read ${args[i] ?? name}`);
    options[name ?? 'seconds'] = ['seconds', 'seed', 'inputs', undefined].includes(name) ? Number(value) : value;
  }
  for (const key of ['seconds', 'seed', 'inputs']) if (options[key] !== undefined && !(options[key] >= 0)) usage(`--${key} takes a number`);
  const modulePath = resolve(options.entries);
  if (!existsSync(modulePath)) usage(`no module ${options.entries}`);
  const { entries } = await import(pathToFileURL(modulePath).href);
  const inputOf = (entry, index) => makeInput(options.seed, entry.name, index, entry.seeds(), entry.mutate);

  if (options.replay !== undefined) {
    const [, seed, name, index] = /^(\d+):(.+):(\d+)$/.exec(options.replay) ?? usage('--replay takes seed:entry:index');
    const entry = entries.find((candidate) => candidate.name === name) ?? usage(`no entry ${name}`);
    const input = makeInput(Number(seed), name, Number(index), entry.seeds(), entry.mutate);
    console.log(Buffer.from(input).toString('hex'));
    await entry.run(input); // throws to the console, which is what a replay is for
    return 0;
  }

  const chosen = entries.filter(({ name }) => options.entry === undefined || name === options.entry);
  if (chosen.length === 0) usage(`no entry ${options.entry}`);
  console.log(`seed ${options.seed}`);
  let total = 0;
  let found = 0;
  for (const entry of chosen) {
    const { name } = entry;
    const counted = options.inputs !== undefined;
    const until = counted ? Infinity : Date.now() + (options.seconds * 1000) / chosen.length;
    const result = await fuzzEntry({ modulePath, seed: options.seed, inputs: counted ? Math.ceil(options.inputs / (entry.cost ?? 1)) : Infinity, until }, name);
    const count = (kind) => result.findings.filter((finding) => finding.kind === kind).length;
    console.log(`${name.padEnd(24)} ${String(result.inputs).padStart(9)} inputs  ${result.accepted} accepted  ${count('crash')} crashes  ${count('hang')} hangs  ${count('leak')} leaks${result.held === undefined ? '' : `  ${result.held.map(megabytes).join(' -> ')} MB held`}`);
    for (const finding of result.findings.slice(0, SHOWN)) {
      console.log(`  ${finding.kind}: ${finding.text}\n    replay ${options.seed}:${name}:${finding.index}`);
      if (finding.kind !== 'leak') save(`${options.seed}-${name.replaceAll(' ', '-')}-${finding.index}`, inputOf(entry, finding.index));
    }
    total += result.inputs;
    found += result.findings.length;
  }
  console.log(`${total} inputs tried, ${found} findings`);
  return found === 0 ? 0 : 1;
}

function save(name, input) {
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(`${CACHE}${name}.bin`, input);
}

if (!isMainThread && workerData?.fuzzWorker) await work(workerData);
else if (isMainThread && process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main(process.argv.slice(2)));
