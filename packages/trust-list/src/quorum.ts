import type { ListRole } from './model.js';
import { peopleOf, type RoleKey } from './role.js';
import type { SignatureFact, VerifiedSignature } from './verify-signatures.js';

export type QuorumCode = 'TL_SIGNATURE_INVALID' | 'TL_THRESHOLD_NOT_MET' | 'TL_SAME_KEY_TWICE' | 'TL_SAME_OWNER' | 'TL_WRONG_DOCUMENT' | 'TL_SAME_ORGANISATION' | 'TL_FAMILY_MISSING';

/** Codes that say who signed, not what. */
export const QUORUM_CODES: ReadonlySet<string> = new Set<QuorumCode>([
  'TL_SIGNATURE_INVALID', 'TL_THRESHOLD_NOT_MET', 'TL_SAME_KEY_TWICE', 'TL_SAME_OWNER', 'TL_WRONG_DOCUMENT', 'TL_SAME_ORGANISATION', 'TL_FAMILY_MISSING',
]);

export interface QuorumResult {
  readonly facts: readonly SignatureFact[];
  readonly counted: readonly RoleKey[];
  /** undefined when the role is satisfied. */
  readonly refusal: { readonly code: QuorumCode; readonly expected: string; readonly actual: string } | undefined;
}

/**
 * Counts verified signatures against a role: distinct people (a key without an owner is one), distinct
 * organisations, families. Keys whose notAfter is not later than `issued` do not count; before the content may be read, `issued` is undefined.
 */
export function countQuorum(signatures: readonly VerifiedSignature[], role: ListRole, issued?: number): QuorumResult {
  const counted: RoleKey[] = [];
  let duplicates = 0;
  const facts = signatures.map(({ fact, key }): SignatureFact => {
    if (key === undefined) return fact;
    if (issued !== undefined && key.notAfter !== undefined && issued >= key.notAfter) return { ...fact, outcome: 'key-expired' };
    if (fact.outcome === 'duplicate-key') {
      duplicates++;
      return fact;
    }
    const again = counted.some(({ person }) => person === key.person);
    counted.push(key);
    return again ? { ...fact, outcome: 'same-owner' } : fact;
  });
  return { facts, counted, refusal: refuse(counted, duplicates, signatures, role) };
}

function refuse(counted: readonly RoleKey[], duplicates: number, signatures: readonly VerifiedSignature[], role: ListRole): QuorumResult['refusal'] {
  if (signatures.every(({ key }) => key === undefined)) {
    if (signatures.some(({ fact }) => fact.outcome === 'other-document')) return { code: 'TL_WRONG_DOCUMENT', expected: 'signatures made for a document of this kind', actual: 'of another kind' };
    return { code: 'TL_SIGNATURE_INVALID', expected: 'a valid signature by a key of the role', actual: signatures.map(({ fact }) => fact.outcome).join(', ') };
  }
  const people = peopleOf(counted);
  if (people < role.threshold) {
    const code = counted.length >= role.threshold ? 'TL_SAME_OWNER' : counted.length + duplicates >= role.threshold ? 'TL_SAME_KEY_TWICE' : 'TL_THRESHOLD_NOT_MET';
    return { code, expected: `${role.threshold} keys`, actual: `${people}` };
  }
  const orgs = new Set(counted.map((key) => key.org)).size;
  if (orgs < (role.distinctOrgs ?? 1)) return { code: 'TL_SAME_ORGANISATION', expected: `${role.distinctOrgs} organisations`, actual: `${orgs}` };
  for (const family of ['F1', 'F2'] as const) {
    const wanted = role.families?.[family] ?? 0;
    const found = peopleOf(counted, family);
    if (found < wanted) return { code: 'TL_FAMILY_MISSING', expected: `${wanted} of family ${family}`, actual: `${found}` };
  }
  return undefined;
}
