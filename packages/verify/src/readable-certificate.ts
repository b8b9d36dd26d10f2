import { parseCertificate, PkiError, type Certificate } from '@hefu/pki';

/** A certificate among others that came along: one that cannot be read is passed over, since another may serve. */
export function readableCertificate(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
