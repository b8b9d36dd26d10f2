import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStore } from '../src/file-store.js';
import { bundled } from './bundled.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hefu-store-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let made = 0;
const fresh = (): string => join(root, `s${(made += 1)}`);

describe('fileStore', () => {
  it('gives back what was put, in another store on the same directory too', async () => {
    const directory = fresh();
    const store = fileStore(directory);
    expect(await store.get('crl http://a/')).toBeUndefined();
    await store.put('crl http://a/', Uint8Array.of(1, 2));
    await store.put('crl http://a/', Uint8Array.of(3));
    await store.put('empty', new Uint8Array(0));
    expect(await fileStore(directory).get('crl http://a/')).toEqual(Uint8Array.of(3));
    expect(await store.get('empty')).toEqual(new Uint8Array(0));
    await store.delete('crl http://a/');
    await store.delete('crl http://a/');
    expect(await store.get('crl http://a/')).toBeUndefined();
  });

  it('keeps its files to the owner', async () => {
    const directory = fresh();
    await fileStore(directory).put('k', Uint8Array.of(1));
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(directory)) expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
  });

  it('maps every key to a file of its own inside the directory', async () => {
    const directory = join(fresh(), 'inside');
    const store = fileStore(directory);
    const key = fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom('..', '../../x', '/etc/passwd', 'a/../b', '.', '', '\0', 'A', 'a', 'CON', 'a:b', 'é', 'e\u0301', 'x'.repeat(4096)));
    await fc.assert(fc.asyncProperty(fc.uniqueArray(key, { minLength: 2, maxLength: 4 }), async (keys) => {
      for (const [index, one] of keys.entries()) await store.put(one, Uint8Array.of(index));
      for (const [index, one] of keys.entries()) expect(await store.get(one)).toEqual(Uint8Array.of(index));
    }), { numRuns: 30 });
    expect(await readdir(join(directory, '..'))).toEqual(['inside']);
    await expect(store.put('x'.repeat(4097), Uint8Array.of(1))).rejects.toMatchObject({ name: 'UpdaterError', code: 'IO_FAILED' });
  });

  it('follows no link and reads no directory in place of a value', async () => {
    const directory = fresh();
    const store = fileStore(directory);
    await store.put('k', Uint8Array.of(1));
    const [name] = await readdir(directory);
    const path = join(directory, name as string);
    const secret = join(root, 'secret');
    await writeFile(secret, 'secret');
    await rm(path);
    await symlink(secret, path);
    await expect(store.get('k')).rejects.toMatchObject({ code: 'IO_FAILED' });
    // A put replaces the link, and leaves alone what it pointed to.
    await store.put('k', Uint8Array.of(2));
    expect(await store.get('k')).toEqual(Uint8Array.of(2));
    expect(await readFile(secret, 'utf8')).toBe('secret');
    await rm(path);
    await mkdir(path);
    await expect(store.get('k')).rejects.toMatchObject({ code: 'IO_FAILED' });
    await expect(store.put('k', Uint8Array.of(3))).rejects.toMatchObject({ code: 'IO_FAILED' });
    expect(await readdir(directory)).toEqual([name]);
  });

  it('removes what dead writers left, not what living ones are writing, nor what is not its own', async () => {
    const directory = fresh();
    await fileStore(directory).put('k', Uint8Array.of(1));
    const [name] = await readdir(directory);
    const dead = `.${name}.123.0123456789abcdef.tmp`;
    const living = `.${name}.124.0123456789abcdef.tmp`;
    for (const file of [dead, living, 'notes.tmp']) await writeFile(join(directory, file), 'half');
    const old = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(directory, dead), old, old);
    await utimes(join(directory, 'notes.tmp'), old, old);
    const store = fileStore(directory);
    await store.put('k', Uint8Array.of(2));
    expect((await readdir(directory)).sort()).toEqual([living, name, 'notes.tmp'].sort());
    expect(await store.get('k')).toEqual(Uint8Array.of(2));
  });

  it('holds no more than it may, the least recently written going first', async () => {
    const directory = fresh();
    const store = fileStore(directory, { maxValueBytes: 60, maxTotalBytes: 100 });
    await store.put('a', new Uint8Array(40));
    for (const name of await readdir(directory)) await utimes(join(directory, name), new Date(0), new Date(0));
    await store.put('b', new Uint8Array(40));
    await store.put('c', new Uint8Array(40));
    expect(await store.get('a')).toBeUndefined();
    expect(await store.get('b')).toHaveLength(40);
    expect(await store.get('c')).toHaveLength(40);
    await expect(store.put('d', new Uint8Array(61))).rejects.toMatchObject({ code: 'IO_FAILED' });
    await expect(fileStore(directory, { maxValueBytes: 10 }).get('b')).rejects.toMatchObject({ code: 'IO_FAILED' });
  });

  it('reports a directory it cannot use', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    await expect(fileStore(join(file, 'x')).put('k', Uint8Array.of(1))).rejects.toMatchObject({ code: 'IO_FAILED' });
    await expect(fileStore(join(file, 'x')).get('k')).rejects.toMatchObject({ code: 'IO_FAILED' });
  });
});

const SIZE = 300_000;
const built = (await stat(new URL('../dist/file-store.js', import.meta.url)).catch(() => undefined)) !== undefined;
if (!built) console.warn('SKIPPED: file-store with real processes: packages/node is not built (tsc -b)');

/** A value is whole when all its octets are alike and it has its full length. */
function isWhole(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && bytes.length === SIZE && Buffer.alloc(SIZE, bytes[0]).equals(bytes);
}

function begun(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`writer ended with ${code}`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()));
}

describe.skipIf(!built)('with real processes', () => {
  let writer: string;
  beforeAll(async () => {
    writer = await bundled('store-writer.mjs', root);
  });
  it('a writer killed at any moment leaves a whole value', async () => {
    const directory = fresh();
    const store = fileStore(directory);
    await store.put('k', new Uint8Array(SIZE).fill(1));
    for (let round = 0; round < 8; round += 1) {
      const child = fork(writer, [directory, String(SIZE)]);
      await begun(child);
      for (let i = 0; i < round * 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await ended(child);
      expect(isWhole(await store.get('k'))).toBe(true);
    }
  });

  it('several writers and a reader see whole values only', async () => {
    const directory = fresh();
    const store = fileStore(directory);
    await store.put('k', new Uint8Array(SIZE).fill(1));
    const children = [0, 1].map(() => fork(writer, [directory, String(SIZE)]));
    try {
      await Promise.all(children.map(begun));
      const seen = new Set<number>();
      // A hundred times, and until two of what they put were seen: on a busy machine none of them may run for long.
      for (let i = 0; i < 100 || seen.size < 2; i += 1) {
        const value = await store.get('k');
        expect(isWhole(value)).toBe(true);
        seen.add(value?.[0] ?? -1);
      }
      expect(seen.size).toBeGreaterThan(1);
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(ended));
    }
  });

  it('a disk that is full fails the put and keeps the old value', async () => {
    const directory = fresh();
    await fileStore(directory).put('k', new Uint8Array(1000).fill(1));
    // A bound on file size stands for the full disk: the write fails half-way with EFBIG instead of ENOSPC.
    const script = `const { fileStore } = await import(${JSON.stringify(new URL('../dist/file-store.js', import.meta.url).href)});
      process.on('SIGXFSZ', () => undefined);
      try { await fileStore(${JSON.stringify(directory)}).put('k', new Uint8Array(${SIZE}).fill(2)); process.exit(0); }
      catch (error) { process.stdout.write(error.name + ' ' + error.code); process.exit(7); }`;
    const run = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f 100; exec "$0" --input-type=module -e "$1"`, process.execPath, script], { encoding: 'utf8' });
    expect(run.stdout).toBe('UpdaterError IO_FAILED');
    expect(run.status).toBe(7);
    expect(await fileStore(directory).get('k')).toEqual(new Uint8Array(1000).fill(1));
    expect(await readdir(directory)).toHaveLength(1);
  });
});
