import type { Algorithms } from '@hefu/crypto';
import { updateTrustList, type Freshness, type ListRole, type TrustList, type TrustRoot, type TrustSnapshot } from '@hefu/trust-list';
import { DEFAULT_LIMITS, readEnvelope } from '@hefu/trust-list';
import { openDocument } from '../../packages/trust-list/dist/open-document.js';
import { readFreshnessContent } from '../../packages/trust-list/dist/scheme/read-freshness.js';
import { readRootContent } from '../../packages/trust-list/dist/scheme/read-root.js';

/** The scheme of a case, by paths. */
export interface SchemeFiles {
  readonly rootSha256: string;
  readonly root: string;
  readonly freshness: string;
  readonly lists: readonly string[];
  readonly peers: readonly SchemeFiles[];
}

/** Every document verified by the role that is for it, and put together. */
export async function takeScheme(files: SchemeFiles, read: (file: string) => Uint8Array, algorithms: Algorithms): Promise<TrustSnapshot> {
  const sha256 = algorithms.digests.find(({ name }) => name === 'SHA-256')!;
  const limits = DEFAULT_LIMITS;
  const rootBytes = read(files.root);
  const { roles } = readRootContent(readEnvelope(rootBytes).payloadBytes, { sha256 });
  // Documents that are published together are verified at one time, here that of the youngest.
  const at = readFreshnessContent(readEnvelope(read(files.freshness)).payloadBytes).issued;
  const openedRoot = await openDocument(rootBytes, { kind: 'root', role: roles.root, algorithms, at, limits, read: (payload) => readRootContent(payload, { sha256 }) });
  if (openedRoot.refusal !== undefined || openedRoot.sha256 !== files.rootSha256) throw new Error(`${files.root} is not the root of the scheme`);
  const root: TrustRoot = { ...openedRoot.content, sha256: openedRoot.sha256, envelope: rootBytes };
  const openedFreshness = await openDocument(read(files.freshness), { kind: 'freshness', role: roles.freshness, algorithms, at, limits, read: (payload) => readFreshnessContent(payload) });
  if (openedFreshness.refusal !== undefined) throw new Error(`${files.freshness}: ${openedFreshness.refusal.code}`);
  const freshness: Freshness = { ...openedFreshness.content, sha256: openedFreshness.sha256, envelope: read(files.freshness) };

  const envelopes = files.lists.map((file) => read(file));
  const idOf = (envelope: Uint8Array): string => (JSON.parse(new TextDecoder().decode(readEnvelope(envelope).payloadBytes)) as { listId: string }).listId;
  const lists = new Map<string, TrustList>();
  const missing = new Map<string, string>();
  const open: { readonly id: string; readonly role: ListRole }[] = [{ id: root.listId, role: root.roles.list }];
  for (let next = 0; next < open.length; next++) {
    const { id, role } = open[next]!;
    const envelope = envelopes.find((each) => idOf(each) === id);
    if (envelope === undefined) {
      missing.set(id, 'LIST_NOT_LOADED');
      continue;
    }
    const outcome = await updateTrustList(undefined, envelope, { role, algorithms, at, expectedListId: id });
    const pin = freshness.lists.get(id);
    if (outcome.outcome === 'refused' || outcome.trustList.sha256 !== pin?.sha256) throw new Error(`${id}: ${outcome.outcome === 'refused' ? outcome.code : 'is not the current one'}`);
    lists.set(id, outcome.trustList);
    open.push(...outcome.trustList.delegations.map((each) => ({ id: each.listId, role: each.role })));
  }
  const list = lists.get(root.listId)!;
  const peers = new Map<string, TrustSnapshot>();
  for (const peer of files.peers) {
    const theirs = await takeScheme(peer, read, algorithms);
    if (list.peers.some(({ schemeId, rootSha256 }) => schemeId === theirs.schemeId && rootSha256 === theirs.root.sha256)) peers.set(theirs.schemeId, theirs);
  }
  return { schemeId: root.schemeId, root, roots: [root], freshness, list, lists, missing, peers, highWater: at };
}
