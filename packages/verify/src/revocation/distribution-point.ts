import { DerReader, equalBytes, PkiError, readName, sequence, tlv, Tag, type Certificate, type CertificateList, type DistributionPoint, type GeneralName, type Name } from '@hefu/pki';
import { sameName } from '../path/check.js';
import { reasonMask } from './reasons.js';

/**
 * The reasons for which a complete CRL speaks about a certificate, by its dates and signature alone unexamined:
 * RFC 5280 §6.3.3 (b) and (d), over every distribution point of the certificate and the one that is assumed where
 * none helps (last paragraph). 0: it is out of scope.
 * @throws PkiError when an extension cannot be read
 */
export function reasonsCovered(crl: CertificateList, certificate: Certificate): number {
  const issuing = crl.extIssuingDistributionPoint;
  if (issuing !== undefined) {
    if (issuing.onlyContainsAttributeCerts) return 0;
    const isCa = certificate.extBasicConstraints?.ca === true;
    if (issuing.onlyContainsUserCerts && isCa) return 0;
    if (issuing.onlyContainsCACerts && !isCa) return 0;
  }
  let mask = 0;
  const own = sameName(crl.issuer, certificate.issuer);
  const issuingNames = namesOf(issuing, crl.issuer);
  for (const point of certificate.extCrlDistributionPoints ?? []) {
    if (!isIssuerOf(crl, own, point)) continue;
    if (issuingNames !== undefined) {
      const names = namesOf(point, crlIssuerName(point) ?? certificate.issuer) ?? point.crlIssuer;
      if (!names.some((name) => issuingNames.some((other) => sameGeneralName(name, other)))) continue;
    }
    mask |= reasonMask(point.reasons);
  }
  // §6.3.3, last paragraph: a CRL of the certificate's issuer named by no point is taken under the issuer's own name.
  const assumed = issuingNames === undefined || issuingNames.some((name) => name.kind === 'directoryName' && sameName(name.name, certificate.issuer));
  if (own && assumed) mask |= reasonMask(undefined);
  return mask & reasonMask(issuing?.onlySomeReasons);
}

/**
 * §6.3.3 (b)(1). A point that names the certificate's own issuer as cRLIssuer says nothing new (§4.2.1.13 has it left
 * out), so that CRL need not be marked indirect.
 */
function isIssuerOf(crl: CertificateList, own: boolean, point: DistributionPoint): boolean {
  if (point.crlIssuer.length === 0) return own;
  const named = point.crlIssuer.some((name) => name.kind === 'directoryName' && sameName(name.name, crl.issuer));
  return named && (own || crl.extIssuingDistributionPoint?.indirectCRL === true);
}

/** Names under which CRLs about a certificate may come: its issuer's, and those its distribution points delegate to. */
export function crlIssuerNames(certificate: Certificate): readonly Name[] {
  const names: Name[] = [certificate.issuer];
  try {
    for (const point of certificate.extCrlDistributionPoints ?? []) {
      for (const name of point.crlIssuer) if (name.kind === 'directoryName' && names.length < MAX_CRL_ISSUERS) names.push(name.name);
    }
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
  return names;
}

const MAX_CRL_ISSUERS = 16;

interface PointName {
  readonly fullName: readonly GeneralName[];
  readonly relativeName: Uint8Array | undefined;
}

/** A DistributionPointName as full names; undefined when there is none. */
function namesOf(point: PointName | undefined, relativeTo: Name): readonly GeneralName[] | undefined {
  if (point === undefined) return undefined;
  if (point.relativeName !== undefined) return [{ kind: 'directoryName', name: appended(relativeTo, point.relativeName) }];
  return point.fullName.length === 0 ? undefined : point.fullName;
}

/** §4.2.1.13: nameRelativeToCRLIssuer is relative to the one name in cRLIssuer, or to the certificate's issuer. */
function crlIssuerName(point: DistributionPoint): Name | undefined {
  for (const name of point.crlIssuer) if (name.kind === 'directoryName') return name.name;
  return undefined;
}

/** A name with one RDN more, given as `[1] IMPLICIT` TLV. @throws PkiError */
function appended(name: Name, relative: Uint8Array): Name {
  const rdns = new DerReader(name.bytes).next().content();
  const rdn = tlv(Tag.SET, new DerReader(relative).next().content());
  return readName(new DerReader(sequence(rdns, rdn)));
}

/** Octet by octet but for directory names: what differs in case only is not risked. */
function sameGeneralName(a: GeneralName, b: GeneralName): boolean {
  switch (a.kind) {
    case 'directoryName':
      return b.kind === a.kind && sameName(a.name, b.name);
    case 'uniformResourceIdentifier':
    case 'rfc822Name':
    case 'dNSName':
      return b.kind === a.kind && a.value === b.value;
    case 'iPAddress':
      return b.kind === a.kind && equalBytes(a.octets, b.octets);
    case 'registeredID':
      return b.kind === a.kind && a.oid === b.oid;
    case 'otherName':
      return b.kind === a.kind && a.oid === b.oid && equalBytes(a.value, b.value);
    default:
      return b.kind === a.kind && equalBytes(a.value, b.value);
  }
}
