import type { Certificate, SignedData } from '@hefu/pki';
import { readableCertificate } from './readable-certificate.js';
import type { ListAnchors } from './trust/anchors.js';

/**
 * Certificates in the message, untrusted, as the list's own objects where it has them; one that cannot be read is passed
 * over, since another may be the signer's.
 */
export function carriedCertificates(signed: SignedData, list: ListAnchors): Certificate[] {
  return signed.certificates.flatMap((der) => list.known(der) ?? readableCertificate(der) ?? []);
}
