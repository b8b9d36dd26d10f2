import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_STORE_KEY, UpdaterError, type Store } from '@hefu/updater';
import { readOctets } from './read-file.js';

export interface FileStoreOptions {
  /** Octets of one value. Default 512 MiB. */
  readonly maxValueBytes?: number;
  /** Octets of all values; beyond it, those least recently written are removed. Default: no bound. */
  readonly maxTotalBytes?: number;
}

/** A writer that is still at it after this long is taken for dead, and what it left is removed. */
const STALE_TEMPORARY_MS = 3_600_000;
const VALUE = /^[a-z0-9.-]{0,60}_[0-9a-f]{64}$/;
const TEMPORARY = /^\.[a-z0-9.-]{0,60}_[0-9a-f]{64}\.[0-9]+\.[0-9a-f]{16}\.tmp$/;

/**
 * A Store of one file per key in `directory` (made when absent, mode 0700; files 0600). A put writes a temporary
 * file beside, syncs it and renames it over the old one: whoever reads, in this process or another, finds the
 * old value or the new one, whole, also when the writer was killed or the disk ran full.
 * What is in the directory is untrusted: callers verify what they load.
 * File names are a readable part of the key and its SHA-256, so no key leads outside.
 */
export function fileStore(directory: string, options: FileStoreOptions = {}): Store {
  const maxValueBytes = options.maxValueBytes ?? 512 * 1024 * 1024;
  let ready: Promise<void> | undefined;

  async function prepare(): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(directory)) {
      if (!TEMPORARY.test(name)) continue;
      const path = join(directory, name);
      const found = await statOrNone(path);
      if (found !== undefined && Date.now() - found.mtimeMs > STALE_TEMPORARY_MS) await remove(path);
    }
  }

  function prepared(): Promise<void> {
    ready ??= prepare().catch((error: unknown) => {
      ready = undefined; // the next call tries anew
      throw error;
    });
    return ready;
  }

  async function makeRoom(written: string): Promise<void> {
    if (options.maxTotalBytes === undefined) return;
    const values: { path: string; size: number; mtimeMs: number }[] = [];
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      const found = VALUE.test(name) ? await statOrNone(path) : undefined;
      if (found !== undefined) values.push({ path, size: found.size, mtimeMs: found.mtimeMs });
    }
    let total = values.reduce((sum, value) => sum + value.size, 0);
    for (const value of values.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= options.maxTotalBytes) return;
      if (value.path === written) continue;
      await remove(value.path);
      total -= value.size;
    }
  }

  return {
    async get(key) {
      return failing('read', key, async () => {
        let handle;
        try {
          handle = await open(join(directory, fileNameOf(key)), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
        } catch (error) {
          if (codeOf(error) === 'ENOENT') return undefined;
          throw error;
        }
        try {
          const found = await handle.stat();
          if (!found.isFile() || found.size > maxValueBytes) throw new Error(`not a file of at most ${maxValueBytes} octets`);
          return await readOctets(handle, found.size);
        } finally {
          await handle.close();
        }
      });
    },
    async put(key, bytes) {
      await failing('write', key, async () => {
        if (bytes.length > maxValueBytes) throw new Error(`${bytes.length} octets, at most ${maxValueBytes}`);
        await prepared();
        const name = fileNameOf(key);
        const path = join(directory, name);
        const temporary = join(directory, `.${name}.${process.pid}.${randomBytes(8).toString('hex')}.tmp`);
        try {
          const handle = await open(temporary, 'wx', 0o600);
          try {
            await handle.writeFile(bytes);
            await handle.sync();
          } finally {
            await handle.close();
          }
          await rename(temporary, path);
        } catch (error) {
          await remove(temporary).catch(() => undefined);
          throw error;
        }
        await syncDirectory(directory);
        await makeRoom(path);
      });
    },
    async delete(key) {
      await failing('delete', key, () => remove(join(directory, fileNameOf(key))));
    },
  };
}

function fileNameOf(key: string): string {
  if (key.length > MAX_STORE_KEY) throw new Error(`a key of ${key.length} characters`);
  const readable = key.toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^[.-]+/, '').slice(0, 60);
  return `${readable}_${createHash('sha256').update(key, 'utf8').digest('hex')}`;
}

async function failing<T>(what: string, key: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const reason = codeOf(error) ?? (error instanceof Error ? error.message : 'unknown');
    throw new UpdaterError('IO_FAILED', `cannot ${what} ${key.slice(0, 200)}: ${reason}`, { cause: error });
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems have no sync for directories; the rename is atomic without it, only later on disk.
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'EPERM') throw error;
  } finally {
    await handle.close();
  }
}

async function statOrNone(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
