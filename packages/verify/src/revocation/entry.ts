import type { Certificate, CertificateList, GeneralName, RevokedCertificate } from '@hefu/pki';
import { sameName } from '../path/check.js';
import type { PathProfile } from '../path/profile.js';

/**
 * A certificate's entry in a CRL; of several, which no CA should write, the first that is not merely a hold.
 * @throws PkiError when the entries cannot be read
 */
export function entryAbout(crl: CertificateList, certificate: Certificate, profile: Pick<PathProfile, 'serialNumbers'>): RevokedCertificate | undefined {
  const issuing = crl.extIssuingDistributionPoint;
  // Attribute certificates have serial numbers of their own.
  if (issuing?.onlyContainsAttributeCerts === true) return undefined;
  if (issuing?.indirectCRL !== true) {
    // Another issuer's direct CRL lists that issuer's serial numbers.
    if (!sameName(crl.issuer, certificate.issuer)) return undefined;
    const listed = listedIn(crl, certificate, profile);
    return listed.find(isForGood) ?? listed.at(-1);
  }
  const own = listedIn(crl, certificate, profile).filter(({ certificateIssuer }) => isOurs(crl, certificate, certificateIssuer));
  return own.find(isForGood) ?? own.at(-1);
}

/** Every entry of the serial number, as the profile compares numbers. */
function listedIn(crl: CertificateList, { serialNumber }: Certificate, { serialNumbers }: Pick<PathProfile, 'serialNumbers'>): readonly RevokedCertificate[] {
  if (crl.find(serialNumber) === undefined) return [];
  const entries = crl.entries(serialNumber);
  if (serialNumbers !== 'integer') return entries;
  return entries.filter((entry) => isNegative(entry.serialNumber) === isNegative(serialNumber));
}

/** RFC 5280 §5.3.3: without certificateIssuer, here or before, an entry is about the CRL issuer's own certificates. */
function isOurs(crl: CertificateList, { issuer }: Certificate, certificateIssuer: readonly GeneralName[] | undefined): boolean {
  if (certificateIssuer === undefined) return sameName(crl.issuer, issuer);
  return certificateIssuer.some((name) => name.kind === 'directoryName' && sameName(name.name, issuer));
}

function isForGood({ reason }: RevokedCertificate): boolean {
  return reason !== 'certificateHold' && reason !== 'removeFromCRL';
}

/** By the sign octet of an INTEGER's content. */
function isNegative(content: Uint8Array): boolean {
  return content[0]! > 0x7f;
}
