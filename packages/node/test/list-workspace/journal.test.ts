import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** Calls that still succeed; then nothing does any more, as for a process that was killed. */
const power = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const failing = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    if (--power.left < 0) throw new Error('no power');
    return call(...args);
  };
  return {
    ...real,
    open: failing(async (...args: Parameters<typeof real.open>) => {
      const handle = await real.open(...args);
      const write = handle.writeFile.bind(handle);
      // A write may stop halfway.
      handle.writeFile = (async (data: Uint8Array | string) => {
        if (--power.left < 0) {
          await write(data.slice(0, data.length / 2));
          throw new Error('no power');
        }
        return write(data);
      }) as typeof handle.writeFile;
      return handle;
    }),
    rename: failing(real.rename), link: failing(real.link), unlink: failing(real.unlink), mkdir: failing(real.mkdir), rm: failing(real.rm),
  };
});

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hefu-journal-'))));
afterEach(async () => {
  power.left = Number.POSITIVE_INFINITY;
  await rm(folder, { recursive: true, force: true });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const all = (text: string) => [...['hefu-list.json', 'b/b', 'c/d/e'].map((path) => ({ path, bytes: bytes(text) })), { path: `only/${text}`, bytes: bytes(text) }];

it('stopped at each step in turn, and again while recovering, the tree is as before or as after', async () => {
  // Loaded anew: what other files loaded has the file system as it is.
  vi.resetModules();
  const { createListWorkspace, openListWorkspace } = await import('../../src/index.js');
  const outcomes = new Set<string>();
  let finished = false;
  for (let steps = 0; !finished; steps++) {
    const tree = join(folder, String(steps));
    const workspace = await createListWorkspace(tree, all('old'));
    power.left = steps;
    await workspace.transact((held) => held.commit([...all('new'), { path: 'only/old', bytes: undefined }])).then(() => (finished = true), () => undefined);
    // Its process is gone, and with it its lock; the next one is stopped as well.
    power.left = Number.POSITIVE_INFINITY;
    await rm(join(tree, '.hefu', 'lock'), { force: true });
    power.left = steps % 7;
    await (await openListWorkspace(tree)).transact(async () => undefined).catch(() => undefined);
    power.left = Number.POSITIVE_INFINITY;
    await rm(join(tree, '.hefu', 'lock'), { force: true });

    const seen = await (await openListWorkspace(tree)).transact(async (held) => {
      const texts = await Promise.all(['hefu-list.json', 'b/b', 'c/d/e'].map(async (path) => new TextDecoder().decode(await held.read(path))));
      return [...texts, ...(await held.names('only'))];
    });
    expect(new Set(seen).size, `after ${steps} steps: ${seen.join()}`).toBe(1);
    outcomes.add(seen[0]!);
    expect((await readdir(join(tree, '.hefu'))).filter((name) => !name.startsWith('lock.'))).toEqual([]);
  }
  expect([...outcomes].sort()).toEqual(['new', 'old']);
});
