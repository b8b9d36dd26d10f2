import type { Report } from './report.js';

/** Why the verify room threw. A negative verdict is never among these unless it was asked for with `assertPassed`. */
export type VerifyErrorCode =
  | 'POLICY_INVALID' // `problems` lists everything found
  | 'CONTEXT_INVALID'
  | 'PDF_MALFORMED' // not a PDF, or one that readers could understand differently
  | 'PDF_UNSUPPORTED' // encrypted, or with filters that are not read here
  | 'PDF_LIMIT' // a bound of `PdfLimits`
  | 'JWS_MALFORMED'
  | 'NOT_PASSED'; // `report` is the report

/** The one error class of this package. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
  readonly code: VerifyErrorCode;
  /** Everything wrong with a policy, as `path: what`, in order of appearance; empty otherwise. */
  readonly problems: readonly string[];
  /** The report that did not pass, for NOT_PASSED. */
  readonly report: Report | undefined;

  constructor(code: VerifyErrorCode, message: string, options: { cause?: unknown; problems?: readonly string[]; report?: Report } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.problems = options.problems ?? [];
    this.report = options.report;
  }
}
