import type { AnswerReceipt, CancelReason, ChallengeAnswer, QuestionChallenge, SigningEvent } from '@hefu/sign';
import type { CertificateView } from './certificate-view.js';

/** A signing as the page drives it: `SigningSession` of `@hefu/sign`, or one that runs in a backend. */
export interface SessionInPage {
  run(): AsyncGenerator<SigningEvent, void, void>;
  answer(challengeId: string, answer: ChallengeAnswer): AnswerReceipt | Promise<AnswerReceipt>;
  cancel(reason?: CancelReason): Promise<void>;
  /** Stops following and ends nothing, where the signing runs elsewhere and `resume` finds it again. Without it, an element that was removed cancels. */
  leave?(): void;
}

/** A signing of the same user for the same thing, begun in another browser or on another computer. */
export interface SigningElsewhere {
  /** Epoch milliseconds, by the server. */
  readonly begunAt: number;
  /** Follows it from here, beside whoever does already; called when the person asks for it. */
  takeOver(signal: AbortSignal): Promise<SessionInPage>;
}

/** What `<hefu-sign>` does its work with. */
export interface SignFlow {
  /** The certificates to choose from, those that cannot be used with their reasons. */
  certificates(signal: AbortSignal): Promise<readonly CertificateView[]>;
  /** Begins to sign with this one. Begun twice for the same files it is the same signing, or ACTION_PENDING. */
  begin(ref: string, signal: AbortSignal): Promise<SessionInPage>;
  /** What was interrupted by a reload, a crash or a lost answer; undefined when nothing was. */
  resume?(signal: AbortSignal): Promise<SessionInPage | undefined>;
  /** What is under way elsewhere for the same thing. Asked before certificates are, and where a beginning was refused (ACTION_PENDING). */
  elsewhere?(signal: AbortSignal): Promise<SigningElsewhere | undefined>;
  /**
   * Opens the provider's window; called within a click. Without it such a challenge is answered `popup-blocked`. Rejected with
   * POPUP_BLOCKED or POPUP_CLOSED, the question stands and the other way is offered.
   * @param challenge to be awaited once the window is open (`openOAuthWindow`): where its address has become too old, another is fetched first
   */
  authorise?(challenge: Promise<Extract<QuestionChallenge, { type: 'oauth' }>>, how: 'popup' | 'redirect', signal: AbortSignal): Promise<ChallengeAnswer>;
  /** Asks the machine's authenticator. Without it such a challenge is cancelled. */
  authenticate?(challenge: Extract<QuestionChallenge, { type: 'webauthn' }>, signal: AbortSignal): Promise<ChallengeAnswer>;
}
