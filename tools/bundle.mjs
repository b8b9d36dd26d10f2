// npm run bundle: joins what starts a process or a thread into one file each, beside what tsc wrote. Hundreds of small modules take several
// times as long to load as to run. For packages that are published, and for the benchmark; `npm run build` takes the files away again, so
// that nobody tests yesterday's. (--clean: only that. A package's name: only its own, as when it is packed.)
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Entry, where its bundle goes, and in which form; paths are relative to this repository. The program is CommonJS: Node.js reads such files one after
 * the other where it is, ES modules through threads and promises. White space goes, names stay, for the stack of a mistake of our own.
 */
export const BUNDLES = [
  { entry: 'packages/node/dist/batch/worker.js', folder: 'packages/node/dist/bundled', output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
  {
    entry: 'packages/cli/dist/bin.js', folder: 'packages/cli/dist/bundled',
    output: { format: 'cjs', minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } }, entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
  },
];
/** Where tests keep bundles of their own: in the package, so that these find the packages they need files of. Taken away by `npm run build` too. */
export const TEST_BUNDLES = 'packages/cli/node_modules/.cache/bundled';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files that lie beside a module of the node room (fonts, the worker), and pdfkit, which has such files too, are looked for where that package is installed. */
const besideNode = {
  name: 'beside-node',
  transform(code, id) {
    const within = relative(`${root}packages/node/dist`, id);
    if (within.startsWith('..') || !/import\.meta\.url|import\('pdfkit'\)/.test(code)) return undefined;
    const bundled = code
      .replaceAll('import.meta.url', `new URL(${JSON.stringify(`./${within}`)}, bundledNode())`)
      .replaceAll("import('pdfkit')", "import(bundledUrl(bundledRequire(bundledNode()).resolve('pdfkit')).href)");
    // Names of their own: a module may import the same functions under the usual ones.
    const found = "const bundledNode = () => bundledUrl(bundledRequire(import.meta.url).resolve('@hefu/node'));";
    return { code: `import { createRequire as bundledRequire } from 'node:module';\nimport { pathToFileURL as bundledUrl } from 'node:url';\n${found}\n${bundled}`, map: null };
  },
};

/** One file of an entry, and of what it loads only sometimes one each. */
export async function bundle({ entry, folder, output }) {
  const { build } = await import('vite');
  await build({
    configFile: false, root, logLevel: 'warn', plugins: [besideNode], ssr: { noExternal: true, target: 'node' },
    build: { ssr: `${root}${entry}`, outDir: `${root}${folder}`, target: 'node20', minify: false, rolldownOptions: { output } },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const only = process.argv.slice(2).filter((argument) => argument !== '--clean');
  const wanted = BUNDLES.filter(({ entry }) => only.length === 0 || only.includes(entry.split('/')[1]));
  for (const folder of [...wanted.map((each) => each.folder), TEST_BUNDLES]) rmSync(`${root}${folder}`, { recursive: true, force: true });
  if (!process.argv.includes('--clean')) for (const each of wanted) await bundle(each);
}
