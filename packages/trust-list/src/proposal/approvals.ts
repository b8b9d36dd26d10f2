import type { Algorithms } from '@hefu/crypto';
import { checkContinuity } from '../continuity.js';
import { parseDraft } from '../edit/draft.js';
import { requirementsOf } from '../edit/requirements.js';
import { readEnvelope } from '../envelope.js';
import { TrustListError } from '../error.js';
import { readListContent } from '../list-content.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { ListRole } from '../model.js';
import { countQuorum } from '../quorum.js';
import type { Bilingual } from '../refusal.js';
import { peopleOf, readRole, type RoleKey } from '../role.js';
import { readRootContent } from '../scheme/read-root.js';
import { hexOf, sha256Of } from '../sha256.js';
import { formatInstant } from '../time.js';
import { verifySignatures, type SignatureFact } from '../verify-signatures.js';
import { envelopeOf, type Proposal } from './document.js';

/** Someone who may approve. */
export interface Approver {
  readonly thumbprint: string;
  readonly org: string;
  readonly owner?: string;
  readonly family: 'F1' | 'F2';
}

/** Who approved a proposal, and what a role still asks. */
export interface Approvals {
  readonly signed: readonly Approver[];
  /** Those who could still sign. */
  readonly pending: readonly Approver[];
  readonly missing: { readonly people: number; readonly orgs: number; readonly F1: number; readonly F2: number };
  readonly met: boolean;
  /** About every signature in the proposal, those that do not count included. */
  readonly signatures: readonly SignatureFact[];
}

export interface ApprovalOptions {
  readonly algorithms: Algorithms;
  /** Signatures wanted above the threshold (see `requirementsOf`). */
  readonly extra?: number;
}

/**
 * Counts the approvals of a proposal as an update would count its signatures. Keys that have run out at `issued` of
 * the candidate do not count.
 * @throws TypeError when the role means nothing; TrustListError when the payload cannot be read
 */
export async function approvalsOf(proposal: Proposal, role: ListRole, { algorithms, extra = 0 }: ApprovalOptions): Promise<Approvals> {
  const sha256 = sha256Of(algorithms);
  const keys = readRole(role, sha256, DEFAULT_LIMITS.maxRoleKeys);
  const issued = proposal.target === 'list' ? readListContent(proposal.payloadBytes, { sha256 }).issued : readRootContent(proposal.payloadBytes, { sha256 }).issued;
  const envelope = envelopeOf(proposal);
  const verified = envelope === undefined ? [] : await verifySignatures(readEnvelope(envelope), proposal.target, keys, algorithms, DEFAULT_LIMITS.maxVerifications);
  const { counted, facts } = countQuorum(verified, role, issued);
  const owners = new Map(role.keys.map(({ owner }, index) => [keys[index]!.thumbprint, owner]));
  const approver = ({ thumbprint, org, family }: RoleKey): Approver => {
    const owner = owners.get(thumbprint);
    return { thumbprint, org, family, ...(owner !== undefined && { owner }) };
  };
  const people = new Set(counted.map(({ person }) => person));
  const short = (wanted: number, have: number): number => Math.max(0, wanted - have);
  const missing = {
    people: short(role.threshold + extra, people.size),
    orgs: short(role.distinctOrgs ?? 1, new Set(counted.map(({ org }) => org)).size),
    F1: short(role.families?.F1 ?? 0, peopleOf(counted, 'F1')),
    F2: short(role.families?.F2 ?? 0, peopleOf(counted, 'F2')),
  };
  const runOut = ({ notAfter }: RoleKey): boolean => notAfter !== undefined && issued >= notAfter;
  return {
    signed: counted.map(approver),
    pending: keys.filter((key) => !people.has(key.person) && !runOut(key)).map(approver),
    missing,
    met: Object.values(missing).every((count) => count === 0),
    signatures: facts,
  };
}

export interface Blocker {
  readonly code: 'UNREADABLE' | 'BASE_MOVED' | 'NOT_A_SUCCESSOR' | 'APPROVALS_MISSING' | 'UNEXPLAINED_BACKDATING' | 'EXPIRED' | 'ISSUED_IN_FUTURE' | 'SAYS_OTHERWISE';
  readonly text: Bilingual;
}

export interface ReadyOptions {
  /** For a list its role; for a root the `root` role of the root before and that of the candidate (rule R1). */
  readonly roles: readonly ListRole[];
  readonly algorithms: Algorithms;
  readonly at: number;
  /** Payload that is published now; undefined before the first. */
  readonly published: Uint8Array | undefined;
}

/**
 * Whether a proposal can be published as it stands: it follows what is published now, every role is met, back-dated
 * events are explained and have one more approver, and its dates hold. Publishing still runs the update that clients
 * run; this says beforehand, and in full, what would stop it.
 */
export async function readyToPublish(proposal: Proposal, options: ReadyOptions): Promise<{ readonly ready: boolean; readonly blockers: readonly Blocker[]; readonly approvals: readonly Approvals[] }> {
  const { algorithms, at, published, roles } = options;
  if (roles.length === 0) throw new TypeError('no role to approve');
  const sha256 = sha256Of(algorithms);
  const blockers: Blocker[] = [];
  const block = (code: Blocker['code'], zh: string, en: string): void => void blockers.push({ code, text: { zh: `${zh}。`, en: `${en}.` } });
  let candidate: { issued: number; until: number; number: number; prev: string | undefined; id: string };
  let extra = 0;
  try {
    if (proposal.target === 'list') {
      const content = readListContent(proposal.payloadBytes, { sha256 });
      candidate = { issued: content.issued, until: content.nextUpdate, number: content.sequence, prev: content.prev, id: content.listId };
      const before = published === undefined ? undefined : parseDraft(published, 'list');
      const requirements = requirementsOf(before, parseDraft(proposal.payloadBytes, 'list'));
      extra = requirements.length > 0 ? 1 : 0;
      for (const { explained, text } of requirements) if (!explained) block('UNEXPLAINED_BACKDATING', text.zh.slice(0, -1), text.en.slice(0, -1));
      if (published !== undefined) {
        const current = { ...readListContent(published, { sha256 }), sha256: hexOf(sha256.digest(published)), signedBy: [], envelope: published };
        const broken = checkContinuity(current, content, hexOf(sha256.digest(proposal.payloadBytes)));
        if (broken !== undefined && (broken.code === 'TL_HISTORY_REWRITTEN' || broken.code === 'TL_WRONG_LIST')) block('NOT_A_SUCCESSOR', `${broken.code}：${broken.actual}`, `${broken.code}: ${broken.actual}`);
      }
    } else {
      const { issued, expires, version, prev, schemeId } = readRootContent(proposal.payloadBytes, { sha256 });
      candidate = { issued, until: expires, number: version, prev, id: schemeId };
      if (published !== undefined && readRootContent(published, { sha256 }).schemeId !== schemeId) block('NOT_A_SUCCESSOR', '体系标识不同', 'It is of another scheme');
    }
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    block('UNREADABLE', `读者会拒绝：${error.message}`, `Readers refuse it: ${error.message}`);
    return { ready: false, blockers, approvals: [] };
  }

  const prev = published === undefined ? undefined : `sha256:${hexOf(sha256.digest(published))}`;
  const number = published === undefined ? 0 : proposal.target === 'list' ? parseDraft(published, 'list').sequence : parseDraft(published, 'root').version;
  if (candidate.prev !== prev || candidate.number !== number + 1) block('BASE_MOVED', `现行为第 ${number} 份，本提案接在第 ${candidate.number - 1} 份之后：请在现行版本上重做`, `${number} is published and this follows ${candidate.number - 1}: make it again on what is published`);
  // The words around the payload are signed by nobody; where they differ from it, somebody was shown something else.
  if (candidate.id !== proposal.id || candidate.prev !== proposal.base?.prev || candidate.number !== (proposal.base?.number ?? 0) + 1) block('SAYS_OTHERWISE', '提案的说明与待签内容不一致', 'What the proposal says of itself is not what its octets say');
  if (candidate.until <= at) block('EXPIRED', `已于 ${formatInstant(candidate.until)} 过期`, `It expired at ${formatInstant(candidate.until)}`);
  if (candidate.issued > at + DEFAULT_LIMITS.clockSkew) block('ISSUED_IN_FUTURE', `签发时间 ${formatInstant(candidate.issued)} 未到`, `It is issued at ${formatInstant(candidate.issued)}, which is still to come`);

  const approvals: Approvals[] = [];
  for (const role of roles) {
    const found = await approvalsOf(proposal, role, { algorithms, extra });
    approvals.push(found);
    if (found.met) continue;
    const { people, orgs, F1, F2 } = found.missing;
    const zh = [...(people > 0 ? [`${people} 人`] : []), ...(orgs > 0 ? [`${orgs} 家机构`] : []), ...(F1 > 0 ? [`${F1} 个国际算法签名`] : []), ...(F2 > 0 ? [`${F2} 个国密签名`] : [])];
    const en = [...(people > 0 ? [`${people} more people`] : []), ...(orgs > 0 ? [`${orgs} more organisations`] : []), ...(F1 > 0 ? [`${F1} more international signatures`] : []), ...(F2 > 0 ? [`${F2} more SM2 signatures`] : [])];
    block('APPROVALS_MISSING', `还缺 ${zh.join('、')}`, `Missing: ${en.join(', ')}`);
  }
  return { ready: blockers.length === 0, blockers, approvals };
}
