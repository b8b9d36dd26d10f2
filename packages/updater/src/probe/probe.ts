import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import { buildCertId, namesEqual, ocspRequestFor, parseOcspResponse, PkiError, type Certificate } from '@hefu/pki';
import { assessEndpoint } from '../endpoint.js';
import { UpdaterError } from '../error.js';
import { fetchCrl } from '../fetch-crl.js';
import { withUpdaterLimits, type UpdaterLimits } from '../limits.js';
import type { Clock, Fetcher, FetchRequest, FetchResult } from '../ports.js';
import { throwIfAborted } from '../single-flight.js';
import { crlAuthority, ocspAuthority } from './authority.js';
import type { ProbeFacts } from './probe-facts.js';
import { readTimeStampAnswer, timeStampQuestion } from './probe-tsa.js';
import type { ProbeTarget } from './probe-target.js';

export interface ProbeOptions {
  readonly fetcher: Fetcher;
  readonly clock: Clock;
  readonly algorithms: Algorithms;
  readonly limits?: Partial<UpdaterLimits>;
  readonly signal?: AbortSignal;
  /** Told of each address as it is done. */
  readonly onFacts?: (facts: ProbeFacts, done: number, of: number) => void;
}

/** Octets of a TimeStampResp: a token with its certificates stays below. */
const MAX_TSA_BYTES = 256 * 1024;

/** A serial number nobody is known to have. A CA that gave it all the same answers all the same. */
const NOBODYS_SERIAL = Uint8Array.of(0x00, 0xff, 0x68, 0x65, 0x66, 0x75, 0x20, 0x70, 0x72, 0x6f, 0x62, 0x65, 0x00, 0x00, 0x00, 0x01);

/**
 * Tries every address once, `limits.parallelism` at a time, and says what came. Facts are in the order of the targets.
 * @throws UpdaterError ABORTED by the signal only; whatever an address does is a fact
 */
export async function probe(targets: readonly ProbeTarget[], options: ProbeOptions): Promise<readonly ProbeFacts[]> {
  const limits = withUpdaterLimits(options.limits);
  const facts: ProbeFacts[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < targets.length; index = next++) {
      throwIfAborted(options.signal);
      const found = await probeOne(targets[index]!, options, limits);
      throwIfAborted(options.signal);
      facts[index] = found;
      options.onFacts?.(found, ++done, targets.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limits.parallelism, targets.length)) }, work));
  return facts;
}

type Seen = Pick<ProbeFacts, 'crl' | 'ocsp' | 'tsa'>;

async function probeOne(target: ProbeTarget, options: ProbeOptions, limits: UpdaterLimits): Promise<ProbeFacts> {
  const { clock, fetcher } = options;
  const at = clock.now();
  let until = at;
  let result: FetchResult | undefined;
  const timed: Fetcher = {
    async fetch(request) {
      try {
        result = await fetcher.fetch(request);
        return result;
      } finally {
        until = clock.now();
      }
    },
  };
  let seen: Seen = {};
  let failure: ProbeFacts['failure'];
  try {
    const assessed = assessEndpoint(target.url, { origin: target.origin, maxUrlLength: limits.maxUrlLength });
    if (!assessed.allowed) throw new UpdaterError(assessed.code, assessed.reason);
    const request = {
      url: assessed.url, timeoutMs: limits.requestTimeoutMs, maxRedirects: limits.maxRedirects, allowPrivateAddresses: target.origin === 'list',
      signal: options.signal ?? new AbortController().signal,
    };
    seen = target.kind === 'crl' ? await askCrl(target, request, timed, options, limits) : target.kind === 'ocsp' ? await askOcsp(target, request, timed, options, limits, at) : await askTsa(request, timed, options);
  } catch (error) {
    const known = error instanceof UpdaterError ? error : error instanceof PkiError ? new UpdaterError('NOT_PARSED', `${error.code}: ${error.message}`) : undefined;
    if (known === undefined) throw error;
    failure = { code: known.code, detail: known.message.replace(/[\p{Cc}\u2028\u2029]/gu, '\ufffd').slice(0, 300) };
  }
  return {
    kind: target.kind,
    url: target.url,
    origin: target.origin,
    ...(target.service === undefined ? {} : { service: target.service }),
    at,
    latencyMs: Math.max(0, until - at),
    ...(result === undefined ? {} : { bytes: result.bytes.length, status: result.status, ...(result.contentType === undefined ? {} : { contentType: result.contentType.slice(0, 100) }) }),
    ...(failure === undefined ? {} : { failure }),
    ...(target.maxAge === undefined ? {} : { maxAge: target.maxAge }),
    ...seen,
  };
}

type Request = Omit<FetchRequest, 'maxBytes' | 'signal'> & { readonly signal: AbortSignal };

async function askCrl(target: ProbeTarget, request: Request, fetcher: Fetcher, { algorithms }: ProbeOptions, limits: UpdaterLimits): Promise<Seen> {
  const crl = await fetchCrl(fetcher, { ...request, maxBytes: Math.min(target.maxBytes ?? limits.maxCrlBytes, limits.maxCrlBytesCeiling) });
  const { thisUpdate, nextUpdate, size } = crl;
  return { crl: { authority: await crlAuthority(crl, target.issuers, algorithms), thisUpdate, ...(nextUpdate === undefined ? {} : { nextUpdate }), entries: size } };
}

async function askOcsp(target: ProbeTarget, request: Request, fetcher: Fetcher, { algorithms }: ProbeOptions, limits: UpdaterLimits, at: number): Promise<Seen> {
  const { about, issuers } = target;
  const issuer = (about === undefined ? undefined : issuers.find(({ subject }) => namesEqual(subject, about.issuer))) ?? issuers[0];
  if (issuer === undefined) throw new UpdaterError('NOT_ACCEPTED', 'no certificate of the CA is at hand to ask with');
  const certId = certIdOf(about, issuer, sha1Of(algorithms));
  const { status, bytes, finalUrl } = await fetcher.fetch({ ...request, maxBytes: limits.maxOcspBytes, accept: 'application/ocsp-response', post: { body: ocspRequestFor(certId), contentType: 'application/ocsp-request' } });
  if (status !== 200) throw new UpdaterError('HTTP_STATUS', `HTTP status ${status}`, { url: finalUrl });
  const response = parseOcspResponse(bytes, { maxOcspBytes: limits.maxOcspBytes });
  const { basic, responseStatus } = response;
  if (basic === undefined) return { ocsp: { responseStatus, authority: 'unknown' } };
  const authority = await ocspAuthority(basic, { issuers, responders: target.responders ?? [], at, algorithms });
  const [answer] = basic.responses;
  return {
    ocsp: {
      responseStatus,
      authority,
      ...(answer === undefined ? {} : { certificateStatus: answer.status.kind, thisUpdate: answer.thisUpdate, ...(answer.nextUpdate === undefined ? {} : { nextUpdate: answer.nextUpdate }) }),
    },
  };
}

async function askTsa(request: Request, fetcher: Fetcher, { algorithms }: ProbeOptions): Promise<Seen> {
  const sha256 = algorithms.digests.find(({ name }) => name === 'SHA-256');
  if (sha256 === undefined) throw new TypeError('algorithms.digests has no SHA-256');
  const question = timeStampQuestion(sha256);
  const { status, bytes, finalUrl } = await fetcher.fetch({ ...request, maxBytes: MAX_TSA_BYTES, accept: 'application/timestamp-reply', post: { body: question.request, contentType: 'application/timestamp-query' } });
  if (status !== 200) throw new UpdaterError('HTTP_STATUS', `HTTP status ${status}`, { url: finalUrl });
  return { tsa: readTimeStampAnswer(bytes, question.imprint) };
}

/** SHA-1 identifies here and protects nothing; responders that know no other hash are common (RFC 6960 §4.1.1, B.1). */
function certIdOf(about: Certificate | undefined, issuer: Certificate, sha1: DigestAlgorithm): Uint8Array {
  return buildCertId({
    issuerName: (about?.issuer ?? issuer.subject).bytes,
    issuerKey: issuer.spki.publicKey,
    serialNumber: about?.serialNumber ?? NOBODYS_SERIAL,
    hash: { oid: sha1.oids[0]!, digest: (message) => sha1.digest(message) },
  });
}

function sha1Of({ digests }: Algorithms): DigestAlgorithm {
  const found = digests.find(({ name }) => name === 'SHA-1') ?? digests.find(({ name }) => name === 'SHA-256');
  if (found === undefined) throw new TypeError('algorithms.digests has neither SHA-1 nor SHA-256');
  return found;
}
