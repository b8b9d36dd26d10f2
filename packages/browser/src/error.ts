import type { BrowserErrorCode } from './error-codes.js';
import { BROWSER_ERRORS } from './error-texts.js';

/** Why the page could not do its part. What concerns a signature is a SignError, what concerns fetching an UpdaterError. */
export class BrowserError extends Error {
  override readonly name = 'BrowserError';
  readonly code: BrowserErrorCode;
  /** Why, as far as it is known. `cause` of Error came after the oldest browser we serve. */
  readonly reason: unknown;

  /** @param message for developers; people are shown `BROWSER_ERRORS[code]` */
  constructor(code: BrowserErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = options.cause;
  }

  /** What happened and what to do, for the person at the screen. */
  get texts(): (typeof BROWSER_ERRORS)[BrowserErrorCode] {
    return BROWSER_ERRORS[this.code];
  }
}
