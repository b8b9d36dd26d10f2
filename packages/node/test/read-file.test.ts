import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBoundedFile } from '../src/read-file.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hefu-read-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it('reads whole files up to the limit', async () => {
  const path = join(directory, 'file');
  await writeFile(path, new Uint8Array(100_000).fill(7));
  expect(await readBoundedFile(path, 100_000)).toEqual(new Uint8Array(100_000).fill(7));
  await expect(readBoundedFile(path, 99_999)).rejects.toMatchObject({ name: 'NodeError', code: 'FILE_TOO_LARGE', path });
  await writeFile(path, '');
  expect(await readBoundedFile(path, 0)).toEqual(new Uint8Array(0));
});

it('says what it cannot read', async () => {
  await expect(readBoundedFile(join(directory, 'none'), 10)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await expect(readBoundedFile(directory, 10)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  await expect(readBoundedFile('/dev/zero', 10)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  await expect(readBoundedFile(join(directory, 'a\0b'), 10)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
});

it('does not wait at a pipe', async () => {
  const pipe = join(directory, 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  await expect(readBoundedFile(pipe, 10)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
});
