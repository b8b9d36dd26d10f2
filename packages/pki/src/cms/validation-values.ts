import { DerReader } from '../asn1/reader.js';
import { contextConstructed, Tag } from '../asn1/tag.js';
import { explicit, sequence } from '../asn1/writer.js';
import { PkiError } from '../error.js';
import { DEFAULT_LIMITS } from '../limits.js';

/** RevocationValues (EN 319 122-1 Annex A.1.5, module with explicit tags). Whole TLVs. */
export interface RevocationValues {
  readonly crls: readonly Uint8Array[];
  /** BasicOCSPResponse, not OCSPResponse: the attribute carries what is signed, without the status around it. */
  readonly ocspResponses: readonly Uint8Array[];
}

/** The value of a certificate-values attribute (EN 319 122-1 A.1.1): SEQUENCE OF Certificate. */
export function certificateValues(certificates: readonly Uint8Array[]): Uint8Array {
  return sequence(...certificates);
}

/** The value of a revocation-values attribute. @throws TypeError when there is nothing to carry */
export function revocationValues({ crls, ocspResponses }: RevocationValues): Uint8Array {
  if (crls.length + ocspResponses.length === 0) throw new TypeError('revocation values without a value');
  return sequence(
    ...(crls.length === 0 ? [] : [explicit(0, sequence(...crls))]),
    ...(ocspResponses.length === 0 ? [] : [explicit(1, sequence(...ocspResponses))]),
  );
}

/** Whole certificates of a certificate-values attribute, untrusted. @throws PkiError */
export function readCertificateValues(value: Uint8Array): readonly Uint8Array[] {
  const reader = new DerReader(value, 0, value.length, DEFAULT_LIMITS.maxDepth);
  reader.expect(Tag.SEQUENCE, 'CertificateValues');
  reader.finish('CertificateValues');
  return elements(reader, DEFAULT_LIMITS.maxMessageCertificates, 'certificate');
}

/** What a revocation-values attribute carries, untrusted; values of other kinds (`otherRevVals`) are passed over. @throws PkiError */
export function readRevocationValues(value: Uint8Array): RevocationValues {
  const outer = new DerReader(value, 0, value.length, DEFAULT_LIMITS.maxDepth);
  outer.expect(Tag.SEQUENCE, 'RevocationValues');
  outer.finish('RevocationValues');
  const fields = outer.enter();
  const list = (n: number, what: string): readonly Uint8Array[] => {
    if (!fields.optional(contextConstructed(n))) return [];
    const inner = fields.enter();
    inner.expect(Tag.SEQUENCE, what);
    inner.finish(what);
    return elements(inner, DEFAULT_LIMITS.maxMessageCrls, what);
  };
  const crls = list(0, 'crlVals');
  const ocspResponses = list(1, 'ocspVals');
  fields.optional(contextConstructed(2));
  fields.finish('RevocationValues');
  return { crls, ocspResponses };
}

function elements(reader: DerReader, max: number, what: string): Uint8Array[] {
  const list = reader.enter();
  const found: Uint8Array[] = [];
  while (!list.done) {
    if (found.length >= max) throw new PkiError('TOO_MANY', `more than ${max} of ${what}`, { offset: list.offset });
    found.push(list.expect(Tag.SEQUENCE, what).tlv());
  }
  return found;
}
