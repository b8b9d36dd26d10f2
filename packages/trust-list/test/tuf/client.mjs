#!/usr/bin/env node
// A client of TUF on Hefu's update engine, by the command line that tuf-conformance drives (see README.md): tests only.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { begin, offer, pass } from '../../dist/update/engine.js';
import { hashesMatch, openFirstRoot, Refused, tufCodec } from './codec.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(['metadata-dir', 'metadata-url', 'target-name', 'target-base-url', 'target-dir'].map((name) => [name, { type: 'string' }])),
});
const [command, trustedRoot] = positionals;
const folder = values['metadata-dir'];
/** For harnesses that cannot run it under another clock, or with a configuration. */
const now = process.env.HEFU_TUF_NOW === undefined ? Date.now() : Number(process.env.HEFU_TUF_NOW);

const limits = JSON.parse(process.env.HEFU_TUF_LIMITS ?? '{}');

class Failure extends Error {}

try {
  if (command === 'init') write('root', readFileSync(trustedRoot));
  else if (command === 'refresh') await refresh();
  else if (command === 'download') await download();
  else throw new Failure(`usage: ${process.argv[1]} --metadata-dir DIR init|refresh|download`);
} catch (error) {
  console.error(error instanceof Failure ? error.message : error instanceof Refused ? `${error.refusal.code}: ${error.refusal.message.en}` : error);
  process.exitCode = 1;
}

async function refresh(target) {
  const first = openFirstRoot(readFileSync(fileOf('root')));
  const pointers = new Map(['timestamp', 'snapshot'].flatMap((name) => stored(name)));
  const lists = { get: (name) => stored(name)[0]?.[1] };
  let update = await begin(tufCodec({ target, limits }), { roots: [first], pointers, lists, highWater: -Infinity }, { at: now, clockSkew: 0 });
  while (update.want !== undefined) {
    const { want } = update;
    const file = await fetchFile(urlOf(want, update), want.length === undefined ? want.maxBytes : Math.min(want.length, want.maxBytes));
    const next = file === undefined ? await pass(update) : await offer(update, file);
    // Verified, then kept: one document at a time, as TUF has it.
    if (next.roots.length > update.roots.length) write('root', next.roots.at(-1).bytes);
    if (next.dropped) for (const name of ['timestamp', 'snapshot']) if (!next.pointers.has(name)) rmSync(fileOf(name), { force: true });
    if (next.refusal !== undefined) throw new Failure(`${next.refusal.code}: ${want.name}: ${next.refusal.message.en}`);
    if (want.kind === 'pointer' && next.pointers.has(want.name)) write(want.name, next.pointers.get(want.name).bytes);
    if (want.kind === 'list' && next.lists.has(want.name)) write(want.name, next.lists.get(want.name).held.bytes);
    update = next;
  }
  const { failure, missing } = update.finished;
  const [lost] = [...missing.values()].filter(({ code }) => code !== 'TL_TOO_MANY_LISTS' && code !== 'TL_TOO_DEEP');
  if (failure ?? lost) throw new Failure(`${(failure ?? lost).code}: ${(failure ?? lost).message.en}`);
  return update.finished;
}

async function download() {
  const name = values['target-name'];
  const { lists, roots } = await refresh(name);
  const wanted = [...lists.values()].map(({ held }) => held.value.targets).find((targets) => Object.hasOwn(targets, name))?.[name];
  if (wanted === undefined) throw new Failure(`no target ${name}`);
  console.log(JSON.stringify(wanted));
  const path = join(values['target-dir'], quoted(name));
  const isRight = (bytes) => bytes.length === wanted.length && hashesMatch(bytes, wanted.hashes);
  try {
    if (isRight(readFileSync(path))) return;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const parts = name.split('/');
  const prefix = roots.at(-1).value.consistent_snapshot === true ? `${Object.values(wanted.hashes)[0]}.` : '';
  const url = [...parts.slice(0, -1), `${prefix}${parts.at(-1)}`].map(encodeURIComponent).join('/');
  const bytes = await fetchFile(`${values['target-base-url'].replace(/\/$/, '')}/${url}`, wanted.length);
  if (bytes === undefined) throw new Failure(`TL_NOT_FETCHED: target ${name}`);
  if (!isRight(bytes)) throw new Failure(`TL_NOT_AS_LISTED: target ${name}`);
  mkdirSync(dirname(path), { recursive: true });
  replace(path, bytes);
}

function urlOf({ kind, name, version }, { roots }) {
  const versioned = kind === 'root' || (roots.at(-1).value.consistent_snapshot === true && name !== 'timestamp');
  return `${values['metadata-url'].replace(/\/$/, '')}/${versioned ? `${version}.` : ''}${quoted(name)}.json`;
}

/** Undefined when it does not exist; never more than a few octets above the limit. */
async function fetchFile(url, maxBytes) {
  const response = await fetch(url);
  if (response.status === 404 || response.status === 403) return undefined;
  if (!response.ok) throw new Failure(`TL_NOT_FETCHED: ${response.status} ${url}`);
  const parts = [];
  let length = 0;
  for await (const part of response.body) {
    parts.push(part);
    length += part.length;
    if (length > maxBytes) break; // the engine says that it is too large
  }
  return Uint8Array.from(Buffer.concat(parts));
}

function stored(name) {
  try {
    return [[name, Uint8Array.from(readFileSync(fileOf(name)))]];
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function fileOf(name) {
  return join(folder, `${quoted(name)}.json`);
}

function quoted(name) {
  return encodeURIComponent(name).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

function write(name, bytes) {
  mkdirSync(folder, { recursive: true });
  replace(fileOf(name), bytes);
}

function replace(path, bytes) {
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}
