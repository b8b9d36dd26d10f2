import type { Delegation, Peer, TrustList, TrustRoot, TrustService, TrustSnapshot } from '../../src/index.js';

/** Lists and snapshots as values: what decides asks nothing of signatures. */
export const DAY = 86_400_000;
export const NOW: number = Date.parse('2026-06-01T00:00:00Z');

/** A SHA-256 in hex that stands for a key by its name. */
export const keyHash = (name: string): string => [...name].map((each) => each.charCodeAt(0).toString(16).padStart(2, '0')).join('').padEnd(64, '0');

export function serviceOn(key: string, change: Partial<TrustService> = {}): TrustService {
  return {
    id: `urn:svc:${key}`, kind: 'ca', name: { zh: key }, anchors: [{ spkiSha256: keyHash(key), mode: 'root' }], intermediates: [],
    status: [{ status: 'granted', since: NOW - 1000 * DAY, recorded: 1 }], scope: [{ regions: ['*'] }], constraints: {},
    revocation: { mode: 'crl-only', overrideCertificateUrls: false, crl: [] }, certKinds: [], ...change,
  };
}

export function listWith(listId: string, services: readonly TrustService[], change: Partial<TrustList> = {}): TrustList {
  return {
    listId, sequence: 5, sha256: keyHash(listId), prev: undefined, issued: NOW - DAY, nextUpdate: NOW + 30 * DAY, operator: { name: { zh: listId } }, territory: ['420000'],
    services, identityProfiles: new Map(), tombstones: [], delegations: [], peers: [], signedBy: [], envelope: new Uint8Array(), ...change,
  };
}

export function delegationTo(listId: string, mode: Delegation['mode'], regions: readonly string[], change: Partial<Delegation> = {}): Delegation {
  return { listId, name: { zh: listId }, role: { keys: [], threshold: 1 }, regions, mode, location: [], ...change };
}

export function peerOf(schemeId: string, change: Partial<Peer> = {}): Peer {
  return { schemeId, rootSha256: keyHash(schemeId), since: NOW - 100 * DAY, map: [], accept: { kinds: ['ca'], purposes: ['sign'] }, location: [], ...change };
}

export function snapshotOf(lists: readonly TrustList[], change: Partial<TrustSnapshot> & { readonly limits?: Partial<TrustRoot['limits']> } = {}): TrustSnapshot {
  const { limits, ...rest } = change;
  const schemeId = rest.schemeId ?? 'urn:scheme:42';
  const root: TrustRoot = {
    schemeId, version: 1, sha256: keyHash('root'), prev: undefined, issued: NOW - 100 * DAY, expires: NOW + 200 * DAY, listId: lists[0]!.listId, keys: [],
    roles: { root: { keys: [], threshold: 1 }, list: { keys: [], threshold: 1 }, freshness: { keys: [], threshold: 1 } },
    limits: { maxListBytes: 5_000_000, maxDepth: 3, maxLists: 64, maxNextUpdate: 180 * DAY, maxFreshness: 7 * DAY, ...limits }, distribution: [], envelope: new Uint8Array(),
  };
  return {
    schemeId, root, roots: [root],
    freshness: { schemeId, version: 1, sha256: keyHash('freshness'), issued: NOW - DAY, expires: NOW + DAY, root: 1, lists: new Map(), envelope: new Uint8Array() },
    list: lists[0]!, lists: new Map(lists.map((list) => [list.listId, list])), missing: new Map(), peers: new Map(), highWater: NOW, ...rest,
  };
}
