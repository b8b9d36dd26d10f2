import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, BUNDLES, TEST_BUNDLES } from '../../../tools/bundle.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * The built program as it is published, in one file: for tests that start it many times, as its hundreds of modules take longer to load
 * than most commands to run. Made by whoever asks first, from what is built then.
 * @returns the path of `bin.cjs`
 */
export async function bundledBin(): Promise<string> {
  const folder = join(TEST_BUNDLES, await hashOfBuilt());
  const bin = join(ROOT, folder, 'bin.cjs');
  if (existsSync(bin)) return bin;
  const making = `${folder}.${process.pid}`;
  await bundle({ ...BUNDLES.find(({ entry }) => entry.startsWith('packages/cli/'))!, folder: making });
  // Whole, or not there; where another process was faster, its is the same.
  await rename(join(ROOT, making), join(ROOT, folder)).catch(() => rm(join(ROOT, making), { recursive: true, force: true }));
  return bin;
}

async function hashOfBuilt(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(ROOT, 'tools/bundle.mjs'))).update(await readFile(join(ROOT, 'pnpm-lock.yaml')));
  for (const name of (await readdir(join(ROOT, 'packages'))).sort()) {
    const dist = join(ROOT, 'packages', name, 'dist');
    const files = existsSync(dist) ? await readdir(dist, { recursive: true }) : [];
    for (const file of files.filter((each) => each.endsWith('.js')).sort()) hash.update(`${name}/${file}\0`).update(await readFile(join(dist, file)));
  }
  return hash.digest('hex').slice(0, 32);
}
