import type { PublicKey, SignatureAlgorithm } from '@hefu/crypto';
import { nameKey, PkiError, type Certificate, type Name } from '@hefu/pki';
import { CertificateFacts } from './check.js';
import type { PathProfile } from './profile.js';

/**
 * What path building may remember between calls, owned by the caller: facts about immutable objects, held as
 * long as those objects live. That a signature did not verify is never remembered, nor any verdict.
 */
export interface EdgeCache {
  /** `key` signed `child`, by this algorithm. */
  isVerified(child: Certificate, key: PublicKey, algorithm: SignatureAlgorithm): boolean;
  addVerified(child: Certificate, key: PublicKey, algorithm: SignatureAlgorithm): void;
  factsOf(certificate: Certificate, profile: PathProfile): CertificateFacts;
  /** Key under which equal names meet (RFC 5280 §7.1); undefined for a name that cannot be read. */
  nameKeyOf(name: Name): string | undefined;
}

interface Known {
  readonly facts: CertificateFacts[];
  /** Keys and algorithms in turn: almost always one pair. */
  readonly verified: (PublicKey | SignatureAlgorithm)[];
}

/** Issuer keys remembered per certificate; almost every certificate has one, under a fresh object only when its issuer was parsed anew. */
const MAX_EDGES = 8;

export function createEdgeCache(): EdgeCache {
  return edgeCacheOver(new WeakMap(), new WeakMap());
}

/** For one search, after which it is forgotten whole. */
export function createSearchCache(): EdgeCache {
  return edgeCacheOver(new Map(), new Map());
}

/** What a Map and a WeakMap have in common; the latter costs each collection of garbage something. */
interface Store<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function edgeCacheOver(known: Store<Certificate, Known>, nameKeys: Store<Name, { readonly key: string | undefined }>): EdgeCache {
  const entryOf = (certificate: Certificate): Known => {
    let entry = known.get(certificate);
    if (entry === undefined) known.set(certificate, (entry = { facts: [], verified: [] }));
    return entry;
  };
  return {
    isVerified(child, key, algorithm) {
      const verified = known.get(child)?.verified;
      if (verified === undefined) return false;
      for (let i = 0; i < verified.length; i += 2) if (verified[i] === key && verified[i + 1] === algorithm) return true;
      return false;
    },
    addVerified(child, key, algorithm) {
      const { verified } = entryOf(child);
      if (verified.length >= 2 * MAX_EDGES) verified.splice(0, 2);
      verified.push(key, algorithm);
    },
    factsOf(certificate, profile) {
      const { facts } = entryOf(certificate);
      for (const found of facts) if (found.profile === profile) return found;
      const made = new CertificateFacts(certificate, profile);
      facts.push(made);
      return made;
    },
    nameKeyOf(name) {
      let entry = nameKeys.get(name);
      if (entry === undefined) nameKeys.set(name, (entry = { key: readableKey(name) }));
      return entry.key;
    },
  };
}

function readableKey(name: Name): string | undefined {
  try {
    return nameKey(name);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
