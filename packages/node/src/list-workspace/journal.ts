import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode, WorkspaceError } from './error.js';

/** One file to be there with this content, or, with `undefined`, to be gone. */
export interface FileChange {
  /** Relative, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array | undefined;
}

interface Entry {
  readonly path: string;
  /** Of the new content; absent: the file goes. */
  readonly sha256?: string;
}

interface Journal {
  readonly folder: string;
  readonly entries: readonly Entry[];
}

/**
 * Makes several changes to a folder as one. The new contents are written beside, then a journal says what is to be
 * moved where, then it is moved, in the order given. Killed before the journal stands, nothing has happened; after,
 * {@link recover} finishes. Whoever reads single files finds each old or new, whole.
 * @param hidden folder for work under way, on the same file system
 */
export async function applyChanges(root: string, hidden: string, changes: readonly FileChange[], beforeJournal: () => Promise<void>): Promise<void> {
  const folder = `txn-${randomBytes(8).toString('hex')}`;
  const work = join(hidden, folder);
  await mkdir(work, { recursive: true });
  const entries: Entry[] = [];
  for (const [index, { path, bytes }] of changes.entries()) {
    if (bytes === undefined) {
      entries.push({ path });
      continue;
    }
    await writeSynced(join(work, String(index)), bytes);
    entries.push({ path, sha256: sha256(bytes) });
  }
  await syncFolder(work);
  await beforeJournal();
  const journal: Journal = { folder, entries };
  await writeSynced(join(work, 'journal'), new TextEncoder().encode(JSON.stringify(journal)));
  await rename(join(work, 'journal'), join(hidden, 'journal.json'));
  await syncFolder(hidden);
  await finish(root, hidden, journal);
}

/** Finishes what a killed process had decided, and clears away what it had not. Under the lock only. */
export async function recover(root: string, hidden: string): Promise<void> {
  let text: string | undefined;
  try {
    text = await readFile(join(hidden, 'journal.json'), 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  if (text !== undefined) await finish(root, hidden, JSON.parse(text) as Journal);
  for (const name of await names(hidden)) if (name.startsWith('txn-')) await rm(join(hidden, name), { recursive: true, force: true });
}

async function finish(root: string, hidden: string, { folder, entries }: Journal): Promise<void> {
  for (const [index, { path, sha256: wanted }] of entries.entries()) {
    const target = join(root, path);
    if (wanted === undefined) {
      await unlink(target).catch(ignoring('ENOENT'));
      continue;
    }
    await mkdir(dirname(target), { recursive: true });
    try {
      await rename(join(hidden, folder, String(index)), target);
    } catch (cause) {
      // Moved before the process was killed: then it is there.
      const found = systemCode(cause) === 'ENOENT' ? await readFile(target).catch(ignoring('ENOENT')) : undefined;
      if (found === undefined || sha256(found) !== wanted) throw new WorkspaceError('WORKSPACE_DAMAGED', `${path} is not what the journal says it became`, { path: target, cause });
    }
  }
  for (const directory of new Set(entries.map(({ path }) => dirname(join(root, path))))) await syncFolder(directory);
  await unlink(join(hidden, 'journal.json')).catch(ignoring('ENOENT'));
  await rm(join(hidden, folder), { recursive: true, force: true });
}

export async function names(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(ignoring('ENOENT'))) ?? [];
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(ignoring('ENOENT'));
  try {
    // Some file systems have no sync for directories.
    await handle?.sync().catch(ignoring('EINVAL', 'EPERM'));
  } finally {
    await handle?.close();
  }
}

function ignoring(...codes: readonly string[]) {
  return (error: unknown): undefined => {
    if (!codes.includes(systemCode(error) ?? '')) throw error;
    return undefined;
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
