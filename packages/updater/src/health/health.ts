import type { Bilingual } from '@hefu/trust-list';

/** What may run out. */
export type ExpiringKind = 'root' | 'list' | 'freshness' | 'anchor' | 'list-key' | 'list-signer-certificate' | 'crl' | 'ocsp';

/** Something with an end. */
export interface Expiring {
  readonly what: ExpiringKind;
  /** Tells it from others of its kind: list id, service id and hash, URL. */
  readonly id: string;
  /** For people: a name. */
  readonly name?: string;
  /** Epoch milliseconds. `until` undefined: it could not be seen this time, and what was known of it holds. */
  readonly since?: number;
  readonly until?: number;
}

/** How one address did this time. */
export interface EndpointHealth {
  readonly kind: 'list' | 'crl' | 'ocsp' | 'tsa' | 'freshness' | 'root';
  readonly url: string;
  readonly service?: string;
  readonly ok: boolean;
  /** When not ok. */
  readonly detail?: string;
}

/** Everything observed in one round. */
export interface HealthFacts {
  readonly expiring: readonly Expiring[];
  readonly endpoints: readonly EndpointHealth[];
  /** Two documents under one number: ids with what is known. Stays raised until a person resets the state. */
  readonly equivocations: readonly { readonly id: string; readonly detail: string }[];
  /** Documents that ought to be signed anew at intervals. */
  readonly renewals: readonly { readonly id: string; readonly issued: number; readonly every: number }[];
}

export type AlertCode = 'EXPIRES' | 'EXPIRED' | 'ENDPOINT_DOWN' | 'EQUIVOCATION' | 'NOT_RENEWED';

export interface Alert {
  /** The same for what is raised and later resolved. */
  readonly id: string;
  readonly code: AlertCode;
  readonly state: 'raised' | 'resolved';
  readonly severity: 'warning' | 'critical';
  readonly subject: string;
  readonly message: Bilingual;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Milliseconds before the end, for `EXPIRES`; 0 for `EXPIRED`. */
  readonly threshold?: number;
  readonly until?: number;
  readonly detail?: string;
}

/** What was alerted to so far. JSON; bounded by what is watched. */
export interface HealthState {
  readonly version: 1;
  readonly expiring: Readonly<Record<string, { readonly until: number; readonly since?: number; readonly threshold?: number }>>;
  readonly endpoints: Readonly<Record<string, { readonly failures: number; readonly raised?: true }>>;
  readonly equivocations: Readonly<Record<string, true>>;
  readonly renewals: Readonly<Record<string, true>>;
}

export const NEW_HEALTH: HealthState = { version: 1, expiring: {}, endpoints: {}, equivocations: {}, renewals: {} };
