import type { JsonValue } from '../json.js';
import type { ScopeDocument } from '../list-document.js';
import type { Bilingual } from '../refusal.js';

/**
 * What a change does to whom is trusted. `dangerous`: trust changes in a way that wants eyes: retroactively, by
 * fewer people, on weaker evidence, or by a member this version does not understand.
 */
export type ChangeSeverity = 'widens' | 'narrows' | 'neutral' | 'dangerous';

export type ChangeCode =
  | 'DOCUMENT_REPLACED' | 'DATES_CHANGED' | 'NUMBER_CHANGED' | 'OPERATOR_CHANGED' | 'TERRITORY_CHANGED' | 'CRIT_CHANGED' | 'MEMBER_CHANGED'
  | 'SERVICE_ADDED' | 'SERVICE_REMOVED' | 'SERVICE_DROPPED' | 'SERVICE_DESCRIBED' | 'SERVICE_KIND_CHANGED'
  | 'STATUS_ADDED' | 'HISTORY_REWRITTEN' | 'SCOPE_GAINED' | 'SCOPE_LOST' | 'SCOPE_CHANGED'
  | 'ANCHOR_ADDED' | 'ANCHOR_REMOVED' | 'INTERMEDIATE_ADDED' | 'INTERMEDIATE_REMOVED' | 'CONSTRAINT_CHANGED'
  | 'ENDPOINT_ADDED' | 'ENDPOINT_REMOVED' | 'ENDPOINT_CHANGED' | 'REVOCATION_MODE_CHANGED'
  | 'CERT_KINDS_CHANGED' | 'IDENTITY_CHANGED' | 'MESSAGE_VARIANTS_CHANGED' | 'TOMBSTONE_CHANGED'
  | 'PROFILE_ADDED' | 'PROFILE_REMOVED' | 'PROFILE_CHANGED'
  | 'DELEGATION_ADDED' | 'DELEGATION_REMOVED' | 'DELEGATION_CHANGED'
  | 'PEER_ADDED' | 'PEER_REMOVED' | 'PEER_CHANGED'
  | 'KEY_ADDED' | 'KEY_REMOVED' | 'KEY_CHANGED' | 'ROLE_KEY_ADDED' | 'ROLE_KEY_REMOVED' | 'QUORUM_CHANGED' | 'LIMIT_CHANGED' | 'DISTRIBUTION_CHANGED';

/** Who gains or loses trust, where, and when. */
export interface TrustChange {
  readonly direction: 'gains' | 'loses';
  readonly serviceId: string;
  /** For what; its `from` and `until` bound the change. */
  readonly scope: ScopeDocument;
  /** From when signatures are judged otherwise; absent: for all time. */
  readonly from?: string;
}

export interface Change {
  readonly code: ChangeCode;
  readonly severity: ChangeSeverity;
  readonly subject: { readonly kind: 'document' | 'service' | 'profile' | 'delegation' | 'peer' | 'key' | 'role'; readonly id: string; readonly name?: string };
  /** Member of the subject: `status`, `constraints.pathLen`. */
  readonly member: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  readonly trust?: readonly TrustChange[];
  readonly sentence: Bilingual;
}

/** What approvers look at: derived from the two documents and nothing else. */
export interface DocumentDiff {
  readonly type: 'list' | 'root';
  readonly id: string;
  /** Sequence or version; undefined for the first document. */
  readonly from: number | undefined;
  readonly to: number;
  readonly changes: readonly Change[];
  readonly counts: Readonly<Record<ChangeSeverity, number>>;
}
