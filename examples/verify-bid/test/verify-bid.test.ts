import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { startSandbox, writeWorld, type ServedWorld } from '@hefu/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const EXAMPLE = fileURLToPath(new URL('../', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The program as a developer runs it, in `cwd`. Not synchronous: the world is served by this process. */
function run(program: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((end, reject) => {
    const child = spawn(process.execPath, [resolve(EXAMPLE, program), ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', reject).on('close', (code) => end({ code, out, err }));
  });
}

describe('the example in a sandbox world', () => {
  let served: ServedWorld;
  let parent: string;
  let folder: string;
  /** `index.mjs` and all it imports in one file: most of a run is loading hundreds, so it is run as it is once. */
  let bundled: string;
  const env = { HEFU_LIST: 'list/current.json', HEFU_LIST_SIGNERS: 'list/role.json' };
  const bid = (id: string): readonly string[] => [`scenario/${id}/bid.txt`, `scenario/${id}/bid.p7s`];

  beforeAll(async () => {
    // These programs have no clock to set, so the world is of today.
    served = await startSandbox({ seed: 'example', at: Date.now() });
    parent = await mkdtemp(join(tmpdir(), 'hefu-example-'));
    folder = join(parent, 'world');
    await writeWorld(served.world, folder);
    bundled = join(parent, 'index.mjs');
    const banner = "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
    await build({ entryPoints: [join(EXAMPLE, 'index.mjs')], bundle: true, platform: 'node', format: 'esm', target: 'node20', external: ['pdfkit'], banner: { js: banner }, outfile: bundled, logLevel: 'error' });
  });
  afterAll(async () => {
    await served?.close();
    if (parent !== undefined) await rm(parent, { recursive: true, force: true });
  });

  it('ten lines say why a changed bid fails, and nothing else', async () => {
    const { code, out, err } = await run('ten-lines.mjs', [], folder);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^failed CONTENT_TAMPERED \S/);
    expect(lines).toHaveLength(2);
  });

  it.each([
    ['accepted-420100', '420100', 0, /^passed OK 9\S{17} \S+\n$/],
    ['tampered', '420100', 1, /^failed CONTENT_TAMPERED/],
    ['revoked', '420200', 1, /^failed CERTIFICATE_REVOKED/],
    ['unlisted-ca', '420100', 2, /^indeterminate ISSUER_NOT_LISTED/],
  ])('%s in %s ends with %i', async (id, region, code, out) => {
    const ended = await run(code === 0 ? 'index.mjs' : bundled, [...bid(id), region], folder, env);
    expect(ended).toMatchObject({ code, err: '' });
    expect(ended.out).toMatch(out);
  });

  it('takes the list by URL and keeps it in a cache', async () => {
    const cached = { HEFU_LIST: `${served.baseUrl}/list/current.json`, HEFU_LIST_SIGNERS: env.HEFU_LIST_SIGNERS, HEFU_CACHE: join(parent, 'cache') };
    expect(await run(bundled, bid('accepted-420100'), folder, cached)).toMatchObject({ code: 0 });
    expect(existsSync(join(parent, 'cache'))).toBe(true);
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
    ['no arguments', [], env, /HEFU_LIST/],
    ['a missing bid', ['none.txt', 'scenario/revoked/bid.p7s'], env, /^FILE_NOT_FOUND: /],
    ['an unsigned list', bid('accepted-420100'), { ...env, HEFU_LIST: 'list/unsigned.json' }, /^TRUST_LIST_UNAVAILABLE: .*TL_UNSIGNED/],
    ['a list by way of a role', bid('accepted-420100'), { ...env, HEFU_LIST_SIGNERS: 'list/current.json' }, /^ROLE_INVALID: /],
  ])('%s is no verdict', async (_name, args, environment, err) => {
    const ended = await run(bundled, args, folder, environment);
    expect(ended).toMatchObject({ code: 3, out: '' });
    expect(ended.err).toMatch(err);
    expect(ended.err).not.toMatch(/\n\s+at /);
  });
});

describe('the files', () => {
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  const lines = (path: string): number => read(path).trimEnd().split('\n').length;

  it('stay as short as they promise', () => {
    expect(lines('examples/verify-bid/ten-lines.mjs')).toBeLessThanOrEqual(10);
    expect(lines('examples/verify-bid/index.mjs')).toBeLessThanOrEqual(40);
  });

  it.each(['README.md', 'README.zh-CN.md'].filter((name) => existsSync(join(ROOT, name))))('%s quotes the ten lines as they are', (name) => {
    expect(read(name)).toContain(`\`\`\`js\n${read('examples/verify-bid/ten-lines.mjs')}\`\`\``);
  });
});
