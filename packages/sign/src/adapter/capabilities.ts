import type { AlgorithmChoice, ToSign } from './algorithm-choice.js';
import type { FactorKind } from './auth-plan.js';

/**
 * What a provider can do, asked of it or known of it. JSON, cacheable; what is declared must work, and what is not
 * declared is not used. `describeAdapterConformance` holds an adapter to it.
 */
export interface Capabilities {
  /** Forms of input it takes, best first. */
  readonly accepts: readonly ToSign['kind'][];
  /** Octets of a `tbs` at most; for SM2 with `provider-z` and the form `za-content` that is the whole content. Absent: no limit known. */
  readonly maxTbsBytes?: number;
  readonly algorithms: readonly AlgorithmChoice[];
  /** How SM2 is hashed. `provider-z`: the provider computes e itself from `tbs`, with `id`; a `probe` proves it. */
  readonly sm2?: { readonly preHash: 'caller-e' } | { readonly preHash: 'provider-z'; readonly id: 'default' };
  readonly batch: {
    /** Signatures that one authorisation (one confirmation by the user) covers; 1 where each needs its own. */
    readonly maxPerAuthorisation: number;
    /** Values per request to the provider. */
    readonly maxPerCall: number;
    /** The authorisation names the hashes it is for (CSC SCAL2): a batch cannot grow after it was authorised. */
    readonly hashBound: boolean;
    /** An authorisation can be prolonged call by call (CSC extendTransaction). */
    readonly extend: boolean;
  };
  /** Kinds of factors its credentials may ask for. */
  readonly authorisation: readonly FactorKind[];
  /** `remote`: cancelling reaches the provider; `local-only`: the provider may go on alone. */
  readonly cancel: 'remote' | 'local-only';
  /** What a second, equal request does at the provider. `none`: signs twice. */
  readonly idempotency: { readonly kind: 'none' | 'client-key' } | { readonly kind: 'time-window'; readonly windowMs: number };
  /** Whether `AdapterSession.reconcile` can find out what became of a request whose answer was lost. */
  readonly reconcile: 'poll' | 'none';
  /** Whether a session survives its process (`SigningAdapter.resume`). */
  readonly resumable: boolean;
  /** False: the certificate comes with the signature (linked flows), `Credential.chain` is empty; such credentials are refused by the session until they are known. */
  readonly certificateKnownBeforeSigning: boolean;
  readonly limits: {
    /** How long a user has to confirm, milliseconds. */
    readonly sessionTtlMs?: number;
    /** Characters shown on the provider's device. */
    readonly labelMaxChars?: number;
    readonly requestsPerSecond?: number;
  };
  /** Labels of items are passed on to the provider. Default false: labels may name a project or a price. */
  readonly showsLabels?: boolean;
}
