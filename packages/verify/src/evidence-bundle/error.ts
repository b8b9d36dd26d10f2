/** Why a bundle of evidence cannot be used. What its evidence says is a report, never one of these. */
export type EvidenceErrorCode =
  | 'EVIDENCE_DOCUMENT_INVALID' // a manifest, index or seal that is not of its form: `problems`
  | 'EVIDENCE_OBJECT_MISSING' // `file` is named and not there
  | 'EVIDENCE_OBJECT_ALTERED' // `file` is there and is not what its name says
  | 'EVIDENCE_CONTENT_WANTED' // the signed file was not kept, and is needed
  | 'EVIDENCE_CONTENT_DIFFERS' // the signed file brought along is another one
  | 'EVIDENCE_TRUST_REFUSED' // the kept list is not signed by whom the caller trusts
  | 'EVIDENCE_NOT_REPRODUCIBLE' // the verdict does not come out again from what would be kept
  | 'EVIDENCE_SEAL_REFUSED'; // a time-stamp could not be had, or is of something else

/** The one error class of evidence bundles. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  readonly code: EvidenceErrorCode;
  /** The file of the bundle meant. */
  readonly file: string | undefined;
  readonly problems: readonly string[];

  constructor(code: EvidenceErrorCode, message: string, options: { cause?: unknown; file?: string; problems?: readonly string[] } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.file = options.file;
    this.problems = options.problems ?? [];
  }
}
