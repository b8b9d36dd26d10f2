import type { RetryLimits } from './retry.js';

export interface SessionLimits {
  /** Authorisations tried for one group of items, the first included; more only where nothing was signed. Default 2. */
  readonly attempts: number;
  /** What one confirmation by a user is expected to take, milliseconds: with less left before the deadline nobody is asked. Default 60,000. */
  readonly confirmationMs: number;
  /** How long an adapter may take to cancel, and again to say what became of what was in flight, milliseconds. Default 10,000. */
  readonly cancelMs: number;
  readonly retry?: RetryLimits;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = { attempts: 2, confirmationMs: 60_000, cancelMs: 10_000 };
