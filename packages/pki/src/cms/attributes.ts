import { decodeOid } from '../asn1/oid.js';
import { DerReader } from '../asn1/reader.js';
import { Tag } from '../asn1/tag.js';
import { readTime } from '../asn1/time.js';
import { PkiError } from '../error.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { AlgorithmIdentifier, AttributeSet } from '../model.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import { id_aa_signingCertificateV2, id_contentType, id_messageDigest, id_sha256, id_signingTime } from './oids.js';

/**
 * An attribute that must appear once with one value (RFC 5652 §11). When it does not, there is no value to hand
 * out: a caller cannot take "the first one" by accident, and the judge refuses the set.
 */
export type SingleAttribute<T> =
  | { readonly duplicate: false; readonly value: T }
  /** The type appears in several attributes, or once with several values. */
  | { readonly duplicate: true };

/** ESSCertIDv2, RFC 5035 §4. */
export interface EssCertIdV2 {
  /** SHA-256 without parameters when the field is left out, its DEFAULT. */
  readonly hashAlgorithm: AlgorithmIdentifier;
  /** Digest of the whole certificate. */
  readonly certHash: Uint8Array;
  /** IssuerSerial's whole TLV. */
  readonly issuerSerial: Uint8Array | undefined;
}

/** SigningCertificateV2, RFC 5035 §3: the first entry names the signer's certificate. */
export interface SigningCertificateV2 {
  readonly certs: readonly EssCertIdV2[];
}

/**
 * messageDigest (RFC 5652 §11.2): the content octets of the OCTET STRING. Undefined when the attribute is absent.
 * @throws PkiError STRUCTURE_INVALID when there is no value or it is malformed
 */
export function messageDigestOf(set: AttributeSet): SingleAttribute<Uint8Array> | undefined {
  return single(set, id_messageDigest, (value) => value.expect(Tag.OCTET_STRING, 'messageDigest').content());
}

/** contentType (RFC 5652 §11.1): a dotted OID. Otherwise as {@link messageDigestOf}. */
export function contentTypeOf(set: AttributeSet): SingleAttribute<string> | undefined {
  return single(set, id_contentType, (value) => decodeOid(value.expect(Tag.OID, 'contentType').content()));
}

/** signingTime (RFC 5652 §11.3): epoch milliseconds, claimed by the signer. Otherwise as {@link messageDigestOf}. */
export function signingTimeOf(set: AttributeSet): SingleAttribute<number> | undefined {
  return single(set, id_signingTime, readTime);
}

/** signingCertificateV2 (RFC 5035 §3). Otherwise as {@link messageDigestOf}. */
export function signingCertificateV2Of(set: AttributeSet): SingleAttribute<SigningCertificateV2> | undefined {
  return single(set, id_aa_signingCertificateV2, readSigningCertificateV2);
}

function single<T>(set: AttributeSet, type: string, read: (value: DerReader) => T): SingleAttribute<T> | undefined {
  const [attribute, another] = set.find(type);
  if (attribute === undefined) return undefined;
  if (another !== undefined || attribute.values.length > 1) return { duplicate: true };
  const bytes = attribute.values[0];
  if (bytes === undefined) throw new PkiError('STRUCTURE_INVALID', `attribute ${type} has no value`);
  try {
    const reader = new DerReader(bytes, 0, bytes.length, DEFAULT_LIMITS.maxDepth);
    const value = read(reader);
    reader.finish(`attribute ${type}`);
    return { duplicate: false, value };
  } catch (cause) {
    if (!(cause instanceof PkiError) || cause.code === 'STRUCTURE_INVALID') throw cause;
    throw new PkiError('STRUCTURE_INVALID', `attribute ${type}: ${cause.message}`, { cause });
  }
}

/** AlgorithmIdentifier of SHA-256, the DEFAULT of ESSCertIDv2.hashAlgorithm. */
function defaultHashAlgorithm(): AlgorithmIdentifier {
  const bytes = Uint8Array.of(0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01);
  return { bytes, oid: id_sha256, parameters: undefined };
}

function readSigningCertificateV2(value: DerReader): SigningCertificateV2 {
  const outer = value.expect(Tag.SEQUENCE, 'SigningCertificateV2').enter();
  const list = outer.expect(Tag.SEQUENCE, 'certs').enter();
  outer.optional(Tag.SEQUENCE); // policies
  outer.finish('SigningCertificateV2');
  const certs: EssCertIdV2[] = [];
  while (!list.done) {
    if (certs.length >= DEFAULT_LIMITS.maxMessageCertificates) throw new PkiError('TOO_MANY', 'too many ESSCertIDv2');
    const id = list.expect(Tag.SEQUENCE, 'ESSCertIDv2').enter();
    const hashAlgorithm = id.peek() === Tag.SEQUENCE ? readAlgorithmIdentifier(id) : defaultHashAlgorithm();
    const certHash = id.expect(Tag.OCTET_STRING, 'certHash').content();
    const issuerSerial = id.optional(Tag.SEQUENCE) ? id.tlv() : undefined;
    id.finish('ESSCertIDv2');
    certs.push({ hashAlgorithm, certHash, issuerSerial });
  }
  if (certs.length === 0) throw new PkiError('STRUCTURE_INVALID', 'SigningCertificateV2 names no certificate');
  return { certs };
}
