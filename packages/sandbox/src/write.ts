import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SandboxError } from './error.js';
import { MARKER, worldFiles } from './files.js';
import type { World } from './world/world.js';

/**
 * Writes a world into a folder, whole or not at all: it is built beside the folder and moved into place. An
 * earlier world in the folder is replaced; anything else is left alone.
 *
 * @returns the paths written, relative to the folder
 * @throws SandboxError FOLDER_NOT_EMPTY | FOLDER_NOT_WRITABLE
 */
export async function writeWorld(world: World, folder: string): Promise<readonly string[]> {
  const target = resolve(folder);
  const present = await contents(target);
  if (present !== undefined && present.length > 0 && !present.includes(MARKER)) {
    throw new SandboxError('FOLDER_NOT_EMPTY', `${folder} holds something that is not a sandbox world`);
  }
  const files = worldFiles(world);
  let staging: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    staging = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    const made = join(staging, 'new');
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(made, path)), { recursive: true });
      await writeFile(join(made, path), bytes);
    }
    const old = join(staging, 'old');
    if (present !== undefined) await rename(target, old);
    try {
      await rename(made, target);
    } catch (error) {
      if (present !== undefined) await rename(old, target);
      throw error;
    }
  } catch (cause) {
    throw new SandboxError('FOLDER_NOT_WRITABLE', `cannot write a world into ${folder}`, { cause });
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true });
  }
  return [...files.keys()];
}

/** Names in a folder; undefined when there is none. */
async function contents(folder: string): Promise<readonly string[] | undefined> {
  try {
    await access(folder);
  } catch {
    return undefined;
  }
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new SandboxError('FOLDER_NOT_WRITABLE', `${folder} is not a folder that can be read`, { cause });
  }
}
