import type { ReasonCode, SubIndication, WarningCode } from '../codes.js';
import type { CheckRow, Conclusion, Reason, Report, TimestampReport } from '../report.js';
import type { ReportFrame } from '../report-frame.js';
import type { PdfChange } from './changes.js';

/** One signature in a PDF. */
export interface PdfSignatureReport {
  /** Fully qualified name of its field. */
  readonly field: string;
  readonly kind: 'approval' | 'certification' | 'document-timestamp';
  readonly subFilter?: string;
  readonly conclusion: Conclusion;
  readonly subIndication?: SubIndication;
  readonly code: ReasonCode | 'OK';
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckRow[];
  readonly byteRange?: readonly number[];
  /** Length of the revision it signs, and whether that is the whole file. */
  readonly revision?: { readonly length: number; readonly isWhole: boolean };
  /** DocMDP: what may happen afterwards. */
  readonly docMdp?: 1 | 2 | 3;
  /** What happened to the document afterwards. */
  readonly changes: readonly PdfChange[];
  /** As claimed; prove nothing. */
  readonly claimed: { readonly time?: string; readonly name?: string; readonly reason?: string; readonly location?: string };
  /** On the message in it; absent when it was not reached. */
  readonly message?: Report;
  /** Of a document time-stamp; one that has not passed counts for nothing. */
  readonly timestamp?: { readonly outcome: Conclusion; readonly genTime?: string; readonly report: TimestampReport };
}

/** The verdict on the signatures of a PDF: all must pass. JSON-serialisable with a stable key order, and replayable. */
export interface PdfReport extends ReportFrame {
  readonly type: 'hefu-pdf-report';
  readonly version: 1;
  readonly conclusion: Conclusion;
  readonly subIndication?: SubIndication;
  readonly code: ReasonCode | 'OK';
  /** `subject` begins with the field's name. */
  readonly reasons: readonly Reason[];
  /** Octets. */
  readonly length: number;
  /** In the order in which they were made. */
  readonly signatures: readonly PdfSignatureReport[];
  readonly gaps: Report['gaps'];
  readonly warnings: readonly WarningCode[];
  /** Which signatures, by their place in `signatures`, stand for which required signer. */
  readonly requiredSigners?: Report['requiredSigners'];
  /** What the security store holds (EN 319 142-1 §5.4.2). */
  readonly validationData: { readonly certificates: number; readonly crls: number; readonly ocspResponses: number };
}
