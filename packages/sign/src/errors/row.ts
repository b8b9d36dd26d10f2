/** Whose move it is. */
export type Blame = 'user' | 'integrator' | 'provider' | 'network' | 'security';

/**
 * What a program may do next.
 * - `same-request`: send it again; `new-authorisation`: ask the user again; `new-session`: begin anew;
 * - `other-credential`: this one will not do; `after`: wait `retryAfterMs`, then as `new-authorisation`;
 * - `reconcile`: find out what became of it, and nothing before; `never`.
 */
export type RetryAdvice = 'never' | 'same-request' | 'new-authorisation' | 'new-session' | 'other-credential' | 'after' | 'reconcile';

/** What is known of the signature at the provider. */
export type Outcome = 'not-signed' | 'signed' | 'unknown';

export interface SignErrorRow {
  readonly blame: Blame;
  readonly retry: RetryAdvice;
  readonly outcome: Outcome;
  /** One sentence for the user. */
  readonly message: { readonly zh: string; readonly en: string };
  /** What to do. */
  readonly remedy: { readonly zh: string; readonly en: string };
}

/** Advice that goes with blame, in the order of reading: `user · new-authorisation · not-signed`. */
export function row(kind: `${Blame} · ${RetryAdvice} · ${Outcome}`, message: readonly [zh: string, en: string], remedy: readonly [zh: string, en: string]): SignErrorRow {
  const [blame, retry, outcome] = kind.split(' · ') as [Blame, RetryAdvice, Outcome];
  return { blame, retry, outcome, message: { zh: message[0], en: message[1] }, remedy: { zh: remedy[0], en: remedy[1] } };
}
