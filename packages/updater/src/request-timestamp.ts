import {
  buildTimeStampRequest, equalBytes, parseTimeStampRequest, parseTimeStampResponse, parseTimeStampToken, PkiError, type ImprintToWrite, type MessageImprint, type TimeStampRequest, type TimeStampResponse,
} from '@hefu/pki';
import { assessEndpoint } from './endpoint.js';
import { UpdaterError, type UpdaterErrorCode } from './error.js';
import { withUpdaterLimits, type UpdaterLimits } from './limits.js';
import type { Fetcher } from './ports.js';
import { throwIfAborted } from './single-flight.js';

export interface TimestampRequest {
  /** What is to be stamped: the OID of a digest, and its value. */
  readonly imprint: ImprintToWrite;
  /** Authorities in the order in which they are asked; the next one only when the one before gave no token. They come from the caller's list or configuration, so they may be private. */
  readonly urls: readonly string[];
  /** OID of the policy wanted; a token under another one is refused. */
  readonly policy?: string;
  readonly signal?: AbortSignal;
}

export interface TimestampPorts {
  readonly fetcher: Fetcher;
  /** Octets nobody can foresee, for the nonce. */
  readonly randomBytes: (length: number) => Uint8Array;
  readonly limits?: Partial<UpdaterLimits>;
}

/** One authority that gave no token. */
export interface TimestampAttempt {
  readonly url: string;
  readonly error: UpdaterError;
}

export interface TimestampGranted {
  /** DER of the TimeStampToken. Over the imprint asked, with the nonce sent; whether its signer may be believed is for the judge. */
  readonly token: Uint8Array;
  /** The authority that gave it. */
  readonly url: string;
  /** Those asked before. */
  readonly failed: readonly TimestampAttempt[];
}

const NONCE_OCTETS = 16;

/** Failures before any answer: nothing was issued, so the same authority may be asked once more. */
const NOTHING_ISSUED: readonly UpdaterErrorCode[] = ['CONNECT_FAILED'];

/**
 * Has something time-stamped (RFC 3161 §3.4, over HTTP): asks one authority after the other until one gives a token that
 * answers this very request. No trust decision is taken here.
 * @throws UpdaterError ABORTED when the caller gave up; with one authority asked its own error, with several
 * TIMESTAMP_UNAVAILABLE with the attempts in `cause`
 * @throws TypeError without a URL
 */
export async function requestTimestamp(ports: TimestampPorts, request: TimestampRequest): Promise<TimestampGranted> {
  if (request.urls.length === 0) throw new TypeError('no time-stamp authority to ask');
  const limits = withUpdaterLimits(ports.limits);
  const failed: TimestampAttempt[] = [];
  for (const [index, url] of request.urls.entries()) {
    throwIfAborted(request.signal);
    try {
      if (index >= limits.maxTimestampAuthorities) throw new UpdaterError('LIMIT', `not asked: ${limits.maxTimestampAuthorities} authorities were`, { url });
      return { token: await askTwice(ports, limits, request, url), url, failed };
    } catch (error) {
      // The signal's end counts as one, however the fetcher says it.
      throwIfAborted(request.signal);
      if (!(error instanceof UpdaterError) || error.code === 'ABORTED') throw error;
      failed.push({ url, error });
    }
  }
  if (failed.length === 1) throw failed[0]!.error;
  throw new UpdaterError('TIMESTAMP_UNAVAILABLE', failed.map(({ url, error }) => `${url}: ${error.code}`).join('; '), { cause: failed });
}

async function askTwice(ports: TimestampPorts, limits: UpdaterLimits, request: TimestampRequest, url: string): Promise<Uint8Array> {
  try {
    return await ask(ports, limits, request, url);
  } catch (error) {
    throwIfAborted(request.signal);
    if (!(error instanceof UpdaterError) || !NOTHING_ISSUED.includes(error.code)) throw error;
    return ask(ports, limits, request, url);
  }
}

async function ask({ fetcher, randomBytes }: TimestampPorts, limits: UpdaterLimits, { imprint, policy, signal }: TimestampRequest, address: string): Promise<Uint8Array> {
  const endpoint = assessEndpoint(address, { origin: 'list', maxUrlLength: limits.maxUrlLength });
  if (!endpoint.allowed) throw new UpdaterError(endpoint.code, endpoint.reason, { url: address });
  const body = buildTimeStampRequest({ ...imprint, nonce: randomBytes(NONCE_OCTETS), ...(policy === undefined ? {} : { reqPolicy: policy }) });
  const { status, bytes, finalUrl, contentType } = await fetcher.fetch({
    url: endpoint.url,
    maxBytes: limits.maxTimestampBytes,
    timeoutMs: limits.requestTimeoutMs,
    maxRedirects: limits.maxRedirects,
    allowPrivateAddresses: true,
    accept: 'application/timestamp-reply',
    post: { body, contentType: 'application/timestamp-query' },
    ...(signal === undefined ? {} : { signal }),
  });
  if (status !== 200) throw new UpdaterError('HTTP_STATUS', `HTTP status ${status}`, { url: finalUrl });
  if (bytes.length > limits.maxTimestampBytes) throw new UpdaterError('TOO_LARGE', `${bytes.length} octets, at most ${limits.maxTimestampBytes}`, { url: finalUrl });
  try {
    return tokenFor(parseTimeStampRequest(body), parseTimeStampResponse(bytes, { maxTimeStampBytes: limits.maxTimestampBytes }), finalUrl);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new UpdaterError('NOT_PARSED', `not a time-stamp response (${error.code}; ${contentType ?? 'no media type'})`, { url: finalUrl, cause: error });
  }
}

/** RFC 3161 §2.4.2: granted, over what was asked, with the nonce sent, under the policy wanted. */
function tokenFor(asked: TimeStampRequest, { status, statusText, failures, token }: TimeStampResponse, url: string): Uint8Array {
  if (token === undefined) {
    const said = [status, ...failures, ...statusText.slice(0, 1).map((text) => text.replace(/[\p{Cc}\u2028\u2029]/gu, '\ufffd').slice(0, 200))];
    throw new UpdaterError('TIMESTAMP_REJECTED', said.join(', '), { url });
  }
  const { messageImprint, nonce, policy } = parseTimeStampToken(token).tstInfo;
  if (!sameImprint(messageImprint, asked.messageImprint)) throw new UpdaterError('TIMESTAMP_MISMATCH', 'the token is over another imprint', { url });
  if (nonce === undefined || !equalBytes(nonce, asked.nonce!)) throw new UpdaterError('TIMESTAMP_MISMATCH', 'the nonce that was sent did not come back', { url });
  if (asked.reqPolicy !== undefined && policy !== asked.reqPolicy) throw new UpdaterError('TIMESTAMP_MISMATCH', `policy ${policy} instead of ${asked.reqPolicy}`, { url });
  return token;
}

function sameImprint(a: MessageImprint, b: MessageImprint): boolean {
  return a.hashAlgorithm.oid === b.hashAlgorithm.oid && equalBytes(a.hashedMessage, b.hashedMessage);
}
