// npm run bundle: joins what starts a process or a thread into one file each, beside what tsc wrote. Hundreds of small modules take several
// times as long to load as to run. For packages that are published, and for the benchmark; `npm run build` takes the files away again, so
// that nobody tests yesterday's. (--clean: only that.)
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Entry, and where its bundle goes; relative to this repository. */
export const BUNDLES = [
  ['packages/node/dist/batch/worker.js', 'packages/node/dist/bundled'],
  ['packages/cli/dist/bin.js', 'packages/cli/dist/bundled'],
];
/** Where tests keep bundles of their own: in the package, so that these find the packages they need files of. Taken away by `npm run build` too. */
export const TEST_BUNDLES = 'packages/cli/node_modules/.cache/bundled';
/** Files that lie beside a module of the node room (fonts, the worker), and pdfkit, which has such files too, are looked for where that package is installed. */
const besideNode = {
  name: 'beside-node',
  transform(code, id) {
    const within = relative(`${root}packages/node/dist`, id);
    if (within.startsWith('..') || !/import\.meta\.url|import\('pdfkit'\)/.test(code)) return undefined;
    const bundled = code
      .replaceAll('import.meta.url', `new URL(${JSON.stringify(`./${within}`)}, import.meta.resolve('@hefu/node'))`)
      .replaceAll("import('pdfkit')", "import(bundledUrl(bundledRequire(import.meta.resolve('@hefu/node')).resolve('pdfkit')).href)");
    // Names of their own: a module may import the same functions under the usual ones.
    return { code: `import { createRequire as bundledRequire } from 'node:module';\nimport { pathToFileURL as bundledUrl } from 'node:url';\n${bundled}`, map: null };
  },
};
const root = fileURLToPath(new URL('..', import.meta.url));

/** One file of an entry, and of what it loads only sometimes one each; both paths are relative to this repository. */
export async function bundle(entry, folder) {
  const { build } = await import('vite');
  await build({
    configFile: false, root, logLevel: 'warn', plugins: [besideNode], ssr: { noExternal: true, target: 'node' },
    build: { ssr: `${root}${entry}`, outDir: `${root}${folder}`, target: 'node20', minify: false, rolldownOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } } },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of [...BUNDLES.map(([, each]) => each), TEST_BUNDLES]) rmSync(`${root}${folder}`, { recursive: true, force: true });
  if (!process.argv.includes('--clean')) for (const [entry, folder] of BUNDLES) await bundle(entry, folder);
}
