import { equalBytes, PkiError, type Certificate, type CertificateList, type GeneralName, type IssuingDistributionPoint } from '@hefu/pki';
import { sameName } from '../path/check.js';

/** CRL extensions understood when critical (RFC 5280 §5.2). deltaCRLIndicator and indirect CRLs are recognised, to be refused. */
const UNDERSTOOD: readonly string[] = [
  '2.5.29.35', // authorityKeyIdentifier, which some CAs mark critical wherever it appears
  '2.5.29.28', // issuingDistributionPoint
];

/** Why a CRL cannot be used at all, whatever it lists: RFC 5280 §5.1, §5.2 and the kinds that are not supported. */
export function crlFault(crl: CertificateList): 'CRL_UNSUPPORTED' | 'CRL_SIGNATURE_INVALID' | undefined {
  try {
    if (!equalBytes(crl.signatureAlgorithm.bytes, crl.tbsSignatureAlgorithm.bytes)) return 'CRL_SIGNATURE_INVALID'; // §5.1.1.2
    if (crl.extensions.length > 0 && crl.version !== 2) return 'CRL_UNSUPPORTED'; // §5.1.2.1
    if (crl.duplicateExtensions.length > 0) return 'CRL_UNSUPPORTED';
    if (crl.extensions.some(({ oid, critical }) => critical && !UNDERSTOOD.includes(oid))) return 'CRL_UNSUPPORTED'; // §5.2
    if (crl.extDeltaCrlIndicator !== undefined) return 'CRL_UNSUPPORTED'; // §5.2.4
    void crl.extCrlNumber;
    const point = crl.extIssuingDistributionPoint;
    if (point === undefined) return undefined;
    if (point.indirectCRL) return 'CRL_UNSUPPORTED'; // §5.2.5
    const kinds = [point.onlyContainsUserCerts, point.onlyContainsCACerts, point.onlyContainsAttributeCerts];
    return kinds.filter((set) => set).length > 1 ? 'CRL_UNSUPPORTED' : undefined;
  } catch (error) {
    if (error instanceof PkiError) return 'CRL_UNSUPPORTED';
    throw error;
  }
}

/**
 * Whether a CRL's absence of an entry says anything about this certificate: RFC 5280 §6.3.3 (b)(2), and all reasons
 * covered, since one CRL is asked at a time.
 */
export function isInScope(crl: CertificateList, certificate: Certificate): boolean {
  const point = crl.extIssuingDistributionPoint;
  if (point === undefined) return true;
  if (point.onlyContainsAttributeCerts || point.onlySomeReasons !== undefined) return false;
  const isCa = certificate.extBasicConstraints?.ca === true;
  if (point.onlyContainsUserCerts && isCa) return false;
  if (point.onlyContainsCACerts && !isCa) return false;
  return matchesPoint(point, certificate);
}

/** §6.3.3 (b)(2)(i): one name of the CRL's distribution point is one of the certificate's. */
function matchesPoint(point: IssuingDistributionPoint, certificate: Certificate): boolean {
  if (point.fullName.length === 0 && point.relativeName === undefined) return true;
  const stated = certificate.extCrlDistributionPoints;
  // §6.3.3, last paragraph: a certificate that names no point is served from its issuer's own entry.
  if (stated === undefined) return point.fullName.some((name) => name.kind === 'directoryName' && sameName(name.name, certificate.issuer));
  return stated.some((own) => {
    // A point for some reasons only, or served by another issuer, does not make this CRL complete.
    if (own.reasons !== undefined || !own.crlIssuer.every((name) => name.kind === 'directoryName' && sameName(name.name, certificate.issuer))) return false;
    if (point.relativeName !== undefined && own.relativeName !== undefined) return equalBytes(point.relativeName, own.relativeName);
    const names = own.fullName.length === 0 ? own.crlIssuer : own.fullName;
    return names.some((name) => point.fullName.some((other) => sameGeneralName(name, other)));
  });
}

function sameGeneralName(a: GeneralName, b: GeneralName): boolean {
  if (a.kind === 'directoryName') return b.kind === 'directoryName' && sameName(a.name, b.name);
  return a.kind === 'uniformResourceIdentifier' && b.kind === 'uniformResourceIdentifier' && a.value === b.value;
}

export interface Freshness {
  /** Milliseconds after nextUpdate for which a CRL still counts, reported as `inGrace`. */
  readonly grace: number;
  /** Milliseconds after thisUpdate from which it no longer counts, whatever nextUpdate says. */
  readonly maxAge?: number;
  /** Milliseconds that thisUpdate may lie ahead. */
  readonly clockSkew: number;
}

export type CrlAge = 'fresh' | 'grace' | 'stale' | 'not-yet-valid';

/** How a CRL's dates stand at `at`. One without nextUpdate is fresh only under a `maxAge`. */
export function ageOf({ thisUpdate, nextUpdate }: CertificateList, at: number, { grace, maxAge, clockSkew }: Freshness): CrlAge {
  if (thisUpdate > at + clockSkew) return 'not-yet-valid';
  if (maxAge !== undefined && at - thisUpdate > maxAge) return 'stale';
  if (nextUpdate === undefined) return maxAge === undefined ? 'stale' : 'fresh';
  if (nextUpdate < thisUpdate) return 'stale';
  if (at <= nextUpdate) return 'fresh';
  return at <= nextUpdate + grace ? 'grace' : 'stale';
}
