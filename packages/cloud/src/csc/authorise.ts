import { alternativesOf, SignError, type AdapterEvent, type AuthFactor, type AuthPlan, type JsonObject, type SessionIO } from '@hefu/sign';
import { askFactor, MAX_RESENDS } from './ask-factors.js';
import { beginAuthorisation, completeAuthorisation, oauthChallenge, type PendingAuthorisation } from './oauth/authorisation.js';
import { checkGranted, credentialDetail, credentialParameters } from './oauth/credential-request.js';
import { authorizationServer } from './oauth/server.js';
import { textOf, unexpected } from './read.js';
import { authorisationOf, type Authorisation } from './sad.js';
import { RAR_TYPES } from './service.js';
import { DEFAULT_CONFIRM_MS, DEFAULT_POLL_MS, hashTexts, type CscWork } from './work.js';

/** Wrong answers after which the user is sent away; services lock earlier. */
const MAX_TRIES = 5;

/** Obtains the authorisation for a request: asks the user for what the credential's plan says, or sends him to the authorization server. */
export async function* obtainAuthorisation(work: CscWork, io: SessionIO): AsyncGenerator<AdapterEvent, Authorisation, void> {
  const { request } = work;
  const alternatives = alternativesOf(request.credential.auth);
  const factors = alternatives[alternatives.length === 1 ? 0 : await choose(alternatives, io)]!;
  yield { type: 'phase', phase: 'authorising' };
  if (!factors.some(({ factor }) => factor === 'oauth-code')) return yield* byFactors(work, factors, io);
  if (factors.length > 1) throw new SignError('ADAPTER_MISCONFIGURED', 'OAuth 2.0 goes with no other factor', { detail: 'auth-plan' });
  return byOAuth(work, io);
}

async function choose(alternatives: readonly (readonly AuthFactor[])[], io: SessionIO): Promise<number> {
  const among = alternatives.map((of): AuthPlan => (of.length === 1 ? of[0]! : { op: 'and', of }));
  const answer = await io.ask({ type: 'choose', id: 'auth', among });
  if (answer.type !== 'choose') throw new SignError('ADAPTER_MISCONFIGURED', 'not an answer to this');
  return answer.index;
}

async function* byFactors(work: CscWork, factors: readonly AuthFactor[], io: SessionIO): AsyncGenerator<AdapterEvent, Authorisation, void> {
  const { context, vault, request } = work;
  const handleReference = `${request.requestId}/handle`;
  const kept = await vault.get(handleReference);
  if (kept !== undefined) return yield* awaitConfirmation(work, kept, io);
  const asked = factors.filter(({ factor }) => factor === 'pin' || factor === 'otp-online' || factor === 'otp-offline');
  const given = new Map<string, string>();
  let attemptsLeft: number | undefined;
  for (let tries = 1; ; tries++) {
    for (const factor of asked) if (!given.has(factor.id)) given.set(factor.id, await askFactor(work, factor, io, attemptsLeft === undefined ? {} : { attemptsLeft }));
    if (asked.length < factors.length && factors.some(({ factor }) => factor === 'push')) {
      yield { type: 'phase', phase: 'waiting-user' };
      showPush(work, io);
    }
    try {
      const { status, body } = await authorizeCall(work, given);
      if (status !== 202) return sadOf(work, body);
      const handle = textOf(body, 'handle');
      if (handle === undefined) throw unexpected('handle');
      context.protect(handle);
      await vault.put(handleReference, handle);
      yield { type: 'checkpoint', inFlight: false };
      return yield* awaitConfirmation(work, handle, io);
    } catch (error) {
      const wrong = error instanceof SignError ? wrongFactors(error, asked) : [];
      if (wrong.length === 0) throw error;
      const refused = error as SignError;
      if (tries >= MAX_TRIES) throw new SignError(refused.code, 'too many wrong answers', { cause: refused, retry: 'new-session' });
      for (const { id } of wrong) given.delete(id);
      ({ attemptsLeft } = refused);
      yield { type: 'checkpoint', inFlight: false };
    }
  }
}

/** Which answers have to be given again. */
function wrongFactors({ code, detail }: SignError, asked: readonly AuthFactor[]): readonly AuthFactor[] {
  if (code === 'PIN_INCORRECT') return detail === 'any-factor' ? asked : asked.filter(({ factor }) => factor === 'pin');
  return code === 'OTP_INCORRECT' || code === 'OTP_EXPIRED' ? asked.filter(({ factor }) => factor !== 'pin') : [];
}

/** `credentials/authorize`: sent once, since a wrong PIN sent twice counts twice. */
function authorizeCall(work: CscWork, given: ReadonlyMap<string, string>): Promise<{ readonly status: number; readonly body: JsonObject }> {
  const { service, info: { version }, request, context } = work;
  const { credential, items } = request;
  const hashes = credential.hashBound ? hashTexts(work, items) : undefined;
  const input: JsonObject = version === 'v1' ? {
    credentialID: credential.ref, numSignatures: items.length, ...(hashes === undefined ? {} : { hash: hashes }), ...Object.fromEntries(given),
  } : {
    credentialID: credential.ref, numSignatures: items.length, ...(hashes === undefined ? {} : { hashes, hashAlgorithmOID: hashAlgorithmOf(work) }),
    authData: [...given].map(([id, value]) => ({ id, value })),
  };
  return service.call(context, service.quirks.authorizePath ?? 'credentials/authorize', 'once', input);
}

function hashAlgorithmOf({ request, info }: CscWork): string {
  return credentialDetail(info, request)['hashAlgorithmOID'] as string;
}

function sadOf({ service, context }: CscWork, body: JsonObject): Authorisation {
  const value = textOf(body, 'SAD');
  if (value === undefined) throw unexpected('sad');
  return authorisationOf(value, 'sad', body['expiresIn'], service.now(context), context);
}

function showPush({ service, context, request }: CscWork, io: SessionIO): number {
  const expiresAt = context.clock.now() + (service.quirks.confirmMs ?? DEFAULT_CONFIRM_MS);
  io.show({ type: 'push', id: 'push', channel: 'app', expiresAt, verificationCode: request.display.verificationCode });
  return expiresAt;
}

/** The user confirms elsewhere: `authorizeCheck` until there is a SAD. */
async function* awaitConfirmation(work: CscWork, handle: string, io: SessionIO): AsyncGenerator<AdapterEvent, Authorisation, void> {
  const { service, context, vault, request } = work;
  context.protect(handle);
  yield { type: 'phase', phase: 'waiting-user' };
  const expiresAt = showPush(work, io);
  const wait = service.quirks.pollMs ?? DEFAULT_POLL_MS;
  for (let attempt = 1; ; attempt++) {
    if (context.clock.now() >= expiresAt) throw new SignError('USER_TIMEOUT', 'the user did not confirm in time');
    const { status, body } = await service.call(context, 'credentials/authorizeCheck', 'read', { handle });
    if (status !== 202) {
      await vault.drop(`${request.requestId}/handle`);
      return sadOf(work, body);
    }
    yield { type: 'poll', attempt, nextInMs: wait };
    await context.clock.sleep(wait, io.signal).catch((cause: unknown) => {
      throw new SignError('ABORTED', 'aborted while the user was waited for', { cause });
    });
  }
}

/** Scope `credential` by OAuth 2.0: the token authorises (CSC API §8.4). */
async function byOAuth(work: CscWork, io: SessionIO): Promise<Authorisation> {
  const { service, info, request, context, vault } = work;
  const { oauth } = work.options;
  if (oauth === undefined) throw new SignError('ADAPTER_MISCONFIGURED', 'this credential needs OAuth 2.0, which is not set up', { detail: 'oauth' });
  const options = { ...work.options, oauth };
  const server = await authorizationServer(options, info, context);
  const types: readonly string[] = Array.isArray(server.authorization_details_types_supported) ? (server.authorization_details_types_supported as readonly string[]) : [];
  const rarType = types.length === 0 || types.includes(info.rarType) ? info.rarType : RAR_TYPES.find((type) => types.includes(type)) ?? info.rarType;
  const supported = info.rar === true || types.includes(rarType);
  if (oauth.rar === 'required' && !supported) throw new SignError('ADAPTER_MISCONFIGURED', 'the server takes no rich requests', { detail: 'rar' });
  const detail = supported && oauth.rar !== 'never' ? credentialDetail({ ...info, rarType }, request) : undefined;

  // One that was begun before a crash is still the one the user may come back with, unless its address leads nowhere any more.
  const reference = `${request.requestId}/oauth`;
  const stored = await vault.get(reference);
  const begun = stored === undefined ? undefined : (JSON.parse(stored) as PendingAuthorisation);
  const kept = begun?.expiresAt !== undefined && context.clock.now() >= begun.expiresAt ? undefined : begun;
  const begin = async (): Promise<PendingAuthorisation> => {
    const fresh = await beginAuthorisation(server, options, detail === undefined ? credentialParameters(info, request) : { authorization_details: JSON.stringify([detail]) }, context);
    await vault.put(reference, JSON.stringify(fresh));
    return fresh;
  };
  let pending = kept ?? await begin();
  try {
    context.protect(pending.verifier);
    let answer = await io.ask(oauthChallenge('oauth2code', options, pending));
    // Asked for when the address leads nowhere any more; one that still does is given again, for somebody may be there with it.
    for (let renewals = 1; answer.type === 'resend'; renewals++) {
      if (renewals > MAX_RESENDS) throw new SignError('AUTH_EXPIRED', 'too many addresses were asked for', { retry: 'new-session' });
      if (pending.expiresAt !== undefined && context.clock.now() >= pending.expiresAt) pending = await begin();
      context.protect(pending.verifier);
      answer = await io.ask(oauthChallenge('oauth2code', options, pending));
    }
    if (answer.type !== 'oauth') throw new SignError('ADAPTER_MISCONFIGURED', 'not an answer to this');
    await vault.drop(reference); // a code and its verifier are used once
    const token = await completeAuthorisation(server, options, pending, answer, context);
    if (detail !== undefined && token.details === undefined && oauth.rar === 'required') throw new SignError('HASH_NOT_AUTHORISED', 'what was granted is not said', { detail: 'not-echoed' });
    checkGranted(token, detail, request.credential.ref);
    return { ...authorisationOf(token.token, service.quirks.credentialToken ?? (token.type === 'bearer' ? 'bearer' : 'sad'), token.expiresIn, service.now(context), context), byOAuth: true };
  } catch (error) {
    if (!(error instanceof SignError) || error.code !== 'ABORTED') await vault.drop(reference);
    throw error;
  }
}
