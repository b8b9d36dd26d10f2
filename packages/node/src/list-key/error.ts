/** Why a private key that signs lists could not be used. Nothing in it is secret. */
export type ListKeyErrorCode =
  | 'KEY_FILE_INVALID' // neither an encrypted JWK, nor a JWK, nor PKCS #8 or PFX, of one key that signs lists
  | 'KEY_URI_INVALID' // not a PKCS #11 URI that names a key, or one with a PIN in it
  | 'KEY_PASSPHRASE_NEEDED'
  | 'KEY_PASSPHRASE_WRONG' // or the file is damaged: one cannot be told from the other
  | 'KEY_PASSPHRASE_WEAK';

export class ListKeyError extends Error {
  override readonly name = 'ListKeyError';
  readonly code: ListKeyErrorCode;
  constructor(code: ListKeyErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
