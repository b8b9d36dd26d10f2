import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, worldFiles, writeWorld } from '../src/index.js';

const world = createWorld({ seed: 'write', at: Date.UTC(2026, 9, 1) });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hefu-world-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('writeWorld', () => {
  test('writes every file and leaves nothing beside them', async () => {
    const target = join(folder, 'a', 'world');
    const written = await writeWorld(world, target);
    const files = worldFiles(world);
    expect(new Set(written)).toEqual(new Set(files.keys()));
    for (const [path, bytes] of files) expect(new Uint8Array(await readFile(join(target, path))), path).toEqual(bytes);
    expect(await readdir(join(folder, 'a'))).toEqual(['world']);
  });

  test('README.txt speaks of every certificate, CRL, list and scenario in both languages', async () => {
    const text = await readFile(join(folder, 'a', 'world', 'README.txt'), 'utf8');
    for (const path of worldFiles(world).keys()) {
      if (/\.(pem|crl)$|^list\/|scenario\.json$/.test(path)) expect(text).toContain(`${path}\n    `);
    }
    expect(text).toContain('切勿信任');
    expect(text).toContain('Never trust');
  });

  test('replaces an earlier world, with what it no longer has', async () => {
    const target = join(folder, 'again');
    await writeWorld(world, target);
    await writeFile(join(target, 'stray.txt'), 'left over');
    await writeWorld(world, target);
    expect(await readdir(target)).not.toContain('stray.txt');
    expect(await readdir(target)).toContain('README.txt');
  });

  test('takes an empty folder, refuses one with anything else in it', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await writeWorld(world, empty);
    const mine = join(folder, 'mine');
    await mkdir(mine);
    await writeFile(join(mine, 'thesis.txt'), 'precious');
    await expect(writeWorld(world, mine)).rejects.toMatchObject({ code: 'FOLDER_NOT_EMPTY' });
    expect(await readdir(mine)).toEqual(['thesis.txt']);
  });

  test('a file in the way is said', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'x');
    await expect(writeWorld(world, file)).rejects.toMatchObject({ code: 'FOLDER_NOT_WRITABLE' });
    await expect(writeWorld(world, join(file, 'below'))).rejects.toMatchObject({ code: 'FOLDER_NOT_WRITABLE' });
  });
});
