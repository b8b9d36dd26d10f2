// In the page: what is timed there.
import { createSHA256, createSM3 } from 'hash-wasm';
import { createBrowserVerifier } from '../packages/browser/dist/verify/create-browser-verifier.js';
import { digestFile } from '../packages/browser/dist/digest/digest-file.js';
import { createResumableDigests } from '../packages/crypto/dist/resumable-digest.js';

const MIB = 1024 * 1024;
const PIECE = 4 * MIB;
const PIECES = 16;
const ours = new Map(createResumableDigests(WebAssembly).map((digest) => [digest.name, digest]));
const peers = new Map([['SHA-256', createSHA256], ['SM3', createSM3]]);
const hex = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
const octetsOf = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));

/** Octets that do not repeat within a piece; what a file is made of here is made in Node the same way. */
function material(octets) {
  const words = new Uint32Array(octets / 4);
  for (let i = 0, x = 1; i < words.length; i++) words[i] = x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
  return new Uint8Array(words.buffer);
}
const block = material(PIECES * PIECE);

async function inPieces(running, octets) {
  for (let done = 0; done < octets; done += PIECE) running.update(block.subarray(done % block.length, (done % block.length) + PIECE));
  return hex(running.digest('binary'));
}
const fileOf = (octets) => {
  const part = new Blob([block]);
  return new File(Array.from({ length: octets / block.length }, () => part), 'bid.bin', { lastModified: 1 });
};
async function readingFile(file, running) {
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
    for (const each of running) each.update(piece);
  }
  return running.map((each) => hex(each.digest('binary')));
}
const worker = () => new Worker('/digest-worker.js', { type: 'module' });

let verifier;
let request;

globalThis.subjects = {
  'hefu': (name, octets) => inPieces(ours.get(name).create(), octets),
  'hash-wasm': async (name, octets) => inPieces((await peers.get(name)()).init(), octets),
  'subtle.digest, at once': async (name, octets) => {
    const whole = new Uint8Array(octets);
    for (let at = 0; at < octets; at += block.length) whole.set(block, at);
    return hex(new Uint8Array(await crypto.subtle.digest(name, whole)));
  },
  /** The filling of memory that `subtle.digest` needs and nobody else, by itself. */
  'whole in memory': async (octets) => {
    const whole = new Uint8Array(octets);
    for (let at = 0; at < octets; at += block.length) whole.set(block, at);
    return whole.length;
  },
  'digestFile': async (octets) => (await digestFile(fileOf(octets), { worker })).digests.map(({ value }) => hex(value)),
  'file by hash-wasm': async (octets) => readingFile(fileOf(octets), [(await createSHA256()).init(), (await createSM3()).init()]),
  'chosen file': async () => (await digestFile(document.querySelector('input').files[0], { worker })).digests.map(({ value }) => hex(value)),

  /** @param after milliseconds that the list takes to come; without them the page has it */
  async open({ list, role, now, after }, { signature, content, crls, ...rest }) {
    const bytes = octetsOf(list);
    const trusted = after === undefined ? { trustList: { bytes }, online: false } : { trustList: { url: LIST }, fetcher: fetching(bytes, after) };
    verifier = await createBrowserVerifier({ ...trusted, role, clock: { now: () => now }, store: memoryStore() });
    request = { ...rest, signature: octetsOf(signature), content: octetsOf(content), crls: crls.map(octetsOf) };
  },
  /** @returns milliseconds each, and the conclusion */
  async verify(times, altered = false) {
    const asked = altered ? { ...request, content: request.content.map((octet, at) => (at === 0 ? octet ^ 1 : octet)) } : request;
    const from = performance.now();
    let conclusion;
    for (let i = 0; i < times; i++) ({ conclusion } = await verifier.verify(asked));
    return { ms: (performance.now() - from) / times, conclusion };
  },
};

const LIST = 'https://list.example/list.json';

/** One list after a time; nothing else. */
function fetching(bytes, after) {
  return {
    async fetch({ url }) {
      if (url !== LIST) throw new Error(`${url} was asked for`);
      await new Promise((resolve) => setTimeout(resolve, after));
      return { status: 200, bytes, finalUrl: url };
    },
  };
}

function memoryStore() {
  const kept = new Map();
  return { get: async (key) => kept.get(key), put: async (key, value) => void kept.set(key, value), delete: async (key) => void kept.delete(key), list: async () => [...kept.keys()] };
}
