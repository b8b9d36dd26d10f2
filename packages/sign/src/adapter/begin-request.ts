import type { AlgorithmChoice, ToSign } from './algorithm-choice.js';
import type { Credential } from './credential.js';

/** One value that is wanted. */
export interface SigningItem {
  /** Unique in the request, `[A-Za-z0-9._-]{1,64}`. */
  readonly itemId: string;
  readonly toSign: ToSign;
  /** File name or title. Passed on to the provider only where `Capabilities.showsLabels` says so and the caller consents (`display.shareLabels`). */
  readonly label: string;
  readonly sizeBytes?: number;
}

/** One authorisation: what one confirmation by the user covers. */
export interface BeginRequest {
  /**
   * The caller's idempotency key, `[A-Za-z0-9._-]{1,128}`. `begin` twice with one requestId is one job at the provider, or,
   * where the provider cannot (`idempotency: none`), a second job nobody was asked to confirm.
   */
  readonly requestId: string;
  readonly credential: Credential;
  /** At most as many as one authorisation covers; the adapter splits into calls of `maxPerCall`. */
  readonly items: readonly SigningItem[];
  readonly algorithm: AlgorithmChoice;
  readonly display: Display;
  /** Closing time of the bid, epoch milliseconds. */
  readonly deadline?: number;
}

/** What the user sees where he confirms. */
export interface Display {
  readonly title: string;
  readonly lines: readonly string[];
  /** Four digits over all that is signed; shown on both screens, so that the user can tell his request from another's. */
  readonly verificationCode: string;
  readonly locale: 'zh-CN' | 'en';
  /** The caller consents to labels leaving for the provider. */
  readonly shareLabels: boolean;
}
