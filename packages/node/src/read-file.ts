import { constants, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { NodeError } from './error.js';

/**
 * Reads a regular file of at most `maxBytes`.
 * @throws NodeError FILE_NOT_FOUND | FILE_UNREADABLE | FILE_TOO_LARGE
 */
export async function readBoundedFile(path: string, maxBytes: number): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    const { stat, ...opened } = await openRegularFile(path);
    handle = opened.handle;
    if (stat.size > maxBytes) throw new NodeError('FILE_TOO_LARGE', `${path} has ${stat.size} octets, at most ${maxBytes}`, { path });
    return await readOctets(handle, Number(stat.size));
  } catch (error) {
    throw error instanceof NodeError ? error : unreadable(path, error);
  } finally {
    await handle?.close();
  }
}

/** The first `size` octets, fewer when the file shrank, never more though it grew. */
export async function readOctets(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, size - length, length);
    if (bytesRead === 0) return bytes.slice(0, length);
    length += bytesRead;
  }
  return bytes;
}

/** What an error of the file system means. */
export function unreadable(path: string, cause: unknown): NodeError {
  const missing = (cause as { code?: unknown }).code === 'ENOENT';
  return new NodeError(missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE', missing ? `no file ${path}` : `cannot read ${path}`, { cause, path });
}

/** Opens a regular file and says how large it is. @throws NodeError FILE_UNREADABLE, and what the file system says */
export async function openRegularFile(path: string): Promise<{ readonly handle: FileHandle; readonly stat: BigIntStats }> {
  // Non-blocking: opening a named pipe must not wait for a writer.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile()) throw new NodeError('FILE_UNREADABLE', `${path} is not a regular file`, { path });
    return { handle, stat };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
