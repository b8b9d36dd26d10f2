import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { SignError, type SigningEvent } from '@hefu/sign';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launch } from '../page/chromium.js';
import { reports } from './reports.js';
import { serveGallery, type Gallery } from './serve-gallery.js';

/** At its own pace, on a slow machine too. */
const SOON = { timeout: 30_000, interval: 50 };

describe.skipIf(!hasChromium('every element'))('the elements', () => {
  let browser: Browser;
  let shown: Page;
  let gallery: Gallery;
  let axe: string;
  const heard: string[] = [];
  beforeAll(async () => {
    gallery = await serveGallery(await reports());
    browser = await launch();
    shown = await browser.newPage({ reducedMotion: 'reduce' });
    listen(shown);
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    gallery.close();
  });

  function listen(page: Page): void {
    page.on('console', (message) => heard.push(`${page.url()}: ${message.text()}`));
    page.on('pageerror', (error) => heard.push(`${page.url()}: ${error.message}`));
  }
  /** A document of its own, in one window for all: to open another costs more than what is shown in it. */
  async function open(state: string, lang = 'zh-CN', width = 900): Promise<Page> {
    await shown.setViewportSize({ width, height: 700 });
    await shown.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    await shown.goto(gallery.url(state, lang));
    await until(shown, 'document.querySelector("main > *")?.shadowRoot?.childElementCount > 0');
    return shown;
  }
  /** Asked by the debugger each time: what Playwright polls with inside the page is `eval`, which the page's policy forbids. */
  const until = async (page: Page, condition: string): Promise<void> => { await expect.poll(() => page.evaluate(condition), SOON).toBeTruthy(); };
  const text = (page: Page): Promise<string> => page.locator('main > *').evaluate((element) => (element.shadowRoot as unknown as { textContent: string }).textContent);
  const events = (page: Page, type: string): Promise<void> => page.evaluate((name) => { (window as unknown as { heard: unknown[] }).heard = []; document.addEventListener(name, (event) => void (window as unknown as { heard: unknown[] }).heard.push((event as CustomEvent).detail)); }, type);
  const told = (page: Page): Promise<unknown[]> => page.evaluate(() => (window as unknown as { heard: unknown[] }).heard);

  /** All states at once, the page without a network among them or not. */
  async function openAll(lang: string, width: number): Promise<Page> {
    const page = await open('report-none', lang, width);
    const states = (await page.evaluate('document.documentElement.dataset.states') as string).split(' ');
    await page.goto(gallery.url(states.join(','), lang));
    await until(page, 'document.querySelectorAll("main > *").length > 60 && [...document.querySelectorAll("hefu-report")].every((each) => each.report === undefined ? each.matches(":first-of-type") : each.shadowRoot.querySelector("details"))');
    await page.waitForTimeout(200);
    return page;
  }

  it.each([['zh-CN', 'light'], ['en', 'dark']] as const)('in %s, %s: every state is accessible, fits a phone, with large type too, and can be touched', async (lang, colorScheme) => {
    const page = await openAll(lang, 360);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The page's policy forbids injected script elements; an evaluation by the debugger is none.
    await page.evaluate(axe);
    const violations = await page.evaluate(`axe.run('main', { resultTypes: ['violations'], rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false }, 'heading-order': { enabled: false } } }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html).slice(0, 3).join(' ')))`);
    expect(violations).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const small = await page.evaluate(() => {
      const within = (root: ParentNode): readonly Element[] => [...root.querySelectorAll('*')].flatMap((each) => [...(each.matches('button,summary,a,label.option,label.drop') ? [each] : []), ...(each.shadowRoot === null ? [] : within(each.shadowRoot))]);
      return within(document.querySelector('main')!).filter((each) => { const { width, height } = each.getBoundingClientRect(); return height > 0 && (height < 44 || width < 44); }).map(({ outerHTML }) => outerHTML.slice(0, 100));
    });
    expect(small).toEqual([]);
    await page.evaluate(() => { document.documentElement.style.fontSize = '32px'; });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  }, 120_000);

  const focused = (page: Page): Promise<string> => page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.localName ?? '';
  });
  const focusIs = (page: Page, name: string): Promise<void> => expect.poll(() => focused(page), SOON).toBe(name);
  const happens = (page: Page, event: SigningEvent): Promise<void> => page.evaluate((each) => (window as unknown as { happens: (event: unknown) => void }).happens(JSON.parse(each)), JSON.stringify(event));

  it('the focus goes along with the steps, and what comes by itself is told once', async () => {
    const page = await open('driven');
    const live = page.locator('hefu-sign').locator('p.hidden[role=status]');
    await page.getByRole('button', { name: '开始签名' }).press('Enter');
    await focusIs(page, 'h2');
    expect(await live.textContent()).toBe('');
    await happens(page, { type: 'challenge', challenge: { type: 'pin', id: 'PIN', label: 'PIN' } });
    await focusIs(page, 'input');
    await page.keyboard.type('730519');
    await page.keyboard.press('Enter');
    await focusIs(page, 'h2');
    await happens(page, { type: 'challenge', challenge: { type: 'pin', id: 'PIN', label: 'PIN', attemptsLeft: 2 } });
    await focusIs(page, 'input');
    expect(await page.getByRole('alert').textContent()).toBe('口令不正确。还可尝试 2 次。');
    // Whoever reads on elsewhere is told, and stays there.
    await page.evaluate(() => {
      document.body.append(document.createElement('button'));
      document.body.querySelector<HTMLElement>(':scope > button')!.focus();
      const told: string[] = [];
      const status = document.querySelector('hefu-sign')!.shadowRoot!.querySelector('p.hidden')!;
      new MutationObserver(() => told.push(status.textContent!)).observe(status, { subtree: true, childList: true, characterData: true });
      Object.assign(window, { told });
    });
    await happens(page, { type: 'phase', phase: 'signing', authorisation: 1, of: 1 });
    await page.waitForTimeout(1300); // over the next rendering of the countdown
    await happens(page, { type: 'done', signatures: [] });
    await expect.poll(() => page.evaluate(() => (window as unknown as { told: string[] }).told), SOON).toEqual(['正在签名', '签名完成 0 个签名均已核验通过。']);
    expect(await focused(page)).toBe('button');
  });

  it('after the deadline nothing is begun', async () => {
    for (const [state, disabled] of [['sign-near', false], ['sign-passed', true]] as const) {
      const page = await open(state);
      expect(await page.getByRole('button', { name: '开始签名' }).isDisabled(), state).toBe(disabled);
    }
  });

  it('what stands in an element speaks its language', async () => {
    const page = await open('sign-choose,sign-qr', 'en');
    await page.getByRole('heading', { name: 'Choose the certificate to sign with' }).waitFor();
    await page.getByRole('heading', { name: 'Scan with your phone and confirm' }).waitFor();
  });

  it('a field of a form: required, with a value, disabled with its fieldset', async () => {
    const page = await open('picker-choice');
    const [missing, chosen, disabled] = await page.evaluate(() => {
      const picker = document.querySelector('hefu-certificate-picker')!;
      const form = document.createElement('form');
      const fieldset = document.createElement('fieldset');
      picker.setAttribute('name', 'certificate');
      picker.setAttribute('required', '');
      document.body.append(form);
      form.append(fieldset);
      fieldset.append(picker);
      const valid = (): unknown[] => [form.checkValidity(), picker.validity.valueMissing, new FormData(form).get('certificate')];
      const before = valid();
      form.reportValidity();
      before.push(picker.shadowRoot!.activeElement?.localName);
      const heard: string[] = [];
      document.addEventListener('hefu-select', ({ detail }) => heard.push(detail.ref));
      picker.shadowRoot!.querySelectorAll('input')[1]!.click();
      const after = [...valid(), ...heard];
      fieldset.disabled = true;
      return [before, after, picker.matches(':disabled')];
    });
    expect([missing, chosen, disabled]).toEqual([[false, true, null, 'input'], [true, false, 'b', 'b'], true]);
    await expect.poll(() => page.locator('input').first().isDisabled(), SOON).toBe(true);
  });

  it('in forced colours a code stays black on white', async () => {
    const page = await open('qr-waiting');
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    expect(await page.locator('.frame').evaluate((frame) => getComputedStyle(frame).backgroundColor)).toBe('rgb(255, 255, 255)');
    expect(await page.locator('h3').evaluate((heading) => getComputedStyle(heading).color)).not.toBe('rgb(27, 33, 39)');
  });

  it('a report says its verdict and reasons though what words it cannot be loaded', async () => {
    const page = await browser.newPage();
    await page.route(/report-page/, (route) => route.abort());
    await page.goto(gallery.url('report-failed'));
    await expect.poll(() => page.locator('hefu-report').evaluate((element) => element.shadowRoot!.textContent), SOON).toContain('不通过CONTENT_TAMPERED原因文件内容与签名时不一致');
    await page.close();
  });

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
  });

  it('files are digested in their order, one that failed says what to do, one that is read can be stopped', async () => {
    const page = await open('files-reading');
    await until(page, 'document.querySelector("hefu-file-digest").shadowRoot.querySelector("progress")');
    const digests = page.locator('hefu-file-digest');
    expect(await digests.evaluate((element) => (element as unknown as { files: { name: string }[] }).files.map(({ name }) => name))).toEqual(['图纸与工程量.zip', '报价清单.xlsx']);
    expect(await digests.evaluate((element) => (element as unknown as { complete: boolean }).complete)).toBe(false);
    expect(await text(page)).toContain('读取期间文件发生了变化');
    await page.locator('summary').first().click();
    await page.getByRole('button', { name: '取消计算 投标文件（商务标）.pdf' }).click();
    await page.getByRole('button', { name: '重试：投标文件（商务标）.pdf' }).waitFor();
    expect(await page.locator('details').first().getAttribute('open')).toBe('');
    await page.getByRole('button', { name: '移除 投标文件（商务标）.pdf' }).press('Enter');
    await focusIs(page, 'button');
    await page.getByRole('button', { name: '移除 资质证明.pdf' }).click();
    await page.getByRole('button', { name: '移除 图纸与工程量.zip' }).click();
    expect(await digests.evaluate((element) => (element as unknown as { files: { name: string }[] }).files.map(({ name }) => name))).toEqual(['报价清单.xlsx']);
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
    expect(await text(page)).toContain('请输入。');
    await focusIs(page, 'input');
    await page.locator('input[name=secret]').fill('12a4');
    await page.locator('input[name=secret]').press('Enter');
    expect(await text(page)).toContain('只能输入数字');
    expect(await answers()).toEqual([]);
    await page.locator('input[name=secret]').fill('730519');
    await page.locator('input[name=secret]').press('Enter');
    expect(await answers()).toEqual([['PIN', { type: 'pin', value: '730519' }]]);
    await until(page, '!document.querySelector("hefu-sign").shadowRoot.querySelector("input")');
    expect(await page.content()).not.toContain('730519');
  });

  it('a code that ran out asks for a new one; one that runs tells its time', async () => {
    const page = await open('qr-expired');
    await events(page, 'hefu-qr-refresh');
    await page.getByRole('button', { name: '获取新的二维码' }).click();
    expect(await told(page)).toHaveLength(1);
    expect(await page.locator('path').getAttribute('d')).toBe('');
    const running = await open('qr-waiting');
    expect(await text(running)).toMatch(/剩余 1:3\d/);
    expect((await running.locator('path').getAttribute('d'))!.length).toBeGreaterThan(500);
  });

  it('a lost answer is looked for and not signed again; a refusal may be tried again', async () => {
    const unknown = await open('sign-unknown');
    await unknown.waitForSelector('text=查询签名结果');
    expect(await unknown.getByRole('button').allInnerTexts()).toEqual(['查询签名结果']);
    const refused = await open('sign-refused');
    await refused.waitForSelector('text=改用其他证书');
    expect(await refused.getByRole('button').allInnerTexts()).toEqual(['重试', '改用其他证书']);
  });

  /** What an element asked of its session. */
  const asked = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { asked: string[] }).asked);
  const started = async (state = 'driven'): Promise<Page> => {
    const page = await open(state);
    await page.getByRole('button', { name: '开始签名' }).press('Enter');
    await focusIs(page, 'h2');
    return page;
  };
  const PIN_ASKED: SigningEvent = { type: 'challenge', challenge: { type: 'pin', id: 'PIN', label: 'PIN' } };

  it('moved in the page it goes on signing; removed for good it leaves, ends nothing and keeps no timer, and takes it up again', async () => {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      const live = new Set<unknown>();
      Object.assign(window, { live });
      for (const [set, clear, once] of [['setInterval', 'clearInterval', false], ['setTimeout', 'clearTimeout', true]] as const) {
        const [make, end] = [window[set] as (act: () => void, ms?: number) => number, window[clear]];
        Object.assign(window, {
          [set]: (act: () => void, ms?: number) => { const id = make(() => { if (once) live.delete(id); act(); }, ms); live.add(id); return id; },
          [clear]: (id: number) => { live.delete(id); end(id); },
        });
      }
    });
    await page.goto(gallery.url('driven'));
    await page.getByRole('button', { name: '开始签名' }).click();
    await until(page, 'document.querySelector("hefu-sign").shadowRoot.querySelector("h2")?.textContent.includes("请稍候")');
    await page.evaluate(() => { const element = document.querySelector('hefu-sign')!; const other = document.createElement('section'); document.body.append(other); other.append(element); });
    await page.waitForTimeout(1200);
    await happens(page, PIN_ASKED);
    await page.getByLabel('请输入证书口令').waitFor();
    expect(await asked(page)).toEqual([]);
    await page.evaluate(() => { const element = document.querySelector('hefu-sign')!; Object.assign(window, { element }); element.remove(); });
    await expect.poll(() => asked(page), SOON).toEqual(['leave']);
    expect(await page.evaluate(() => (window as unknown as { live: Set<unknown> }).live.size)).toBe(0);
    await page.evaluate(() => document.body.append((window as unknown as { element: Element }).element));
    await happens(page, PIN_ASKED);
    await page.getByLabel('请输入证书口令').waitFor();
    expect(await asked(page)).toEqual(['leave']);
    await page.close();
  });

  it('opens the address it was asked with, and has another made where that is too old', async () => {
    const page = await started();
    const oauth = (url: string, lives?: number): SigningEvent => ({ type: 'challenge', challenge: { type: 'oauth', id: 'O', url, state: 's', redirectUri: 'https://page.example/', preferred: 'popup', ...(lives === undefined ? {} : { expiresAt: Date.UTC(2026, 5, 1, 1, 50) + lives }) } });
    const window = page.getByRole('button', { name: '打开授权窗口' });
    for (const event of [oauth('https://a/'), oauth('https://b/', 60_000)]) {
      await happens(page, event);
      await window.click();
    }
    await happens(page, oauth('https://c/', -1));
    await window.click();
    await expect.poll(() => asked(page), SOON).toEqual(['window', 'https://a/', 'oauth', 'window', 'https://b/', 'oauth', 'resend', 'window']);
    await happens(page, oauth('https://d/', 90_000));
    await expect.poll(async () => (await asked(page)).slice(-2), SOON).toEqual(['https://d/', 'oauth']);
  });

  it('lets nobody try again before the provider is to be asked again, and says once that now it may be', async () => {
    const page = await started();
    await page.evaluate(() => {
      const told: string[] = [];
      const status = document.querySelector('hefu-sign')!.shadowRoot!.querySelector('p.hidden')!;
      new MutationObserver(() => told.push(status.textContent!)).observe(status, { subtree: true, childList: true, characterData: true });
      Object.assign(window, { told });
    });
    await happens(page, { type: 'failed', error: new SignError('RATE_LIMITED', '', { retryAfterMs: 2200 }).toJSON(), signatures: [], failed: [] });
    const wait = page.getByRole('button', { name: /后可重试/ });
    await wait.waitFor();
    expect([await wait.isDisabled(), await page.getByRole('button', { name: '改用其他证书' }).isDisabled()]).toEqual([true, false]);
    await page.getByRole('button', { name: '重试', exact: true }).waitFor();
    await page.waitForTimeout(1200); // over the next rendering of the countdown
    expect(await page.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual(['请等待 2 秒再重试。', '现在可以重试了。']);
    expect(await page.getByRole('button', { name: '重试', exact: true }).isDisabled()).toBe(false);
  });

  it('names what is signed: cut to the eye, whole to a screen reader and on demand, and never turned around', async () => {
    const page = await open('sign-files');
    const named = page.getByRole('list', { name: '将签名的文件' });
    const whole = '滨江大道综合管廊工程施工图纸与工程量清单汇总（含设计变更第三次修订版）-终稿.zip';
    expect(await named.first().getByRole('listitem').count()).toBe(3);
    expect(await named.first().locator('bdi > span').allTextContents()).toEqual(['滨江大道综合管廊工…次修订版）-终稿.zip', whole]);
    expect(await named.last().getByRole('listitem').allInnerTexts()).toContain(`${whole}\n734 MB`);
    expect(await text(page)).toContain('5 个文件，2.8 GB');
    expect(await text(page)).not.toContain('\u202e');
  });

  it('what is signed elsewhere is gone on with, or ended, when the person says so', async () => {
    for (const [button, then] of [['在这里继续', ['taken over']], ['结束并重新签名', ['taken over', 'cancel superseded']]] as const) {
      const page = await open('driven-elsewhere');
      await page.getByRole('heading', { name: '这些文件正在另一处签名' }).waitFor();
      expect(await asked(page)).toEqual([]);
      await page.getByRole('button', { name: button }).click();
      await (then.length === 1 ? happens(page, PIN_ASKED).then(() => page.getByLabel('请输入证书口令').waitFor()) : page.getByRole('button', { name: '开始签名' }).waitFor());
      expect(await asked(page)).toEqual(then);
    }
  });

  it('under a strict policy nothing complained', () => {
    expect(heard.filter((line) => !/favicon/.test(line) && !/404/.test(line))).toEqual([]);
  });
});
