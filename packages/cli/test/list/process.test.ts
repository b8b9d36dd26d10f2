import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { party } from '../exchange/tl-fixture.js';
import { bundledBin } from '../bundled-bin.js';
import { BIN } from '../support.js';
import { beginScheme, office, readJsonFile, type Json, type Office } from './people.js';

const built = existsSync(BIN);
if (!built) console.warn('SKIPPED: hefu list as processes: packages/cli is not built (tsc -b)');
const AT = ['--at', '2026-06-01T00:00:00Z'];
const LATER = ['--at', '2026-06-02T00:00:00Z'];

interface Ended {
  readonly code: number | null;
  readonly json: Json;
}

let o: Office;
let bin: string;
const hefu = (args: readonly string[], killAfter?: number): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, 'list', ...args, '--json'], { env: { PATH: process.env['PATH'], LANG: 'C' }, stdio: ['ignore', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    if (killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.on('error', reject).on('close', (code) => resolve({ code, json: killAfter !== undefined || out === '' ? undefined : JSON.parse(out) }));
  });

describe.skipIf(!built)('hefu list as processes', () => {
  beforeAll(async () => {
    [o, bin] = await Promise.all([office(), bundledBin()]);
    for (const name of ['one', 'two', 'three']) await writeFile(o.file(`${name}.pem`), (await party(`CN=CA ${name}, O=${name}, C=CN`, { ca: true })).pem);
    await beginScheme(o, AT[1]!);
  });
  afterAll(() => o?.close());

  it('two operators at once: both changes are there, or one is told that the other is at it', async () => {
    const add = (name: string): Promise<Ended> => hefu(['add-ca', o.file(`${name}.pem`), '--region', '42*', '--id', `urn:${name}`, '--yes', '--wait', '60', '-C', o.tree, ...LATER]);
    expect((await Promise.all([add('two'), add('three')])).map(({ code }) => code)).toEqual([0, 0]);
    const draft = await readJsonFile(o.file('trust', 'draft', 'list', '42.json'));
    expect(draft.services.map(({ id }: Json) => id).sort()).toEqual(['urn:one', 'urn:three', 'urn:two']);
    const [a, b] = await Promise.all([o.list(['suspend', 'urn:one', ...LATER]), o.list(['suspend', 'urn:two', ...LATER])]);
    expect([a, b].filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    for (const each of [a, b]) if (each.code !== 0) expect(each).toMatchObject({ code: 3, json: { error: { code: 'WORKSPACE_BUSY' } } });
  });

  it('killed while it publishes: clients find what was or what is to be, and the next command goes on', async () => {
    expect((await o.list(['propose', '--author', 'a', '-m', 'b', ...LATER])).json).toMatchObject({ outcome: 'proposed' });
    for (const name of ['ann', 'bo']) expect((await o.list(['approve', 'list-42-2', ...o.key(name), '--yes', ...LATER])).code).toBe(0);
    const fingerprint = (await o.list(['key', 'list'])).json.fingerprint.sha256 as string;
    const publish = ['publish', ...o.key('online'), '--yes', '--wait', '60', '-C', o.tree, ...LATER];
    const before = Date.now();
    await hefu(['key', 'list', '-C', o.tree]);
    const start = Date.now() - before; // what a start takes here, so that the kills fall into the work
    for (const after of [0.9, 1.1, 1.4, 1.8].map((factor) => Math.round(start * factor))) {
      await hefu(publish, after);
      const seen = await hefu(['verify', o.file('trust', 'published'), '--fingerprint', fingerprint, ...LATER]);
      expect(seen).toMatchObject({ code: 0, json: { outcome: 'verified' } });
      expect([1, 2]).toContain(seen.json.lists[0].sequence);
    }
    const last = await hefu(publish);
    expect([0, 1]).toContain(last.code);
    if (last.code === 1) expect(last.json).toMatchObject({ error: { code: 'NOTHING_TO_PUBLISH' } });
    expect((await hefu(['verify', o.file('trust', 'published'), '--fingerprint', fingerprint, ...LATER])).json).toMatchObject({ lists: [{ sequence: 2, services: 3 }] });
    expect((await readdir(o.file('trust', '.hefu'))).filter((name) => !name.startsWith('lock.'))).toEqual([]);
  });
});
