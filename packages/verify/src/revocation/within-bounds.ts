import { PkiError, readTime, DerReader, type Certificate, type CertificateList, type Extension } from '@hefu/pki';
import type { CollectedCrl, CollectedOcsp } from '../evidence.js';
import { REGIONAL_CA } from '../path/profile.js';
import { readable } from '../readable.js';
import type { IssuerIdentity } from './cert-id.js';
import { entryAbout } from './entry.js';

const id_ce_expiredCertsOnCRL = '2.5.29.60';
const id_pkix_ocsp_archive_cutoff = '1.3.6.1.5.5.7.48.1.6';

/** Evidence whose silence about a certificate means something, and how much was left out. */
export interface WithinBounds {
  readonly crls: readonly CollectedCrl[];
  readonly ocsp: readonly CollectedOcsp[];
  readonly excluded: number;
}

/**
 * Once a certificate has expired its CA may leave it out of CRLs (RFC 5280 §3.3), and responders may forget it (RFC 6960
 * §4.4.4): then only what was issued within its validity says by silence that it was not revoked, or what states that it
 * keeps expired certificates so far back. What lists the certificate counts whenever it was issued; that it was taken from a
 * list (removeFromCRL) is what became of the expired, and no news.
 */
export function withinBounds(certificate: Certificate, issuer: Pick<IssuerIdentity, 'isAbout'>, crls: readonly CollectedCrl[], ocsp: readonly CollectedOcsp[]): WithinBounds {
  const { notAfter } = certificate.validity;
  const kept = crls.filter(({ crl }) => crl.thisUpdate <= notAfter || lists(crl, certificate) || keepsFrom(crl) <= notAfter);
  const heard = ocsp.filter(({ response: { basic } }) => {
    if (basic === undefined || basic.producedAt <= notAfter) return true;
    const own = readable(() => basic.responses.filter(({ certId }) => issuer.isAbout(certId)))[0] ?? [];
    return own.some(({ status }) => status.kind === 'revoked') || cutoffOf([...own.flatMap(({ extensions }) => extensions), ...basic.extensions]) <= notAfter;
  });
  return { crls: kept, ocsp: heard, excluded: crls.length - kept.length + (ocsp.length - heard.length) };
}

function lists(crl: CertificateList, certificate: Certificate): boolean {
  const [entry] = readable(() => entryAbout(crl, certificate, REGIONAL_CA));
  return entry !== undefined && entry.reason !== 'removeFromCRL';
}

/** ExpiredCertsOnCRL (X.509 §9.5.2.8): certificates that expired from this date on are kept. */
function keepsFrom(crl: CertificateList): number {
  return timeOf(crl.extension(id_ce_expiredCertsOnCRL)?.value);
}

/** ArchiveCutoff: certificates that expired from this date on are answered for. */
function cutoffOf(extensions: readonly Extension[]): number {
  return timeOf(extensions.find(({ oid }) => oid === id_pkix_ocsp_archive_cutoff)?.value);
}

function timeOf(value: Uint8Array | undefined): number {
  if (value === undefined) return Infinity;
  try {
    return readTime(new DerReader(value));
  } catch (error) {
    if (error instanceof PkiError) return Infinity;
    throw error;
  }
}
