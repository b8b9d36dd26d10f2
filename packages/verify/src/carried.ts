import { parseCertificateList, parseOcspResponse, PkiError, type Certificate, type SignedData } from '@hefu/pki';
import type { CollectedCrl, CollectedOcsp } from './evidence.js';
import { readableCertificate } from './readable-certificate.js';
import type { ListAnchors } from './trust/anchors.js';

/**
 * Certificates in the message, untrusted, as the list's own objects where it has them; one that cannot be read is passed
 * over, since another may be the signer's.
 */
export function carriedCertificates(signed: SignedData, list: ListAnchors): Certificate[] {
  return signed.certificates.flatMap((der) => list.known(der) ?? readableCertificate(der) ?? []);
}

/** CRLs in the message: evidence like any other, verified before it counts. */
export function carriedCrls(signed: SignedData): CollectedCrl[] {
  return signed.crls.flatMap((bytes) => readable(() => ({ crl: parseCertificateList(bytes) })));
}

/** A path has ten certificates at most; a signer brings an answer or two about each. */
const MAX_CARRIED_OCSP = 32;

/** OCSP responses in the message (RFC 5940), likewise. Whoever signed them answered no question of ours, so no nonce is asked for. */
export function carriedOcsp(signed: SignedData): CollectedOcsp[] {
  return signed.ocspResponses.slice(0, MAX_CARRIED_OCSP).flatMap((bytes) => readable(() => ({ response: parseOcspResponse(bytes) })));
}

function readable<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
