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
}
