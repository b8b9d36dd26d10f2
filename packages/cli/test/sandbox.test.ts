import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AT, run } from './support.js';

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'hefu-cli-sandbox-'));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const errorOf = (out: string): { code: string; details?: string[] } => (JSON.parse(out) as { error: never }).error;

describe('hefu sandbox', () => {
  it('writes a world whose commands work without a server', async () => {
    const out = join(parent, 'written');
    const made = await run(['sandbox', '--out', out, '--no-serve', '--at', AT, '--lang', 'en']);
    expect(made).toMatchObject({ code: 0, err: '' });
    // What it says to try is tried.
    const command = made.out.split('Try:\n')[1]!.replaceAll('\\\n', ' ').trim().split(/\s+/);
    expect(command.shift()).toBe('hefu');
    expect((await run([...command, '--at', AT])).code).toBe(0);
    expect((await run([...command.map((arg) => arg.replace('accepted-420100', 'tampered')), '--at', AT])).code).toBe(1);
  });

  it('writes its port into the certificates, served or not', async () => {
    const out = join(parent, 'port');
    const made = await run(['sandbox', '--out', out, '--no-serve', '--port', '19999', '--json']);
    expect(made.code).toBe(0);
    expect(JSON.parse(made.out)).toMatchObject({ folder: out, baseUrl: 'http://127.0.0.1:19999', served: false, cities: 9 });
    expect(JSON.parse(readFileSync(join(out, '.hefu-sandbox.json'), 'utf8'))).toMatchObject({ baseUrl: 'http://127.0.0.1:19999' });
  });

  it('serves until it is stopped, and is gone then', async () => {
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    let ready = (_text: string): void => undefined;
    const said = new Promise<string>((resolve) => {
      ready = resolve;
    });
    const running = run(['sandbox', '--out', join(parent, 'served'), '--port', '0', '--at', AT, '--json'], { stopped: () => stopped, onOut: ready });
    const { baseUrl, served } = JSON.parse(await said) as { baseUrl: string; served: boolean };
    expect(served).toBe(true);
    expect((await fetch(`${baseUrl}/list/current.json`)).status).toBe(200);
    stop();
    expect((await running).code).toBe(0);
    await expect(fetch(`${baseUrl}/list/current.json`)).rejects.toThrow();
  });

  it('replaces its own world and leaves anything else alone', async () => {
    const own = join(parent, 'own');
    expect((await run(['sandbox', '--out', own, '--no-serve', '--seed', 'one'])).code).toBe(0);
    expect((await run(['sandbox', '--out', own, '--no-serve', '--seed', 'two'])).code).toBe(0);
    const foreign = join(parent, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'thesis.txt'), 'mine');
    const refused = await run(['sandbox', '--out', foreign, '--no-serve', '--json']);
    expect(refused.code).toBe(3);
    expect(errorOf(refused.out).code).toBe('FOLDER_NOT_EMPTY');
    expect(await readdir(foreign)).toEqual(['thesis.txt']);
    const file = join(foreign, 'thesis.txt');
    expect(errorOf((await run(['sandbox', '--out', file, '--no-serve', '--json'])).out).code).toBe('FOLDER_NOT_WRITABLE');
  });

  it('says which port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const out = join(parent, 'never');
      const refused = await run(['sandbox', '--out', out, '--port', String(port), '--json']);
      expect(refused.code).toBe(3);
      expect(errorOf(refused.out).code).toBe('LISTEN_FAILED');
      expect(errorOf(refused.out).details?.join()).toContain('EADDRINUSE');
      expect(existsSync(out)).toBe(false);
    } finally {
      server.close();
    }
  });

  it.each([
    [['--port', 'http']], [['--port', '65536']], [['--port', '-1']], [['--port', '0', '--no-serve']], [['--seed', '']], [['--at', 'yesterday']], [['--at', '1979-12-31T00:00:00Z']],
    [['--out', '.']], [['--out', '..']], [['extra']],
  ])('%j is a usage error', async (args) => {
    const refused = await run(['sandbox', '--out', join(parent, 'never'), ...args, '--json']);
    expect(refused.code).toBe(3);
    expect(errorOf(refused.out).code).toBe('USAGE');
    expect(existsSync(join(parent, 'never'))).toBe(false);
  });
});
