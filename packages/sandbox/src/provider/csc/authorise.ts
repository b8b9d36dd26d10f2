import { jsonAnswer } from '../facade.js';
import type { FaultPlan } from '../fault-plan.js';
import type { CscCredential } from './credentials.js';
import { credentialOf, CscRefusal, hashesOf, text, type CscInput, type CscVersion } from './request.js';
import { issueSad, type CscState, type Sad } from './state.js';

/** Wrong PINs before a credential is locked. */
const MAX_PIN_MISTAKES = 3;
const OTP_MS = 180_000;
/** Between two sendings of a code. */
const RESEND_MS = 30_000;

/** `credentials/authorize`. */
export function authorize(state: CscState, version: CscVersion, input: CscInput, faults: FaultPlan, path: string): Response {
  const credential = credentialOf(state, input);
  const { manner: { mode, scal, multisign } } = credential;
  if (mode === 'oauth2code') throw new CscRefusal('invalid_request', 'This credential is authorized by OAuth 2.0');
  const count = input['numSignatures'];
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1) throw new CscRefusal('invalid_request', 'Missing (or invalid type) integer parameter numSignatures');
  if (count > multisign) throw new CscRefusal('invalid_request', 'Numbers of signatures is too high');
  const hashes = hashesOf(state, version, input);
  if (scal === '2' && hashes === undefined) throw new CscRefusal('invalid_request', 'Missing parameter hash for a credential with SCAL 2');
  if (faults.hits('credential-locked', path)) throw new CscRefusal('invalid_request', version === 'v1' ? 'PIN locked' : 'Credential locked');
  if (faults.hits('user-refuses', path)) throw new CscRefusal('access_denied', 'The user denied the request', 403);
  if (mode === 'explicit') checkFactors(state, version, credential, input);
  if (mode === 'implicit' && version === 'v2') {
    const handle = state.ground.token('handle');
    state.pending.set(handle, { credentialID: credential.id, hashes: bound(credential, hashes), count, polls: 0 });
    return jsonAnswer({ handle }, 202);
  }
  if (mode === 'implicit' && credential.manner.confirmsAfter === 'never') throw new CscRefusal('invalid_request', 'The user did not confirm in time: timeout');
  return jsonAnswer(issueSad(state, credential.id, bound(credential, hashes), count));
}

const bound = ({ manner: { scal } }: CscCredential, hashes: readonly string[] | undefined): readonly string[] | undefined => (scal === '2' ? hashes : undefined);

/** `credentials/authorizeCheck`. */
export function authorizeCheck(state: CscState, input: CscInput, faults: FaultPlan, path: string): Response {
  const handle = text(input, 'handle');
  const waiting = state.pending.get(handle);
  if (waiting === undefined) throw new CscRefusal('invalid_request', 'Invalid parameter handle');
  if (faults.hits('user-refuses', path)) waiting.decision = 'refused';
  if (waiting.decision === 'refused') {
    state.pending.delete(handle);
    throw new CscRefusal('access_denied', 'The user denied the request', 403);
  }
  const after = state.credentials.get(waiting.credentialID)?.manner.confirmsAfter ?? 1;
  if (waiting.decision !== 'approved' && (after === 'never' || waiting.polls++ < after)) return jsonAnswer({ handle }, 202);
  state.pending.delete(handle);
  return jsonAnswer(issueSad(state, waiting.credentialID, waiting.hashes, waiting.count));
}

/** `credentials/sendOTP` of v1, `credentials/getChallenge` of v2: the code goes to the phone. */
export function sendOtp(state: CscState, input: CscInput): Response {
  const { id, manner: { otp } } = credentialOf(state, input);
  if (otp !== 'sms') throw new CscRefusal('invalid_request', 'This credential has no online OTP');
  const now = state.ground.clock.now();
  const before = state.otps.get(id);
  const wait = before === undefined ? 0 : before.sentAt + RESEND_MS - now;
  if (wait > 0) return jsonAnswer({ error: 'invalid_request', error_description: 'An OTP was sent just now' }, 429, { 'retry-after': String(Math.ceil(wait / 1000)) });
  const value = BigInt(`0x${Buffer.from(state.ground.token('otp')).toString('hex').slice(-16)}`).toString().slice(-12).padStart(12, '7');
  state.otps.set(id, { value, expiresAt: now + OTP_MS, sentAt: now });
  return new Response(null, { status: 204 });
}

/** `credentials/extendTransaction`: a new SAD for more hashes; the old one ends. */
export function extendTransaction(state: CscState, version: CscVersion, input: CscInput): Response {
  const value = text(input, 'SAD');
  const credential = credentialOf(state, input);
  const sad = requireSad(state, value, credential.id);
  const hashes = hashesOf(state, version, input);
  if (hashes === undefined && credential.manner.scal === '2') throw new CscRefusal('invalid_request', 'Missing parameter hash for a credential with SCAL 2');
  state.sads.delete(value);
  // What was authorised at first stays the bound: a transaction is prolonged, never widened.
  if (sad.hashes !== undefined && hashes?.some((hash) => !sad.hashes!.includes(hash)) === true) throw new CscRefusal('invalid_request', 'Hash is not authorized by the SAD');
  return jsonAnswer(issueSad(state, credential.id, sad.hashes, sad.left));
}

/** A SAD that is there, of this credential, and lives. */
export function requireSad(state: CscState, value: string, credentialID: string): Sad {
  const sad = state.sads.get(value);
  if (sad === undefined) throw new CscRefusal('invalid_request', 'Invalid parameter SAD');
  if (sad.credentialID !== credentialID) throw new CscRefusal('invalid_request', 'Invalid parameter SAD: it is for another credential');
  if (state.ground.clock.now() >= sad.expiresAt) throw new CscRefusal('invalid_request', 'SAD expired');
  if (sad.left <= 0 && !state.manners.replays) throw new CscRefusal('invalid_request', 'The SAD was already used');
  return sad;
}

function checkFactors(state: CscState, version: CscVersion, { id, manner }: CscCredential, input: CscInput): void {
  const given = version === 'v1' ? { PIN: input['PIN'], OTP: input['OTP'] } : authDataOf(input);
  const either = manner.expression?.includes(' OR ') === true;
  const wanted = [...(manner.pin === undefined ? [] : ['PIN'] as const), ...(manner.otp === undefined ? [] : ['OTP'] as const)].filter((name) => !either || given[name] !== undefined);
  if (wanted.length === 0 && (manner.pin ?? manner.otp) !== undefined) throw new CscRefusal('invalid_request', 'Missing authentication data');
  for (const name of wanted) {
    if (typeof given[name] !== 'string') throw new CscRefusal('invalid_request', `Missing (or invalid type) string parameter ${name}`);
    if (name === 'PIN') checkPin(state, version, id, manner.pin!, given[name]);
    else checkOtp(state, version, id, manner.otp!, given[name]);
  }
  state.pinMistakes.delete(id);
  state.otps.delete(id);
}

function authDataOf(input: CscInput): Readonly<Record<string, unknown>> {
  const data = input['authData'] ?? [];
  if (!Array.isArray(data)) throw new CscRefusal('invalid_request', 'Missing (or invalid type) array parameter authData');
  return Object.fromEntries((data as { readonly id?: unknown; readonly value?: unknown }[]).map(({ id, value }) => [String(id), value]));
}

function checkPin(state: CscState, version: CscVersion, id: string, right: string, given: string): void {
  const mistakes = state.pinMistakes.get(id) ?? 0;
  if (mistakes >= MAX_PIN_MISTAKES) throw new CscRefusal('invalid_request', version === 'v1' ? 'PIN locked' : 'Credential locked');
  if (given === right) return;
  state.pinMistakes.set(id, mistakes + 1);
  if (mistakes + 1 >= MAX_PIN_MISTAKES) throw new CscRefusal('invalid_request', version === 'v1' ? 'PIN locked' : 'Credential locked');
  throw version === 'v1' ? new CscRefusal('invalid_pin', 'The PIN is invalid') : new CscRefusal('invalid_authentication_data', 'The authentication data PIN is invalid');
}

function checkOtp(state: CscState, version: CscVersion, id: string, kind: NonNullable<CscCredential['manner']['otp']>, given: string): void {
  const sent = state.otps.get(id);
  const right = kind === 'sms' ? sent?.value : kind.totp;
  if (kind === 'sms' && sent !== undefined && state.ground.clock.now() >= sent.expiresAt) throw new CscRefusal(version === 'v1' ? 'invalid_otp' : 'invalid_authentication_data', 'The OTP is expired');
  if (given === right) return;
  throw version === 'v1' ? new CscRefusal('invalid_otp', 'The OTP is invalid') : new CscRefusal('invalid_authentication_data', 'The authentication data OTP is invalid');
}
