import { highestNumber, keptFreshnessPath, type WorkspaceTree } from '@hefu/node';
import { beginUpdate, fingerprintOf, importRoot, offerDocument, passDocument, readEnvelope, readFreshnessContent, type Fingerprint, type FreshnessContent, type Refusal, type SchemeOutcome, type TrustRoot, type TrustSnapshot } from '@hefu/trust-list';
import type { Bilingual } from '@hefu/verify';
import { refusalOf } from './refusal.js';
import { algorithms, publishedRoot } from './tree.js';

/** Gives the file at a path below a folder of the scheme, wherever that is. */
export type ReadPublished = (path: string, maxBytes: number) => Promise<Uint8Array | undefined>;

/** One update as clients run it, over files that are at hand. */
export async function follow(from: TrustSnapshot | TrustRoot, read: ReadPublished, at: number): Promise<SchemeOutcome> {
  let update = await beginUpdate(from, { algorithms, at });
  while (update.want !== undefined) {
    const file = await read(update.want.path, update.want.maxBytes);
    if (file === undefined) update = await passDocument(update);
    else {
      update = await offerDocument(update, file);
      if (update.refusal !== undefined) update = await passDocument(update);
    }
  }
  return update.outcome!;
}

/** @throws CliError with the refusal's code */
export async function firstRoot(file: Uint8Array, fingerprint: Fingerprint, at: number, subject: string): Promise<TrustRoot> {
  const imported = await importRoot(file, { algorithms, at, fingerprint });
  if (imported.outcome === 'refused') throw refusalOf(imported, subject);
  return imported.root;
}

export function publishedReader(tree: WorkspaceTree): ReadPublished {
  return (path) => tree.read(`published/${path}`);
}

/** What new clients make of a tree's published folder; undefined before anything was. */
export async function followPublished(tree: WorkspaceTree, at: number): Promise<SchemeOutcome | undefined> {
  const first = await publishedRoot(tree, 1);
  if (first === undefined) return undefined;
  return follow(await firstRoot(first.envelope, fingerprintOf(first.envelope, algorithms), at, '1.root.json'), publishedReader(tree), at);
}

/** @throws CliError with the code of what clients refuse, or NOT_PUBLISHED */
export async function publishedSnapshot(tree: WorkspaceTree, at: number): Promise<TrustSnapshot | undefined> {
  const outcome = await followPublished(tree, at);
  if (outcome?.outcome === 'failed') throw refusalOf(outcome.failure, 'published');
  return outcome?.snapshot;
}

/** A client that the gate tried. */
export interface GateRow {
  readonly client: 'new' | 'current' | 'oldest';
  readonly outcome: 'accepts' | 'refuses' | 'absent';
  /** Where it comes from: freshness version. */
  readonly from?: number;
  readonly refusal?: Refusal;
  readonly text: Bilingual;
}

const CLIENTS: Readonly<Record<GateRow['client'], Bilingual>> = {
  new: { zh: '首次接入的客户端', en: 'a client that begins at the first root' },
  current: { zh: '持有现行版本的客户端', en: 'a client that has what is published now' },
  oldest: { zh: '持有最早留存版本的客户端', en: 'a client that has the oldest kept version' },
};

/**
 * Whether clients will take what is staged: the very update that they run, for one that begins now, one that is up to
 * date, and one that has not asked since the oldest version kept.
 */
export async function runGate(tree: WorkspaceTree, staged: ReadPublished, at: number): Promise<readonly GateRow[]> {
  const first = await staged('1.root.json', 0);
  if (first === undefined) return [];
  const root = await firstRoot(first, fingerprintOf(first, algorithms), at, '1.root.json');
  const rows: GateRow[] = [await rowOf('new', await follow(root, staged, at))];
  const before = await tree.read('published/freshness.json');
  const current = before === undefined ? undefined : await snapshotAt(root, publishedReader(tree), contentOf(before));
  rows.push(current === undefined ? absent('current') : await rowOf('current', await follow(current, staged, at), current.freshness?.version));
  const kept = (await tree.names('kept')).filter((name) => name.endsWith('.freshness.json'));
  const oldest = kept.map((name) => highestNumber([name], '.freshness.json')).filter((version) => version > 0).sort((a, b) => a - b)[0];
  const freshness = oldest === undefined ? undefined : await tree.read(keptFreshnessPath(oldest));
  const snapshot = freshness === undefined ? undefined : await snapshotAt(root, async (path) => (path === 'freshness.json' ? freshness : tree.read(`published/${path}`)), contentOf(freshness));
  rows.push(snapshot === undefined ? absent('oldest') : await rowOf('oldest', await follow(snapshot, staged, at), oldest));
  return rows;
}

function contentOf(freshness: Uint8Array): FreshnessContent {
  return readFreshnessContent(readEnvelope(freshness).payloadBytes);
}

/** The snapshot of a client that updated when a freshness document was new; undefined when it could not. */
async function snapshotAt(root: TrustRoot, read: ReadPublished, { issued, root: version }: FreshnessContent): Promise<TrustSnapshot | undefined> {
  const upToThen: ReadPublished = async (path, maxBytes) => (highestNumber([path], '.root.json') > version ? undefined : read(path, maxBytes));
  const outcome = await follow(root, upToThen, issued);
  return outcome.outcome === 'failed' ? undefined : outcome.snapshot;
}

async function rowOf(client: GateRow['client'], outcome: SchemeOutcome, from?: number): Promise<GateRow> {
  // A list that others restrict by and that could not be had is as bad as a refusal.
  const missing = outcome.outcome === 'failed' ? undefined : [...outcome.missing.values()][0];
  const refusal = outcome.outcome === 'failed' ? outcome.failure : (outcome.refusals[0]?.refusal ?? missing);
  const { zh, en } = CLIENTS[client];
  const base = { client, ...(from !== undefined && { from }) };
  if (refusal === undefined) return { ...base, outcome: 'accepts', text: { zh: `${zh}：接受`, en: `${en}: accepts` } };
  return { ...base, outcome: 'refuses', refusal, text: { zh: `${zh}：拒绝（${refusal.code}）${refusal.message.zh}`, en: `${en}: refuses (${refusal.code}) ${refusal.message.en}` } };
}

function absent(client: GateRow['client']): GateRow {
  const { zh, en } = CLIENTS[client];
  return { client, outcome: 'absent', text: { zh: `${zh}：尚无`, en: `${en}: none yet` } };
}
