import { SignError } from '@hefu/sign';
import { answer, Refusal, requireOwnPage } from './guard.js';

/** Part of a backend: `Request` to `Response`, for any framework; undefined for what is not below its base. */
export type Mounted = (request: Request) => Promise<Response | undefined>;

export interface MountOptions {
  /** A path without a slash at its end, as `/api/signing`. */
  readonly base: string;
  /** Told of what is neither refused nor a SignError, for the operator's log. */
  readonly onError?: (error: unknown) => void;
}

/** Hands the parts of the path below `base` on, and says what went wrong as pages are told it. */
export function mount({ base, onError }: MountOptions, route: (request: Request, path: readonly string[]) => Promise<Response>): Mounted {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(`${base}/`)) return undefined;
    try {
      return await route(request, pathname.slice(base.length + 1).split('/').map(decodeURIComponent));
    } catch (error) {
      if (error instanceof Refusal) return answer(error.status, { error: { code: error.code, ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }) } });
      // The page is told the code and its texts, never a message in which anything may be quoted.
      if (error instanceof SignError) return answer(409, { error: error.toJSON() });
      if (error instanceof URIError) return answer(404, { error: { code: 'NOT_FOUND' } });
      onError?.(error);
      return answer(500, { error: { code: 'INTERNAL' } });
    }
  };
}

export interface OwnPages {
  /** Who asks, by the application's own login; undefined: nobody. The id owns what is made and is never told to the page. */
  readonly authenticate: (request: Request) => Promise<{ readonly id: string } | undefined>;
  /** Origins of our pages. Default: that of the request itself, which is right where no proxy changes it. */
  readonly origins?: readonly string[];
}

/** @throws Refusal FORBIDDEN where it is not a page of ours that asks, UNAUTHENTICATED where it is nobody */
export async function userOf(request: Request, { authenticate, origins }: OwnPages): Promise<{ readonly id: string }> {
  requireOwnPage(request, origins ?? [new URL(request.url).origin]);
  const user = await authenticate(request);
  if (user === undefined) throw new Refusal('UNAUTHENTICATED');
  return user;
}
