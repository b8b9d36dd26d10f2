import type { DigestAlgorithm } from '@hefu/crypto';
import { LIST_MEMBERS } from './crit.js';
import type { JsonValue } from './json.js';
import { DEFAULT_LIMITS, type TrustListLimits } from './limits.js';
import { MemberReader, type ProblemLog } from './member-reader.js';
import type { IdentityProfile, TrustList, TrustService } from './model.js';
import { readDocument, readLifetime, readPreamble } from './read-document.js';
import { readProfile } from './read-profile.js';
import { readDelegations } from './scheme/read-delegation.js';
import { LIST_ID, PREV } from './scheme/rules.js';
import { readPeers } from './scheme/read-peer.js';
import { readService, readText, REGION_PATTERN, USCC } from './read-service.js';

/** What a payload says, whoever signed it. */
export type ListContent = Omit<TrustList, 'sha256' | 'signedBy' | 'envelope'>;

/**
 * Reads the payload of a `list` document. It says nothing of signatures, order or freshness, and its result is
 * no `TrustList`: use it to check a draft, or to show what is about to be signed.
 *
 * @param payload the payload octets: strict JSON (see {@link readJson})
 * @throws TrustListError TL_EMPTY_INPUT | TL_TOO_LARGE | TL_NOT_JSON | TL_DUPLICATE_MEMBER; TL_UNSUPPORTED_FEATURE,
 *   TL_NO_SERVICES, TL_TIME_INVALID or TL_SCHEMA_INVALID with every problem found in `problems`
 */
export function readListContent(payload: Uint8Array, options: { readonly sha256: DigestAlgorithm; readonly limits?: Partial<TrustListLimits> }): ListContent {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return readDocument(payload, limits, (value, log) => readList(value, log, options.sha256, limits));
}

function readList(value: JsonValue, log: ProblemLog, sha256: DigestAlgorithm, limits: TrustListLimits): ListContent {
  const reader = new MemberReader(value, '', log);
  readPreamble(reader, 'list', LIST_MEMBERS);
  reader.optionalOneOf('historyPolicy', ['forever']);

  const sequence = reader.integer('sequence', 1, Number.MAX_SAFE_INTEGER);
  const prev = reader.optionalText('prev', PREV);
  if (sequence === 1 && prev !== undefined) reader.fail('prev', 'is given for the first list');
  if (sequence > 1 && prev === undefined) reader.fail('prev', 'is missing');
  const { issued, until: nextUpdate } = readLifetime(reader, 'nextUpdate');
  const operator = reader.object('operator');
  const uscc = operator.optionalText('uscc', USCC);

  const noServices = Array.isArray(reader.get('services')) && (reader.get('services') as readonly JsonValue[]).length === 0;
  if (noServices) reader.fail('services', 'is empty', 'TL_NO_SERVICES');
  else if (reader.get('services') === undefined) reader.fail('services', 'is missing');
  const services = noServices ? [] : (reader.objects('services', 1, limits.maxEntries, (service) => readService(service, { sequence, issued, sha256 })) ?? []);
  const profiles = reader.objects('identityProfiles', 0, limits.maxEntries, (profile) => readProfile(profile, sha256)) ?? [];
  const tombstones =
    reader.objects('tombstones', 0, limits.maxEntries, (tombstone) => {
      const reason = tombstone.optionalText('reason');
      return { id: tombstone.text('id', { max: 200 }), sequence: tombstone.integer('sequence', 1, Math.max(1, sequence)), ...(reason !== undefined && { reason }) };
    }) ?? [];
  const identityProfiles = new Map(profiles.map((profile) => [profile.id, profile]));
  checkIds(reader, services, profiles, identityProfiles, tombstones);
  const listId = reader.text('listId', LIST_ID);
  const territory = reader.texts('territory', REGION_PATTERN);
  const delegations = readDelegations(reader, { listId, territory, sha256, limits });
  const peers = readPeers(reader, territory, limits.maxDelegations);

  return {
    listId,
    sequence,
    prev,
    issued,
    nextUpdate,
    operator: { name: readText(operator.object('name')), ...(uscc !== undefined && { uscc }) },
    territory,
    services,
    identityProfiles,
    tombstones,
    delegations,
    peers,
  };
}

/** Ids are unique, never reused after a tombstone, and references lead somewhere. */
function checkIds(
  reader: MemberReader,
  services: readonly TrustService[],
  profiles: readonly IdentityProfile[],
  byId: ReadonlyMap<string, IdentityProfile>,
  tombstones: readonly { readonly id: string }[],
): void {
  const seen = new Set<string>();
  const claim = (id: string, path: string): void => {
    if (id !== '' && seen.has(id)) reader.fail(path, `${id} is used already`);
    seen.add(id);
  };
  services.forEach((service, index) => claim(service.id, `services[${index}].id`));
  tombstones.forEach((tombstone, index) => claim(tombstone.id, `tombstones[${index}].id`));
  if (byId.size !== profiles.length) reader.fail('identityProfiles', 'has an id more than once');
  services.forEach((service, index) => {
    if (service.identity !== undefined && !byId.has(service.identity)) reader.fail(`services[${index}].identity`, `${service.identity} is no profile of this list`);
  });
  checkEvidenceServices(reader, services);
}

/** What signs a CA's CRLs or answers for it must be listed, as what it is: a reference to anything else would never count. */
function checkEvidenceServices(reader: MemberReader, services: readonly TrustService[]): void {
  const kinds = new Map(services.map(({ id, kind }) => [id, kind]));
  services.forEach(({ revocation }, index) => {
    const check = (path: string, id: string | undefined, kind: TrustService['kind']): void => {
      if (id !== undefined && kinds.get(id) !== kind) reader.fail(`services[${index}].revocation.${path}`, `${id} is no service of kind ${kind} in this list`);
    };
    revocation.crl.forEach(({ issuerService }, each) => check(`crl[${each}].issuerService`, issuerService, 'crl-issuer'));
    revocation.ocsp?.forEach(({ responderService }, each) => check(`ocsp[${each}].responderService`, responderService, 'ocsp'));
  });
}
