import type { Algorithms, PublicKey } from '@hefu/crypto';
import type { Certificate, Name } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { Budget, Spending } from './budget.js';
import type { EdgeCache } from './edge-cache.js';
import type { ConstraintIndex } from './names.js';
import type { PolicyInputs, PolicyStatement, ValidPolicy } from './policy-graph.js';
import type { PathProfile } from './profile.js';

/** A trust anchor (RFC 5280 §6.1.1 (d)): a name and a key, with the certificate that stated them when there is one. */
export interface TrustAnchor {
  readonly name: Name;
  readonly key: PublicKey;
  /** DER of the SubjectPublicKeyInfo, for comparison. */
  readonly spki: Uint8Array;
  readonly certificate?: Certificate;
  /** Carried through untouched: the services this anchor stands for. */
  readonly source: string;
  /** Most intermediates allowed below it, beside what its own certificate says. */
  readonly pathLength?: number;
  /** Names below it, beside what its own certificate says (RFC 5914 §2.5). */
  readonly nameConstraints?: ConstraintIndex;
  /** Policies it is for, and what it asks of those below, beside what its own certificate says. */
  readonly policies?: PolicyStatement;
}

export interface BuildPathOptions {
  readonly leaf: Certificate;
  /** Untrusted intermediates, from the message, the list and the gatherer. Order breaks ties only. */
  readonly candidates: readonly Certificate[];
  readonly anchors: readonly TrustAnchor[];
  /** Epoch milliseconds at which validity is judged. */
  readonly at: number;
  readonly algorithms: Algorithms;
  readonly profile: PathProfile;
  readonly budget: Budget;
  /** Asked for each complete, valid path; `false` keeps searching for a better one. All valid paths seen are returned. */
  readonly accept?: (path: ValidPath) => boolean | Promise<boolean>;
  /** Whether an anchor's own certificate must be within its validity dates. Default false: RFC 5280 §6.1.1 (d) asks only for its name and key. */
  readonly enforceAnchorValidity?: boolean;
  /**
   * Whether what an anchor's own certificate says binds (RFC 5937): path length, name constraints, policies, key
   * usage, the profile's rows. Default true. False leaves its name, its key, and what the anchor itself states.
   */
  readonly enforceAnchorConstraints?: boolean;
  /** RFC 5280 §6.1.1 (c), (e) to (g). Default: policies matter only where a certificate of the path requires one. */
  readonly policy?: PolicyInputs;
  /** Purposes (OIDs) that the leaf must allow, and every intermediate that states any. */
  readonly extendedKeyUsages?: readonly string[];
  /** Most intermediates of a path that are not self-issued, as a path length constraint on every anchor. */
  readonly maxPathLength?: number;
  /** What earlier calls learnt about these certificate objects. */
  readonly edges?: EdgeCache;
  /** The leaf's object will come again, as from a cache of its octets: what is learnt of it is kept in `edges` too. Default false. */
  readonly keepLeaf?: boolean;
  /** Counts on from here, so that several steps of one validation share the budget. */
  readonly spending?: Spending;
}

/**
 * A path that satisfied every rule. `certificates[0]` is the leaf; the last is the anchor's own certificate when it has one.
 * A leaf that is itself an anchor's certificate makes a path of one.
 */
export interface ValidPath {
  readonly certificates: readonly Certificate[];
  readonly anchor: TrustAnchor;
  /** For each certificate, the key that verified it (the last one's is the anchor's). */
  readonly issuerKeys: readonly PublicKey[];
  /** Names of the algorithms that verified each certificate below the anchor, leaf first. */
  readonly signatureAlgorithms: readonly string[];
  /** The user-constrained policy set, where policies were processed. */
  readonly policies?: readonly ValidPolicy[];
}

/** Why one path, or one step of it, was refused. */
export interface PathFailure {
  readonly code: ReasonCode;
  /** 0 is the leaf. */
  readonly certificate: number;
  readonly expected?: string | number;
  readonly actual?: string | number;
  /** OID of the extension concerned. */
  readonly extension?: string;
  readonly clause?: string;
  /** The certificates from the leaf up to where it failed. */
  readonly partial: readonly Certificate[];
  /** For a path that ends below no anchor: the issuer name that nothing listed carries, or that another key carries. */
  readonly anchorHint?: { readonly kind: 'same-name-other-key' | 'issuer-unknown' | 'issuer-not-anchored'; readonly source?: string; readonly name: Name };
}

export interface PathOutcome {
  /** Accepted path first; empty when none was valid. */
  readonly paths: readonly ValidPath[];
  readonly accepted: ValidPath | undefined;
  /** The nearest miss: the failure that got furthest by rank. Present when no path is valid, and when the budget ended the search before a path was accepted. */
  readonly failure: PathFailure | undefined;
  readonly spent: { readonly signatureChecks: number; readonly steps: number; readonly nameComparisons: number };
}
