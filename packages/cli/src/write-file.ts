import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { CliError } from './error.js';

/** Replaces a file by a whole one: whoever reads it finds the old content or the new, though this process is killed. @throws CliError FILE_NOT_WRITABLE */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o644);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw notWritable(path, cause);
  }
}

/** Writes a file that must not be there yet, such as a key. @throws CliError FILE_EXISTS | FILE_NOT_WRITABLE */
export async function writeNew(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  try {
    const handle = await open(path, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === 'EEXIST') {
      throw new CliError({ code: 'FILE_EXISTS', message: { zh: `${path}：文件已存在，未改动`, en: `${path}: it exists, and was left alone` }, remedy: { zh: '换一个文件名。', en: 'Choose another name.' } }, { cause });
    }
    throw notWritable(path, cause);
  }
}

function notWritable(path: string, cause: unknown): CliError {
  return new CliError({ code: 'FILE_NOT_WRITABLE', message: { zh: `${path}：无法写入`, en: `${path}: it cannot be written` }, details: [cause instanceof Error ? cause.message : 'unknown'] }, { cause });
}
