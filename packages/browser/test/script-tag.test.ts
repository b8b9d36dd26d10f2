import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { build, type Metafile } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundles, BUNDLING } from '../bundle.mjs';
import { packageRoot } from './page/bundle.js';
import { hasChromium, launch } from './page/chromium.js';
import { ASKED_FOR, newerThanFloor } from './page/newer-than-floor.js';
import { serve, type Served } from './page/serve.js';

let bundles: Map<string, string>;
beforeAll(async () => {
  bundles = await buildBundles();
});

describe('what is shipped', () => {
  /** What everything, elements included, is made of: only what something of is in. */
  let inputs: readonly string[];
  beforeAll(async () => {
    const { metafile } = (await build({ ...BUNDLING, entryPoints: [`${packageRoot}dist/script-tag.js`], absWorkingDir: packageRoot, format: 'esm', outfile: 'out.js', metafile: true } as never)) as unknown as { metafile: Metafile };
    // An index only exports; esbuild leaves the name of a namespace of it.
    inputs = Object.entries(metafile.outputs['out.js']!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path).filter((path) => !path.endsWith('/index.js'));
  });

  it('has none of the backend, and none of what pages do not do', () => {
    expect(inputs.some((path) => path.includes('dist/remote/remote-session.js'))).toBe(true);
    for (const part of ['dist/backend/', 'fflate', 'verify/dist/pdf/', 'verify/dist/seal/', 'sign/dist/pdf/', 'sign/dist/jws/', 'sign/dist/conformance/', 'trust-list/dist/edit/']) expect(inputs.filter((path) => path.includes(part))).toEqual([]);
  });

  it('is three files and what they hash to', () => {
    const integrity = JSON.parse(bundles.get('integrity.json')!) as Record<string, string>;
    expect(Object.keys(integrity)).toEqual(['hefu.js', 'hefu.mjs', 'hefu-digest-worker.js']);
    for (const [name, hash] of Object.entries(integrity)) expect(hash).toBe(`sha384-${createHash('sha384').update(bundles.get(name)!).digest('base64')}`);
    expect(bundles.get('hefu.js')).toMatch(/^(?:"use strict";)?var Hefu=/);
    expect(bundles.get('hefu.js')).toContain('hefu-digest-worker.js');
  });

  it('has nothing newer than the floor', () => {
    for (const name of ['hefu.js', 'hefu-digest-worker.js']) expect(newerThanFloor(bundles.get(name)!, ASKED_FOR), name).toEqual([]);
    // Of our own files nothing is passed over.
    const own = inputs.filter((path) => !path.includes('node_modules/.pnpm'));
    expect(own.length).toBeGreaterThan(200);
    for (const path of own) {
      const text = readFileSync(`${packageRoot}${path}`, 'utf8');
      if (ASKED_FOR.some((name) => text.includes(`.${name}`))) expect(newerThanFloor(text).filter((found) => found.startsWith('.')), path).toEqual([]);
    }
  });
});

describe.skipIf(!hasChromium('the script tag'))('a page with a script tag and nothing else', () => {
  let browser: Browser;
  let served: Served;

  beforeAll(async () => {
    const integrity = JSON.parse(bundles.get('integrity.json')!) as Record<string, string>;
    served = await serve((request) => {
      const { pathname } = new URL(request.url);
      const headers = { 'content-security-policy': "default-src 'self'" };
      if (pathname.startsWith('/hefu/')) return new Response(bundles.get(pathname.slice(6))!, { headers: { ...headers, 'content-type': 'text/javascript' } });
      const script = pathname === '/altered' ? integrity['hefu.mjs'] : integrity['hefu.js'];
      return new Response(`<!doctype html><script src="/hefu/hefu.js" integrity="${script}"></script>`, { headers: { ...headers, 'content-type': 'text/html' } });
    });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    served?.close();
  });

  it('has everything as Hefu, and finds the worker beside the script', async () => {
    const page = await browser.newPage();
    await page.goto(served.origin);
    const found = await page.evaluate(async () => {
      const { Hefu } = globalThis as unknown as { Hefu: typeof import('../src/index.js') & typeof import('../src/components/index.js') };
      Hefu.defineElements();
      const { digests, ran } = await Hefu.digestFile(new File([new Uint8Array(100_000)], 'bid.bin'));
      return { ran, sha256: [...digests[0]!.value], element: customElements.get('hefu-sign') === Hefu.HefuSign };
    });
    expect(found).toEqual({ ran: { in: 'worker', engine: 'javascript' }, sha256: [...createHash('sha256').update(new Uint8Array(100_000)).digest()], element: true });
    await page.close();
  });

  it('is not run where it is another than was meant', async () => {
    const page = await browser.newPage();
    await page.goto(`${served.origin}/altered`);
    expect(await page.evaluate(() => 'Hefu' in globalThis)).toBe(false);
    await page.close();
  });
});

describe('the floor module', () => {
  /** A realm of its own without the functions, and what it answers once the module has run; beside it one that has them. */
  function realm(without: boolean): (expression: string) => unknown {
    const context = createContext({});
    if (without) {
      runInContext("for (const name of ['at', 'findLast', 'findLastIndex']) { delete Array.prototype[name]; delete String.prototype[name]; delete Object.getPrototypeOf(Uint8Array.prototype)[name]; } delete Object.hasOwn;", context);
      expect(runInContext("'at' in Array.prototype || 'hasOwn' in Object", context)).toBe(false);
      runInContext(readFileSync(`${packageRoot}dist/floor.js`, 'utf8').replaceAll('export ', ''), context);
    }
    return (expression) => JSON.stringify(runInContext(`(${expression})`, context));
  }

  it('answers as the functions it stands in for', () => {
    const [supplied, native] = [realm(true), realm(false)];
    for (const expression of [
      ...[0, 2, -1, -3, -4, 3, 1.9, -0.5, NaN].flatMap((index) => ["['a','b','c']", "'abc'", 'Uint8Array.of(7,8,9)', '[]'].map((of) => `[${of}.at(${index})]`)),
      '[1,2,3,4].findLast((n) => n % 2)', '[1,2,3,4].findLastIndex((n) => n % 2)', '[[2,4].findLast((n) => n % 2)]', '[2,4].findLastIndex((n) => n % 2)',
      "Object.hasOwn({ a: 1 }, 'a')", "Object.hasOwn({}, 'toString')", "Object.hasOwn(Object.create(null, { a: {} }), 'a')", 'Object.keys([1]).length', '(() => { const seen = []; for (const name in [1]) seen.push(name); return seen; })()',
    ]) expect(supplied(expression), expression).toBe(native(expression));
  });
});
