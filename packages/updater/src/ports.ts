/** The permissions this room is given: a way to fetch, a place to keep, a clock. Bindings implement them. */

export interface FetchRequest {
  readonly url: string;
  /** Octets of body; one more is TOO_LARGE. */
  readonly maxBytes: number;
  /** From the call to the last octet, name resolution and redirects included; milliseconds. */
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  /**
   * False: the fetcher must refuse every address `assessEndpoint` refuses for origin `certificate`, at each
   * redirect and after name resolution, and connect to the very address it checked.
   * True: the host of `url` may be private; a redirect to another scheme, host or port is judged as if this were false, save from http to https
   * of the same host, both at their own ports.
   */
  readonly allowPrivateAddresses: boolean;
  readonly signal?: AbortSignal;
  /** `Accept` header. */
  readonly accept?: string;
  /** POST: this body, of this media type and with these further headers, is sent; a redirect is followed only where it keeps method and body (RFC 9110 §15.4.8, §15.4.9). Absent: GET. */
  readonly post?: { readonly body: Uint8Array; readonly contentType: string; readonly headers?: Readonly<Record<string, string>> };
}

export interface FetchResult {
  readonly status: number;
  /** The body as transferred, never decompressed. */
  readonly bytes: Uint8Array;
  readonly finalUrl: string;
  readonly contentType?: string;
}

/** GET or POST with bounds. Rejects only with UpdaterError; an HTTP status other than 200 is a result. */
export interface Fetcher {
  fetch(request: FetchRequest): Promise<FetchResult>;
}

/**
 * Bytes by key. What comes out is untrusted: others may have written it.
 * Keys are any text up to `MAX_STORE_KEY` characters; an implementation maps them to names of its own.
 */
export interface Store {
  /** The value, whole, or undefined when there is none. Rejects with UpdaterError IO_FAILED. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Replaces atomically: a reader sees the old value or the new one, whole. Rejects with UpdaterError IO_FAILED, the old value kept. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** No error when there is none. */
  delete(key: string): Promise<void>;
}

export const MAX_STORE_KEY = 4096;

/** Epoch milliseconds. */
export interface Clock {
  now(): number;
}
