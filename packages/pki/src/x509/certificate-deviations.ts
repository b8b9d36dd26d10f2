import { isMinimalInteger, isMinimalNamedBits } from '../asn1/primitive.js';
import { equalBytes, hexOf } from '../asn1/bytes.js';
import { contentStart } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import type { Certificate, Deviation, Extension, GeneralName } from '../model.js';
import type { CertificateLayout } from './certificate-layout.js';
import { Findings, findAlgorithmDeviations, findExtensionDeviations, findTimeDeviations } from './deviation-findings.js';
import { findNameDeviations, findMixedStringTypes } from './name-deviations.js';
import {
  id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_certificatePolicies, id_ce_cRLDistributionPoints, id_ce_extKeyUsage,
  id_ce_keyUsage, id_ce_subjectAltName, id_ce_subjectKeyIdentifier, id_pe_authorityInfoAccess, rsaEncryption,
} from './oids.js';

/** Walks a whole certificate and lists what it tolerated, in the order of the structure. Never throws: what cannot be decoded is a finding. */
export function findCertificateDeviations(certificate: Certificate, at: CertificateLayout): readonly Deviation[] {
  const findings = new Findings();
  const { bytes } = certificate;
  if (at.version === 1 && bytes[contentStart(bytes, at.tbs)] === 0xa0) findings.add('X509_DEFAULT_ENCODED', 'tbsCertificate.version');
  findSerialDeviations(findings, certificate.serialNumber);
  findAlgorithmDeviations(findings, certificate, 'tbsCertificate');
  findNameDeviations(findings, certificate.issuer, 'tbsCertificate.issuer');
  const notBefore = contentStart(bytes, at.validity);
  const notAfter = notBefore + 2 + bytes[notBefore + 1]!;
  findTimeDeviations(findings, bytes, notBefore, 'tbsCertificate.validity.notBefore');
  findTimeDeviations(findings, bytes, notAfter, 'tbsCertificate.validity.notAfter');
  if (at.notBefore > at.notAfter) findings.add('X509_VALIDITY_INVERTED', 'tbsCertificate.validity');
  findNameDeviations(findings, certificate.subject, 'tbsCertificate.subject');
  findMixedStringTypes(findings, certificate.issuer, certificate.subject);
  findKeyDeviations(findings, certificate);
  if (at.uniqueIds) findings.add('X509_UNIQUE_IDENTIFIER', 'tbsCertificate');
  if (at.extensions.end !== 0) {
    if (at.version < 3) findings.add('X509_EXTENSIONS_IN_OLD_VERSION', 'tbsCertificate.version', `v${at.version}`);
    findExtensionDeviations(findings, bytes, at.extensions.start, at.extensions.end, certificate.duplicateExtensions, 'tbsCertificate.extensions');
  }
  for (const extension of certificate.extensions) findValueDeviations(findings, certificate, extension);
  findMissing(findings, certificate);
  return findings.list;
}

function findSerialDeviations(findings: Findings, serial: Uint8Array): void {
  const where = 'tbsCertificate.serialNumber';
  if (!isMinimalInteger(serial)) findings.add('X509_SERIAL_NOT_MINIMAL', where);
  if (serial[0]! > 0x7f) findings.add('X509_SERIAL_NEGATIVE', where);
  if (serial.every((octet) => octet === 0)) findings.add('X509_SERIAL_ZERO', where);
  // "Up to 20 octets" counts content octets, a sign octet among them.
  if (serial.length > 20) findings.add('X509_SERIAL_TOO_LONG', where, `${serial.length} octets`);
}

function findKeyDeviations(findings: Findings, certificate: Certificate): void {
  const where = 'tbsCertificate.subjectPublicKeyInfo';
  const { algorithm } = certificate.spki;
  if (algorithm.oid === rsaEncryption && algorithm.parameters === undefined) findings.add('X509_RSA_PARAMETERS_ABSENT', where);
  try {
    if (certificate.spki.key.kty === 'EC' && algorithm.parameters![0] === Tag.SEQUENCE) findings.add('X509_EXPLICIT_CURVE_PARAMETERS', where, certificate.spki.key.crv);
  } catch (error) {
    findings.add('X509_KEY_UNREADABLE', where, messageOf(error));
  }
}

/** The decoded getter of each known extension: reading it proves it decodes. */
const GETTERS: ReadonlyMap<string, (certificate: Certificate) => unknown> = new Map<string, (certificate: Certificate) => unknown>([
  [id_ce_subjectKeyIdentifier, (c) => c.extSubjectKeyIdentifier],
  [id_ce_keyUsage, (c) => c.extKeyUsage],
  [id_ce_subjectAltName, (c) => c.extSubjectAltName],
  [id_ce_basicConstraints, (c) => c.extBasicConstraints],
  [id_ce_cRLDistributionPoints, (c) => c.extCrlDistributionPoints],
  [id_ce_certificatePolicies, (c) => c.extCertificatePolicies],
  [id_ce_authorityKeyIdentifier, (c) => c.extAuthorityKeyIdentifier],
  [id_ce_extKeyUsage, (c) => c.extExtendedKeyUsage],
  [id_pe_authorityInfoAccess, (c) => c.extAuthorityInfoAccess],
]);

function findValueDeviations(findings: Findings, certificate: Certificate, extension: Extension): void {
  const getter = GETTERS.get(extension.oid);
  // Getters speak of the first extension of an OID only.
  if (getter === undefined || certificate.extension(extension.oid) !== extension) return;
  const where = `tbsCertificate.extensions[${extension.oid}]`;
  try {
    getter(certificate);
  } catch (error) {
    findings.add('X509_EXTENSION_MALFORMED', where, messageOf(error));
    return;
  }
  switch (extension.oid) {
    case id_ce_keyUsage:
      if (!extension.critical) findings.add('X509_KEY_USAGE_NOT_CRITICAL', where);
      if (!isMinimalNamedBits(extension.value.subarray(2))) findings.add('X509_BIT_STRING_NOT_MINIMAL', where, hexOf(extension.value));
      if (certificate.extKeyUsage!.size === 0) findings.add('X509_KEY_USAGE_EMPTY', where);
      break;
    case id_ce_basicConstraints:
      if (certificate.extBasicConstraints!.ca && !extension.critical) findings.add('X509_BASIC_CONSTRAINTS_NOT_CRITICAL', where);
      if (!certificate.extBasicConstraints!.ca && extension.value[2] === Tag.BOOLEAN) findings.add('X509_DEFAULT_ENCODED', `${where}.cA`);
      break;
    case id_ce_authorityKeyIdentifier:
      if (extension.critical) findings.add('X509_AUTHORITY_KEY_IDENTIFIER_CRITICAL', where);
      break;
    case id_ce_subjectKeyIdentifier:
      if (extension.critical) findings.add('X509_SUBJECT_KEY_IDENTIFIER_CRITICAL', where);
      break;
    case id_ce_subjectAltName:
      findCharacterDeviations(findings, certificate.extSubjectAltName!, where);
      break;
    case id_ce_cRLDistributionPoints:
      certificate.extCrlDistributionPoints!.forEach((point, i) => {
        const names = point.fullName;
        if (names.length > 0 && names.every((name) => name.kind === 'directoryName')) findings.add('X509_CRL_LOCATION_DIRECTORY_NAME_ONLY', `${where}[${i}]`);
        findCharacterDeviations(findings, names, `${where}[${i}]`);
      });
      break;
    case id_pe_authorityInfoAccess:
      certificate.extAuthorityInfoAccess!.forEach(({ location }, i) => {
        if (location.kind === 'uniformResourceIdentifier' && !/^(?:https?|ldaps?):/i.test(location.value)) {
          findings.add('X509_ACCESS_LOCATION_SCHEME', `${where}[${i}]`, location.value.slice(0, 16).split(':')[0]!);
        }
        findCharacterDeviations(findings, [location], `${where}[${i}]`);
      });
      break;
  }
}

function findCharacterDeviations(findings: Findings, names: readonly GeneralName[], where: string): void {
  if (names.some((name) => typeof (name as { value?: unknown }).value === 'string' && !/^[\x20-\x7e]*$/.test((name as { value: string }).value))) {
    findings.add('X509_GENERAL_NAME_CHARACTERS', where);
  }
}

function findMissing(findings: Findings, certificate: Certificate): void {
  const where = 'tbsCertificate.extensions';
  if (certificate.extension(id_ce_basicConstraints) === undefined) findings.add('X509_BASIC_CONSTRAINTS_MISSING', where);
  if (certificate.extension(id_ce_authorityKeyIdentifier) === undefined && !equalBytes(certificate.issuer.bytes, certificate.subject.bytes)) {
    findings.add('X509_AUTHORITY_KEY_IDENTIFIER_MISSING', where);
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof PkiError)) throw error;
  return error.code;
}

