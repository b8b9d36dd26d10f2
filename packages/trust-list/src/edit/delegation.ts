import type { JsonValue } from '../json.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { ListDocument } from '../list-document.js';
import { MemberReader, ProblemLog } from '../member-reader.js';
import { jurisdiction, regionWithin } from '../region.js';
import type { DelegationDocument, PeerDocument } from '../scheme-document.js';
import { readDelegations } from '../scheme/read-delegation.js';
import { readPeers } from '../scheme/read-peer.js';
import { parseDuration } from '../time.js';
import type { EditContext } from './draft.js';
import { EditError, exists, notFound, refuseProblems } from './error.js';

const DELEGATION = { zh: '下级名单授权', en: 'delegation' };
const PEER = { zh: '互认方', en: 'peer' };

/** @throws EditError EDIT_EXISTS | EDIT_INVALID */
export function addDelegation(draft: ListDocument, delegation: DelegationDocument, context: EditContext): ListDocument {
  if (draft.delegations?.some(({ listId }) => listId === delegation.listId)) throw exists(DELEGATION, delegation.listId);
  return checked({ ...draft, delegations: [...(draft.delegations ?? []), delegation] }, context);
}

export type DelegationNarrowing = Partial<Pick<DelegationDocument, 'regions' | 'mode' | 'kinds' | 'purposes' | 'maxNextUpdate' | 'threshold' | 'distinctOrgs'>>;

/**
 * Takes from a delegation; nothing in it may become wider.
 * @throws EditError EDIT_NOT_FOUND | EDIT_WIDENS | EDIT_INVALID
 */
export function narrowDelegation(draft: ListDocument, listId: string, changes: DelegationNarrowing, context: EditContext): ListDocument {
  const before = draft.delegations?.find((each) => each.listId === listId);
  if (before === undefined) throw notFound(DELEGATION, listId);
  const wider = Object.keys(changes).filter((name) => widens(name as keyof DelegationNarrowing, before, changes));
  if (wider.length > 0) {
    throw new EditError('EDIT_WIDENS', { zh: `收窄授权时不能放宽 ${wider.join('、')}。`, en: `Narrowing a delegation cannot widen ${wider.join(', ')}.` });
  }
  return checked({ ...draft, delegations: draft.delegations!.map((each) => (each === before ? { ...before, ...changes } : each)) }, context);
}

function widens(name: keyof DelegationNarrowing, before: DelegationDocument, after: DelegationNarrowing): boolean {
  const subset = (old: readonly string[] | undefined, now: readonly string[] | undefined): boolean => old === undefined || (now !== undefined && now.every((each) => old.includes(each)));
  switch (name) {
    case 'regions':
      return after.regions === undefined || after.regions.length === 0 || !after.regions.every((region) => regionWithin(jurisdiction(region), before.regions));
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

/** @throws EditError EDIT_EXISTS | EDIT_INVALID */
export function addPeer(draft: ListDocument, peer: PeerDocument, context: EditContext): ListDocument {
  if (draft.peers?.some(({ schemeId }) => schemeId === peer.schemeId)) throw exists(PEER, peer.schemeId);
  return checked({ ...draft, peers: [...(draft.peers ?? []), peer] }, context);
}

/** Adds to what a peer's words mean here; the same words of theirs are mapped anew. @throws EditError EDIT_NOT_FOUND | EDIT_INVALID */
export function mapPeer(draft: ListDocument, schemeId: string, mapping: NonNullable<PeerDocument['map']>[number], context: EditContext): ListDocument {
  const theirs = JSON.stringify(mapping.theirs);
  return changePeer(draft, schemeId, (peer) => ({ ...peer, map: [...(peer.map ?? []).filter((each) => JSON.stringify(each.theirs) !== theirs), mapping] }), context);
}

/** Changes a peer's dates, regions or what is accepted of it; its identity stays. @throws EditError EDIT_NOT_FOUND | EDIT_INVALID */
export function changePeerTerms(draft: ListDocument, schemeId: string, changes: Partial<Omit<PeerDocument, 'schemeId' | 'rootSha256'>>, context: EditContext): ListDocument {
  return changePeer(draft, schemeId, (peer) => ({ ...peer, ...changes }), context);
}

/** @throws EditError EDIT_NOT_FOUND */
export function removePeer(draft: ListDocument, schemeId: string): ListDocument {
  peerOf(draft, schemeId);
  return { ...draft, peers: draft.peers!.filter((each) => each.schemeId !== schemeId) };
}

function changePeer(draft: ListDocument, schemeId: string, change: (peer: PeerDocument) => PeerDocument, context: EditContext): ListDocument {
  const before = peerOf(draft, schemeId);
  return checked({ ...draft, peers: draft.peers!.map((each) => (each === before ? change(each) : each)) }, context);
}

function peerOf(draft: ListDocument, schemeId: string): PeerDocument {
  const peer = draft.peers?.find((each) => each.schemeId === schemeId);
  if (peer === undefined) throw notFound(PEER, schemeId);
  return peer;
}

function checked(draft: ListDocument, { sha256 }: EditContext): ListDocument {
  const log = new ProblemLog(DEFAULT_LIMITS.maxProblems);
  const reader = new MemberReader(draft as unknown as JsonValue, '', log);
  readDelegations(reader, { listId: draft.listId, territory: draft.territory, sha256, limits: DEFAULT_LIMITS });
  readPeers(reader, draft.territory, DEFAULT_LIMITS.maxDelegations);
  refuseProblems(log.problems);
  return draft;
}
