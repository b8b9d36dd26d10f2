import { draftPath, proposalPath, type WorkspaceTree } from '@hefu/node';
import { formatProposal, parseDraft, parseInstant, propose, restamp, serializeList, serializeRoot, type ListDocument, type RootDocument } from '@hefu/trust-list';
import type { Command } from 'commander';
import { collect } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { usageError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { examples } from '../../help.js';
import { say } from '../../language.js';
import { confirm } from '../../list/confirm.js';
import { draftToEdit, type EditOptions } from '../../list/edit.js';
import { blocking, lintInTree, renderLint } from '../../list/lint.js';
import { editCommand, lockOf, timeOf, yesOption } from '../../list/options.js';
import { refusal } from '../../list/refusal.js';
import { showReview, reviewOf } from '../../list/review.js';
import { targetOption } from '../../list/target.js';
import { draftBytes, openTree, proposalNamed, settingsOf, sha256 } from '../../list/tree.js';

interface ProposeOptions extends EditOptions {
  readonly target: 'list' | 'root';
  readonly author?: string;
  readonly reason?: string;
  readonly accept?: readonly string[];
  readonly renew?: boolean;
  readonly retract?: string;
  readonly discard?: boolean;
  readonly yes?: boolean;
}

/** `hefu list propose`: freezes a draft into the octets that approvers sign. */
export function listProposeCommand(group: Command, context: CommandContext): void {
  const { terminal, lang } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  yesOption(editCommand(group, context, 'propose', '把草稿定稿为提案，交审批人签名', 'turn the draft into a proposal for approvers to sign'), context)
    .addOption(targetOption(lang))
    .option('--author <name>', t('提案人', 'who proposes'))
    .option('-m, --reason <text>', t('理由', 'why'))
    .option('--accept <rule>', t('明知仍接受的检查错误，如 L023；可多次给出', 'lint error to accept all the same, like L023; may be repeated'), collect)
    .option('--renew', t('没有草稿时，以新的日期重新提出现行内容', 'without a draft: what is published, with new dates'))
    .option('--retract <proposal>', t('撤回提案；草稿保留', 'take a proposal back; the draft stays'))
    .option('--discard', t('丢弃草稿', 'throw the draft away'))
    .addHelpText('after', examples(lang, [`${terminal.self} list propose --author ${t('张三', 'Ann')} -m ${t('"新增一家 CA"', '"One more CA"')}`]))
    .action(async (options: ProposeOptions) => {
      if (options.retract !== undefined) return retract(options.retract, options, context);
      if (options.discard === true) return discard(options, context);
      return make(options, context);
    });
}

async function make(options: ProposeOptions, context: CommandContext): Promise<void> {
  const { terminal, lang, json, done } = context;
  const { author, reason, target } = options;
  if (author === undefined || reason === undefined) throw usageError('请给出 --author 和 --reason', 'give --author and --reason');
  const at = timeOf(options);
  const workspace = await openTree(options);
  const made = await workspace.transact(async (tree) => {
    const { listId: top } = await settingsOf(tree);
    const listId = options.list ?? top;
    const payload = await payloadOf(tree, target, listId, at, options.renew === true);
    const lint = await lintInTree(tree, { target, bytes: payload, listId, at });
    const errors = blocking(lint, options.accept ?? []);
    if (errors.length > 0) {
      throw refusal('LINT_ERRORS', `检查发现 ${errors.length} 项错误，未提出`, `lint found ${errors.length} errors; nothing was proposed`, { zh: '改正后重试；确属例外的用 --accept <规则> 说明。', en: 'Correct them; accept an exception with --accept <rule>.' }, errors.map(({ rule, path, sentence }) => `${rule} ${path}: ${sentence.en}`));
    }
    const document = propose(payload, { target, author, reason, created: at, sha256 });
    const number = target === 'list' ? parseDraft(payload, 'list').sequence : parseDraft(payload, 'root').version;
    const name = target === 'list' ? `list-${encodeURIComponent(listId)}-${number}` : `root-${number}`;
    await tree.commit([{ path: proposalPath(name), bytes: new TextEncoder().encode(formatProposal(document)) }]);
    return { name, lint, review: await reviewOf(tree, await proposalNamed(tree, name)) };
  }, lockOf(options));
  if (json) terminal.out(JSON.stringify({ outcome: 'proposed', ...made.review, lint: made.lint.counts }, undefined, 2));
  else {
    showReview(made.review, context);
    terminal.out(renderLint(made.lint, lang, terminal.width));
    terminal.out(say(lang, `已提出 ${made.name}。审批人运行：${terminal.self} list approve ${made.name} --key <私钥>`, `Proposed ${made.name}. Approvers run: ${terminal.self} list approve ${made.name} --key <key>`));
  }
  done(ExitCode.passed);
}

/** The draft, dated from now and as long as it was meant to live. */
async function payloadOf(tree: WorkspaceTree, target: 'list' | 'root', listId: string, at: number, renew: boolean): Promise<Uint8Array> {
  if (!renew && (await draftBytes(tree, target, listId)) === undefined) {
    throw refusal('NO_DRAFT', '没有草稿，没有可提出的内容', 'there is no draft, so nothing to propose', { zh: '先编辑名单；只想更新日期时加 --renew。', en: 'Edit the list first; to renew its dates only, give --renew.' });
  }
  const draft = await draftToEdit(tree, target, listId, at);
  const end = draft.type === 'list' ? draft.nextUpdate : draft.expires;
  const until = at + (parseInstant(end) - parseInstant(draft.issued));
  return draft.type === 'list' ? serializeList(restamp<ListDocument>(draft, { issued: at, until })) : serializeRoot(restamp<RootDocument>(draft, { issued: at, until }));
}

async function retract(name: string, options: ProposeOptions, context: CommandContext): Promise<void> {
  const { terminal, lang, json, done } = context;
  const workspace = await openTree(options);
  await workspace.transact(async (tree) => proposalNamed(tree, name), lockOf(options));
  await confirm(context, options.yes, `撤回提案 ${name}，已有的签名作废。`, `Take back ${name}; the signatures it has are lost.`);
  await workspace.transact(async (tree) => {
    await proposalNamed(tree, name);
    await tree.commit([{ path: proposalPath(name), bytes: undefined }]);
  }, lockOf(options));
  terminal.out(json ? JSON.stringify({ outcome: 'retracted', proposal: name }, undefined, 2) : say(lang, `已撤回 ${name}`, `Took back ${name}`));
  done(ExitCode.passed);
}

async function discard(options: ProposeOptions, context: CommandContext): Promise<void> {
  const { terminal, lang, json, done } = context;
  const workspace = await openTree(options);
  const path = draftPath(options.target, options.list ?? (await workspace.transact(settingsOf, lockOf(options))).listId);
  await confirm(context, options.yes, `丢弃草稿 ${path}。`, `Throw away ${path}.`);
  await workspace.transact(async (tree) => {
    if ((await tree.read(path)) === undefined) throw refusal('NO_DRAFT', '没有草稿', 'there is no draft');
    await tree.commit([{ path, bytes: undefined }]);
  }, lockOf(options));
  terminal.out(json ? JSON.stringify({ outcome: 'discarded', draft: path }, undefined, 2) : say(lang, `已丢弃 ${path}`, `Threw away ${path}`));
  done(ExitCode.passed);
}
