import type { DigestAlgorithm } from '@hefu/crypto';
import type { TrustListLimits } from '../limits.js';
import type { MemberReader } from '../member-reader.js';
import { present } from '../member-reader.js';
import type { ListKey, ListRole } from '../model.js';
import { checkUrl, LONGEST_URL, PURPOSES, readText, REGION_PATTERN, SERVICE_KINDS } from '../read-service.js';
import { regionWithin } from '../region.js';
import { readRole } from '../role.js';
import type { Delegation } from '../scheme.js';
import { readKeys } from './read-key.js';
import { LIST_ID } from './rules.js';

/** What of its list a delegation must agree with. */
export interface DelegatorContext {
  readonly listId: string;
  readonly territory: readonly string[];
  readonly sha256: DigestAlgorithm;
  readonly limits: TrustListLimits;
}

/** Reads `delegations`: each names another list once, and hands on no more than the delegator's territory. */
export function readDelegations(reader: MemberReader, context: DelegatorContext): readonly Delegation[] {
  const delegations = reader.objects('delegations', 0, context.limits.maxDelegations, (each) => readDelegation(each, context)) ?? [];
  const seen = new Set([context.listId]);
  delegations.forEach(({ listId }, index) => {
    if (listId !== '' && seen.has(listId)) reader.fail(`delegations[${index}].listId`, listId === context.listId ? 'is the list itself' : `${listId} is delegated to already`);
    seen.add(listId);
  });
  return delegations;
}

function readDelegation(reader: MemberReader, { territory, sha256, limits }: DelegatorContext): Delegation {
  const keys = readKeys(reader, sha256, limits.maxRoleKeys);
  return {
    listId: reader.text('listId', LIST_ID),
    name: readText(reader.object('name')),
    role: readQuorum(reader, keys, sha256, limits.maxRoleKeys),
    regions: readRegions(reader, territory),
    mode: reader.oneOf('mode', ['restrict-only', 'may-grant']),
    location: readFolders(reader, 'location'),
    ...present<Pick<Delegation, 'kinds' | 'purposes' | 'maxNextUpdate'>>({
      kinds: reader.optionalChoices('kinds', SERVICE_KINDS),
      purposes: reader.optionalChoices('purposes', PURPOSES),
      maxNextUpdate: reader.optionalDuration('maxNextUpdate'),
    }),
  };
}

/** Reads `threshold`, `distinctOrgs` and `families` over keys; a role its keys cannot meet is a problem. */
export function readQuorum(reader: MemberReader, keys: readonly ListKey[], sha256: DigestAlgorithm, maxKeys: number): ListRole {
  const distinctOrgs = reader.optionalInteger('distinctOrgs', 1, maxKeys);
  const families = reader.optionalObject('families');
  const role: ListRole = {
    keys,
    threshold: reader.integer('threshold', 1, maxKeys),
    ...present<Pick<ListRole, 'distinctOrgs' | 'families'>>({
      distinctOrgs,
      families: families && present<NonNullable<ListRole['families']>>({ F1: families.optionalInteger('F1', 0, maxKeys), F2: families.optionalInteger('F2', 0, maxKeys) }),
    }),
  };
  // Keys with a problem of their own are not here to meet anything.
  if (keys.length === 0 || reader.log.problems.length > 0) return role;
  try {
    readRole(role, sha256, maxKeys);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    reader.fail('threshold', `cannot be met: ${error.message}`);
  }
  return role;
}

/** Reads `regions`, all within the territory. */
export function readRegions(reader: MemberReader, territory: readonly string[]): readonly string[] {
  const regions = reader.texts('regions', REGION_PATTERN);
  regions.forEach((region, index) => {
    if (region !== '' && !regionWithin(region, territory)) reader.fail(`regions[${index}]`, `${region} is outside the territory`, 'TL_WIDER_THAN_PARENT');
  });
  return regions;
}

/** Reads URLs of folders, which file names are put after. */
export function readFolders(reader: MemberReader, name: string): readonly string[] {
  const folders = reader.optionalTexts(name, { max: LONGEST_URL, pattern: /\/$/, what: 'a URL that ends in /' }, 0, 20) ?? [];
  folders.forEach((url, index) => url !== '' && checkUrl(reader, `${name}[${index}]`, url, ['http:', 'https:', 'file:']));
  return folders;
}
