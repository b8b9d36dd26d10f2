import type { Algorithms } from '@hefu/crypto';
import { attachPeers, beginUpdate, importRoot, offerDocument, passDocument, readEnvelope, type TrustSnapshot } from '@hefu/trust-list';

/** The scheme of a case, by paths. */
export interface SchemeFiles {
  readonly rootSha256: string;
  readonly root: string;
  readonly freshness: string;
  readonly lists: readonly string[];
  readonly peers: readonly SchemeFiles[];
}

/** The snapshot that an update from these files alone leads to, at the time the freshness document was issued. */
export async function takeScheme(files: SchemeFiles, read: (file: string) => Uint8Array, algorithms: Algorithms): Promise<TrustSnapshot> {
  const payload = (file: string): { readonly listId: string; readonly issued: string } => JSON.parse(new TextDecoder().decode(readEnvelope(read(file)).payloadBytes)) as never;
  const at = Date.parse(payload(files.freshness).issued);
  const imported = await importRoot(read(files.root), { algorithms, at, fingerprint: { sha256: files.rootSha256 } });
  if (imported.outcome === 'refused') throw new Error(`${files.root}: ${imported.code}`);
  const byId = new Map(files.lists.map((file) => [payload(file).listId, file]));
  let update = await beginUpdate(imported.root, { algorithms, at });
  while (update.want !== undefined) {
    const { role, listId = '' } = update.want;
    const file = update.refusal !== undefined || role === 'root' ? undefined : role === 'freshness' ? files.freshness : byId.get(listId);
    update = file === undefined ? await passDocument(update) : await offerDocument(update, read(file));
  }
  const { outcome } = update;
  if (outcome?.outcome !== 'updated' || outcome.refusals.length > 0) throw new Error(JSON.stringify(outcome?.refusals));
  const peers = await Promise.all(files.peers.map((peer) => takeScheme(peer, read, algorithms)));
  return attachPeers(outcome.snapshot, new Map(peers.map((peer) => [peer.schemeId, peer])));
}
