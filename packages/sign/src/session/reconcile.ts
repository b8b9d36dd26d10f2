import type { AdapterSession, Clock, JsonObject, RawSignature } from '../adapter/index.js';
import { SignError } from '../error.js';
import { interruptible } from './interruptible.js';

/** What is done with what is found out. */
export interface ReconciliationHost {
  readonly clock: Clock;
  /** Ends the asking. */
  readonly signal: AbortSignal;
  /** Verifies and keeps values; throws for an answer that is refused as a whole. */
  take(signatures: readonly RawSignature[]): Promise<void>;
  /** Item ids still without value or failure. */
  missing(): readonly string[];
  tell(event: { readonly type: 'phase'; readonly phase: 'reconciling' }): void;
  /** The adapter's session is live, and how far it is. Resolves when that is kept. */
  mark(state: 'begun' | 'in-flight', snapshot: JsonObject): Promise<void>;
}

/** Waits between the polls that find out what became of a request. */
const RECONCILE_WAITS_MS: readonly number[] = [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000];

/**
 * Finds out what became of what was sent; only asks.
 * @returns true when everything is there, false when what is missing was not signed
 * @throws SignError OUTCOME_UNKNOWN
 */
export async function reconcile(session: AdapterSession, host: ReconciliationHost): Promise<boolean> {
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
