import type { AdapterContext, AdapterEvent, AdapterSession, BeginRequest, JsonObject, SessionIO, SigningAdapter } from '../adapter/index.js';
import { SignError } from '../error.js';
import { interruptible } from './interruptible.js';
import { reconcile, type ReconciliationHost } from './reconcile.js';

/** What an authorisation does with what it learns. Its `signal` is aborted on cancel and at the deadline. */
export interface AuthorisationHost extends ReconciliationHost {
  readonly io: SessionIO;
  tell(event: Exclude<AdapterEvent, { type: 'signatures' | 'checkpoint' }> | { readonly type: 'phase'; readonly phase: 'reconciling' }): void;
  isInFlight(): boolean;
  /** Throws where nobody may be asked to confirm. */
  permit(): Promise<void>;
}

/** Begins, or takes up again, one authorisation. What comes when nobody waits any more goes to `abandon`. */
export async function openAuthorisation(
  adapter: SigningAdapter, request: BeginRequest, context: AdapterContext, signal: AbortSignal, resumed: JsonObject | undefined, abandon: (late: AdapterSession) => void,
): Promise<AdapterSession> {
  const opening = resumed === undefined ? adapter.begin(request, context) : adapter.resume(resumed, request, context);
  try {
    return await interruptible(opening, signal);
  } catch (error) {
    void opening.then(abandon, () => undefined);
    throw error;
  }
}

/**
 * Runs one authorisation to its end: every item has a value that verifies, or failed.
 * @throws SignError with an outcome; where that is unknown it has been asked for in vain
 */
export async function runAuthorisation(session: AdapterSession, host: AuthorisationHost): Promise<void> {
  if (host.isInFlight() && (await reconcile(session, host))) return;
  await host.permit();
  try {
    await follow(session, host);
  } catch (cause) {
    host.signal.throwIfAborted();
    const error = cause instanceof SignError ? cause : foreign(cause, host);
    // While something is in flight `not-signed` is a claim like any other.
    if (error.outcome === 'signed' || (error.outcome === 'not-signed' && !host.isInFlight())) throw error;
    if (await reconcile(session, host)) return;
    if (error.outcome === 'not-signed') throw error;
    if (error.code !== 'OUTCOME_UNKNOWN') throw new SignError(error.code, 'it was not signed', { cause: error, outcome: 'not-signed' });
    throw new SignError('NETWORK', 'the answer was lost, and it was not signed', { cause: error, retry: 'new-authorisation' });
  }
  const missing = host.missing();
  if (missing.length > 0) throw new SignError('SIGNATURE_COUNT', `${missing.length} values are missing`, { itemId: missing[0]!, outcome: host.isInFlight() ? 'signed' : 'not-signed', detail: 'fewer' });
}

async function follow(session: AdapterSession, host: AuthorisationHost): Promise<void> {
  const events = session.run(host.io);
  try {
    for (;;) {
      const step = await interruptible(events.next(), host.signal);
      if (step.done === true) return;
      const event = step.value;
      if (event.type === 'signatures') await host.take(event.signatures);
      else if (event.type === 'checkpoint') await host.mark(event.inFlight ? 'in-flight' : 'begun', session.snapshot());
      else host.tell(event);
      host.signal.throwIfAborted();
    }
  } finally {
    // Not awaited: a generator that hangs must not hold up a cancel.
    events.return().catch(() => undefined);
  }
}

/** An adapter throws nothing but SignError; what else comes says nothing of the outcome once something was sent. */
function foreign(cause: unknown, host: AuthorisationHost): SignError {
  return new SignError('ADAPTER_MISCONFIGURED', 'an adapter threw something else than a SignError', { cause, outcome: host.isInFlight() ? 'unknown' : 'not-signed' });
}
