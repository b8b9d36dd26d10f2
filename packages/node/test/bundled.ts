import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * A script of this folder and what it imports, in one file: for tests that start it many times, as the modules of this package take several times as
 * long to load as it takes to be killed.
 * @param folder where it goes; the test takes it away
 * @returns its path
 */
export async function bundled(script: string, folder: string): Promise<string> {
  const outfile = join(folder, script);
  await build({
    entryPoints: [fileURLToPath(new URL(script, import.meta.url))], bundle: true, platform: 'node', format: 'esm', target: 'node20', external: ['pdfkit'], logLevel: 'error', outfile,
    banner: { js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);" },
  });
  return outfile;
}
