/**
 * The verified documents of a scheme as the rest of Hefu reads them. Instants and durations are milliseconds.
 * Values of these types are immutable and made only by the functions that verify their signatures.
 */
import type { ListKey, ListRole, LocalisedText, Purpose, ServiceKind, TrustList } from './model.js';

/** A key of a scheme. */
export interface SchemeKey extends ListKey {
  /** RFC 7638, computed. */
  readonly thumbprint: string;
}

export interface SchemeLimits {
  readonly maxListBytes: number;
  /** Delegations below the top list. */
  readonly maxDepth: number;
  readonly maxLists: number;
  readonly maxNextUpdate: number;
  readonly maxFreshness: number;
}

/** Who may sign what, from one root to the next. */
export interface TrustRoot {
  readonly schemeId: string;
  readonly version: number;
  readonly sha256: string;
  readonly prev: string | undefined;
  readonly issued: number;
  readonly expires: number;
  /** Id of the top list. */
  readonly listId: string;
  readonly keys: readonly SchemeKey[];
  readonly roles: { readonly root: ListRole; readonly list: ListRole; readonly freshness: ListRole };
  readonly limits: SchemeLimits;
  readonly distribution: readonly string[];
  readonly envelope: Uint8Array;
}

/** Which lists are current. */
export interface Freshness {
  readonly schemeId: string;
  readonly version: number;
  readonly sha256: string;
  readonly issued: number;
  readonly expires: number;
  readonly root: number;
  readonly lists: ReadonlyMap<string, { readonly sequence: number; readonly sha256: string; readonly sm3?: string; readonly length: number }>;
  readonly envelope: Uint8Array;
}

export interface Delegation {
  readonly listId: string;
  readonly name: LocalisedText;
  /** Who must sign the list. */
  readonly role: ListRole;
  readonly regions: readonly string[];
  readonly mode: 'restrict-only' | 'may-grant';
  readonly kinds?: readonly ServiceKind[];
  readonly purposes?: readonly Purpose[];
  readonly maxNextUpdate?: number;
  readonly location: readonly string[];
}

export interface Peer {
  readonly schemeId: string;
  readonly rootSha256: string;
  readonly since: number;
  readonly until?: number;
  /** Ours, in which the peer counts; undefined: all. */
  readonly regions?: readonly string[];
  readonly map: readonly { readonly theirs: PeerScopeWords; readonly ours: PeerScopeWords }[];
  readonly accept: { readonly kinds: readonly ServiceKind[]; readonly purposes: readonly Purpose[]; readonly maxStatusAge?: number };
  readonly location: readonly string[];
}

export interface PeerScopeWords {
  readonly transactions?: readonly string[];
  readonly roles?: readonly string[];
}

/**
 * Everything a verifier trusts at one moment: immutable, pinned at the start of each verification, replaced as a
 * whole by the next update.
 */
export interface TrustSnapshot {
  readonly schemeId: string;
  readonly root: TrustRoot;
  /** Every root from the one first trusted to `root`: old lists are judged by the root of their time. */
  readonly roots: readonly TrustRoot[];
  readonly freshness: Freshness | undefined;
  /** The top list. */
  readonly list: TrustList;
  /** By id, the top list among them. */
  readonly lists: ReadonlyMap<string, TrustList>;
  /** Lists that delegations name and nobody could verify: what they might have restricted is unknown. By id, with the code why. */
  readonly missing: ReadonlyMap<string, string>;
  /** Earlier versions of missing lists, which their next ones are held to; not for use. */
  readonly retained?: ReadonlyMap<string, TrustList>;
  readonly peers: ReadonlyMap<string, TrustSnapshot>;
  /** Latest `issued` of any document accepted so far: the clock is not behind it (rule R7). */
  readonly highWater: number;
}
