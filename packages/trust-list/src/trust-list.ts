import type { DigestAlgorithm } from '@hefu/crypto';
import { AnchorIndex } from './anchor-index.js';
import { freeze } from './freeze.js';
import type { ListContent } from './list-content.js';
import type { TrustList } from './model.js';

/** What beside its content makes a verified list. */
export interface Provenance {
  readonly sha256: string;
  readonly signedBy: TrustList['signedBy'];
  readonly envelope: Uint8Array;
}

/** Beside the lists and not in them: asking whether an object has a private member is newer than the oldest browser that is served. */
const ANCHORS: WeakMap<TrustList, AnchorIndex> = /* @__PURE__ */ new WeakMap();

/** The only class of TrustList; only `updateTrustList` makes one. It keeps its index of anchors to itself. */
export class VerifiedTrustList implements TrustList {
  readonly listId: string;
  readonly sequence: number;
  readonly sha256: string;
  readonly prev: string | undefined;
  readonly issued: number;
  readonly nextUpdate: number;
  readonly operator: TrustList['operator'];
  readonly territory: TrustList['territory'];
  readonly services: TrustList['services'];
  readonly identityProfiles: TrustList['identityProfiles'];
  readonly tombstones: TrustList['tombstones'];
  readonly delegations: TrustList['delegations'];
  readonly peers: TrustList['peers'];
  readonly signedBy: TrustList['signedBy'];
  readonly envelope: Uint8Array;

  constructor(content: ListContent, provenance: Provenance, sha256: DigestAlgorithm) {
    this.listId = content.listId;
    this.sequence = content.sequence;
    this.sha256 = provenance.sha256;
    this.prev = content.prev;
    this.issued = content.issued;
    this.nextUpdate = content.nextUpdate;
    this.operator = freeze(content.operator);
    this.territory = freeze(content.territory);
    this.services = freeze(content.services);
    this.identityProfiles = content.identityProfiles;
    for (const profile of content.identityProfiles.values()) freeze(profile);
    this.tombstones = freeze(content.tombstones);
    this.delegations = freeze(content.delegations);
    this.peers = freeze(content.peers);
    this.signedBy = freeze(provenance.signedBy);
    this.envelope = provenance.envelope;
    ANCHORS.set(this, new AnchorIndex(content.services, sha256));
    Object.freeze(this);
  }

  /** The index of a list: kept for a verified one, made on the spot for any other value of that shape. */
  static anchorsOf(list: TrustList, sha256: DigestAlgorithm): AnchorIndex {
    return ANCHORS.get(list) ?? new AnchorIndex(list.services, sha256);
  }
}
