import {
  id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_certificatePolicies, id_ce_cRLDistributionPoints, id_ce_extKeyUsage,
  id_ce_freshestCRL, id_ce_inhibitAnyPolicy, id_ce_keyUsage, id_ce_nameConstraints, id_ce_policyConstraints, id_ce_policyMappings,
  id_ce_subjectAltName, id_ce_subjectKeyIdentifier, id_pe_authorityInfoAccess, id_pe_subjectInfoAccess,
} from '../extension-oids.js';
import type { PathProfile } from '../profile.js';
import { DER_ROWS, SERIAL_ROWS, STRICT } from './strict.js';

/** BR §7.1.3.2: RSA PKCS#1 and ECDSA with SHA-256, SHA-384 and SHA-512, and RSASSA-PSS, whose digest its parameters name. */
const SIGNATURE_ALGORITHMS: readonly string[] = [
  '1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13', '1.2.840.113549.1.1.10',
  '1.2.840.10045.4.3.2', '1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4',
];

/** Certificates of web servers: the CA/Browser Forum's Baseline Requirements ("BR"), where they say more than RFC 5280 or otherwise. */
export const WEB_PKI: PathProfile = {
  id: 'web-pki',
  caAsLeaf: 'leaf',
  extensions: [
    {
      oid: id_ce_authorityKeyIdentifier, name: 'authorityKeyIdentifier', leaf: 'must', ca: 'must', anchor: 'may', criticality: 'must-not',
      checks: ['authority-key-id-only'], clause: 'BR §7.1.2.11.1',
    },
    { oid: id_ce_subjectKeyIdentifier, name: 'subjectKeyIdentifier', leaf: 'may', ca: 'must', criticality: 'must-not', clause: 'BR §7.1.2.11.4' },
    {
      oid: id_ce_keyUsage, name: 'keyUsage', leaf: 'may', ca: 'must', criticality: 'any', checks: ['key-usage-not-empty', 'cert-sign-only-in-ca', 'signs-no-certificates'],
      clause: 'BR §7.1.2.7.11', reason: 'RFC 5280 §4.2.1.3 only recommends the critical bit; it is obeyed all the same',
    },
    {
      oid: id_ce_certificatePolicies, name: 'certificatePolicies', leaf: 'may', ca: 'may', criticality: 'must-not', checks: ['policies-once'], clause: 'BR §7.1.2.7.9',
      reason: 'it tells how the subscriber was validated, which no path depends on',
    },
    { oid: id_ce_policyMappings, name: 'policyMappings', leaf: 'must-not', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.5' },
    {
      oid: id_ce_subjectAltName, name: 'subjectAltName', leaf: 'must', ca: 'may', criticality: 'any',
      checks: ['names-in-preferred-syntax', 'names-of-servers', 'critical-names-only-without-subject'], clause: 'BR §7.1.2.7.12',
    },
    {
      oid: id_ce_basicConstraints, name: 'basicConstraints', leaf: 'may', ca: 'must', criticality: 'must', leafCriticality: 'any',
      checks: ['leaf-is-no-ca', 'path-length-only-in-ca'], clause: 'BR §7.1.2.7.8', reason: 'in a leaf that says cA FALSE the critical bit decides nothing',
    },
    {
      oid: id_ce_nameConstraints, name: 'nameConstraints', leaf: 'must-not', ca: 'may', criticality: 'any', clause: 'BR §7.1.2.10.8',
      reason: 'the clause excepts itself from RFC 5280 here; enforced whether critical or not',
    },
    { oid: id_ce_policyConstraints, name: 'policyConstraints', leaf: 'must-not', ca: 'may', criticality: 'must', clause: 'RFC 5280 §4.2.1.11' },
    {
      oid: id_ce_extKeyUsage, name: 'extKeyUsage', leaf: 'must', ca: 'may', anchor: 'must-not', criticality: 'must-not', checks: ['purpose-server'], clause: 'BR §7.1.2.7.6',
      reason: 'intermediates of before the clause are without it; where one has it, it binds what is below',
    },
    { oid: id_ce_cRLDistributionPoints, name: 'cRLDistributionPoints', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'BR §7.1.2.11.2' },
    { oid: id_ce_inhibitAnyPolicy, name: 'inhibitAnyPolicy', leaf: 'must-not', ca: 'may', criticality: 'must', clause: 'RFC 5280 §4.2.1.14' },
    { oid: id_ce_freshestCRL, name: 'freshestCRL', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.1.15' },
    { oid: id_pe_authorityInfoAccess, name: 'authorityInfoAccess', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'BR §7.1.2.7.7' },
    { oid: id_pe_subjectInfoAccess, name: 'subjectInfoAccess', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.2.2' },
  ],
  fields: [
    { check: 'version-3', applies: ['leaf', 'ca', 'anchor'], clause: 'BR §7.1.1' },
    { check: 'issuer-named', applies: ['leaf', 'ca', 'anchor'], clause: 'RFC 5280 §4.1.2.4' },
    { check: 'subject-or-critical-names', applies: ['leaf'], clause: 'BR §7.1.2.7.12' },
    {
      check: 'common-name-among-names', applies: ['leaf'], clause: 'BR §7.1.4.3',
      reason: 'no peer is matched by its common name, so the domain of a listed wildcard may stand there, and any domain beside addresses alone',
    },
  ],
  deviations: [...SERIAL_ROWS, ...DER_ROWS],
  crlExtensions: STRICT.crlExtensions ?? [],
  keys: ['RSA', 'P-256', 'P-384', 'P-521'],
  signatureAlgorithms: SIGNATURE_ALGORITHMS,
  rsa: { minModulusBits: 2048, maxModulusBits: 8192, maxExponentBits: 33, modulusBitsMultipleOf: 8 },
  signers: STRICT,
  wildcardsBelowPublicSuffix: true,
};
