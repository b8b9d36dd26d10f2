/** Why bytes could not be read. Every parser entry throws only this class, in bounded time and memory. */
export type PkiErrorCode =
  | 'INPUT_TOO_LARGE' // over the limit named in `limits.ts`
  | 'EMPTY_INPUT'
  | 'TRUNCATED' // a length points past the end
  | 'DER_INVALID' // not the encoding rules the structure allows
  | 'TOO_DEEP'
  | 'TOO_MANY' // more elements than the limit
  | 'TRAILING_DATA'
  | 'STRUCTURE_INVALID' // well-formed TLVs, but not the structure asked for
  | 'WRONG_STRUCTURE' // recognisably something else: `detected` says what
  | 'PEM_INVALID' // no armour found, or its body is not base64
  | 'PEM_WRONG_LABEL' // armour of another type: `detected` is the label
  | 'PEM_ENCRYPTED' // needs a password, which this entry does not take
  | 'VERSION_UNSUPPORTED'
  | 'TIME_INVALID'
  | 'KEY_UNSUPPORTED'
  | 'KEY_INVALID'
  | 'CONTENT_TYPE_UNSUPPORTED'; // a CMS or GM/T 0010 content type other than the one asked for

export class PkiError extends Error {
  override readonly name = 'PkiError';
  readonly code: PkiErrorCode;
  /** Offset in the input at which it was noticed, when known. */
  readonly offset: number | undefined;
  /** What the input looks like instead, for WRONG_STRUCTURE and PEM_WRONG_LABEL: `certificate`, `crl`, `signed-data`, `certificate-request`, `private-key`, `html`, `zip`, `pdf`, `text`, a PEM label… */
  readonly detected: string | undefined;
  constructor(code: PkiErrorCode, message: string, options?: { cause?: unknown; offset?: number; detected?: string }) {
    super(message, options);
    this.code = code;
    this.offset = options?.offset;
    this.detected = options?.detected;
  }
}
