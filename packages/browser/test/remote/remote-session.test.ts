import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createScriptedProvider } from '@hefu/sign/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// Companies and judgement made for the session's own tests.
import { bench, companies, inputFor, judgement, softKey } from '../../../sign/test/session/bench.js';
import { createSigningBackend } from '../../src/backend/index.js';
import { amputate } from '../page/amputate.js';
import { bundle } from '../page/bundle.js';
import { hasChromium, launch } from '../page/chromium.js';
import { pages, serve, type Served } from '../page/serve.js';

const PAGE = `
import { remoteSession } from 'hefu/index.js';
globalThis.told = [];
globalThis.connection = [];
globalThis.follow = (requestId, order) => {
  globalThis.session = remoteSession('/api/signing', { requestId, ...(order === undefined ? {} : { order }), onConnection: (state) => globalThis.connection.push(state), waits: { first: 50, longest: 200 } });
  globalThis.finished = (async () => { for await (const event of globalThis.session.run()) globalThis.told.push(event); return globalThis.told[globalThis.told.length - 1]; })();
};
`;

declare global {
  var told: { readonly type: string }[];
  var connection: string[];
  var session: import('@hefu/sign').SigningSession;
  var follow: (requestId: string, order?: Record<string, unknown>) => void;
  var finished: Promise<{ readonly type: string; readonly signatures?: readonly { readonly message: Uint8Array; readonly report: { readonly code: string } }[] }>;
}

describe.skipIf(!hasChromium('signing by way of a backend'))('a page that signs by way of its backend', () => {
  const provider = createScriptedProvider([softKey(companies('SM2')[0]!)], { pin: '135790' });
  let browser: Browser;
  let context: BrowserContext;
  let served: Served;

  beforeAll(async () => {
    const judged = await judgement();
    const backend = createSigningBackend({
      base: '/api/signing', authenticate: async () => ({ id: 'li' }),
      open: async () => {
        const { requestId: _, ...input } = await inputFor(provider.adapter, 2, judged, bench().ports);
        return input;
      },
    });
    served = await serve(pages(await bundle(PAGE), backend));
    browser = await launch();
    context = await browser.newContext();
    context.setDefaultTimeout(55_000);
    await context.addInitScript(amputate);
  });
  afterAll(async () => {
    await browser?.close();
    served?.close();
  });

  async function open(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${served.origin}/?csp=${encodeURIComponent("default-src 'self'")}`);
    await page.waitForFunction(() => globalThis.follow !== undefined);
    return page;
  }
  const asked = (page: Page) => page.waitForFunction(() => globalThis.told.some(({ type }) => type === 'challenge'));

  it('closed while it was asked, opened again, offline while it answered: signed once', async () => {
    const first = await open();
    await first.evaluate(() => globalThis.follow('job-1', { files: 2 }));
    await asked(first);
    await first.close();
    const page = await open();
    await page.evaluate(() => globalThis.follow('job-1'));
    await asked(page);
    await context.setOffline(true);
    expect(await page.evaluate(() => globalThis.session.answer('PIN', { type: 'pin', value: '135790' }))).toBe('accepted');
    await page.waitForFunction(() => globalThis.connection.includes('reconnecting'));
    await context.setOffline(false);
    const end = await page.evaluate(async () => {
      const { type, signatures } = await globalThis.finished;
      return { type, codes: signatures!.map(({ report }) => report.code), octets: signatures!.every(({ message }) => message instanceof Uint8Array && message.length > 500) };
    });
    expect(end).toEqual({ type: 'done', codes: ['OK', 'OK'], octets: true });
    expect(provider.made).toEqual(['i0', 'i1']);
    await page.close();
  });

  it('two tabs and a double click are one signing', async () => {
    const before = provider.made.length;
    const [one, other] = [await open(), await open()];
    await one.evaluate(() => { globalThis.follow('job-2', { files: 2 }); globalThis.follow('job-2', { files: 2 }); });
    await other.evaluate(() => globalThis.follow('job-2', { files: 2 }));
    for (const page of [one, other]) await asked(page);
    await other.evaluate(() => globalThis.session.answer('PIN', { type: 'pin', value: '135790' }));
    for (const page of [one, other]) expect(await page.evaluate(async () => (await globalThis.finished).type)).toBe('done');
    expect(provider.made.length - before).toBe(2);
  });
});
