import type { SignErrorJson } from '../error.js';
import type { ChallengeAnswer, QuestionChallenge, ShownChallenge } from './challenge.js';
import type { JsonObject } from './json.js';

/** One signature value as a provider returned it: untrusted until core has verified it. */
export interface RawSignature {
  readonly itemId: string;
  /** As returned, decoded from whatever text it came in or not: hex, base64, base64url and provider prefixes are read by core. */
  readonly value: Uint8Array | string;
  /** Signature algorithm the provider says it used; must be the one asked for. */
  readonly algorithmOid?: string;
  /** Certificates the provider sent along, DER; compared with the pinned leaf, never verified with. */
  readonly chain?: readonly Uint8Array[];
  /** The provider's number for it, for disputes. No secret. */
  readonly providerRef?: string;
}

/** What a session tells while it runs. */
export type AdapterEvent =
  | { readonly type: 'phase'; readonly phase: 'authorising' | 'waiting-user' | 'signing' }
  /** The answer to one call, or to one poll: whatever values it had, in the provider's order. */
  | { readonly type: 'signatures'; readonly signatures: readonly RawSignature[] }
  /** The provider refuses one item and goes on with the others. */
  | { readonly type: 'item-failed'; readonly itemId: string; readonly error: SignErrorJson }
  | { readonly type: 'poll'; readonly attempt: number; readonly nextInMs: number }
  /**
   * `snapshot()` has changed and is kept by the caller before the generator is asked for more: yielded *before* whatever may
   * not be sent twice (`inFlight: true`; `AdapterContext.request` of nature `once` does it), and, with `false`, when the answer was
   * had and every value in it was yielded. Until then core reconciles after a crash, an error or a cancel, and where it cannot
   * the outcome stays unknown.
   */
  | { readonly type: 'checkpoint'; readonly inFlight: boolean }
  | { readonly type: 'warning'; readonly code: AdapterWarning; readonly detail?: JsonObject };

/** What does not stop a signature and should be known. */
export type AdapterWarning = 'PROVIDER_DEVIATES' | 'CANCEL_NOT_CONFIRMED' | 'CALLBACK_IGNORED' | 'DUPLICATE_IGNORED' | 'LABEL_SHORTENED' | 'SLOW_PROVIDER';

/** The way to the user. */
export interface SessionIO {
  /** Aborted on cancel and at the deadline; the generator then ends soon, by return or by SignError ABORTED. */
  readonly signal: AbortSignal;
  /**
   * Asks and waits. Rejects with SignError USER_CANCELLED | USER_TIMEOUT | STATE_MISMATCH | POPUP_BLOCKED | … ; an adapter lets these pass.
   * After a wrong PIN or code the adapter asks again with `attemptsLeft`.
   */
  ask(challenge: QuestionChallenge): Promise<ChallengeAnswer>;
  /** Shows, or replaces what is shown under the same id. */
  show(challenge: ShownChallenge): void;
}

/** What became of a request whose answer was lost. */
export type Reconciliation =
  | { readonly state: 'signed'; readonly signatures: readonly RawSignature[] }
  /** These values were made and no others; none will be without a further call. */
  | { readonly state: 'partly-signed'; readonly signatures: readonly RawSignature[] }
  /** Nothing was made beyond what was yielded, nor will be without a further call. */
  | { readonly state: 'not-signed' }
  | { readonly state: 'pending' }
  | { readonly state: 'unknown' };

/** One authorisation at a provider. */
export interface AdapterSession {
  /** Enough to go on elsewhere; no PIN, code, token or SAD: references to what a backend half keeps. */
  snapshot(): JsonObject;
  /**
   * Authorises and signs. Called once. Returns when every item was either yielded or failed; throws SignError, whose `outcome`
   * says what is known. Until this is called nobody was asked to confirm anything.
   */
  run(io: SessionIO): AsyncGenerator<AdapterEvent, void, void>;
  /**
   * Whenever something was in flight: after an error, on resuming, after `cancel`. Only asks; authorises nothing. Answers of all
   * that was made for this request, whoever received it; while a call is still worked on it is `pending`. Present where
   * `Capabilities.reconcile` is `poll`.
   */
  reconcile?(signal: AbortSignal): Promise<Reconciliation>;
  /**
   * Ends the authorisation. `cancelled` promises that no value is made from now on, whatever the user does on his device; it says
   * nothing of values made before, for which core asks `reconcile`. `too-late`: all had been signed. `unknown`: neither is certain.
   * `SessionIO.signal` may be aborted already; requests still pass for a bounded time, those of nature `once` no more.
   * Idempotent; never throws.
   */
  cancel(reason: CancelReason): Promise<'cancelled' | 'too-late' | 'unknown'>;
}

export type CancelReason = 'user' | 'timeout' | 'superseded' | 'error';
