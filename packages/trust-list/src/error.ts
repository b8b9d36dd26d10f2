/** Why a document could not be read. `updateTrustList` never throws these: it answers with them. */
export type TrustListErrorCode =
  | 'TL_EMPTY_INPUT'
  | 'TL_TOO_LARGE'
  | 'TL_NOT_JSON' // not the JSON Hefu reads: `detected` says what it looks like instead
  | 'TL_DUPLICATE_MEMBER'
  | 'TL_UNSIGNED' // JSON, but not a JWS General JSON envelope with signatures
  | 'TL_SCHEMA_INVALID' // `problems` lists everything found
  | 'TL_TIME_INVALID'
  | 'TL_UNSUPPORTED_FEATURE'
  | 'TL_NO_SERVICES'
  | 'TL_KEY_LISTED_TWICE' // one key, by its thumbprint, in two entries
  | 'TL_WIDER_THAN_PARENT'; // hands on more than it has

export type ProblemCode = 'TL_SCHEMA_INVALID' | 'TL_TIME_INVALID' | 'TL_UNSUPPORTED_FEATURE' | 'TL_NO_SERVICES' | 'TL_KEY_LISTED_TWICE' | 'TL_WIDER_THAN_PARENT';

/** One thing wrong with a document. */
export interface Problem {
  /** `services[3].status[0].since`; empty for the document itself. */
  readonly path: string;
  readonly code: ProblemCode;
  readonly message: string;
}

/** Malformed input to a function that throws. */
export class TrustListError extends Error {
  override readonly name = 'TrustListError';
  readonly code: TrustListErrorCode;
  /** Every problem of the document, in order of appearance; empty when it could not be read far enough. */
  readonly problems: readonly Problem[];
  /** What the input looks like instead: `html`, `xml`, `pem`, `der`, `gzip`, `zip`, `truncated`, `byte-order-mark`, `not-utf8`, `fraction`… */
  readonly detected: string | undefined;

  constructor(code: TrustListErrorCode, message: string, options: { cause?: unknown; problems?: readonly Problem[]; detected?: string | undefined } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.problems = options.problems ?? [];
    this.detected = options.detected;
  }
}
