import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import { describeFile, EVIDENCE_LIMITS, EvidenceError, readIndex, readManifest, type EvidenceIndex, type EvidenceManifest, type StoredFile } from '@hefu/verify';
import { NodeError } from '../error.js';
import {
  centralHeader, CENTRAL_LENGTH, COMMENT_LENGTH, COMMENT_PREFIX, DEFLATED, DESCRIPTOR_LENGTH, descriptor, END_LENGTH, endRecord, ENTRY_NAME, localHeader, MIMETYPE, readCentralHeader, STORED, type Entry,
} from './layout.js';
import { MAX_DEFLATED_BYTES } from './write-bundle.js';

/** Something wrong with a bundle, and where. */
export interface BundleProblem {
  /** The entry; `zip` for what lies between. */
  readonly file: string;
  readonly code:
    | 'CONTAINER_ALTERED' // an octet outside the files is not what it must be
    | 'CHECKSUM' // an octet was altered, though nothing that is read
    | 'FILE_ALTERED' | 'FILE_MISSING' | 'FILE_EXTRA' | 'DOCUMENT_INVALID';
  readonly detail: string;
}

export interface OpenBundleOptions {
  readonly algorithms: Algorithms;
  readonly signal?: AbortSignal;
}

/** A bundle that is open. Its container was checked, its files are held against their names whenever they are read. */
export interface EvidenceBundle {
  readonly index: EvidenceIndex;
  readonly indexBytes: Uint8Array;
  /** Octets of `seals.json`, when it was sealed. */
  readonly seals: Uint8Array | undefined;
  /** @throws EvidenceError for an id it does not hold, a manifest that is not of its form */
  manifest(id: string): Promise<EvidenceManifest>;
  manifestBytes(id: string): Promise<Uint8Array>;
  /** For `revalidate`. Up to `maxObjectBytes`. */
  object(sha256: string): Promise<Uint8Array | undefined>;
  /** Reads every octet; everything found wrong. Empty: the bundle is whole. */
  check(onProgress?: (done: number, of: number) => void): Promise<readonly BundleProblem[]>;
  /** What the seal is of: index, manifests, objects. */
  readonly files: readonly StoredFile[];
  /** Digests of those files: as they are stated, which `check` holds them to, or computed for another algorithm. */
  digests(digest: DigestAlgorithm): Promise<readonly Uint8Array[]>;
  close(): Promise<void>;
}

/** Octets of a stored file read into memory at once: as for signed content. */
const MAX_OBJECT_BYTES = 1024 * 1024 * 1024;
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024;
const CHUNK = 1 << 20;

/**
 * Opens a bundle. Only the form that `writeEvidenceBundle` writes is taken: whatever else a zip may be (gaps, comments, repeated
 * names, zip64, other flags, headers that contradict each other, paths) is refused before anything is read from it.
 * @throws NodeError FILE_NOT_FOUND | FILE_UNREADABLE | BUNDLE_INVALID with the entry in its message
 * @throws EvidenceError EVIDENCE_DOCUMENT_INVALID for an index not of its form
 */
export async function openEvidenceBundle(path: string, options: OpenBundleOptions): Promise<EvidenceBundle> {
  const { algorithms, signal } = options;
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw new NodeError((cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE', `${path} cannot be opened`, { cause, path });
  }
  try {
    const file = new OpenFile(handle, path);
    const { entries, size } = await readLayout(file);
    const text = async (name: string): Promise<Uint8Array> => {
      const entry = entries.get(name);
      if (entry === undefined) throw file.invalid(`${name} is missing`);
      return readEntry(file, entry);
    };
    if (Buffer.from(await text('mimetype')).toString('latin1') !== MIMETYPE) throw file.invalid('mimetype: it is not an evidence bundle');
    const indexBytes = await text('index.json');
    const index = readIndex(indexBytes);
    const seals = entries.has('seals.json') ? await text('seals.json') : undefined;
    const indexFile = describeFile(indexBytes, algorithms);
    const expected = new Map<string, StoredFile>([
      ...index.manifests.map((each): [string, StoredFile] => [`manifests/${each.sha256}.json`, each]),
      ...index.objects.map((each): [string, StoredFile] => [`objects/${each.sha256}`, each]),
    ]);
    const manifestBytes = async (id: string): Promise<Uint8Array> => {
      const stated = index.manifests.find((each) => each.id === id);
      if (stated === undefined) throw new EvidenceError('EVIDENCE_OBJECT_MISSING', `the bundle has no ${id}`);
      const name = `manifests/${stated.sha256}.json`;
      const bytes = await text(name);
      const found = describeFile(bytes, algorithms);
      if (found.sha256 !== stated.sha256 || found.sm3 !== stated.sm3) throw new EvidenceError('EVIDENCE_OBJECT_ALTERED', `${name} is not what the index says`, { file: name });
      return bytes;
    };
    const files = [indexFile, ...index.manifests, ...index.objects].map(({ sha256, sm3, length }) => ({ sha256, sm3, length }));
    return {
      index, indexBytes, seals, files,
      async digests(digest) {
        if (digest.name === 'SHA-256' || digest.name === 'SM3') return statedDigests(files, digest);
        const found = [digest.digest(indexBytes)];
        for (const name of expected.keys()) found.push(digest.digest(await text(name)));
        return found;
      },
      manifestBytes,
      async manifest(id) {
        const manifest = readManifest(await manifestBytes(id), id);
        if (manifest.id !== id) throw new EvidenceError('EVIDENCE_DOCUMENT_INVALID', `the manifest of ${id} is that of ${manifest.id}`);
        return manifest;
      },
      async object(sha256) {
        const entry = entries.get(`objects/${sha256}`);
        return entry === undefined ? undefined : readEntry(file, entry);
      },
      check: (onProgress) => checkAll({ file, size, entries, expected, index, algorithms, manifestBytes, ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) }),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The digests that are stated in an index, of one of its two algorithms. */
export function statedDigests(files: readonly StoredFile[], { name }: DigestAlgorithm): readonly Uint8Array[] {
  return files.map(({ sha256, sm3 }) => new Uint8Array(Buffer.from(name === 'SM3' ? sm3 : sha256, 'hex')));
}

class OpenFile {
  readonly #handle: FileHandle;
  readonly #path: string;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  async read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    for (let filled = 0; filled < length; ) {
      const { bytesRead } = await this.#handle.read(buffer, filled, length - filled, position + filled);
      if (bytesRead === 0) throw this.invalid('it is cut off');
      filled += bytesRead;
    }
    return buffer;
  }

  invalid(message: string): NodeError {
    return new NodeError('BUNDLE_INVALID', `${this.#path}: ${message}`, { path: this.#path });
  }
}

/** Every octet outside the files' data, compared with what it must be. */
async function readLayout(file: OpenFile): Promise<{ readonly entries: ReadonlyMap<string, Entry>; readonly size: number }> {
  const size = await file.size();
  const endAt = size - END_LENGTH - COMMENT_LENGTH;
  if (endAt < 0) throw file.invalid('it is too short');
  const end = await file.read(endAt, END_LENGTH + COMMENT_PREFIX.length);
  const [count, centralLength, centralOffset] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  if (!end.subarray(0, END_LENGTH).equals(endRecord(count, centralLength, centralOffset)) || end.toString('latin1', END_LENGTH) !== COMMENT_PREFIX) throw file.invalid('zip: its end is not that of an evidence bundle');
  if (centralLength > MAX_DIRECTORY_BYTES) throw file.invalid(`zip: a directory of ${centralLength} octets`);
  if (centralOffset + centralLength !== endAt) throw file.invalid('zip: something lies between directory and end');
  const central = await file.read(centralOffset, centralLength);
  const entries = new Map<string, Entry>();
  let at = 0;
  let cursor = 0;
  for (let n = 0; n < count; n += 1) {
    if (at + CENTRAL_LENGTH > central.length) throw file.invalid('zip: the directory is cut off');
    const entry = readCentralHeader(central, at);
    const { name, offset, compressedLength, length, method } = entry;
    if (!ENTRY_NAME.test(name)) throw file.invalid(`zip: entry ${n} has a name that no file of a bundle has`);
    const expected = centralHeader(entry);
    if (!central.subarray(at, at + expected.length).equals(expected)) throw file.invalid(`${name}: its directory entry was altered`);
    if (entries.has(name)) throw file.invalid(`${name}: it is there twice`);
    if (offset !== cursor) throw file.invalid(`${name}: something lies before it, or it overlaps`);
    if (method === STORED ? compressedLength !== length : length > MAX_DEFLATED_BYTES && name.startsWith('objects/')) throw file.invalid(`${name}: its lengths cannot be`);
    if (cursor + localHeader(entry).length + compressedLength + DESCRIPTOR_LENGTH > centralOffset) throw file.invalid(`${name}: it reaches into the directory`);
    const local = localHeader(entry);
    if (!(await file.read(cursor, local.length)).equals(local)) throw file.invalid(`${name}: its header was altered`);
    cursor += local.length + compressedLength;
    if (!(await file.read(cursor, DESCRIPTOR_LENGTH)).equals(descriptor(entry))) throw file.invalid(`${name}: its sizes were altered`);
    cursor += DESCRIPTOR_LENGTH;
    entries.set(name, entry);
    at += expected.length;
  }
  if (at !== central.length) throw file.invalid('zip: the directory holds more than it counts');
  if (cursor !== centralOffset) throw file.invalid('zip: something lies before the directory');
  return { entries, size };
}

function dataAt({ name, offset }: Entry): number {
  return offset + localHeader({ name, method: STORED }).length;
}

/** A file's octets: inflated to what the directory says and not an octet more. */
async function readEntry(file: OpenFile, entry: Entry): Promise<Uint8Array> {
  const { name, method, compressedLength, length } = entry;
  const limit = name.startsWith('objects/') ? MAX_OBJECT_BYTES : name === 'index.json' ? EVIDENCE_LIMITS.maxIndexBytes : name === 'seals.json' ? EVIDENCE_LIMITS.maxSealsBytes : EVIDENCE_LIMITS.maxManifestBytes;
  if (length > limit) throw file.invalid(`${name}: it has ${length} octets`);
  const raw = await file.read(dataAt(entry), compressedLength);
  const octets = method === DEFLATED ? inflate(raw, length) : raw;
  if (octets === undefined || octets.length !== length || crc32(octets) !== entry.crc32) throw file.invalid(`${name}: its octets were altered`);
  return new Uint8Array(octets.buffer, octets.byteOffset, octets.length);
}

function inflate(raw: Buffer, length: number): Buffer | undefined {
  try {
    // One octet more than it may have, so that a longer one shows; the engine tells whether all input was used.
    const { buffer, engine } = inflateRawSync(raw, { maxOutputLength: length + 1, info: true }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return engine.bytesWritten === raw.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}

interface CheckInput extends OpenBundleOptions {
  readonly file: OpenFile;
  readonly size: number;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly expected: ReadonlyMap<string, StoredFile>;
  readonly index: EvidenceIndex;
  manifestBytes(id: string): Promise<Uint8Array>;
  readonly onProgress?: (done: number, of: number) => void;
}

async function checkAll({ file, size, entries, expected, index, algorithms, signal, manifestBytes, onProgress }: CheckInput): Promise<readonly BundleProblem[]> {
  const problems: BundleProblem[] = [];
  for (const name of expected.keys()) if (!entries.has(name)) problems.push({ file: name, code: 'FILE_MISSING', detail: 'the index names it' });
  let done = 0;
  for (const [name, entry] of entries) {
    signal?.throwIfAborted();
    onProgress?.((done += 1), entries.size);
    if (name === 'mimetype' || name === 'index.json' || name === 'seals.json') continue;
    const stated = expected.get(name);
    if (stated === undefined) problems.push({ file: name, code: 'FILE_EXTRA', detail: 'nothing names it' });
    else if (!(await isAsStated(file, entry, stated, algorithms))) problems.push({ file: name, code: 'FILE_ALTERED', detail: `it is not the file of SHA-256 ${stated.sha256}` });
  }
  const named = new Set<string>();
  for (const { id, sha256 } of index.manifests) {
    try {
      const manifest = readManifest(await manifestBytes(id), id);
      if (manifest.id !== id) problems.push({ file: `manifests/${sha256}.json`, code: 'DOCUMENT_INVALID', detail: `the index calls it ${id}, itself ${manifest.id}` });
      for (const each of manifest.files) {
        named.add(each.sha256);
        const stated = expected.get(`objects/${each.sha256}`);
        if (stated === undefined) problems.push({ file: `objects/${each.sha256}`, code: 'FILE_MISSING', detail: `${id} names it` });
        else if (stated.sm3 !== each.sm3 || stated.length !== each.length) problems.push({ file: `objects/${each.sha256}`, code: 'FILE_ALTERED', detail: `${id} and the index describe it differently` });
      }
    } catch (error) {
      if (!(error instanceof EvidenceError) && !(error instanceof NodeError)) throw error;
      if (!problems.some(({ file: bad }) => bad === `manifests/${sha256}.json`)) problems.push({ file: `manifests/${sha256}.json`, code: 'DOCUMENT_INVALID', detail: error.message });
    }
  }
  for (const { sha256 } of index.objects) if (!named.has(sha256) && problems.length === 0) problems.push({ file: `objects/${sha256}`, code: 'FILE_EXTRA', detail: 'no manifest names it' });
  if (problems.length === 0 && !(await hasChecksum(file, size))) problems.push({ file: 'zip', code: 'CHECKSUM', detail: 'an octet was altered that changes no file' });
  return problems;
}

/** Both digests, in constant memory for what is stored. */
async function isAsStated(file: OpenFile, entry: Entry, stated: StoredFile, algorithms: Algorithms): Promise<boolean> {
  if (entry.length !== stated.length) return false;
  if (entry.method === DEFLATED || entry.length <= MAX_DEFLATED_BYTES) {
    try {
      const found = describeFile(await readEntry(file, entry), algorithms);
      return found.sha256 === stated.sha256 && found.sm3 === stated.sm3;
    } catch (error) {
      if (error instanceof NodeError) return false;
      throw error;
    }
  }
  const hashers = ['SHA-256', 'SM3'].map((wanted) => algorithms.digests.find(({ name }) => name === wanted)!.create());
  let crc = 0;
  for (let at = 0; at < entry.length; at += CHUNK) {
    const chunk = await file.read(dataAt(entry) + at, Math.min(CHUNK, entry.length - at));
    crc = crc32(chunk, crc);
    for (const hasher of hashers) hasher.update(chunk);
  }
  const [sha256, sm3] = hashers.map((hasher) => Buffer.from(hasher.digest()).toString('hex'));
  return crc === entry.crc32 && sha256 === stated.sha256 && sm3 === stated.sm3;
}

async function hasChecksum(file: OpenFile, size: number): Promise<boolean> {
  const hash = createHash('sha256');
  const end = size - 64;
  for (let at = 0; at < end; at += CHUNK) hash.update(await file.read(at, Math.min(CHUNK, end - at)));
  return (await file.read(end, 64)).toString('latin1') === hash.digest('hex');
}
