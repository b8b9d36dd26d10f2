import { SignError, type AdapterContext, type RequestNature } from '@hefu/sign';
import { readBody } from './read-body.js';
import { retryAfter } from './retry-after.js';
import { DEFAULT_HTTP_LIMITS, type Fetch, type HttpLimits } from './ports.js';

export interface HttpClientOptions {
  readonly fetch: Fetch;
  /** All paths are below it. `https:`, or `http:` on loopback. */
  readonly baseUrl: string;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpCall {
  /** For the journal: `credentials/list`. No ids, no parameters. */
  readonly name: string;
  readonly nature: RequestNature;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base, without a leading slash; may carry a query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** UTF-8 text, or octets. */
  readonly body?: string | Uint8Array;
  /** Called before each sending, for signatures that bind the time. Its headers win. */
  readonly authorise?: (now: number) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
}

/** An answer that says something: 2xx, or 4xx other than 408 and 429, whose meaning is the adapter's to find. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

export interface HttpClient {
  /**
   * @throws SignError NETWORK (lost, timed out), RATE_LIMITED (429), PROVIDER_UNAVAILABLE (408 and 5xx), PROVIDER_PROTOCOL (too large,
   * redirected), ABORTED. What may have signed has `outcome: 'unknown'` unless the provider certainly did not take the request.
   */
  send(context: AdapterContext, call: HttpCall): Promise<HttpAnswer>;
}

/**
 * Requests by the rules of core: bounded, never redirected (a redirected token would reach a stranger), without cookies, the
 * provider's clock observed, and what is known of the outcome said.
 */
export function createHttpClient({ fetch, baseUrl, limits }: HttpClientOptions): HttpClient {
  const { maxBytes, timeoutMs } = { ...DEFAULT_HTTP_LIMITS, ...limits };
  const base = requireBase(baseUrl);
  return {
    send: (context, call) => context.request(call.name, call.nature, async (signal) => {
      const url = new URL(call.path, base);
      if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) throw new SignError('ADAPTER_MISCONFIGURED', 'a request leaves its base address', { detail: 'path' });
      const lost = call.nature === 'once' ? 'unknown' : 'not-signed';
      const bound = new AbortController();
      const onAbort = (): void => bound.abort();
      signal.addEventListener('abort', onAbort, { once: true });
      const timer = new AbortController();
      let late = false;
      void context.clock.sleep(timeoutMs, timer.signal).then(() => { late = true; bound.abort(); }, () => undefined);
      const startedAt = context.clock.now();
      try {
        const extra = await call.authorise?.(startedAt);
        if (signal.aborted) throw new SignError('ABORTED', 'aborted before it was sent');
        const response = await fetch(url.href, {
          method: call.method, redirect: 'manual', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', signal: bound.signal,
          headers: { accept: 'application/json', ...call.headers, ...extra },
          ...(call.body === undefined ? {} : { body: call.body as BodyInit }),
        });
        observeTime(context, response.headers, startedAt);
        const bytes = await readBody(response, maxBytes);
        return judgeStatus(response, bytes, context, call.nature);
      } catch (cause) {
        if (cause instanceof SignError) throw cause.code === 'PROVIDER_PROTOCOL' ? new SignError('PROVIDER_PROTOCOL', cause.message, { cause, outcome: lost, ...(cause.detail === undefined ? {} : { detail: cause.detail }) }) : cause;
        if (signal.aborted) throw new SignError('ABORTED', 'aborted while it was under way', { cause, outcome: lost });
        throw new SignError('NETWORK', late ? `no complete answer within ${timeoutMs} ms` : 'the request failed', { cause, outcome: lost, detail: late ? 'timeout' : 'lost' });
      } finally {
        timer.abort();
        signal.removeEventListener('abort', onAbort);
      }
    }),
  };
}

function requireBase(baseUrl: string): URL {
  let url: URL;
  try {
    url = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  } catch (cause) {
    throw new TypeError('baseUrl is not a URL', { cause });
  }
  const loopback = url.hostname === 'localhost' || url.hostname === '127.0.0.1' || url.hostname === '[::1]';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) throw new TypeError('baseUrl is https, or http on loopback');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw new TypeError('baseUrl carries no user, query or fragment');
  return url;
}

/** RFC 9110 §6.6.1. A second's resolution; what a user's clock is off by is minutes. */
function observeTime(context: AdapterContext, headers: Headers, startedAt: number): void {
  const date = headers.get('date');
  const at = date === null ? NaN : Date.parse(date);
  if (Number.isFinite(at)) context.serverTime(at, context.clock.now() - startedAt);
}

function judgeStatus(response: Response, bytes: Uint8Array, context: AdapterContext, nature: RequestNature): HttpAnswer {
  const { status, headers } = response;
  const provider = { httpStatus: status };
  const wait = retryAfter(headers.get('retry-after'), context.clock.now());
  const after = wait === undefined ? {} : { retryAfterMs: wait };
  // 429 is said before anything is done (RFC 6585 §4); a 5xx may come from a gateway whose provider went on and signed.
  if (status === 429) throw new SignError('RATE_LIMITED', 'too many requests', { provider, outcome: 'not-signed', ...after });
  if (status === 408 || status >= 500) throw new SignError('PROVIDER_UNAVAILABLE', `HTTP ${status}`, { provider, outcome: nature === 'once' ? 'unknown' : 'not-signed', ...after });
  // `redirect: manual` shows as type opaqueredirect (status 0) in browsers and as the status itself elsewhere.
  if (status < 200 || (status >= 300 && status < 400)) throw new SignError('PROVIDER_PROTOCOL', 'redirected, which is not followed', { provider, detail: 'redirect' });
  return { status, headers, bytes };
}
