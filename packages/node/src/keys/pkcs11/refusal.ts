import { SignError, type SignErrorCode } from '@hefu/sign';
import { NodeError } from '../../error.js';
import { CryptokiError } from './cryptoki.js';

type Row = readonly [name: string, code: SignErrorCode];

/**
 * What each return value of PKCS #11 (v2.40 §5.1) means for a signature. Of none is a signature known to exist: a value that
 * did not leave the module was never used. What is not named here, vendors' own values above 0x80000000 among it, is
 * PROVIDER_UNAVAILABLE. Only the PIN's own values say anything of the PIN: a module that fails for another reason must not
 * make a user try PINs until the token locks.
 */
export const CRYPTOKI_REFUSALS: Readonly<Record<number, Row>> = {
  0x01: ['CKR_CANCEL', 'USER_CANCELLED'],
  0x02: ['CKR_HOST_MEMORY', 'PROVIDER_UNAVAILABLE'],
  0x03: ['CKR_SLOT_ID_INVALID', 'DEVICE_ABSENT'],
  0x05: ['CKR_GENERAL_ERROR', 'PROVIDER_UNAVAILABLE'],
  0x06: ['CKR_FUNCTION_FAILED', 'PROVIDER_UNAVAILABLE'],
  0x07: ['CKR_ARGUMENTS_BAD', 'ADAPTER_MISCONFIGURED'],
  0x0a: ['CKR_CANT_LOCK', 'ADAPTER_MISCONFIGURED'],
  0x11: ['CKR_ATTRIBUTE_SENSITIVE', 'ADAPTER_MISCONFIGURED'],
  0x20: ['CKR_DATA_INVALID', 'ALGORITHM_UNSUPPORTED'],
  0x21: ['CKR_DATA_LEN_RANGE', 'ALGORITHM_UNSUPPORTED'],
  0x30: ['CKR_DEVICE_ERROR', 'PROVIDER_UNAVAILABLE'],
  0x31: ['CKR_DEVICE_MEMORY', 'PROVIDER_UNAVAILABLE'],
  0x32: ['CKR_DEVICE_REMOVED', 'DEVICE_ABSENT'],
  0x50: ['CKR_FUNCTION_CANCELED', 'USER_CANCELLED'],
  0x54: ['CKR_FUNCTION_NOT_SUPPORTED', 'ALGORITHM_UNSUPPORTED'],
  0x60: ['CKR_KEY_HANDLE_INVALID', 'AUTH_EXPIRED'],
  0x62: ['CKR_KEY_SIZE_RANGE', 'ALGORITHM_UNSUPPORTED'],
  0x63: ['CKR_KEY_TYPE_INCONSISTENT', 'ALGORITHM_UNSUPPORTED'],
  0x68: ['CKR_KEY_FUNCTION_NOT_PERMITTED', 'CERTIFICATE_NOT_FOR_SIGNING'],
  0x70: ['CKR_MECHANISM_INVALID', 'ALGORITHM_UNSUPPORTED'],
  0x71: ['CKR_MECHANISM_PARAM_INVALID', 'ALGORITHM_UNSUPPORTED'],
  0x82: ['CKR_OBJECT_HANDLE_INVALID', 'AUTH_EXPIRED'],
  0x90: ['CKR_OPERATION_ACTIVE', 'ACTION_PENDING'],
  0x91: ['CKR_OPERATION_NOT_INITIALIZED', 'ADAPTER_MISCONFIGURED'],
  0xa0: ['CKR_PIN_INCORRECT', 'PIN_INCORRECT'],
  0xa1: ['CKR_PIN_INVALID', 'PIN_INCORRECT'],
  0xa2: ['CKR_PIN_LEN_RANGE', 'PIN_INCORRECT'],
  0xa3: ['CKR_PIN_EXPIRED', 'CREDENTIAL_LOCKED'],
  0xa4: ['CKR_PIN_LOCKED', 'PIN_LOCKED'],
  0xb0: ['CKR_SESSION_CLOSED', 'AUTH_EXPIRED'],
  0xb1: ['CKR_SESSION_COUNT', 'ACTION_PENDING'],
  0xb3: ['CKR_SESSION_HANDLE_INVALID', 'AUTH_EXPIRED'],
  0xe0: ['CKR_TOKEN_NOT_PRESENT', 'DEVICE_ABSENT'],
  0xe1: ['CKR_TOKEN_NOT_RECOGNIZED', 'ADAPTER_MISCONFIGURED'],
  0x100: ['CKR_USER_ALREADY_LOGGED_IN', 'ACTION_PENDING'],
  0x101: ['CKR_USER_NOT_LOGGED_IN', 'AUTH_EXPIRED'],
  0x102: ['CKR_USER_PIN_NOT_INITIALIZED', 'CREDENTIAL_DISABLED'],
  0x104: ['CKR_USER_ANOTHER_ALREADY_LOGGED_IN', 'ACTION_PENDING'],
  0x105: ['CKR_USER_TOO_MANY_TYPES', 'ACTION_PENDING'],
  0x150: ['CKR_BUFFER_TOO_SMALL', 'ADAPTER_MISCONFIGURED'],
  0x190: ['CKR_CRYPTOKI_NOT_INITIALIZED', 'ADAPTER_MISCONFIGURED'],
  0x200: ['CKR_FUNCTION_REJECTED', 'USER_REFUSED'],
};
export const CKR_USER_ALREADY_LOGGED_IN = 0x100;

/** What an error of a module means to a session. `provider.code` names the return value. */
export function signErrorOf(error: unknown): SignError {
  if (error instanceof SignError) return error;
  if (error instanceof NodeError) return new SignError('ADAPTER_MISCONFIGURED', error.message, { cause: error, detail: 'pkcs11-unavailable' });
  if (!(error instanceof CryptokiError) || error.rv === undefined) return new SignError('SIGNER_FAILED', 'the binding of the PKCS #11 module failed', { cause: error, outcome: 'not-signed' });
  const [name, code] = CRYPTOKI_REFUSALS[error.rv] ?? [`0x${error.rv.toString(16).padStart(8, '0')}`, 'PROVIDER_UNAVAILABLE'];
  return new SignError(code, `${error.functionName} returned ${name}`, { cause: error, outcome: 'not-signed', provider: { code: name } });
}
