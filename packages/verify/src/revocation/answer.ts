import type { Certificate, RevocationReason } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { CollectedCrl, CollectedOcsp } from '../evidence.js';
import type { SignedBy } from './issuer.js';
import type { ResponderRole } from './responder.js';

/** A piece of evidence that an answer rests on, verified. */
export type Item = (
  | { readonly kind: 'crl'; readonly role: 'complete' | 'delta'; readonly collected: CollectedCrl; readonly by: SignedBy }
  | { readonly kind: 'ocsp'; readonly collected: CollectedOcsp; readonly by: ResponderRole; readonly thisUpdate: number; readonly nextUpdate: number | undefined }
) & {
  /** Those by which the signer is entitled to speak, its own first, where the path asked about does not hold them already. */
  readonly certificates: readonly Certificate[];
};

/** Why a signer other than the issuer is entitled to speak. */
export interface Credentials {
  /** By what the signer's own certificates are signed. */
  readonly signatureAlgorithms?: readonly string[];
  readonly certificates: readonly Certificate[];
  /** What its own standing rests on. */
  readonly standing: readonly Item[];
}

export const NO_CREDENTIALS: Credentials = { certificates: [], standing: [] };

/**
 * The newest "unknown" of a responder entitled to speak. It states no revocation, and another source may be heard (RFC 6960
 * §2.2); but of one responder it is newer than the "good" before it.
 */
export interface Doubt {
  readonly item: Item & { readonly kind: 'ocsp' };
  /** An answer "good" of the same responder, not newer, that no longer counts. */
  readonly takenBack?: Item;
  /** What the standing of the responder rests on. */
  readonly standing: readonly Item[];
}

/** What one source says about a certificate. */
export interface Answer {
  readonly status: 'good' | 'revoked' | 'frozen' | 'unknown';
  /** Why it is unknown. */
  readonly code?: ReasonCode;
  /** The decisive one first. */
  readonly items: readonly Item[];
  /** How new the decisive view is, epoch milliseconds. */
  readonly thisUpdate?: number;
  readonly reason?: RevocationReason;
  readonly revokedAt?: number;
  readonly inGrace?: boolean;
  /** Never beside `revoked` and `frozen`. */
  readonly doubt?: Doubt;
}
