import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../web', import.meta.url));
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm', map: 'application/json', svg: 'image/svg+xml' };

/** Yours: built when you release, and served compressed. Here by the bundler at each start, in memory: path to body and type. */
export async function buildPages() {
  const built = await build({
    configFile: false, logLevel: 'silent', root, base: '/',
    build: { write: false, target: 'chrome86', modulePreload: false, rollupOptions: { input: { bidder: `${root}/bidder.js`, desk: `${root}/desk.js` }, output: { entryFileNames: '[name].js' } } },
    worker: { format: 'es' },
  });
  const files = [built].flat().flatMap(({ output }) => output);
  const pages = new Map();
  for (const file of files) pages.set(`/${file.fileName}`, { body: file.type === 'chunk' ? file.code : file.source, type: TYPES[file.fileName.split('.').pop()] ?? 'application/octet-stream' });
  for (const [path, name] of [['/style.css', 'style.css'], ['/icon.svg', 'icon.svg']]) pages.set(path, { body: await readFile(`${root}/${name}`), type: TYPES[name.split('.').pop()] });
  for (const [path, name] of [['/index.html', 'bidder'], ['/desk.html', 'desk']]) pages.set(path, { body: announcing(await readFile(`${root}/${name}.html`, 'utf8'), files.find(({ fileName }) => fileName === `${name}.js`)), type: TYPES.html });
  return pages;
}

/** A page that says what its script imports has it loaded beside the script, and not after it. */
function announcing(html, { imports }) {
  return html.replace('</head>', `${imports.map((name) => `<link rel="modulepreload" href="/${name}">\n`).join('')}</head>`);
}
