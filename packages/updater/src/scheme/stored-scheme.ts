import { DEFAULT_LIMITS, fingerprintOf, makeBundle, readBundle, type BundleOutcome, type Fingerprint, type TrustSnapshot } from '@hefu/trust-list';
import { UpdaterError } from '../error.js';
import type { Store } from '../ports.js';
import { refusalOf } from '../trust-list-keeper.js';
import type { SchemeRefusal, SchemeTrust } from './model.js';
import { documentName } from './update-from-places.js';

const keyOf = (slot: string): string => `scheme ${slot}`;

/**
 * The fingerprint of what is pinned.
 * @throws TrustListError when a root that is pinned as a file is no envelope
 */
export function pinnedFingerprint({ root, algorithms }: Pick<SchemeTrust, 'root' | 'algorithms'>): Fingerprint {
  return root instanceof Uint8Array ? { sha256: fingerprintOf(root, algorithms).sha256 } : root;
}

/** What was in hand, and with it what the store has. */
export interface Absorbed {
  readonly snapshot: TrustSnapshot | undefined;
  readonly outcome: BundleOutcome | undefined;
  readonly refusals: readonly SchemeRefusal[];
  /** The stored octets; undefined when there are none, or they could not be read. */
  readonly stored: Uint8Array | undefined;
}

/**
 * Takes what the store has as if it had just arrived (design rule R9), from the pinned root or as an update of what is
 * in hand: another process may have put a newer state there, an older one is refused.
 */
export async function absorbStored(store: Store, trust: SchemeTrust & { readonly at: number }, snapshot: TrustSnapshot | undefined, known?: Uint8Array): Promise<Absorbed> {
  const source = 'store';
  let stored: Uint8Array | undefined;
  try {
    stored = await store.get(keyOf(trust.slot ?? 'current'));
  } catch (error) {
    return { snapshot, outcome: undefined, refusals: [{ ...refusalOf(source, error), document: 'bundle' }], stored };
  }
  if (stored === undefined || (known !== undefined && equal(stored, known))) return { snapshot, outcome: undefined, refusals: [], stored };
  const { outcome, refusals } = await takeBundle(stored, trust, snapshot, source);
  return { snapshot: outcome.outcome === 'failed' ? snapshot : outcome.snapshot, outcome, refusals, stored };
}

/** A bundle over what is in hand, or from the pinned root. */
export async function takeBundle(file: Uint8Array, trust: SchemeTrust & { readonly at: number }, snapshot: TrustSnapshot | undefined, source: string): Promise<{ readonly outcome: BundleOutcome; readonly refusals: readonly SchemeRefusal[] }> {
  const { algorithms, at, trustListLimits } = trust;
  const outcome = await readBundle(file, { from: snapshot ?? pinnedFingerprint(trust), algorithms, at, ...(trustListLimits && { limits: trustListLimits }) });
  const peers = [...(outcome.peersRefused ?? [])].map(([schemeId, refusal]): SchemeRefusal => ({ code: refusal.code, detail: refusal.message.en, source, document: `${schemeId} bundle`, refusal }));
  const own = outcome.refusals.map(({ wanted, refusal }): SchemeRefusal => ({
    code: refusal.code, detail: refusal.message.en, source, document: documentName(wanted), ...(wanted.listId !== undefined && { listId: wanted.listId }), refusal,
  }));
  const { failure } = outcome.outcome === 'failed' ? outcome : { failure: undefined };
  const whole: readonly SchemeRefusal[] = failure === undefined || own.some(({ refusal }) => refusal === failure) ? [] : [{ code: failure.code, detail: failure.message.en, source, document: 'bundle', refusal: failure }];
  return { outcome, refusals: [...own, ...whole, ...peers] };
}

export interface StoredScheme {
  /** What is in use from now on: newer than what was to be stored where another process was faster. */
  readonly snapshot: TrustSnapshot;
  readonly storeError?: UpdaterError;
}

/**
 * Stores the snapshot as one value, replaced as a whole: there is no moment at which half of it is there. What
 * another process has stored since is taken first, so that nobody puts an older state over a newer one; in the instant between
 * that can still happen, and the next refresh of whoever has the newer one repairs it.
 */
export async function storeScheme(store: Store, trust: SchemeTrust & { readonly at: number }, snapshot: TrustSnapshot, seen: Uint8Array | undefined): Promise<StoredScheme> {
  const { snapshot: merged, stored } = await absorbStored(store, trust, snapshot, seen);
  const latest = merged ?? snapshot;
  const bundle = makeBundle(latest);
  if (stored !== undefined && equal(stored, bundle)) return { snapshot: latest };
  const { maxBundleBytes } = { ...DEFAULT_LIMITS, ...trust.trustListLimits };
  if (bundle.length > maxBundleBytes) return { snapshot: latest, storeError: new UpdaterError('TOO_LARGE', `a bundle of ${bundle.length} octets could not be loaded again, at most ${maxBundleBytes}`) };
  try {
    await store.put(keyOf(trust.slot ?? 'current'), bundle);
    return { snapshot: latest };
  } catch (error) {
    return { snapshot: latest, storeError: error instanceof UpdaterError ? error : new UpdaterError('IO_FAILED', 'the scheme could not be stored', { cause: error }) };
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  // A loop: a call for each of five million octets takes ten times as long.
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
