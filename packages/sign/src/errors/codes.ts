/** Making and extending messages. */
export type MessageErrorCode =
  | 'CERTIFICATE_NOT_FOR_SIGNING' // its keyUsage does not sign: an encryption certificate, a CA's
  | 'KEY_UNSUPPORTED' // no algorithm of the list signs with this kind of key
  | 'VARIANT_UNSUPPORTED' // a message form this room reads but never writes, or one that does not fit the key
  | 'CONTENT_IS_CHALLENGE' // a login challenge, or what begins like one, where a document is signed; or the other way round
  | 'CONTENT_IS_ATTRIBUTES' // a set of signed attributes where the content itself is signed: the value would be one over any document they name
  | 'CONTENT_DIGEST_INVALID' // a digest of the wrong length, or given where content itself is signed
  | 'SIGNATURE_MALFORMED' // the signer returned neither form of a signature value
  | 'SIGNATURE_NOT_VERIFIED' // the value does not verify with the certificate's key: nothing is released
  | 'TIMESTAMP_FAILED' // no token was had: the timestamper threw (`cause`), or gave octets that are none
  | 'TIMESTAMP_MISMATCH' // a token over something else than what was to be stamped, or from before it was signed
  | 'CONTENT_MISMATCH' // the content given is not the one that is signed in the message
  | 'SIGNER_ALREADY_THERE' // this certificate or key has signed the message before
  | 'EVIDENCE_UNUSABLE' // an OCSP response without an answer, or values for an attribute that stands once and is there
  | 'JWS_MALFORMED' // not a JWS of this kind
  | 'PDF_UNSUITABLE' // not a PDF that can be signed: malformed, encrypted, no such page or field (`cause` may say)
  | 'PDF_LOCKED' // an earlier signature does not allow the change
  | 'PDF_PLACEHOLDER_TOO_SMALL' // the message is longer than the room left for it
  | 'SIGNER_FAILED'; // the signer threw; `cause` says how

/** The user and what he was asked. */
export type UserErrorCode =
  | 'USER_CANCELLED' // here
  | 'USER_REFUSED' // on his device
  | 'USER_TIMEOUT' // he did not answer in time: not the network
  | 'WRONG_VERIFICATION_CODE'
  | 'PIN_INCORRECT' | 'PIN_LOCKED' | 'OTP_INCORRECT' | 'OTP_EXPIRED' | 'OTP_THROTTLED'
  | 'POPUP_BLOCKED' | 'POPUP_CLOSED' | 'RETURNED_IN_OTHER_BROWSER'
  | 'DEVICE_ABSENT'; // phone off, token pulled

/** The credential. */
export type CredentialErrorCode =
  | 'NO_USABLE_CREDENTIAL'
  | 'CREDENTIAL_LOCKED' | 'CREDENTIAL_DISABLED'
  | 'CERT_EXPIRED' // now, or by the deadline
  | 'CERT_NOT_YET_VALID' | 'CERT_REVOKED' | 'CERT_NOT_TRUSTED'
  | 'CERT_SWAPPED' // another leaf came back than the one that was pinned
  | 'CERT_UNKNOWN' // not known before signing
  | 'FORM_REFUSED' // the CA's entry in the list does not accept the form asked for, and accepts another that can be made
  | 'NO_COMMON_FORM' // no form is both accepted and made
  | 'ORGANISATION_MISMATCH'
  | 'KEY_MISMATCH'; // a probe: key and certificate do not belong together

/** Authorisations and tokens. */
export type AuthorisationErrorCode =
  | 'AUTH_EXPIRED' | 'SAD_EXPIRED' | 'SAD_REPLAYED' | 'TOKEN_EXPIRED'
  | 'HASH_NOT_AUTHORISED' | 'BATCH_TOO_LARGE' | 'STATE_MISMATCH'
  | 'CALLBACK_FORGED' | 'CALLBACK_DUPLICATE'
  | 'ACTION_PENDING'; // an authorisation for this is live already

/** What came back. */
export type ResultErrorCode =
  | 'SIGNATURE_INVALID' | 'SIGNATURE_FOR_OTHER_HASH' | 'SIGNATURE_ORDER' | 'SIGNATURE_COUNT' | 'SIGNATURE_DUPLICATE' | 'SIGNATURE_ENCODING'
  | 'PREHASH_MISMATCH' | 'ALGORITHM_DOWNGRADED' | 'DIGEST_DOWNGRADED' | 'ALGORITHM_UNSUPPORTED'
  | 'COSIGN_ABORT' // terminal: the key is not to be used again before re-enrolment
  | 'VERDICT_NOT_PASSED' // assembled, and the judge does not accept it
  | 'FILE_CHANGED';

/** Time, network, provider, integration. */
export type TransportErrorCode =
  | 'CLOCK_SKEW' | 'DEADLINE_TOO_CLOSE' | 'DEADLINE_PASSED'
  | 'NETWORK' | 'RATE_LIMITED' | 'PROVIDER_UNAVAILABLE' | 'PROVIDER_PROTOCOL' | 'PROVIDER_REFUSED'
  | 'OUTCOME_UNKNOWN' // it may have signed: never repeated blindly
  | 'ADAPTER_MISCONFIGURED' | 'SNAPSHOT_INVALID' | 'INSECURE_CONTEXT' | 'CORS_BLOCKED' | 'ABORTED';

/** Why a signature was not made. Each has a row in `SIGN_ERRORS`. */
export type SignErrorCode = MessageErrorCode | UserErrorCode | CredentialErrorCode | AuthorisationErrorCode | ResultErrorCode | TransportErrorCode;
