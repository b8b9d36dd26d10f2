import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The oldest browser we serve, as bundlers name it. */
export const FLOOR = 'chrome86';
export const packageRoot: string = fileURLToPath(new URL('../../', import.meta.url));

/**
 * What a bundler ships: the module as `entry.js`, and the worker beside it.
 * @param source imports from `hefu/…`, which is the package's `dist`
 * @returns text by file name
 */
export async function bundle(source: string): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    stdin: { contents: source.replaceAll("'hefu/", "'./dist/"), resolveDir: packageRoot, sourcefile: 'entry.js' },
    bundle: true, write: false, format: 'esm', target: FLOOR, minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'error', outfile: 'entry.js',
  });
  return new Map([['entry.js', built.outputFiles[0]!.text], ['digest-worker.js', await bundleWorker()]]);
}

async function bundleWorker(): Promise<string> {
  const built = await build({
    entryPoints: [`${packageRoot}dist/digest/digest-worker.js`],
    bundle: true, write: false, format: 'esm', target: FLOOR, minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'error', outfile: 'digest-worker.js',
  });
  return built.outputFiles[0]!.text;
}
