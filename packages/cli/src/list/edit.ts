import { draftPath, type FileChange, type WorkspaceTree } from '@hefu/node';
import { diffLists, diffRoots, formatDraft, formatInstant, nextRootVersion, nextVersion, parseDraft, parseDuration, parseInstant, renderDiffText, type DocumentDiff, type ListDocument, type RootDocument } from '@hefu/trust-list';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { ExitCode } from '../exit-code.js';
import { say } from '../language.js';
import { lockOf, timeOf, type TreeOptions } from './options.js';
import { refusal } from './refusal.js';
import { draftBytes, editContext, openTree, latestListPayloads, proposalsOf, publishedOf, settingsOf } from './tree.js';

export interface EditOptions extends TreeOptions {
  readonly list?: string;
}

export interface EditExtras {
  /** Further members of the document told with `--json`. */
  readonly told?: object;
  /** Files written with the draft. */
  readonly files?: readonly FileChange[];
}

/** Changes the draft of a list, begun from what is published when there is none, and shows all that the draft now changes. */
export async function editList(options: EditOptions, context: CommandContext, change: (draft: ListDocument) => ListDocument, more: EditExtras = {}): Promise<void> {
  await edit('list', options, context, change as never, more);
}

/** The same for the root. */
export async function editRoot(options: TreeOptions, context: CommandContext, change: (draft: RootDocument) => RootDocument, more: EditExtras = {}): Promise<void> {
  await edit('root', options, context, change as never, more);
}

type Draft = ListDocument | RootDocument;

async function edit(target: 'list' | 'root', options: EditOptions, context: CommandContext, change: (draft: Draft) => Draft, { told = {}, files = [] }: EditExtras): Promise<void> {
  const at = timeOf(options);
  const workspace = await openTree(options);
  const { published, after, path } = await workspace.transact(async (tree) => {
    const { listId: top } = await settingsOf(tree);
    const listId = options.list ?? top;
    const after = change(await draftToEdit(tree, target, listId, at));
    const path = draftPath(target, listId);
    await tree.commit([...files, { path, bytes: new TextEncoder().encode(formatDraft(after)) }]);
    return { published: (await publishedOf(tree, target, listId))?.payload, after, path };
  }, lockOf(options));
  // Against what is published: two drafts of one sequence would look like history rewritten.
  const diff = after.type === 'list' ? diffLists(published && parseDraft(published, 'list'), after, editContext) : diffRoots(published && parseDraft(published, 'root'), after, editContext);
  tellEdited(diff, path, told, context);
}

function tellEdited(diff: DocumentDiff, draft: string, more: object, { terminal, lang, json, done }: CommandContext): void {
  if (json) terminal.out(JSON.stringify({ outcome: 'edited', draft, ...more, diff }, undefined, 2));
  else terminal.out(`${renderDiffText(diff, { lang, width: terminal.width })}${say(lang, `草稿：${draft}（尚未提出）`, `Draft: ${draft} (not proposed yet)`)}`);
  done(ExitCode.passed);
}

/**
 * The draft there is, or the one that follows what is published, or the first of a list that was delegated to.
 * @throws CliError PROPOSAL_OPEN | DRAFT_OUTDATED | LIST_UNKNOWN
 */
export async function draftToEdit(tree: WorkspaceTree, target: 'list' | 'root', listId: string, at: number): Promise<Draft> {
  const open = (await proposalsOf(tree)).find(({ proposal }) => proposal.target === target && (target === 'root' || proposal.id === listId));
  if (open !== undefined) {
    throw refusal('PROPOSAL_OPEN', `提案 ${open.name} 正在审批，此时的修改不会包含在内`, `the proposal ${open.name} is with its approvers, and would not hold this change`, {
      zh: `先发布它，或用 hefu list propose --retract ${open.name} 撤回后再改。`,
      en: `Publish it first, or take it back with hefu list propose --retract ${open.name}.`,
    });
  }
  const published = await publishedOf(tree, target, listId);
  const bytes = await draftBytes(tree, target, listId);
  if (bytes !== undefined) {
    const draft = await about(draftPath(target, listId), () => (target === 'list' ? parseDraft(bytes, 'list') : parseDraft(bytes, 'root')));
    const number = draft.type === 'list' ? draft.sequence : draft.version;
    if (number !== (published?.number ?? 0) + 1) {
      throw refusal('DRAFT_OUTDATED', `草稿接在第 ${number - 1} 份之后，而现行为第 ${published?.number ?? 0} 份`, `the draft follows ${number - 1}, and ${published?.number ?? 0} is published`, {
        zh: '用 hefu list propose --discard 丢弃草稿，在现行版本上重做。',
        en: 'Throw it away with hefu list propose --discard and make it again on what is published.',
      });
    }
    return draft;
  }
  if (published !== undefined) return target === 'list' ? nextVersion(published.payload, { issued: at, ...editContext }) : nextRootVersion(published.payload, { issued: at, ...editContext });
  const first = target === 'list' ? await firstDelegated(tree, listId, at) : undefined;
  if (first !== undefined) return first;
  throw refusal('LIST_UNKNOWN', `没有名单 ${listId}，也没有名单授权给它`, `there is no list ${listId}, and none delegates to it`, { zh: '核对 --list；下级名单先由上级用 delegate add 授权并提出。', en: 'Check --list; a list below begins with delegate add in the list above, once that is proposed.' });
}

async function firstDelegated(tree: WorkspaceTree, listId: string, at: number): Promise<ListDocument | undefined> {
  for (const payload of await latestListPayloads(tree)) {
    const parent = parseDraft(payload, 'list');
    const delegation = parent.delegations?.find((each) => each.listId === listId);
    if (delegation === undefined) continue;
    const life = Math.min(parseInstant(parent.nextUpdate) - parseInstant(parent.issued), delegation.maxNextUpdate === undefined ? Number.POSITIVE_INFINITY : parseDuration(delegation.maxNextUpdate));
    const territory = [...new Set(delegation.regions.map((region) => region.replace('*', '').padEnd(6, '0')))];
    return { type: 'list', spec: '1.0', listId, sequence: 1, issued: formatInstant(at), nextUpdate: formatInstant(at + life), operator: { name: delegation.name }, territory, historyPolicy: 'forever', services: [] };
  }
  return undefined;
}
