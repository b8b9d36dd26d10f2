import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemCode, WorkspaceError } from './error.js';

export interface FolderLock {
  /** @throws WorkspaceError WORKSPACE_BUSY when it was taken over, because this process was asleep too long */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

export interface LockOptions {
  /** How long to wait for somebody else. Default: not at all. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/** A lock not renewed for this long is nobody's: its holder, on whatever machine, was killed or is cut off. */
const ABANDONED_MS = 600_000;
const RENEW_MS = 30_000;
const POLL_MS = 50;

/**
 * Takes the advisory lock `path`. It is made whole, by linking a file that is complete, so nobody sees half of one. A
 * holder of this machine whose process is gone, or one of any machine that has not renewed it, loses it.
 * @throws WorkspaceError WORKSPACE_BUSY with who holds it; WORKSPACE_IO
 */
export async function lockFolder(path: string, options: LockOptions = {}): Promise<FolderLock> {
  const { waitMs = 0, signal } = options;
  const holder: Holder = { id: randomBytes(16).toString('hex'), pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const until = Date.now() + waitMs;
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    signal?.throwIfAborted();
    if (await tryLink(path, JSON.stringify(holder), holder.id)) break;
    const found = await holderOf(path);
    if (found !== undefined && (await isGone(path, found)) && (await takeAway(path, found))) continue;
    if (Date.now() >= until) {
      throw new WorkspaceError('WORKSPACE_BUSY', found === undefined ? `${path} is held` : `${path} is held by process ${found.pid} on ${found.host} since ${found.since}`, { path });
    }
    await delay(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
  const renewal = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), RENEW_MS);
  renewal.unref();
  const isHeld = async (): Promise<boolean> => (await holderOf(path))?.id === holder.id;
  return {
    async assertHeld() {
      if (!(await isHeld())) throw new WorkspaceError('WORKSPACE_BUSY', `${path} was taken over while this process was asleep`, { path });
    },
    async release() {
      clearInterval(renewal);
      if (await isHeld()) await remove(path);
    },
  };
}

/** Makes `path` with all of its text, unless it exists. */
async function tryLink(path: string, text: string, id: string): Promise<boolean> {
  const whole = `${path}.${id}`;
  try {
    const handle = await open(whole, 'wx', 0o644);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await link(whole, path);
    return true;
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return false;
    throw new WorkspaceError('WORKSPACE_IO', `cannot lock ${path}: ${systemCode(cause) ?? 'unknown'}`, { path, cause });
  } finally {
    await remove(whole);
  }
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const { id, pid, host, since } = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return typeof id === 'string' && typeof pid === 'number' && typeof host === 'string' ? { id, pid, host, since: String(since) } : { id: '', pid: 0, host: '?', since: '?' };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return { id: '', pid: 0, host: '?', since: '?' };
    throw new WorkspaceError('WORKSPACE_IO', `cannot read ${path}`, { path, cause: error });
  }
}

async function isGone(path: string, { pid, host }: Holder): Promise<boolean> {
  if (host === hostname() && pid > 0 && pid !== process.pid && !isRunning(pid)) return true;
  try {
    return Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

/**
 * Removes the lock of a holder that is gone. Only one process at a time may try, and it looks once more: else two
 * that saw the same dead holder could remove each other's new lock.
 */
async function takeAway(path: string, dead: Holder): Promise<boolean> {
  const turn = `${path}.turn`;
  const mine = randomBytes(16).toString('hex');
  const me: Holder = { id: mine, pid: process.pid, host: hostname(), since: new Date().toISOString() };
  if (!(await tryLink(turn, JSON.stringify(me), mine))) {
    // Whoever had the turn was killed in the middle of it.
    const other = await holderOf(turn);
    if (other !== undefined && (await isGone(turn, other))) await remove(turn);
    return false;
  }
  try {
    const now = await holderOf(path);
    if (now?.id !== dead.id || !(await isGone(path, now))) return true;
    await remove(path);
    return true;
  } finally {
    await remove(turn);
  }
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
}
