import { CRL_LABELS, decodeArmoured, parseCertificateList, PkiError, type CertificateList } from '@hefu/pki';
import { UpdaterError } from './error.js';
import type { Fetcher } from './ports.js';

export interface CrlRequest {
  /** As `assessEndpoint` returned it. */
  readonly url: string;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  readonly allowPrivateAddresses: boolean;
  readonly signal: AbortSignal;
}

/**
 * Fetches and parses one CRL (RFC 5280 §4.2.1.13: DER, `application/pkix-crl`; some CAs publish PEM, and the media
 * type is not believed).
 * @throws UpdaterError
 */
export async function fetchCrl(fetcher: Fetcher, request: CrlRequest): Promise<CertificateList> {
  const { status, bytes, finalUrl, contentType } = await fetcher.fetch({ ...request, accept: 'application/pkix-crl, application/octet-stream;q=0.9, */*;q=0.1' });
  if (status !== 200) throw new UpdaterError('HTTP_STATUS', `HTTP status ${status}`, { url: finalUrl });
  if (bytes.length > request.maxBytes) throw new UpdaterError('TOO_LARGE', `${bytes.length} octets, at most ${request.maxBytes}`, { url: finalUrl });
  try {
    const [der, ...more] = decodeArmoured(bytes, { labels: CRL_LABELS, maxBytes: request.maxBytes });
    if (der === undefined || more.length > 0) throw new PkiError('STRUCTURE_INVALID', `${more.length + 1} CRLs in one answer`);
    return parseCertificateList(der, { maxCrlBytes: request.maxBytes });
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const what = error.detected === undefined ? error.code : `${error.code}, looks like ${error.detected}`;
    throw new UpdaterError('NOT_PARSED', `not a CRL (${what}; ${contentType ?? 'no media type'})`, { url: finalUrl, cause: error });
  }
}
