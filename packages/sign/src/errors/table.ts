import { AUTHORISATION_ERRORS } from './authorisation.js';
import type { SignErrorCode } from './codes.js';
import { CREDENTIAL_ERRORS } from './credential.js';
import { MESSAGE_ERRORS } from './message.js';
import { RESULT_ERRORS } from './result.js';
import type { SignErrorRow } from './row.js';
import { TRANSPORT_ERRORS } from './transport.js';
import { USER_ERRORS } from './user.js';

/** What each code means: whose move it is, what a program may do, what is known of the signature, and the words for the user. */
export const SIGN_ERRORS: Readonly<Record<SignErrorCode, SignErrorRow>> = {
  ...MESSAGE_ERRORS, ...USER_ERRORS, ...CREDENTIAL_ERRORS, ...AUTHORISATION_ERRORS, ...RESULT_ERRORS, ...TRANSPORT_ERRORS,
};
