import { fingerprintOfFile, proposalPath, WorkspaceError } from '@hefu/node';
import { approve, formatProposal, keyThumbprint, readProposal, type ListSigner } from '@hefu/trust-list';
import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { ExitCode } from '../../exit-code.js';
import { examples } from '../../help.js';
import { say } from '../../language.js';
import { confirm } from '../../list/confirm.js';
import { lockOf, signingOptions, timeOf, treeCommand, yesOption, type TreeOptions } from '../../list/options.js';
import { refusal } from '../../list/refusal.js';
import { approvalLine, reviewOf, showReview, type Review } from '../../list/review.js';
import { signerFrom, type SigningOptions } from '../../list/signer.js';
import { algorithms, openTree, proposalNamed } from '../../list/tree.js';

interface ApproveOptions extends TreeOptions, SigningOptions {
  readonly yes?: boolean;
}

/** `hefu list approve`: shows what a proposal changes, as this tool derives it, and signs the very octets shown. */
export function listApproveCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  yesOption(signingOptions(treeCommand(group, context, 'approve', '审批提案：显示变化，确认后签名', 'approve a proposal: shows what changes, then signs'), context), context)
    .argument('<proposal>', say(lang, '提案名称', 'name of the proposal'))
    .addHelpText('after', examples(lang, [`${terminal.self} list approve list-42-7 --key ann.key`]))
    .action(async (name: string, options: ApproveOptions) => {
      const at = timeOf(options);
      const workspace = await openTree(options);
      const shown = await workspace.transact(async (tree) => {
        const open = await proposalNamed(tree, name);
        return { open, review: await reviewOf(tree, open) };
      }, lockOf(options));
      showReview(shown.review, context);
      await confirm(context, options.yes, '以上变化由本机依据待签内容得出。签名批准？', 'This was derived here from the octets to be signed. Sign?');
      const signer = await signerFrom(options, context);
      assertMayApprove(signer, shown.review);
      const review = await workspace.transact(async (tree) => {
        const now = await proposalNamed(tree, name);
        // Another approver may have signed meanwhile; the octets must be those that were shown.
        if (fingerprintOfFile(now.proposal.payloadBytes) !== shown.review.sha256) throw new WorkspaceError('WORKSPACE_CHANGED', `${name} holds other octets than were shown`, { path: proposalPath(name) });
        const again = await reviewOf(tree, now);
        if (JSON.stringify(again.diff) !== JSON.stringify(shown.review.diff)) throw new WorkspaceError('WORKSPACE_CHANGED', 'what is published has changed, and with it what this proposal does', { path: proposalPath(name) });
        assertMayApprove(signer, again);
        const { signatures, p7s } = now.proposal;
        const approved = await approve({ ...JSON.parse(new TextDecoder().decode(now.bytes)), signatures, ...(p7s !== undefined && { p7s }) }, signer, { at });
        const bytes = new TextEncoder().encode(formatProposal(approved));
        const after = await reviewOf(tree, { name, bytes, proposal: readProposal(bytes) });
        await tree.commit([{ path: proposalPath(name), bytes }]);
        return after;
      }, lockOf(options));
      const ready = review.approvals.every(({ met }) => met);
      if (json) terminal.out(JSON.stringify({ outcome: 'approved', ready, ...review }, undefined, 2));
      else for (const each of review.approvals) terminal.out(approvalLine(each, lang));
      done(ExitCode.passed);
    });
}

/** @throws CliError KEY_NOT_IN_ROLE | ALREADY_SIGNED */
export function assertMayApprove(signer: ListSigner, { approvals }: Review): void {
  const thumbprint = keyThumbprint(signer.jwk, algorithms);
  if (approvals.some(({ pending }) => pending.some((each) => each.thumbprint === thumbprint))) return;
  if (approvals.some(({ signed }) => signed.some((each) => each.thumbprint === thumbprint))) {
    throw refusal('ALREADY_SIGNED', '这把密钥已经签过这份提案', 'this key has signed the proposal already', { zh: '请其他审批人签名。', en: 'Somebody else must sign.' });
  }
  throw refusal('KEY_NOT_IN_ROLE', '这把密钥无权签署这份文件，或同一人已用别的密钥签过，或已过期', 'this key may not sign this document, has run out, or its holder has signed with another key', {
    zh: '用 hefu list key list 查看谁有权签署。',
    en: 'hefu list key list shows who may.',
  });
}
