import { createHash } from 'node:crypto';
import { serializeFreshness, serializeList, serializeRoot, type DocumentKind, type FreshnessDocument, type ListDocument, type RootDocument } from '@hefu/trust-list';
import { createSeed } from '../seed.js';
import { DAY, SECOND } from './clock.js';
import { instant } from './list-document.js';
import { signEnvelope, type ListOperator } from './operators.js';
import { HUANGSHI, PROVINCE, schemePeople, WUHAN, type SchemePeople } from './scheme.js';
import { payloadOf } from './scheme-files.js';
import type { World } from './world.js';

/** A file by its path below the scheme's folder. */
export type PublishedFile = readonly [path: string, bytes: Uint8Array];

export interface ListChange {
  readonly by?: readonly ListOperator[];
  /** What freshness says of it, where that is not the truth. */
  readonly listed?: (entry: ListedEntry) => ListedEntry;
  /** Octets of white space after the envelope, which JSON allows. */
  readonly pad?: number;
}

export type ListedEntry = FreshnessDocument['lists'][string];

/** Makes what follows the documents of a world's scheme, signed by those who may. */
export interface SchemePress {
  readonly people: SchemePeople;
  sign(payload: Uint8Array, by: readonly ListOperator[], kind: DocumentKind): Uint8Array;
  /** Root 2. */
  root(change?: (document: RootDocument) => RootDocument): PublishedFile;
  /** Freshness 91, a minute old. */
  freshness(change?: (document: FreshnessDocument) => FreshnessDocument): PublishedFile;
  /** The next version of a list, and freshness that names it. */
  list(listId: string, change?: (document: ListDocument) => ListDocument, options?: ListChange): readonly PublishedFile[];
}

export function createSchemePress({ at, seed, scheme, operators }: World): SchemePress {
  const people = schemePeople(createSeed(seed));
  const offline = [operators[0]!, operators.at(-1)!];
  const signersOf: Readonly<Record<string, readonly ListOperator[]>> = { [PROVINCE.listId]: offline, [HUANGSHI.listId]: [people.huangshi], [WUHAN.listId]: [people.wuhan] };
  const now = at - 60 * SECOND;
  const sign: SchemePress['sign'] = (payload, by, kind) => signEnvelope(payload, by, now, kind);
  const freshness: SchemePress['freshness'] = (change = same) => {
    const before = payloadOf(scheme.freshness) as unknown as FreshnessDocument;
    return ['freshness.json', sign(serializeFreshness(change({ ...before, version: before.version + 1, issued: instant(now) })), [people.freshness], 'freshness')];
  };
  return {
    people, sign, freshness,
    root(change = same) {
      const before = payloadOf(scheme.root) as unknown as RootDocument;
      const next = change({ ...before, version: before.version + 1, prev: `sha256:${scheme.rootSha256}`, issued: instant(now), expires: instant(at + 300 * DAY) });
      return ['2.root.json', sign(serializeRoot(next), offline, 'root')];
    },
    list(listId, change = same, { by = signersOf[listId]!, listed = same, pad = 0 } = {}) {
      const envelope = scheme.lists[listId]!;
      const before = payloadOf(envelope) as unknown as ListDocument;
      const sequence = before.sequence + 1;
      const payload = serializeList(change({ ...before, sequence, prev: `sha256:${hex(payloadBytes(envelope))}`, issued: instant(now) }));
      const next = padded(sign(payload, by, 'list'), pad);
      return [[`${listId}/${sequence}.json`, next], freshness((draft) => ({ ...draft, lists: { ...draft.lists, [listId]: listed({ sequence, sha256: hex(payload), length: next.length }) } }))];
    },
  };
}

/** The octets an envelope carries. */
export function payloadBytes(envelope: Uint8Array): Uint8Array {
  return Buffer.from((JSON.parse(new TextDecoder().decode(envelope)) as { readonly payload: string }).payload, 'base64url');
}

function padded(envelope: Uint8Array, octets: number): Uint8Array {
  const bytes = new Uint8Array(envelope.length + octets).fill(0x20);
  bytes.set(envelope);
  return bytes;
}

function same<T>(value: T): T {
  return value;
}

function hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
