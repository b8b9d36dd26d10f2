import type { PublicKey } from '@hefu/crypto';
import { equalBytes, namesEqual, PkiError, type Certificate, type Name } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { Spending } from './budget.js';
import {
  id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_certificatePolicies, id_ce_cRLDistributionPoints, id_ce_extKeyUsage,
  id_ce_inhibitAnyPolicy, id_ce_keyUsage, id_ce_nameConstraints, id_ce_policyConstraints, id_ce_policyMappings, id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier, id_pe_authorityInfoAccess,
} from './extension-oids.js';
import { decodeNameConstraints, type NameConstraints } from './name-constraints.js';
import { checkNames, constrainedNames } from './names.js';
import type { PathProfile } from './profile.js';

/** One thing wrong with a certificate or an edge. */
export interface Fault {
  readonly code: ReasonCode;
  readonly expected?: string | number;
  readonly actual?: string | number;
  readonly extension?: string;
  readonly clause?: string;
}

/** The last certificate of a path, one that issues, or the anchor's own. */
export type Role = 'leaf' | 'ca' | 'anchor';

/** What a certificate says that does not depend on the time or on its neighbours, under one profile. Worked out once. */
export class CertificateFacts {
  readonly certificate: Certificate;
  readonly profile: PathProfile;
  #faults: Partial<Record<Role, Fault | null>> = {};
  #selfIssued: boolean | undefined;
  #constraints: NameConstraints | null | undefined;

  constructor(certificate: Certificate, profile: PathProfile) {
    this.certificate = certificate;
    this.profile = profile;
  }

  /** Why it cannot stand in this place of any path. */
  fault(role: Role): Fault | undefined {
    let fault = this.#faults[role];
    if (fault === undefined) this.#faults[role] = fault = certificateFault(this.certificate, role, this.profile) ?? null;
    return fault ?? undefined;
  }

  /** RFC 5280 §3.2: subject and issuer are the same. */
  get selfIssued(): boolean {
    return (this.#selfIssued ??= sameName(this.certificate.subject, this.certificate.issuer));
  }

  get pathLength(): number | undefined {
    return this.certificate.extBasicConstraints?.pathLength;
  }

  /** Readable wherever `fault('ca')` or `fault('anchor')` found nothing. */
  get nameConstraints(): NameConstraints | undefined {
    if (this.#constraints === undefined) {
      const extension = this.certificate.extension(id_ce_nameConstraints);
      this.#constraints = extension === undefined ? null : decodeNameConstraints(extension.value) ?? null;
    }
    return this.#constraints ?? undefined;
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

type Decoder = (certificate: Certificate) => unknown;

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
]);

/** Everything about one certificate by itself: RFC 5280 §4, and the parts of §6.1.4 that need no neighbour. */
function certificateFault(certificate: Certificate, role: Role, profile: PathProfile): Fault | undefined {
  try {
    return (
      syntaxFault(certificate, role) ??
      keyFaultOf(certificate, profile) ??
      (role === 'leaf' ? undefined : issuerFault(certificate, role)) ??
      policyFault(certificate) ??
      extensionFault(certificate, role, profile)
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
    try {
      DECODERS.get(oid)?.(certificate);
      if (oid === id_ce_nameConstraints && decodeNameConstraints(extension.value) === undefined) {
        return { code: 'CERTIFICATE_MALFORMED', extension: oid, clause: 'RFC 5280 §4.2.1.10' };
      }
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

/** RSA keys outside the profile's bounds, before any arithmetic is done with them. */
export function keyFault(key: PublicKey, { rsa }: PathProfile): Fault | undefined {
  if (key.kty !== 'RSA') return undefined;
  const bits = bitLength(key.n);
  if (bits < rsa.minModulusBits) return { code: 'KEY_TOO_WEAK', expected: rsa.minModulusBits, actual: bits, clause: 'RFC 8017 §3.1' };
  if (bits > rsa.maxModulusBits) return { code: 'KEY_INVALID', expected: rsa.maxModulusBits, actual: bits, clause: 'RFC 8017 §3.1' };
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

/** An RDNSequence without RDNs: 30 00, which DER writes in no other way. Looking does not decode the name. */
function isEmpty(name: Name): boolean {
  return name.bytes.length === 2;
}

/** RFC 5280 §6.1.4 (k) and (n). */
function issuerFault(certificate: Certificate, role: Role): Fault | undefined {
  if (isEmpty(certificate.subject)) return { code: 'CERTIFICATE_MALFORMED', actual: 'a CA without a name', clause: 'RFC 5280 §4.1.2.6' };
  // A version 1 certificate can say nothing about being a CA; as an anchor it need not.
  if (role === 'anchor' && certificate.version !== 3) return undefined;
  if (certificate.version !== 3 || certificate.extBasicConstraints?.ca !== true) {
    return { code: 'ISSUER_NOT_CA', extension: id_ce_basicConstraints, clause: 'RFC 5280 §6.1.4 (k)' };
  }
  const usage = certificate.extKeyUsage;
  if (usage !== undefined && !usage.has('keyCertSign')) return { code: 'KEY_CERT_SIGN_MISSING', extension: id_ce_keyUsage, clause: 'RFC 5280 §6.1.4 (n)' };
  return undefined;
}

/**
 * The policy tree is not built. It could only fail a path that something requires to have an explicit policy,
 * and here that is policyConstraints alone: it is refused wherever it appears. Without it the two other
 * extensions decide nothing, and are refused when their issuer insists on them.
 */
function policyFault(certificate: Certificate): Fault | undefined {
  for (const { oid, critical } of certificate.extensions) {
    const insists = oid === id_ce_policyConstraints || (critical && (oid === id_ce_policyMappings || oid === id_ce_inhibitAnyPolicy));
    if (insists) return { code: 'POLICY_CONSTRAINTS_VIOLATED', actual: 'unsupported', extension: oid, clause: 'RFC 5280 §6.1.5 (g)' };
  }
  return undefined;
}

/** RFC 5280 §6.1.4 (o), §6.1.5 (f), and the profile's rows. */
function extensionFault(certificate: Certificate, role: Role, profile: PathProfile): Fault | undefined {
  for (const { oid, critical } of certificate.extensions) {
    const row = profile.extensions.find((candidate) => candidate.oid === oid);
    if (row === undefined) {
      if (critical) return { code: 'UNKNOWN_CRITICAL_EXTENSION', extension: oid, clause: 'RFC 5280 §4.2' };
      continue;
    }
    const presence = role === 'leaf' ? row.leaf : row.ca;
    if (presence === 'must-not') return deviation(oid, 'absent', 'present', row.clause);
    if (critical && row.criticality === 'must-not') return deviation(oid, 'not critical', 'critical', row.clause);
    if (!critical && row.criticality === 'must') return deviation(oid, 'critical', 'not critical', row.clause);
  }
  if (role === 'anchor' && certificate.version !== 3) return undefined;
  for (const row of profile.extensions) {
    const presence = role === 'leaf' ? row.leaf : row.ca;
    if (presence === 'must' && certificate.extension(row.oid) === undefined) return deviation(row.oid, 'present', 'absent', row.clause);
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
  const expired = notAfter % 1000 === 0 ? at >= notAfter + 1000 : at > notAfter;
  if (expired) return { code: 'CERTIFICATE_EXPIRED', expected: iso(notAfter), actual: iso(at), clause: 'RFC 5280 §6.1.3 (a)(2)' };
  return undefined;
}

function iso(time: number): string {
  return Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}

/** A path whose names and signatures are known to hold, and the anchor above it. */
export interface CheckedPath {
  /** Leaf first, without the anchor's own certificate. */
  readonly facts: readonly CertificateFacts[];
  readonly anchor: CertificateFacts | undefined;
  /** Most intermediates below the anchor. */
  readonly anchorPathLength: number | undefined;
  readonly at: number;
  readonly enforceAnchorValidity: boolean;
  readonly maxNameComparisons: number;
}

/**
 * RFC 5280 §6.1.2 to §6.1.5 over a whole path, from the anchor down: everything but names and signatures, which
 * building it has established, and revocation, which comes after.
 * @returns the first fault, with the index of its certificate (the anchor's own comes after the last)
 */
export function checkPath(path: CheckedPath, spending: Spending): { readonly fault: Fault; readonly index: number } | undefined {
  const { facts, anchor, at } = path;
  const above: NameConstraints[] = [];
  let maxPathLength = path.anchorPathLength ?? Number.POSITIVE_INFINITY;
  if (anchor !== undefined) {
    const fault = anchor.fault('anchor') ?? (path.enforceAnchorValidity ? validityFault(anchor.certificate, at) : undefined);
    if (fault !== undefined) return { fault, index: facts.length };
    maxPathLength = Math.min(maxPathLength, anchor.pathLength ?? Number.POSITIVE_INFINITY);
    if (anchor.nameConstraints !== undefined) above.push(anchor.nameConstraints);
  }
  for (let index = facts.length - 1; index >= 0; index--) {
    const fact = facts[index]!;
    const fault = fact.fault(index === 0 ? 'leaf' : 'ca') ?? validityFault(fact.certificate, at) ?? namesFault(fact, index, above, path, spending);
    if (fault !== undefined) return { fault, index };
    if (index === 0) break;
    // §6.1.4 (l) and (m); comparing names is dear, and a length without a limit cannot be exceeded.
    if (maxPathLength !== Number.POSITIVE_INFINITY && !fact.selfIssued) {
      if (maxPathLength <= 0) return { fault: { code: 'PATH_LENGTH_EXCEEDED', extension: id_ce_basicConstraints, clause: 'RFC 5280 §6.1.4 (l)' }, index };
      maxPathLength--;
    }
    maxPathLength = Math.min(maxPathLength, fact.pathLength ?? Number.POSITIVE_INFINITY);
    if (fact.nameConstraints !== undefined) above.push(fact.nameConstraints);
  }
  return undefined;
}

function namesFault(fact: CertificateFacts, index: number, above: readonly NameConstraints[], path: CheckedPath, spending: Spending): Fault | undefined {
  // §6.1.3 (b): self-issued certificates are exempt, except the last.
  if (above.length === 0 || (index > 0 && fact.selfIssued)) return undefined;
  const names = constrainedNames(fact.certificate);
  for (const constraints of above) {
    const refusal = checkNames(names, constraints, spending, path.maxNameComparisons);
    if (refusal !== undefined) return { ...refusal, extension: id_ce_nameConstraints, clause: 'RFC 5280 §6.1.3 (b)' };
  }
  return undefined;
}
