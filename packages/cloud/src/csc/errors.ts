import { SignError, type JsonObject, type SignErrorCode } from '@hefu/sign';

/** What a refusal of a service means. */
export interface CscErrorRow {
  /** The member `error`. */
  readonly error?: string;
  /** In `error_description`, which is often the only difference. */
  readonly says?: RegExp;
  readonly code: SignErrorCode;
  /** Stable word that goes with it. */
  readonly detail?: string;
}

/**
 * The first row that fits is meant. Machine-readable codes of the API do not tell a locked PIN, an expired SAD and a hash that
 * was not authorised apart: all are `invalid_request` (CSC API v1.0.4 §11, v2 §11).
 */
export const CSC_ERRORS: readonly CscErrorRow[] = [
  { error: 'invalid_pin', says: /lock|block/i, code: 'PIN_LOCKED' },
  { error: 'invalid_pin', code: 'PIN_INCORRECT' },
  { error: 'invalid_otp', says: /lock|block/i, code: 'CREDENTIAL_LOCKED', detail: 'otp' },
  { error: 'invalid_otp', says: /expire/i, code: 'OTP_EXPIRED' },
  { error: 'invalid_otp', code: 'OTP_INCORRECT' },
  { error: 'invalid_authentication_data', says: /otp.*expire/i, code: 'OTP_EXPIRED' },
  { error: 'invalid_authentication_data', says: /otp/i, code: 'OTP_INCORRECT' },
  { error: 'invalid_authentication_data', says: /pin|password/i, code: 'PIN_INCORRECT' },
  // Which of several factors was wrong is not said: all are asked for again.
  { error: 'invalid_authentication_data', code: 'PIN_INCORRECT', detail: 'any-factor' },
  { says: /\bPIN\b.{0,20}(lock|block)/i, code: 'PIN_LOCKED' },
  { says: /\bOTP\b.{0,20}(lock|block)/i, code: 'CREDENTIAL_LOCKED', detail: 'otp' },
  { says: /credential.{0,20}(lock|block)/i, code: 'CREDENTIAL_LOCKED' },
  { says: /credential.{0,20}disabled/i, code: 'CREDENTIAL_DISABLED' },
  { says: /\bSAD\b.{0,20}expire/i, code: 'SAD_EXPIRED' },
  { says: /\bSAD\b.{0,30}(already|been) used|replay/i, code: 'SAD_REPLAYED' },
  { error: 'invalid_hash', code: 'HASH_NOT_AUTHORISED' },
  { says: /hash.{0,30}not authori[sz]ed/i, code: 'HASH_NOT_AUTHORISED' },
  { says: /\bSAD\b.{0,40}other credential/i, code: 'AUTH_EXPIRED', detail: 'other-credential' },
  { says: /invalid parameter SAD/i, code: 'AUTH_EXPIRED', detail: 'sad' },
  { says: /numbers? of signatures is too high/i, code: 'BATCH_TOO_LARGE' },
  { says: /certificate.{0,200}expire/i, code: 'CERT_EXPIRED' },
  { says: /certificate.{0,200}(revoke|suspend)/i, code: 'CERT_REVOKED' },
  { error: 'expired_token', code: 'TOKEN_EXPIRED' },
  { error: 'invalid_token', code: 'TOKEN_EXPIRED' },
  { error: 'access_denied', code: 'USER_REFUSED' },
  { says: /not confirm|user.{0,20}time(d )?out/i, code: 'USER_TIMEOUT' },
  { error: 'invalid_grant', code: 'AUTH_EXPIRED', detail: 'grant' },
  { error: 'invalid_client', code: 'ADAPTER_MISCONFIGURED', detail: 'client' },
  { error: 'unauthorized_client', code: 'ADAPTER_MISCONFIGURED', detail: 'client' },
  { error: 'invalid_scope', code: 'ADAPTER_MISCONFIGURED', detail: 'scope' },
  { error: 'unsupported_grant_type', code: 'ADAPTER_MISCONFIGURED', detail: 'grant-type' },
  { error: 'invalid_authorization_details', code: 'ADAPTER_MISCONFIGURED', detail: 'rar' },
  { error: 'invalid_request', says: /redirect_uri/i, code: 'ADAPTER_MISCONFIGURED', detail: 'redirect-uri' },
  { error: 'temporarily_unavailable', code: 'PROVIDER_UNAVAILABLE' },
];

/**
 * A refusal as core takes it: definite, so that nothing was signed by what was refused. The description only chooses the code:
 * it may quote what was sent, so it is not kept.
 */
export function refusalOf(status: number, answer: JsonObject, own: readonly CscErrorRow[] = []): SignError {
  const error = typeof answer['error'] === 'string' ? answer['error'] : '';
  const says = typeof answer['error_description'] === 'string' ? answer['error_description'].slice(0, 1000) : '';
  const row = [...own, ...CSC_ERRORS].find((each) => (each.error === undefined || each.error === error) && (each.says === undefined || each.says.test(says)));
  const left = /(\d{1,2}) (?:attempts?|tries|retries)/i.exec(says)?.[1];
  const code = row?.code ?? (status === 401 ? 'TOKEN_EXPIRED' : 'PROVIDER_REFUSED');
  return new SignError(code, `the service refused: HTTP ${status}`, {
    outcome: 'not-signed',
    provider: { httpStatus: status, ...(/^[a-z_]{1,64}$/.test(error) ? { code: error } : {}) },
    ...(row?.detail === undefined ? {} : { detail: row.detail }),
    ...(left === undefined ? {} : { attemptsLeft: Number(left) }),
  });
}
