import type { Report } from '@hefu/verify';
import type { AdapterWarning, CancelReason, Challenge, JsonObject } from '../adapter/index.js';
import type { SignErrorJson } from '../error.js';
import type { Outcome } from '../errors/row.js';
import type { SigningPlan } from './plan.js';

/** A signature as it is handed over: verified with the pinned key, assembled, judged. */
export interface SignedItem {
  readonly itemId: string;
  /** CMS or GM/T 0010, DER, detached. */
  readonly message: Uint8Array;
  readonly report: Report;
  readonly providerRef?: string;
}

export interface FailedItem {
  readonly itemId: string;
  readonly error: SignErrorJson;
  /** Where the judge refused. */
  readonly report?: Report;
}

export type SigningWarning = AdapterWarning | 'CLOCK_UNCHECKED' | 'CLOCK_SKEWED' | 'AUTHORISING_AGAIN';

/** What a signing tells. Exactly one of the last three kinds comes, and it comes last. */
export type SigningEvent =
  | { readonly type: 'plan'; readonly plan: SigningPlan; readonly verificationCode: string }
  | { readonly type: 'phase'; readonly phase: 'authorising' | 'waiting-user' | 'signing' | 'reconciling' | 'assembling'; /** From 1. */ readonly authorisation: number; readonly of: number }
  /** To be shown; one that asks is answered with `SigningSession.answer`. */
  | { readonly type: 'challenge'; readonly challenge: Challenge }
  | { readonly type: 'item'; readonly itemId: string; readonly state: 'verified' | 'failed'; readonly error?: SignErrorJson }
  | { readonly type: 'poll'; readonly attempt: number; readonly nextInMs: number }
  | { readonly type: 'warning'; readonly code: SigningWarning; readonly detail?: JsonObject }
  | TerminalEvent;

export type TerminalEvent =
  | { readonly type: 'done'; readonly signatures: readonly SignedItem[]; /** The manifest's octets, the content of the one signature, in manifest mode. */ readonly manifest?: Uint8Array }
  /** What was signed before stays signed; `snapshot()` goes on with the rest where the error allows. */
  | { readonly type: 'failed'; readonly error: SignErrorJson; readonly signatures: readonly SignedItem[]; readonly failed: readonly FailedItem[]; readonly manifest?: Uint8Array }
  | { readonly type: 'cancelled'; readonly reason: CancelReason; /** `not-signed`: no value was made; `signed`: some were, and all of them are kept; `unknown`: there may be others. */ readonly outcome: Outcome; /** Items whose values were verified; in the snapshot. */ readonly kept: readonly string[] };

export function isTerminal(event: SigningEvent): event is TerminalEvent {
  return event.type === 'done' || event.type === 'failed' || event.type === 'cancelled';
}
