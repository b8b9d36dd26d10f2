import { draftPath, FRESHNESS_PATH, proposalPath, rootPath, type FileChange, type WorkspaceTree } from '@hefu/node';
import { envelopeOf, fingerprintOf, parseDraft, readyToPublish, type Approvals, type Blocker, type Fingerprint } from '@hefu/trust-list';
import { hanging, visible } from '@hefu/verify';
import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { ExitCode } from '../../exit-code.js';
import { examples } from '../../help.js';
import { say } from '../../language.js';
import { runGate, type GateRow, type ReadPublished } from '../../list/client.js';
import { confirm } from '../../list/confirm.js';
import { listChange, nextFreshness } from '../../list/freshness.js';
import { lockOf, signingOptions, timeOf, treeCommand, yesOption, type TreeOptions } from '../../list/options.js';
import { refusal, refusalOf } from '../../list/refusal.js';
import { differences } from '../../list/review.js';
import { signerFrom, type SigningOptions } from '../../list/signer.js';
import { algorithms, openTree, proposalNamed, proposalsOf, publishedOf, publishedRoot, rolesFor, settingsOf, type OpenProposal, type Published } from '../../list/tree.js';

interface PublishOptions extends TreeOptions, SigningOptions {
  readonly stage?: boolean;
  readonly life?: string;
  readonly yes?: boolean;
}

/** `hefu list publish`: what is approved, once clients of every age take it; then the freshness pointer. */
export function listPublishCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  yesOption(signingOptions(treeCommand(group, context, 'publish', '发布已批准的提案：先以客户端的更新程序验收，再切换', 'publish what is approved: the update that clients run must take it first'), context), context)
    .argument('[proposals...]', say(lang, '提案；默认全部', 'proposals; default: all'))
    .option('--stage', say(lang, '只写到 stage/，供其他客户端试用', 'only write it to stage/, for other clients to try'))
    .option('--life <duration>', say(lang, '时效文件有效期，如 P7D；默认取上限', 'how long the freshness document lives, like P7D; default: as long as it may'))
    .addHelpText('after', examples(lang, [`${terminal.self} list publish --stage --key online.key`, `${terminal.self} list publish --key online.key`]))
    .action(async (names: readonly string[], options: PublishOptions) => {
      const at = timeOf(options);
      const signer = await signerFrom(options, context);
      const workspace = await openTree(options);
      const plan = (tree: WorkspaceTree): Promise<Plan> => planOf(tree, names, { at, signer, ...(options.life !== undefined && { life: options.life }) });
      const first = await workspace.transact(plan, lockOf(options));
      if (!json) show(first, context);
      if (options.stage === true) {
        await workspace.transact(async (tree) => tree.commit(await stageChanges(tree, (await plan(tree)).changes)), lockOf(options));
      } else {
        await confirm(context, options.yes, '发布以上内容？', 'Publish this?');
        await workspace.transact(async (tree) => {
          const now = await plan(tree);
          if (JSON.stringify(now.summary.map(({ sha256 }) => sha256)) !== JSON.stringify(first.summary.map(({ sha256 }) => sha256))) throw refusal('WORKSPACE_CHANGED', '提案在此期间已改变，未发布', 'the proposals have changed meanwhile; nothing was published', { zh: '重新运行。', en: 'Run it again.' });
          await tree.commit(now.changes);
        }, lockOf(options));
      }
      const outcome = options.stage === true ? 'staged' : 'published';
      const { summary, gate, freshness, fingerprint } = first;
      if (json) terminal.out(JSON.stringify({ outcome, documents: summary, freshness, gate, ...(fingerprint !== undefined && { fingerprint }) }, undefined, 2));
      else terminal.out(options.stage === true ? say(lang, '已写到 stage/。请用其他客户端试用后再发布。', 'Written to stage/. Try it with other clients, then publish.') : say(lang, `已发布。请提供 ${options.tree}/published 下载。`, `Published. Serve ${options.tree}/published.`));
      if (!json && fingerprint !== undefined) tellFingerprint(fingerprint, context);
      done(ExitCode.passed);
    });
}

/** To be compared on paper or by voice. */
export function tellFingerprint({ sha256, sm3 }: Required<Fingerprint>, { terminal, lang }: CommandContext): void {
  terminal.out(say(lang, '第一份根文件的指纹（经另一途径公布）', 'Fingerprint of the first root, to be told by another way'));
  for (const [name, text] of [['SHA-256', sha256], ['SM3    ', sm3]] as const) terminal.out(hanging(`  ${name} `, text, terminal.width).join('\n'));
}

interface Plan {
  readonly changes: readonly FileChange[];
  readonly summary: readonly { readonly proposal: string; readonly target: 'list' | 'root'; readonly id: string; readonly number: number; readonly sha256: string; readonly counts: object }[];
  readonly gate: readonly GateRow[];
  readonly freshness: number;
  /** Of the first root, when this publishes it: what clients are told by another way. */
  readonly fingerprint?: Required<Fingerprint>;
}

interface PlanOptions {
  readonly at: number;
  readonly signer: Awaited<ReturnType<typeof signerFrom>>;
  readonly life?: string;
}

/** @throws CliError NOTHING_TO_PUBLISH | NOT_READY | GATE_REFUSED */
async function planOf(tree: WorkspaceTree, names: readonly string[], { at, signer, life }: PlanOptions): Promise<Plan> {
  const settings = await settingsOf(tree);
  const open = names.length === 0 ? await proposalsOf(tree) : await Promise.all(names.map((name) => proposalNamed(tree, name)));
  if (open.length === 0) throw refusal('NOTHING_TO_PUBLISH', '没有提案可发布', 'there is no proposal to publish', { zh: '先用 hefu list propose 提出；只更新时效用 hefu list freshen。', en: 'Propose something first; hefu list freshen renews the freshness document alone.' });
  const documents: { open: OpenProposal; published: Published; summary: Plan['summary'][number] }[] = [];
  for (const each of open) documents.push(await readied(tree, each, open, at, settings.listId));
  // Lists and the root first, the pointer last: a client that asks in between finds what the old pointer names.
  const root = documents.find(({ open: { proposal } }) => proposal.target === 'root')?.published ?? (await publishedRoot(tree));
  if (root === undefined) throw refusal('ROOT_FIRST', '第一份根文件还没有发布', 'the first root is not published yet', { zh: '把根文件的提案一同发布。', en: 'Publish the proposal of the root with it.' });
  const lists = new Map(documents.filter(({ open: { proposal } }) => proposal.target === 'list').map(({ open: { proposal }, published }) => [proposal.id, published]));
  const freshness = await nextFreshness(tree, { root, lists, signer, at, ...(life !== undefined && { life }) });
  const published = [
    ...[...lists].map(([id, list]) => listChange(id, list)),
    ...documents.filter(({ open: { proposal } }) => proposal.target === 'root').map(({ published: { number, envelope } }) => ({ path: `published/${rootPath(number)}`, bytes: envelope })),
    ...freshness.changes,
  ];
  for (const { path } of published) {
    const isPointer = path === `published/${FRESHNESS_PATH}`;
    if (!isPointer && (await tree.read(path)) !== undefined) throw refusal('ALREADY_PUBLISHED', `${path} 已经发布过，已发布的文件不能改`, `${path} is published already, and what is published never changes`, { zh: '在现行版本上重做提案。', en: 'Make the proposal again on what is published.' });
  }
  const gate = await runGate(tree, overlay(tree, published), at);
  const refused = gate.find(({ outcome }) => outcome === 'refuses');
  if (refused?.refusal !== undefined) throw gateRefused(refused, gate);
  const done = documents.flatMap(({ open: { name, proposal } }) => [proposalPath(name), draftPath(proposal.target, proposal.id)]).map((path) => ({ path, bytes: undefined }));
  return { changes: [...published, ...done], summary: documents.map(({ summary }) => summary), gate, freshness: freshness.version, ...(root.number === 1 && documents.some(({ published }) => published === root) && { fingerprint: fingerprintOf(root.envelope, algorithms) }) };
}

export function gateRefused({ client, refusal: why }: GateRow, gate: readonly GateRow[]): Error {
  const { complaint } = refusalOf(why!, client);
  return refusal('GATE_REFUSED', `客户端会拒绝这次发布，未发布：${complaint.code} ${complaint.message.zh}`, `clients would refuse this; nothing was published: ${complaint.code} ${complaint.message.en}`, complaint.remedy, [...gate.map(({ text }) => text.en), ...(complaint.details ?? [])]);
}

async function readied(tree: WorkspaceTree, open: OpenProposal, all: readonly OpenProposal[], at: number, listId: string) {
  const { proposal, name } = open;
  const before = await publishedOf(tree, proposal.target, proposal.target === 'root' ? listId : proposal.id);
  const { ready, blockers, approvals } = await readyToPublish(proposal, { roles: await rolesFor(tree, proposal, all.map((each) => each.proposal)), algorithms, at, published: before?.payload });
  if (!ready) throw notReady(name, blockers, approvals);
  const after = proposal.target === 'list' ? parseDraft(proposal.payloadBytes, 'list').sequence : parseDraft(proposal.payloadBytes, 'root').version;
  const published: Published = { number: after, payload: proposal.payloadBytes, envelope: envelopeOf(proposal)! };
  const { diff } = differences(proposal, before?.payload);
  const sha256 = Buffer.from(algorithms.digests.find((digest) => digest.name === 'SHA-256')!.digest(proposal.payloadBytes)).toString('hex');
  return { open, published, summary: { proposal: name, target: proposal.target, id: proposal.id, number: after, sha256, counts: diff.counts } };
}

const NEXT: Readonly<Partial<Record<Blocker['code'], { readonly zh: string; readonly en: string }>>> = {
  APPROVALS_MISSING: { zh: '请其他审批人运行 hefu list approve。', en: 'Have the others run hefu list approve.' },
  EXPIRED: { zh: '用 hefu list propose --retract 撤回后重新提出。', en: 'Take it back with hefu list propose --retract, and propose again.' },
  ISSUED_IN_FUTURE: { zh: '核对本机时钟。', en: 'Check the clock of this machine.' },
  UNEXPLAINED_BACKDATING: { zh: '撤回提案，用 --reason 和 --ref 重新记录事件。', en: 'Take it back, and record the event again with --reason and --ref.' },
};

function notReady(name: string, blockers: readonly Blocker[], approvals: readonly Approvals[]): Error {
  const [first] = blockers;
  const plain = (text: string): string => text.replace(/[。.]$/, '');
  const bad = approvals.flatMap(({ signatures }) => signatures).filter(({ outcome }) => outcome !== 'counted');
  return refusal(first?.code ?? 'NOT_READY', `${name} 还不能发布：${plain(first?.text.zh ?? '')}`, `${name} cannot be published yet: ${plain(first?.text.en ?? '')}`, NEXT[first?.code ?? 'UNREADABLE'] ?? { zh: '在现行版本上重做提案。', en: 'Make the proposal again on what is published.' }, [
    ...blockers.slice(1).map(({ code, text }) => `${code}: ${text.en}`),
    ...bad.map(({ index, outcome, org }) => `signatures[${index}]${org === undefined ? '' : ` ${org}`}: ${outcome}`),
  ]);
}

export function overlay(tree: WorkspaceTree, changes: readonly FileChange[]): ReadPublished {
  const files = new Map(changes.map(({ path, bytes }) => [path, bytes]));
  return async (path) => files.get(`published/${path}`) ?? tree.read(`published/${path}`);
}

/** All that would be published, as a folder of its own. */
async function stageChanges(tree: WorkspaceTree, changes: readonly FileChange[]): Promise<readonly FileChange[]> {
  const staged = new Map<string, Uint8Array | undefined>();
  for (const [from, keep] of [['stage', false], ['published', true]] as const) {
    for (const name of await tree.names(from)) {
      const inner = name.endsWith('.json') ? [name] : (await tree.names(`${from}/${name}`)).map((file) => `${name}/${file}`);
      for (const path of inner) staged.set(path, keep ? await tree.read(`${from}/${path}`) : undefined);
    }
  }
  for (const { path, bytes } of changes) if (path.startsWith('published/') && bytes !== undefined) staged.set(path.slice('published/'.length), bytes);
  return [...staged].map(([path, bytes]) => ({ path: `stage/${path}`, bytes }));
}

function show({ summary, gate }: Plan, { terminal, lang }: CommandContext): void {
  for (const { proposal, id, number } of summary) terminal.out(visible(`${proposal}  ${id} #${number}`));
  for (const { text } of gate) terminal.out(hanging('  ', visible(text[lang]), terminal.width).join('\n'));
}
