import type { DigestAlgorithm } from '@hefu/crypto';
import { ROOT_MEMBERS } from '../crit.js';
import type { JsonValue } from '../json.js';
import { DEFAULT_LIMITS, type TrustListLimits } from '../limits.js';
import { MemberReader, present, type ProblemLog } from '../member-reader.js';
import type { ListRole } from '../model.js';
import { readDocument, readLifetime, readPreamble } from '../read-document.js';
import type { SchemeKey, SchemeLimits, TrustRoot } from '../scheme.js';
import { readFolders, readQuorum } from './read-delegation.js';
import { readKeys } from './read-key.js';
import { LIST_ID, PREV, SCHEME_ID } from './rules.js';

/** What a root's payload says, whoever signed it. */
export type RootContent = Omit<TrustRoot, 'sha256' | 'envelope'>;

const DAY = 86_400_000;
/** Where a root says nothing (trust-list design §5.3). */
const SCHEME_DEFAULTS: SchemeLimits = { maxListBytes: 5_000_000, maxDepth: 3, maxLists: 64, maxNextUpdate: 180 * DAY, maxFreshness: 7 * DAY };

/**
 * Reads the payload of a `root` document. It says nothing of signatures or order.
 * @throws TrustListError as `readListContent`, also TL_KEY_LISTED_TWICE
 */
export function readRootContent(payload: Uint8Array, options: { readonly sha256: DigestAlgorithm; readonly limits?: Partial<TrustListLimits> }): RootContent {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return readDocument(payload, limits, (value, log) => readRoot(value, log, options.sha256, limits));
}

function readRoot(value: JsonValue, log: ProblemLog, sha256: DigestAlgorithm, limits: TrustListLimits): RootContent {
  const reader = new MemberReader(value, '', log);
  readPreamble(reader, 'root', ROOT_MEMBERS);
  const version = reader.integer('version', 1, Number.MAX_SAFE_INTEGER);
  const prev = reader.optionalText('prev', PREV);
  if (version === 1 && prev !== undefined) reader.fail('prev', 'is given for the first root');
  if (version > 1 && prev === undefined) reader.fail('prev', 'is missing');
  const { issued, until: expires } = readLifetime(reader, 'expires');
  const keys = readKeys(reader, sha256, limits.maxRoleKeys);
  const roles = reader.object('roles');
  const role = (name: keyof RootContent['roles']): ListRole => readRoleOf(roles.object(name), keys, sha256, limits.maxRoleKeys);
  const scheme = reader.optionalObject('limits');
  return {
    schemeId: reader.text('schemeId', SCHEME_ID),
    version,
    prev,
    issued,
    expires,
    listId: reader.text('listId', LIST_ID),
    keys,
    roles: { root: role('root'), list: role('list'), freshness: role('freshness') },
    limits: {
      ...SCHEME_DEFAULTS,
      ...(scheme && present<SchemeLimits>({
        maxListBytes: scheme.optionalInteger('maxListBytes', 1, limits.maxBundleBytes),
        maxDepth: scheme.optionalInteger('maxDepth', 0, limits.maxDepthOfLists),
        maxLists: scheme.optionalInteger('maxLists', 1, limits.maxLists),
        maxNextUpdate: scheme.optionalDuration('maxNextUpdate'),
        maxFreshness: scheme.optionalDuration('maxFreshness'),
      })),
    },
    distribution: readFolders(reader, 'distribution'),
  };
}

/** A role names keys by thumbprint. */
function readRoleOf(reader: MemberReader, keys: readonly SchemeKey[], sha256: DigestAlgorithm, maxKeys: number): ListRole {
  const byThumbprint = new Map(keys.map((key) => [key.thumbprint, key]));
  const named = reader.texts('keys', { pattern: /^[\w-]{43}$/, what: 'a thumbprint: SHA-256 in base64url' });
  named.forEach((thumbprint, index) => {
    if (thumbprint !== '' && keys.length > 0 && !byThumbprint.has(thumbprint)) reader.fail(`keys[${index}]`, 'is the thumbprint of none of the keys');
  });
  return readQuorum(reader, named.flatMap((thumbprint) => byThumbprint.get(thumbprint) ?? []), sha256, maxKeys);
}
