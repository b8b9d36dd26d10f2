import type { DigestAlgorithm } from '@hefu/crypto';
import { diffLists } from '../diff/list.js';
import { parseDraft } from '../edit/draft.js';
import { readEnvelope } from '../envelope.js';
import { Federation, isSnapshot, type MemberList, type Trust } from '../federation/federation.js';
import { readListKey, thumbprint as thumbprintOf } from '../jwk.js';
import { lintList } from '../lint/lint.js';
import type { ListRole, TrustList } from '../model.js';
import { endpointsOf } from './endpoints.js';
import { matrixOf } from './matrix.js';
import { REPORT_LIMITS, type Approval, type DelegationState, type DocumentState, type PeerState, type ReportOptions, type TrustReport } from './model.js';
import { regionsOf } from './regions.js';
import { timelineOf } from './timeline.js';

/**
 * Everything there is to say of a list or a scheme at one moment: what each CA may do where, what ends when, who signed,
 * what changed, how its addresses are doing, and what its operators should look at. Facts only; `renderReportHtml` shows them.
 */
export function reportOf(trust: Trust, options: ReportOptions): TrustReport {
  const { sha256, at, role, previous, probes, regionNames = new Map() } = options;
  const limits = { ...REPORT_LIMITS, ...options.limits };
  const federation = new Federation(trust, sha256);
  const documents = documentsOf(federation);
  return {
    at,
    schemeId: federation.schemeId,
    documents,
    matrix: matrixOf(federation, regionsOf(federation, regionNames), { sha256, at, limits }),
    timeline: timelineOf(federation, documents, { at, most: limits.timeline, sha256 }),
    endpoints: endpointsOf(federation, probes, limits.endpoints),
    approvals: federation.members.map((member) => approvalOf(member, federation, role, sha256)),
    changes: previous && federation.members.map(({ list }) => ({ listId: list.listId, diff: diffOf(listsOf(previous).get(list.listId), list, sha256) })),
    delegations: delegationsOf(federation),
    peers: federation.peers.map(({ peer, recognisedBy, federation: theirs }): PeerState => ({ by: recognisedBy.list.listId, peer, state: peerState(peer, theirs, at) })),
    lint: federation.members.map(({ list }) => ({ listId: list.listId, report: lintList(payloadOf(list), { sha256, at }) })),
    limits,
  };
}

function payloadOf({ envelope }: TrustList): Uint8Array {
  return readEnvelope(envelope).payloadBytes;
}

function listsOf(trust: Trust): ReadonlyMap<string, TrustList> {
  return isSnapshot(trust) ? trust.lists : new Map([[trust.listId, trust]]);
}

/** undefined: the list was not there before. */
function diffOf(before: TrustList | undefined, after: TrustList, sha256: DigestAlgorithm): ReturnType<typeof diffLists> | undefined {
  return before && diffLists(parseDraft(payloadOf(before), 'list'), parseDraft(payloadOf(after), 'list'), { sha256 });
}

function documentsOf({ snapshot, members, peers }: Federation): readonly DocumentState[] {
  const documents: DocumentState[] = [];
  if (snapshot !== undefined) {
    const { root, freshness, schemeId } = snapshot;
    documents.push({ kind: 'root', id: schemeId, number: root.version, sha256: root.sha256, issued: root.issued, until: root.expires });
    if (freshness !== undefined) documents.push({ kind: 'freshness', id: schemeId, number: freshness.version, sha256: freshness.sha256, issued: freshness.issued, until: freshness.expires });
  }
  for (const { list } of members) documents.push({ kind: 'list', id: list.listId, name: list.operator.name, number: list.sequence, sha256: list.sha256, issued: list.issued, until: list.nextUpdate, services: list.services.length });
  for (const theirs of new Set(peers.flatMap(({ federation }) => federation ?? []))) {
    const { snapshot: peer, top } = theirs;
    if (peer?.freshness === undefined) continue;
    documents.push({ kind: 'peer', id: peer.schemeId, name: top.operator.name, number: peer.freshness.version, sha256: peer.freshness.sha256, issued: peer.freshness.issued, until: peer.freshness.expires, services: top.services.length });
  }
  return documents;
}

/** The role is that of the root for the top list, that of its delegation for the others. */
function approvalOf({ list, ways }: MemberList, { top, snapshot }: Federation, given: ListRole | undefined, sha256: DigestAlgorithm): Approval {
  const role = list === top ? (snapshot?.root.roles.list ?? given) : ways[0]?.delegations.at(-1)?.role;
  const signed = new Set(list.signedBy.map(({ thumbprint }) => thumbprint));
  const holders = (role?.keys ?? []).map(({ jwk, org, owner, notAfter }) => {
    const key = readListKey(jwk);
    const thumbprint = thumbprintOf(key, sha256);
    return { org, owner, family: key.family, thumbprint, notAfter, signed: signed.has(thumbprint) };
  });
  // An older root's signers are no longer in the role, and signed all the same.
  const others = list.signedBy.filter(({ thumbprint }) => !holders.some((each) => each.thumbprint === thumbprint)).map((each) => ({ ...each, owner: undefined, notAfter: undefined, signed: true }));
  return {
    document: list.listId, number: list.sequence, role: role && { threshold: role.threshold, ...(role.distinctOrgs !== undefined && { distinctOrgs: role.distinctOrgs }), ...(role.families !== undefined && { families: role.families }) },
    signers: [...holders, ...others].sort((a, b) => Number(b.signed) - Number(a.signed)),
  };
}

function delegationsOf({ members, missing }: Federation): readonly DelegationState[] {
  const loaded = new Map(members.flatMap(({ list, ways }) => ways.flatMap(({ delegations }) => delegations.slice(-1).map((delegation) => [delegation, list.sequence] as const))));
  const why = new Map(missing.map(({ way, code }) => [way.delegations.at(-1), code]));
  return members.flatMap(({ list }) => list.delegations.map((delegation): DelegationState => ({ by: list.listId, delegation, sequence: loaded.get(delegation), missing: why.get(delegation) })));
}

function peerState(peer: PeerState['peer'], theirs: Federation | undefined, at: number): PeerState['state'] {
  if (at < peer.since) return 'not-yet';
  if (at >= (peer.until ?? Infinity)) return 'over';
  const freshness = theirs?.freshness;
  if (theirs === undefined || freshness === undefined) return 'not-loaded';
  return at > freshness.expires || at > freshness.issued + (peer.accept.maxStatusAge ?? Infinity) || theirs.members.some(({ list }) => at > list.nextUpdate) ? 'stale' : 'in-force';
}
