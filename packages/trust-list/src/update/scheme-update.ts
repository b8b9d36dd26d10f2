import type { Algorithms } from '@hefu/crypto';
import { DEFAULT_LIMITS, type TrustListLimits } from '../limits.js';
import type { TrustList } from '../model.js';
import type { UpdateNote } from '../note.js';
import type { Refusal } from '../refuse.js';
import type { Freshness, TrustRoot, TrustSnapshot } from '../scheme.js';
import { begin, offer, pass, type HeldList, type InHand, type Update, type Want } from './engine.js';
import type { Expiring } from './codec.js';
import { schemeCodec } from './scheme-codec.js';
import { inHandOf, snapshotOf, staleNotes } from './snapshot.js';

export interface SchemeUpdateOptions {
  /** Need SHA-256; signatures of documents count only by what is in `signatures`: `ECDSA-SHA-256`, `ECDSA-SHA-384`, `Ed25519`, `RSASSA-PSS`, `SM2-SM3`. */
  readonly algorithms: Algorithms;
  /** Now, epoch milliseconds: one instant for the whole update (rule R7). */
  readonly at: number;
  readonly limits?: Partial<TrustListLimits>;
}

/** The document that an update wants next. */
export interface DocumentWanted {
  readonly role: 'root' | 'freshness' | 'list';
  /** Of a list. */
  readonly listId?: string;
  /** Version of a root, sequence of a list; freshness is wanted as it is now. */
  readonly number?: number;
  /** Octets of the file, when it is known: no other length is taken. */
  readonly length?: number;
  /** Of the payload octets, lower-case hex, when it is known. */
  readonly sha256?: string;
  /** Never read more. */
  readonly maxBytes: number;
  /** Where it lies below a folder of the scheme: `5.root.json`, `freshness.json`, `42/57.json` (names percent-encoded). */
  readonly path: string;
  /** All the URLs where it should be, those of its delegation first. */
  readonly urls: readonly string[];
}

/** A document that was refused or not to be had, and why. */
export interface DocumentRefused {
  readonly wanted: Pick<DocumentWanted, 'role' | 'listId' | 'number'>;
  readonly refusal: Refusal;
}

export interface SchemeUpdated {
  /** `unchanged`: `snapshot` is the one the update began with. */
  readonly outcome: 'updated' | 'unchanged';
  readonly snapshot: TrustSnapshot;
  /** Why lists in `snapshot.missing` are missing, in full. */
  readonly missing: ReadonlyMap<string, Refusal>;
  readonly notes: readonly UpdateNote[];
  readonly refusals: readonly DocumentRefused[];
}

export interface SchemeUpdateFailed {
  readonly outcome: 'failed';
  readonly failure: Refusal;
  /** What the update began with, still in use; undefined when it began with a root only. */
  readonly snapshot: TrustSnapshot | undefined;
  readonly notes: readonly UpdateNote[];
  readonly refusals: readonly DocumentRefused[];
}

export type SchemeOutcome = SchemeUpdated | SchemeUpdateFailed;

/**
 * One update of a scheme, under way: an immutable value. While `want` is there, find the file and give it to
 * {@link offerDocument}, or say with {@link passDocument} that there is none; then `outcome` is there.
 */
export interface SchemeUpdate {
  readonly want: DocumentWanted | undefined;
  /** Why the last file was refused: the same document is still wanted, from another mirror. */
  readonly refusal: Refusal | undefined;
  readonly outcome: SchemeOutcome | undefined;
  readonly state: SchemeState;
}

/** The engine's state; of no use to others. */
export interface SchemeState {
  readonly engine: Update<TrustRoot, Freshness, TrustList>;
  readonly snapshot: TrustSnapshot | undefined;
}

/**
 * Begins an update of what is in hand: a snapshot, or the root that was imported (`importRoot`).
 * @throws TypeError when `at` is no instant or the algorithms have no SHA-256
 */
export function beginUpdate(from: TrustSnapshot | TrustRoot, options: SchemeUpdateOptions): Promise<SchemeUpdate> {
  return beginWith(from, options, { refusesExpired: ['root'], lists: new Map() });
}

export interface BeginExtras {
  readonly refusesExpired: readonly Expiring[];
  /** Files of lists that are at hand though not verified, by id. */
  readonly lists: ReadonlyMap<string, Uint8Array>;
}

export async function beginWith(from: TrustSnapshot | TrustRoot, options: SchemeUpdateOptions, { refusesExpired, lists }: BeginExtras): Promise<SchemeUpdate> {
  const { algorithms, at } = options;
  if (!Number.isFinite(at)) throw new TypeError('at is not an instant in epoch milliseconds');
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const snapshot = 'roots' in from ? from : undefined;
  const known = inHandOf(from);
  const inHand: InHand<TrustRoot, Freshness, TrustList> = { ...known, lists: new Map<string, Uint8Array | HeldList<TrustRoot, TrustList>>([...lists, ...known.lists]) };
  return shown(await begin(schemeCodec({ algorithms, at, limits, refusesExpired }), inHand, { at, clockSkew: limits.clockSkew }), snapshot);
}

/** Takes a file for the document wanted. It is copied, verified, and taken or refused; a refusal changes nothing else. */
export async function offerDocument(update: SchemeUpdate, file: Uint8Array): Promise<SchemeUpdate> {
  if (!(file instanceof Uint8Array)) throw new TypeError('a file is a Uint8Array');
  return shown(await offer(update.state.engine, file), update.state.snapshot);
}

/**
 * Says that the document wanted is not to be had, or no better file than the one refused. That the next root does
 * not exist is how the chain of roots ends; say `unreachable` when that could not be found out.
 */
export async function passDocument(update: SchemeUpdate, options: { readonly unreachable?: boolean } = {}): Promise<SchemeUpdate> {
  return shown(await pass(update.state.engine, options), update.state.snapshot);
}

function shown(engine: SchemeState['engine'], snapshot: TrustSnapshot | undefined): SchemeUpdate {
  const { want, refusal, finished } = engine;
  return {
    want: want && wanted(want, engine),
    refusal,
    outcome: finished && outcomeOf(engine, snapshot),
    state: { engine, snapshot },
  };
}

function wanted(want: Want, { roots, entry }: SchemeState['engine']): DocumentWanted {
  const { role, listId, number } = named(want);
  const path = role === 'root' ? `${number}.root.json` : role === 'freshness' ? 'freshness.json' : `${encodeURIComponent(listId!)}/${number}.json`;
  const delegation = entry?.delegator.list?.delegations.find((each) => each.listId === listId);
  return {
    role, ...(listId !== undefined && { listId }), ...(number !== undefined && { number }),
    ...(want.length !== undefined && { length: want.length }),
    ...(want.digest !== undefined && { sha256: want.digest }),
    maxBytes: want.maxBytes,
    path,
    urls: [...(delegation?.location ?? []).map((folder) => `${folder}${number}.json`), ...roots.at(-1)!.value.distribution.map((folder) => `${folder}${path}`)],
  };
}

function named(want: Want): Pick<DocumentWanted, 'role' | 'listId' | 'number'> {
  const role = want.kind === 'pointer' ? 'freshness' : want.kind;
  return { role, ...(role === 'list' && { listId: want.name }), ...(want.version !== undefined && { number: want.version }) };
}

function outcomeOf(engine: SchemeState['engine'], before: TrustSnapshot | undefined): SchemeOutcome {
  const { finished, at } = engine;
  const refusals = engine.refusals.map(({ want, refusal }) => ({ wanted: named(want), refusal }));
  const notes = engine.notes.filter(({ code }) => code !== 'TL_STALE');
  const { failure, missing } = finished!;
  if (failure !== undefined) return { outcome: 'failed', failure, snapshot: before, notes, refusals };
  const snapshot = snapshotOf(finished!, before);
  return { outcome: snapshot === before ? 'unchanged' : 'updated', snapshot, missing, notes: [...notes, ...staleNotes(snapshot, at)], refusals };
}
