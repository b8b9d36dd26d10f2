import { assessEndpoint, UpdaterError, type Fetcher, type FetchRequest, type FetchResult } from '@hefu/updater';
import { readBounded } from '../read-bounded.js';

export interface BrowserFetcherOptions {
  readonly fetch?: typeof fetch;
  /** The page's own address. Default `location.href`. */
  readonly page?: string;
}

/**
 * A Fetcher over `fetch`: without credentials, referrer or cache, bounded in octets and time. The browser follows redirects by itself, so
 * they are judged where they ended; it resolves names by itself, so an address is judged as it is written, and what lies behind
 * is left to the browser's own rules. A peer that lets no page read it is CORS_REFUSED, told from one that is not there.
 */
export function browserFetcher(options: BrowserFetcherOptions = {}): Fetcher {
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const page = new URL(options.page ?? location.href);
  return {
    async fetch(request) {
      const url = assess(request.url, request.allowPrivateAddresses || isOwn(request.url, page), page);
      const ending = new AbortController();
      let why: UpdaterError | undefined;
      const end = (error: UpdaterError): void => {
        why ??= error;
        ending.abort();
      };
      const timeout = setTimeout(() => end(new UpdaterError('TIMEOUT', `no complete answer within ${request.timeoutMs} ms`, { url: request.url })), request.timeoutMs);
      const onAbort = (): void => end(new UpdaterError('ABORTED', 'aborted by the caller', { url: request.url }));
      if (request.signal?.aborted === true) onAbort();
      request.signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await exchange(send, url, request, page, ending.signal);
      } catch (error) {
        throw why ?? (error instanceof UpdaterError ? error : await explain(send, url, page, error, ending.signal));
      } finally {
        clearTimeout(timeout);
        request.signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}

async function exchange(send: typeof fetch, url: URL, request: FetchRequest, page: URL, signal: AbortSignal): Promise<FetchResult> {
  const { post, maxBytes, maxRedirects, accept, allowPrivateAddresses } = request;
  const response = await send(url.href, {
    method: post === undefined ? 'GET' : 'POST', mode: 'cors', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', signal,
    redirect: maxRedirects > 0 ? 'follow' : 'error',
    headers: { ...(accept === undefined ? {} : { accept }), ...(post === undefined ? {} : { ...post.headers, 'content-type': post.contentType }) },
    ...(post === undefined ? {} : { body: post.body.slice() }),
  });
  const finalUrl = response.url === '' ? url.href : response.url;
  // What the operator named may be private; where its server sent us on to may not.
  if (response.redirected) assess(finalUrl, isOwn(finalUrl, page) || (allowPrivateAddresses && new URL(finalUrl).hostname === url.hostname), page);
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  if (announced > maxBytes) throw new UpdaterError('TOO_LARGE', `${announced} octets announced, at most ${maxBytes}`, { url: finalUrl });
  const contentType = response.headers.get('content-type');
  const bytes = await readBounded(
    response.body, maxBytes,
    () => new UpdaterError('TOO_LARGE', `more than ${maxBytes} octets`, { url: finalUrl }),
    (cause, read) => new UpdaterError('TRUNCATED', `broken off after ${read} octets`, { url: finalUrl, cause }),
  );
  return { status: response.status, bytes, finalUrl, ...(contentType === null ? {} : { contentType }) };
}

/**
 * What a TypeError of `fetch` stands for. It says the same of a server that is down and of one that has no CORS header; a
 * request whose answer nobody may read (Fetch standard, `no-cors`) succeeds for the second alone.
 */
async function explain(send: typeof fetch, url: URL, page: URL, cause: unknown, signal: AbortSignal): Promise<UpdaterError> {
  if (url.origin === page.origin) return new UpdaterError('CONNECT_FAILED', 'no connection', { url: url.href, cause });
  try {
    const opaque = await send(url.href, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', signal });
    void opaque.body?.cancel().catch(() => undefined);
    return new UpdaterError('CORS_REFUSED', `${url.host} answers, but lets no page of ${page.origin} read it: ask by way of your backend`, { url: url.href, cause });
  } catch {
    return new UpdaterError('CONNECT_FAILED', 'no connection, or a policy of the page forbids it', { url: url.href, cause });
  }
}

function isOwn(url: string, page: URL): boolean {
  try {
    return new URL(url, page).origin === page.origin;
  } catch {
    return false;
  }
}

function assess(address: string, privateAllowed: boolean, page: URL): URL {
  // The page's own server is where the page came from, whatever its name and port.
  const own = isOwn(address, page);
  const assessed = own ? undefined : assessEndpoint(address, { origin: privateAllowed ? 'list' : 'certificate' });
  if (assessed?.allowed === false) throw new UpdaterError(assessed.code, assessed.reason, { url: address });
  const url = new URL(assessed === undefined ? address : assessed.url, page);
  if (page.protocol === 'https:' && url.protocol === 'http:') throw new UpdaterError('MIXED_CONTENT', 'a page that came over https may not ask over http: ask by way of your backend', { url: url.href });
  return url;
}
