import {
  draftPath, highestNumber, listPath, nodeAlgorithms, openListWorkspace, proposalPath, rootPath, SETTINGS_FILE, WorkspaceError, type ListWorkspace, type WorkspaceTree,
} from '@hefu/node';
import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import { readEnvelope, readListContent, readProposal, readRootContent, type ListRole, type Proposal } from '@hefu/trust-list';
import { about } from '../complaint.js';
import { CliError } from '../error.js';
import { refusal } from './refusal.js';

/** `hefu-list.json`. */
export interface Settings {
  readonly type: 'hefu-list';
  readonly version: 1;
  readonly schemeId: string;
  readonly listId: string;
}

export const algorithms: Algorithms = nodeAlgorithms();
export const sha256: DigestAlgorithm = algorithms.digests.find(({ name }) => name === 'SHA-256')!;
/** What edits, diffs and lint want. */
export const editContext: { readonly sha256: DigestAlgorithm } = { sha256 };

export async function openTree({ tree }: { readonly tree: string }): Promise<ListWorkspace> {
  return openListWorkspace(tree);
}

export async function settingsOf(tree: WorkspaceTree): Promise<Settings> {
  const bytes = await tree.read(SETTINGS_FILE);
  if (bytes === undefined) throw new WorkspaceError('WORKSPACE_NOT_FOUND', `there is no ${SETTINGS_FILE}`, { path: SETTINGS_FILE });
  try {
    const settings = JSON.parse(new TextDecoder().decode(bytes)) as Settings;
    if (settings.type === 'hefu-list' && settings.version === 1 && typeof settings.schemeId === 'string' && typeof settings.listId === 'string') return settings;
  } catch {
    // Said below.
  }
  throw new CliError({ code: 'WORKSPACE_DAMAGED', message: { zh: `${SETTINGS_FILE} 不是有效的工作目录设置`, en: `${SETTINGS_FILE} holds no settings of a working tree` }, remedy: { zh: '从版本库恢复该文件。', en: 'Restore it from version control.' } });
}

/** A document as it was published. */
export interface Published {
  readonly number: number;
  readonly payload: Uint8Array;
  readonly envelope: Uint8Array;
}

/** The last, or a certain one; undefined when there is none. */
export async function publishedRoot(tree: WorkspaceTree, version?: number): Promise<Published | undefined> {
  const number = version ?? highestNumber(await tree.names('published'), '.root.json');
  return publishedAt(tree, rootPath(number), number);
}

export async function publishedList(tree: WorkspaceTree, listId: string, sequence?: number): Promise<Published | undefined> {
  const number = sequence ?? highestNumber(await tree.names(`published/${encodeURIComponent(listId)}`), '.json');
  return publishedAt(tree, listPath(listId, number), number);
}

async function publishedAt(tree: WorkspaceTree, path: string, number: number): Promise<Published | undefined> {
  const envelope = number === 0 ? undefined : await tree.read(`published/${path}`);
  if (envelope === undefined) return undefined;
  return about(`published/${path}`, () => ({ number, envelope, payload: readEnvelope(envelope).payloadBytes }));
}

export function publishedOf(tree: WorkspaceTree, target: 'list' | 'root', listId: string): Promise<Published | undefined> {
  return target === 'root' ? publishedRoot(tree) : publishedList(tree, listId);
}

/** Ids of the lists that were ever published. */
export async function publishedListIds(tree: WorkspaceTree): Promise<readonly string[]> {
  return (await tree.names('published')).filter((name) => !name.endsWith('.json')).map(decodeURIComponent);
}

export interface OpenProposal {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly proposal: Proposal;
}

export async function proposalsOf(tree: WorkspaceTree): Promise<readonly OpenProposal[]> {
  const found: OpenProposal[] = [];
  for (const file of await tree.names('proposals')) if (file.endsWith('.json')) found.push(await proposalNamed(tree, file.slice(0, -'.json'.length)));
  return found;
}

export async function proposalNamed(tree: WorkspaceTree, name: string): Promise<OpenProposal> {
  const bytes = /^[\w.%-]+$/.test(name) ? await tree.read(proposalPath(name)) : undefined;
  if (bytes === undefined) {
    const names = (await tree.names('proposals')).map((file) => file.replace(/\.json$/, ''));
    throw refusal('PROPOSAL_NOT_FOUND', `没有提案 ${name}`, `there is no proposal ${name}`, names.length === 0 ? { zh: '先用 hefu list propose 提出提案。', en: 'Make one first: hefu list propose.' } : { zh: `现有提案：${names.join('、')}。`, en: `There are: ${names.join(', ')}.` });
  }
  return { name, bytes, proposal: await about(proposalPath(name), () => readProposal(bytes)) };
}

/** A draft being worked on. */
export function draftBytes(tree: WorkspaceTree, target: 'list' | 'root', listId: string): Promise<Uint8Array | undefined> {
  return tree.read(draftPath(target, listId));
}

/**
 * Who must sign a proposal: the root before and the new one; for a list its role in the root, or what delegates to it.
 * @param beside proposals to be published with it, which may bring the root by which it is judged
 */
export async function rolesFor(tree: WorkspaceTree, { target, id, payloadBytes }: Proposal, beside?: readonly Proposal[]): Promise<readonly ListRole[]> {
  const before = await publishedRoot(tree);
  const published = before === undefined ? undefined : readRootContent(before.payload, editContext);
  if (target === 'root') {
    const after = await about('proposal', () => readRootContent(payloadBytes, editContext));
    return [...(published === undefined ? [] : [published.roles.root]), after.roles.root];
  }
  const next = beside?.find((each) => each.target === 'root');
  const draft = published === undefined ? (next ?? (await proposalsOf(tree)).find(({ proposal }) => proposal.target === 'root')?.proposal) : next;
  const root = draft === undefined ? published : readRootContent(draft.payloadBytes, editContext);
  if (root === undefined) throw refusal('ROOT_FIRST', '第一份根文件还没有提出，无从知道谁可以签署名单', 'no root was proposed yet, so nobody can say who may sign lists', { zh: '先运行 hefu list propose --target root。', en: 'Run hefu list propose --target root first.' });
  if (root.listId === id) return [root.roles.list];
  const delegation = await delegationTo(tree, id, beside);
  return [delegation.role];
}

/**
 * The latest word of each list: open proposals first, since a list below begins while the delegation to it is with its
 * approvers; `beside` alone stands for them where it is given. What clients take in the end, the gate decides.
 */
export async function latestListPayloads(tree: WorkspaceTree, beside?: readonly Proposal[]): Promise<readonly Uint8Array[]> {
  const open = beside ?? (await proposalsOf(tree)).map(({ proposal }) => proposal);
  const proposed = open.filter(({ target }) => target === 'list');
  const published: Uint8Array[] = [];
  for (const listId of await publishedListIds(tree)) {
    const last = proposed.some(({ id }) => id === listId) ? undefined : await publishedList(tree, listId);
    if (last !== undefined) published.push(last.payload);
  }
  return [...proposed.map(({ payloadBytes }) => payloadBytes), ...published];
}

async function delegationTo(tree: WorkspaceTree, id: string, beside: readonly Proposal[] | undefined) {
  for (const payload of await latestListPayloads(tree, beside)) {
    const delegation = readListContent(payload, editContext).delegations.find(({ listId }) => listId === id);
    if (delegation !== undefined) return delegation;
  }
  throw refusal('LIST_NOT_DELEGATED', `没有名单把 ${id} 授权给任何人`, `no list delegates to ${id}`, { zh: '先在上级名单中用 hefu list delegate add 授权，并提出。', en: 'Delegate to it with hefu list delegate add in the list above, and propose that.' });
}
