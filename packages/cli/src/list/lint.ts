import { parseCertificate } from '@hefu/pki';
import { lintList, lintRoot, parseDraft, type IdentityFieldName, type IdentityProfile, type LintFinding, type LintReport, type ListDocument, type RootDocument } from '@hefu/trust-list';
import type { WorkspaceTree } from '@hefu/node';
import { extractIdentity, hanging, visible } from '@hefu/verify';
import type { Language } from '../language.js';
import { say } from '../language.js';
import { editContext, draftBytes, latestListPayloads, publishedList, publishedRoot } from './tree.js';

export interface LintInput {
  readonly target: 'list' | 'root';
  /** Payload octets, or the file of a draft. */
  readonly bytes: Uint8Array;
  readonly listId: string;
  readonly at: number;
  readonly samples?: readonly Uint8Array[];
}

/** Lints a draft or candidate against what the tree knows around it. */
export async function lintInTree(tree: WorkspaceTree, { target, bytes, listId, at, samples }: LintInput): Promise<LintReport> {
  if (target === 'root') return lintRoot(parseDraft(bytes, 'root'), { ...editContext, at });
  const [published, root, parent] = [await publishedList(tree, listId), await rootOf(tree, listId), await parentOf(tree, listId)];
  return lintList(bytes, {
    ...editContext,
    at,
    extract,
    ...(published !== undefined && { base: published.payload }),
    // The keys of a list below are its delegation's, which the list above is linted for.
    ...(root !== undefined && parent === undefined && { root }),
    ...(parent !== undefined && { parent }),
    sampleCertificates: [...(samples ?? []), ...(await samplesOf(tree))],
  });
}

async function samplesOf(tree: WorkspaceTree): Promise<readonly Uint8Array[]> {
  const files: Uint8Array[] = [];
  for (const name of await tree.names('samples')) files.push((await tree.read(`samples/${name}`))!);
  return files;
}

function extract(profile: IdentityProfile, certificate: Uint8Array): Readonly<Partial<Record<IdentityFieldName, string>>> {
  return extractIdentity(parseCertificate(certificate), profile, { reveal: true }) as Readonly<Partial<Record<IdentityFieldName, string>>>;
}

async function rootOf(tree: WorkspaceTree, listId: string): Promise<RootDocument | undefined> {
  const published = await publishedRoot(tree);
  const bytes = published?.payload ?? (await draftBytes(tree, 'root', listId));
  return bytes === undefined ? undefined : parseDraft(bytes, 'root');
}

async function parentOf(tree: WorkspaceTree, listId: string): Promise<{ readonly list: ListDocument; readonly delegation: NonNullable<ListDocument['delegations']>[number] } | undefined> {
  for (const payload of await latestListPayloads(tree)) {
    const list = parseDraft(payload, 'list');
    const delegation = list.delegations?.find((each) => each.listId === listId);
    if (delegation !== undefined) return { list, delegation };
  }
  return undefined;
}

const MARKS = { mandatory: '✗', recommended: '!', permitted: '·' } as const;

export function renderLint({ findings, counts }: LintReport, lang: Language, width: number): string {
  const lines = findings.flatMap(({ rule, level, path, sentence }) => hanging(`${MARKS[level]} ${rule} `, visible(`${path === '' ? '' : `${path}: `}${sentence[lang]}`), width));
  return [...lines, say(lang, `${counts.mandatory} 项错误，${counts.recommended} 项警告，${counts.permitted} 项提示`, `${counts.mandatory} errors, ${counts.recommended} warnings, ${counts.permitted} notes`)].join('\n');
}

/** What stops a proposal: errors that nobody has said to accept. */
export function blocking({ findings }: LintReport, accepted: readonly string[]): readonly LintFinding[] {
  return findings.filter(({ level, rule }) => level === 'mandatory' && !accepted.includes(rule));
}
