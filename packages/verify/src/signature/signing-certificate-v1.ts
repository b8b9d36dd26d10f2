import { DerReader, id_aa_signingCertificate, PkiError, Tag, type AttributeSet, type SingleAttribute } from '@hefu/pki';

/**
 * signingCertificate (RFC 2634 §5.4): the SHA-1 that names the signer's certificate, from the first ESSCertID.
 * Undefined when the attribute is absent. Old CA middleware and timestamps still write it.
 * @throws PkiError STRUCTURE_INVALID when it is malformed
 */
export function signingCertificateHashOf(set: AttributeSet): SingleAttribute<Uint8Array> | undefined {
  const [attribute, another] = set.find(id_aa_signingCertificate);
  if (attribute === undefined) return undefined;
  if (another !== undefined || attribute.values.length !== 1) return { duplicate: true };
  try {
    const reader = new DerReader(attribute.values[0]!);
    const outer = reader.expect(Tag.SEQUENCE, 'SigningCertificate').enter();
    reader.finish('signingCertificate');
    const certs = outer.expect(Tag.SEQUENCE, 'certs').enter();
    outer.optional(Tag.SEQUENCE); // policies
    outer.finish('SigningCertificate');
    const id = certs.expect(Tag.SEQUENCE, 'ESSCertID').enter();
    const value = id.expect(Tag.OCTET_STRING, 'certHash').content();
    id.optional(Tag.SEQUENCE); // issuerSerial
    id.finish('ESSCertID');
    return { duplicate: false, value };
  } catch (cause) {
    if (!(cause instanceof PkiError) || cause.code === 'STRUCTURE_INVALID') throw cause;
    throw new PkiError('STRUCTURE_INVALID', `signingCertificate: ${cause.message}`, { cause });
  }
}
