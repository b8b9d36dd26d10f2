import type { DigestAlgorithm } from '@hefu/crypto';
import type { AnchorIndex } from '../anchor-index.js';
import type { Purpose, ServiceKind, TrustList, TrustService } from '../model.js';
import { regionWithin } from '../region.js';
import type { Delegation, Freshness, Peer, TrustSnapshot } from '../scheme.js';
import { VerifiedTrustList } from '../trust-list.js';

/** What a verifier trusts: a list by itself, or a scheme of lists at one moment. */
export type Trust = TrustList | TrustSnapshot;

/** How a list comes to have a say: the delegations from the top list down to it, and the lists that made them. */
export interface Way {
  readonly delegations: readonly Delegation[];
  readonly above: readonly TrustList[];
}

/** A list that takes part. */
export interface MemberList {
  readonly list: TrustList;
  readonly schemeId: string | undefined;
  /** At least one. The top list's has no delegations. */
  readonly ways: readonly Way[];
}

/** A list that a delegation names and that is not here, or that the limits leave out. */
export interface MissingList {
  readonly listId: string;
  /** Why: `LIST_NOT_LOADED`, the update's own code, `DELEGATION_CYCLE`, `DELEGATION_TOO_DEEP` or `TOO_MANY_LISTS`. */
  readonly code: string;
  readonly way: Way;
}

/** Another scheme that a list of this one recognises. */
export interface RecognisedPeer {
  readonly peer: Peer;
  readonly recognisedBy: MemberList;
  /** undefined: nothing of the peer is here. */
  readonly federation: Federation | undefined;
}

/** An entry of a list about a key. */
export interface Statement {
  readonly member: MemberList;
  readonly service: TrustService;
}

/** A key on a certification path. */
export interface PathKey {
  /** SHA-256 over the SubjectPublicKeyInfo, lower-case hex. */
  readonly spkiSha256: string;
  /** SHA-256 over the certificate that carries it: finds entries that state nothing else. */
  readonly certificateSha256?: string;
}

/** Where a single list is all there is. It can still name delegations, and they are missing then. */
const ALONE = { maxDepth: 0, maxLists: 1 } as const;
/** Bounds what is remembered by region; GB/T 2260 has some 3,000 codes. */
const MAX_REGIONS = 4096;
/** Bounds what is remembered by key: certificates around one listed key are anybody's to make. */
const MAX_STATEMENTS = 16_384;

/**
 * The lists that have a say, and over where (trust-list design §5.4, §5.8). Immutable; built once for a list or a
 * snapshot and asked many times. A list by itself is a scheme of one list.
 *
 * - A delegation reaches as far as every delegation above it does, in regions, kinds and purposes.
 * - A list grants only where every delegation down to it says `may-grant`.
 * - What the limits leave out, a cycle closes or a delegation names in vain is missing, not absent: see {@link missing}.
 */
export class Federation {
  readonly schemeId: string | undefined;
  readonly top: TrustList;
  readonly members: readonly MemberList[];
  readonly missing: readonly MissingList[];
  /** Not transitive: a peer's peers are not here. */
  readonly peers: readonly RecognisedPeer[];
  /** undefined for a list by itself. */
  readonly snapshot: TrustSnapshot | undefined;
  readonly #indices: readonly { readonly member: MemberList; readonly index: AnchorIndex }[];
  /** By key, then by certificate. */
  readonly #statements = new Map<string, Map<string, readonly Statement[]>>();
  #remembered = 0;
  readonly #members = new Map<string, readonly MemberList[]>();

  constructor(trust: Trust, sha256: DigestAlgorithm, options: { readonly peers?: boolean } = {}) {
    const snapshot = isSnapshot(trust) ? trust : undefined;
    this.snapshot = snapshot;
    this.schemeId = snapshot?.schemeId;
    this.top = isSnapshot(trust) ? trust.list : trust;
    const { members, missing } = spread(this.top, snapshot);
    this.members = members;
    this.missing = missing;
    const recognised = options.peers === false ? [] : members.flatMap((recognisedBy) => recognisedBy.list.peers.map((peer) => ({ peer, recognisedBy })));
    const federations = new Map<string, Federation | undefined>();
    for (const { peer } of recognised) {
      const theirs = snapshot?.peers.get(peer.schemeId);
      if (!federations.has(peer.schemeId)) federations.set(peer.schemeId, theirs && new Federation(theirs, sha256, { peers: false }));
    }
    this.peers = recognised.map((each) => ({ ...each, federation: federations.get(each.peer.schemeId) }));
    this.#indices = members.map((member) => ({ member, index: VerifiedTrustList.anchorsOf(member.list, sha256) }));
  }

  get freshness(): Freshness | undefined {
    return this.snapshot?.freshness;
  }

  /** The lists of this scheme with jurisdiction over a region, top first. */
  membersFor(region: string): readonly MemberList[] {
    const known = this.#members.get(region);
    if (known !== undefined) return known;
    const found = this.members.filter(({ ways }) => ways.some((way) => hasJurisdiction(way, region)));
    if (this.#members.size >= MAX_REGIONS) this.#members.clear();
    this.#members.set(region, found);
    return found;
  }

  missingFor(region: string): readonly MissingList[] {
    return this.missing.filter(({ way }) => hasJurisdiction(way, region));
  }

  /** Every entry about this key or this very certificate, in this scheme's lists. */
  statementsOn({ spkiSha256, certificateSha256 = '' }: PathKey): readonly Statement[] {
    const ofKey = this.#statements.get(spkiSha256);
    const known = ofKey?.get(certificateSha256);
    if (known !== undefined) return known;
    const found: Statement[] = [];
    for (const { member, index } of this.#indices) {
      const services = new Set([...index.withKey(spkiSha256), ...index.withCertificate(certificateSha256)].map(({ service }) => service));
      for (const service of services) found.push({ member, service });
    }
    // Only what is listed is remembered, so that what is asked cannot make this grow.
    if (found.length > 0 && this.#remembered < MAX_STATEMENTS) {
      this.#remembered++;
      if (ofKey === undefined) this.#statements.set(spkiSha256, new Map([[certificateSha256, found]]));
      else ofKey.set(certificateSha256, found);
    }
    return found;
  }
}

/** Whether a list whose delegations these are has a say in a region: every one of them covers it. */
export function hasJurisdiction({ delegations }: Way, region: string): boolean {
  return delegations.every(({ regions }) => regionWithin(region, regions));
}

/** Whether a list may recognise services of its own for this: every delegation down to it lets it. */
export function mayGrant(way: Way, region: string, kind: ServiceKind, purpose: Purpose): boolean {
  return (
    hasJurisdiction(way, region) &&
    way.delegations.every(({ mode, kinds, purposes }) => mode === 'may-grant' && (kinds === undefined || kinds.includes(kind)) && (purposes === undefined || purposes.includes(purpose)))
  );
}

/** Whether a list can only take away, in this region. */
export function onlyRestricts({ ways }: MemberList, region: string): boolean {
  return ways.every((way) => !hasJurisdiction(way, region) || way.delegations.some(({ mode }) => mode === 'restrict-only'));
}

export function isSnapshot(trust: Trust): trust is TrustSnapshot {
  return 'lists' in trust;
}

/** Breadth first, so that a list reached twice is known by its shortest way first and the limits cut off what lies deepest. */
function spread(top: TrustList, snapshot: TrustSnapshot | undefined): { members: readonly MemberList[]; missing: readonly MissingList[] } {
  const { maxDepth, maxLists } = snapshot?.root.limits ?? ALONE;
  const schemeId = snapshot?.schemeId;
  const ways = new Map<TrustList, Way[]>([[top, [{ delegations: [], above: [] }]]]);
  const missing: MissingList[] = [];
  const open: { readonly list: TrustList; readonly way: Way }[] = [{ list: top, way: { delegations: [], above: [] } }];
  // Every way counts, not only every list: a mesh of few lists has very many.
  let spent = 1;
  for (let next = 0; next < open.length; next++) {
    const { list, way } = open[next]!;
    for (const delegation of list.delegations) {
      const below: Way = { delegations: [...way.delegations, delegation], above: [...way.above, list] };
      const child = snapshot?.lists.get(delegation.listId);
      const leftOut =
        child === undefined ? (snapshot?.missing.get(delegation.listId) ?? 'LIST_NOT_LOADED')
        : below.above.includes(child) ? 'DELEGATION_CYCLE'
        : below.delegations.length > maxDepth ? 'DELEGATION_TOO_DEEP'
        : spent >= maxLists ? 'TOO_MANY_LISTS'
        : undefined;
      if (child === undefined || leftOut !== undefined) {
        missing.push({ listId: delegation.listId, code: leftOut!, way: below });
        continue;
      }
      spent++;
      const known = ways.get(child);
      if (known === undefined) ways.set(child, [below]);
      else known.push(below);
      open.push({ list: child, way: below });
    }
  }
  return { members: [...ways].map(([list, all]) => ({ list, schemeId, ways: all })), missing };
}
