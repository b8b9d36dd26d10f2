import type { ReasonCode, SubIndication, WarningCode } from './codes.js';

export type Conclusion = 'passed' | 'failed' | 'indeterminate';

/** Whose move is next. */
export type Responsible = 'bidder' | 'ca' | 'platform' | 'list-operator' | 'network';

export type Layer = 'message' | 'signature' | 'path' | 'trust' | 'revocation' | 'identity' | 'policy' | 'list';

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** One row of what was checked. `expected` and `actual` are short texts or numbers, never a personal identifier. */
export interface CheckRow {
  /** Stable id, dotted: `signature.messageDigest`, `path.validity`, `trust.scope`. */
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'indeterminate' | 'warning' | 'not-applicable';
  /** What it was checked on: `signer[0]`, `certificate[1]`, `crl`, `service urn:…`. */
  readonly subject: string;
  readonly expected?: string | number;
  readonly actual?: string | number;
  /** `RFC 5280 §4.2.1.9`. */
  readonly clause?: string;
}

export interface Reason {
  readonly code: ReasonCode;
  readonly layer: Layer;
  /** One sentence for a person, with the facts in it. */
  readonly message: Bilingual;
  readonly remedy: Bilingual;
  readonly responsible: Responsible;
  readonly expected?: string | number;
  readonly actual?: string | number;
  /** Which certificate, service or message part: as `CheckRow.subject`. */
  readonly subject?: string;
  /** How near it was: the listed service with the same subject but another key, the region where it is listed… */
  readonly nearestMiss?: NearestMiss;
}

export interface NearestMiss {
  readonly code:
    | 'SAME_SUBJECT_OTHER_KEY'
    | 'SERVICE_IN_OTHER_REGION'
    | 'SERVICE_IN_OTHER_TRANSACTION'
    | 'SERVICE_STATUS'
    | 'ISSUER_KNOWN_BUT_NOT_LISTED'
    | 'ISSUER_CERTIFICATE_MISSING'
    | 'SERVICE_UNSUPPORTED'
    | 'PATH_REJECTED';
  readonly serviceId?: string;
  readonly serviceName?: Bilingual;
  readonly detail?: string;
}

export interface CertificateSummary {
  /** RFC 4514 text with personal numbers masked. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
  readonly publicKey: string;
  /** By the name of the algorithm, or its OID when the caller's list lacks it. */
  readonly signatureAlgorithm: string;
  readonly deviations: readonly string[];
}

export interface TrustDecision {
  readonly serviceId: string;
  readonly serviceName: Bilingual;
  /** Status at the time of the signature. */
  readonly status: string;
  readonly statusSince: string;
  readonly region: string;
  readonly purpose: string;
  readonly transaction?: string;
}

/** Verified evidence of a revocation status, by which an archive finds it again. */
export interface RevocationSource {
  readonly kind: 'crl' | 'ocsp';
  /** A delta CRL; it counts together with the complete one after it. */
  readonly delta?: true;
  readonly url?: string;
  readonly thisUpdate: string;
  readonly nextUpdate?: string;
  /** Of the evidence as a whole, lower-case hex. */
  readonly sha256: string;
  /** CRL number, lower-case hex. Not for OCSP. */
  readonly number?: string;
  /**
   * Who signed, when not the certificate's issuer itself: a key the trust list states, a CA further up the path,
   * another certificate leading to the same anchor, a responder that the issuer delegated to.
   */
  readonly signedBy?: 'list' | 'path' | 'certificate' | 'delegated';
  /** SHA-256 of the certificates by which it was entitled to, its own first; lower-case hex. Those of `path` may be among them. */
  readonly certificates?: readonly string[];
}

export interface RevocationResult {
  /** Index into `path` of the certificate asked about. */
  readonly certificate: number;
  readonly status: 'good' | 'revoked' | 'frozen' | 'unknown' | 'not-checked';
  readonly code?: ReasonCode;
  readonly reason?: string;
  readonly revokedAt?: string;
  /** The evidence was past its nextUpdate and within the scene's grace. */
  readonly inGrace?: boolean;
  /** What decided. */
  readonly source?: RevocationSource;
  /** Everything the status rests on, the decisive one first, where it is more than one: what an archive has to keep. */
  readonly evidence?: readonly RevocationSource[];
}

export interface IdentityEvidence {
  readonly field: string;
  /** `ext 1.2.156.10260.4.1.4`, `dn O`. */
  readonly source: string;
  readonly decoder: string;
  /** Masked when personal. */
  readonly value: string;
}

export interface Identity {
  readonly profile?: string;
  readonly subjectType?: 'organization' | 'person' | 'device';
  readonly uscc?: string;
  readonly orgCode?: string;
  readonly licenceNo?: string;
  readonly taxNo?: string;
  readonly name?: string;
  /** Masked. */
  readonly personId?: string;
  readonly personName?: string;
  readonly serviceNo?: string;
  readonly opaqueId?: string;
  readonly evidence: readonly IdentityEvidence[];
  readonly conflicts: readonly { readonly field: string; readonly values: readonly { readonly value: string; readonly source: string }[] }[];
  readonly warnings: readonly WarningCode[];
}

export interface SignerReport {
  readonly conclusion: Conclusion;
  readonly subIndication?: SubIndication;
  readonly code: ReasonCode | 'OK';
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckRow[];
  /** GM message variant that matched (`za-content`, `attrs-za`…) or `cms`. */
  readonly messageVariant?: string;
  readonly digestAlgorithm?: string;
  readonly signatureAlgorithm?: string;
  /** signingTime attribute as claimed; proves nothing. */
  readonly claimedSigningTime?: string;
  /** Leaf first, anchor last. */
  readonly path: readonly CertificateSummary[];
  readonly trustDecision?: TrustDecision;
  readonly revocation: readonly RevocationResult[];
  readonly identity?: Identity;
  readonly warnings: readonly WarningCode[];
}

/**
 * The verdict on one signed message. JSON-serialisable with a stable key order, and replayable: the same
 * inputs give the same report.
 */
export interface Report {
  readonly type: 'hefu-report';
  readonly version: 1;
  readonly conclusion: Conclusion;
  readonly subIndication?: SubIndication;
  /** The first reason's code, or `OK`. */
  readonly code: ReasonCode | 'OK';
  readonly reasons: readonly Reason[];
  readonly scene: string;
  readonly region: string;
  readonly transaction?: string;
  readonly purpose: string;
  readonly times: {
    readonly validation: string;
    readonly bestSignature: string;
    /** Where the times came from: `caller`, `policy`… */
    readonly sources: { readonly validation: string; readonly bestSignature: string };
  };
  readonly trustList?: { readonly id: string; readonly sequence: number; readonly sha256: string };
  readonly policy: { readonly id: string; readonly sha256: string };
  readonly content: { readonly attached: boolean; readonly length?: number; readonly digests: Readonly<Record<string, string>> };
  /** One per SignerInfo; all must pass for the message to pass. */
  readonly signers: readonly SignerReport[];
  /** The first signer's identity, for the common case of one signer. */
  readonly identity?: Identity;
  /** Evidence that was wanted and could not be had, from the gatherer. */
  readonly gaps: readonly { readonly code: string; readonly what: string; readonly detail?: string }[];
  /** What did not spoil the verdict and should be known all the same. */
  readonly warnings: readonly WarningCode[];
}
