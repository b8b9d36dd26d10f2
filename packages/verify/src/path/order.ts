import { equalBytes, PkiError, type Certificate, type Name } from '@hefu/pki';
import { sameName } from './check.js';
import type { EdgeCache } from './edge-cache.js';
import type { TrustAnchor } from './model.js';

/** Either an anchor, where a path may end, or a certificate, where it goes on. */
export type Issuer = TrustAnchor | Certificate;

export function isAnchor(issuer: Issuer): issuer is TrustAnchor {
  return 'source' in issuer;
}

/** What a child's authorityKeyIdentifier says about an issuer. A hint: only the signature proves the key (RFC 5280 §4.2.1.1). */
export type KeyHint = 'match' | 'unknown' | 'mismatch';

export function keyHint(child: Certificate, issuer: Certificate | undefined): KeyHint {
  if (issuer === undefined) return 'unknown';
  try {
    const authority = child.extAuthorityKeyIdentifier;
    if (authority === undefined) return 'unknown';
    const own = issuer.extSubjectKeyIdentifier;
    if (authority.keyIdentifier !== undefined && own !== undefined) return equalBytes(authority.keyIdentifier, own) ? 'match' : 'mismatch';
    const { authorityCertIssuer, authorityCertSerialNumber } = authority;
    if (authorityCertIssuer !== undefined && authorityCertSerialNumber !== undefined) {
      const named = authorityCertIssuer.some((name) => name.kind === 'directoryName' && sameName(name.name, issuer.issuer));
      return named && equalBytes(authorityCertSerialNumber, issuer.serialNumber) ? 'match' : 'unknown';
    }
    return 'unknown';
  } catch (error) {
    if (error instanceof PkiError) return 'unknown';
    throw error;
  }
}

const HINT_ORDER: Readonly<Record<KeyHint, number>> = { match: 0, unknown: 1, mismatch: 2 };

/**
 * Every anchor and candidate with the child's issuer name, most promising first: anchors, then certificates whose
 * key identifier matches, those of which nothing is known, those that do not match; among equals, those whose names
 * lead to an anchor in the fewest steps. So neither decoys nor meshes can eat the budget before the issuer is tried.
 */
export class IssuerIndex {
  readonly #anchors: ByName<TrustAnchor>;
  readonly #candidates: ByName<Certificate>;
  readonly #distances: Distances | undefined;
  /** Ordered before, where a search may come back often. */
  readonly #exact: Map<Certificate, readonly Issuer[]> | undefined;
  readonly #equivalent: Map<Certificate, readonly Issuer[]> | undefined;

  constructor(anchors: readonly TrustAnchor[], candidates: readonly Certificate[], cache: EdgeCache) {
    this.#anchors = new ByName(anchors, anchorName, cache);
    this.#candidates = new ByName(candidates, subjectName, cache);
    const many = candidates.length > FEW;
    this.#distances = many ? new Distances(anchors, candidates, cache) : undefined;
    this.#exact = many ? new Map() : undefined;
    this.#equivalent = many ? new Map() : undefined;
  }

  /** Issuers whose name is written with the same octets. */
  exact(child: Certificate): readonly Issuer[] {
    const known = this.#exact?.get(child);
    if (known !== undefined) return known;
    const found = this.#ordered(child, this.#anchors.exact(child.issuer), this.#candidates.exact(child.issuer));
    this.#exact?.set(child, found);
    return found;
  }

  /** Issuers whose name is equal by RFC 5280 §7.1 though written differently: another string type, case, spacing. */
  equivalent(child: Certificate): readonly Issuer[] {
    const known = this.#equivalent?.get(child);
    if (known !== undefined) return known;
    const found = this.#ordered(child, this.#anchors.equivalent(child.issuer), this.#candidates.equivalent(child.issuer));
    this.#equivalent?.set(child, found);
    return found;
  }

  /** By its names, some anchor could be above it. */
  mayReach(candidate: Certificate): boolean {
    return this.#distances === undefined || this.#distances.of(candidate) !== Number.POSITIVE_INFINITY;
  }

  #ordered(child: Certificate, anchors: readonly TrustAnchor[], candidates: readonly Certificate[]): readonly Issuer[] {
    const first = anchors.length < 2 ? anchors : sortedBy(anchors, (anchor) => HINT_ORDER[keyHint(child, anchor.certificate)]);
    if (candidates.length === 0) return first;
    const rank = (candidate: Certificate): number => HINT_ORDER[keyHint(child, candidate)] * FAR + Math.min(this.#distances?.of(candidate) ?? 0, FAR - 1);
    const each = candidates.length < 2 ? candidates : distinct(candidates);
    const rest = each.length < 2 ? each : sortedBy(each, rank);
    return first.length === 0 ? rest : [...first, ...rest];
  }
}

/** With so few candidates no search is long. */
const FEW = 4;
const FAR = 1_000_000;

/** How many steps by names alone from each candidate to an anchor: worked out from the anchors down, each name once. */
class Distances {
  readonly #distances = new Map<Certificate, number>();

  constructor(anchors: readonly TrustAnchor[], candidates: readonly Certificate[], cache: EdgeCache) {
    const below = group(candidates, (candidate) => cache.nameKeyOf(candidate.issuer));
    let names = new Set(anchors.map((anchor) => cache.nameKeyOf(anchor.name)));
    const seen = new Set(names);
    for (let distance = 1; names.size > 0; distance++) {
      const next = new Set<string | undefined>();
      for (const name of names) {
        for (const candidate of (name === undefined ? undefined : below.get(name)) ?? []) {
          this.#distances.set(candidate, distance);
          const subject = cache.nameKeyOf(candidate.subject);
          if (!seen.has(subject)) next.add(subject);
          seen.add(subject);
        }
      }
      names = next;
    }
  }

  of(candidate: Certificate): number {
    return this.#distances.get(candidate) ?? Number.POSITIVE_INFINITY;
  }
}

function anchorName(anchor: TrustAnchor): Name {
  return anchor.name;
}

function subjectName(certificate: Certificate): Name {
  return certificate.subject;
}

function sortedBy<T>(items: readonly T[], rank: (item: T) => number): readonly T[] {
  const ranked = items.map((item) => ({ item, rank: rank(item) }));
  ranked.sort((a, b) => a.rank - b.rank); // stable: the caller's order breaks ties
  return ranked.map(({ item }) => item);
}

/** One of each certificate: the same one brought twice would double the search at every level. */
function distinct(certificates: readonly Certificate[]): readonly Certificate[] {
  // Two of them differ within a few octets, where they are not the same object.
  if (certificates.length <= SCANNED) return certificates.filter((certificate, index) => certificates.findIndex(({ bytes }) => equalBytes(bytes, certificate.bytes)) === index);
  const seen = new Map<number, Certificate[]>();
  return certificates.filter((certificate) => {
    const hash = hashOf(certificate.signature);
    const same = seen.get(hash);
    if (same?.some((other) => equalBytes(other.bytes, certificate.bytes))) return false;
    if (same === undefined) seen.set(hash, [certificate]);
    else same.push(certificate);
    return true;
  });
}

/** Up to this many are compared one by one, which costs less than an index. */
const SCANNED = 8;

/** Items by name, indexed on first need and only when there are many. */
class ByName<T> {
  readonly #items: readonly T[];
  readonly #nameOf: (item: T) => Name;
  readonly #cache: EdgeCache;
  #byOctets: Map<number, T[]> | undefined;
  #byKey: Map<string, T[]> | undefined;

  constructor(items: readonly T[], nameOf: (item: T) => Name, cache: EdgeCache) {
    this.#items = items;
    this.#nameOf = nameOf;
    this.#cache = cache;
  }

  exact(name: Name): readonly T[] {
    const items = this.#items;
    if (items.length > SCANNED) {
      this.#byOctets ??= group(items, (item) => hashOf(this.#nameOf(item).bytes));
      return this.#sameOctets(this.#byOctets.get(hashOf(name.bytes)) ?? [], name);
    }
    return this.#sameOctets(items, name);
  }

  #sameOctets(items: readonly T[], name: Name): readonly T[] {
    let found: T[] | undefined;
    for (const item of items) if (equalBytes(this.#nameOf(item).bytes, name.bytes)) (found ??= []).push(item);
    return found ?? [];
  }

  equivalent(name: Name): readonly T[] {
    if (this.#items.length === 0) return [];
    const key = this.#cache.nameKeyOf(name);
    if (key === undefined) return [];
    this.#byKey ??= group(this.#items, (item) => this.#cache.nameKeyOf(this.#nameOf(item)));
    const found = this.#byKey.get(key);
    return found === undefined ? [] : found.filter((item) => !equalBytes(this.#nameOf(item).bytes, name.bytes));
  }
}

function group<T, K>(items: readonly T[], keyOf: (item: T) => K | undefined): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const present = groups.get(key);
    if (present === undefined) groups.set(key, [item]);
    else present.push(item);
  }
  return groups;
}

/** FNV-1a, 32 bits. Only sorts into buckets: what shares one is compared octet by octet. */
function hashOf(octets: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < octets.length; i++) hash = Math.imul(hash ^ octets[i]!, 0x01000193);
  return hash;
}
