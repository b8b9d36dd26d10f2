import type { ListDocument } from '../list-document.js';
import type { DelegationDocument, PeerDocument } from '../scheme-document.js';
import { parseDuration } from '../time.js';
import { EditError, exists, notFound } from './error.js';
import { coversRegions } from './region-cover.js';

const DELEGATION = { zh: '下级名单授权', en: 'delegation' };
const PEER = { zh: '互认方', en: 'peer' };

/** @throws EditError EDIT_EXISTS */
export function addDelegation(draft: ListDocument, delegation: DelegationDocument): ListDocument {
  if (draft.delegations?.some(({ listId }) => listId === delegation.listId)) throw exists(DELEGATION, delegation.listId);
  return { ...draft, delegations: [...(draft.delegations ?? []), delegation] };
}

export type DelegationNarrowing = Partial<Pick<DelegationDocument, 'regions' | 'mode' | 'kinds' | 'purposes' | 'maxNextUpdate' | 'threshold' | 'distinctOrgs'>>;

/**
 * Takes from a delegation; nothing in it may become wider.
 * @throws EditError EDIT_NOT_FOUND | EDIT_WIDENS
 */
export function narrowDelegation(draft: ListDocument, listId: string, changes: DelegationNarrowing): ListDocument {
  const before = draft.delegations?.find((each) => each.listId === listId);
  if (before === undefined) throw notFound(DELEGATION, listId);
  const wider = Object.keys(changes).filter((name) => widens(name as keyof DelegationNarrowing, before, changes));
  if (wider.length > 0) {
    throw new EditError('EDIT_WIDENS', { zh: `收窄授权时不能放宽 ${wider.join('、')}。`, en: `Narrowing a delegation cannot widen ${wider.join(', ')}.` });
  }
  return { ...draft, delegations: draft.delegations!.map((each) => (each === before ? { ...before, ...changes } : each)) };
}

function widens(name: keyof DelegationNarrowing, before: DelegationDocument, after: DelegationNarrowing): boolean {
  const subset = (old: readonly string[] | undefined, now: readonly string[] | undefined): boolean => old === undefined || (now !== undefined && now.every((each) => old.includes(each)));
  switch (name) {
    case 'regions':
      return !coversRegions(before.regions, after.regions ?? []) || (after.regions ?? []).length === 0;
    case 'mode':
      return before.mode === 'restrict-only' && after.mode !== 'restrict-only';
    case 'kinds':
    case 'purposes':
      return !subset(before[name], after[name]);
    case 'maxNextUpdate':
      return before.maxNextUpdate !== undefined && (after.maxNextUpdate === undefined || parseDuration(after.maxNextUpdate) > parseDuration(before.maxNextUpdate));
    case 'threshold':
      return (after.threshold ?? 0) < before.threshold;
    case 'distinctOrgs':
      return (after.distinctOrgs ?? 1) < (before.distinctOrgs ?? 1);
  }
}

/** @throws EditError EDIT_NOT_FOUND */
export function removeDelegation(draft: ListDocument, listId: string): ListDocument {
  const left = draft.delegations?.filter((each) => each.listId !== listId) ?? [];
  if (left.length === (draft.delegations?.length ?? 0)) throw notFound(DELEGATION, listId);
  return { ...draft, delegations: left };
}

/** @throws EditError EDIT_EXISTS */
export function addPeer(draft: ListDocument, peer: PeerDocument): ListDocument {
  if (draft.peers?.some(({ schemeId }) => schemeId === peer.schemeId)) throw exists(PEER, peer.schemeId);
  return { ...draft, peers: [...(draft.peers ?? []), peer] };
}

/** Adds to what a peer's words mean here; the same words of theirs are mapped anew. @throws EditError EDIT_NOT_FOUND */
export function mapPeer(draft: ListDocument, schemeId: string, mapping: NonNullable<PeerDocument['map']>[number]): ListDocument {
  const theirs = JSON.stringify(mapping.theirs);
  return changePeer(draft, schemeId, (peer) => ({ ...peer, map: [...(peer.map ?? []).filter((each) => JSON.stringify(each.theirs) !== theirs), mapping] }));
}

/** Changes a peer's dates, regions or what is accepted of it; its identity stays. @throws EditError EDIT_NOT_FOUND */
export function changePeerTerms(draft: ListDocument, schemeId: string, changes: Partial<Omit<PeerDocument, 'schemeId' | 'rootSha256'>>): ListDocument {
  return changePeer(draft, schemeId, (peer) => ({ ...peer, ...changes }));
}

/** @throws EditError EDIT_NOT_FOUND */
export function removePeer(draft: ListDocument, schemeId: string): ListDocument {
  changePeer(draft, schemeId, (peer) => peer);
  return { ...draft, peers: draft.peers!.filter((each) => each.schemeId !== schemeId) };
}

function changePeer(draft: ListDocument, schemeId: string, change: (peer: PeerDocument) => PeerDocument): ListDocument {
  if (!draft.peers?.some((each) => each.schemeId === schemeId)) throw notFound(PEER, schemeId);
  return { ...draft, peers: draft.peers.map((each) => (each.schemeId === schemeId ? change(each) : each)) };
}
