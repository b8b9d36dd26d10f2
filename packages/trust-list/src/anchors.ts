import type { DigestAlgorithm } from '@hefu/crypto';
import type { AnchorCertificate, AnchorMatch } from './anchor-index.js';
import type { TrustList } from './model.js';
import { VerifiedTrustList } from './trust-list.js';

/**
 * The services for which this very certificate is an anchor, those marked `unusable` included: they anchor
 * nothing, and a report says why. Empty for octets that are no certificate.
 * @param certificate DER
 */
export function servicesForAnchorCertificate(list: TrustList, certificate: Uint8Array, options: { readonly sha256: DigestAlgorithm }): readonly AnchorMatch[] {
  return VerifiedTrustList.anchorsOf(list, options.sha256).ofCertificate(certificate, options.sha256);
}

/**
 * The services with an anchor of this key: for near misses (same key, other certificate), not for trust.
 * @param spkiSha256 SHA-256 over the SubjectPublicKeyInfo's DER, hex
 */
export function servicesWithSpki(list: TrustList, spkiSha256: string, options: { readonly sha256: DigestAlgorithm }): readonly AnchorMatch[] {
  return VerifiedTrustList.anchorsOf(list, options.sha256).withKey(spkiSha256);
}

/** Every anchor whose certificate the list carries, in the list's order. Certificates decode lazily. */
export function anchorCertificates(list: TrustList, options: { readonly sha256: DigestAlgorithm }): readonly AnchorCertificate[] {
  return VerifiedTrustList.anchorsOf(list, options.sha256).certificates;
}
