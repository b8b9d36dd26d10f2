import { attributeTypeOid } from './attribute-type.js';
import type { Criteria } from './model.js';

/** What criteria are asked of. */
export interface CertificateFacts {
  /** undefined when the extension is absent. */
  readonly keyUsage: ReadonlySet<string> | undefined;
  /** OIDs of the extensions present. */
  readonly extensions: readonly string[];
  /** OIDs of certificatePolicies. */
  readonly policies: readonly string[];
  /** OIDs of extendedKeyUsage. */
  readonly eku: readonly string[];
  /** Attributes of the subject, type as dotted OID, decoded value. */
  readonly subject: readonly { readonly type: string; readonly value: string }[];
}

/**
 * Whether a certificate meets criteria (TS 119 612 §5.5.9.2.2, with `any`, `none` and subject attributes).
 * keyUsage criteria are not met by a certificate without keyUsage; a criterion of no known kind is not met.
 */
export function matchCriteria(criteria: Criteria, facts: CertificateFacts): boolean {
  if ('all' in criteria) return criteria.all.every((each) => matchCriteria(each, facts));
  if ('any' in criteria) return criteria.any.some((each) => matchCriteria(each, facts));
  if ('none' in criteria) return !criteria.none.some((each) => matchCriteria(each, facts));
  if ('keyUsage' in criteria) {
    const { keyUsage } = facts;
    const { has, not } = criteria.keyUsage;
    return keyUsage !== undefined && (has ?? []).every((bit) => keyUsage.has(bit)) && !(not ?? []).some((bit) => keyUsage.has(bit));
  }
  if ('extPresent' in criteria) return facts.extensions.includes(criteria.extPresent);
  if ('policy' in criteria) return facts.policies.includes(criteria.policy);
  if ('eku' in criteria) return facts.eku.includes(criteria.eku);
  if (!('dn' in criteria)) return false;
  const type = attributeTypeOid(criteria.dn.type);
  const { value } = criteria.dn;
  return facts.subject.some((attribute) => attribute.type === type && (value === undefined || attribute.value === value));
}
