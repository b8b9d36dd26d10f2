import type { AdapterContext, AdapterEvent, AdapterSession, BeginRequest, Clock, JsonObject, RawSignature, SessionIO, SigningAdapter } from '../adapter/index.js';
import { SignError } from '../error.js';
import { interruptible } from './interruptible.js';

/** What an authorisation does with what it learns. */
export interface AuthorisationHost {
  readonly clock: Clock;
  /** Aborted on cancel and at the deadline. */
  readonly signal: AbortSignal;
  readonly io: SessionIO;
  /** Verifies and keeps values; throws for an answer that is refused as a whole. */
  take(signatures: readonly RawSignature[]): Promise<void>;
  /** Item ids still without value or failure. */
  missing(): readonly string[];
  tell(event: Exclude<AdapterEvent, { type: 'signatures' | 'checkpoint' }> | { readonly type: 'phase'; readonly phase: 'reconciling' }): void;
  /** The adapter's session is live, and how far it is. Resolves when that is kept. */
  mark(state: 'begun' | 'in-flight', snapshot: JsonObject): Promise<void>;
  isInFlight(): boolean;
}

/** Waits between the polls that find out what became of a request. */
const RECONCILE_WAITS_MS: readonly number[] = [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000];

/** Begins, or takes up again, one authorisation. What comes when nobody waits any more is cancelled. */
export async function openAuthorisation(adapter: SigningAdapter, request: BeginRequest, context: AdapterContext, signal: AbortSignal, resumed: JsonObject | undefined): Promise<AdapterSession> {
  const opening = resumed === undefined ? adapter.begin(request, context) : adapter.resume(resumed, request, context);
  try {
    return await interruptible(opening, signal);
  } catch (error) {
    void opening.then((late) => late.cancel('superseded'), () => undefined);
    throw error;
  }
}

/**
 * Runs one authorisation to its end: every item has a value that verifies, or failed.
 * @throws SignError with an outcome; where that is unknown it has been asked for in vain
 */
export async function runAuthorisation(session: AdapterSession, host: AuthorisationHost): Promise<void> {
  if (host.isInFlight() && (await reconcile(session, host))) return;
  try {
    await follow(session, host);
  } catch (cause) {
    host.signal.throwIfAborted();
    const error = cause instanceof SignError ? cause : foreign(cause, host);
    if (error.outcome !== 'unknown') throw error;
    if (await reconcile(session, host)) return;
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

/**
 * Finds out what became of what was sent; only asks.
 * @returns true when everything is there, false when what is missing was not signed
 * @throws SignError OUTCOME_UNKNOWN
 */
async function reconcile(session: AdapterSession, host: AuthorisationHost): Promise<boolean> {
  const unknown = (detail: string): SignError => new SignError('OUTCOME_UNKNOWN', 'what became of the request cannot be found out', { detail });
  if (session.reconcile === undefined) throw unknown('no-reconcile');
  host.tell({ type: 'phase', phase: 'reconciling' });
  for (const wait of RECONCILE_WAITS_MS) {
    if (wait > 0) await interruptible(host.clock.sleep(wait, host.signal), host.signal);
    const found = await interruptible(session.reconcile(host.signal), host.signal).catch((error: unknown) => {
      host.signal.throwIfAborted();
      if (error instanceof SignError && error.code !== 'ADAPTER_MISCONFIGURED') return { state: 'pending' } as const;
      throw unknown('reconcile-failed');
    });
    if (found.state === 'not-signed' || found.state === 'partly-signed') {
      if (found.state === 'partly-signed') await host.take(found.signatures);
      if (host.missing().length === 0) return true;
      await host.mark('begun', session.snapshot());
      return false;
    }
    if (found.state === 'signed') {
      await host.take(found.signatures);
      const missing = host.missing();
      if (missing.length > 0) throw new SignError('SIGNATURE_COUNT', `${missing.length} values are missing`, { outcome: 'signed', detail: 'fewer' });
      return true;
    }
    if (found.state === 'unknown') throw unknown('provider-does-not-know');
  }
  throw unknown('pending');
}

/** An adapter throws nothing but SignError; what else comes says nothing of the outcome once something was sent. */
function foreign(cause: unknown, host: AuthorisationHost): SignError {
  return new SignError('ADAPTER_MISCONFIGURED', 'an adapter threw something else than a SignError', { cause, outcome: host.isInFlight() ? 'unknown' : 'not-signed' });
}
