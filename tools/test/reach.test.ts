import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { checkRoom, checkSource, LADDER } from '../reach.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the ladder', () => {
  it('names every package', () => {
    expect(readdirSync(`${root}/packages`).sort()).toEqual(Object.keys(LADDER).sort());
  });
  it.each(Object.keys(LADDER))('%s reaches only what it may', (name) => {
    expect(checkRoom(name, root)).toEqual([]);
  });
});

describe('the check itself', () => {
  const pure = { pure: true, may: ['pki'], libraries: [] };
  it.each([
    ['Date.now()', 'uses Date.now'],
    ['const t = new Date()', 'reads the clock with Date'],
    ['Math.random()', 'uses Math.random'],
    ['export const f = () => fetch("x")', 'uses the global fetch'],
    ['Buffer.from([])', 'uses the global Buffer'],
    ['import "node:fs"', 'imports node:fs'],
    ['import "@hefu/verify"', 'imports @hefu/verify'],
    ['import "left-pad"', 'imports left-pad'],
    ['globalThis.crypto', 'uses the global globalThis'],
    ['const later = () => import(name)', 'imports a computed name'],
  ])('catches %s', (source, expected) => {
    expect(checkSource(source, 'x', pure)).toContain(expected);
  });
  it.each(['new Date(0)', 'export const f = (fetch) => fetch("x")', 'const a = { fetch: 1 }; a.fetch', 'import "./x.js"', 'import "@hefu/pki"', 'const { crypto } = a; crypto'])('passes %s', (source) => {
    expect(checkSource(source, 'x', pure)).toEqual([]);
  });
});

async function bundle(source: string): Promise<string> {
  const folder = `${root}/node_modules/.cache`;
  mkdirSync(folder, { recursive: true });
  const entry = join(mkdtempSync(`${folder}/reach-`), 'entry.js');
  writeFileSync(entry, source);
  const result = await build({
    root,
    logLevel: 'silent',
    configFile: false,
    build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'out' } },
  });
  rmSync(dirname(entry), { recursive: true });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('no bundle');
  return output.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
}

describe('what an import ships', () => {
  const crypto = `${root}/packages/crypto/dist/index.js`;
  it('RSA alone ships no SM2', async () => {
    const code = await bundle(`export { rsaPkcs1 } from ${JSON.stringify(crypto)}`);
    expect(code).toContain('RSASSA-PKCS1-v1_5');
    expect(code).not.toMatch(/28e9fa9e9d9f5e34/i);
    expect(code).not.toContain('SM2-SM3');
  });
  it('SM2 ships its curve, so the check can fail', async () => {
    expect(await bundle(`export { sm2 } from ${JSON.stringify(crypto)}`)).toMatch(/28e9fa9e9d9f5e34/i);
  });
});
