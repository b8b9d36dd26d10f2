import { DEFAULT_LIMITS } from '../limits.js';
import { refuse, refuseError, type Refusal } from '../refuse.js';
import { listIdOf, readBundleContent, type BundleContent } from '../scheme/bundle.js';
import { checkFingerprint, type Fingerprint } from '../scheme/fingerprint.js';
import { takeFirstRoot } from '../scheme/root-step.js';
import type { TrustRoot, TrustSnapshot } from '../scheme.js';
import { attachPeers, peerRulesOf } from './peers.js';
import { beginWith, offerDocument, passDocument, type SchemeOutcome, type SchemeUpdate, type SchemeUpdateOptions } from './scheme-update.js';

export type BundleOutcome = SchemeOutcome & {
  /** Peers that the bundle carries and that could not be verified, by scheme. */
  readonly peersRefused?: ReadonlyMap<string, Refusal>;
};

/**
 * Reads a bundle by the same engine as an update: every document of it is verified, from a root that is trusted.
 * Over a snapshot it is an update without network. From a fingerprint it is a load of what was stored or kept as
 * evidence: then nothing is refused for having expired, and notes say what has.
 *
 * @param from the snapshot in use; or the fingerprint of the root first trusted, which the bundle must hold
 * @throws TypeError as `beginUpdate` and `importRoot`
 */
export async function readBundle(file: Uint8Array, options: SchemeUpdateOptions & { readonly from: TrustSnapshot | Fingerprint }): Promise<BundleOutcome> {
  const { from } = options;
  const before = 'roots' in from ? from : undefined;
  try {
    return await readFrom(readBundleContent(file, options), options);
  } catch (error) {
    return { outcome: 'failed', failure: refuseError(error), snapshot: before, notes: [], refusals: [] };
  }
}

async function readFrom(bundle: BundleContent, options: SchemeUpdateOptions & { readonly from: TrustSnapshot | Fingerprint }): Promise<BundleOutcome> {
  const { from } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const files = new Map<string, Uint8Array>();
  // What does not even say which list it is may be the one wanted, damaged: offered, it says what is wrong.
  const nameless: Uint8Array[] = [];
  for (const file of bundle.lists) {
    const id = listIdOf(file, limits);
    if (id === undefined) nameless.push(file);
    else files.set(id, file);
  }
  let outcome: SchemeOutcome;
  if ('roots' in from) {
    if (bundle.schemeId !== from.schemeId) return { outcome: 'failed', failure: refuse('TL_WRONG_SCHEME', { expected: from.schemeId, actual: bundle.schemeId }), snapshot: from, notes: [], refusals: [] };
    outcome = await drive(await beginWith(from, options, { refusesExpired: ['root'], lists: new Map() }), bundle, { files, nameless }, from.root.version - from.roots[0]!.version + 1);
  } else {
    const first = await firstRoot(bundle, from, options);
    if ('code' in first) return { outcome: 'failed', failure: first, snapshot: undefined, notes: [], refusals: [] };
    outcome = await drive(await beginWith(first.root, options, { refusesExpired: [], lists: files }), bundle, { files, nameless }, first.index + 1);
  }
  if (outcome.outcome === 'failed' || bundle.peers.length === 0) return outcome;
  return withPeers(outcome, bundle, options);
}

/** The root whose fingerprint is trusted; those before it in the bundle say nothing. */
async function firstRoot({ roots }: BundleContent, fingerprint: Fingerprint, { algorithms, at, limits }: SchemeUpdateOptions): Promise<{ readonly root: TrustRoot; readonly index: number } | Refusal> {
  let refusal: Refusal | undefined;
  for (const [index, file] of roots.entries()) {
    const taken = await takeFirstRoot(file, { algorithms, at, limits: { ...DEFAULT_LIMITS, ...limits }, vouch: (payload) => checkFingerprint(fingerprint, payload, algorithms) });
    if (taken.refusal === undefined) return { root: taken.root, index };
    if (refusal === undefined || taken.refusal.code !== 'TL_ROOT_FINGERPRINT') refusal = taken.refusal;
  }
  return refusal!;
}

/** Gives the engine what it wants from the bundle's files. */
async function drive(begun: SchemeUpdate, { roots, freshness }: BundleContent, { files, nameless }: { readonly files: ReadonlyMap<string, Uint8Array>; readonly nameless: readonly Uint8Array[] }, nextRoot: number): Promise<SchemeOutcome> {
  let update = begun;
  let next = nextRoot;
  while (update.want !== undefined) {
    const { role, listId } = update.want;
    const root = role === 'root' ? roots[next++] : undefined;
    const list = role === 'list' ? files.get(listId!) : undefined;
    const candidates = role === 'root' ? (root === undefined ? [] : [root]) : role === 'freshness' ? [freshness] : list === undefined ? nameless : [list];
    update = await offerAll(update, candidates);
  }
  return update.outcome!;
}

async function offerAll(wanting: SchemeUpdate, candidates: readonly Uint8Array[]): Promise<SchemeUpdate> {
  let update = wanting;
  for (const file of candidates) {
    update = await offerDocument(update, file);
    if (update.refusal === undefined) return update;
  }
  return passDocument(update);
}

async function withPeers(outcome: Exclude<SchemeOutcome, { outcome: 'failed' }>, bundle: BundleContent, options: SchemeUpdateOptions): Promise<BundleOutcome> {
  const rules = peerRulesOf(outcome.snapshot);
  const peers = new Map(outcome.snapshot.peers);
  const peersRefused = new Map<string, Refusal>();
  for (const peer of bundle.peers) {
    const rule = rules.get(peer.schemeId);
    if (rule === undefined) continue;
    const known = peers.get(peer.schemeId);
    const read = await readFrom({ ...peer, peers: [] }, { ...options, from: known ?? { sha256: rule.rootSha256 } });
    if (read.outcome === 'failed') peersRefused.set(peer.schemeId, read.failure);
    else peers.set(peer.schemeId, read.snapshot);
  }
  const snapshot = attachPeers(outcome.snapshot, peers);
  return { ...outcome, snapshot, outcome: snapshot === outcome.snapshot ? outcome.outcome : 'updated', ...(peersRefused.size > 0 && { peersRefused }) };
}
