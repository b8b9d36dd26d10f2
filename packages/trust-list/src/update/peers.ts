import type { Peer, TrustSnapshot } from '../scheme.js';

/** Every peer that a list of the snapshot recognises, by scheme; the first to name it says from which root. */
export function peerRulesOf({ list, lists }: TrustSnapshot): ReadonlyMap<string, Peer> {
  const rules = new Map<string, Peer>();
  for (const each of [list, ...lists.values()]) for (const peer of each.peers) if (!rules.has(peer.schemeId)) rules.set(peer.schemeId, peer);
  return rules;
}

/**
 * The snapshot with those of its peers, each loaded and updated like any scheme from the root that the list names
 * (`importRoot` with `fingerprint: { sha256: peer.rootSha256 }`). The same snapshot when they are the same.
 * @throws TypeError for a peer that no list recognises, or that did not begin at the root named
 */
export function attachPeers(snapshot: TrustSnapshot, peers: ReadonlyMap<string, TrustSnapshot>): TrustSnapshot {
  const rules = peerRulesOf(snapshot);
  for (const [id, peer] of peers) {
    const rule = rules.get(id);
    if (rule === undefined || peer.schemeId !== id) throw new TypeError(`${id} is not recognised as a peer`);
    if (!peer.roots.some(({ sha256 }) => sha256 === rule.rootSha256)) throw new TypeError(`${id} does not begin at the root that is recognised`);
  }
  const same = peers.size === snapshot.peers.size && [...peers].every(([id, peer]) => snapshot.peers.get(id) === peer);
  return same ? snapshot : Object.freeze({ ...snapshot, peers: new Map(peers) });
}
