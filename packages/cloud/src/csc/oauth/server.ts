import { allowInsecureRequests, ClientSecretBasic, customFetch, discoveryRequest, None, processDiscoveryResponse, ResponseBodyError, type AuthorizationServer, type ClientAuth } from 'oauth4webapi';
import { SignError, type AdapterContext, type RequestNature } from '@hefu/sign';
import { createHttpClient } from '../../http/client.js';
import { refusalOf } from '../errors.js';
import type { CscOAuthClient, CscOptions } from '../ports.js';
import { unexpected } from '../read.js';
import type { CscInfo } from '../service.js';

/** What the library sends goes by core's rules as everything else does. */
export interface OAuthRequestOptions {
  readonly [customFetch]: (url: string, init: { readonly method: string; readonly headers: Record<string, string>; readonly body?: unknown }) => Promise<Response>;
  /** http on loopback; that nothing else is, the HTTP client sees to. */
  readonly [allowInsecureRequests]: true;
}

export function requestOptions({ fetch, limits }: Pick<CscOptions, 'fetch' | 'limits'>, context: AdapterContext, name: string, nature: RequestNature): OAuthRequestOptions {
  return {
    [allowInsecureRequests]: true,
    [customFetch]: async (address, init) => {
      const url = new URL(address);
      const http = createHttpClient({ fetch, baseUrl: requireOrigin(url), ...(limits === undefined ? {} : { limits }) });
      const { body } = init;
      const { bytes, status, headers } = await http.send(context, {
        name, nature, method: init.method === 'GET' ? 'GET' : 'POST', path: url.pathname.slice(1) + url.search, headers: { ...init.headers },
        ...(body === undefined || body === null ? {} : { body: String(body) }),
      });
      return new Response(status === 204 ? null : (bytes as Uint8Array<ArrayBuffer>), { status, headers });
    },
  };
}

/** @throws SignError PROVIDER_PROTOCOL for an address that is neither https nor on loopback */
export function requireOrigin(url: URL): string {
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) throw unexpected('oauth-address');
  return url.origin;
}

/** The server's metadata (RFC 8414), or what the API fixes of the paths below `oauth2` (CSC API §8.4). */
export async function authorizationServer(options: Pick<CscOptions, 'fetch' | 'limits'>, { oauth, methods }: CscInfo, context: AdapterContext): Promise<AuthorizationServer> {
  if (oauth === undefined) throw unexpected('no-authorization-server');
  try {
    if ('issuer' in oauth) {
      const issuer = new URL(oauth.issuer);
      return await processDiscoveryResponse(issuer, await discoveryRequest(issuer, { algorithm: 'oauth2', ...requestOptions(options, context, 'oauth2/metadata', 'read') }));
    }
    const base = oauth.base.endsWith('/') ? oauth.base : `${oauth.base}/`;
    return {
      issuer: new URL(base).origin, authorization_endpoint: `${base}oauth2/authorize`, token_endpoint: `${base}oauth2/token`, revocation_endpoint: `${base}oauth2/revoke`,
      ...(methods.includes('oauth2/pushed_authorize') ? { pushed_authorization_request_endpoint: `${base}oauth2/pushed_authorize` } : {}),
    };
  } catch (cause) {
    throw oauthError(cause, 'oauth-metadata');
  }
}

export async function clientAuthOf({ clientSecret }: CscOAuthClient, context: AdapterContext): Promise<ClientAuth> {
  if (clientSecret === undefined) return None();
  const secret = await clientSecret();
  context.protect(secret);
  return ClientSecretBasic(secret);
}

/** What the library throws, in core's words; neither the answer nor its parameters are kept, which hold codes and tokens. */
export function oauthError(cause: unknown, what: string): SignError {
  if (cause instanceof SignError) return cause;
  if (cause instanceof ResponseBodyError) return refusalOf(cause.status, { error: cause.error, error_description: cause.error_description ?? '' });
  return unexpected(what);
}
