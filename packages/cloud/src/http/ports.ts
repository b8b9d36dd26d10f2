/** The platform's `fetch`, or what behaves like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpLimits {
  /** Octets of an answer. */
  readonly maxBytes: number;
  /** From the request to the last octet, milliseconds. */
  readonly timeoutMs: number;
}

/** An answer of signatures and chains for 300 items is well below 2 MiB; a user never waits for one request longer than half a minute. */
export const DEFAULT_HTTP_LIMITS: HttpLimits = { maxBytes: 2 * 1024 * 1024, timeoutMs: 30_000 };
