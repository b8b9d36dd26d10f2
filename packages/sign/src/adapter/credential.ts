import type { AlgorithmChoice } from './algorithm-choice.js';
import type { AuthPlan } from './auth-plan.js';
import type { JsonObject } from './json.js';

/** A key that somebody else holds, with its certificate. */
export interface Credential {
  /** The provider's name for it: opaque, stable, no secret. */
  readonly ref: string;
  /** DER, leaf first. Empty only where the provider shows the certificate with the signature. An adapter puts them in order; core checks that the leaf is first. */
  readonly chain: readonly Uint8Array[];
  readonly keyStatus: 'enabled' | 'disabled' | 'locked' | 'unknown';
  readonly algorithms: readonly AlgorithmChoice[];
  readonly auth: AuthPlan;
  /** As `Capabilities.batch.maxPerAuthorisation`, for this credential. */
  readonly maxPerAuthorisation: number;
  /** As `Capabilities.batch.hashBound`, for this credential. */
  readonly hashBound: boolean;
  /** For the user. */
  readonly label?: string;
  /** What the adapter wants to see again in `begin`. No secret. */
  readonly providerData?: JsonObject;
}

export interface CredentialQuery {
  /** Of the user at the provider, where the caller knows it. */
  readonly userId?: string;
  /** Credentials answered at most. */
  readonly limit: number;
}
