import type { FileHandle } from 'node:fs/promises';
import type { Algorithms, Hasher } from '@hefu/crypto';
import { UpdaterError } from '@hefu/updater';
import { CONTENT_HEAD_OCTETS, type HashedContent, type WantedDigest } from '@hefu/verify';
import { NodeError } from './error.js';
import { openRegularFile, unreadable } from './read-file.js';

/** How far a long reading is. Octets. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface HashFileOptions {
  /** What to compute, once the length is known. */
  readonly wanted: (length: number) => readonly WantedDigest[];
  readonly algorithms: Algorithms;
  readonly signal?: AbortSignal;
  /** Told after each piece read. */
  readonly onProgress?: (progress: Progress) => void;
}

/** One read: all the memory a file of any size takes. */
const PIECE_OCTETS = 1024 * 1024;

/**
 * Reads a regular file once and computes every digest asked for, in constant memory.
 * @throws NodeError FILE_NOT_FOUND | FILE_UNREADABLE; FILE_CHANGED when it was written to meanwhile
 * @throws UpdaterError ABORTED; TypeError for a digest not among the algorithms
 */
export async function hashFile(path: string, { wanted, algorithms, signal, onProgress }: HashFileOptions): Promise<HashedContent> {
  let handle: FileHandle | undefined;
  try {
    const { stat: before, ...opened } = await openRegularFile(path);
    handle = opened.handle;
    const length = Number(before.size);
    const running = wanted(length).map((each) => ({ ...each, hasher: start(algorithms, each) }));
    const head = new Uint8Array(Math.min(length, CONTENT_HEAD_OCTETS));
    const piece = new Uint8Array(Math.min(PIECE_OCTETS, Math.max(length, 1)));
    let done = 0;
    for (;;) {
      if (signal?.aborted === true) throw new UpdaterError('ABORTED', `reading ${path} was cancelled`, { cause: signal.reason });
      const { bytesRead } = await handle.read(piece, 0, piece.length, done);
      if (bytesRead === 0) break;
      if (done + bytesRead > length) throw changed(path);
      const octets = piece.subarray(0, bytesRead);
      if (done < head.length) head.set(octets.subarray(0, head.length - done), done);
      for (const { hasher } of running) hasher.update(octets);
      done += bytesRead;
      onProgress?.({ done, total: length });
    }
    const after = await handle.stat({ bigint: true });
    if (done !== length || after.size !== before.size || after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs) throw changed(path);
    return { length, head, digests: running.map(({ algorithm, prefix, hasher }) => ({ algorithm, prefix, value: hasher.digest() })) };
  } catch (error) {
    if (error instanceof NodeError || error instanceof UpdaterError || error instanceof TypeError) throw error;
    throw unreadable(path, error);
  } finally {
    await handle?.close();
  }
}

function start(algorithms: Algorithms, { algorithm, prefix }: WantedDigest): Hasher {
  const digest = algorithms.digests.find(({ name }) => name === algorithm);
  if (digest === undefined) throw new TypeError(`${algorithm} is not among the algorithms`);
  return digest.create().update(prefix);
}

function changed(path: string): NodeError {
  return new NodeError('FILE_CHANGED', `${path} was written to while it was read`, { path });
}
