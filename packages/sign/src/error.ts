import type { ReasonCode } from '@hefu/verify';
import { SIGN_ERRORS } from './errors/table.js';
import type { Blame, Outcome, RetryAdvice } from './errors/row.js';
import type { SignErrorCode } from './errors/codes.js';

/** What a provider said, as far as it is worth keeping. Texts are the provider's: shown to operators, never to users. */
export interface ProviderAnswer {
  readonly httpStatus?: number;
  /** The provider's own code. */
  readonly code?: string;
  readonly description?: string;
}

export interface SignErrorOptions {
  readonly cause?: unknown;
  /** What is known of the signature; default: the code's row. */
  readonly outcome?: Outcome;
  /** Default: the code's row. */
  readonly retry?: RetryAdvice;
  readonly retryAfterMs?: number;
  readonly attemptsLeft?: number;
  /** Until the deadline, milliseconds. */
  readonly remainingMs?: number;
  readonly itemId?: string;
  readonly provider?: ProviderAnswer;
  /** What exactly was found, in a stable word: `ecdsa-with-sm3`, `other-item`. */
  readonly detail?: string;
  /** Codes of the judge's reasons, where it was the judge: of a certificate, or of a finished message. */
  readonly verdict?: readonly ReasonCode[];
}

/** Why a signature was not made, and what may be done about it. */
export class SignError extends Error {
  override readonly name = 'SignError';
  readonly code: SignErrorCode;
  readonly blame: Blame;
  readonly retry: RetryAdvice;
  readonly outcome: Outcome;
  readonly retryAfterMs: number | undefined;
  readonly attemptsLeft: number | undefined;
  readonly remainingMs: number | undefined;
  readonly itemId: string | undefined;
  readonly provider: ProviderAnswer | undefined;
  readonly detail: string | undefined;
  readonly verdict: readonly ReasonCode[] | undefined;

  /** @param message for developers; users are shown `SIGN_ERRORS[code]` */
  constructor(code: SignErrorCode, message: string, options: SignErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const row = SIGN_ERRORS[code];
    this.code = code;
    this.blame = row.blame;
    this.retry = options.retry ?? row.retry;
    this.outcome = options.outcome ?? row.outcome;
    this.retryAfterMs = options.retryAfterMs;
    this.attemptsLeft = options.attemptsLeft;
    this.remainingMs = options.remainingMs;
    this.itemId = options.itemId;
    this.provider = options.provider;
    this.detail = options.detail;
    this.verdict = options.verdict;
  }

  /** Codes, advice and both texts; neither `message`, `cause`, stack nor the provider's description, in which anything may be quoted. */
  toJSON(): SignErrorJson {
    const { code, blame, retry, outcome, retryAfterMs, attemptsLeft, remainingMs, itemId, provider, detail, verdict } = this;
    const { message, remedy } = SIGN_ERRORS[code];
    return {
      code, blame, retry, outcome, message, remedy,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
      ...(remainingMs === undefined ? {} : { remainingMs }),
      ...(itemId === undefined ? {} : { itemId }),
      ...(detail === undefined ? {} : { detail }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(provider?.httpStatus === undefined && provider?.code === undefined ? {} : {
        provider: { ...(provider.httpStatus === undefined ? {} : { httpStatus: provider.httpStatus }), ...(provider.code === undefined ? {} : { code: provider.code }) },
      }),
    };
  }
}

/** A SignError as data. */
export interface SignErrorJson {
  readonly code: SignErrorCode;
  readonly blame: Blame;
  readonly retry: RetryAdvice;
  readonly outcome: Outcome;
  readonly message: { readonly zh: string; readonly en: string };
  readonly remedy: { readonly zh: string; readonly en: string };
  readonly retryAfterMs?: number;
  readonly attemptsLeft?: number;
  readonly remainingMs?: number;
  readonly itemId?: string;
  readonly detail?: string;
  readonly verdict?: readonly ReasonCode[];
  readonly provider?: { readonly httpStatus?: number; readonly code?: string };
}
