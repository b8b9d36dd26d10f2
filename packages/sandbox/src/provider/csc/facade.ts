import { jsonAnswer, type Facade } from '../facade.js';
import type { FaultPlan } from '../fault-plan.js';
import { authorize, authorizeCheck, extendTransaction, sendOtp } from './authorise.js';
import { credentialInfo, info, list } from './listing.js';
import { cscPhone } from './phone.js';
import { CscRefusal, type CscInput, type CscVersion } from './request.js';
import { RESULT_FAULTS, signHash, signPolling } from './sign-hash.js';
import { issueServiceToken, SERVICE_SECONDS, type CscState } from './state.js';
import { timestamp } from './timestamp.js';

/** Faults of the API beside those of results. */
export const API_FAULTS = [
  'endless-pages', 'swapped-in-info', 'leaf-last', 'key-disabled', 'credential-locked', 'user-refuses', 'sad-expired', 'pin-locked', 'certificate-expired', 'hash-not-authorised',
  'signs-nothing', 'callback-twice', 'callback-forged', 'job-failed', 'job-refused', 'always-pending', '200-empty', 'token-expired', 'timestamp-early',
] as const;

/** `/csc/v1/` and `/csc/v2/`: the Cloud Signature Consortium API over the keys of the provider. */
export function cscFacade(state: CscState): Facade {
  return {
    path: '/csc/',
    faults: [...API_FAULTS, ...RESULT_FAULTS],
    async handle(request, faults) {
      try {
        return await answer(state, request, faults);
      } catch (error) {
        if (error instanceof CscRefusal) return error.answer();
        throw error;
      }
    },
  };
}

async function answer(state: CscState, request: Request, faults: FaultPlan): Promise<Response> {
  const path = new URL(request.url).pathname;
  if (path === '/csc/phone' && request.method === 'GET') return cscPhone(state);
  const [, version, method] = /^\/csc\/(v1|v2)\/(.+)$/.exec(path) ?? [];
  if (method === undefined) return jsonAnswer({ error: 'invalid_request', error_description: 'No such method' }, 404);
  const v = version as CscVersion;
  if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
  if (method === 'info') return jsonAnswer(info(state, v));
  if (method === 'auth/login') return login(state, request);
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
  requireBearer(state, bearer, faults, path);
  const input = await inputOf(state, request, method);
  switch (method) {
    case 'auth/revoke': return revoke(state, bearer);
    case 'credentials/list': return jsonAnswer(list(state, v, input, faults, path));
    case 'credentials/info': return jsonAnswer(credentialInfo(state, v, input, faults, path));
    case state.manners.authorizePath: return authorize(state, v, input, faults, path);
    case 'credentials/extendTransaction': return extendTransaction(state, v, input);
    case 'signatures/signHash': return signHash(state, v, input, bearer, faults, path);
    case 'signatures/timestamp': return timestamp(state, input, faults, path);
    default:
  }
  if (method === 'credentials/sendOTP' && v === 'v1') return sendOtp(state, input);
  if (v === 'v2') {
    switch (method) {
      case 'credentials/authorizeCheck': return authorizeCheck(state, input, faults, path);
      case 'credentials/getChallenge': return sendOtp(state, input);
      case 'signatures/signPolling': return signPolling(state, input, faults, path);
      default:
    }
  }
  throw new CscRefusal('invalid_request', 'No such method', 404);
}

function requireBearer(state: CscState, bearer: string, faults: FaultPlan, path: string): void {
  const end = state.serviceTokens.get(bearer) ?? (state.sads.has(bearer) ? Infinity : undefined);
  if (end === undefined) throw new CscRefusal('invalid_token', 'The access token is not valid', 401);
  if (faults.hits('token-expired', path)) state.serviceTokens.delete(bearer);
  else if (state.ground.clock.now() < end) return;
  throw new CscRefusal('expired_token', 'The access token is expired', 401);
}

/** Any user with any password: the sandbox has no accounts. */
function login(state: CscState, request: Request): Response {
  if (!/^Basic \S+$/i.test(request.headers.get('authorization') ?? '')) throw new CscRefusal('authentication_error', 'An error occurred during authentication process', 400);
  return jsonAnswer({ access_token: issueServiceToken(state), expires_in: SERVICE_SECONDS });
}

function revoke(state: CscState, bearer: string): Response {
  state.serviceTokens.delete(bearer);
  return new Response(null, { status: 204 });
}

async function inputOf(state: CscState, request: Request, method: string): Promise<CscInput> {
  const body = await request.text();
  if (method === 'signatures/timestamp' && state.manners.formTimestamp) return Object.fromEntries(new URLSearchParams(body));
  try {
    const value: unknown = JSON.parse(body === '' ? '{}' : body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as CscInput;
  } catch {
    // Said below.
  }
  throw new CscRefusal('invalid_request', 'The request is not a JSON object');
}
