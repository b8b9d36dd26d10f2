import type { TimestampReport } from '../report.js';
import type { CoveredOctets } from '../time/covered.js';
import type { ValidTimestamp } from './best-signature-time.js';

/** A time-stamp over the document that a message is in, with all of it up to then (EN 319 142-1 §5.4.3). */
export interface DocumentTimestamp {
  readonly report: TimestampReport;
  /** How proofs name it. */
  readonly by: string;
  /** Undefined: it does not hold, and counts for nothing. */
  readonly valid?: ValidTimestamp;
  /** What it covers beside the message. */
  readonly covers: readonly CoveredOctets[];
}

/** What is in the document around a message: of a PDF, its security store and its time-stamps. */
export interface Surroundings {
  /** Only those that cover the message. */
  readonly timestamps: readonly DocumentTimestamp[];
  /** Certificates beside the message, DER. */
  readonly certificates: readonly Uint8Array[];
  /** CRLs and OCSP responses beside the message, DER. */
  readonly revocation: readonly Uint8Array[];
}
