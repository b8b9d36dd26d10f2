// node packages/browser/test/components/pictures.mjs [folder] [part of a name…]: every state of every element as contact sheets in docs/elements,
// in both languages, on a desktop and on a phone, and once each in the dark, with large type and in forced colours. Needs Chromium and ImageMagick.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const module = async (name) => (await runnerImport(fileURLToPath(new URL(name, import.meta.url)), { configFile: false, logLevel: 'error' })).module;
const [{ serveGallery }, { reports }, { hasChromium, launch }] = await Promise.all(['./serve-gallery.ts', './reports.ts', '../page/chromium.ts'].map(module));
if (!hasChromium('what the elements look like')) process.exit(1);

const [folder = fileURLToPath(new URL('../../../../docs/elements', import.meta.url)), ...wanted] = process.argv.slice(2);
const DESKTOP = { width: 900, columns: 3 };
const PHONE = { width: 360, columns: 7 };
const ELEMENTS = { sign: 'hefu-sign', picker: 'hefu-certificate-picker', qr: 'hefu-qr', files: 'hefu-file-digest', report: 'hefu-report' };
/** Where the ways of seeing differ. */
const TELLING = ['picker-choice', 'qr-near', 'files-reading', 'report-failed', 'sign-pin-wrong', 'sign-signing', 'sign-refused', 'sign-done', 'sign-unknown'];
const sheets = [
  ...Object.entries(ELEMENTS).flatMap(([prefix, element]) => ['zh', 'en'].flatMap((lang) => [[`${element}-${lang}`, DESKTOP], [`${element}-${lang}-phone`, PHONE]].map(([name, size]) => ({ name, lang, ...size, states: (all) => all.filter((state) => state.startsWith(`${prefix}-`)) })))),
  { name: 'dark-zh-phone', lang: 'zh', ...PHONE, states: () => TELLING, media: { colorScheme: 'dark', reducedMotion: 'reduce' } },
  { name: 'large-type-en-phone', lang: 'en', ...PHONE, states: () => TELLING, rootSize: 32 },
  { name: 'forced-colours-en-phone', lang: 'en', ...PHONE, states: () => TELLING, media: { forcedColors: 'active', colorScheme: 'dark', reducedMotion: 'reduce' } },
].filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

const gallery = await serveGallery(await reports());
const browser = await launch();
mkdirSync(folder, { recursive: true });
try {
  for (const sheet of sheets) {
    const page = await browser.newPage({ viewport: { width: sheet.columns * (sheet.width + 24) + 24, height: 200 }, deviceScaleFactor: 0.75 });
    await page.emulateMedia({ reducedMotion: 'reduce', ...sheet.media });
    await page.goto(gallery.url('', sheet.lang === 'zh' ? 'zh-CN' : 'en'));
    const all = (await page.evaluate('document.documentElement.dataset.states')).split(' ');
    await page.evaluate(laidOut, { ...sheet, states: sheet.states(all), media: undefined, url: `${gallery.url('STATE', sheet.lang === 'zh' ? 'zh-CN' : 'en')}${sheet.width === PHONE.width ? '&touch' : ''}` });
    const raw = join(folder, `${sheet.name}.raw.png`);
    writeFileSync(raw, await page.screenshot({ fullPage: true, animations: 'disabled' }));
    execFileSync('convert', [raw, '-alpha', 'off', '-dither', 'None', '-colors', '64', '-strip', '-define', 'png:compression-level=9', `PNG8:${join(folder, `${sheet.name}.png`)}`]);
    rmSync(raw);
    await page.close();
  }
} finally {
  await browser.close();
  gallery.close();
}

/** In the page: one frame a state, as wide as the screen it is for, in columns. */
async function laidOut({ states, width, columns, rootSize, url }) {
  const { body } = document;
  body.replaceChildren();
  Object.assign(body.style, { background: '#8a949e', position: 'relative', minHeight: '100px', font: '15px ui-monospace, "Noto Sans Mono", monospace' });
  const frames = await Promise.all(states.map((state) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    Object.assign(frame.style, { position: 'absolute', border: '0', width: `${width}px`, height: '600px' });
    frame.onload = () => {
      if (rootSize !== undefined) frame.contentDocument.documentElement.style.fontSize = `${rootSize}px`;
      setTimeout(() => resolve([state, frame]), 1500);
    };
    frame.src = url.replace('STATE', state);
    body.append(frame);
  })));
  const ends = Array.from({ length: columns }, () => 12);
  for (const [state, frame] of frames) {
    const column = ends.indexOf(Math.min(...ends));
    const left = `${24 + column * (width + 24)}px`;
    const caption = document.createElement('div');
    caption.textContent = state;
    Object.assign(caption.style, { position: 'absolute', left, top: `${ends[column]}px`, color: '#fff', lineHeight: '28px' });
    const height = Math.ceil(frame.contentDocument.querySelector('main').getBoundingClientRect().height);
    Object.assign(frame.style, { left, top: `${ends[column] + 28}px`, height: `${height}px` });
    ends[column] += height + 44;
    body.append(caption);
  }
  body.style.height = `${Math.max(...ends)}px`;
}
