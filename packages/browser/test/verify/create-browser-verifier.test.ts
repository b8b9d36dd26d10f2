import { existsSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerifier } from '../../../node/src/create-verifier.js';
import type { Scenario, ServedWorld } from '../../../sandbox/src/index.js';
import { amputate } from '../page/amputate.js';
import { bundle } from '../page/bundle.js';
import { hasChromium, launch } from '../page/chromium.js';
import { pages, serve, type Served } from '../page/serve.js';

// The sandbox stands beside this package, not beneath it, so it is reached by path.
const SANDBOX = new URL('../../../sandbox/dist/index.js', import.meta.url);
const ready = hasChromium('verification') && existsSync(SANDBOX);
const T = Date.UTC(2026, 5, 1, 8);

interface Asked {
  readonly signature: string;
  readonly content: string;
  readonly crls: readonly string[];
  readonly context: Scenario['context'];
  readonly at: number;
}

const PAGE = `
import * as hefu from 'hefu/index.js';
globalThis.hefu = hefu;
const octets = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
globalThis.openVerifier = async (options, store = 'verifier') => {
  globalThis.verifier = await hefu.createBrowserVerifier({ ...options, ...(options.list === undefined ? {} : { trustList: { bytes: octets(options.list) } }), clock: { now: () => options.now }, store: hefu.indexedDbStore(store) });
  return globalThis.verifier.trustList.sequence;
};
globalThis.ask = async ({ signature, content, crls, ...asked }, as = 'octets') => globalThis.verifier.verify({
  ...asked, signature: octets(signature), content: as === 'octets' ? octets(content) : new File([octets(content)], 'bid.pdf'), crls: crls.map(octets),
});
globalThis.coded = (act) => act().then((value) => value, (error) => ({ name: error.name, code: error.code, message: error.message }));
`;

declare global {
  var openVerifier: (options: Record<string, unknown>, store?: string) => Promise<number>;
  var ask: (asked: Asked, as?: 'octets' | 'file') => Promise<unknown>;
  var coded: (act: () => Promise<unknown>) => Promise<{ code?: string }>;
}

describe.skipIf(!ready)('a verifier in the page', () => {
  let world: ServedWorld;
  let other: Served;
  let served: Served;
  let browser: Browser;
  let context: BrowserContext;
  const asked: { readonly id: string; readonly input: Asked; readonly expected: unknown }[] = [];
  let list: string;
  const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');

  beforeAll(async () => {
    const { startSandbox } = (await import(SANDBOX.href)) as typeof import('../../../sandbox/src/index.js');
    world = await startSandbox({ seed: 'page-verifier', at: T });
    list = base64(world.world.lists.current);
    const trust = { trustList: { bytes: world.world.lists.current }, role: world.world.listRole, clock: { now: () => T } };
    const online = await createVerifier(trust);
    const offline = await createVerifier({ ...trust, online: false });
    // One signer of each algorithm, and neighbours that must not pass.
    const refused = ['tampered', 'revoked', 'frozen', 'wrong-region', 'unlisted-ca'];
    const stories = world.world.scenarios.filter(({ id }) => id.startsWith('good-') || refused.includes(id));
    const algorithms = new Set<string>();
    for (const { id, signature, content, context: given, at } of stories) {
      const { region, transaction, scene } = given;
      const request = { signature, content, region, transaction, scene, at };
      const { used, report: seen } = await online.verifyWithEvidence(request);
      const algorithm = seen.signers[0]!.path[0]!.signatureAlgorithm;
      if (!refused.includes(id) && algorithms.has(algorithm)) continue;
      algorithms.add(algorithm);
      const crls = used.items.filter(({ kind }) => kind === 'crl').map(({ bytes }) => bytes);
      asked.push({
        id, input: { signature: base64(signature as Uint8Array), content: base64(content), crls: crls.map(base64), context: { scene, region, ...(transaction === undefined ? {} : { transaction }) } as Asked['context'], at },
        expected: JSON.parse(JSON.stringify(await offline.verify({ ...request, crls }))),
      });
    }
    online.close();
    offline.close();
    const files = await bundle(PAGE);
    other = await serve((request) => new Response('list', { headers: new URL(request.url).pathname === '/open' ? { 'access-control-allow-origin': '*' } : {} }));
    served = await serve(pages(files, (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === '/list') return new Response(world.world.lists.current as Uint8Array<ArrayBuffer>);
      if (pathname === '/away') return new Response(null, { status: 302, headers: { location: '/list' } });
      if (pathname === '/large') return new Response(new Uint8Array(4_000_000));
      return undefined;
    }));
    browser = await launch();
    context = await browser.newContext();
    context.setDefaultTimeout(55_000);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
    other?.close();
    served?.close();
  });

  async function open(policy?: string, init?: () => void): Promise<Page> {
    const page = await context.newPage();
    if (init !== undefined) await page.addInitScript(init);
    await page.goto(`${served.origin}/${policy === undefined ? '' : `?csp=${encodeURIComponent(policy)}`}`);
    await page.waitForFunction(() => globalThis.ask !== undefined);
    return page;
  }
  const opened = (page: Page, options: Record<string, unknown>, store?: string) => page.evaluate(([given, name]) => globalThis.coded(() => globalThis.openVerifier(given as Record<string, unknown>, name as string | undefined)), [{ role: world.world.listRole, now: T, ...options }, store] as const);
  const report = (page: Page, input: Asked, as?: 'octets' | 'file') => page.evaluate(([given, form]) => globalThis.ask(given, form), [input, as] as const);

  it("gives Node's reports under default-src 'self', in a browser that has nothing newer than Chromium 86", async () => {
    expect(asked.length).toBeGreaterThan(6);
    expect(new Set(asked.map(({ expected }) => (expected as { signers: { path: { signatureAlgorithm: string }[] }[] }).signers[0]?.path[0]?.signatureAlgorithm)).size).toBeGreaterThan(1);
    expect(new Set(asked.map(({ expected }) => (expected as { conclusion: string }).conclusion))).toEqual(new Set(['passed', 'failed', 'indeterminate']));
    const page = await open("default-src 'self'", amputate);
    expect(await page.evaluate(() => ['at' in Array.prototype, 'structuredClone' in globalThis, 'randomUUID' in crypto])).toEqual([true, false, false]); // `at` is the floor's
    expect(await opened(page, { list, online: false })).toBe(12);
    for (const { id, input, expected } of asked) {
      expect(await report(page, input), id).toEqual(expected);
    }
    for (const { id, input, expected } of asked.slice(0, 2)) expect(await report(page, input, 'file'), `${id}, from a file`).toEqual(expected);
    await page.close();
    await context.clearCookies();
  });

  it('follows a list by address, keeps it over visits, and verifies what it kept', async () => {
    const page = await open();
    expect(await opened(page, { trustList: { url: `${served.origin}/away` } }, 'kept')).toBe(12);
    for (const url of ['/list', 'list', './list', ['/nothing', '/list']]) expect(await opened(page, { trustList: { url } }, `relative ${String(url)}`), String(url)).toBe(12);
    for (const url of ['/nothing', '\\list', '/li st']) expect(await opened(page, { trustList: { url } }, 'relative, none'), url).toMatchObject({ code: 'TRUST_LIST_UNAVAILABLE' });
    expect(await opened(page, { trustList: { url: `${served.origin}/list` }, online: false }, 'kept')).toBe(12);
    expect(await opened(page, { trustList: { url: `${served.origin}/list` }, online: false }, 'nothing-kept')).toMatchObject({ name: 'BrowserError', code: 'TRUST_LIST_UNAVAILABLE' });
    // Somebody else wrote into the store.
    await page.evaluate(async () => {
      const store = globalThis.hefu.indexedDbStore('kept');
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('kept');
        request.onsuccess = () => resolve(request.result);
      });
      const keys = await new Promise<IDBValidKey[]>((resolve) => {
        const request = database.transaction('values').objectStore('values').getAllKeys();
        request.onsuccess = () => resolve(request.result);
      });
      for (const key of keys as string[]) await store.put(key, (await store.get(key))!.map((octet, i) => (i === 400 ? octet ^ 1 : octet)));
      database.close();
    });
    expect(await opened(page, { trustList: { url: `${served.origin}/list` }, online: false }, 'kept')).toMatchObject({ code: 'TRUST_LIST_UNAVAILABLE' });
    const { keys } = world.world.listRole;
    expect(await opened(page, { list, role: { ...world.world.listRole, keys, distinctOrg: 2 }, online: false }, 'role')).toMatchObject({ code: 'ROLE_INVALID' });
    await page.close();
  });

  it('says why an address gave nothing', async () => {
    const page = await open();
    const fetched = (url: string, more: Record<string, unknown> = {}) => page.evaluate(([address, options]) => globalThis.coded(() => globalThis.hefu.browserFetcher().fetch({ url: address, maxBytes: 200_000, timeoutMs: 4000, maxRedirects: 3, allowPrivateAddresses: true, ...options })), [url, more] as const);
    expect(await fetched(`${served.origin}/list`)).toMatchObject({ status: 200 });
    expect(await fetched(`${other.origin}/open`)).toMatchObject({ status: 200 });
    expect(await fetched(`${other.origin}/closed`)).toMatchObject({ name: 'UpdaterError', code: 'CORS_REFUSED' });
    expect(await fetched('http://localhost:59999/')).toMatchObject({ code: 'CONNECT_FAILED' });
    expect(await fetched(`${served.origin}/large`)).toMatchObject({ code: 'TOO_LARGE' });
    expect(await fetched(`${served.origin}/list`, { maxBytes: 10 })).toMatchObject({ code: 'TOO_LARGE' });
    expect(await fetched(`${served.origin}/away`, { maxRedirects: 0 })).toMatchObject({ code: 'CONNECT_FAILED' });
    expect(await fetched('ldap://ca.example.cn/crl')).toMatchObject({ code: 'SCHEME_REFUSED' });
    expect(await fetched(`${other.origin}/open`, { allowPrivateAddresses: false })).toMatchObject({ code: expect.stringMatching(/HOST_REFUSED|ADDRESS_REFUSED/) });
    await page.close();
  });
});
