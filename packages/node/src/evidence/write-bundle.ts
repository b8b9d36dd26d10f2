import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import type { Algorithms } from '@hefu/crypto';
import { describeFile, serializeIndex, type EvidenceIndex, type EvidenceRecord, type StoredFile } from '@hefu/verify';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { NodeError } from '../error.js';
import { COMMENT_LENGTH, COMMENT_PREFIX, MIMETYPE } from './layout.js';

/** A file of a bundle that is too large for memory. Its digests are known from judging it. */
export interface FileBody {
  readonly path: string;
}

type ObjectBody = Uint8Array | FileBody | undefined;

/** What is kept of a verdict: the octets, or files that hold them. */
export interface BundleRecord extends Pick<EvidenceRecord, 'manifest' | 'bytes' | 'file'> {
  /** By SHA-256. A map, or what reads them. */
  readonly objects: { get(sha256: string): ObjectBody | Promise<ObjectBody> };
}

export interface WriteBundleOptions {
  readonly project?: string;
  readonly algorithms: Algorithms;
  /** Called with the finished index, once everything else is written: makes `seals.json`. */
  readonly seal?: (bundle: { readonly index: Uint8Array; readonly files: readonly StoredFile[] }) => Promise<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Records written so far. */
  readonly onProgress?: (written: number) => void;
}

/** Larger files are stored as they are and streamed; the reader holds no more than this in memory either. */
export const MAX_DEFLATED_BYTES: number = 16 * 1024 * 1024;
/** Without zip64, which no other reader would be sure to read alike: 4 GiB, 65,534 entries. */
const MAX_BUNDLE_BYTES = 0xffff_fffe;
const MAX_ENTRIES = 0xfffe;
const WRITE_BYTES = 256 * 1024;
/** Local time, as zip has it: the same digits everywhere. */
const EPOCH = (): Date => new Date(1980, 0, 1);

/**
 * Writes a bundle: each object once, however many verdicts share it. Records are taken one after another, so they may be made
 * on the way; the file appears under its name only when it is whole. The same records give the same octets.
 * @throws NodeError FILE_NOT_WRITABLE | BUNDLE_TOO_LARGE; EvidenceError for ids that repeat; what the records or the seal throw; the signal's reason
 */
export async function writeEvidenceBundle(path: string, records: AsyncIterable<BundleRecord> | Iterable<BundleRecord>, options: WriteBundleOptions): Promise<EvidenceIndex> {
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await writable(path, () => open(temporary, 'wx', 0o644));
  try {
    const index = await writeTo(new Archive(handle), records, options);
    await writable(path, () => handle.sync());
    await handle.close();
    await writable(path, () => rename(temporary, path));
    return index;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function writeTo(archive: Archive, records: AsyncIterable<BundleRecord> | Iterable<BundleRecord>, options: WriteBundleOptions): Promise<EvidenceIndex> {
  const { project, algorithms, seal, signal, onProgress } = options;
  await archive.add('mimetype', new TextEncoder().encode(MIMETYPE), false);
  const objects = new Map<string, StoredFile>();
  const manifests: EvidenceIndex['manifests'][number][] = [];
  for await (const { manifest, bytes, file, objects: bodies } of records) {
    for (const each of manifest.files) {
      signal?.throwIfAborted();
      if (objects.has(each.sha256)) continue;
      const body = await bodies.get(each.sha256);
      if (body === undefined) throw new TypeError(`the record of ${manifest.id} lacks ${each.sha256}`);
      objects.set(each.sha256, each);
      await archive.add(`objects/${each.sha256}`, body, each.length <= MAX_DEFLATED_BYTES);
    }
    manifests.push({ id: manifest.id, sha256: file.sha256, sm3: file.sm3, length: file.length });
    await archive.add(`manifests/${file.sha256}.json`, bytes, true);
    onProgress?.(manifests.length);
  }
  const index: EvidenceIndex = {
    type: 'hefu-evidence-index',
    version: 1,
    ...(project === undefined ? {} : { project }),
    manifests,
    objects: [...objects.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)),
  };
  const indexBytes = serializeIndex(index);
  await archive.add('index.json', indexBytes, true);
  if (seal !== undefined) {
    const files = [describeFile(indexBytes, algorithms), ...manifests, ...index.objects].map(({ sha256, sm3, length }) => ({ sha256, sm3, length }));
    await archive.add('seals.json', await seal({ index: indexBytes, files }), true);
  }
  await archive.finish();
  return index;
}

/** A zip being written. One entry at a time, nothing kept but the directory. */
export class Archive {
  readonly #handle: FileHandle;
  readonly #zip: Zip;
  readonly #hash = createHash('sha256');
  readonly #pending: Uint8Array[] = [];
  #written = 0;
  #entries = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
    this.#zip = new Zip((error, chunk) => {
      if (error !== null) throw error;
      this.#pending.push(chunk);
    });
  }

  async add(name: string, body: Uint8Array | FileBody, deflated: boolean): Promise<void> {
    if (++this.#entries > MAX_ENTRIES) throw new NodeError('BUNDLE_TOO_LARGE', `a bundle has at most ${MAX_ENTRIES} files`);
    const entry = deflated ? new ZipDeflate(name, { level: 6 }) : new ZipPassThrough(name);
    entry.mtime = EPOCH();
    this.#zip.add(entry);
    if (body instanceof Uint8Array) {
      entry.push(body, true);
      return this.#flush();
    }
    for await (const chunk of createReadStream(body.path)) {
      entry.push(chunk as Uint8Array);
      await this.#flush();
    }
    entry.push(new Uint8Array(0), true);
    return this.#flush();
  }

  async finish(): Promise<void> {
    this.#zip.end();
    // The end record says how long the comment is in its last two octets.
    const tail = Buffer.concat(this.#pending.splice(0));
    tail.writeUInt16LE(COMMENT_LENGTH, tail.length - 2);
    await this.#write(tail);
    await this.#write(Buffer.from(COMMENT_PREFIX, 'latin1'));
    await this.#write(Buffer.from(this.#hash.copy().digest('hex'), 'latin1'));
  }

  /** Small pieces go to the disk together. */
  async #flush(): Promise<void> {
    if (this.#pending.reduce((sum, { length }) => sum + length, 0) < WRITE_BYTES) return;
    await this.#write(Buffer.concat(this.#pending.splice(0)));
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#written += chunk.length;
    if (this.#written > MAX_BUNDLE_BYTES) throw new NodeError('BUNDLE_TOO_LARGE', `a bundle has at most ${MAX_BUNDLE_BYTES} octets: keep digests of large files, or make several`);
    this.#hash.update(chunk);
    await writable(undefined, () => this.#handle.writeFile(chunk));
  }
}

async function writable<T>(path: string | undefined, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw new NodeError('FILE_NOT_WRITABLE', `${path ?? 'the bundle'} cannot be written`, { cause, ...(path === undefined ? {} : { path }) });
  }
}
