import { id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_cRLNumber, id_ce_keyUsage, id_ce_nameConstraints, id_ce_policyConstraints, id_ce_inhibitAnyPolicy, id_ce_subjectAltName, id_ce_subjectKeyIdentifier } from '../extension-oids.js';
import type { CrlRow, ExtensionRow, PathProfile } from '../profile.js';
import { STRICT } from './strict.js';

/** Rows in place of those of `STRICT`. All that is left out are duties of issuers; what is stated is obeyed all the same. */
const RELAXED: readonly ExtensionRow[] = [
  {
    oid: id_ce_authorityKeyIdentifier, name: 'authorityKeyIdentifier', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.1.1',
    reason: 'it serves path construction; §6.1 does not ask for it',
  },
  {
    oid: id_ce_subjectKeyIdentifier, name: 'subjectKeyIdentifier', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.1.2',
    reason: 'it serves path construction; §6.1 does not ask for it',
  },
  {
    oid: id_ce_keyUsage, name: 'keyUsage', leaf: 'may', ca: 'may', criticality: 'any', checks: ['cert-sign-only-in-ca'], clause: 'RFC 5280 §4.2.1.3',
    reason: '§6.1.4 (n) asks for its bits only where it is present; one without bits allows nothing and harms nobody',
  },
  {
    oid: id_ce_subjectAltName, name: 'subjectAltName', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.6',
    reason: 'a name in another syntax matches no peer and no constraint',
  },
  {
    oid: id_ce_basicConstraints, name: 'basicConstraints', leaf: 'may', ca: 'must', criticality: 'any', checks: ['path-length-only-in-ca'], clause: 'RFC 5280 §4.2.1.9',
    reason: '§6.1.4 (k) asks that it is present and says cA; it is obeyed whether critical or not',
  },
  {
    oid: id_ce_nameConstraints, name: 'nameConstraints', leaf: 'must-not', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.10',
    reason: 'enforced whether critical or not, so the bit decides nothing',
  },
  {
    oid: id_ce_policyConstraints, name: 'policyConstraints', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.11',
    reason: 'processed whether critical or not, so the bit decides nothing; in a leaf too (§6.1.5 (b))',
  },
  {
    oid: id_ce_inhibitAnyPolicy, name: 'inhibitAnyPolicy', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.14',
    reason: 'processed whether critical or not, so the bit decides nothing; in a leaf it bears on nothing',
  },
];

const RELAXED_CRL: readonly CrlRow[] = [
  {
    oid: id_ce_cRLNumber, name: 'cRLNumber', presence: 'may', clause: 'RFC 5280 §5.2.3',
    reason: '§6.3.3 needs it only to combine a delta CRL',
  },
];

/**
 * RFC 5280 §6 as a relying party must apply it, without holding every duty of §4 against issuers: the profile for
 * certificates of many makers, and for test suites that contain ones of CAs that do not conform (negative serial
 * numbers, which §4.1.2.2 asks users to handle, or a basicConstraints that is not critical).
 */
export const INTEROP: PathProfile = {
  ...STRICT,
  id: 'interop',
  extensions: STRICT.extensions.map((row) => RELAXED.find(({ oid }) => oid === row.oid) ?? row),
  fields: (STRICT.fields ?? []).filter(({ check }) => check !== 'subject-or-critical-names'),
  deviations: [],
  serialNumbers: 'integer',
  crlExtensions: (STRICT.crlExtensions ?? []).map((row) => RELAXED_CRL.find(({ oid }) => oid === row.oid) ?? row),
};
