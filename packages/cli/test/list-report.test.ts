import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListDocument } from '@hefu/trust-list';
import { hasChromium, launch } from '../../browser/test/page/chromium.js';
import { AT, run, writtenWorld, type WrittenWorld } from './support.js';

let world: WrittenWorld;
const out = (name: string): string => join(world.parent, name);
const ofList = (name: string, more: readonly string[] = []): readonly string[] => ['list', 'report', '--list', world.file('list', `${name}.json`), '--signers', world.file('list', 'role.json'), '--at', AT, '--region-names', world.file('list', 'region-names.json'), ...more];
const ofScheme = (more: readonly string[] = []): readonly string[] => ['list', 'report', '--scheme', world.file('scheme'), '--root', world.file('scheme', 'fingerprint.txt'), '--at', AT, ...more];
const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

const parsePayload = (envelope: string): ListDocument => JSON.parse(Buffer.from((JSON.parse(envelope) as { readonly payload: string }).payload, 'base64url').toString()) as ListDocument;

beforeAll(async () => {
  world = await writtenWorld('list-report');
});
afterAll(() => world.close());

test('a list with its version before, its addresses and the names of its cities', async () => {
  const probed = await run(['probe', '--list', world.file('list', 'suspended.json'), '--signers', world.file('list', 'role.json'), '--json']);
  await writeFile(out('probe.json'), probed.out);
  const made = await run(ofList('suspended', ['--previous', world.file('list', 'previous.json'), '--probe', out('probe.json'), '--json', '-o', out('list.html')]));
  expect([made.code, made.err]).toEqual([0, '']);
  // The world has a CA and a seal maker suspended; what only speaks of a CA's certificates has no row.
  const { services } = parsePayload(await readFile(world.file('list', 'suspended.json'), 'utf8'));
  const asked = services.filter(({ kind }) => kind !== 'ocsp' && kind !== 'crl-issuer').length;
  expect(json(made.out)).toMatchObject({ documents: [{ kind: 'list', number: 13 }], services: { granted: asked - 2, suspended: 2 }, endpoints: { notProbed: 0 } });
  const html = await readFile(out('list.html'), 'utf8');
  for (const word of ['Wuhan', 'Qianjiang', 'suspended since', '沙盒监督令第1号', '#11 → #13', 'F2']) expect(html).toContain(word);
  expect((await run(ofList('suspended', ['-o', out('list-zh.html'), '--lang', 'zh']))).out).toContain('已写出');
  expect(await readFile(out('list-zh.html'), 'utf8')).toMatch(/<html lang="zh-CN">[^]*武汉/);
});

test('a scheme from its root', async () => {
  const made = await run(ofScheme(['--json', '-o', out('scheme.html')]));
  expect(made.code).toBe(0);
  expect(json(made.out)).toMatchObject({ documents: [{ kind: 'root' }, { kind: 'freshness' }, { kind: 'list' }, { kind: 'list' }, { kind: 'list' }, { kind: 'peer' }], attention: expect.arrayContaining([expect.objectContaining({ section: 'matrix', level: 'plan' })]) as unknown });
});

test('nothing is written for what is not verified, or not understood', async () => {
  for (const [args, code] of [
    [ofList('one-key-twice'), 'TL_SAME_KEY_TWICE'], [ofList('current', ['--previous', world.file('list', 'unsigned.json')]), 'TL_UNSIGNED'],
    [ofScheme().map((arg) => (arg.endsWith('fingerprint.txt') ? '0'.repeat(64) : arg)), 'TL_ROOT_FINGERPRINT'],
    [ofList('current', ['--probe', world.file('list', 'role.json')]), 'TL_SCHEMA_INVALID'], [ofList('current').map((arg) => (arg.endsWith('region-names.json') ? world.file('list', 'role.json') : arg)), 'TL_SCHEMA_INVALID'],
    [['list', 'report'], 'USAGE'],
  ] as const) {
    const refused = await run([...args, '--json', '-o', out('refused.html')]);
    expect([refused.code, (json(refused.out)['error'] as { readonly code: string } | undefined)?.code]).toEqual([3, code]);
    expect(existsSync(out('refused.html'))).toBe(false);
  }
});

describe.skipIf(!hasChromium('the report of a list'))('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
    for (const lang of ['zh', 'en']) {
      await run(ofList('suspended', ['--previous', world.file('list', 'previous.json'), '-o', out(`b-list-${lang}.html`), '--lang', lang]));
      await run(ofScheme(['-o', out(`b-scheme-${lang}.html`), '--lang', lang]));
    }
  });
  afterAll(() => browser.close());

  test('it asks for nothing, keeps within its policy and its width, and is accessible', async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const name of ['b-list-zh', 'b-list-en', 'b-scheme-zh', 'b-scheme-en']) {
      for (const width of [1280, 360]) {
        const page = await browser.newPage({ viewport: { width, height: 800 } });
        const heard: string[] = [];
        page.on('console', (message) => heard.push(message.text()));
        page.on('pageerror', (error) => heard.push(error.message));
        page.on('request', (request) => {
          if (request.url() !== `file://${out(`${name}.html`)}`) heard.push(request.url());
        });
        await page.goto(`file://${out(`${name}.html`)}`);
        expect([name, width, heard]).toEqual([name, width, []]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        // The header row stays while the matrix scrolls in its box.
        const head = (await page.evaluate(`(() => { const box = document.querySelector('.matrix'); box.scrollTop = 200; return box.querySelector('thead th').getBoundingClientRect().top - box.getBoundingClientRect().top; })()`)) as number;
        expect(head).toBeLessThan(5);
        // Its walk of a page takes seconds: once in each language, once at each width.
        if ((name === 'b-list-zh') === (width === 1280) && name !== 'b-scheme-zh' && name !== 'b-list-en') {
          const violations = await page.evaluate(`(async () => { ${axe}; return (await axe.run({ resultTypes: ['violations'] })).violations.map(({ id, nodes }) => id + ' ' + nodes[0].html); })()`);
          expect([name, width, violations]).toEqual([name, width, []]);
        }
        await page.close();
      }
    }
  });
});
