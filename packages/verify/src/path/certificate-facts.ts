import type { PublicKey } from '@hefu/crypto';
import { equalBytes, namesEqual, PkiError, type Certificate, type Extension, type Name } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import {
  id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_certificatePolicies, id_ce_cRLDistributionPoints, id_ce_extKeyUsage,
  id_ce_inhibitAnyPolicy, id_ce_keyUsage, id_ce_nameConstraints, id_ce_policyConstraints, id_ce_policyMappings, id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier, id_pe_authorityInfoAccess,
} from './extension-oids.js';
import { decodeNameConstraints, type NameConstraints } from './name-constraints.js';
import { constrainedNames, indexConstraints, type ConstrainedNames, type ConstraintIndex } from './names.js';
import { decodeInhibitAnyPolicy, decodePolicies, decodePolicyConstraints, decodePolicyMappings } from './policy-extensions.js';
import type { PolicyStatement } from './policy-graph.js';
import { runCheck } from './profile-checks.js';
import type { ExtensionRow, PathProfile, Presence, Role } from './profile.js';

/** One thing wrong with a certificate or an edge. */
export interface Fault {
  readonly code: ReasonCode;
  readonly expected?: string | number;
  readonly actual?: string | number;
  readonly extension?: string;
  readonly clause?: string;
}

/** What a certificate says that does not depend on the time or on its neighbours, under one profile. Worked out once. */
export class CertificateFacts {
  readonly certificate: Certificate;
  readonly profile: PathProfile;
  readonly #faults: Record<Role, Fault | null | undefined> = { leaf: undefined, ca: undefined, anchor: undefined };
  #selfIssued: boolean | undefined;
  #selfSigned = false;
  #constraints: ConstraintIndex | null | undefined;
  #names: ConstrainedNames | undefined;
  #policies: PolicyStatement | undefined;

  constructor(certificate: Certificate, profile: PathProfile) {
    this.certificate = certificate;
    this.profile = profile;
  }

  /** Why it cannot stand in this place of any path. The other members are readable where this found nothing. */
  fault(role: Role): Fault | undefined {
    let fault = this.#faults[role];
    if (fault === undefined) this.#faults[role] = fault = certificateFault(this, role) ?? null;
    return fault ?? undefined;
  }

  /** RFC 5280 §3.2: subject and issuer are the same. */
  get selfIssued(): boolean {
    return (this.#selfIssued ??= sameName(this.certificate.subject, this.certificate.issuer));
  }

  /** Taken for self-signed: by its names, or because its own key was seen to verify it. */
  get selfSigned(): boolean {
    return this.#selfSigned || this.selfIssued;
  }

  /** A rule of the profile turns on whether its own key signed it, which its names do not say. */
  get selfSignatureMatters(): boolean {
    return !this.selfSigned && this.certificate.extension(id_ce_authorityKeyIdentifier) === undefined && this.profile.extensions.some(({ checks }) => checks?.includes('authority-key-id-unless-self-signed'));
  }

  noteSelfSigned(): void {
    this.#selfSigned = true;
    this.#faults.anchor = undefined;
  }

  get pathLength(): number | undefined {
    return this.certificate.extBasicConstraints?.pathLength;
  }

  get nameConstraints(): ConstraintIndex | undefined {
    if (this.#constraints === undefined) {
      const extension = this.certificate.extension(id_ce_nameConstraints);
      const decoded = extension === undefined ? undefined : decodeNameConstraints(extension.value);
      this.#constraints = decoded === undefined ? null : indexConstraints(decoded);
    }
    return this.#constraints ?? undefined;
  }

  /** The names that constraints above apply to. */
  get names(): ConstrainedNames {
    return (this.#names ??= constrainedNames(this.certificate));
  }

  get policies(): PolicyStatement {
    return (this.#policies ??= policyStatement(this.certificate, this.selfIssued));
  }
}

/** RFC 5280 §7.1; a name that cannot be read equals nothing. */
export function sameName(a: Name, b: Name): boolean {
  try {
    return namesEqual(a, b);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

function policyStatement(certificate: Certificate, selfIssued: boolean): PolicyStatement {
  const read = <T>(oid: string, decode: (value: Uint8Array) => T): T | undefined => {
    const extension = certificate.extension(oid);
    return extension === undefined ? undefined : decode(extension.value);
  };
  return {
    selfIssued,
    policies: read(id_ce_certificatePolicies, decodePolicies),
    mappings: read(id_ce_policyMappings, decodePolicyMappings),
    constraints: read(id_ce_policyConstraints, decodePolicyConstraints),
    inhibitAnyPolicy: read(id_ce_inhibitAnyPolicy, decodeInhibitAnyPolicy),
  };
}

/** Answers undefined, or throws PkiError, for a value that is not of its form. */
type Decoder = (certificate: Certificate, extension: Extension) => unknown;

/** Extensions that are decoded whoever asks: one that cannot be read makes the certificate malformed. */
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  [id_ce_authorityKeyIdentifier, (certificate) => certificate.extAuthorityKeyIdentifier],
  [id_ce_subjectKeyIdentifier, (certificate) => certificate.extSubjectKeyIdentifier],
  [id_ce_keyUsage, (certificate) => certificate.extKeyUsage],
  [id_ce_certificatePolicies, (certificate) => certificate.extCertificatePolicies],
  [id_ce_subjectAltName, (certificate) => certificate.extSubjectAltName],
  [id_ce_basicConstraints, (certificate) => certificate.extBasicConstraints],
  [id_ce_extKeyUsage, (certificate) => certificate.extExtendedKeyUsage],
  [id_ce_cRLDistributionPoints, (certificate) => certificate.extCrlDistributionPoints],
  [id_pe_authorityInfoAccess, (certificate) => certificate.extAuthorityInfoAccess],
  [id_ce_nameConstraints, (_certificate, { value }): NameConstraints | undefined => decodeNameConstraints(value)],
  [id_ce_policyMappings, (_certificate, { value }) => decodePolicyMappings(value)],
  [id_ce_policyConstraints, (_certificate, { value }) => decodePolicyConstraints(value)],
  [id_ce_inhibitAnyPolicy, (_certificate, { value }) => decodeInhibitAnyPolicy(value)],
]);

/** Everything about one certificate by itself: RFC 5280 §4, and the parts of §6.1.4 that need no neighbour. */
function certificateFault(facts: CertificateFacts, role: Role): Fault | undefined {
  const { certificate, profile } = facts;
  try {
    return (
      syntaxFault(certificate, role) ??
      keyFaultOf(certificate, profile) ??
      (role === 'leaf' ? undefined : issuerFault(certificate, role)) ??
      extensionFault(certificate, role, profile) ??
      profileFault(facts, role)
    );
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { code: 'CERTIFICATE_MALFORMED', actual: error.code, clause: 'RFC 5280 §4.1' };
  }
}

function syntaxFault(certificate: Certificate, role: Role): Fault | undefined {
  // An anchor is believed for its name and key: nobody looks at its signature (RFC 5280 §6.1.1 (d)).
  if (role !== 'anchor') {
    const { signatureAlgorithm: outer, tbsSignatureAlgorithm: inner } = certificate;
    if (!equalBytes(outer.bytes, inner.bytes)) return { code: 'ALGORITHM_MISMATCH', expected: inner.oid, actual: outer.oid, clause: 'RFC 5280 §4.1.1.2' };
    const { notBefore, notAfter } = certificate.validity;
    if (notBefore > notAfter) return { code: 'VALIDITY_INVERTED', expected: iso(notBefore), actual: iso(notAfter), clause: 'RFC 5280 §4.1.2.5' };
  }
  if (certificate.version !== 3 && certificate.extensions.length > 0) {
    return { code: 'CERTIFICATE_VERSION', expected: 3, actual: certificate.version, clause: 'RFC 5280 §4.1.2.9' };
  }
  const [duplicate] = certificate.duplicateExtensions;
  if (duplicate !== undefined) return { code: 'DUPLICATE_EXTENSION', extension: duplicate, clause: 'RFC 5280 §4.2' };
  for (const extension of certificate.extensions) {
    const { oid } = extension;
    const decode = DECODERS.get(oid);
    if (decode === undefined) continue;
    try {
      if (decode(certificate, extension) === undefined) return { code: 'CERTIFICATE_MALFORMED', extension: oid, clause: 'RFC 5280 §4.2.1' };
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      return { code: 'CERTIFICATE_MALFORMED', actual: error.code, extension: oid, clause: 'RFC 5280 §4.2' };
    }
  }
  return undefined;
}

function keyFaultOf(certificate: Certificate, profile: PathProfile): Fault | undefined {
  let key: PublicKey;
  try {
    key = certificate.spki.key;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { code: 'KEY_INVALID', actual: error.code, clause: 'RFC 5280 §4.1.2.7' };
  }
  return keyFault(key, profile);
}

/** Keys of a kind that the profile does not take, and RSA keys outside its bounds: before any arithmetic is done with them. */
export function keyFault(key: PublicKey, { rsa, keys }: PathProfile): Fault | undefined {
  if (keys !== undefined) {
    const kind = key.kty === 'RSA' ? 'RSA' : key.crv;
    if (!keys.includes(kind)) return { code: 'ALGORITHM_REFUSED', expected: keys.join(', '), actual: kind, clause: 'RFC 5280 §4.1.2.7' };
  }
  if (key.kty !== 'RSA') return undefined;
  const bits = bitLength(key.n);
  if (bits < rsa.minModulusBits) return { code: 'KEY_TOO_WEAK', expected: rsa.minModulusBits, actual: bits, clause: 'RFC 8017 §3.1' };
  if (bits > rsa.maxModulusBits) return { code: 'KEY_INVALID', expected: rsa.maxModulusBits, actual: bits, clause: 'RFC 8017 §3.1' };
  if (rsa.modulusBitsMultipleOf !== undefined && bits % rsa.modulusBitsMultipleOf !== 0) {
    return { code: 'KEY_INVALID', expected: `a multiple of ${rsa.modulusBitsMultipleOf} bits`, actual: bits, clause: 'BR §6.1.5' };
  }
  const exponentBits = bitLength(key.e);
  if (exponentBits > rsa.maxExponentBits) return { code: 'KEY_INVALID', expected: rsa.maxExponentBits, actual: exponentBits, clause: 'RFC 8017 §3.1' };
  // n is a product of odd primes; e is odd and at least 3.
  if (exponentBits < 2 || !isOdd(key.e) || !isOdd(key.n)) return { code: 'KEY_INVALID', actual: 'RSA modulus or exponent', clause: 'RFC 8017 §3.1' };
  return undefined;
}

function isOdd(value: Uint8Array): boolean {
  return (value[value.length - 1]! & 1) === 1;
}

function bitLength(value: Uint8Array): number {
  return value.length === 0 ? 0 : 8 * value.length - (Math.clz32(value[0]!) - 24);
}

/** RFC 5280 §6.1.4 (k) and (n). */
function issuerFault(certificate: Certificate, role: Role): Fault | undefined {
  if (certificate.subject.bytes.length === 2) return { code: 'CERTIFICATE_MALFORMED', actual: 'a CA without a name', clause: 'RFC 5280 §4.1.2.6' };
  // A version 1 certificate can say nothing about being a CA; as an anchor it need not.
  if (role === 'anchor' && certificate.version !== 3) return undefined;
  if (certificate.version !== 3 || certificate.extBasicConstraints?.ca !== true) {
    return { code: 'ISSUER_NOT_CA', extension: id_ce_basicConstraints, clause: 'RFC 5280 §6.1.4 (k)' };
  }
  const usage = certificate.extKeyUsage;
  if (usage !== undefined && !usage.has('keyCertSign')) return { code: 'KEY_CERT_SIGN_MISSING', extension: id_ce_keyUsage, clause: 'RFC 5280 §6.1.4 (n)' };
  return undefined;
}

const ROWS: WeakMap<PathProfile, ReadonlyMap<string, ExtensionRow>> = /* @__PURE__ */ new WeakMap();

/** The rows of a profile by OID, the first of each, worked out once. */
function rowsOf(profile: PathProfile): ReadonlyMap<string, ExtensionRow> {
  let rows = ROWS.get(profile);
  if (rows === undefined) ROWS.set(profile, (rows = new Map(profile.extensions.map((row) => [row.oid, row] as const).reverse())));
  return rows;
}

function presenceIn({ leaf, ca, anchor = ca }: ExtensionRow, role: Role): Presence {
  return role === 'leaf' ? leaf : role === 'anchor' ? anchor : ca;
}

/** RFC 5280 §6.1.4 (o), §6.1.5 (f), and what the profile's rows say of presence and criticality. */
function extensionFault(certificate: Certificate, role: Role, profile: PathProfile): Fault | undefined {
  const rows = rowsOf(profile);
  // Duties of CA certificates fall on one at the end of a path as well, where the profile says so.
  const column = role === 'leaf' && profile.caAsLeaf === 'ca' && certificate.extBasicConstraints?.ca === true ? 'ca' : role;
  for (const { oid, critical } of certificate.extensions) {
    const row = rows.get(oid);
    if (row === undefined) {
      if (critical) return { code: 'UNKNOWN_CRITICAL_EXTENSION', extension: oid, clause: 'RFC 5280 §4.2' };
      continue;
    }
    if (presenceIn(row, column) === 'must-not') return deviation(oid, 'absent', 'present', row.clause);
    const criticality = column === 'leaf' ? row.leafCriticality ?? row.criticality : row.criticality;
    if (critical && criticality === 'must-not') return deviation(oid, 'not critical', 'critical', row.clause);
    if (!critical && criticality === 'must') return deviation(oid, 'critical', 'not critical', row.clause);
  }
  if (role === 'anchor' && certificate.version !== 3) return undefined;
  for (const row of profile.extensions) if (presenceIn(row, column) === 'must' && certificate.extension(row.oid) === undefined) return deviation(row.oid, 'present', 'absent', row.clause);
  return undefined;
}

/** The profile's other rows: rules about values, fields, encodings and algorithms. */
function profileFault(facts: CertificateFacts, role: Role): Fault | undefined {
  const { certificate, profile } = facts;
  for (const { checks, clause } of role === 'anchor' && certificate.version !== 3 ? [] : profile.extensions) {
    if (checks === undefined) continue;
    for (const id of checks) {
      const finding = runCheck(id, certificate, role, facts.selfSigned);
      if (finding !== undefined) return { code: 'CERTIFICATE_DEVIATION_REFUSED', ...finding, clause };
    }
  }
  for (const { check, applies, clause } of profile.fields ?? []) {
    const finding = applies.includes(role) ? runCheck(check, certificate, role, facts.selfSigned) : undefined;
    if (finding !== undefined) return { code: check === 'version-3' ? 'CERTIFICATE_VERSION' : 'CERTIFICATE_DEVIATION_REFUSED', ...finding, clause };
  }
  if (role !== 'anchor' && profile.signatureAlgorithms?.includes(certificate.signatureAlgorithm.oid) === false) {
    return { code: 'ALGORITHM_REFUSED', actual: certificate.signatureAlgorithm.oid, clause: 'RFC 5280 §4.1.1.2' };
  }
  const { deviations = [] } = profile;
  if (deviations.length > 0) {
    for (const { id, where } of certificate.deviations) {
      const row = deviations.find((candidate) => candidate.id === id);
      if (row?.applies.includes(role) === true) return { code: 'CERTIFICATE_DEVIATION_REFUSED', actual: `${id} at ${where}`, clause: row.clause };
    }
  }
  return undefined;
}

function deviation(extension: string, expected: string, actual: string, clause: string): Fault {
  return { code: 'CERTIFICATE_DEVIATION_REFUSED', expected, actual, extension, clause };
}

/**
 * RFC 5280 §6.1.3 (a)(2): both ends belong to the period. The format counts seconds, so the last second lasts
 * until the next one begins; a notAfter with a fraction says its end exactly.
 */
export function validityFault({ validity: { notBefore, notAfter } }: Certificate, at: number): Fault | undefined {
  if (at < notBefore) return { code: 'CERTIFICATE_NOT_YET_VALID', expected: iso(notBefore), actual: iso(at), clause: 'RFC 5280 §6.1.3 (a)(2)' };
  // The remainder last: of numbers this large it is a call out of the compiled code.
  const expired = at > notAfter && (at >= notAfter + 1000 || notAfter % 1000 !== 0);
  if (expired) return { code: 'CERTIFICATE_EXPIRED', expected: iso(notAfter), actual: iso(at), clause: 'RFC 5280 §6.1.3 (a)(2)' };
  return undefined;
}

function iso(time: number): string {
  return Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}
