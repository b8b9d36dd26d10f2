import { FRESHNESS_PATH, keptFreshnessPath, listPath, type FileChange, type WorkspaceTree } from '@hefu/node';
import { formatInstant, parseDuration, readEnvelope, readFreshnessContent, readRootContent, serializeFreshness, signFreshness, type FreshListDocument, type ListSigner } from '@hefu/trust-list';
import { usageError } from '../error.js';
import { refusal } from './refusal.js';
import { algorithms, editContext, type Published } from './tree.js';

export interface FreshnessOptions {
  readonly root: Published;
  /** Lists that are new, by id. */
  readonly lists: ReadonlyMap<string, Published>;
  readonly signer: ListSigner;
  readonly at: number;
  /** Duration; default as long as the root lets it be. */
  readonly life?: string;
}

/** The next freshness document: what it named before, with what is new. Names everything it ever named (rule R6). */
export async function nextFreshness(tree: WorkspaceTree, { root, lists, signer, at, life }: FreshnessOptions): Promise<{ readonly version: number; readonly envelope: Uint8Array; readonly changes: readonly FileChange[] }> {
  const { schemeId, limits } = readRootContent(root.payload, editContext);
  const before = await tree.read(`published/${FRESHNESS_PATH}`);
  const held = before === undefined ? undefined : readFreshnessContent(readEnvelope(before).payloadBytes);
  const named: [string, FreshListDocument][] = [...(held?.lists ?? [])].filter(([id]) => !lists.has(id));
  for (const [id, { number, payload, envelope }] of lists) named.push([id, { sequence: number, sha256: hash('SHA-256', payload), sm3: hash('SM3', payload), length: envelope.length }]);
  named.sort(([a], [b]) => (a < b ? -1 : 1));
  const version = (held?.version ?? 0) + 1;
  const longest = limits.maxFreshness;
  const milliseconds = life === undefined ? longest : lifeOf(life);
  if (milliseconds > longest) throw refusal('LIFE_TOO_LONG', `时效文件最长 ${longest / 86_400_000} 天`, `freshness lives ${longest / 86_400_000} days at most`, { zh: '给出更短的 --life。', en: 'Give a shorter --life.' });
  const payload = serializeFreshness({ type: 'freshness', spec: '1.0', schemeId, version, issued: formatInstant(at), expires: formatInstant(at + milliseconds), root: root.number, lists: Object.fromEntries(named) });
  const envelope = await signFreshness(payload, [signer], { at });
  const isNew = held === undefined || held.root !== root.number || lists.size > 0;
  return {
    version,
    envelope,
    // Daily renewals of the same documents make no other client: those are not kept.
    changes: [...(isNew ? [{ path: keptFreshnessPath(version), bytes: envelope }] : []), { path: `published/${FRESHNESS_PATH}`, bytes: envelope }],
  };
}

function lifeOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw usageError(`--life 应为时长，如 P7D，而不是 ${JSON.stringify(text)}`, `--life takes a duration like P7D, not ${JSON.stringify(text)}`);
  }
}

function hash(name: string, bytes: Uint8Array): string {
  return Buffer.from(algorithms.digests.find((digest) => digest.name === name)!.digest(bytes)).toString('hex');
}

/** Where a published list goes. */
export function listChange(listId: string, { number, envelope }: Published): FileChange {
  return { path: `published/${listPath(listId, number)}`, bytes: envelope };
}
