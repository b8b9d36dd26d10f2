import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReturn } from '../../src/oauth/oauth-message.js';
import { bundle } from '../page/bundle.js';
import { hasChromium, launch } from '../page/chromium.js';
import { pages, serve, type Served } from '../page/serve.js';

describe('what an authorisation server returned', () => {
  it('is read once each, and only where it says one thing', () => {
    expect(readReturn('https://bids.example/back?state=s&code=c&iss=https%3A%2F%2Fas')).toEqual({ type: 'hefu-oauth-return', state: 's', code: 'c', issuer: 'https://as' });
    expect(readReturn('https://bids.example/back?state=s&error=access_denied')).toEqual({ type: 'hefu-oauth-return', state: 's', error: 'access_denied' });
    for (const query of ['', '?code=c', '?state=s', '?state=s&code=c&code=d', '?state=s&code=c&error=e', `?state=s&code=${'c'.repeat(5000)}`]) expect(readReturn(`https://bids.example/back${query}`)).toBeUndefined();
  });
});

const PAGE = `
import * as hefu from 'hefu/index.js';
globalThis.hefu = hefu;
globalThis.coded = (act) => Promise.resolve().then(act).then((value) => value, (error) => ({ name: error.name, code: error.code }));
globalThis.begin = (challenge) => { globalThis.outcome = globalThis.coded(() => hefu.authoriseInWindow(challenge)); };
globalThis.returned = hefu.completeOAuthReturn().then((found) => found.kind === 'failed' ? { kind: 'failed', code: found.error.code } : found);
`;

declare global {
  var begin: (challenge: unknown) => void;
  var outcome: Promise<unknown>;
  var returned: Promise<unknown>;
}

describe.skipIf(!hasChromium('authorisation windows'))('an authorisation window', () => {
  let browser: Browser;
  let context: BrowserContext;
  let served: Served;
  let provider: Served;

  beforeAll(async () => {
    served = await serve(pages(await bundle(PAGE), (request) => {
      const { pathname } = new URL(request.url);
      return pathname === '/back' ? new Response('<!doctype html><script type="module" src="/entry.js"></script>', { headers: { 'content-type': 'text/html' } }) : undefined;
    }));
    // An authorisation server: what it does is in the address. `/coop` cuts the opener off.
    provider = await serve((request) => {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === '/wait') return new Response('<!doctype html>please sign in', { headers: { 'content-type': 'text/html' } });
      const back = new URL(searchParams.get('redirect_uri')!);
      for (const [name, value] of new URLSearchParams(searchParams.get('answer')!)) back.searchParams.set(name, value);
      if (pathname === '/coop') return new Response(`<!doctype html><script>location.replace(${JSON.stringify(back.href)})</script>`, { headers: { 'content-type': 'text/html', 'cross-origin-opener-policy': 'same-origin' } });
      return new Response(null, { status: 302, headers: { location: back.href } });
    });
    browser = await launch();
    context = await browser.newContext();
    context.setDefaultTimeout(55_000);
  });
  afterAll(async () => {
    await browser?.close();
    served?.close();
    provider?.close();
  });

  async function open(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(served.origin);
    await page.waitForFunction(() => globalThis.begin !== undefined);
    return page;
  }
  const challenge = (path: string, answer: string, more: Record<string, unknown> = {}) => ({
    type: 'oauth', id: 'oauth', state: 'state-1', redirectUri: `${served.origin}/back`, preferred: 'popup',
    url: `${provider.origin}${path}?redirect_uri=${encodeURIComponent(`${served.origin}/back`)}&answer=${encodeURIComponent(answer)}`, ...more,
  });
  /** In a click, since windows open in no other way. */
  async function clicked(page: Page, given: unknown): Promise<void> {
    await page.evaluate((value) => {
      const button = document.createElement('button');
      button.onclick = () => globalThis.begin(value);
      document.body.replaceChildren(button);
    }, given);
    await page.click('button');
  }
  const outcome = (page: Page) => page.evaluate(() => globalThis.outcome);

  it('brings the code back, also where the server cuts the opener off', async () => {
    const page = await open();
    for (const path of ['/authorise', '/coop']) {
      await clicked(page, challenge(path, 'state=state-1&code=abc'));
      expect(await outcome(page), path).toEqual({ type: 'oauth', code: 'abc', state: 'state-1' });
    }
    await page.close();
  });

  it('refuses the answer to another request, of another server, and a refusal', async () => {
    const page = await open();
    await clicked(page, challenge('/authorise', 'state=state-2&code=abc'));
    expect(await outcome(page)).toMatchObject({ name: 'SignError', code: 'STATE_MISMATCH' });
    await clicked(page, challenge('/authorise', 'state=state-1&code=abc&iss=https://evil.example', { issuer: 'https://as.example' }));
    expect(await outcome(page)).toMatchObject({ code: 'STATE_MISMATCH' });
    await clicked(page, challenge('/authorise', 'state=state-1&error=access_denied'));
    expect(await outcome(page)).toEqual({ type: 'oauth-failed', reason: 'access_denied' });
    await clicked(page, { ...challenge('/authorise', ''), url: 'javascript:alert(1)' });
    expect(await outcome(page)).toMatchObject({ code: 'ADAPTER_MISCONFIGURED' });
    await page.close();
  });

  it('says that it was blocked, and that it was closed', async () => {
    const page = await open();
    await page.evaluate(() => (window.open = () => null));
    await clicked(page, challenge('/authorise', 'state=state-1&code=abc'));
    expect(await outcome(page)).toMatchObject({ code: 'POPUP_BLOCKED' });
    await page.reload();
    await page.waitForFunction(() => globalThis.begin !== undefined);
    const [popup] = await Promise.all([page.waitForEvent('popup'), clicked(page, challenge('/wait', ''))]);
    await popup.waitForURL(/\/wait/);
    await popup.close();
    expect(await outcome(page)).toMatchObject({ code: 'POPUP_CLOSED' });
    await page.close();
  });

  it('believes no message from elsewhere', async () => {
    const page = await open();
    const [popup] = await Promise.all([page.waitForEvent('popup'), clicked(page, challenge('/wait', ''))]);
    await popup.waitForURL(/\/wait/);
    // From the provider's own origin, and from the page itself, with the right state.
    const forged = { type: 'hefu-oauth-return', state: 'state-1', code: 'forged' };
    await popup.evaluate((message) => (window.opener as Window).postMessage(message, '*'), forged);
    await page.evaluate((message) => window.postMessage(message, location.origin), forged);
    await popup.goto(`${served.origin}/back?state=state-1&code=real`);
    expect(await outcome(page)).toEqual({ type: 'oauth', code: 'real', state: 'state-1' });
    await page.close();
  });

  it('goes by redirect, and is taken in the tab that left and nowhere else', async () => {
    const page = await open();
    await page.evaluate((given) => globalThis.hefu.redirectToAuthorise(given as never, 'session-7'), challenge('/authorise', 'state=state-1&code=abc'));
    await page.waitForURL(/\/back/);
    await page.waitForFunction(() => globalThis.returned !== undefined);
    expect(await page.evaluate(() => globalThis.returned)).toEqual({ kind: 'answer', resume: 'session-7', challengeId: 'oauth', answer: { type: 'oauth', code: 'abc', state: 'state-1' } });
    // The code is in no history.
    expect(page.url()).toBe(`${served.origin}/back`);
    // Once only; and in another tab nobody waits.
    await page.goto(`${served.origin}/back?state=state-1&code=abc`);
    await page.waitForFunction(() => globalThis.returned !== undefined);
    expect(await page.evaluate(() => globalThis.returned)).toEqual({ kind: 'failed', code: 'RETURNED_IN_OTHER_BROWSER' });
    await page.goto(served.origin);
    await page.waitForFunction(() => globalThis.returned !== undefined);
    expect(await page.evaluate(() => globalThis.returned)).toEqual({ kind: 'none' });
    await page.close();
  });
});
