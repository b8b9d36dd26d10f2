import type { DigestAlgorithm } from '@hefu/crypto';
import { readListKey, thumbprint, type SignatureFamily } from './jwk.js';
import { peopleOf, personOf } from './role.js';
import type { RoleDocument, SchemeKeyDocument } from './scheme-document.js';

/** The most that some keys can bring together; one person counts once, as signatures do. */
export interface RoleCapacity {
  readonly people: number;
  readonly orgs: number;
  readonly F1: number;
  readonly F2: number;
}

/** A key a role names, with what a signature by it counts as. */
export interface HeldKey {
  readonly thumbprint: string;
  readonly family: SignatureFamily;
  readonly org: string;
  /** As in `readRole`: the owner in his organisation, else the key. */
  readonly person: string;
}

type Demand = Pick<RoleDocument, 'threshold' | 'distinctOrgs' | 'families'>;

/** @throws TypeError for a key that signs no lists (see `readListKey`) */
export function heldKey(key: SchemeKeyDocument, sha256: DigestAlgorithm): HeldKey {
  const read = readListKey(key.jwk);
  const print = thumbprint(read, sha256);
  return { thumbprint: print, family: read.family, org: key.org, person: personOf(key, print) };
}

export function capacityOf(keys: readonly HeldKey[]): RoleCapacity {
  return { people: peopleOf(keys), orgs: new Set(keys.map(({ org }) => org)).size, F1: peopleOf(keys, 'F1'), F2: peopleOf(keys, 'F2') };
}

/** What a role asks and these keys cannot bring, though all of them sign; empty when they can. */
export function shortOf(role: Demand, capacity: RoleCapacity): readonly { readonly of: 'people' | 'orgs' | 'F1' | 'F2'; readonly wanted: number; readonly have: number }[] {
  const wanted = { people: role.threshold, orgs: role.distinctOrgs ?? 1, F1: role.families?.F1 ?? 0, F2: role.families?.F2 ?? 0 };
  return (['people', 'orgs', 'F1', 'F2'] as const).flatMap((of) => (capacity[of] < wanted[of] ? [{ of, wanted: wanted[of], have: capacity[of] }] : []));
}
