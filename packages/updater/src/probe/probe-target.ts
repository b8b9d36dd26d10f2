import type { Certificate } from '@hefu/pki';
import { id_ad_ocsp, namesEqual, parseCertificate, PkiError } from '@hefu/pki';
import type { TrustList, TrustService } from '@hefu/trust-list';
import type { EndpointOrigin } from '../endpoint.js';

/** One address to be tried, and what its answer is held against. */
export interface ProbeTarget {
  readonly kind: 'crl' | 'ocsp' | 'tsa';
  readonly url: string;
  /** Who named it: what a certificate names must be a public host. */
  readonly origin: EndpointOrigin;
  /** Service of the list it belongs to. */
  readonly service?: string;
  /** Certificates of the CA that may have signed; empty when nobody knows. */
  readonly issuers: readonly Certificate[];
  /** OCSP: responders that the list states. */
  readonly responders?: readonly Certificate[];
  /** OCSP: the certificate asked about. Without one, a serial number that no CA gives is asked about. */
  readonly about?: Certificate;
  /** The list's own bounds. */
  readonly maxBytes?: number;
  readonly maxAge?: number;
}

/** Every address that a list names for its services, and those its own certificates name unless the list overrides them; each once a service. */
export function targetsOfList(list: TrustList): readonly ProbeTarget[] {
  const all = list.services.flatMap(certificatesOf);
  return list.services.flatMap((service) => targetsOfService(service, all));
}

function certificatesOf(service: TrustService): readonly Certificate[] {
  return [...service.anchors.flatMap(({ certificate }) => certificate ?? []), ...service.intermediates].flatMap(readable);
}

/** @param listed certificates of every service: the CA above a unit that is no CA itself is another service's */
function targetsOfService(service: TrustService, listed: readonly Certificate[]): readonly ProbeTarget[] {
  const { id, revocation } = service;
  const own = certificatesOf(service);
  const units = own.filter((certificate) => attempt(() => certificate.extBasicConstraints?.ca) !== true);
  const certificates = [...own, ...listed.filter((issuer) => !own.includes(issuer) && units.some((unit) => isIssuedBy(unit, issuer)))];
  const targets: ProbeTarget[] = [];
  for (const { url, mirrors = [], maxAge, maxBytes } of revocation.crl) {
    const bounds = { ...(maxAge === undefined ? {} : { maxAge }), ...(maxBytes === undefined ? {} : { maxBytes }) };
    for (const each of [url, ...mirrors]) targets.push({ kind: 'crl', url: each, origin: 'list', service: id, issuers: certificates, ...bounds });
  }
  for (const { url, mirrors = [], responders = [], maxAge } of revocation.ocsp ?? []) {
    const about = certificates.find((certificate) => certificates.some((issuer) => issuer !== certificate && isIssuedBy(certificate, issuer)));
    for (const each of [url, ...mirrors]) {
      targets.push({
        kind: 'ocsp', url: each, origin: 'list', service: id, issuers: certificates, responders: responders.flatMap(readable),
        ...(about === undefined ? {} : { about }), ...(maxAge === undefined ? {} : { maxAge }),
      });
    }
  }
  if (!revocation.overrideCertificateUrls) for (const certificate of certificates) targets.push(...targetsOfCertificate(certificate, certificates, id));
  return targets.filter((target, index) => targets.findIndex(({ kind, url }) => kind === target.kind && url === target.url) === index);
}

/**
 * The addresses a certificate names: CRL distribution points and OCSP responders (RFC 5280 §4.2.1.13, §4.2.2.1).
 * @param candidates certificates among which its issuer may be
 */
export function targetsOfCertificate(certificate: Certificate, candidates: readonly Certificate[], service?: string): readonly ProbeTarget[] {
  const issuers = candidates.filter((issuer) => isIssuedBy(certificate, issuer));
  const common = { origin: 'certificate' as const, issuers, ...(service === undefined ? {} : { service }) };
  return attempt(() => [
    ...(certificate.extCrlDistributionPoints ?? []).flatMap(({ fullName }) => fullName.flatMap((name) => (name.kind === 'uniformResourceIdentifier' ? [{ kind: 'crl' as const, url: name.value, ...common }] : []))),
    ...(certificate.extAuthorityInfoAccess ?? []).flatMap(({ method, location }) =>
      method === id_ad_ocsp && location.kind === 'uniformResourceIdentifier' ? [{ kind: 'ocsp' as const, url: location.value, about: certificate, ...common }] : []),
  ]) ?? [];
}

function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  return attempt(() => namesEqual(certificate.issuer, issuer.subject)) ?? false;
}

function readable(der: Uint8Array): readonly Certificate[] {
  return attempt(() => {
    const certificate = parseCertificate(der);
    void certificate.subject;
    void certificate.spki;
    return [certificate];
  }) ?? [];
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
