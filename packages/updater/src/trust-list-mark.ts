import { UpdaterError } from './error.js';
import type { Store } from './ports.js';

/**
 * The newest list ever accepted here: what a list must not fall behind (design rule R3). Kept beside the list,
 * so that putting back an old list file, validly signed as it is, does not bring back the CAs it named.
 */
export interface TrustListMark {
  readonly listId: string;
  readonly sequence: number;
  /** SHA-256 of the payload octets, lower-case hex. */
  readonly sha256: string;
}

/** Store keys of one followed list; `slot` tells several apart. */
export function trustListKeys(slot: string): { readonly list: string; readonly mark: string; readonly conflict: string } {
  return { list: `trust-list ${slot}`, mark: `trust-list-mark ${slot}`, conflict: `trust-list-conflict ${slot}` };
}

/**
 * @returns undefined when none was ever written
 * @throws UpdaterError IO_FAILED, also when it is there and cannot be read: a lost mark must be noticed
 */
export async function readMark(store: Store, slot: string): Promise<TrustListMark | undefined> {
  const bytes = await store.get(trustListKeys(slot).mark);
  if (bytes === undefined) return undefined;
  let cause: unknown;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, 4096)));
    if (isMark(value)) return { listId: value.listId, sequence: value.sequence, sha256: value.sha256 };
  } catch (error) {
    cause = error;
  }
  throw new UpdaterError('IO_FAILED', `the high-water mark of trust list ${slot} is unreadable`, { cause });
}

export async function writeMark(store: Store, slot: string, mark: TrustListMark): Promise<void> {
  const { listId, sequence, sha256 } = mark;
  await store.put(trustListKeys(slot).mark, new TextEncoder().encode(`${JSON.stringify({ listId, sequence, sha256 })}\n`));
}

/** How a list stands to a mark: `behind` is a rollback, `conflict` two lists under one number, `other` another list's mark. */
export function compareToMark(list: TrustListMark, mark: TrustListMark | undefined): 'ok' | 'behind' | 'conflict' | 'other' {
  if (mark === undefined) return 'ok';
  if (list.listId !== mark.listId) return 'other';
  if (list.sequence < mark.sequence) return 'behind';
  return list.sequence === mark.sequence && list.sha256 !== mark.sha256 ? 'conflict' : 'ok';
}

function isMark(value: unknown): value is TrustListMark {
  if (typeof value !== 'object' || value === null) return false;
  const { listId, sequence, sha256 } = value as Partial<Record<keyof TrustListMark, unknown>>;
  return typeof listId === 'string' && Number.isSafeInteger(sequence) && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}
