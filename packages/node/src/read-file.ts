import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { NodeError } from './error.js';

/**
 * Reads a regular file of at most `maxBytes`.
 * @throws NodeError FILE_NOT_FOUND | FILE_UNREADABLE | FILE_TOO_LARGE
 */
export async function readBoundedFile(path: string, maxBytes: number): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    // Non-blocking: opening a named pipe must not wait for a writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) throw new NodeError('FILE_UNREADABLE', `${path} is not a regular file`, { path });
    if (stat.size > maxBytes) throw new NodeError('FILE_TOO_LARGE', `${path} has ${stat.size} octets, at most ${maxBytes}`, { path });
    return await readOctets(handle, stat.size);
  } catch (error) {
    if (error instanceof NodeError) throw error;
    const missing = (error as { code?: unknown }).code === 'ENOENT';
    throw new NodeError(missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE', missing ? `no file ${path}` : `cannot read ${path}`, { cause: error, path });
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
