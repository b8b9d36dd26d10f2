import type { CertificateList, Deviation } from '../model.js';
import { PkiError } from '../error.js';
import { Findings, findAlgorithmDeviations, findExtensionDeviations, findTimeDeviations } from '../x509/deviation-findings.js';
import { findNameDeviations } from '../x509/name-deviations.js';
import {
  id_ce_authorityKeyIdentifier, id_ce_cRLNumber, id_ce_deltaCRLIndicator, id_ce_issuingDistributionPoint,
} from '../x509/oids.js';
import type { CertificateListLayout } from './certificate-list-layout.js';

/** Lists what reading a CRL tolerated, entries aside: those are decoded one at a time. Never throws. */
export function findCertificateListDeviations(crl: CertificateList, at: CertificateListLayout): readonly Deviation[] {
  const findings = new Findings();
  if (at.version === 1) findings.add('CRL_VERSION_1', 'tbsCertList.version');
  findAlgorithmDeviations(findings, crl, 'tbsCertList');
  findNameDeviations(findings, crl.issuer, 'tbsCertList.issuer');
  findTimeDeviations(findings, crl.bytes, at.thisUpdateAt, 'tbsCertList.thisUpdate');
  if (at.nextUpdate === undefined) findings.add('CRL_NEXT_UPDATE_MISSING', 'tbsCertList.nextUpdate');
  else {
    findTimeDeviations(findings, crl.bytes, at.nextUpdateAt, 'tbsCertList.nextUpdate');
    if (at.nextUpdate < at.thisUpdate) findings.add('CRL_UPDATE_INVERTED', 'tbsCertList.nextUpdate');
  }
  if (at.entries !== 0 && at.entries === at.entriesEnd) findings.add('CRL_ENTRIES_EMPTY', 'tbsCertList.revokedCertificates');
  const where = 'tbsCertList.crlExtensions';
  if (at.extensions !== 0) {
    if (at.version === 1) findings.add('X509_EXTENSIONS_IN_OLD_VERSION', 'tbsCertList.version', 'v1');
    findExtensionDeviations(findings, crl.bytes, at.extensions, at.extensionsEnd, crl.duplicateExtensions, where);
  }
  for (const [oid, get] of GETTERS) {
    try {
      get(crl);
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      findings.add('X509_EXTENSION_MALFORMED', `${where}[${oid}]`, error.code);
    }
  }
  if (crl.extension(id_ce_authorityKeyIdentifier)?.critical) findings.add('X509_AUTHORITY_KEY_IDENTIFIER_CRITICAL', `${where}[${id_ce_authorityKeyIdentifier}]`);
  if (at.version === 2) {
    if (crl.extension(id_ce_authorityKeyIdentifier) === undefined) findings.add('X509_AUTHORITY_KEY_IDENTIFIER_MISSING', where);
    if (crl.extension(id_ce_cRLNumber) === undefined) findings.add('CRL_NUMBER_MISSING', where);
  }
  return findings.list;
}

const GETTERS: readonly (readonly [string, (crl: CertificateList) => unknown])[] = [
  [id_ce_cRLNumber, (crl) => crl.extCrlNumber],
  [id_ce_deltaCRLIndicator, (crl) => crl.extDeltaCrlIndicator],
  [id_ce_authorityKeyIdentifier, (crl) => crl.extAuthorityKeyIdentifier],
  [id_ce_issuingDistributionPoint, (crl) => crl.extIssuingDistributionPoint],
];
