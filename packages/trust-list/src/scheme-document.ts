/**
 * The documents around a list as their operators write them: JSON types, for whoever authors them. Instants,
 * durations and certificates are written as in `list-document.ts`. What the members mean is said in `scheme.ts`.
 */
import { readJson } from './json.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { LocalisedText, Purpose, ServiceKind } from './model.js';

/** `<version>.root.json`: who may sign what. Signed by the keys it names and by those of the root before it (rule R1). */
export interface RootDocument {
  readonly type: 'root';
  readonly spec: '1.0';
  /** `urn:…`; the same in every document of the scheme. */
  readonly schemeId: string;
  /** From 1, up by exactly one. */
  readonly version: number;
  /** `sha256:<hex>` of the payload octets of the root before; absent in the first. */
  readonly prev?: string | null;
  readonly issued: string;
  readonly expires: string;
  /** Id of the list that the `list` role signs: the top of the delegations. */
  readonly listId: string;
  readonly keys: readonly SchemeKeyDocument[];
  readonly roles: {
    readonly root: RoleDocument;
    readonly list: RoleDocument;
    readonly freshness: RoleDocument;
  };
  readonly limits?: {
    readonly maxListBytes?: number;
    readonly maxDepth?: number;
    readonly maxLists?: number;
    /** Durations. */
    readonly maxNextUpdate?: string;
    readonly maxFreshness?: string;
  };
  /** Folders under which the documents are found, each ending in `/`. */
  readonly distribution?: readonly string[];
  readonly crit?: readonly string[];
}

export interface SchemeKeyDocument {
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly org: string;
  readonly owner?: string;
  readonly notAfter?: string | null;
  /** Base64 of DER: the certificate under which this key signs `.p7s` files (GM/T 0010). */
  readonly x5c?: readonly [string];
}

export interface RoleDocument {
  /** RFC 7638 thumbprints of `keys`, SHA-256, base64url. */
  readonly keys: readonly string[];
  readonly threshold: number;
  readonly distinctOrgs?: number;
  readonly families?: { readonly F1?: number; readonly F2?: number };
}

/** `freshness.json`: which documents are current (rule R6). Signed by one key that is online. */
export interface FreshnessDocument {
  readonly type: 'freshness';
  readonly spec: '1.0';
  readonly schemeId: string;
  /** From 1, never down. */
  readonly version: number;
  readonly issued: string;
  readonly expires: string;
  /** Version of the current root. */
  readonly root: number;
  readonly lists: Readonly<Record<string, FreshListDocument>>;
  readonly crit?: readonly string[];
}

export interface FreshListDocument {
  readonly sequence: number;
  /** Of the payload octets, lower-case hex. */
  readonly sha256: string;
  readonly sm3?: string;
  /** Octets of the envelope. */
  readonly length: number;
}

/** Hands part of a territory to another list, which its own people sign. */
export interface DelegationDocument {
  readonly listId: string;
  readonly name: LocalisedText;
  readonly keys: readonly SchemeKeyDocument[];
  readonly threshold: number;
  readonly distinctOrgs?: number;
  readonly families?: { readonly F1?: number; readonly F2?: number };
  /** GB/T 2260 codes or prefixes with `*`, within the delegator's own. */
  readonly regions: readonly string[];
  /** `restrict-only`: it can only take away. `may-grant`: it may also list services of its own, for its regions. */
  readonly mode: 'restrict-only' | 'may-grant';
  /** Kinds of service it may grant; absent: all. */
  readonly kinds?: readonly ServiceKind[];
  readonly purposes?: readonly Purpose[];
  /** Duration; at most the delegator's. */
  readonly maxNextUpdate?: string;
  readonly location?: readonly string[];
}

/** Recognises what another scheme lists, under conditions. */
export interface PeerDocument {
  readonly schemeId: string;
  /** Of the payload octets of one of the peer's roots, lower-case hex: where its root chain is taken up. */
  readonly rootSha256: string;
  readonly since: string;
  readonly until?: string | null;
  readonly regions?: readonly string[];
  /** Words of theirs for words of ours; what is not mapped keeps its word. */
  readonly map?: readonly { readonly theirs: PeerWords; readonly ours: PeerWords }[];
  readonly accept: {
    readonly kinds: readonly ServiceKind[];
    readonly purposes: readonly Purpose[];
    /** Duration: how old the peer's freshness may be. */
    readonly maxStatusAge?: string;
  };
  readonly location?: readonly string[];
}

export interface PeerWords {
  readonly transactions?: readonly string[];
  readonly roles?: readonly string[];
}

/** Every document a verifier needs, in one file: for the air gap and for evidence. Envelopes as base64 of their octets. */
export interface BundleDocument {
  readonly type: 'bundle';
  readonly spec: '1.0';
  readonly schemeId: string;
  /** All of them, from the first on. */
  readonly roots: readonly string[];
  readonly freshness: string;
  readonly lists: readonly string[];
  /** Bundles of peers. */
  readonly peers?: readonly BundleDocument[];
}

/**
 * The payload octets of a draft root: what is hashed, chained and signed, never re-encoded after.
 * @throws TrustListError when the draft holds something strict JSON cannot carry, such as a fraction
 */
export function serializeRoot(draft: RootDocument): Uint8Array {
  return serialize(draft);
}

/** The payload octets of a draft freshness document; as {@link serializeRoot}. */
export function serializeFreshness(draft: FreshnessDocument): Uint8Array {
  return serialize(draft);
}

/** UTF-8 of strict JSON. */
export function serialize(draft: object): Uint8Array {
  const payload = new TextEncoder().encode(JSON.stringify(draft));
  readJson(payload, DEFAULT_LIMITS);
  return payload;
}
