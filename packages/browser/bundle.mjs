// Bundles for pages without a bundler: `node packages/browser/bundle.mjs [folder]` writes hefu.js (a script tag, `Hefu`), hefu.mjs,
// hefu-digest-worker.js and integrity.json (SRI, W3C Subresource Integrity §3.2) into packages/browser/bundle. Built from dist.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The oldest browser we serve, as bundlers name it. */
export const FLOOR_TARGET = 'chrome86';
const here = fileURLToPath(new URL('.', import.meta.url));

/** How every bundle of ours is made; `charset` keeps 中文 at three octets a character. */
export const BUNDLING = { bundle: true, write: false, target: FLOOR_TARGET, minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'error' };

/** @returns {Promise<Map<string, string>>} text by file name */
export async function buildBundles() {
  const made = async (entry, format, options = {}) => (await build({ ...BUNDLING, entryPoints: [join(here, 'dist', entry)], format, outfile: 'out.js', ...options })).outputFiles[0].text;
  const bundles = new Map([
    // A classic script has no import.meta; the address of the worker is set from its own.
    ['hefu.js', await made('script-tag.js', 'iife', { globalName: 'Hefu', define: { 'import.meta.url': 'document.baseURI' } })],
    ['hefu.mjs', await made('index.js', 'esm', { define: {} })],
    ['hefu-digest-worker.js', await made('digest/digest-worker.js', 'esm')],
  ]);
  const integrity = Object.fromEntries([...bundles].map(([name, text]) => [name, `sha384-${createHash('sha384').update(text).digest('base64')}`]));
  return bundles.set('integrity.json', `${JSON.stringify(integrity, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? join(here, 'bundle');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of await buildBundles()) await writeFile(join(folder, name), text);
}
