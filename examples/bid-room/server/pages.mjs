import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../web', import.meta.url));
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm', map: 'application/json', svg: 'image/svg+xml' };

/** The pages as a bundler ships them, in memory: path to body and type. */
export async function buildPages() {
  const built = await build({
    configFile: false, logLevel: 'silent', root, base: '/',
    build: { write: false, target: 'chrome86', modulePreload: false, rollupOptions: { input: { bidder: `${root}/bidder.js`, desk: `${root}/desk.js` }, output: { entryFileNames: '[name].js' } } },
    worker: { format: 'es' },
  });
  const pages = new Map();
  for (const { output } of [built].flat()) for (const file of output) pages.set(`/${file.fileName}`, { body: file.type === 'chunk' ? file.code : file.source, type: TYPES[file.fileName.split('.').pop()] ?? 'application/octet-stream' });
  for (const [path, name] of [['/index.html', 'bidder.html'], ['/desk.html', 'desk.html'], ['/style.css', 'style.css'], ['/icon.svg', 'icon.svg']]) pages.set(path, { body: await readFile(`${root}/${name}`), type: TYPES[name.split('.').pop()] });
  return pages;
}
