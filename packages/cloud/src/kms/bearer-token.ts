import { SignError, type AdapterContext } from '@hefu/sign';
import { createHttpClient } from '../http/client.js';
import { jsonOf } from '../http/json.js';
import type { Fetch, HttpLimits } from '../http/ports.js';
import { optionalText, protocolError, textOf } from './read-answer.js';

/**
 * A bearer token for a service: from the platform's metadata, or made by `googleServiceAccount` and `azureClientCertificate`.
 * @param renew the one given last was refused
 */
export type TokenSource = (context: AdapterContext, renew: boolean) => Promise<string>;

export interface TokenExchangeOptions {
  readonly fetch: Fetch;
  /** Of the authorisation server (RFC 6749 §3.2). */
  readonly endpoint: string;
  readonly limits?: Partial<HttpLimits>;
  /** The members of the request, an assertion among them. */
  readonly form: (context: AdapterContext, now: number) => Promise<Readonly<Record<string, string>>>;
}

/** Before a token ends it is replaced, milliseconds. */
const EARLY_MS = 60_000;

/** Exchanges an assertion for access tokens (RFC 7521 §4) and keeps the last one in memory until shortly before it ends. */
export function createTokenExchange({ fetch, endpoint, limits, form }: TokenExchangeOptions): TokenSource {
  const url = new URL(endpoint);
  const http = createHttpClient({ fetch, baseUrl: url.origin, ...(limits === undefined ? {} : { limits }) });
  let kept: { readonly token: string; readonly until: number } | undefined;
  return async (context, renew) => {
    const now = context.clock.now();
    if (!renew && kept !== undefined && now < kept.until) return kept.token;
    kept = undefined;
    const members = await form(context, now);
    for (const name of ['assertion', 'client_assertion']) if (members[name] !== undefined) context.protect(members[name]);
    const answer = await http.send(context, {
      name: 'token', nature: 'read', method: 'POST', path: url.pathname.slice(1),
      headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(members).toString(),
    });
    const json = jsonOf(answer, 'read');
    if (answer.status >= 400) {
      const code = optionalText(json['error']);
      throw new SignError('ADAPTER_MISCONFIGURED', 'the authorisation server gives no token', { detail: 'account-credentials', provider: { httpStatus: answer.status, ...(code === undefined ? {} : { code }) } });
    }
    const token = textOf(json, 'access_token');
    const seconds = json['expires_in'];
    if (typeof seconds !== 'number' || !(seconds > 0)) throw protocolError('expires_in');
    context.protect(token);
    kept = { token, until: now + seconds * 1000 - EARLY_MS };
    return token;
  };
}
