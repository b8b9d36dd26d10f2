import { contextPrimitive, decodeOid, DerReader, Tag } from '@hefu/pki';

/** anyPolicy (RFC 5280 §4.2.1.4). */
export const anyPolicy = '2.5.29.32.0';

/** One PolicyInformation. */
export interface StatedPolicy {
  readonly policy: string;
  /** DER of the SEQUENCE OF PolicyQualifierInfo, as found. */
  readonly qualifiers: Uint8Array | undefined;
}

export interface PolicyMapping {
  readonly issuerDomainPolicy: string;
  readonly subjectDomainPolicy: string;
}

/** SkipCerts: certificates that may still follow. Numbers beyond any path length count as {@link MANY}. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
}

const MANY = 0x7fffffff;

/** certificatePolicies (RFC 5280 §4.2.1.4). @throws PkiError */
export function decodePolicies(value: Uint8Array): readonly StatedPolicy[] {
  const outer = sequenceIn(value, 'CertificatePolicies');
  const policies: StatedPolicy[] = [];
  while (!outer.done) {
    const inner = outer.expect(Tag.SEQUENCE, 'PolicyInformation').enter();
    const policy = decodeOid(inner.expect(Tag.OID, 'policyIdentifier').content());
    const qualifiers = inner.optional(Tag.SEQUENCE) ? inner.tlv() : undefined;
    inner.finish('PolicyInformation');
    policies.push({ policy, qualifiers });
  }
  return policies;
}

/**
 * policyMappings (RFC 5280 §4.2.1.5).
 * @returns undefined when there is none in it
 * @throws PkiError
 */
export function decodePolicyMappings(value: Uint8Array): readonly PolicyMapping[] | undefined {
  const outer = sequenceIn(value, 'PolicyMappings');
  const mappings: PolicyMapping[] = [];
  while (!outer.done) {
    const inner = outer.expect(Tag.SEQUENCE, 'PolicyMapping').enter();
    const issuerDomainPolicy = decodeOid(inner.expect(Tag.OID, 'issuerDomainPolicy').content());
    const subjectDomainPolicy = decodeOid(inner.expect(Tag.OID, 'subjectDomainPolicy').content());
    inner.finish('PolicyMapping');
    mappings.push({ issuerDomainPolicy, subjectDomainPolicy });
  }
  return mappings.length === 0 ? undefined : mappings;
}

/**
 * policyConstraints (RFC 5280 §4.2.1.11).
 * @returns undefined when it is empty, which is forbidden, or a number is not one
 * @throws PkiError
 */
export function decodePolicyConstraints(value: Uint8Array): PolicyConstraints | undefined {
  const fields = sequenceIn(value, 'PolicyConstraints');
  if (fields.done) return undefined;
  let requireExplicitPolicy: number | undefined;
  let inhibitPolicyMapping: number | undefined;
  if (fields.optional(contextPrimitive(0)) && (requireExplicitPolicy = skipCerts(fields.content())) === undefined) return undefined;
  if (fields.optional(contextPrimitive(1)) && (inhibitPolicyMapping = skipCerts(fields.content())) === undefined) return undefined;
  fields.finish('PolicyConstraints');
  return { requireExplicitPolicy, inhibitPolicyMapping };
}

/**
 * inhibitAnyPolicy (RFC 5280 §4.2.1.14).
 * @returns undefined when the number is not one
 * @throws PkiError
 */
export function decodeInhibitAnyPolicy(value: Uint8Array): number | undefined {
  const reader = new DerReader(value);
  const content = reader.expect(Tag.INTEGER, 'InhibitAnyPolicy').content();
  reader.finish('InhibitAnyPolicy');
  return skipCerts(content);
}

/** One PolicyQualifierInfo (RFC 5280 §4.2.1.4). */
export interface PolicyQualifier {
  readonly id: string;
  /** DER of the qualifier; for id-qt-cps an IA5String, for id-qt-unotice a UserNotice. */
  readonly value: Uint8Array;
}

/** @throws PkiError */
export function decodeQualifiers(value: Uint8Array): readonly PolicyQualifier[] {
  const outer = sequenceIn(value, 'PolicyQualifiers');
  const qualifiers: PolicyQualifier[] = [];
  while (!outer.done) {
    const inner = outer.expect(Tag.SEQUENCE, 'PolicyQualifierInfo').enter();
    const id = decodeOid(inner.expect(Tag.OID, 'policyQualifierId').content());
    const qualifier = inner.next().tlv();
    inner.finish('PolicyQualifierInfo');
    qualifiers.push({ id, value: qualifier });
  }
  return qualifiers;
}

function sequenceIn(value: Uint8Array, what: string): DerReader {
  const reader = new DerReader(value);
  reader.expect(Tag.SEQUENCE, what);
  reader.finish(what);
  return reader.enter();
}

/** INTEGER (0..MAX), minimal. */
function skipCerts(content: Uint8Array): number | undefined {
  if (content.length === 0 || content[0]! > 0x7f) return undefined;
  if (content.length > 1 && content[0] === 0 && content[1]! < 0x80) return undefined;
  if (content.length > 4) return MANY;
  let value = 0;
  for (const octet of content) value = value * 256 + octet;
  return value;
}
