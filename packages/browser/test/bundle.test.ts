import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build as esbuild } from 'esbuild';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { buildBundles, BUNDLING } from '../bundle.mjs';
import { packageRoot } from './page/bundle.js';
import { ASKED_FOR, newerThanFloor } from './page/newer-than-floor.js';

interface Shipped {
  /** What is loaded first, and what when it is needed: gzip -9, octets. Workers are told by themselves. */
  readonly first: number;
  readonly later: number;
  /** Files that something of is in, and what a bundle consists of. */
  readonly inputs: readonly string[];
}

/** What Vite ships of a module that exports these. */
async function shipped(source: string): Promise<Shipped> {
  const entry = '\0entry.js';
  const built = await build({
    configFile: false, logLevel: 'error', root: packageRoot, base: './',
    plugins: [{ name: 'entry', resolveId: (id) => (id === 'entry' ? entry : undefined), load: (id) => (id === entry ? source.replaceAll("'./", `'${packageRoot}`) : undefined) }],
    build: { write: false, target: 'chrome86', minify: true, modulePreload: false, reportCompressedSize: false, rolldownOptions: { input: 'entry', preserveEntrySignatures: 'strict' } },
    worker: { format: 'es' },
  });
  interface Chunk { readonly type: string; readonly fileName: string; readonly isEntry: boolean; readonly code: string; readonly imports: readonly string[]; readonly modules: Readonly<Record<string, { readonly renderedLength: number }>> }
  const chunks = new Map(([built].flat()[0] as unknown as { readonly output: readonly Chunk[] }).output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const first = new Set<string>();
  const visit = (name: string): void => {
    if (first.has(name)) return;
    first.add(name);
    chunks.get(name)!.imports.forEach(visit);
  };
  visit([...chunks.values()].find(({ isEntry }) => isEntry)!.fileName);
  const total = (names: readonly string[]): number => names.reduce((sum, name) => sum + gzipSync(chunks.get(name)!.code, { level: 9 }).length, 0);
  return {
    first: total([...first]), later: total([...chunks.keys()].filter((name) => !first.has(name))),
    inputs: [...chunks.values()].flatMap(({ modules }) => Object.entries(modules).filter(([, { renderedLength }]) => renderedLength > 0).map(([path]) => path)),
  };
}

const VERIFY = "export { createBrowserVerifier } from './dist/verify/create-browser-verifier.js';";
const SIGN = "export { authoriseInWindow, completeOAuthReturn, digestFile, newRequestId, redirectToAuthorise, remoteCredentials, remoteSession } from './dist/index.js';";
const ELEMENTS = "export * from './dist/components/index.js';";

describe('what a page loads', () => {
  // Ceilings hold what is reached; goals are issue 7's. A part that outgrows its ceiling brought something along.
  it.each([
    ['verification of one list', VERIFY, '', 192_000, 45_000],
    ['signing beside it', VERIFY + SIGN, VERIFY, 13_000, 35_000],
    ['signing by itself', SIGN, '', 21_000, 35_000],
    ['elements beside both', VERIFY + SIGN + ELEMENTS, VERIFY + SIGN, 26_500, 25_000],
  ])('%s', async (name, source, without, ceiling, goal) => {
    const { first, later } = await shipped(source);
    const more = first - (without === '' ? 0 : (await shipped(without)).first);
    console.log(`${name}: ${(more / 1000).toFixed(1)} kB gzip (goal ${goal / 1000}), ${(later / 1000).toFixed(1)} kB more when needed`);
    expect(more).toBeLessThanOrEqual(ceiling);
  });

  it('has none of the backend, and none of what pages do not do', async () => {
    const { inputs } = await shipped("export * from './dist/index.js'; export * from './dist/components/index.js';");
    expect(inputs.some((path) => path.includes('dist/remote/remote-session.js'))).toBe(true);
    for (const part of ['dist/backend/', 'fflate', 'verify/dist/pdf/', 'verify/dist/seal/', 'sign/dist/pdf/', 'sign/dist/jws/', 'sign/dist/conformance/', 'trust-list/dist/edit/']) expect(inputs.filter((path) => path.includes(part))).toEqual([]);
  });

  it('by a script tag: three files and what they hash to', async () => {
    const bundles = await buildBundles();
    const integrity = JSON.parse(bundles.get('integrity.json')!) as Record<string, string>;
    expect(Object.keys(integrity)).toEqual(['hefu.js', 'hefu.mjs', 'hefu-digest-worker.js']);
    for (const [name, hash] of Object.entries(integrity)) expect(hash).toBe(`sha384-${createHash('sha384').update(bundles.get(name)!).digest('base64')}`);
    expect(bundles.get('hefu.js')).toMatch(/^(?:"use strict";)?var Hefu=/);
    expect(bundles.get('hefu.js')).toContain('hefu-digest-worker.js');
  });
});

describe('the floor', () => {
  it('knows what is newer than Chromium 86', () => {
    for (const [source, found] of [
      ['class A { static { a(); } }', 'static block (94)'], ['class A { #a; has(b) { return #a in b; } }', '#a in (91)'], ['await a;', 'await at the top (89)'], ['/a/d.test(b)', 'flag d (90)'], ['/a/v.test(b)', 'flag v (112)'],
      ['structuredClone(a)', 'structuredClone (98)'], ['crypto.randomUUID()', '.randomUUID (92)'], ['AbortSignal.timeout(1)', 'AbortSignal.timeout (103)'], ['Promise.withResolvers()', '.withResolvers (119)'], ['a.toSorted()', '.toSorted (110)'],
      ['new Intl.Segmenter()', '.Segmenter (87)'], ['URL.canParse(a)', '.canParse (120)'], ['bytes.toBase64()', '.toBase64 (140)'],
    ] as const) expect(newerThanFloor(source), source).toEqual([found]);
    for (const source of ['class A { #a = 1; static b = 2; #c() { return this.#a ?? null; } }', 'a?.b.replaceAll("c", "d")', 'a ??= 1_000n', 'async () => { await a; }', 'a.at(-1)', 'new WeakRef(a)', 'const structuredClone = 1; f(structuredClone)', 'Promise.any(a)', 'setTimeout(() => 1, timeout)', 'a.timeout']) expect(newerThanFloor(source), source).toEqual([]);
  });

  it('holds for everything a page can load', async () => {
    const bundles = await buildBundles();
    for (const name of ['hefu.js', 'hefu-digest-worker.js']) expect(newerThanFloor(bundles.get(name)!, ASKED_FOR), name).toEqual([]);
    // Of our own files nothing is passed over.
    const { metafile } = (await esbuild({ ...BUNDLING, entryPoints: [`${packageRoot}dist/script-tag.js`], format: 'esm', outfile: 'out.js', metafile: true } as never)) as unknown as { metafile: { inputs: Record<string, unknown> } };
    const own = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/.pnpm'));
    expect(own.length).toBeGreaterThan(200);
    for (const path of own) {
      const text = readFileSync(path, 'utf8');
      if (ASKED_FOR.some((name) => text.includes(`.${name}`))) expect(newerThanFloor(text).filter((found) => found.startsWith('.')), path).toEqual([]);
    }
  }, 300_000);
});
