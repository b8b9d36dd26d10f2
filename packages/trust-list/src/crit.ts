import type { JsonObject, JsonValue } from './json.js';
import { isObject, type MemberReader } from './member-reader.js';

/** Member names this version understands; null where nothing lies below. Arrays are looked through. */
export interface MemberTree {
  readonly [name: string]: MemberTree | null;
}

const TEXT: MemberTree = { zh: null, en: null };

export const SERVICE_MEMBERS: MemberTree = {
  id: null,
  kind: null,
  name: TEXT,
  operator: { uscc: null, licence: null, name: TEXT },
  anchors: { x5c: null, sha256: null, spkiSha256: null, mode: null },
  intermediates: null,
  status: { status: null, since: null, recorded: null, reason: null, ref: null, effect: { gap: null }, compromisedSince: null },
  scope: { regions: null, transactions: null, roles: null, purposes: null, from: null, until: null },
  constraints: {
    policyOids: null, permittedDN: null, excludedDN: null, pathLen: null, issuedFrom: null, issuedUntil: null,
    maxValidityDays: null, sigAlgs: null, minRsaBits: null, requireExt: null,
  },
  revocation: {
    mode: null, reason: null, overrideCertificateUrls: null, crl: { url: null, mirrors: null, maxAge: null, maxBytes: null, issuerService: null },
    ocsp: { url: null, mirrors: null, responders: null, responderService: null, nonce: null, skew: null, maxAge: null },
  },
  certKinds: { kind: null, match: null },
  identity: null,
  messageVariants: null,
  crit: null,
};

const FIELD: MemberTree = {
  try: { ext: null, dn: null, san: null, decode: null, strip: null, regex: null, accept: null },
  onMultiple: null,
  derive: { from: null, slice: null },
};

const KEY: MemberTree = { jwk: null, org: null, owner: null, notAfter: null, x5c: null };
const WORDS: MemberTree = { transactions: null, roles: null };

export const LIST_MEMBERS: MemberTree = {
  type: null,
  spec: null,
  listId: null,
  sequence: null,
  prev: null,
  issued: null,
  nextUpdate: null,
  operator: { name: TEXT, uscc: null },
  territory: null,
  historyPolicy: null,
  services: null,
  identityProfiles: {
    id: null, version: null, subjectType: { if: null, is: null }, required: null,
    samples: { certSha256: null, x5c: null, expect: { uscc: null, orgCode: null, licenceNo: null, taxNo: null, name: null, serviceNo: null, opaqueId: null } },
    fields: { uscc: FIELD, orgCode: FIELD, licenceNo: FIELD, taxNo: FIELD, name: FIELD, personId: FIELD, personName: FIELD, serviceNo: FIELD, opaqueId: FIELD },
  },
  tombstones: { id: null, sequence: null, reason: null },
  delegations: {
    listId: null, name: TEXT, keys: KEY, threshold: null, distinctOrgs: null, families: { F1: null, F2: null },
    regions: null, mode: null, kinds: null, purposes: null, maxNextUpdate: null, location: null,
  },
  peers: {
    schemeId: null, rootSha256: null, since: null, until: null, regions: null, map: { theirs: WORDS, ours: WORDS },
    accept: { kinds: null, purposes: null, maxStatusAge: null }, location: null,
  },
  crit: null,
};

const ROLE: MemberTree = { keys: null, threshold: null, distinctOrgs: null, families: { F1: null, F2: null } };

export const ROOT_MEMBERS: MemberTree = {
  type: null, spec: null, schemeId: null, version: null, prev: null, issued: null, expires: null, listId: null,
  keys: KEY,
  roles: { root: ROLE, list: ROLE, freshness: ROLE },
  limits: { maxListBytes: null, maxDepth: null, maxLists: null, maxNextUpdate: null, maxFreshness: null },
  distribution: null,
  crit: null,
};

/** Of `lists` no member can be named: their names are ids. */
export const FRESHNESS_MEMBERS: MemberTree = { type: null, spec: null, schemeId: null, version: null, issued: null, expires: null, root: null, lists: null, crit: null };

export const BUNDLE_MEMBERS: MemberTree = { type: null, spec: null, schemeId: null, roots: null, freshness: null, lists: null, peers: null, crit: null };

/**
 * Reads `crit` and answers with the first member it names that this version does not understand: one that is
 * not in the tree, or a container that holds one that is not (rule R10).
 */
export function readCrit(reader: MemberReader, tree: MemberTree): string | undefined {
  for (const name of reader.optionalTexts('crit', { max: 200 }) ?? []) {
    const unknown = notUnderstood(name, reader.value, tree);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

function notUnderstood(name: string, value: JsonObject, tree: MemberTree): string | undefined {
  let below: MemberTree | null = tree;
  let values: JsonValue[] = [value];
  for (const part of name.split('.')) {
    if (below === null || !Object.hasOwn(below, part)) return name;
    below = below[part]!;
    values = values.flatMap((each) => (isObject(each) && Object.hasOwn(each, part) ? each[part]! : []));
  }
  for (const each of values) {
    const unknown = unknownMember(each, below, name);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

function unknownMember(value: JsonValue, tree: MemberTree | null, path: string): string | undefined {
  if (tree === null) return undefined;
  const elements = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  for (const element of elements) {
    if (!isObject(element)) continue;
    for (const name of Object.keys(element)) {
      const inner = `${path}.${name}`;
      if (!Object.hasOwn(tree, name)) return inner;
      const unknown = unknownMember(element[name]!, tree[name]!, inner);
      if (unknown !== undefined) return unknown;
    }
  }
  return undefined;
}
