import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_LIMITS, TrustListError, type Fingerprint } from '@hefu/trust-list';
import { UpdaterError, type SchemeSource } from '@hefu/updater';
import { NodeError } from './error.js';
import { readBoundedFile } from './read-file.js';

/** A scheme of lists, followed from a root that was compared out of band. At most one of `urls`, `folder` and `bundle`. */
export interface SchemeOptions {
  /** The root first trusted: its SHA-256 as people read it out (hex, spaces and colons allowed), further hashes of it, its file, or the octets of that. */
  readonly root: string | Fingerprint | Uint8Array | { readonly path: string };
  /** Folders over HTTP, mirrors of each other, asked in order before those that the documents name. Without them a root file says where. */
  readonly urls?: string | readonly string[];
  /** A folder on disk, laid out as it is published: `1.root.json`, `freshness.json`, `42/57.json`, `peers/…/`. */
  readonly folder?: string;
  /** One file of everything, read again at each refresh; or its octets. */
  readonly bundle?: string | Uint8Array;
}

export interface SchemeConfiguration {
  readonly root: Uint8Array | Fingerprint;
  readonly source: SchemeSource;
}

/**
 * @throws TypeError for options that say nothing or contradict each other
 * @throws NodeError FILE_… for what cannot be read
 */
export async function readSchemeOptions(options: SchemeOptions, { online, cached }: { readonly online: boolean; readonly cached: boolean }): Promise<SchemeConfiguration> {
  const { urls, folder, bundle } = options;
  const given = Object.entries({ urls, folder, bundle }).filter(([, value]) => value !== undefined);
  if (given.length > 1) throw new TypeError(`trust has one of urls, folder and bundle, not ${given.map(([name]) => name).join(' and ')}`);
  const root = await readRoot(options.root);
  if (given.length === 0 && !(root instanceof Uint8Array) && !cached) throw new TypeError('a fingerprint does not say where the scheme is: give urls, folder or bundle, or a cacheDir that holds it');
  return { root, source: await sourceOf(options, online) };
}

async function readRoot(root: SchemeOptions['root']): Promise<Uint8Array | Fingerprint> {
  if (typeof root === 'string') return { sha256: root };
  if (root instanceof Uint8Array) return root;
  if (typeof root !== 'object' || root === null) throw new TypeError('trust.root is a fingerprint, a file or its octets');
  return 'path' in root ? readBoundedFile(root.path, DEFAULT_LIMITS.maxRootBytes) : root;
}

async function sourceOf({ urls, folder, bundle }: SchemeOptions, online: boolean): Promise<SchemeSource> {
  if (bundle instanceof Uint8Array) return { mode: 'bundle', file: bundle };
  if (bundle !== undefined) {
    const read = (): Promise<Uint8Array> => readBoundedFile(bundle, DEFAULT_LIMITS.maxBundleBytes);
    await read(); // a name misspelt is told at once
    return { mode: 'bundle', file: read };
  }
  if (folder !== undefined) {
    const found = await stat(folder).catch((cause: unknown) => {
      throw new NodeError('FILE_NOT_FOUND', `no folder ${folder}`, { cause, path: folder });
    });
    if (!found.isDirectory()) throw new NodeError('FILE_UNREADABLE', `${folder} is not a folder`, { path: folder });
    return { mode: 'folder', name: folder, read: (path, maxBytes) => readBelow(folder, path, maxBytes) };
  }
  if (!online) return { mode: 'cached' };
  return { mode: 'online', urls: urls === undefined ? [] : [urls].flat() };
}

async function readBelow(folder: string, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  // Names are percent-encoded, which leaves dots as they are.
  if (path.split('/').some((part) => part === '.' || part === '..' || part === '')) throw new UpdaterError('URL_INVALID', `${path} does not lie below the folder`);
  try {
    return await readBoundedFile(join(folder, path), maxBytes);
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    if (error.code === 'FILE_NOT_FOUND') return undefined;
    throw new UpdaterError(error.code === 'FILE_TOO_LARGE' ? 'TOO_LARGE' : 'IO_FAILED', error.message, { cause: error });
  }
}

/** What following throws about a pinned root, in this binding's words. */
export function rootError(error: unknown): unknown {
  if (error instanceof TrustListError) return new NodeError('ROOT_INVALID', `the pinned root is no root: ${error.message}`, { cause: error });
  return error instanceof TypeError ? new NodeError('ROOT_INVALID', error.message, { cause: error }) : error;
}
