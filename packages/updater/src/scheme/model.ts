import type { Algorithms } from '@hefu/crypto';
import type { Fingerprint, Refusal, TrustListLimits, TrustSnapshot, UpdateNote } from '@hefu/trust-list';
import type { UpdaterError } from '../error.js';
import type { TrustListRefusal } from '../trust-list-keeper.js';

/** What a scheme is followed from: the same for every load and every refresh. */
export interface SchemeTrust {
  /** The root first trusted: its file, or the fingerprint that a person compared out of band. */
  readonly root: Uint8Array | Fingerprint;
  readonly algorithms: Algorithms;
  /** Names this scheme in the store when several are followed. Default `current`. */
  readonly slot?: string;
  readonly trustListLimits?: Partial<TrustListLimits>;
}

/** Why a document was not taken, or not to be had. */
export interface SchemeRefusal extends TrustListRefusal {
  /** `root 2`, `freshness`, `list 42/57`, `bundle`; of a peer, its scheme before it. */
  readonly document: string;
  /** Of a list. */
  readonly listId?: string;
  /** The trust-list room's own, with remedy and who must act, when it was a document. */
  readonly refusal?: Refusal;
}

export interface SchemeRefresh {
  /** `unchanged`: the snapshot is the one in use before. `failed`: there is nothing newer to use; what was in use stays. */
  readonly outcome: 'updated' | 'unchanged' | 'failed';
  /** Undefined only when there never was one. */
  readonly snapshot: TrustSnapshot | undefined;
  /** Why it failed. */
  readonly failure?: SchemeRefusal;
  readonly notes: readonly UpdateNote[];
  /** Everything that was refused or not to be had on the way, also where a mirror then did. */
  readonly refusals: readonly SchemeRefusal[];
  /** What could not be stored, and is in use all the same: a full disk must not keep a suspended CA in trust. */
  readonly storeError?: UpdaterError;
}
