import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '../../examples/bid-room/start.mjs';
import { steppedClock } from '../../examples/bid-room/test/stepped-clock.js';
import type { Room, Start } from '../../examples/bid-room/test/bidding.js';
import { bundle } from '../../packages/browser/test/page/bundle.js';
import { pages, serve, type Served } from '../../packages/browser/test/page/serve.js';
import { eventually, hasFirefox, launchFirefox, type Fox, type FoxPage } from '../firefox/launch-firefox.js';

declare global {
  var hefu: typeof import('../../packages/browser/dist/index.js');
  var deep: (selector: string, text?: string) => HTMLElement | undefined;
}

const CASE = new URL('../../test-vectors/cases/verdict/a-bid-under-the-ca-before-the-list-suspends-it/', import.meta.url);

// What our own tests ask of Chromium is asked of another engine here, once: the same sources, another IndexedDB, WebCrypto, workers, locks.
describe.skipIf(!hasFirefox('the page'))('in Firefox', { timeout: 120_000 }, () => {
  let fox: Fox;
  let served: Served;
  let page: FoxPage;
  const heard: string[] = [];

  beforeAll(async () => {
    served = await serve(pages(await bundle("import * as hefu from 'hefu/index.js'; globalThis.hefu = hefu;")));
    fox = await launchFirefox();
    page = await fox.newPage();
    // That the policy leaves no WebAssembly is said here; the page goes on without.
    page.on('pageerror', ({ message }) => void (message.startsWith('Content-Security-Policy') || heard.push(message)));
    await page.goto(`${served.origin}/?csp=${encodeURIComponent("default-src 'self'")}`);
    await eventually(page, () => globalThis.hefu !== undefined);
  });
  afterAll(async () => {
    await fox?.close();
    served?.close();
  });

  it('a bid passes, and another under the same signature does not', async () => {
    const base64 = async (path: string): Promise<string> => (await readFile(new URL(path, CASE))).toString('base64');
    const one = JSON.parse(await readFile(new URL('case.json', CASE), 'utf8'));
    const given = {
      list: await base64(one.lists.at(-1).file), role: JSON.parse(await readFile(new URL(one.role, CASE), 'utf8')), signature: await base64(one.signature), content: await base64(one.content),
      crls: await Promise.all(one.evidence.crls.map(({ file }: { file: string }) => base64(file))), context: one.context, at: Date.parse(one.at),
    };
    const conclusions = await page.evaluate(async ({ list, role, signature, content, crls, context, at }) => {
      const octets = (text: string): Uint8Array => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
      const verifier = await globalThis.hefu.createBrowserVerifier({ trustList: { bytes: octets(list) }, role, online: false, clock: { now: () => at } });
      const judge = async (bid: Uint8Array) => verifier.verify({ signature: octets(signature), content: bid, crls: (crls as string[]).map(octets), context, at });
      const reports = [await judge(octets(content)), await judge(octets(content).map((octet, index) => (index === 0 ? octet ^ 1 : octet)))];
      return reports.map(({ conclusion, code }) => (conclusion === 'passed' ? conclusion : code));
    }, given);
    expect(conclusions).toEqual(['passed', 'CONTENT_TAMPERED']);
  });

  it('files are hashed in a worker, keys are kept and sign, one tab holds a lease', async () => {
    const found = await page.evaluate(async () => {
      const { hefu } = globalThis;
      const file = await hefu.digestFile(new File([new Uint8Array(3_000_000).fill(5)], 'bid.pdf'), { store: hefu.indexedDbStore('digests') });
      const keys = hefu.openSoftKeys('keys');
      const unlock = { passphrase: 'a passphrase of some length' };
      await keys.create({ ref: 'p', kind: 'P-256' });
      await keys.create({ ref: 'sm2', kind: 'SM2', unlock });
      keys.lock();
      const locked = await keys.sign('sm2', { kind: 'sm2-e', value: new Uint8Array(32).fill(1), id: new Uint8Array(0) }).catch((error: { code: string }) => error.code);
      await keys.unlock('sm2', unlock);
      const signed = (await keys.sign('sm2', { kind: 'sm2-e', value: new Uint8Array(32).fill(1), id: new Uint8Array(0) }))[0];
      const leases = hefu.pageLeases();
      const held = [await leases.acquire('x'), await hefu.pageLeases().acquire('x')];
      await leases.release('x');
      held.push(await hefu.pageLeases().acquire('x'));
      return { ran: file.ran.in, sha256: [...file.digests.find(({ algorithm }) => algorithm === 'SHA-256')!.value], p: (await keys.sign('p', { kind: 'tbs', digest: 'SHA-256', value: new Uint8Array(8) })).length, locked, signed, held };
    });
    expect(found).toEqual({ ran: 'worker', sha256: [...createHash('sha256').update(Buffer.alloc(3_000_000, 5)).digest()], p: 64, locked: 'KEY_LOCKED', signed: 0x30, held: [true, false, true] });
    expect(heard).toEqual([]);
  });

  it('the bid room: files, a phone, a receipt, and the verdict at the desk', async () => {
    const room: Room = await (start as unknown as Start)({ port: 0, clock: steppedClock() });
    const folder = await mkdtemp(join(tmpdir(), 'hefu-firefox-'));
    try {
      const letter = join(folder, '投标函.pdf');
      await writeFile(letter, `a bid ${randomUUID()}`);
      const bidder = await opened(fox, room.url);
      await eventually(bidder, () => globalThis.deep('label', '手机扫码')?.click() === undefined);
      await (await bidder.evaluateHandle(() => globalThis.deep('input[type=file]'))).asElement()!.uploadFile(letter);
      const press = (target: FoxPage, text: string) => eventually(target, (label) => {
        const button = globalThis.deep('button:not([disabled])', label);
        button?.click();
        return button !== undefined;
      }, text);
      await press(bidder, '开始签名');
      const { payload, verificationCode } = await eventually(bidder, () => (globalThis.deep('hefu-qr') as unknown as { challenge?: { payload: string; verificationCode: string } } | undefined)?.challenge);
      const post = async (path: string, body: object): Promise<{ ticket?: string; code?: string }> => (await (await fetch(`${room.phoneUrl}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json()) as { ticket?: string; code?: string };
      const { ticket, code } = await post('open', { link: payload });
      expect(code).toBe(verificationCode);
      await post('act', { ticket, act: 'approve' });
      const id = await eventually(bidder, () => /B-[0-9A-F]{8}/.exec(document.querySelector<HTMLElement>('#receipt')?.innerText ?? '')?.[0]);
      const desk = await opened(fox, `${room.url}/desk.html`);
      await press(desk, '查看');
      expect(await eventually(desk, () => (globalThis.deep('hefu-report') as unknown as { report?: { conclusion: string } } | undefined)?.report?.conclusion)).toBe('passed');
      expect(id).toMatch(/^B-/);
    } finally {
      await rm(folder, { recursive: true });
      await room.close();
    }
  });
});

/** A page in which elements are found through shadow roots. */
async function opened(fox: Fox, url: string): Promise<FoxPage> {
  const page = await fox.newPage();
  await page.goto(url);
  await page.evaluate(() => {
    const all = (root: ParentNode): Element[] => [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot === null ? [] : all(each.shadowRoot))]);
    globalThis.deep = (selector, text = '') => all(document).find((each) => each.matches(selector) && each.textContent!.includes(text)) as HTMLElement | undefined;
  });
  return page;
}
