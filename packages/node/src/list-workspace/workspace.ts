import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeError } from '../error.js';
import { readBoundedFile } from '../read-file.js';
import { systemCode, WorkspaceError } from './error.js';
import { lockFolder, type LockOptions } from './folder-lock.js';
import { applyChanges, names, recover, type FileChange } from './journal.js';

/** What is seen and done while the lock is held: one state of the tree. */
export interface WorkspaceTree {
  /** undefined when there is no such file. @throws WorkspaceError WORKSPACE_IO */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Names in a folder of the tree, sorted; empty when there is none. */
  names(folder: string): Promise<readonly string[]>;
  /** Makes all the changes, or none; in the order given, for those who read while they are made. */
  commit(changes: readonly FileChange[]): Promise<void>;
}

/**
 * The folder in which operators keep a scheme: drafts, proposals, what is published. Plain files, good for version
 * control; the one place that reads and writes them. See `layout.ts` for what lies where.
 */
export interface ListWorkspace {
  readonly folder: string;
  /**
   * Runs `act` under the lock. Never wait for a person in it: look first, ask, then look again whether
   * {@link fingerprintOfFile} is still what was shown.
   * @throws WorkspaceError WORKSPACE_BUSY | WORKSPACE_DAMAGED | WORKSPACE_IO
   */
  transact<T>(act: (tree: WorkspaceTree) => Promise<T>, options?: LockOptions): Promise<T>;
}

/** Of work under way; not for version control. */
export const HIDDEN_FOLDER = '.hefu';
export const SETTINGS_FILE = 'hefu-list.json';
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\0\\][^\0\\]*$/;

/** @throws WorkspaceError WORKSPACE_NOT_FOUND */
export async function openListWorkspace(folder: string): Promise<ListWorkspace> {
  const found = await names(folder).catch((cause: unknown) => {
    throw new WorkspaceError('WORKSPACE_IO', `cannot read ${folder}: ${systemCode(cause) ?? 'unknown'}`, { path: folder, cause });
  });
  if (!found.includes(SETTINGS_FILE) && !found.includes(HIDDEN_FOLDER)) throw new WorkspaceError('WORKSPACE_NOT_FOUND', `${folder} holds no ${SETTINGS_FILE}`, { path: folder });
  return workspaceAt(folder);
}

/**
 * Makes a working tree of these files, which hold `hefu-list.json`. A folder that holds anything but a `.git` is left alone.
 * @throws WorkspaceError WORKSPACE_EXISTS
 */
export async function createListWorkspace(folder: string, files: readonly FileChange[], options: LockOptions = {}): Promise<ListWorkspace> {
  const workspace = workspaceAt(folder);
  const existing = (): WorkspaceError => new WorkspaceError('WORKSPACE_EXISTS', `${folder} is not empty`, { path: folder });
  if ((await names(folder)).some((name) => name !== '.git' && name !== HIDDEN_FOLDER)) throw existing();
  await workspace.transact(async (tree) => {
    if ((await tree.read(SETTINGS_FILE)) !== undefined) throw existing();
    await tree.commit(files);
  }, options);
  return workspace;
}

/** What a file was when it was looked at, for looking again. */
export function fingerprintOfFile(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? 'absent' : createHash('sha256').update(bytes).digest('hex');
}

function workspaceAt(folder: string): ListWorkspace {
  const hidden = join(folder, HIDDEN_FOLDER);
  return {
    folder,
    async transact(act, options = {}) {
      const lock = await lockFolder(join(hidden, 'lock'), options).catch(asWorkspaceError(folder));
      try {
        await recover(folder, hidden).catch(asWorkspaceError(folder));
        const tree: WorkspaceTree = {
          async read(path) {
            try {
              return await readBoundedFile(join(folder, safe(path)), MAX_FILE_BYTES);
            } catch (error) {
              if (error instanceof NodeError && error.code === 'FILE_NOT_FOUND') return undefined;
              throw asIo(error, path);
            }
          },
          async names(path) {
            return (await readdir(join(folder, safe(path))).catch((error: unknown): string[] => {
              if (systemCode(error) === 'ENOENT') return [];
              throw asIo(error, path);
            })).sort();
          },
          async commit(changes) {
            for (const { path } of changes) safe(path);
            await applyChanges(folder, hidden, changes, () => lock.assertHeld()).catch(asWorkspaceError(folder));
          },
        };
        return await act(tree);
      } finally {
        await lock.release();
      }
    },
  };
}

function safe(path: string): string {
  if (!PATH.test(path)) throw new TypeError(`${JSON.stringify(path)} is no path within a working tree`);
  return path;
}

function asWorkspaceError(path: string) {
  return (error: unknown): never => {
    throw asIo(error, path);
  };
}

function asIo(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (error instanceof WorkspaceError || code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  return new WorkspaceError('WORKSPACE_IO', `${path}: ${code}`, { path, cause: error });
}
