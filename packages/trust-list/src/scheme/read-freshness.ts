import { FRESHNESS_MEMBERS } from '../crit.js';
import { DEFAULT_LIMITS, type TrustListLimits } from '../limits.js';
import { MemberReader } from '../member-reader.js';
import { readDocument, readLifetime, readPreamble } from '../read-document.js';
import type { Freshness } from '../scheme.js';
import type { FreshList } from './as-listed.js';
import { HEX_SHA256, LIST_ID, SCHEME_ID } from './rules.js';

/** What the payload of a freshness document says, whoever signed it. */
export type FreshnessContent = Omit<Freshness, 'sha256' | 'envelope'>;

/**
 * Reads the payload of a `freshness` document. It says nothing of signatures or order.
 * @throws TrustListError as `readListContent`
 */
export function readFreshnessContent(payload: Uint8Array, options: { readonly limits?: Partial<TrustListLimits> } = {}): FreshnessContent {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return readDocument(payload, limits, (value, log) => {
    const reader = new MemberReader(value, '', log);
    readPreamble(reader, 'freshness', FRESHNESS_MEMBERS);
    const { issued, until: expires } = readLifetime(reader, 'expires');
    return {
      schemeId: reader.text('schemeId', SCHEME_ID),
      version: reader.integer('version', 1, Number.MAX_SAFE_INTEGER),
      issued,
      expires,
      root: reader.integer('root', 1, Number.MAX_SAFE_INTEGER),
      lists: readLists(reader.object('lists'), limits.maxLists),
    };
  });
}

function readLists(reader: MemberReader, maxLists: number): ReadonlyMap<string, FreshList> {
  const ids = Object.keys(reader.value);
  if (ids.length === 0) reader.log.add(reader.path, 'is empty');
  if (ids.length > maxLists) reader.log.add(reader.path, `names ${ids.length} lists, more than ${maxLists}`);
  const lists = new Map<string, FreshList>();
  for (const id of ids.slice(0, maxLists)) {
    if (id.length > LIST_ID.max! || !LIST_ID.pattern!.test(id)) reader.fail(id.slice(0, 40), `is not named by ${LIST_ID.what}`);
    else lists.set(id, readEntry(reader.object(id)));
  }
  return lists;
}

function readEntry(reader: MemberReader): FreshList {
  const sm3 = reader.optionalText('sm3', HEX_SHA256);
  return {
    sequence: reader.integer('sequence', 1, Number.MAX_SAFE_INTEGER),
    sha256: reader.text('sha256', HEX_SHA256),
    length: reader.integer('length', 1, Number.MAX_SAFE_INTEGER),
    ...(sm3 !== undefined && { sm3 }),
  };
}
