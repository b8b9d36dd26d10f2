import type { WorkspaceTree } from '@hefu/node';
import { approvalsOf, diffLists, diffRoots, formatInstant, parseDraft, readListContent, readRootContent, renderDiffText, requirementsOf, type Approvals, type DocumentDiff, type EditRequirement, type Proposal } from '@hefu/trust-list';
import { hanging, visible } from '@hefu/verify';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { say } from '../language.js';
import { algorithms, editContext, publishedOf, rolesFor, type OpenProposal } from './tree.js';

/** What an approver is shown: made here and now from the octets to be signed, whatever the proposal says of itself. */
export interface Review {
  readonly proposal: string;
  readonly target: 'list' | 'root';
  readonly sha256: string;
  readonly author: string;
  readonly reason: string;
  readonly created: string;
  readonly diff: DocumentDiff;
  readonly requirements: readonly EditRequirement[];
  readonly approvals: readonly Approvals[];
}

export async function reviewOf(tree: WorkspaceTree, { name, proposal }: OpenProposal): Promise<Review> {
  const { target, id } = proposal;
  const published = await publishedOf(tree, target, id);
  const { diff, requirements } = await about(`proposals/${name}.json`, () => differences(proposal, published?.payload));
  const approvals: Approvals[] = [];
  for (const role of await rolesFor(tree, proposal)) approvals.push(await approvalsOf(proposal, role, { algorithms, extra: requirements.length > 0 ? 1 : 0 }));
  const sha256 = Buffer.from(editContext.sha256.digest(proposal.payloadBytes)).toString('hex');
  return { proposal: name, target, sha256, author: proposal.author, reason: proposal.reason, created: formatInstant(proposal.created), diff, requirements, approvals };
}

/** The semantic diff of a proposal's octets against what is published. @throws TrustListError */
export function differences({ target, payloadBytes }: Pick<Proposal, 'target' | 'payloadBytes'>, published: Uint8Array | undefined): { readonly diff: DocumentDiff; readonly requirements: readonly EditRequirement[] } {
  if (target === 'root') {
    readRootContent(payloadBytes, editContext);
    return { diff: diffRoots(published && parseDraft(published, 'root'), parseDraft(payloadBytes, 'root'), editContext), requirements: [] };
  }
  readListContent(payloadBytes, editContext);
  const [before, after] = [published && parseDraft(published, 'list'), parseDraft(payloadBytes, 'list')];
  return { diff: diffLists(before, after, editContext), requirements: requirementsOf(before, after) };
}

/** On standard error with `--json`, where the document is on standard output. */
export function showReview({ proposal, sha256, author, reason, created, diff, requirements, approvals }: Review, { terminal, lang, json }: CommandContext): void {
  const tell = json ? terminal.note : terminal.out;
  tell(hanging(`${proposal}  `, visible(say(lang, `${author} 于 ${created} 提出：${reason}`, `by ${author} at ${created}: ${reason}`)), terminal.width).join('\n'));
  tell(hanging('SHA-256 ', sha256.toUpperCase().match(/.{4}/g)!.join(' '), terminal.width).join('\n'));
  tell(renderDiffText(diff, { lang, width: terminal.width }).trimEnd());
  for (const { text } of requirements) tell(hanging('! ', visible(text[lang]), terminal.width).join('\n'));
  for (const each of approvals) tell(hanging('  ', visible(approvalLine(each, lang)), terminal.width).join('\n'));
}

export function approvalLine({ signed, missing, met }: Approvals, lang: 'zh' | 'en'): string {
  const who = signed.map(({ owner, org, family }) => `${owner ?? org} (${org}, ${family})`).join(say(lang, '、', '; '));
  const { people, orgs, F1, F2 } = missing;
  const short = [
    ...(people > 0 ? [say(lang, `${people} 人`, `${people} more people`)] : []),
    ...(orgs > 0 ? [say(lang, `${orgs} 家机构`, `${orgs} more organisations`)] : []),
    ...(F1 > 0 ? [say(lang, `${F1} 个国际算法签名`, `${F1} international signatures`)] : []),
    ...(F2 > 0 ? [say(lang, `${F2} 个国密签名`, `${F2} SM2 signatures`)] : []),
  ].join(say(lang, '、', ', '));
  const list = who === '' ? say(lang, '无', 'nobody') : who;
  return met ? say(lang, `已签名：${list}。签名已足够。`, `Signed: ${list}. That is enough.`) : say(lang, `已签名：${list}。还缺 ${short}。`, `Signed: ${list}. Missing: ${short}.`);
}
