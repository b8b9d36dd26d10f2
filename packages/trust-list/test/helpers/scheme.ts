import {
  beginUpdate, importRoot, keyThumbprint, offerDocument, passDocument, serializeFreshness, serializeList, serializeRoot, signFreshness, signList, signRoot,
  type DelegationDocument, type FreshnessDocument, type ListDocument, type ListSigner, type RootDocument, type SchemeKeyDocument, type SchemeOutcome, type SchemeUpdateOptions, type ServiceDocument, type TrustRoot, type TrustSnapshot,
} from '../../src/index.js';
import { hexOf } from '../../src/sha256.js';
import { algorithms, listOf, NOW, sha256, sm2Signer, type TestSigner } from './world.js';

/** Five people and an online key, all SM2: quick to make and deterministic. */
export const people: readonly TestSigner[] = [1, 2, 3, 4, 5, 6].map((seed) => sm2Signer(seed + 20));
export const [ann, bo, cai, dai, online, city] = people as [TestSigner, TestSigner, TestSigner, TestSigner, TestSigner, TestSigner];

export const print = (signer: ListSigner): string => keyThumbprint(signer.jwk, algorithms);
export const keyOf = (signer: ListSigner, org: string, more: Partial<SchemeKeyDocument> = {}): SchemeKeyDocument => ({ jwk: signer.jwk, org, ...more });
export const hash = (payload: Uint8Array): string => hexOf(sha256.digest(payload));

export function rootDocument(changes: Partial<RootDocument> = {}): RootDocument {
  return {
    type: 'root', spec: '1.0', schemeId: 'urn:hefu:test:42', version: 1, issued: '2026-04-01T00:00:00Z', expires: '2027-04-01T00:00:00Z', listId: '42',
    keys: [keyOf(ann, 'a'), keyOf(bo, 'b'), keyOf(cai, 'c'), keyOf(online, 'a')],
    roles: {
      root: { keys: [print(ann), print(bo), print(cai)], threshold: 2, distinctOrgs: 2 },
      list: { keys: [print(ann), print(bo), print(cai)], threshold: 2, distinctOrgs: 2 },
      freshness: { keys: [print(online)], threshold: 1 },
    },
    distribution: ['https://42.example/trust/'],
    ...changes,
  };
}

export function delegationTo(listId: string, signer: ListSigner, changes: Partial<DelegationDocument> = {}): DelegationDocument {
  return { listId, name: { zh: listId }, keys: [keyOf(signer, 'city')], threshold: 1, regions: [`${listId}*`], mode: 'restrict-only', ...changes };
}

export function childOf(listId: string, services: readonly ServiceDocument[], changes: Partial<ListDocument> = {}): ListDocument {
  return listOf(services.map((service) => ({ ...service, scope: [{ regions: [`${listId}*`] }] })), { listId, territory: [`${listId.padEnd(6, '0')}`], ...changes });
}

/** A published folder: files by path, and what its publisher last said. */
export class Folder {
  readonly files = new Map<string, Uint8Array>();
  root: RootDocument | undefined;
  freshness: FreshnessDocument | undefined;
  readonly lists = new Map<string, { draft: ListDocument; envelope: Uint8Array }>();

  copy(): Folder {
    const copy = new Folder();
    for (const [path, file] of this.files) copy.files.set(path, file);
    for (const [id, list] of this.lists) copy.lists.set(id, list);
    copy.root = this.root;
    copy.freshness = this.freshness;
    return copy;
  }

  async putRoot(draft: RootDocument, signers: readonly ListSigner[] = [ann, bo]): Promise<Uint8Array> {
    const envelope = await signRoot(serializeRoot(draft), signers);
    this.files.set(`${draft.version}.root.json`, envelope);
    this.root = draft;
    return envelope;
  }

  /** The root after the last. */
  nextRoot(changes: Partial<RootDocument> = {}): RootDocument {
    const last = this.root!;
    return { ...last, version: last.version + 1, prev: `sha256:${hash(serializeRoot(last))}`, ...changes };
  }

  async putList(draft: ListDocument, signers: readonly ListSigner[] = [ann, bo]): Promise<Uint8Array> {
    const envelope = await signList(serializeList(draft), signers);
    this.files.set(`${draft.listId}/${draft.sequence}.json`, envelope);
    this.lists.set(draft.listId, { draft, envelope });
    return envelope;
  }

  nextList(listId: string, changes: Partial<ListDocument> = {}): ListDocument {
    const { draft } = this.lists.get(listId)!;
    return { ...draft, sequence: draft.sequence + 1, prev: `sha256:${hash(serializeList(draft))}`, ...changes };
  }

  entries(): FreshnessDocument['lists'] {
    return Object.fromEntries([...this.lists].map(([id, { draft, envelope }]) => [id, { sequence: draft.sequence, sha256: hash(serializeList(draft)), length: envelope.length }]));
  }

  async freshen(changes: Partial<FreshnessDocument> = {}, signers: readonly ListSigner[] = [online]): Promise<Uint8Array> {
    const draft: FreshnessDocument = {
      type: 'freshness', spec: '1.0', schemeId: this.root!.schemeId, version: (this.freshness?.version ?? 0) + 1, issued: '2026-05-31T00:00:00Z', expires: '2026-06-05T00:00:00Z', root: this.root!.version, lists: this.entries(), ...changes,
    };
    const envelope = await signFreshness(serializeFreshness(draft), signers);
    this.files.set('freshness.json', envelope);
    this.freshness = draft;
    return envelope;
  }
}

/** A scheme of one list, and what publishes it. */
export async function publish(services: readonly ServiceDocument[], changes: { root?: Partial<RootDocument>; list?: Partial<ListDocument> } = {}): Promise<Folder> {
  const folder = new Folder();
  await folder.putRoot(rootDocument(changes.root));
  await folder.putList(listOf(services, changes.list));
  await folder.freshen();
  return folder;
}

export async function firstRoot(folder: Folder, path = '1.root.json'): Promise<TrustRoot> {
  const file = folder.files.get(path)!;
  const payload = Buffer.from((JSON.parse(new TextDecoder().decode(file)) as { payload: string }).payload, 'base64url');
  const imported = await importRoot(file, { fingerprint: { sha256: hash(payload) }, algorithms, at: NOW });
  if (imported.outcome === 'refused') throw new Error(imported.code);
  return imported.root;
}

/** Drives an update over a folder in memory; mirrors are asked one after the other. */
export async function update(from: TrustSnapshot | TrustRoot, mirrors: Folder | readonly Folder[], options: Partial<SchemeUpdateOptions> = {}): Promise<SchemeOutcome & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  let step = await beginUpdate(from, { algorithms, at: NOW, ...options });
  while (step.want !== undefined) {
    const { path } = step.want;
    asked.push(path);
    let isTaken = false;
    for (const folder of [mirrors].flat() as Folder[]) {
      const file = folder.files.get(path);
      if (file === undefined) continue;
      step = await offerDocument(step, file);
      isTaken = step.refusal === undefined;
      if (isTaken) break;
    }
    if (!isTaken) step = await passDocument(step);
  }
  return { ...step.outcome!, asked };
}

/** `updated`, `unchanged`, or why not. */
export const verdict = (outcome: SchemeOutcome): string => (outcome.outcome === 'failed' ? outcome.failure.code : [outcome.outcome, ...[...outcome.missing].map(([id, { code }]) => `${id}: ${code}`)].join(', '));

export async function load(folder: Folder, options: Partial<SchemeUpdateOptions> = {}): Promise<TrustSnapshot> {
  const outcome = await update(await firstRoot(folder), folder, options);
  if (outcome.outcome === 'failed') throw new Error(`${outcome.failure.code}: ${outcome.failure.message.en}`);
  return outcome.snapshot;
}
