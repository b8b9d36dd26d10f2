/** Why the crypto room threw. A signature that does not verify is never one of these. */
export type CryptoErrorCode =
  | 'KEY_UNSUPPORTED' // the key is not of a kind or size this algorithm accepts
  | 'KEY_INVALID' // the key is malformed: point not on the curve, modulus even, wrong length
  | 'PARAMETERS_INVALID' // IV, tag, salt, identifier of a wrong length
  | 'PROVIDER_FAILED' // the platform refused what it should have done
  | 'DECRYPTION_FAILED' // one code for every reason, so that it is no oracle
  | 'ALGORITHM_UNSUPPORTED';

export class CryptoError extends Error {
  override readonly name = 'CryptoError';
  readonly code: CryptoErrorCode;
  constructor(code: CryptoErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
