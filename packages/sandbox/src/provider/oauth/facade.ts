import { jsonAnswer, type Facade } from '../facade.js';
import type { FaultPlan } from '../fault-plan.js';
import { CscRefusal } from '../csc/request.js';
import type { CscState } from '../csc/state.js';
import { authorizationPage } from './page.js';
import { tokenFor } from './token.js';

export const OAUTH_FAULTS = [
  'oauth-state', 'oauth-issuer', 'oauth-no-issuer', 'rar-other-digests', 'rar-other-credential', 'rar-not-echoed', 'rar-other-type', 'rar-more', 'rar-refused', 'grant-refused', 'par-refused', 'par-redirect', 'token-type',
] as const;
/** Of its metadata: of another server, without S256, with an address that is a program, or one without TLS. */
export const METADATA_FAULTS = ['metadata-issuer', 'metadata-plain', 'metadata-script', 'metadata-http'] as const;

const REQUEST_SECONDS = 90;
const CODE_MS = 60_000;

/** `/.well-known/oauth-authorization-server` (RFC 8414). */
export function metadataFacade(state: CscState): Facade {
  const { baseUrl } = state.ground;
  return {
    path: '/.well-known/oauth-authorization-server', faults: METADATA_FAULTS,
    handle: ({ url }, faults) => jsonAnswer({
      issuer: hits(faults, url, 'metadata-issuer') ? 'https://other.example' : baseUrl,
      authorization_endpoint: hits(faults, url, 'metadata-script') ? 'javascript:alert(1)' : hits(faults, url, 'metadata-http') ? 'http://other.example/authorize' : `${baseUrl}/oauth2/authorize`, token_endpoint: `${baseUrl}/oauth2/token`, revocation_endpoint: `${baseUrl}/oauth2/revoke`,
      pushed_authorization_request_endpoint: `${baseUrl}/oauth2/pushed_authorize`, response_types_supported: ['code'], grant_types_supported: ['authorization_code', 'client_credentials'],
      code_challenge_methods_supported: hits(faults, url, 'metadata-plain') ? ['plain'] : ['S256'], authorization_response_iss_parameter_supported: true, scopes_supported: ['service', 'credential'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
      authorization_details_types_supported: ['credential', 'https://cloudsignatureconsortium.org/2025/credential'],
    }),
  };
}

const hits = (faults: FaultPlan, url: string, name: (typeof METADATA_FAULTS)[number]): boolean => faults.hits(name, new URL(url).pathname);

/** `/oauth2/`: authorization code with PKCE, pushed and rich authorization requests, client credentials. Any client may come: they are toys as well. */
export function oauthFacade(state: CscState): Facade {
  return {
    path: '/oauth2/', faults: OAUTH_FAULTS,
    async handle(request, faults) {
      const url = new URL(request.url);
      const form = new URLSearchParams(request.method === 'POST' ? await request.text() : '');
      try {
        switch (url.pathname.slice('/oauth2/'.length)) {
          case 'authorize': return request.method === 'POST' ? decide(state, form, faults, url.pathname) : page(state, url.searchParams);
          case 'pushed_authorize': return push(state, form, faults, url.pathname);
          case 'token': return jsonAnswer(tokenFor(state, form, faults, url.pathname), 200, { 'cache-control': 'no-store' });
          case 'revoke':
            state.sads.delete(form.get('token') ?? '');
            state.serviceTokens.delete(form.get('token') ?? '');
            return new Response(null, { status: 200 });
          default: return new Response(null, { status: 404 });
        }
      } catch (error) {
        if (error instanceof CscRefusal) return error.answer();
        throw error;
      }
    },
  };
}

/** Pushed authorization request (RFC 9126). */
function push(state: CscState, form: URLSearchParams, faults: FaultPlan, path: string): Response {
  if (faults.hits('par-redirect', path)) throw new CscRefusal('invalid_request', 'The redirect_uri is not registered');
  if (faults.hits('rar-refused', path)) throw new CscRefusal('invalid_authorization_details', 'The type is not known');
  if (faults.hits('par-refused', path)) throw new CscRefusal('invalid_request', 'The pushed request is refused');
  const parameters = Object.fromEntries(form);
  requireParameters(parameters);
  const uri = `urn:ietf:params:oauth:request_uri:${state.ground.token('par')}`;
  state.requests.set(uri, { parameters, expiresAt: state.ground.clock.now() + REQUEST_SECONDS * 1000 });
  return jsonAnswer({ request_uri: uri, expires_in: REQUEST_SECONDS }, 201);
}

/** What was asked, pushed or in the address. */
function parametersOf(state: CscState, given: URLSearchParams): Readonly<Record<string, string>> {
  const uri = given.get('request_uri');
  if (uri === null) {
    const parameters = Object.fromEntries(given);
    requireParameters(parameters);
    return parameters;
  }
  const pushed = state.requests.get(uri);
  if (pushed === undefined || pushed.parameters['client_id'] !== given.get('client_id')) throw new CscRefusal('invalid_request', 'Unknown request_uri');
  if (state.ground.clock.now() >= pushed.expiresAt) throw new CscRefusal('invalid_request', 'The request_uri is expired');
  return pushed.parameters;
}

function requireParameters(parameters: Readonly<Record<string, string>>): void {
  for (const name of ['client_id', 'redirect_uri', 'state']) if ((parameters[name] ?? '') === '') throw new CscRefusal('invalid_request', `Missing parameter ${name}`);
  if (parameters['response_type'] !== 'code') throw new CscRefusal('unsupported_response_type', 'Only code is supported');
  if (parameters['code_challenge_method'] !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(parameters['code_challenge'] ?? '')) throw new CscRefusal('invalid_request', 'PKCE with S256 is required');
}

function page(state: CscState, given: URLSearchParams): Response {
  return new Response(authorizationPage(parametersOf(state, given), given), { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } });
}

/** The user pressed a button, or a script did: back to the client. */
function decide(state: CscState, form: URLSearchParams, faults: FaultPlan, path: string): Response {
  const decision = form.get('decision');
  form.delete('decision');
  const parameters = parametersOf(state, form);
  const back = new URL(parameters['redirect_uri']!);
  if (decision === 'approve') {
    const code = state.ground.token('code');
    state.codes.set(code, { parameters, expiresAt: state.ground.clock.now() + CODE_MS });
    back.searchParams.set('code', code);
  } else {
    back.searchParams.set('error', 'access_denied');
  }
  back.searchParams.set('state', faults.hits('oauth-state', path) ? 'state-of-somebody-else' : parameters['state']!);
  if (!faults.hits('oauth-no-issuer', path)) back.searchParams.set('iss', faults.hits('oauth-issuer', path) ? 'https://other.example' : state.ground.baseUrl);
  if (form.get('request_uri') !== null) state.requests.delete(form.get('request_uri')!);
  return new Response(null, { status: 302, headers: { location: back.href } });
}
