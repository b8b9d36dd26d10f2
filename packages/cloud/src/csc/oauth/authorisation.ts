import {
  authorizationCodeGrantRequest, processAuthorizationCodeResponse, processPushedAuthorizationResponse, pushedAuthorizationRequest, validateAuthResponse, type AuthorizationServer,
} from 'oauth4webapi';
import { sha256 } from '@hefu/crypto';
import { SignError, type AdapterContext, type ChallengeAnswer, type Json, type JsonObject, type QuestionChallenge } from '@hefu/sign';
import { encodeBase64url } from '@hefu/trust-list';
import type { CscOAuthClient, CscOptions } from '../ports.js';
import { unexpected } from '../read.js';
import { clientAuthOf, oauthError, requestOptions, requireOrigin } from './server.js';

/** What has to be known when the user comes back; the verifier is a secret and goes into the vault. */
export interface PendingAuthorisation {
  readonly state: string;
  readonly verifier: string;
  readonly url: string;
  readonly issuer?: string;
  /** Of a pushed request, by the clock here, epoch milliseconds: afterwards the address leads nowhere (RFC 9126 §2.2). */
  readonly expiresAt?: number;
}

export interface TokenAnswer {
  readonly token: string;
  /** Lower case: `sad`, `bearer`. */
  readonly type: string;
  readonly expiresIn: number | undefined;
  readonly details: Json | undefined;
  readonly credentialID: string | undefined;
}

type OAuthOptions = Pick<CscOptions, 'fetch' | 'limits'> & { readonly oauth: CscOAuthClient };

/** Longest address a browser and the servers on its way take for certain. */
const MAX_URL = 8000;

/** An authorization request with PKCE (RFC 7636, S256), pushed where the server has that. */
export async function beginAuthorisation(server: AuthorizationServer, options: OAuthOptions, parameters: Readonly<Record<string, string>>, context: AdapterContext): Promise<PendingAuthorisation> {
  const { clientId, redirectUri, par = 'if-supported' } = options.oauth;
  const verifier = encodeBase64url(context.random.bytes(32));
  const state = encodeBase64url(context.random.bytes(16));
  context.protect(verifier);
  const asked = {
    response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state, ...parameters,
    code_challenge: encodeBase64url(sha256.digest(new TextEncoder().encode(verifier))), code_challenge_method: 'S256',
  };
  if (server.authorization_endpoint === undefined) throw unexpected('oauth-metadata');
  const url = new URL(server.authorization_endpoint);
  // The user is sent there: neither to a program nor in the clear (RFC 9700 §4.1.2, RFC 6749 §3.1).
  requireOrigin(url);
  // A server that says which methods it has, and not this one, would go by the verifier itself or by none (RFC 9700 §2.1.1, §4.8.2).
  if (server.code_challenge_methods_supported?.includes('S256') === false) throw unexpected('pkce');
  const pushes = server.pushed_authorization_request_endpoint !== undefined;
  if (par === 'required' && !pushes) throw new SignError('ADAPTER_MISCONFIGURED', 'the server takes no pushed requests', { detail: 'par' });
  const pushed = par !== 'never' && pushes ? await push(server, options, asked, context) : undefined;
  const sent = pushed === undefined ? asked : { client_id: clientId, request_uri: pushed.requestUri };
  for (const [name, value] of Object.entries(sent)) url.searchParams.set(name, value);
  if (url.href.length > MAX_URL) throw new SignError('BATCH_TOO_LARGE', 'so many hashes fit into no address', { detail: 'url' });
  return { state, verifier, url: url.href, ...(pushed === undefined ? {} : { expiresAt: pushed.expiresAt }), ...(server.authorization_response_iss_parameter_supported === true ? { issuer: server.issuer } : {}) };
}

async function push(server: AuthorizationServer, options: OAuthOptions, asked: Readonly<Record<string, string>>, context: AdapterContext): Promise<{ readonly requestUri: string; readonly expiresAt: number }> {
  const client = { client_id: options.oauth.clientId };
  try {
    const response = await pushedAuthorizationRequest(server, client, await clientAuthOf(options.oauth, context), { ...asked }, requestOptions(options, context, 'oauth2/pushed_authorize', 'idempotent'));
    const { request_uri: requestUri, expires_in: seconds } = await processPushedAuthorizationResponse(server, client, response);
    return { requestUri, expiresAt: context.clock.now() + seconds * 1000 };
  } catch (cause) {
    throw oauthError(cause, 'oauth-par');
  }
}

export function oauthChallenge(id: string, { oauth }: OAuthOptions, { url, state, issuer, expiresAt }: PendingAuthorisation): Extract<QuestionChallenge, { type: 'oauth' }> {
  return { type: 'oauth', id, url, state, redirectUri: oauth.redirectUri, preferred: oauth.preferred ?? 'popup', ...(issuer === undefined ? {} : { issuer }), ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** The code for a token. Core has compared state and issuer; the library does so again (RFC 9207 §2.4). */
export async function completeAuthorisation(server: AuthorizationServer, options: OAuthOptions, pending: PendingAuthorisation, answer: Extract<ChallengeAnswer, { type: 'oauth' }>, context: AdapterContext): Promise<TokenAnswer> {
  const client = { client_id: options.oauth.clientId };
  let returned: URLSearchParams;
  try {
    returned = validateAuthResponse(server, client, new URLSearchParams({ code: answer.code, state: answer.state, ...(answer.issuer === undefined ? {} : { iss: answer.issuer }) }), pending.state);
  } catch {
    throw new SignError('STATE_MISMATCH', 'what came back belongs to another request', { detail: 'oauth' });
  }
  try {
    const auth = await clientAuthOf(options.oauth, context);
    const response = await authorizationCodeGrantRequest(server, client, auth, returned, options.oauth.redirectUri, pending.verifier, requestOptions(options, context, 'oauth2/token', 'once'));
    const token = await processAuthorizationCodeResponse(server, client, response, { recognizedTokenTypes: { sad: () => undefined } });
    context.protect(token.access_token);
    for (const each of [token.refresh_token, token.id_token]) if (each !== undefined) context.protect(each);
    const { credentialID, authorization_details: details } = token as unknown as JsonObject;
    return { token: token.access_token, type: token.token_type, expiresIn: token.expires_in, details, credentialID: typeof credentialID === 'string' ? credentialID : undefined };
  } catch (cause) {
    throw oauthError(cause, 'oauth-token');
  }
}
