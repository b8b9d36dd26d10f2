import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launch } from '../page/chromium.js';
import { reports } from './reports.js';
import { serveGallery, type Gallery } from './serve-gallery.js';

describe.skipIf(!hasChromium('every element'))('the elements', () => {
  let browser: Browser;
  let gallery: Gallery;
  let axe: string;
  const heard: string[] = [];
  beforeAll(async () => {
    gallery = await serveGallery(await reports());
    browser = await launch();
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    gallery.close();
  });

  async function open(state: string, lang = 'zh-CN', width = 900): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 700 } });
    page.on('console', (message) => heard.push(`${state}: ${message.text()}`));
    page.on('pageerror', (error) => heard.push(`${state}: ${error.message}`));
    await page.goto(gallery.url(state, lang));
    await page.waitForFunction('document.querySelector("main > *")?.shadowRoot?.childElementCount > 0');
    return page;
  }
  const text = (page: Page): Promise<string> => page.locator('main > *').evaluate((element) => (element.shadowRoot as unknown as { textContent: string }).textContent);
  const events = (page: Page, type: string): Promise<void> => page.evaluate((name) => { (window as unknown as { heard: unknown[] }).heard = []; document.addEventListener(name, (event) => void (window as unknown as { heard: unknown[] }).heard.push((event as CustomEvent).detail)); }, type);
  const told = (page: Page): Promise<unknown[]> => page.evaluate(() => (window as unknown as { heard: unknown[] }).heard);

  const PICKED = 'picker-choice,qr-waiting,files-reading,report-failed';
  const SIGNING = 'sign-pin-wrong,sign-oauth,sign-signing,sign-unknown,qr-expired,picker-none-usable';
  it.each([['zh-CN', PICKED], ['en', SIGNING]])('in %s are accessible and fit a phone: %s', async (lang, states) => {
    const page = await open(states, lang, 360);
    await page.waitForTimeout(150);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    // The page's policy forbids injected script elements; an evaluation by the debugger is none.
    await page.evaluate(axe);
    const violations = await page.evaluate(`axe.run({ resultTypes: ['violations'], rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false }, 'heading-order': { enabled: false } } }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`);
    expect(violations).toEqual([]);
    await page.close();
  }, 60_000);

  it('a certificate is chosen by keyboard, and only one that can be used', async () => {
    const page = await open('picker-choice');
    await events(page, 'hefu-select');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    expect(await told(page)).toEqual([{ ref: 'a' }, { ref: 'b' }]);
    expect(await page.locator('hefu-certificate-picker').evaluate((element) => (element as unknown as { value: string }).value)).toBe('b');
    await page.locator('hefu-certificate-picker').evaluate((element) => { (element as unknown as { value: string }).value = 'c'; });
    expect(await page.locator('hefu-certificate-picker').evaluate((element) => (element as unknown as { value: string }).value)).toBe('');
    expect(await text(page)).toContain('证书已于5天前过期');
    await page.close();
  });

  it('files are digested in their order, one that failed says what to do, one that is read can be stopped', async () => {
    const page = await open('files-reading');
    await page.waitForFunction('document.querySelector("hefu-file-digest").shadowRoot.querySelector("progress")');
    const digests = page.locator('hefu-file-digest');
    expect(await digests.evaluate((element) => (element as unknown as { files: { name: string }[] }).files.map(({ name }) => name))).toEqual(['图纸与工程量.zip', '报价清单.xlsx']);
    expect(await digests.evaluate((element) => (element as unknown as { complete: boolean }).complete)).toBe(false);
    expect(await text(page)).toContain('读取期间文件发生了变化');
    await page.getByRole('button', { name: '取消计算 投标文件（商务标）.pdf' }).click();
    await page.getByRole('button', { name: '移除 资质证明.pdf' }).click();
    await page.getByRole('button', { name: '移除 图纸与工程量.zip' }).click();
    expect(await digests.evaluate((element) => (element as unknown as { files: { name: string }[] }).files.map(({ name }) => name))).toEqual(['报价清单.xlsx']);
    await page.close();
  });

  it('a PIN is checked for form, given once, and nowhere to be found afterwards', async () => {
    const page = await open('sign-pin');
    await page.evaluate(() => {
      const element = document.querySelector('hefu-sign') as unknown as { session: { answer: (...args: unknown[]) => string } };
      (window as unknown as { answers: unknown[] }).answers = [];
      element.session.answer = (...args) => { (window as unknown as { answers: unknown[] }).answers.push(args); return 'accepted'; };
    });
    const answers = (): Promise<unknown> => page.evaluate(() => (window as unknown as { answers: unknown }).answers);
    await page.getByRole('button', { name: '确认' }).click();
    expect(await text(page)).toContain('请填写');
    await page.keyboard.press('Tab');
    await page.locator('input[name=secret]').fill('12a4');
    await page.locator('input[name=secret]').press('Enter');
    expect(await text(page)).toContain('只能填写数字');
    expect(await answers()).toEqual([]);
    await page.locator('input[name=secret]').fill('730519');
    await page.locator('input[name=secret]').press('Enter');
    expect(await answers()).toEqual([['PIN', { type: 'pin', value: '730519' }]]);
    await page.waitForFunction('!document.querySelector("hefu-sign").shadowRoot.querySelector("input")');
    expect(await page.content()).not.toContain('730519');
    await page.close();
  });

  it('a code that ran out asks for a new one; one that runs tells its time', async () => {
    const page = await open('qr-expired');
    await events(page, 'hefu-qr-refresh');
    await page.getByRole('button', { name: '获取新的二维码' }).click();
    expect(await told(page)).toHaveLength(1);
    expect(await page.locator('path').getAttribute('d')).toBe('');
    await page.close();
    const running = await open('qr-waiting');
    expect(await text(running)).toMatch(/剩余 1:3\d/);
    expect((await running.locator('path').getAttribute('d'))!.length).toBeGreaterThan(500);
    await running.close();
  });

  it('a lost answer is looked for and not signed again; a refusal may be tried again', async () => {
    const unknown = await open('sign-unknown');
    await unknown.waitForSelector('text=查询签名结果');
    expect(await unknown.getByRole('button').allInnerTexts()).toEqual(['查询签名结果']);
    await unknown.close();
    const refused = await open('sign-refused');
    await refused.waitForSelector('text=改用其他证书');
    expect(await refused.getByRole('button').allInnerTexts()).toEqual(['重试', '改用其他证书']);
    await refused.close();
  });

  it('under a strict policy nothing complained', () => {
    expect(heard.filter((line) => !/favicon/.test(line) && !/404/.test(line))).toEqual([]);
  });
});
