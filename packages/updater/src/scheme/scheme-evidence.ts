import { UpdaterError } from '../error.js';
import type { Store } from '../ports.js';
import type { SchemeRefusal } from './model.js';

/** Documents that contradict each other: what an operator is shown, and asked to explain. */
export interface SchemeEvidence {
  /** Epoch milliseconds of when they were seen first. */
  readonly at: number;
  readonly code: string;
  readonly document: string;
  readonly source: string;
  /** The files, which are UTF-8, the one in use first. */
  readonly files: readonly string[];
}

/** As they are, so that they hash as they did. */
const text = new TextDecoder('utf-8', { ignoreBOM: true });
const keyOf = (slot: string): string => `scheme-evidence ${slot}`;

/**
 * What was kept of a scheme, oldest first. The store is untrusted, but what is in it is signed.
 * @throws UpdaterError IO_FAILED
 */
export async function readSchemeEvidence(store: Store, slot = 'current'): Promise<readonly SchemeEvidence[]> {
  const bytes = await store.get(keyOf(slot));
  if (bytes === undefined) return [];
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return Array.isArray(value) ? value.filter(isEvidence) : [];
  } catch {
    return []; // damaged: what is found next is kept anew
  }
}

/** Keeps what refusals bring, each pair once, within `maxBytes` in all: the first seen stay. A store that fails does not stop a refresh. */
export async function keepSchemeEvidence(store: Store, slot: string, refusals: readonly SchemeRefusal[], at: number, maxBytes: number): Promise<UpdaterError | undefined> {
  const found = refusals.flatMap(({ code, document, source, refusal }): readonly SchemeEvidence[] =>
    refusal?.evidence === undefined ? [] : [{ at, code, document, source, files: refusal.evidence.map((file) => text.decode(file)) }]);
  if (found.length === 0) return undefined;
  try {
    const kept = [...(await readSchemeEvidence(store, slot))];
    const known = new Set(kept.map(({ files }) => files.join()));
    let size = kept.reduce((sum, each) => sum + sizeOf(each), 0);
    const before = kept.length;
    for (const each of found) {
      if (known.has(each.files.join()) || size + sizeOf(each) > maxBytes) continue;
      known.add(each.files.join());
      size += sizeOf(each);
      kept.push(each);
    }
    if (kept.length > before) await store.put(keyOf(slot), new TextEncoder().encode(JSON.stringify(kept)));
    return undefined;
  } catch (error) {
    return error instanceof UpdaterError ? error : new UpdaterError('IO_FAILED', 'evidence could not be stored', { cause: error });
  }
}

function sizeOf({ files }: SchemeEvidence): number {
  return files.reduce((sum, file) => sum + file.length, 200);
}

function isEvidence(value: unknown): value is SchemeEvidence {
  const { at, code, document, source, files } = (value ?? {}) as Partial<Record<keyof SchemeEvidence, unknown>>;
  return Number.isFinite(at) && [code, document, source].every((each) => typeof each === 'string') && Array.isArray(files) && files.every((file) => typeof file === 'string');
}
