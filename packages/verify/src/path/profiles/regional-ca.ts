import {
  id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_certificatePolicies, id_ce_cRLDistributionPoints, id_ce_extKeyUsage,
  id_ce_inhibitAnyPolicy, id_ce_keyUsage, id_ce_nameConstraints, id_ce_policyConstraints, id_ce_policyMappings, id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier, id_pe_authorityInfoAccess, id_pe_subjectInfoAccess,
} from '../extension-oids.js';
import type { PathProfile } from '../profile.js';

/** Certificates for signing documents as Chinese regional CAs issue them. Rows with a reason are its relaxations of RFC 5280. */
export const REGIONAL_CA: PathProfile = {
  id: 'regional-ca',
  extensions: [
    {
      oid: id_ce_authorityKeyIdentifier, name: 'authorityKeyIdentifier', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.1',
      reason: 'one certificate in ten lacks it, and some CAs mark it critical; it only orders candidates here, the key is proven by the signature',
    },
    {
      oid: id_ce_subjectKeyIdentifier, name: 'subjectKeyIdentifier', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.2',
      reason: 'as authorityKeyIdentifier: absent in places, critical in others, a hint in both',
    },
    {
      oid: id_ce_keyUsage, name: 'keyUsage', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.3',
      reason: 'the national roots and most signing certificates carry it non-critical; it is obeyed all the same',
    },
    { oid: id_ce_certificatePolicies, name: 'certificatePolicies', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.4' },
    { oid: id_ce_policyMappings, name: 'policyMappings', leaf: 'must-not', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.5' },
    { oid: id_ce_subjectAltName, name: 'subjectAltName', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.6' },
    {
      oid: id_ce_basicConstraints, name: 'basicConstraints', leaf: 'may', ca: 'must', criticality: 'any', clause: 'RFC 5280 §4.2.1.9',
      reason: 'both national SM2 roots and several CAs carry it non-critical; it is obeyed all the same',
    },
    {
      oid: id_ce_nameConstraints, name: 'nameConstraints', leaf: 'must-not', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.10',
      reason: 'enforced whether critical or not, so the bit decides nothing',
    },
    {
      oid: id_ce_policyConstraints, name: 'policyConstraints', leaf: 'must-not', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.11',
      reason: 'honoured whether critical or not, so the bit decides nothing',
    },
    {
      oid: id_ce_extKeyUsage, name: 'extKeyUsage', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.12',
    },
    { oid: id_ce_cRLDistributionPoints, name: 'cRLDistributionPoints', leaf: 'may', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.13' },
    {
      oid: id_ce_inhibitAnyPolicy, name: 'inhibitAnyPolicy', leaf: 'must-not', ca: 'may', criticality: 'any', clause: 'RFC 5280 §4.2.1.14',
      reason: 'processed whether critical or not, so the bit decides nothing',
    },
    { oid: id_pe_authorityInfoAccess, name: 'authorityInfoAccess', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.2.1' },
    { oid: id_pe_subjectInfoAccess, name: 'subjectInfoAccess', leaf: 'may', ca: 'may', criticality: 'must-not', clause: 'RFC 5280 §4.2.2.2' },
  ],
  rsa: { minModulusBits: 2048, maxModulusBits: 8192, maxExponentBits: 33 },
};
