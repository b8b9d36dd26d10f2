import { hexOf, ocspRequestFor, parseOcspResponse, PkiError, type OcspResponse, type SingleResponse } from '@hefu/pki';
import { UpdaterError } from './error.js';
import type { Fetcher } from './ports.js';

export interface OcspRequest {
  /** As `assessEndpoint` returned it. */
  readonly url: string;
  /** DER. */
  readonly certId: Uint8Array;
  readonly nonce?: Uint8Array;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  readonly allowPrivateAddresses: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Asks one OCSP responder by POST (RFC 6960 Appendix A.1) and parses what it says; an answer must be a success and about
 * the certificate asked. The media type is not believed, and nothing is verified.
 * @throws UpdaterError
 */
export async function fetchOcsp(fetcher: Fetcher, request: OcspRequest): Promise<OcspResponse> {
  const { certId, nonce, ...bounds } = request;
  const body = ocspRequestFor(certId, nonce);
  const { status, bytes, finalUrl, contentType } = await fetcher.fetch({ ...bounds, accept: 'application/ocsp-response', post: { body, contentType: 'application/ocsp-request' } });
  if (status !== 200) throw new UpdaterError('HTTP_STATUS', `HTTP status ${status}`, { url: finalUrl });
  if (bytes.length > request.maxBytes) throw new UpdaterError('TOO_LARGE', `${bytes.length} octets, at most ${request.maxBytes}`, { url: finalUrl });
  let response: OcspResponse;
  try {
    response = parseOcspResponse(bytes, { maxOcspBytes: request.maxBytes });
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const what = error.detected === undefined ? error.code : `${error.code}, looks like ${error.detected}`;
    throw new UpdaterError('NOT_PARSED', `not an OCSP response (${what}; ${contentType ?? 'no media type'})`, { url: finalUrl, cause: error });
  }
  if (response.basic === undefined) throw new UpdaterError('NOT_ACCEPTED', `the responder says ${response.responseStatus}`, { url: finalUrl });
  if (answerTo(response, certId) === undefined) throw new UpdaterError('NOT_ACCEPTED', 'an OCSP response, but not about the certificate asked', { url: finalUrl });
  return response;
}

/** The answer about this CertID, as it was written in the request; responders give it back octet for octet. */
export function answerTo(response: OcspResponse, certId: Uint8Array): SingleResponse | undefined {
  const asked = hexOf(certId);
  return response.basic?.responses.find((answer) => hexOf(answer.certId.bytes) === asked);
}
