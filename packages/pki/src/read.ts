import { parseCertificateList } from './crl/certificate-list.js';
import { PkiError } from './error.js';
import { type PkiLimits, withLimits } from './limits.js';
import type { Certificate, CertificateList } from './model.js';
import { CERTIFICATE_LABELS, CRL_LABELS, decodeArmoured } from './pem.js';
import { parseCertificate } from './x509/certificate.js';

/**
 * One certificate from whatever holds it: DER, PEM or bare base64, as bytes or text.
 * @throws PkiError the codes of `decodeArmoured` and `parseCertificate`; TOO_MANY when there are several
 */
export function readCertificate(input: string | Uint8Array, limits?: Partial<PkiLimits>): Certificate {
  const certificates = readCertificates(input, limits);
  if (certificates.length > 1) throw new PkiError('TOO_MANY', `${certificates.length} certificates where one is expected`);
  return certificates[0]!;
}

/** Every certificate in the input, in order, at least one; up to `maxMessageCertificates`. @throws PkiError as {@link readCertificate} */
export function readCertificates(input: string | Uint8Array, limits?: Partial<PkiLimits>): readonly Certificate[] {
  const budget = withLimits(limits);
  const ders = decodeArmoured(input, { labels: CERTIFICATE_LABELS, maxBytes: budget.maxCertificateBytes * budget.maxMessageCertificates, limits });
  if (ders.length > budget.maxMessageCertificates) throw new PkiError('TOO_MANY', `${ders.length} certificates, over the limit of ${budget.maxMessageCertificates}`);
  return ders.map((der) => parseCertificate(der, limits));
}

/** One CRL from DER, PEM or bare base64. @throws PkiError the codes of `decodeArmoured` and `parseCertificateList`; TOO_MANY when there are several */
export function readCrl(input: string | Uint8Array, limits?: Partial<PkiLimits>): CertificateList {
  const budget = withLimits(limits);
  const ders = decodeArmoured(input, { labels: CRL_LABELS, maxBytes: budget.maxCrlBytes, limits });
  if (ders.length > 1) throw new PkiError('TOO_MANY', `${ders.length} CRLs where one is expected`);
  return parseCertificateList(ders[0]!, limits);
}
