import { attachPeers, beginUpdate, DEFAULT_LIMITS, importRoot, makeBundle, peerRulesOf, type Fingerprint, type SchemeOutcome, type SchemeUpdateOptions, type TrustRoot, type TrustSnapshot, type UpdateNote } from '@hefu/trust-list';
import { withUpdaterLimits, type UpdaterLimits } from '../limits.js';
import type { Clock, Fetcher, Store } from '../ports.js';
import { throwIfAborted } from '../single-flight.js';
import { refusalOf } from '../trust-list-keeper.js';
import type { SchemeRefresh, SchemeRefusal, SchemeTrust } from './model.js';
import { keepSchemeEvidence } from './scheme-evidence.js';
import { placesOf, type Places, type SchemeSource } from './scheme-source.js';
import { absorbStored, pinnedFingerprint, storeScheme, takeBundle } from './stored-scheme.js';
import { findRoot, updateFromPlaces, type Asking } from './update-from-places.js';

export interface SchemePorts {
  readonly fetcher: Fetcher;
  readonly store: Store;
  readonly clock: Clock;
  readonly limits?: Partial<UpdaterLimits>;
}

export interface RefreshSchemeOptions extends SchemeTrust {
  readonly source: SchemeSource;
  /** The snapshot in use. */
  readonly current?: TrustSnapshot;
  readonly signal?: AbortSignal;
}

/**
 * Looks for a newer state of a scheme: first in the store, which another process may have brought forward, then at the
 * source; then the same for its peers. What is accepted as a whole is stored as a whole, and only then. Documents that
 * contradict what is in use are kept as evidence.
 *
 * @throws UpdaterError ABORTED; TrustListError when the pinned root is no envelope; TypeError for a fingerprint that is none
 */
export async function refreshScheme(ports: SchemePorts, options: RefreshSchemeOptions): Promise<SchemeRefresh> {
  const { store, clock } = ports;
  const { current, source, signal, slot = 'current' } = options;
  const limits = withUpdaterLimits(ports.limits);
  throwIfAborted(signal);
  // One instant for the whole refresh (R7).
  const trust = { ...options, at: clock.now() };
  pinnedFingerprint(trust);
  const refusals: SchemeRefusal[] = [];
  const refused = (refusal: SchemeRefusal): void => void refusals.push(refusal);

  const absorbed = await absorbStored(store, trust, current, current && makeBundle(current));
  // An older state is what another process has not renewed yet: it is put right below, and nobody need be told.
  refusals.push(...absorbed.refusals.filter(({ code }) => code !== 'TL_ROLLBACK'));
  const attempt = await fromSource(absorbed.snapshot, source, { ports, limits, trust, signal, refused });
  throwIfAborted(signal);
  const found = attempt.snapshot ?? absorbed.snapshot;
  const stored = found === undefined ? undefined : await storeScheme(store, trust, found, absorbed.stored);
  const snapshot = stored?.snapshot;
  const evidenceError = await keepSchemeEvidence(store, slot, refusals, trust.at, limits.maxSchemeEvidenceBytes);
  const storeError = stored?.storeError ?? evidenceError;
  const { failure } = attempt;
  return {
    outcome: snapshot !== undefined && snapshot !== current ? 'updated' : failure !== undefined || snapshot === undefined ? 'failed' : 'unchanged',
    snapshot,
    ...(failure && { failure }),
    notes: attempt.notes,
    refusals,
    ...(storeError && { storeError }),
  };
}

interface Task {
  readonly ports: SchemePorts;
  readonly limits: UpdaterLimits;
  readonly trust: SchemeTrust & { readonly at: number };
  readonly signal: AbortSignal | undefined;
  readonly refused: (refusal: SchemeRefusal) => void;
}

interface Attempt {
  readonly snapshot: TrustSnapshot | undefined;
  readonly failure?: SchemeRefusal;
  readonly notes: readonly UpdateNote[];
}

async function fromSource(snapshot: TrustSnapshot | undefined, source: SchemeSource, task: Task): Promise<Attempt> {
  const { trust, refused, ports, limits, signal } = task;
  if (source.mode === 'cached') {
    const failure: SchemeRefusal = { code: 'TL_MISSING', detail: 'nothing that the pinned root leads to is kept here', source: 'store', document: 'bundle' };
    return snapshot === undefined ? { snapshot, failure, notes: [] } : { snapshot, notes: [] };
  }
  if (source.mode === 'bundle') {
    let file: Uint8Array;
    try {
      file = source.file instanceof Uint8Array ? source.file : await source.file();
    } catch (error) {
      const failure = { ...refusalOf('bundle', error), document: 'bundle' };
      refused(failure);
      return { snapshot, failure, notes: [] };
    }
    const { outcome, refusals } = await takeBundle(file, trust, snapshot, 'bundle');
    for (const refusal of refusals) refused(refusal);
    return attemptOf(outcome, refusals, snapshot);
  }
  const deadline = ports.clock.now() + limits.schemeTimeoutMs;
  const { places, peerPlaces } = placesOf(source, { fetcher: ports.fetcher, clock: ports.clock, limits, deadline, signal });
  const { attempt, outcome } = await follow(snapshot, { root: trust.root, places, task, of: '' });
  if (attempt.snapshot === undefined || outcome?.outcome === 'failed') return attempt;
  return { ...attempt, snapshot: await withPeers(attempt.snapshot, peerPlaces, task) };
}

interface Following {
  readonly root: Uint8Array | Fingerprint;
  readonly places: Places;
  readonly task: Task;
  /** Put before the names of documents: a peer's scheme. */
  readonly of: string;
}

/** One scheme, peers apart. */
async function follow(snapshot: TrustSnapshot | undefined, { root, places, task, of }: Following): Promise<{ readonly attempt: Attempt; readonly outcome?: SchemeOutcome }> {
  const { trust, signal } = task;
  const seen: SchemeRefusal[] = [];
  const asking: Asking = {
    places, signal,
    refused: (refusal) => {
      seen.push(refusal);
      task.refused({ ...refusal, document: `${of}${refusal.document}` });
    },
  };
  const options: SchemeUpdateOptions = { algorithms: trust.algorithms, at: trust.at, ...(trust.trustListLimits && { limits: trust.trustListLimits }) };
  let from: TrustSnapshot | TrustRoot | undefined = snapshot;
  if (from === undefined) {
    const first = await firstRoot(root, options, asking);
    if ('code' in first) return { attempt: { snapshot: undefined, failure: first, notes: [] } };
    from = first;
  }
  const outcome = await updateFromPlaces(await beginUpdate(from, options), asking);
  if (outcome.outcome === 'failed' && !seen.some(({ refusal }) => refusal === outcome.failure)) {
    const { failure } = outcome;
    // What only the whole can be refused for: the clock, an expired root.
    if (failure.code !== 'TL_NOT_FETCHED') asking.refused({ code: failure.code, detail: failure.message.en, source: 'all', document: 'scheme', refusal: failure });
  }
  return { attempt: attemptOf(outcome, seen, snapshot), outcome };
}

/** @returns the root, or why there is none */
async function firstRoot(root: Uint8Array | Fingerprint, options: SchemeUpdateOptions, asking: Asking): Promise<TrustRoot | SchemeRefusal> {
  const { maxRootSteps, maxRootBytes } = { ...DEFAULT_LIMITS, ...options.limits };
  if (!(root instanceof Uint8Array)) {
    const found = await findRoot(root, { ...options, maxSteps: maxRootSteps, maxBytes: maxRootBytes }, asking);
    return found.refusal ?? found.root;
  }
  const imported = await importRoot(root, { ...options, fingerprint: pinnedFingerprint({ root, algorithms: options.algorithms }) });
  if (imported.outcome === 'accepted') return imported.root;
  const { outcome: _, notes: __, ...refusal } = imported;
  return { code: refusal.code, detail: refusal.message.en, source: 'pinned', document: 'root', refusal };
}

function attemptOf(outcome: SchemeOutcome, seen: readonly SchemeRefusal[], before: TrustSnapshot | undefined): Attempt {
  const { notes } = outcome;
  if (outcome.outcome !== 'failed') return { snapshot: outcome.snapshot, notes };
  const { failure } = outcome;
  const last = seen.find(({ refusal }) => refusal === failure) ?? seen.at(-1);
  return { snapshot: before, notes, failure: last ?? { code: failure.code, detail: failure.message.en, source: 'all', document: 'scheme', refusal: failure } };
}

/** Every peer that a list recognises, each from the root that the list names; one that cannot be had stays as it was. */
async function withPeers(snapshot: TrustSnapshot, peerPlaces: ReturnType<typeof placesOf>['peerPlaces'], task: Task): Promise<TrustSnapshot> {
  const peers = new Map<string, TrustSnapshot>();
  for (const [schemeId, { rootSha256, location }] of peerRulesOf(snapshot)) {
    const held = snapshot.peers.get(schemeId);
    // Of another root than the list names now, it is another scheme.
    const before = held?.roots.some(({ sha256 }) => sha256 === rootSha256) === true ? held : undefined;
    const { attempt } = await follow(before, { root: { sha256: rootSha256 }, places: peerPlaces(schemeId, location), task, of: `${schemeId} ` });
    const { snapshot: peer = before } = attempt;
    if (peer !== undefined && peer.schemeId === schemeId) peers.set(schemeId, peer);
    else if (attempt.failure === undefined) task.refused({ code: 'TL_WRONG_SCHEME', detail: `expected ${schemeId}, found ${peer?.schemeId ?? 'nothing'}`, source: 'all', document: `${schemeId} root` });
  }
  return attachPeers(snapshot, peers);
}
