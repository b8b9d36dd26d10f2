/** Why something could not be fetched, kept or promoted. A gap in the evidence is data, not one of these: see `gap.ts`. */
export type UpdaterErrorCode =
  // the address is not one we ask (endpoint.ts)
  | 'URL_INVALID'
  | 'URL_TOO_LONG'
  | 'SCHEME_REFUSED'
  | 'USERINFO_REFUSED'
  | 'HOST_REFUSED'
  | 'ADDRESS_REFUSED'
  | 'PORT_REFUSED'
  // the transfer
  | 'CONNECT_FAILED' // DNS, TCP or TLS
  | 'FETCH_FAILED' // the peer broke off or broke the protocol
  | 'CORS_REFUSED' // a page asked, and the peer does not let pages of this origin read its answers
  | 'MIXED_CONTENT' // a page that came over https asked for http
  | 'HTTP_STATUS' // an answer other than 200
  | 'REDIRECT_LOOP'
  | 'REDIRECTS_EXCEEDED'
  | 'ENCODING_REFUSED' // a compressed body: nothing is decompressed
  | 'TRUNCATED' // fewer octets than the peer announced
  | 'TOO_LARGE'
  | 'TIMEOUT'
  | 'NOT_PARSED' // 200, but not what was asked for
  | 'NOT_ACCEPTED' // a CRL that the caller's check does not take
  | 'LIMIT' // a budget of this gathering is spent
  | 'ABORTED' // by the caller's signal
  // time-stamps
  | 'TIMESTAMP_REJECTED' // the authority says no, and why
  | 'TIMESTAMP_MISMATCH' // a token over another imprint, with another nonce, under another policy
  | 'TIMESTAMP_UNAVAILABLE' // none of several authorities gave a token; `cause` lists the attempts
  // the store
  | 'IO_FAILED';

export class UpdaterError extends Error {
  override readonly name = 'UpdaterError';
  readonly code: UpdaterErrorCode;
  /** The address at which it happened: after redirects, not always the one asked for. */
  readonly url: string | undefined;
  constructor(code: UpdaterErrorCode, message: string, options?: { cause?: unknown; url?: string }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.url = options?.url;
  }
}
