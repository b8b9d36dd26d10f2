import { parseCertificate, PkiError, type Certificate } from '@hefu/pki';

/** A certificate from its DER; what is wrong with it where it cannot be read. One already parsed is itself. */
export function readInput(input: Uint8Array | Certificate): Certificate | PkiError {
  if (!(input instanceof Uint8Array)) return input;
  try {
    return parseCertificate(input);
  } catch (error) {
    if (error instanceof PkiError) return error;
    throw error;
  }
}

export function isCertificate(value: Certificate | PkiError): value is Certificate {
  return !(value instanceof PkiError);
}
