import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createListWorkspace, openListWorkspace, type ListWorkspace } from '../../src/index.js';
import { bundled } from '../bundled.js';

const DIST = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const built = existsSync(DIST);
if (!built) console.warn('SKIPPED: killed and concurrent processes: packages/node is not built (tsc -b)');

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (file: Uint8Array | undefined): string | undefined => file && new TextDecoder().decode(file);
let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'hefu-tree-'));
  folder = join(parent, 'tree');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const state = (number: number) => bytes(JSON.stringify({ number }));
const make = (): Promise<ListWorkspace> =>
  createListWorkspace(folder, [{ path: 'hefu-list.json', bytes: bytes('{}') }, ...['a.json', 'b/b.json', 'c/d/e.json', 'only/0'].map((path) => ({ path, bytes: state(0) }))]);

/** The number that every file of the tree agrees on. */
async function numberOf(workspace: ListWorkspace): Promise<number> {
  return workspace.transact(async (tree) => {
    const files = await Promise.all(['a.json', 'b/b.json', 'c/d/e.json'].map((path) => tree.read(path)));
    const numbers = files.map((file) => (JSON.parse(textOf(file)!) as { number: number }).number);
    expect(new Set(numbers).size).toBe(1);
    expect(await tree.names('only')).toEqual([String(numbers[0])]);
    return numbers[0]!;
  }, { waitMs: 10_000 });
}

describe('a working tree', () => {
  it('is made once, in an empty folder, and opened after', async () => {
    await expect(openListWorkspace(folder)).rejects.toMatchObject({ code: 'WORKSPACE_NOT_FOUND' });
    await make();
    await expect(make()).rejects.toMatchObject({ code: 'WORKSPACE_EXISTS' });
    expect(await numberOf(await openListWorkspace(folder))).toBe(0);
    await writeFile(join(parent, 'other'), '');
    await expect(createListWorkspace(parent, [])).rejects.toMatchObject({ code: 'WORKSPACE_EXISTS' });
  });

  it('takes several changes as one and leaves nothing lying about', async () => {
    const workspace = await make();
    await workspace.transact((tree) => tree.commit([{ path: 'x/y', bytes: bytes('1') }, { path: 'only/0', bytes: undefined }]));
    expect(textOf(await workspace.transact((tree) => tree.read('x/y')))).toBe('1');
    expect(await workspace.transact((tree) => tree.names('only'))).toEqual([]);
    expect(await readdir(join(folder, '.hefu'))).toEqual([]);
  });

  it.each(['../x', 'a/../../x', '/etc/x', 'a\\b', '', './a', 'a/..'])('leads nowhere else: %j', async (path) => {
    const workspace = await make();
    await expect(workspace.transact((tree) => tree.commit([{ path, bytes: bytes('1') }]))).rejects.toThrow(TypeError);
    await expect(workspace.transact((tree) => tree.read(path))).rejects.toThrow(TypeError);
  });

  it('tells the second who holds it, or waits', async () => {
    const workspace = await make();
    let leave = (): void => undefined;
    const holding = workspace.transact(() => new Promise<void>((resolve) => (leave = resolve)));
    await expect.poll(() => existsSync(join(folder, '.hefu', 'lock'))).toBe(true);
    await expect(workspace.transact(async () => 1)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY', message: expect.stringContaining(String(process.pid)) as string });
    const waiting = workspace.transact(async () => 2, { waitMs: 10_000 });
    leave();
    await holding;
    expect(await waiting).toBe(2);
  });

  it('takes over from a holder that is gone, and from none that may be there', async () => {
    const workspace = await make();
    const lock = join(folder, '.hefu', 'lock');
    await mkdir(join(folder, '.hefu'), { recursive: true });
    const held = (holder: object): Promise<void> => writeFile(lock, JSON.stringify({ id: 'x', since: '2026-01-01', ...holder }));
    // Above the highest process id Linux gives.
    await held({ pid: 2 ** 22 + 1, host: hostname() });
    expect(await workspace.transact(async () => 1)).toBe(1);
    await held({ pid: 2 ** 22 + 1, host: 'another.example' });
    await expect(workspace.transact(async () => 1)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(lock, longAgo, longAgo);
    expect(await workspace.transact(async () => 1)).toBe(1);
    await writeFile(lock, 'torn');
    await expect(workspace.transact(async () => 1)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });
  });

  it('does not commit once its lock was taken over', async () => {
    const workspace = await make();
    const late = workspace.transact(async (tree) => {
      await writeFile(join(folder, '.hefu', 'lock'), JSON.stringify({ id: 'somebody else', pid: process.pid, host: hostname(), since: '' }));
      await tree.commit([{ path: 'a.json', bytes: state(9) }]);
    });
    await expect(late).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });
    await rm(join(folder, '.hefu', 'lock'));
    expect(await numberOf(workspace)).toBe(0);
  });

  it('does not go on over files that are not what was decided', async () => {
    const workspace = await make();
    await mkdir(join(folder, '.hefu'), { recursive: true });
    await writeFile(join(folder, '.hefu', 'journal.json'), JSON.stringify({ folder: 'txn-0', entries: [{ path: 'a.json', sha256: '00' }] }));
    await expect(workspace.transact(async () => 1)).rejects.toMatchObject({ code: 'WORKSPACE_DAMAGED' });
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('{"number":0}');
  });
});

describe.skipIf(!built)('processes', () => {
  let scripts: string;
  let writer: string;
  beforeAll(async () => {
    scripts = await mkdtemp(join(tmpdir(), 'hefu-writer-'));
    writer = await bundled('list-workspace/writer.mjs', scripts);
  });
  afterAll(() => rm(scripts, { recursive: true, force: true }));

  const start = (size: number): ChildProcess => fork(writer, [folder, String(size)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const told = (child: ChildProcess): Promise<number> => new Promise((resolve) => child.once('message', (number) => resolve(Number(number))));
  const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.once('exit', () => resolve()));

  it('killed at any point, the tree is as before or as after', async () => {
    const workspace = await make();
    let before = 0;
    for (let round = 0; round < 6; round++) {
      const child = start(round % 2 === 0 ? 10 : 2_000_000);
      const last = await told(child);
      let heard = last;
      child.on('message', (number) => (heard = Number(number)));
      // Up to a few writes on: wherever that falls.
      await new Promise((resolve) => setTimeout(resolve, round * 9));
      const gone = ended(child);
      child.kill('SIGKILL');
      await gone;
      const number = await numberOf(workspace);
      expect(number).toBeGreaterThanOrEqual(heard);
      expect(number).toBeGreaterThan(before);
      before = number;
      expect((await readdir(join(folder, '.hefu'))).filter((name) => !name.startsWith('lock.'))).toEqual([]);
    }
  });

  it('two at once take turns: no change is lost', async () => {
    const workspace = await make();
    const heard: number[] = [];
    const children = [start(1000), start(1000)];
    for (const child of children) child.on('message', (number) => heard.push(Number(number)));
    await expect.poll(() => heard.length).toBeGreaterThan(40);
    const gone = Promise.all(children.map(ended));
    for (const child of children) child.kill('SIGKILL');
    await gone;
    expect(new Set(heard).size).toBe(heard.length);
    expect(await numberOf(workspace)).toBeGreaterThanOrEqual(Math.max(...heard));
  });
});
