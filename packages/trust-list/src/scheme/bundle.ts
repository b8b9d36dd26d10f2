import { decodeBase64, encodeBase64 } from '../base64.js';
import { readEnvelope } from '../envelope.js';
import { TrustListError } from '../error.js';
import type { JsonValue } from '../json.js';
import { DEFAULT_LIMITS, type TrustListLimits } from '../limits.js';
import { MemberReader, type ProblemLog } from '../member-reader.js';
import { readDocument, readPreamble } from '../read-document.js';
import { BUNDLE_MEMBERS } from '../crit.js';
import type { BundleDocument } from '../scheme-document.js';
import type { TrustSnapshot } from '../scheme.js';
import { SCHEME_ID } from './rules.js';

/** The files of a bundle, none of them verified. */
export interface BundleContent {
  readonly schemeId: string;
  readonly roots: readonly Uint8Array[];
  readonly freshness: Uint8Array;
  readonly lists: readonly Uint8Array[];
  readonly peers: readonly BundleContent[];
}

/**
 * Puts every document of a snapshot into one file: what a verifier without network imports, what is stored, and
 * what is kept as evidence. It is not signed; everything in it is.
 * @throws TypeError for a snapshot without freshness
 */
export function makeBundle(snapshot: TrustSnapshot): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(documentOf(snapshot)));
}

function documentOf({ schemeId, roots, freshness, list, lists, retained, peers }: TrustSnapshot): BundleDocument {
  if (freshness === undefined) throw new TypeError('a snapshot without freshness is not bundled');
  const others = [...lists.values()].filter((each) => each !== list);
  return {
    type: 'bundle',
    spec: '1.0',
    schemeId,
    roots: roots.map(({ envelope }) => encodeBase64(envelope)),
    freshness: encodeBase64(freshness.envelope),
    lists: [list, ...others, ...(retained?.values() ?? [])].map(({ envelope }) => encodeBase64(envelope)),
    ...(peers.size > 0 && { peers: [...peers.values()].map(documentOf) }),
  };
}

/**
 * Takes a bundle apart.
 * @throws TrustListError TL_EMPTY_INPUT | TL_TOO_LARGE | TL_NOT_JSON | TL_DUPLICATE_MEMBER | TL_UNSUPPORTED_FEATURE | TL_SCHEMA_INVALID
 */
export function readBundleContent(file: Uint8Array, options: { readonly limits?: Partial<TrustListLimits> } = {}): BundleContent {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return readDocument(file, { ...limits, maxBytes: limits.maxBundleBytes }, (value, log) => readBundleObject(value, '', log, limits, 1));
}

function readBundleObject(value: JsonValue, path: string, log: ProblemLog, limits: TrustListLimits, peerLevels: number): BundleContent {
  const reader = new MemberReader(value, path, log);
  readPreamble(reader, 'bundle', BUNDLE_MEMBERS);
  const file = (each: JsonValue, where: string): Uint8Array => {
    const bytes = typeof each === 'string' ? decodeBase64(each) : undefined;
    if (bytes === undefined || bytes.length === 0) log.add(where, 'is not base64 of a file');
    return bytes ?? new Uint8Array(0);
  };
  if (reader.get('freshness') === undefined) reader.fail('freshness', 'is missing');
  if (peerLevels === 0 && reader.get('peers') !== undefined) reader.fail('peers', 'of a peer do not count');
  return {
    schemeId: reader.text('schemeId', SCHEME_ID),
    roots: reader.list('roots', 1, limits.maxRootSteps, file),
    freshness: reader.get('freshness') === undefined ? new Uint8Array(0) : file(reader.get('freshness')!, reader.pathOf('freshness')),
    lists: reader.list('lists', 1, limits.maxLists, file),
    peers: (peerLevels === 0 ? undefined : reader.optionalList('peers', 0, limits.maxDelegations, (each, where) => readBundleObject(each, where, log, limits, peerLevels - 1))) ?? [],
  };
}

/** What an envelope calls itself, unverified: good for finding a file, for nothing else. */
export function listIdOf(file: Uint8Array, limits: TrustListLimits): string | undefined {
  try {
    return readDocument(readEnvelope(file, limits).payloadBytes, limits, (value, log) => new MemberReader(value, '', log).optionalText('listId'));
  } catch (error) {
    if (error instanceof TrustListError) return undefined;
    throw error;
  }
}
