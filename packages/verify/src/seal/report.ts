import type { ReasonCode, SubIndication, WarningCode } from '../codes.js';
import type { CertificateSummary, CheckRow, Conclusion, Identity, Reason, Report, RevocationResult, TrustDecision } from '../report.js';
import type { ReportFrame } from '../report-frame.js';

/** What a seal says of itself. Dates are ISO 8601. */
export interface SealSummary {
  /** 1: GM/T 0031-2014, 4: GB/T 38540-2020, 5: GM/T 0031-2025. */
  readonly version: number;
  readonly esId: string;
  /** Masked for a person's seal. */
  readonly name: string;
  /** `property.type`: 1 a unit's, 2 a person's. */
  readonly type: number;
  readonly vendor: string;
  readonly createDate: string;
  readonly validStart: string;
  readonly validEnd: string;
  /** Of the whole SESeal, lower-case hex. */
  readonly sha256: string;
  /** How many may use it, and how they are stated. */
  readonly people: { readonly kind: 'certs' | 'digests'; readonly count: number };
  readonly picture: { readonly type: string; readonly width: number; readonly height: number; readonly octets: number };
}

/** One of the two who sign: the seal maker, or whoever used the seal. */
export interface SealParty {
  readonly signatureAlgorithm?: string;
  /** Leaf first, anchor last. */
  readonly path: readonly CertificateSummary[];
  readonly trustDecision?: TrustDecision;
  readonly revocation: readonly RevocationResult[];
  /** Of a seal maker only where its entry in the list states a profile. */
  readonly identity?: Identity;
}

/** A time-stamp in a V5 seal or signature. */
export interface SealTimestamp {
  /** What it is over: the maker's signature value, or the signer's. */
  readonly of: 'seal' | 'signature';
  /** `not-checked`: nothing was given to check it with; it counts for nothing then. */
  readonly outcome: 'passed' | 'failed' | 'indeterminate' | 'not-checked';
  /** ISO 8601, only when passed. */
  readonly genTime?: string;
}

/** The verdict on a seal, or on a document stamped with one. JSON-serialisable with a stable key order, and replayable. */
export interface SealReport extends ReportFrame {
  readonly type: 'hefu-seal-report';
  readonly version: 1;
  readonly object: 'seal' | 'seal-signature';
  readonly conclusion: Conclusion;
  readonly subIndication?: SubIndication;
  readonly code: ReasonCode | 'OK';
  /** Those that decide first. `subject` begins with `maker` or `signer` where it is about one of them. */
  readonly reasons: readonly Reason[];
  readonly seal: SealSummary;
  /** Of a stamped signature. */
  readonly signature?: { readonly claimedSigningTime?: string; readonly propertyInfo: string; readonly digestAlgorithm?: string; readonly dataHash: string };
  readonly maker: SealParty;
  readonly signer?: SealParty;
  readonly timestamps: readonly SealTimestamp[];
  readonly checks: readonly CheckRow[];
  readonly gaps: Report['gaps'];
  readonly warnings: readonly WarningCode[];
}
