import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launch } from '../../../packages/browser/test/page/chromium.js';
import { start } from '../start.mjs';

interface Room { readonly url: string; readonly phoneUrl: string; readonly provider: { readonly faults: { set(fault: string): void; clear(): void } }; close(): Promise<void> }

describe.skipIf(!hasChromium('the bid room'))('the bid room', () => {
  let room: Room;
  let browser: Browser;
  let context: BrowserContext;
  const heard: string[] = [];
  beforeAll(async () => {
    room = (await start({ port: 0 })) as Room;
    browser = await launch();
    context = await browser.newContext();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await room.close();
  });

  async function open(path = '/'): Promise<Page> {
    const page = await context.newPage();
    page.on('console', (message) => { if (message.type() === 'error') heard.push(message.text()); });
    page.on('pageerror', (error) => heard.push(error.message));
    await page.goto(room.url + path);
    return page;
  }
  const FILES = [{ name: '投标函.pdf', mimeType: 'application/pdf', buffer: Buffer.from('a bid') }, { name: '报价清单.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.alloc(300_000, 7) }];
  async function ready(page: Page): Promise<void> {
    await page.setInputFiles('input[type=file]', FILES);
    await page.getByRole('button', { name: '开始签名' }).click({ timeout: 20_000 });
  }
  async function phone(page: Page, act: string): Promise<void> {
    await page.waitForSelector('hefu-qr', { timeout: 20_000 });
    const link = await page.locator('hefu-qr').evaluate((element) => (element as unknown as { challenge: { payload: string } }).challenge.payload);
    const post = async (path: string, body: object): Promise<{ ticket?: string; code?: string }> => (await (await fetch(`${room.phoneUrl}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json()) as { ticket?: string; code?: string };
    const { ticket, code } = await post('open', { link });
    // What the phone shows is what the page shows.
    expect(await page.locator('hefu-qr').evaluate((element) => (element as unknown as { challenge: { verificationCode: string } }).challenge.verificationCode)).toBe(code);
    await post('act', { ticket, act });
  }
  /** A page that knows of nothing under way, its files chosen and signing begun. */
  async function begun(): Promise<Page> {
    const page = await open();
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await ready(page);
    return page;
  }

  it('takes a bid signed with the phone, and the desk has its verdict and its evidence', async () => {
    const page = await open();
    await ready(page);
    await phone(page, 'approve');
    await page.waitForSelector('text=文件已全部上传', { timeout: 30_000 });
    expect(await page.locator('#receipt').innerText()).toMatch(/B-[0-9A-F]{8}[\s\S]*通过/);
    await page.close();

    const desk = await open('/desk.html');
    await desk.getByRole('button', { name: /查看 B-/ }).first().click();
    expect(await desk.locator('hefu-report').first().evaluate((element) => (element as unknown as { report: { conclusion: string } }).report.conclusion)).toBe('passed');
    const download = desk.waitForEvent('download');
    await desk.getByRole('link', { name: '下载证据包' }).click();
    const bundle = await readFile((await (await download).path())!);
    expect(bundle.subarray(0, 2).toString()).toBe('PK');
    await desk.close();
  }, 90_000);

  it('says who refused, and signs when asked again', async () => {
    const page = await begun();
    await phone(page, 'refuse');
    await page.waitForSelector('text=USER_REFUSED', { timeout: 20_000 });
    await page.getByRole('button', { name: '重试' }).click();
    await phone(page, 'approve');
    await page.waitForSelector('text=文件已全部上传', { timeout: 30_000 });
    await page.close();
  }, 90_000);

  it('goes on after the page was closed while the phone was awaited', async () => {
    const page = await begun();
    await page.waitForSelector('hefu-qr', { timeout: 20_000 });
    await page.close();
    const again = await open();
    await phone(again, 'approve');
    await again.waitForSelector('text=请重新选择刚才的文件', { timeout: 30_000 });
    await again.setInputFiles('input[type=file]', FILES);
    await again.waitForSelector('text=文件已全部上传', { timeout: 30_000 });
    await again.close();
  }, 90_000);

  it('hands over nothing that was signed for another file', async () => {
    room.provider.faults.set('permute');
    const page = await begun();
    await phone(page, 'approve');
    await page.waitForSelector('text=SIGNATURE_ORDER', { timeout: 30_000 });
    expect(await page.locator('#step-receipt').isVisible()).toBe(false);
    room.provider.faults.clear();
    await page.close();
  }, 90_000);

  it('works offline and back, and complains of nothing under a strict policy', async () => {
    const page = await begun();
    await page.waitForSelector('hefu-qr', { timeout: 20_000 });
    await context.setOffline(true);
    await page.waitForSelector('text=网络已断开', { timeout: 10_000 });
    await context.setOffline(false);
    await phone(page, 'approve');
    await page.waitForSelector('text=文件已全部上传', { timeout: 40_000 });
    await page.close();
    expect(heard.filter((line) => !/favicon|ERR_INTERNET_DISCONNECTED|wasm-unsafe-eval/.test(line))).toEqual([]);
  }, 90_000);
});
