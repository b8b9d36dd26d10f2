import { importRoot, offerDocument, passDocument, readEnvelope, readFreshnessContent, type DocumentWanted, type Refusal, type SchemeOutcome, type SchemeUpdate, type SchemeUpdateOptions, type TrustRoot } from '@hefu/trust-list';
import { UpdaterError } from '../error.js';
import { throwIfAborted } from '../single-flight.js';
import { refusalOf } from '../trust-list-keeper.js';
import type { SchemeRefusal } from './model.js';
import type { Place, Places } from './scheme-source.js';

export interface Asking {
  readonly places: Places;
  readonly signal: AbortSignal | undefined;
  /** Told of everything that was not taken. */
  readonly refused: (refusal: SchemeRefusal) => void;
}

/** Gives an update what it wants, place by place: what one place has wrong, the next may have right. */
export async function updateFromPlaces(begun: SchemeUpdate, asking: Asking): Promise<SchemeOutcome> {
  let update = begun;
  while (update.want !== undefined) update = await answer(update, update.want, asking);
  return update.outcome!;
}

async function answer(wanting: SchemeUpdate, want: DocumentWanted, asking: Asking): Promise<SchemeUpdate> {
  let refused = wanting;
  let expired: { readonly update: SchemeUpdate; readonly version: number } | undefined;
  let isAbsent = false;
  for (const place of asking.places(want)) {
    const file = await fileFrom(place, Math.min(want.maxBytes, want.length ?? Infinity), documentName(want), asking, want.listId);
    if (file === undefined) continue;
    if (file === 'absent') {
      isAbsent = true;
      continue;
    }
    const offered = await offerDocument(wanting, file);
    throwIfAborted(asking.signal);
    if (offered.refusal !== undefined) {
      refused = offered;
      const { code, message } = offered.refusal;
      asking.refused({ code, detail: message.en, source: place.name, document: documentName(want), ...(want.listId !== undefined && { listId: want.listId }), refusal: offered.refusal });
      continue;
    }
    // A mirror that has stopped serves what was once fresh: the next is asked before that is made do with.
    const told = want.role === 'freshness' ? freshnessOf(file) : undefined;
    if (told === undefined || told.expires > at(wanting)) return offered;
    if (expired === undefined || told.version > expired.version) expired = { update: offered, version: told.version };
  }
  if (expired !== undefined) return expired.update;
  // That one place says there is no next root ends the chain, whatever another put in its stead: had there been one, freshness names it.
  if (want.role === 'root' && isAbsent) return passDocument(wanting);
  return passDocument(refused, { unreachable: true });
}

function at({ state }: SchemeUpdate): number {
  return state.engine.at;
}

function freshnessOf(file: Uint8Array): { readonly version: number; readonly expires: number } {
  return readFreshnessContent(readEnvelope(file).payloadBytes);
}

/** A file, `absent` when the place says so, undefined when it could not be found out. */
async function fileFrom(place: Place, maxBytes: number, document: string, { signal, refused }: Asking, listId?: string): Promise<Uint8Array | 'absent' | undefined> {
  try {
    const file = await place.get(maxBytes);
    if (file !== undefined) return file;
    if (document.startsWith('root ')) return 'absent';
    refused({ code: 'TL_NOT_FETCHED', detail: 'there is no such document', source: place.name, document, ...(listId !== undefined && { listId }) });
    return 'absent';
  } catch (error) {
    if (signal?.aborted === true) throw new UpdaterError('ABORTED', 'aborted by the caller');
    refused({ ...refusalOf(place.name, error), document, ...(listId !== undefined && { listId }) });
    return undefined;
  }
}

/**
 * The root of a fingerprint, for those who have no file of it: roots are numbered from 1, and those before it say nothing.
 * @throws UpdaterError ABORTED
 */
export async function findRoot(fingerprint: { readonly sha256?: string; readonly sm3?: string }, options: SchemeUpdateOptions & { readonly maxSteps: number; readonly maxBytes: number }, asking: Asking): Promise<{ readonly root: TrustRoot; readonly refusal?: undefined } | { readonly refusal: SchemeRefusal }> {
  let last: SchemeRefusal | undefined;
  const tell = (refusal: SchemeRefusal): void => {
    // Another root is no fault of whoever serves it; a page instead of a root is.
    if (refusal.code !== 'TL_ROOT_FINGERPRINT') asking.refused(refusal);
    if (last === undefined || refusal.code !== 'TL_ROOT_FINGERPRINT') last = refusal;
  };
  for (let number = 1; number <= options.maxSteps; number++) {
    const document = `root ${number}`;
    let isThere = false;
    for (const place of asking.places({ path: `${number}.root.json`, urls: [] })) {
      const file = await fileFrom(place, options.maxBytes, document, { ...asking, refused: tell });
      if (file === undefined || file === 'absent') continue;
      const imported = await importRoot(file, { ...options, fingerprint });
      throwIfAborted(asking.signal);
      if (imported.outcome === 'accepted') return { root: imported.root };
      isThere ||= imported.code === 'TL_ROOT_FINGERPRINT';
      const { outcome: _, notes: __, ...refusal } = imported;
      tell({ code: refusal.code, detail: refusal.message.en, source: place.name, document, refusal: refusal satisfies Refusal });
    }
    if (!isThere) break;
  }
  return { refusal: last ?? { code: 'TL_NOT_FETCHED', detail: 'no place has a root of this fingerprint', source: 'all', document: 'root' } };
}

export function documentName({ role, listId, number }: Pick<DocumentWanted, 'role' | 'listId' | 'number'>): string {
  return [role, listId === undefined ? number : `${listId}/${number}`].filter((part) => part !== undefined).join(' ');
}
