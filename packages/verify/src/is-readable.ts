import { PkiError, type Certificate } from '@hefu/pki';

/** Whether the fields that every report shows decode. Certificates are lazy: parsing them settles only their structure. */
export function isReadable(certificate: Certificate): boolean {
  try {
    void certificate.serialNumber;
    void certificate.validity;
    void certificate.issuer.rdns;
    void certificate.subject.rdns;
    void certificate.spki.bytes;
    return true;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
