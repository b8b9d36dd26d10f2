import type { UpdateNote } from '../note.js';
import type { Refusal } from '../refuse.js';

/** What one document says another must be. */
export interface Pin {
  readonly version: number;
  /** Octets of the file. */
  readonly length?: number;
  /** As in {@link Held.digest}. */
  readonly digest?: string;
  /** SM3 of the same, where it is given. */
  readonly sm3?: string;
}

/** A document whose signatures, form and place a codec has verified. */
export interface Held<T> {
  readonly value: T;
  readonly version: number;
  /** Epoch milliseconds; undefined in formats that do not say. */
  readonly issued?: number;
  readonly expires: number;
  /** Of what is signed: equal digests, equal documents. */
  readonly digest: string;
  /** The file, as received. */
  readonly bytes: Uint8Array;
}

/** A document that says which others are current. */
export interface HeldPointer<T> extends Held<T> {
  readonly pins: ReadonlyMap<string, Pin>;
  /** Version of the root current when it was issued; undefined in formats that do not say. */
  readonly root?: number;
}

export type Taken<H> = { readonly held: H; readonly refusal?: undefined; readonly notes: readonly UpdateNote[] } | { readonly refusal: Refusal; readonly notes: readonly UpdateNote[] };

/** Who says who must sign a list: the root for the top list, else the list that delegates to it. */
export type Delegator<R, L> = { readonly root: R; readonly list?: undefined } | { readonly list: L; readonly root?: undefined };

export interface ListToTake<R, L> {
  readonly delegator: Delegator<R, L>;
  readonly root: R;
  /** The list in hand, still signed as it must be, that the new one is held to. */
  readonly current: L | undefined;
  readonly pin: Pin | undefined;
}

export interface EngineLimits {
  readonly maxRootBytes: number;
  readonly maxPointerBytes: number;
  readonly maxListBytes: number;
  /** Roots in one update. */
  readonly maxRootSteps: number;
  /** Delegations below the top list. */
  readonly maxDepth: number;
  readonly maxLists: number;
}

export type Expiring = 'root' | 'pointer' | 'list';

/**
 * A format of documents under the rules of update: what its files say and who signed them is the codec's to find
 * out; which file is wanted, what it may not undo, and what becomes of the update is the engine's.
 */
export interface Codec<R, P, L> {
  /** Names of the documents that pin others, in the order of fetching; each pins the next, the last pins the lists. */
  readonly pointers: readonly string[];
  /** Documents that are refused once expired; the others are taken, and how stale they may be is policy. */
  readonly refusesExpired: readonly Expiring[];
  /** Whether two pointers of one version and different content are an offence, or the later one is passed over. */
  readonly equivocation: 'refuse' | 'ignore';
  /** Whether a list that delegates to a list above itself is refused, or that delegation passed over. */
  readonly cycles: 'refuse' | 'ignore';
  limits(root: R): EngineLimits;
  /** Name of the top list. */
  top(root: R): string;
  /** A root that follows `current`: signed as both of them say, and bound to it by whatever the format has. */
  takeRoot(bytes: Uint8Array, current: Held<R>): Promise<Taken<Held<R>>>;
  takePointer(name: string, bytes: Uint8Array, root: R, pin: Pin | undefined): Promise<Taken<HeldPointer<P>>>;
  takeList(name: string, bytes: Uint8Array, terms: ListToTake<R, L>): Promise<Taken<Held<L>>>;
  /** Whether a key that could sign pointers or the top list was taken from its role: what it signed is then forgotten (rule R6). */
  rotated(from: R, to: R): boolean;
  /** Names of the lists that a list delegates to. */
  children(list: L): readonly string[];
  /** The order of asking after a list was taken, made of those it delegates to and those already waiting. */
  order(list: L, children: readonly Waiting<R, L>[], waiting: readonly Waiting<R, L>[]): readonly Waiting<R, L>[];
}

/** A list to come, and how it was reached. */
export interface Waiting<R, L> {
  readonly name: string;
  readonly delegator: Delegator<R, L>;
  /** Names of the lists above. */
  readonly path: readonly string[];
}
