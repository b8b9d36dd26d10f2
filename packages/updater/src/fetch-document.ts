import { assessEndpoint } from './endpoint.js';
import { UpdaterError } from './error.js';
import type { UpdaterLimits } from './limits.js';
import type { Fetcher } from './ports.js';

export interface DocumentRequest {
  readonly url: string;
  readonly maxBytes: number;
  /** Milliseconds left for everything of which this is one request. */
  readonly remaining: number;
  readonly limits: UpdaterLimits;
  readonly signal: AbortSignal | undefined;
}

/**
 * Gets a document from an address that the operator or a verified document names, so it may be private.
 * @returns undefined when the server says that there is none (404, 410)
 * @throws UpdaterError
 */
export async function fetchDocument(fetcher: Fetcher, { url, maxBytes, remaining, limits, signal }: DocumentRequest): Promise<Uint8Array | undefined> {
  const assessed = assessEndpoint(url, { origin: 'list', maxUrlLength: limits.maxUrlLength });
  if (!assessed.allowed) throw new UpdaterError(assessed.code, assessed.reason);
  if (remaining <= 0) throw new UpdaterError('LIMIT', 'the time of this refresh is spent');
  const { status, bytes, finalUrl } = await fetcher.fetch({
    url: assessed.url,
    maxBytes,
    timeoutMs: Math.min(limits.requestTimeoutMs, remaining),
    maxRedirects: limits.maxRedirects,
    allowPrivateAddresses: true,
    accept: 'application/jose+json, application/json;q=0.9, */*;q=0.1',
    ...(signal === undefined ? {} : { signal }),
  });
  if (status === 404 || status === 410) return undefined;
  if (status !== 200) throw new UpdaterError('HTTP_STATUS', `HTTP status ${status}`, { url: finalUrl });
  if (bytes.length > maxBytes) throw new UpdaterError('TOO_LARGE', `${bytes.length} octets, at most ${maxBytes}`, { url: finalUrl });
  return bytes;
}
