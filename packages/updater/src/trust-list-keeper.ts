import type { Algorithms } from '@hefu/crypto';
import { updateTrustList, type ListRole, type TrustList, type UpdateNote, type UpdateOptions, type UpdateRefused } from '@hefu/trust-list';
import { UpdaterError } from './error.js';
import { fetchDocument } from './fetch-document.js';
import { DEFAULT_UPDATER_LIMITS, withUpdaterLimits, type UpdaterLimits } from './limits.js';
import type { Clock, Fetcher, Store } from './ports.js';
import { throwIfAborted } from './single-flight.js';
import { compareToMark, readMark, trustListKeys, writeMark, type TrustListMark } from './trust-list-mark.js';

/** Who may sign the list, and how it is checked: the same for every load and every refresh. */
export interface TrustListTrust {
  readonly role: ListRole;
  readonly algorithms: Algorithms;
  readonly expectedListId?: string;
  /** A list the caller knows from elsewhere (configuration, an announcement) and will not go behind. */
  readonly floor?: TrustListMark;
  /** Names this list in the store when several are followed. Default `current`. */
  readonly slot?: string;
}

/** Why a list was not taken: the trust-list room's code (`describeRefusal` there knows the remedy), the transfer's, or one of ours. */
export interface TrustListRefusal {
  readonly code: string;
  readonly detail: string;
  /** `url …`, `bytes`, `store`. */
  readonly source: string;
}

export type LoadOutcome =
  | { readonly outcome: 'loaded'; readonly list: TrustList; readonly notes: readonly UpdateNote[] }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'refused'; readonly refusal: TrustListRefusal };

export type RefreshOutcome =
  /** A newer list was verified and stored; `storeError` when it could not be stored and is in use all the same. */
  | {
      readonly outcome: 'promoted';
      readonly list: TrustList;
      readonly source: string;
      readonly notes: readonly UpdateNote[];
      readonly refusals: readonly TrustListRefusal[];
      readonly storeError?: UpdaterError;
    }
  | { readonly outcome: 'unchanged'; readonly list: TrustList; readonly refusals: readonly TrustListRefusal[] }
  /** No source gave an acceptable list; the one in use stays, when there is one. */
  | { readonly outcome: 'failed'; readonly list: TrustList | undefined; readonly refusals: readonly TrustListRefusal[] };

/**
 * Loads the list kept in a store, verifying it from the role as if it had just arrived: the store is untrusted
 * (design rule R9). It must not be behind the mark kept beside it, nor behind `floor`. One who can replace list
 * and mark together can still put back an older pair; `floor` is for that.
 */
export async function loadTrustList(store: Store, options: TrustListTrust & { readonly at: number }): Promise<LoadOutcome> {
  const slot = options.slot ?? 'current';
  let envelope: Uint8Array | undefined;
  let mark: TrustListMark | undefined;
  try {
    envelope = await store.get(trustListKeys(slot).list);
    mark = await readMark(store, slot);
  } catch (error) {
    return { outcome: 'refused', refusal: refusalOf('store', error) };
  }
  if (envelope === undefined) {
    if (mark === undefined) return { outcome: 'missing' };
    return { outcome: 'refused', refusal: { code: 'TL_MISSING', detail: `list ${mark.listId} ${mark.sequence} was accepted here and is gone`, source: 'store' } };
  }
  const outcome = await updateTrustList(undefined, envelope, verifying(options, options.at, DEFAULT_UPDATER_LIMITS));
  if (outcome.outcome === 'refused') return { outcome: 'refused', refusal: refused('store', outcome) };
  const refusal = markRefusal(outcome.trustList, [mark, options.floor], 'store');
  return refusal === undefined ? { outcome: 'loaded', list: outcome.trustList, notes: outcome.notes } : { outcome: 'refused', refusal };
}

export interface RefreshOptions extends TrustListTrust {
  /** The list in use, verified earlier. */
  readonly current?: TrustList;
  /** URLs (named by the operator, so private addresses are allowed) or envelopes, all of them asked. */
  readonly sources: readonly (string | Uint8Array)[];
  readonly signal?: AbortSignal;
}

/**
 * Asks every source, verifies what comes, and promotes the newest acceptable list: into the store only after
 * `updateTrustList` accepted it, and never one behind the current list, the mark or the floor. A second list
 * under a number already accepted is kept under the store key `trust-list-conflict` as evidence.
 * A full disk must not keep a suspended CA in trust: a list that cannot be stored is handed out with `storeError`.
 * @throws UpdaterError ABORTED; TypeError for a role its keys cannot meet
 */
export async function refreshTrustList(
  ports: { readonly fetcher: Fetcher; readonly store: Store; readonly clock: Clock; readonly limits?: Partial<UpdaterLimits> },
  options: RefreshOptions,
): Promise<RefreshOutcome> {
  const { store, clock } = ports;
  const limits = withUpdaterLimits(ports.limits);
  const slot = options.slot ?? 'current';
  const at = clock.now();
  const deadline = at + limits.totalTimeoutMs;
  const refusals: TrustListRefusal[] = [];
  let list = options.current;
  let promoted: string | undefined;
  let notes: readonly UpdateNote[] = [];

  for (const [index, source] of options.sources.entries()) {
    throwIfAborted(options.signal);
    const name = typeof source === 'string' ? `url ${source.slice(0, 200)}` : 'bytes';
    if (index >= limits.maxTrustListSources) {
      refusals.push({ code: 'LIMIT', detail: `more than ${limits.maxTrustListSources} sources`, source: name });
      break;
    }
    let envelope: Uint8Array;
    try {
      envelope = typeof source === 'string' ? await fetchList(ports.fetcher, source, deadline - clock.now(), limits, options.signal) : source;
    } catch (error) {
      if (options.signal?.aborted === true) throw new UpdaterError('ABORTED', 'aborted by the caller');
      refusals.push(refusalOf(name, error));
      continue;
    }
    // One instant for the whole refresh (R7).
    const outcome = await updateTrustList(list, envelope, verifying(options, at, limits));
    if (outcome.outcome === 'refused') {
      refusals.push(refused(name, outcome));
      if (outcome.code === 'TL_EQUIVOCATION') await keepEvidence(store, slot, envelope);
      continue;
    }
    if (outcome.outcome === 'unchanged') continue;
    const refusal = await behindMark(store, slot, outcome.trustList, options, name);
    if (refusal !== undefined) {
      refusals.push(refusal);
      if (refusal.code === 'TL_EQUIVOCATION') await keepEvidence(store, slot, envelope);
      continue;
    }
    list = outcome.trustList;
    notes = outcome.notes;
    promoted = name;
  }
  if (promoted !== undefined && list !== undefined) {
    const storeError = await persist(store, slot, list);
    return { outcome: 'promoted', list, source: promoted, notes, refusals, ...(storeError && { storeError }) };
  }
  const answered = refusals.length < options.sources.length;
  return list !== undefined && answered ? { outcome: 'unchanged', list, refusals } : { outcome: 'failed', list, refusals };
}

/**
 * Several processes may share a store. Two that promote different lists in the same instant may leave the older one
 * there; each still uses its own, and the next refresh repairs it.
 */
async function persist(store: Store, slot: string, list: TrustList): Promise<UpdaterError | undefined> {
  try {
    // The list before its mark: stopped between the two, the mark lags and the list is accepted on load.
    await store.put(trustListKeys(slot).list, list.envelope);
    await writeMark(store, slot, list);
    return undefined;
  } catch (error) {
    return error instanceof UpdaterError ? error : new UpdaterError('IO_FAILED', 'the list could not be stored', { cause: error });
  }
}

async function keepEvidence(store: Store, slot: string, envelope: Uint8Array): Promise<void> {
  try {
    await store.put(trustListKeys(slot).conflict, envelope);
  } catch {
    // The refusal is told either way.
  }
}

async function behindMark(store: Store, slot: string, list: TrustList, options: RefreshOptions, source: string): Promise<TrustListRefusal | undefined> {
  let mark: TrustListMark | undefined;
  try {
    mark = await readMark(store, slot);
  } catch (error) {
    // With a list in hand the new one is already known to be newer; without, nothing vouches for it.
    if (options.current === undefined) return refusalOf(source, error);
  }
  return markRefusal(list, [mark, options.floor], source);
}

async function fetchList(fetcher: Fetcher, url: string, remaining: number, limits: UpdaterLimits, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const bytes = await fetchDocument(fetcher, { url, maxBytes: limits.maxTrustListBytes, remaining, limits, signal });
  if (bytes === undefined) throw new UpdaterError('HTTP_STATUS', 'HTTP status 404: there is no list', { url });
  return bytes;
}

function verifying(trust: TrustListTrust, at: number, { maxTrustListBytes }: UpdaterLimits): UpdateOptions {
  return { role: trust.role, algorithms: trust.algorithms, at, maxBytes: maxTrustListBytes, ...(trust.expectedListId === undefined ? {} : { expectedListId: trust.expectedListId }) };
}

function markRefusal(list: TrustList, marks: readonly (TrustListMark | undefined)[], source: string): TrustListRefusal | undefined {
  for (const mark of marks) {
    const stands = compareToMark(list, mark);
    if (stands === 'ok' || mark === undefined) continue;
    const detail = `list ${list.listId} ${list.sequence}, already accepted: ${mark.listId} ${mark.sequence}`;
    return { code: stands === 'behind' ? 'TL_ROLLBACK' : stands === 'conflict' ? 'TL_EQUIVOCATION' : 'TL_WRONG_LIST', detail, source };
  }
  return undefined;
}

function refused(source: string, outcome: UpdateRefused): TrustListRefusal {
  return { code: outcome.code, detail: outcome.message.en, source };
}

export function refusalOf(source: string, error: unknown): TrustListRefusal {
  const code = error instanceof UpdaterError ? error.code : 'FETCH_FAILED';
  return { code, detail: error instanceof Error ? error.message : 'unknown failure', source };
}
