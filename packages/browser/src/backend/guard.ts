import type { Json } from '@hefu/sign';
import { readBounded } from '../read-bounded.js';
import { REQUEST_HEADER, type BackendFailureCode } from '../remote/protocol.js';

/** A request that is not served. */
export class Refusal extends Error {
  readonly code: BackendFailureCode;
  readonly status: number;
  /** Of TOO_MANY, where it is known. */
  readonly retryAfterMs: number | undefined;
  constructor(code: BackendFailureCode, retryAfterMs?: number) {
    super(code);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.status = STATUS[code];
  }
}

const STATUS: Readonly<Record<BackendFailureCode, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404, MALFORMED: 400, REQUEST_MISMATCH: 422, TOO_LARGE: 413, TOO_MANY: 429, INTERNAL: 500 };

/**
 * Lets pass what a page of ours sent, whatever cookies another site makes a browser send along: the header that needs a
 * preflight, and no origin but ours.
 * @throws Refusal FORBIDDEN
 */
export function requireOwnPage(request: Request, origins: readonly string[]): void {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  if (request.headers.get(REQUEST_HEADER) === null) throw new Refusal('FORBIDDEN');
  if (origin !== null && !origins.includes(origin)) throw new Refusal('FORBIDDEN');
  if (origin === null && request.method !== 'GET') throw new Refusal('FORBIDDEN');
  if (site !== null && site !== 'same-origin' && site !== 'none' && !(origin !== null && origins.includes(origin))) throw new Refusal('FORBIDDEN');
}

/** @throws Refusal TOO_LARGE */
export async function readBody(request: Request, maxOctets: number): Promise<Uint8Array> {
  const tooLarge = (): Refusal => new Refusal('TOO_LARGE');
  if (Number(request.headers.get('content-length') ?? 0) > maxOctets) throw tooLarge();
  return readBounded(request.body, maxOctets, tooLarge);
}

/** @throws Refusal TOO_LARGE | MALFORMED */
export async function readJsonBody(request: Request, maxOctets: number): Promise<{ readonly [name: string]: Json }> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) throw new Refusal('MALFORMED');
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readBody(request, maxOctets))) as Json;
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('MALFORMED');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('MALFORMED');
  return value as { readonly [name: string]: Json };
}

/** Nothing of this is for caches, or for anything but a program. */
export function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  });
}
