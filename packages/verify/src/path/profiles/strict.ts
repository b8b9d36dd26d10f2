import {
  id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_certificatePolicies, id_ce_cRLDistributionPoints, id_ce_cRLNumber,
  id_ce_extKeyUsage, id_ce_freshestCRL, id_ce_inhibitAnyPolicy, id_ce_keyUsage,
  id_ce_nameConstraints, id_ce_policyConstraints, id_ce_policyMappings, id_ce_subjectAltName, id_ce_subjectDirectoryAttributes,
  id_ce_subjectKeyIdentifier, id_pe_authorityInfoAccess, id_pe_subjectInfoAccess,
} from '../extension-oids.js';
import type { DeviationRow, PathProfile } from '../profile.js';

/** Encodings that are not DER, or not of the profile: whoever issued them did not follow X.690 or RFC 5280. */
export const DER_ROWS: readonly DeviationRow[] = [
  { id: 'X509_DEFAULT_ENCODED', applies: ['leaf', 'ca'], clause: 'X.690 §11.5' },
  { id: 'X509_BIT_STRING_NOT_MINIMAL', applies: ['leaf', 'ca'], clause: 'X.690 §11.2' },
  { id: 'X509_SERIAL_NOT_MINIMAL', applies: ['leaf', 'ca'], clause: 'X.690 §8.3.2' },
  { id: 'X509_EXTENSIONS_EMPTY', applies: ['leaf', 'ca'], clause: 'RFC 5280 §4.1' },
  { id: 'X509_TIME_FRACTION', applies: ['leaf', 'ca'], clause: 'RFC 5280 §4.1.2.5.2' },
  { id: 'X509_GENERALIZED_TIME_BEFORE_2050', applies: ['leaf', 'ca'], clause: 'RFC 5280 §4.1.2.5' },
  { id: 'X509_EXPLICIT_CURVE_PARAMETERS', applies: ['leaf', 'ca', 'anchor'], clause: 'RFC 5480 §2.1.1' },
  { id: 'X509_RSA_PARAMETERS_ABSENT', applies: ['leaf', 'ca'], clause: 'RFC 3279 §2.3.1' },
];

/** Serial numbers of conforming CAs. An anchor is believed for its name and key; public roots numbered 0 are in use. */
export const SERIAL_ROWS: readonly DeviationRow[] = [
  { id: 'X509_SERIAL_NEGATIVE', applies: ['leaf', 'ca'], clause: 'RFC 5280 §4.1.2.2' },
  { id: 'X509_SERIAL_ZERO', applies: ['leaf', 'ca'], clause: 'RFC 5280 §4.1.2.2' },
  { id: 'X509_SERIAL_TOO_LONG', applies: ['leaf', 'ca'], clause: 'RFC 5280 §4.1.2.2' },
];

/**
 * RFC 5280 §4 with the duties of issuers held against them: what a conforming CA must do, a certificate must show.
 * The anchor's own certificate is asked too.
 */
export const STRICT: PathProfile = {
  id: 'strict',
  caAsLeaf: 'ca',
  extensions: [
    {
      oid: id_ce_authorityKeyIdentifier, name: 'authorityKeyIdentifier', leaf: 'may', ca: 'may', criticality: 'must-not',
      checks: ['authority-key-id-unless-self-signed'], clause: 'RFC 5280 §4.2.1.1',
    },
    {
      oid: id_ce_subjectKeyIdentifier, name: 'subjectKeyIdentifier', leaf: 'may', ca: 'must', criticality: 'must-not', clause: 'RFC 5280 §4.2.1.2',
    },
    {
      oid: id_ce_keyUsage, name: 'keyUsage', leaf: 'may', ca: 'may', criticality: 'any', checks: ['key-usage-not-empty', 'cert-sign-only-in-ca'],
      clause: 'RFC 5280 §4.2.1.3', reason: '§6.1.4 (n) and §6.3.3 (f) ask for its bits only where it is present',
    },
    { oid: id_ce_certificatePolicies, name: 'certificatePolicies', leaf: 'may', ca: 'may', criticality: 'any', checks: ['policies-once'], clause: 'RFC 5280 §4.2.1.4' },
    { oid: id_ce_policyMappings, name: 'policyMappings', leaf: 'must-not', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.5' },
    {
      oid: id_ce_subjectAltName, name: 'subjectAltName', leaf: 'may', ca: 'may', criticality: 'any', checks: ['names-in-preferred-syntax'],
      clause: 'RFC 5280 §4.2.1.6',
    },
    { oid: id_ce_subjectDirectoryAttributes, name: 'subjectDirectoryAttributes', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.1.8' },
    {
      oid: id_ce_basicConstraints, name: 'basicConstraints', leaf: 'may', ca: 'must', criticality: 'must', leafCriticality: 'any',
      checks: ['path-length-only-in-ca'], clause: 'RFC 5280 §4.2.1.9',
    },
    { oid: id_ce_nameConstraints, name: 'nameConstraints', leaf: 'must-not', ca: 'may', criticality: 'must', clause: 'RFC 5280 §4.2.1.10' },
    { oid: id_ce_policyConstraints, name: 'policyConstraints', leaf: 'must-not', ca: 'may', criticality: 'must', clause: 'RFC 5280 §4.2.1.11' },
    { oid: id_ce_extKeyUsage, name: 'extKeyUsage', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.12' },
    { oid: id_ce_cRLDistributionPoints, name: 'cRLDistributionPoints', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.13' },
    { oid: id_ce_inhibitAnyPolicy, name: 'inhibitAnyPolicy', leaf: 'must-not', ca: 'may', criticality: 'must', clause: 'RFC 5280 §4.2.1.14' },
    { oid: id_ce_freshestCRL, name: 'freshestCRL', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.1.15' },
    { oid: id_pe_authorityInfoAccess, name: 'authorityInfoAccess', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.2.1' },
    { oid: id_pe_subjectInfoAccess, name: 'subjectInfoAccess', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.2.2' },
  ],
  fields: [
    { check: 'issuer-named', applies: ['leaf', 'ca', 'anchor'], clause: 'RFC 5280 §4.1.2.4' },
    { check: 'unique-ids-from-version-2', applies: ['leaf', 'ca'], clause: 'RFC 5280 §4.1.2.8' },
    { check: 'subject-or-critical-names', applies: ['leaf'], clause: 'RFC 5280 §4.1.2.6' },
  ],
  deviations: [...SERIAL_ROWS, ...DER_ROWS],
  crlExtensions: [
    { oid: id_ce_cRLNumber, name: 'cRLNumber', presence: 'must', clause: 'RFC 5280 §5.2.3' },
  ],
  rsa: { minModulusBits: 2048, maxModulusBits: 8192, maxExponentBits: 33 },
};
