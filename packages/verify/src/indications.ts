import type { ReasonCode, SubIndication } from './codes.js';
import type { FailedSubIndication, Indication } from './remedies/row.js';
import type { Layer, Responsible } from './report.js';

/** What holds in place of a row's own sub-indication, or of who is responsible, where the facts say so; each as of `Remedy`. */
interface Otherwise {
  readonly proven?: SubIndication;
  readonly noPoe?: SubIndication;
  readonly notRevoked?: SubIndication;
  readonly settled?: SubIndication;
  readonly ofCa?: Responsible;
}

type Row = readonly [layer: Layer, subIndication: SubIndication, responsible: Responsible, otherwise?: Otherwise];

/**
 * What each reason means to a program: which layer says it, whether it fails the signature or leaves it open (EN 319 102-1
 * §5.1.3; trust-list design §5.8), whose step is next. The words for it are in `remedies`, which a page loads when there is something to say.
 */
export const INDICATIONS: Readonly<Record<ReasonCode, Row>> = {
  // Message: EN 319 102-1 §5.2.2 (format checking), §5.2.3 (signing certificate), §5.2.7 (signed data).
  MESSAGE_MALFORMED: ['message', 'FORMAT_FAILURE', 'bidder'],
  MESSAGE_NOT_SIGNED_DATA: ['message', 'FORMAT_FAILURE', 'bidder'],
  NO_SIGNERS: ['message', 'FORMAT_FAILURE', 'bidder'],
  CONTENT_MISSING: ['message', 'SIGNED_DATA_NOT_FOUND', 'platform'],
  CONTENT_AMBIGUOUS: ['message', 'SIGNED_DATA_NOT_FOUND', 'platform'],
  CONTENT_TYPE_MISMATCH: ['message', 'FORMAT_FAILURE', 'bidder'],
  MESSAGE_VARIANT_REFUSED: ['message', 'SIG_CONSTRAINTS_FAILURE', 'list-operator'],
  SIGNER_CERTIFICATE_MISSING: ['message', 'NO_SIGNING_CERTIFICATE_FOUND', 'bidder'],
  SIGNER_CERTIFICATE_UNREADABLE: ['message', 'NO_SIGNING_CERTIFICATE_FOUND', 'ca'],
  DUPLICATE_SIGNER: ['message', 'FORMAT_FAILURE', 'bidder'],
  SIGNED_ATTRIBUTES_INVALID: ['message', 'FORMAT_FAILURE', 'bidder'],
  MESSAGE_DIGEST_MISSING: ['message', 'FORMAT_FAILURE', 'bidder'],
  REQUIRED_SIGNER_MISSING: ['message', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],

  // Login challenges (field notes §10, trap 9): what is signed for one thing counts for nothing else.
  CHALLENGE_MALFORMED: ['message', 'FORMAT_FAILURE', 'platform'],
  CHALLENGE_AS_DOCUMENT: ['message', 'FORMAT_FAILURE', 'bidder'],
  CHALLENGE_ORIGIN_MISMATCH: ['message', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],
  CHALLENGE_PURPOSE_MISMATCH: ['message', 'SIG_CONSTRAINTS_FAILURE', 'platform'],
  CHALLENGE_ENTITY_MISMATCH: ['message', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],
  CHALLENGE_EXPIRED: ['message', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],
  CHALLENGE_NOT_YET_VALID: ['message', 'SIG_CONSTRAINTS_FAILURE', 'platform'],
  CHALLENGE_USED: ['message', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],

  // Signature: EN 319 102-1 §5.2.7 (cryptographic verification: HASH_FAILURE, SIG_CRYPTO_FAILURE) and §5.2.8 (algorithm constraints).
  CONTENT_TAMPERED: ['signature', 'HASH_FAILURE', 'bidder'],
  SIGNATURE_INVALID: ['signature', 'SIG_CRYPTO_FAILURE', 'bidder'],
  SIGNATURE_VALUE_MALFORMED: ['signature', 'SIG_CRYPTO_FAILURE', 'bidder'],
  // Not verified is not the same as false: what is unknown here may be known elsewhere (§5.2.8).
  ALGORITHM_UNKNOWN: ['signature', 'CRYPTO_CONSTRAINTS_FAILURE', 'bidder'],
  ALGORITHM_REFUSED: ['signature', 'CRYPTO_CONSTRAINTS_FAILURE', 'bidder', { noPoe: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE' }],
  ALGORITHM_MISMATCH: ['signature', 'SIG_CRYPTO_FAILURE', 'bidder'],
  KEY_TOO_WEAK: ['signature', 'CRYPTO_CONSTRAINTS_FAILURE', 'bidder'],
  KEY_INVALID: ['signature', 'SIG_CRYPTO_FAILURE', 'ca'],

  // Path: EN 319 102-1 §5.2.6 (X.509 certificate validation) over RFC 5280 §6.1: nothing here disproves the signature.
  PATH_NOT_FOUND: ['path', 'NO_CERTIFICATE_CHAIN_FOUND', 'bidder'],
  ISSUER_NOT_LISTED: ['path', 'NO_CERTIFICATE_CHAIN_FOUND', 'bidder'],
  PATH_BUDGET_EXCEEDED: ['path', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'bidder'],
  CERTIFICATE_SIGNATURE_INVALID: ['path', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'ca'],
  // Without proof that the signature is younger than the certificate's end, it may have been made in time (§5.2.6.4, §5.5.4).
  CERTIFICATE_EXPIRED: ['path', 'OUT_OF_BOUNDS_NO_POE', 'bidder', { proven: 'EXPIRED', notRevoked: 'OUT_OF_BOUNDS_NOT_REVOKED', ofCa: 'ca' }],
  // The signature existed at a time before the certificate did (§5.5.4: best-signature-time before notBefore).
  CERTIFICATE_NOT_YET_VALID: ['path', 'NOT_YET_VALID', 'bidder', { ofCa: 'ca' }],
  VALIDITY_INVERTED: ['path', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'ca'],
  ISSUER_NOT_CA: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'ca'],
  PATH_LENGTH_EXCEEDED: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'ca'],
  KEY_CERT_SIGN_MISSING: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'ca'],
  UNKNOWN_CRITICAL_EXTENSION: ['path', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'ca'],
  DUPLICATE_EXTENSION: ['path', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'ca'],
  CERTIFICATE_MALFORMED: ['path', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'ca'],
  CERTIFICATE_VERSION: ['path', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'ca'],
  NAME_CONSTRAINTS_VIOLATED: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'ca'],
  POLICY_CONSTRAINTS_VIOLATED: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'ca'],

  // Usage: what the signer's certificate is for: RFC 5280 §4.2.1.3, §4.2.1.12; constraints on the chain in EN 319 102-1 §5.2.6.
  KEY_USAGE_NOT_SIGNING: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],
  KEY_USAGE_ABSENT: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'ca'],
  ENCRYPTION_CERT_USED_TO_SIGN: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],
  EXTENDED_KEY_USAGE_MISMATCH: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],
  CERTIFICATE_DEVIATION_REFUSED: ['path', 'CHAIN_CONSTRAINTS_FAILURE', 'ca'],

  // Trust, by the mapping of trust-list design §5.8: out of scope or constraints CHAIN_CONSTRAINTS_FAILURE, suspended TRY_LATER,
  // withdrawn without proof of an earlier time NO_CERTIFICATE_CHAIN_FOUND_NO_POE. None of it disproves the signature, so none fails it.
  SAME_NAME_OTHER_KEY: ['trust', 'NO_CERTIFICATE_CHAIN_FOUND', 'list-operator'],
  REGION_NOT_IN_SCOPE: ['trust', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],
  TRANSACTION_NOT_IN_SCOPE: ['trust', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],
  PURPOSE_NOT_IN_SCOPE: ['trust', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],
  ROLE_NOT_IN_SCOPE: ['trust', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],
  SCOPE_NOT_IN_FORCE: ['trust', 'CHAIN_CONSTRAINTS_FAILURE', 'list-operator'],
  CA_SUSPENDED: ['trust', 'TRY_LATER', 'ca', { settled: 'NO_CERTIFICATE_CHAIN_FOUND' }],
  CA_CEASED: ['trust', 'NO_CERTIFICATE_CHAIN_FOUND', 'bidder'],
  CA_WITHDRAWN: ['trust', 'NO_CERTIFICATE_CHAIN_FOUND_NO_POE', 'bidder', { settled: 'NO_CERTIFICATE_CHAIN_FOUND' }],
  CA_DISTRUSTED: ['trust', 'NO_CERTIFICATE_CHAIN_FOUND_NO_POE', 'bidder', { settled: 'NO_CERTIFICATE_CHAIN_FOUND' }],
  SERVICE_NOT_DELEGATED: ['trust', 'CHAIN_CONSTRAINTS_FAILURE', 'list-operator'],
  PEER_NOT_ACCEPTED: ['trust', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],
  PEER_NOT_IN_FORCE: ['trust', 'CHAIN_CONSTRAINTS_FAILURE', 'list-operator'],
  PEER_STALE: ['trust', 'TRY_LATER', 'platform'],
  CA_NOT_YET_GRANTED: ['trust', 'NO_CERTIFICATE_CHAIN_FOUND', 'bidder'],
  SERVICE_UNSUPPORTED: ['trust', 'NO_CERTIFICATE_CHAIN_FOUND', 'platform'],
  SERVICE_CONSTRAINTS_VIOLATED: ['trust', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],

  // Revocation: EN 319 102-1 §5.2.6 and §5.5: revoked without proof that the signature is younger stays open (REVOKED_NO_POE), with
  // it fails (REVOKED); on hold and whatever keeps the status unknown is TRY_LATER.
  CERTIFICATE_REVOKED: ['revocation', 'REVOKED_NO_POE', 'bidder', { proven: 'REVOKED' }],
  CERTIFICATE_FROZEN: ['revocation', 'TRY_LATER', 'bidder', { ofCa: 'ca' }],
  CA_CERTIFICATE_REVOKED: ['revocation', 'REVOKED_CA_NO_POE', 'ca'],
  REVOCATION_UNKNOWN: ['revocation', 'TRY_LATER', 'network'],
  CRL_STALE: ['revocation', 'TRY_LATER', 'ca'],
  REVOCATION_ALGORITHM_REFUSED: ['revocation', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', 'ca'],
  CRL_NOT_AVAILABLE: ['revocation', 'TRY_LATER', 'network'],
  CRL_SIGNATURE_INVALID: ['revocation', 'TRY_LATER', 'ca'],
  CRL_NOT_YET_VALID: ['revocation', 'TRY_LATER', 'platform'],
  CRL_OUT_OF_SCOPE: ['revocation', 'TRY_LATER', 'ca'],
  CRL_ISSUER_NOT_AUTHORISED: ['revocation', 'TRY_LATER', 'ca'],
  CRL_UNSUPPORTED: ['revocation', 'TRY_LATER', 'platform'],
  OCSP_NOT_AVAILABLE: ['revocation', 'TRY_LATER', 'network'],
  OCSP_REFUSED: ['revocation', 'TRY_LATER', 'ca'],
  OCSP_STATUS_UNKNOWN: ['revocation', 'TRY_LATER', 'ca'],
  OCSP_STALE: ['revocation', 'TRY_LATER', 'ca'],
  OCSP_NOT_YET_VALID: ['revocation', 'TRY_LATER', 'platform'],
  OCSP_NONCE_MISMATCH: ['revocation', 'TRY_LATER', 'network'],
  OCSP_SIGNATURE_INVALID: ['revocation', 'TRY_LATER', 'ca'],
  OCSP_RESPONDER_NOT_AUTHORISED: ['revocation', 'TRY_LATER', 'ca'],
  OCSP_UNSUPPORTED: ['revocation', 'TRY_LATER', 'platform'],

  // Time: EN 319 102-1 §5.4 (time-stamp validation), §5.5 (signatures with time) and §5.6 (past signature validation); RFC 3161.
  TIMESTAMP_MALFORMED: ['time', 'FORMAT_FAILURE', 'bidder'],
  TIMESTAMP_UNSUPPORTED: ['time', 'GENERIC', 'platform'],
  ARCHIVE_TIMESTAMP_OPEN: ['time', 'GENERIC', 'platform'],
  TIMESTAMP_IMPRINT_MISMATCH: ['time', 'HASH_FAILURE', 'bidder'],
  TIMESTAMP_NONCE_MISMATCH: ['time', 'FORMAT_FAILURE', 'platform'],
  TIMESTAMP_SIGNATURE_INVALID: ['time', 'SIG_CRYPTO_FAILURE', 'bidder'],
  TIMESTAMP_INDEX_INVALID: ['time', 'HASH_FAILURE', 'platform'],
  TIMESTAMP_VARIANT_REFUSED: ['time', 'SIG_CONSTRAINTS_FAILURE', 'list-operator'],
  TIMESTAMP_IN_FUTURE: ['time', 'TRY_LATER', 'platform'],
  TIMESTAMP_ORDER_FAILURE: ['time', 'TIMESTAMP_ORDER_FAILURE', 'bidder'],
  TIMESTAMP_TOO_LATE: ['time', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],
  TSA_CERTIFICATE_MISSING: ['time', 'NO_SIGNING_CERTIFICATE_FOUND', 'bidder'],
  TSA_NOT_LISTED: ['time', 'NO_CERTIFICATE_CHAIN_FOUND', 'bidder'],
  TSA_PATH_INVALID: ['time', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'ca'],
  TSA_USAGE_MISMATCH: ['time', 'CHAIN_CONSTRAINTS_FAILURE', 'list-operator'],
  TSA_NOT_VALID: ['time', 'CHAIN_CONSTRAINTS_FAILURE', 'bidder'],
  TSA_EXPIRED: ['time', 'OUT_OF_BOUNDS_NO_POE', 'platform'],
  TSA_REVOKED: ['time', 'REVOKED_NO_POE', 'platform'],
  REVOCATION_OUT_OF_BOUNDS: ['revocation', 'REVOCATION_OUT_OF_BOUNDS_NO_POE', 'platform'],
  PROOF_OF_EXISTENCE_MISSING: ['time', 'NO_POE', 'platform'],

  // Identity and list: trust-list design §5.8: identity is SIG_CONSTRAINTS_FAILURE, LIST_* is NO_CERTIFICATE_CHAIN_FOUND.
  IDENTITY_CONFLICT: ['identity', 'SIG_CONSTRAINTS_FAILURE', 'ca'],
  IDENTITY_MISSING: ['identity', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],
  IDENTITY_PROFILE_MISSING: ['identity', 'SIG_CONSTRAINTS_FAILURE', 'list-operator'],
  LIST_EXPIRED: ['list', 'NO_CERTIFICATE_CHAIN_FOUND', 'platform'],
  LIST_NOT_YET_VALID: ['list', 'NO_CERTIFICATE_CHAIN_FOUND', 'platform'],
  LIST_EMPTY: ['list', 'NO_CERTIFICATE_CHAIN_FOUND', 'list-operator'],
  LIST_FRESHNESS_MISSING: ['list', 'NO_CERTIFICATE_CHAIN_FOUND', 'platform'],
  LIST_NOT_LOADED: ['list', 'NO_CERTIFICATE_CHAIN_FOUND', 'platform'],
  PROVIDER_FAILED: ['policy', 'GENERIC', 'platform'],

  // Seal: GB/T 38540-2020 §6.2 (verification of a seal), §7.3 (of a stamped signature), in the terms of EN 319 102-1.
  SEAL_MALFORMED: ['message', 'FORMAT_FAILURE', 'bidder'],
  SEAL_MAKER_SIGNATURE_INVALID: ['signature', 'SIG_CRYPTO_FAILURE', 'bidder'],
  SEAL_SIGNER_NOT_LISTED: ['signature', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],
  SEAL_DIGEST_UNKNOWN: ['signature', 'CRYPTO_CONSTRAINTS_FAILURE', 'platform'],
  SEAL_EXPIRED: ['signature', 'OUT_OF_BOUNDS_NO_POE', 'bidder', { proven: 'EXPIRED' }],
  SEAL_NOT_YET_VALID: ['signature', 'NOT_YET_VALID', 'bidder'],
  SEAL_VALIDITY_INVERTED: ['message', 'FORMAT_FAILURE', 'bidder'],
  SEAL_SIGNING_TIME_LATE: ['signature', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],
  SEAL_SIGNING_TIME_OUTSIDE: ['signature', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],
  SEAL_PROPERTY_MISMATCH: ['signature', 'SIG_CONSTRAINTS_FAILURE', 'bidder'],
  SEAL_EXTENSION_UNKNOWN: ['message', 'SIG_CONSTRAINTS_FAILURE', 'platform'],

  // PDF, the container: ISO 32000-1 §12.8, EN 319 142-1 §5; format checking of EN 319 102-1 §5.2.2.
  PDF_MALFORMED: ['message', 'FORMAT_FAILURE', 'bidder'],
  PDF_UNSUPPORTED: ['message', 'GENERIC', 'bidder'],
  PDF_LIMIT: ['message', 'GENERIC', 'bidder'],
  PDF_NOT_SIGNED: ['message', 'NO_SIGNING_CERTIFICATE_FOUND', 'bidder'],
  PDF_SIGNATURE_MALFORMED: ['message', 'FORMAT_FAILURE', 'bidder'],
  PDF_SUBFILTER_UNSUPPORTED: ['message', 'GENERIC', 'bidder'],
  PDF_BYTE_RANGE_INVALID: ['message', 'FORMAT_FAILURE', 'bidder'],
  PDF_MODIFIED_AFTER_SIGNING: ['signature', 'HASH_FAILURE', 'bidder'],
  PDF_TIMESTAMP_INVALID: ['signature', 'HASH_FAILURE', 'bidder'],
  PDF_TIMESTAMP_UNPROVEN: ['signature', 'GENERIC', 'platform'],
};

/** EN 319 102-1 §5.1.3 table 5: those of TOTAL-FAILED. */
const FAILED: readonly SubIndication[] = ['FORMAT_FAILURE', 'HASH_FAILURE', 'SIG_CRYPTO_FAILURE', 'REVOKED', 'EXPIRED', 'NOT_YET_VALID'] satisfies readonly FailedSubIndication[];

export function asIndication(subIndication: SubIndication): Indication {
  return { conclusion: FAILED.includes(subIndication) ? 'failed' : 'indeterminate', subIndication } as Indication;
}

/** How a reason bears on the verdict. `provenAfter`: something proves that the signature was made after the event. `settled`, `noPoe`, `notRevoked`: as in `ReasonFacts`. */
export function indicationOf(code: ReasonCode, options: { readonly provenAfter?: boolean; readonly settled?: boolean; readonly noPoe?: boolean; readonly notRevoked?: boolean } = {}): Indication {
  const [, own, , otherwise = {}] = INDICATIONS[code];
  return asIndication((options.settled === true ? otherwise.settled : undefined) ?? (options.provenAfter === true ? otherwise.proven : undefined) ?? (options.noPoe === true ? otherwise.noPoe : undefined) ?? (options.notRevoked === true ? otherwise.notRevoked : undefined) ?? own);
}
