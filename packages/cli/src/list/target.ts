import type { WorkspaceTree } from '@hefu/node';
import { parseDraft, serializeList, serializeRoot } from '@hefu/trust-list';
import { Option } from 'commander';
import { say, type Language } from '../language.js';
import { refusal } from './refusal.js';
import { draftBytes, proposalNamed, publishedOf } from './tree.js';

export function targetOption(lang: Language): Option {
  return new Option('--target <what>', say(lang, 'list 或 root；默认 list', 'list or root; default list')).choices(['list', 'root']).default('list');
}

export interface Candidate {
  readonly target: 'list' | 'root';
  readonly listId: string;
  /** Payload octets. */
  readonly bytes: Uint8Array;
  readonly from: 'proposal' | 'draft' | 'published';
}

/** The proposal named, else the draft, else what is published. @throws CliError PROPOSAL_NOT_FOUND | NOTHING_THERE */
export async function candidateBytes(tree: WorkspaceTree, { proposal, target, listId }: { readonly proposal: string | undefined; readonly target: 'list' | 'root'; readonly listId: string }): Promise<Candidate> {
  if (proposal !== undefined) {
    const { proposal: found } = await proposalNamed(tree, proposal);
    return { target: found.target, listId: found.target === 'list' ? found.id : listId, bytes: found.payloadBytes, from: 'proposal' };
  }
  const draft = await draftBytes(tree, target, listId);
  if (draft !== undefined) return { target, listId, bytes: payloadOfDraft(draft, target), from: 'draft' };
  const published = await publishedOf(tree, target, listId);
  if (published !== undefined) return { target, listId, bytes: published.payload, from: 'published' };
  throw refusal('NOTHING_THERE', '既没有草稿，也没有发布过', 'there is no draft, and nothing was published', { zh: '核对 --list 和 --target。', en: 'Check --list and --target.' });
}

/** What a draft will be once it is proposed. */
export function payloadOfDraft(draft: Uint8Array, target: 'list' | 'root'): Uint8Array {
  return target === 'list' ? serializeList(parseDraft(draft, 'list')) : serializeRoot(parseDraft(draft, 'root'));
}

