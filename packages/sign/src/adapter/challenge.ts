import type { AuthPlan } from './auth-plan.js';
import type { JsonObject } from './json.js';

/** What a user is asked for; data, so that any surface can show it. Times are epoch milliseconds. */
export type Challenge = QuestionChallenge | ShownChallenge;

/** Answered by the caller: `SessionIO.ask`. */
export type QuestionChallenge =
  | { readonly type: 'pin'; readonly id: string; readonly label: string; readonly format?: 'A' | 'N'; readonly attemptsLeft?: number }
  | {
      readonly type: 'otp'; readonly id: string; readonly label: string; readonly format?: 'A' | 'N'; readonly attemptsLeft?: number;
      /** It can be sent again, from this time on. */
      readonly resendAfter?: number;
      readonly expiresAt?: number;
    }
  | {
      readonly type: 'oauth'; readonly id: string; readonly url: string;
      /** Must come back unchanged; core refuses another (STATE_MISMATCH). */
      readonly state: string;
      /** Must come back where the server said it would (RFC 9207). */
      readonly issuer?: string;
      readonly redirectUri: string; readonly preferred: 'popup' | 'redirect';
      /** From here on the address leads nowhere (RFC 9126 §2.2); `resend` has it asked with another. Absent: it stays good. */
      readonly expiresAt?: number;
    }
  | { readonly type: 'webauthn'; readonly id: string; /** PublicKeyCredentialRequestOptionsJSON. */ readonly publicKey: JsonObject }
  | { readonly type: 'choose'; readonly id: string; readonly among: readonly AuthPlan[] };

/** Answered on another device; the caller shows it until the next of the same id, or the end: `SessionIO.show`. */
export type ShownChallenge =
  | {
      readonly type: 'qr'; readonly id: string; readonly payload: string;
      /** A new one comes at this time; never shown after `expiresAt`. */
      readonly refreshAt?: number; readonly expiresAt: number;
      readonly deepLink?: string; readonly shortCode?: string; readonly verificationCode: string;
      /** The phone has read it, where the provider says so: what is left is done there, and no other code comes. */
      readonly scanned?: boolean;
    }
  | { readonly type: 'push'; readonly id: string; readonly channel: 'app' | 'sms' | 'call'; readonly expiresAt: number; readonly verificationCode?: string };

/** What the caller gives back. PINs, codes and assertions are secrets: they reach the adapter and nothing else. */
export type ChallengeAnswer =
  | { readonly type: 'pin' | 'otp'; readonly value: string }
  | { readonly type: 'resend' } // to an otp; to an oauth that has an end: another address
  | { readonly type: 'oauth'; readonly code: string; readonly state: string; readonly issuer?: string }
  | { readonly type: 'oauth-failed'; readonly reason: 'access_denied' | 'popup-blocked' | 'popup-closed' | 'other-browser' | 'server-error' }
  | { readonly type: 'webauthn'; readonly credential: JsonObject }
  | { readonly type: 'choose'; readonly index: number }
  | { readonly type: 'cancel' };

/** Which answers a challenge takes, besides `cancel`. */
export const ANSWERS: Readonly<Record<QuestionChallenge['type'], readonly ChallengeAnswer['type'][]>> = {
  pin: ['pin'],
  otp: ['otp', 'resend'],
  oauth: ['oauth', 'oauth-failed', 'resend'],
  webauthn: ['webauthn'],
  choose: ['choose'],
};
