import type { Algorithms } from '@hefu/crypto';
import { buildCertId, hexOf, id_ad_ocsp, nameKey, namesEqual, PkiError, readSubjectPublicKeyInfo, type Certificate } from '@hefu/pki';
import type { TrustService } from '@hefu/trust-list';
import type { WantedOcsp } from './evidence.js';
import type { TrustAnchor } from './path/model.js';
import { keyHint } from './path/order.js';
import type { Tiers } from './tiers.js';
import { subjectKey, type WishList } from './wish-list.js';

/** Keys under one issuer name that are asked about: a question too many costs little, a hundred do not help. */
const MAX_ISSUERS = 2;

/** Octets of the public keys under the certificate's issuer name, the likeliest first. By names alone. */
export function issuersOf(certificate: Certificate, pool: readonly Certificate[], anchors: readonly TrustAnchor[]): readonly Uint8Array[] {
  const keys = new Map<string, { readonly key: Uint8Array; readonly matches: boolean }>();
  const add = (candidate: Certificate | undefined, read: () => Uint8Array): void => {
    const hint = keyHint(certificate, candidate);
    if (hint === 'mismatch') return;
    try {
      const key = read();
      keys.set(hexOf(key), { key, matches: hint === 'match' || keys.get(hexOf(key))?.matches === true });
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
    }
  };
  for (const anchor of anchors) if (namesEqual(anchor.name, certificate.issuer)) add(anchor.certificate, () => readSubjectPublicKeyInfo(anchor.spki).publicKey);
  for (const candidate of pool) if (namesEqual(candidate.subject, certificate.issuer)) add(candidate, () => candidate.spki.publicKey);
  return [...keys.values()].sort((a, b) => Number(b.matches) - Number(a.matches)).slice(0, MAX_ISSUERS).map(({ key }) => key);
}

export interface OcspWish {
  readonly certificate: Certificate;
  /** As {@link issuersOf} gives them. */
  readonly issuers: readonly Uint8Array[];
  readonly services: readonly TrustService[];
  readonly algorithms: Algorithms;
  readonly tiers: Tiers;
  readonly wishes: WishList;
}

/** Adds what is to be asked of OCSP responders: of those the list names and, where it does not forbid, of those in the certificate. */
export function wantOcsp({ certificate, issuers, services, algorithms, tiers, wishes }: OcspWish): void {
  const asking = services.filter(({ revocation }) => revocation.mode !== 'crl-only' && revocation.mode !== 'none-with-reason');
  // RFC 5019 §2.1.1: SHA-1 is what every responder understands; it identifies here and protects nothing.
  const digest = ['SHA-1', 'SHA-256', 'SM3'].map((name) => algorithms.digests.find((candidate) => candidate.name === name)).find((found) => found !== undefined);
  if (asking.length === 0 || digest === undefined) return;
  const forSerial = hexOf(certificate.serialNumber);
  const before = wishes.size;
  for (const issuerKey of issuers) {
    const certId = buildCertId({
      issuerName: certificate.issuer.bytes,
      issuerKey,
      serialNumber: certificate.serialNumber,
      hash: { oid: digest.oids[0]!, digest: (message) => digest.digest(message) },
    });
    const base = { forSerial, issuerKey: nameKey(certificate.issuer), certId };
    const ask = (wish: Omit<WantedOcsp, 'kind' | keyof typeof base>): void => wishes.add({ kind: 'ocsp', ...base, ...wish }, subjectKey(certificate));
    for (const { revocation } of asking) {
      for (const { url, mirrors = [], nonce = 'optional', maxAge } of revocation.ocsp ?? []) {
        ask({ urls: [url, ...mirrors], origin: 'list', tier: tiers.list, nonce, ...(maxAge === undefined ? {} : { maxAge }) });
      }
    }
    if (asking.every(({ revocation }) => revocation.overrideCertificateUrls)) continue;
    const urls = respondersIn(certificate).filter((url) => /^https?:/i.test(url));
    const listed = asking.flatMap(({ revocation }) => (revocation.ocsp ?? []).flatMap(({ url, mirrors = [] }) => [url, ...mirrors]));
    const others = urls.filter((url) => !listed.includes(url));
    if (others.length > 0) ask({ urls: others, origin: 'certificate', tier: tiers.certificate, nonce: 'optional' });
  }
  if (wishes.size === before) {
    const [written] = respondersIn(certificate);
    wishes.gaps.push({ code: 'NO_ENDPOINT', what: `ocsp for certificate ${forSerial}`, ...(issuers.length === 0 ? { detail: 'issuer unknown' } : written === undefined ? {} : { detail: written }) });
  }
}

/** RFC 5280 §4.2.2.1. Some CAs write schemes of their own, `OCSP://`: nobody can ask those. */
function respondersIn(certificate: Certificate): readonly string[] {
  try {
    return (certificate.extAuthorityInfoAccess ?? []).flatMap(({ method, location }) => (method === id_ad_ocsp && location.kind === 'uniformResourceIdentifier' ? [location.value] : []));
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
