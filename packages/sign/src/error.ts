/** Why a signature was not made. */
export type SignErrorCode =
  | 'CERTIFICATE_NOT_FOR_SIGNING' // its keyUsage does not sign: an encryption certificate, a CA's
  | 'KEY_UNSUPPORTED' // no algorithm of the list signs with this kind of key
  | 'VARIANT_UNSUPPORTED' // a message form this room reads but never writes, or one that does not fit the key
  | 'CONTENT_DIGEST_INVALID' // a digest of the wrong length, or given where content itself is signed
  | 'SIGNATURE_MALFORMED' // the signer returned neither form of a signature value
  | 'SIGNATURE_NOT_VERIFIED' // the value does not verify with the certificate's key: nothing is released
  | 'TIMESTAMP_FAILED' // no token was had: the timestamper threw (`cause`), or gave octets that are none
  | 'TIMESTAMP_MISMATCH' // a token over something else than what was to be stamped
  | 'CONTENT_MISMATCH' // the content given is not the one that is signed in the message
  | 'SIGNER_ALREADY_THERE' // this certificate or key has signed the message before
  | 'EVIDENCE_UNUSABLE' // an OCSP response without an answer, or values for an attribute that stands once and is there
  | 'JWS_MALFORMED' // not a JWS of this kind
  | 'PDF_UNSUITABLE' // not a PDF that can be signed: malformed, encrypted, no such page or field (`cause` may say)
  | 'PDF_LOCKED' // an earlier signature does not allow the change
  | 'PDF_PLACEHOLDER_TOO_SMALL' // the message is longer than the room left for it
  | 'SIGNER_FAILED'; // the signer threw; `cause` says how

export class SignError extends Error {
  override readonly name = 'SignError';
  readonly code: SignErrorCode;
  constructor(code: SignErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
