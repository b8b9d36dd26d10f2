// What the registry gets: every package's manifest against what its `dist` holds and imports.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly files: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>;
  readonly publishConfig: { readonly access: string; readonly bin?: Readonly<Record<string, string>> };
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = readdirSync(join(root, 'packages'));
const folderOf = (name: string): string => join(root, 'packages', name);
const manifestOf = (name: string): Manifest => JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as Manifest;

/** `@scope/name` or `name` of what is imported, without the path in it. */
const packageOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Packages that a file of ours, JavaScript or types, needs beside it. */
function importsOf(text: string): readonly string[] {
  const found = [...text.matchAll(/^\s*(?:import|export)\s(?:[^'"=();]*\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm)].map(([, stated, called]) => stated ?? called ?? '');
  return found.filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:') && !builtinModules.includes(specifier)).map(packageOf);
}

/** What only programs with the DOM's types can compile. */
const NAMES_OF_THE_DOM = /\b(?:SubtleCrypto|Window|HTMLElement|IDBDatabase|EventSource)\b/;

describe.each(names)('%s as it is published', (name) => {
  const folder = folderOf(name);
  const manifest = manifestOf(name);
  const built = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) => !file.startsWith('bundled') && /\.(?:js|d\.ts)$/.test(file));
  const texts = built.map((file) => [file, readFileSync(join(folder, 'dist', file), 'utf8')] as const);

  it('says what a registry shows and a bundler asks', () => {
    expect(manifest).toMatchObject({
      name: `@hefu/${name}`, version: manifestOf('pki').version, license: 'Apache-2.0', type: 'module', description: expect.stringMatching(/.{20}/), keywords: expect.arrayContaining(['hefu']),
      engines: { node: '>=20.19' }, sideEffects: expect.anything(), publishConfig: { access: 'public' },
    });
    expect(manifest).not.toHaveProperty('private');
  });

  it('leads only to what is packed', () => {
    const targets = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
    for (const target of [...targets, ...Object.values(manifest.bin ?? {})]) {
      expect(target).not.toMatch(/^\.\/(?:src|test)\//);
      expect(manifest.files).toContain(target.split('/')[1]);
      expect(existsSync(join(folder, target.replace(/\*.*/, ''))), target).toBe(true);
    }
    for (const target of Object.values(manifest.exports)) if (typeof target !== 'string') expect(Object.keys(target)).toEqual(['types', 'default']);
    // Made when it is packed.
    for (const target of Object.values(manifest.publishConfig.bin ?? {})) if (!existsSync(join(folder, target))) expect([target, manifest.scripts?.['prepack']]).toEqual([expect.stringContaining('/bundled/'), expect.stringContaining('bundle.mjs')]);
  });

  it('packs source for its maps, and neither tests nor what the compiler remembers', () => {
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'src', 'README.md', '!dist/*.tsbuildinfo']));
    expect(manifest.files.filter((file) => /test/.test(file))).toEqual([]);
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
  });

  it('depends on what it imports, and on nothing else', () => {
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
    const imported = new Set(texts.flatMap(([, text]) => importsOf(text)));
    imported.delete(manifest.name);
    const optional = Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta[peer]?.optional === true);
    expect(Object.keys(peerDependencies)).toEqual(optional);
    expect([...imported].filter((needed) => !optional.includes(needed)).sort()).toEqual(Object.keys(dependencies).sort());
  });

  if (name !== 'browser') it('compiles for Node.js without types of the DOM', () => {
    expect(texts.filter(([file, text]) => file.endsWith('.d.ts') && NAMES_OF_THE_DOM.test(text.replace(/\/\*[\s\S]*?\*\//g, ''))).map(([file]) => file)).toEqual([]);
  });
});

it('sees imports in every form', () => {
  expect(importsOf("import a from 'left-pad';\nimport 'uqr/x';\nexport { b } from \"@scope/c/d\";\nconst e = await import('jose');\nimport 'node:fs';\nimport './f.js';\nexport const g = 'h';\nimport fs from 'fs';")).toEqual(['left-pad', 'uqr', '@scope/c', 'jose']);
});
