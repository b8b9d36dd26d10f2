import type { LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { assessEndpoint, classifyAddress, UpdaterError, type Fetcher, type FetchRequest, type FetchResult } from '@hefu/updater';
import { isSameService } from './same-service.js';

export interface NodeFetcherOptions {
  /** No octet for this long ends the transfer (TIMEOUT). Default 5 s. */
  readonly idleTimeoutMs?: number;
  /** Octets of response headers. Default 16 KiB, Node's own. */
  readonly maxHeaderBytes?: number;
  /** `User-Agent`. Default `hefu`. */
  readonly userAgent?: string;
  /** Additional roots for TLS, PEM: intranet mirrors have their own. TLS is not what evidence is trusted by. */
  readonly ca?: string | readonly string[];
  /** Name resolution: every address of a name. Default the system's (`getaddrinfo`). */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * A Fetcher over `node:http` and `node:https`: GET and POST without proxy, cookies, kept connections or decompression.
 * Redirects are followed by hand, each judged by `assessEndpoint`; where private addresses are not allowed, every
 * resolved address is judged before the connection is made to it, so a name that changes its mind gains nothing. A private
 * address that is allowed is so at the scheme, host and port that were named, and from http to https at their own ports.
 */
export function nodeFetcher(options: NodeFetcherOptions = {}): Fetcher {
  const resolve = options.resolve ?? resolveWithSystem;
  return {
    async fetch(request) {
      const named = assess(request.url, request.allowPrivateAddresses);
      const timer = new AbortController();
      const timeout = setTimeout(() => timer.abort(new UpdaterError('TIMEOUT', `no complete answer within ${request.timeoutMs} ms`, { url: request.url })), request.timeoutMs);
      const onAbort = (): void => timer.abort(new UpdaterError('ABORTED', 'aborted by the caller', { url: request.url }));
      if (request.signal?.aborted === true) onAbort();
      request.signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await follow(named, request, options, resolve, timer.signal);
      } finally {
        clearTimeout(timeout);
        request.signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}

type Resolve = NonNullable<NodeFetcherOptions['resolve']>;

async function follow(named: URL, request: FetchRequest, options: NodeFetcherOptions, resolve: Resolve, signal: AbortSignal): Promise<FetchResult> {
  const seen = new Set<string>();
  let url = named;
  for (;;) {
    if (seen.has(url.href)) throw new UpdaterError('REDIRECT_LOOP', 'redirected to where it came from', { url: url.href });
    if (seen.size > request.maxRedirects) throw new UpdaterError('REDIRECTS_EXCEEDED', `more than ${request.maxRedirects} redirects`, { url: url.href });
    seen.add(url.href);
    // What the operator named may be private; where its server sends us on to may not.
    const privateAllowed = request.allowPrivateAddresses && isSameService(named, url);
    const answer = await getOnce(url, request, privateAllowed, options, resolve, signal);
    if ('result' in answer) return answer.result;
    let next: URL;
    try {
      next = new URL(answer.location, url);
    } catch (error) {
      throw new UpdaterError('URL_INVALID', 'redirected to something that is not a URL', { url: url.href, cause: error });
    }
    url = assess(next.href, request.allowPrivateAddresses && isSameService(named, next));
  }
}

function assess(url: string, privateAllowed: boolean): URL {
  const assessed = assessEndpoint(url, { origin: privateAllowed ? 'list' : 'certificate' });
  if (!assessed.allowed) throw new UpdaterError(assessed.code, assessed.reason, { url });
  return new URL(assessed.url);
}

type Answer = { readonly result: FetchResult } | { readonly location: string };

async function getOnce(url: URL, request: FetchRequest, privateAllowed: boolean, options: NodeFetcherOptions, resolve: Resolve, signal: AbortSignal): Promise<Answer> {
  const secure = url.protocol === 'https:';
  // Loaded when something is fetched: together they are a tenth of what Node.js takes to start.
  const protocol = secure ? await import('node:https') : await import('node:http');
  const ca = secure && options.ca !== undefined ? { ca: await tlsRoots(options.ca) } : {};
  return new Promise((settle, reject) => {
    const fail = (error: unknown): void => {
      reject(failureOf(error, url, signal));
      outgoing.destroy();
    };
    const outgoing = protocol.request(url, {
      method: request.post === undefined ? 'GET' : 'POST',
      // An agent of its own: no kept connection, and no proxy that the environment sets for the shared one.
      agent: new protocol.Agent({ keepAlive: false }),
      headers: {
        accept: request.accept ?? '*/*',
        'accept-encoding': 'identity',
        'user-agent': options.userAgent ?? 'hefu',
        connection: 'close',
        ...(request.post === undefined ? {} : { ...request.post.headers, 'content-type': request.post.contentType, 'content-length': request.post.body.length }),
      },
      lookup: guardedLookup(resolve, privateAllowed),
      maxHeaderSize: options.maxHeaderBytes ?? 16 * 1024,
      insecureHTTPParser: false,
      signal,
      ...ca,
    });
    outgoing.setTimeout(options.idleTimeoutMs ?? 5000, () => fail(new UpdaterError('TIMEOUT', 'the peer fell silent', { url: url.href })));
    outgoing.on('error', fail);
    outgoing.on('socket', (socket) => {
      // The address really connected to, whatever resolved it.
      socket.on('connect', () => {
        const address = socket.remoteAddress ?? '';
        if (!privateAllowed && classifyAddress(address) !== 'public') fail(addressRefused(address));
      });
    });
    outgoing.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const location = response.headers.location;
      // 301 to 303 turn a POST into a GET: the question would be lost.
      if (REDIRECTS.has(status) && location !== undefined && (request.post === undefined || status >= 307)) {
        settle({ location });
        response.destroy();
        return;
      }
      readBody(response, request.maxBytes, url.href).then(
        (bytes) => {
          const contentType = response.headers['content-type'];
          settle({ result: { status, bytes, finalUrl: url.href, ...(contentType === undefined ? {} : { contentType }) } });
        },
        fail,
      );
    });
    outgoing.end(request.post?.body);
  });
}

async function readBody(response: IncomingMessage, maxBytes: number, url: string): Promise<Uint8Array> {
  const encoding = response.headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw new UpdaterError('ENCODING_REFUSED', `content encoding ${encoding.slice(0, 40)}`, { url });
  }
  const announced = Number(response.headers['content-length'] ?? Number.NaN);
  if (announced > maxBytes) throw new UpdaterError('TOO_LARGE', `${announced} octets announced, at most ${maxBytes}`, { url });
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > maxBytes) throw new UpdaterError('TOO_LARGE', `more than ${maxBytes} octets`, { url });
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof UpdaterError || (error as { code?: unknown }).code === 'ABORT_ERR') throw error;
    const code = (error as { code?: unknown }).code === 'ECONNRESET' ? 'TRUNCATED' : 'FETCH_FAILED';
    throw new UpdaterError(code, `broken off after ${length} octets`, { url, cause: error });
  }
  if (!response.complete) throw new UpdaterError('TRUNCATED', `broken off after ${length} octets`, { url });
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** Resolution that hands out only addresses that may be connected to; one refused address refuses the name. */
function guardedLookup(resolve: Resolve, privateAllowed: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const refused = privateAllowed ? undefined : addresses.find(({ address }) => classifyAddress(address) !== 'public');
        const [first] = addresses;
        if (refused !== undefined) callback(addressRefused(refused.address), '', 0);
        else if (first === undefined) callback(new UpdaterError('CONNECT_FAILED', `${hostname} has no address`), '', 0);
        else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error('name resolution failed'), '', 0),
    );
  };
}

async function resolveWithSystem(hostname: string): Promise<readonly LookupAddress[]> {
  const { lookup } = await import('node:dns/promises');
  return lookup(hostname, { all: true, verbatim: true });
}

function addressRefused(address: string): UpdaterError {
  return new UpdaterError('ADDRESS_REFUSED', `${classifyAddress(address) ?? 'unknown'} address ${address.slice(0, 60)}`);
}

async function tlsRoots(extra: string | readonly string[]): Promise<string[]> {
  const { rootCertificates } = await import('node:tls');
  return [...rootCertificates, ...(typeof extra === 'string' ? [extra] : extra)];
}

function failureOf(error: unknown, url: URL, signal: AbortSignal): UpdaterError {
  if (signal.aborted && signal.reason instanceof UpdaterError) return signal.reason;
  if (error instanceof UpdaterError) return error.url === undefined ? new UpdaterError(error.code, error.message, { url: url.href, cause: error }) : error;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  const known = typeof code === 'string' ? code : 'unknown';
  const connecting = syscall === 'connect' || syscall === 'getaddrinfo' || /^(ERR_TLS|CERT|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|EPROTO|ERR_SSL)/.test(known);
  return new UpdaterError(connecting ? 'CONNECT_FAILED' : 'FETCH_FAILED', `${known}`, { url: url.href, cause: error });
}
