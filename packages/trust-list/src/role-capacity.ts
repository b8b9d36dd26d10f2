import type { DigestAlgorithm } from '@hefu/crypto';
import { readListKey, thumbprint, type SignatureFamily } from './jwk.js';
import type { RoleDocument, SchemeKeyDocument } from './scheme-document.js';

/** The most that some keys can bring together. */
export interface RoleCapacity {
  readonly keys: number;
  readonly orgs: number;
  readonly F1: number;
  readonly F2: number;
}

/** A key a role names, with what a signature by it counts as. */
export interface HeldKey {
  readonly thumbprint: string;
  readonly family: SignatureFamily;
  readonly org: string;
  readonly owner: string | undefined;
}

type Demand = Pick<RoleDocument, 'threshold' | 'distinctOrgs' | 'families'>;

/** @throws TypeError for a key that signs no lists (see `readListKey`) */
export function heldKey(key: SchemeKeyDocument, sha256: DigestAlgorithm): HeldKey {
  const read = readListKey(key.jwk);
  return { thumbprint: thumbprint(read, sha256), family: read.family, org: key.org, owner: key.owner };
}

export function capacityOf(keys: readonly HeldKey[]): RoleCapacity {
  const family = (name: SignatureFamily): number => keys.filter((key) => key.family === name).length;
  return { keys: keys.length, orgs: new Set(keys.map(({ org }) => org)).size, F1: family('F1'), F2: family('F2') };
}

/** What a role asks and these keys cannot bring, though all of them sign; empty when they can. */
export function shortOf(role: Demand, capacity: RoleCapacity): readonly { readonly of: 'keys' | 'orgs' | 'F1' | 'F2'; readonly wanted: number; readonly have: number }[] {
  const wanted = { keys: role.threshold, orgs: role.distinctOrgs ?? 1, F1: role.families?.F1 ?? 0, F2: role.families?.F2 ?? 0 };
  return (['keys', 'orgs', 'F1', 'F2'] as const).flatMap((of) => (capacity[of] < wanted[of] ? [{ of, wanted: wanted[of], have: capacity[of] }] : []));
}
