import { equalBytes, namesEqual, PkiError, type Certificate, type SignerInfo } from '@hefu/pki';

/** Whether a SignerInfo's sid names this certificate (RFC 5652 §5.3). */
export function identifies(signer: SignerInfo, certificate: Certificate): boolean {
  const { sid } = signer;
  try {
    if (sid.kind === 'issuerAndSerialNumber') {
      return equalBytes(sid.serialNumber, certificate.serialNumber) && namesEqual(sid.issuer, certificate.issuer);
    }
    const identifier = certificate.extSubjectKeyIdentifier;
    return identifier !== undefined && equalBytes(sid.keyIdentifier, identifier);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
