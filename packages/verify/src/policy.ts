/**
 * The verifier's policy as data: versioned, hashed into every report. A policy is strict JSON; `readPolicy`
 * is its only reader. What is not said here is decided by the trust list or refused.
 */

import type { Purpose } from '@hefu/trust-list';

export type Scene = 'login' | 'bid-signing' | 'opening' | 'archive';

/** Forms in which GM messages are really signed (field notes §2.2). `cms` is RFC 5652 with any algorithm. */
export type MessageVariant =
  | 'cms' // RFC 5652 §5.4, §5.6: attributes or content, combined or separate algorithm OIDs
  | 'za-content' // e = SM3(Z || content)
  | 'attrs-za' // messageDigest = SM3(content), e = SM3(Z || SET OF attributes)
  | 'attrs-za-md-za' // messageDigest = SM3(Z || content)
  | 'plain-content' // e = SM3(content): no Z, open to key substitution
  | 'contentinfo-der' // e = SM3(DER of the inner ContentInfo's header and content), no Z
  | 'digest-as-message'; // the message is the SM3 digest of the content, e = SM3(Z || digest)

export interface ScenePolicy {
  /** `hard`: unknown fails to indeterminate; `soft`: unknown is a note; `none`: not asked. */
  readonly revocation: 'hard' | 'soft' | 'none';
  /** Milliseconds after nextUpdate for which a CRL still counts, noted in the report. */
  readonly crlGrace: number;
  /** A CRL whose thisUpdate is older than this is not fresh, whatever it says; undefined: nextUpdate alone. */
  readonly crlMaxAge?: number;
  /** Milliseconds after nextUpdate for which an OCSP answer still counts, noted in the report. Absent: 0. */
  readonly ocspGrace?: number;
  /** An OCSP answer older than this is not fresh, whatever it says; without it, one that gives no nextUpdate counts for nothing. */
  readonly ocspMaxAge?: number;
  /**
   * Milliseconds for which what is stale still counts, noted as LIST_STALE; 0: not at all. In a scheme of lists it runs
   * from the expiry of the freshness document, and a list's own nextUpdate ends new decisions whatever is said here; a
   * list by itself, and what the archive judges again, has it from nextUpdate on (trust-list design, rule R8).
   */
  readonly listGrace: number;
  /** Overrides `listGrace` for these purposes. */
  readonly listGraceFor?: Readonly<Partial<Record<Purpose, number>>>;
  /** What it means that a list with jurisdiction over the region is missing. Absent: `refuse`, since its restrictions are unknown; `ignore` notes it. */
  readonly missingList?: 'refuse' | 'ignore';
  readonly messageVariants: readonly MessageVariant[];
  /**
   * What may place a signature in time: the caller's trusted time of receipt, time-stamps, and beside them evidence of the
   * time with its own proofs of existence (past signature validation). Absent: {@link DEFAULT_TIME_SOURCES}.
   */
  readonly timeSources?: readonly TimeSource[];
  /** Milliseconds after the claimed signing time within which the first time-stamp must lie. Absent: any time. */
  readonly timestampDelay?: number;
  /**
   * What revocation data that has run out still proves in past signature validation: that the certificate was good when issued
   * (`issuance`; EN 319 102-1 §5.6.2.2, and the default), or while it was valid (`validity`), which suits platforms whose own
   * archive chose the evidence: who is to be judged could choose an older one.
   */
  readonly staleRevocation?: 'issuance' | 'validity';
}

export type TimeSource = 'receipt' | 'time-stamp' | 'evidence';

/** A login is now; a bid is placed by the platform's receipt or a time-stamp; an archive by all the evidence there is. */
export const DEFAULT_TIME_SOURCES: Readonly<Record<Scene, readonly TimeSource[]>> = {
  login: ['receipt'],
  'bid-signing': ['receipt', 'time-stamp'],
  opening: ['receipt', 'time-stamp'],
  archive: ['receipt', 'time-stamp', 'evidence'],
};

export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly scenes: Readonly<Record<Scene, ScenePolicy>>;
  readonly algorithms: {
    /** Names of digests and signature algorithms that may carry a verdict. */
    readonly signatures: readonly string[];
    readonly digests: readonly string[];
    readonly minRsaBits: number;
    /** Algorithm name to the instant from which it is refused. */
    readonly sunset?: Readonly<Record<string, number>>;
  };
  /** Clock skew granted to thisUpdate, notBefore of fresh certificates and the like, milliseconds. */
  readonly clockSkew: number;
  /** KeyUsage bits of which a signer's certificate must have at least one. */
  readonly signerKeyUsage: readonly ('digitalSignature' | 'nonRepudiation')[];
  /** What a certificate without keyUsage means for signing. */
  readonly keyUsageAbsent: 'refuse' | 'accept';
  /**
   * An extendedKeyUsage in the signer's certificate must name one of these OIDs; one that is absent, as in nearly all
   * regional certificates, restricts nothing (RFC 5280 §4.2.1.12).
   */
  readonly signerExtendedKeyUsage: readonly string[];
  /** Reject certificates of the path carrying one of these deviation ids. */
  readonly refusedDeviations: readonly string[];
  /** Whether the trust anchor's own validity dates are enforced. */
  readonly enforceAnchorValidity: boolean;
  /** Show personal numbers and names in full; default false masks them. */
  readonly revealPersonalData: boolean;
  /**
   * What a time-stamping certificate means that states no purpose, or not critically (RFC 3161 §2.3). Absent: `refuse`, but for
   * services whose entry names `eku-absent` or `eku-not-critical` among its message variants.
   */
  readonly timestampPurposeAbsent?: 'refuse' | 'accept';
}
