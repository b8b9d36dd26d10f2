import { explicit, implicitPrimitive, integer, octetString, oid, sequence, setOf, time, tlv } from '../asn1/writer.js';
import { hexOf } from '../asn1/bytes.js';
import { retagged } from './retagged.js';
import { Tag } from '../asn1/tag.js';
import type { MessageFamily } from '../model.js';
import { writtenAttribute, type AttributeToAdd } from './written-attribute.js';
import {
  id_aa_signingCertificateV2, id_contentType, id_data, id_gm_data, id_gm_signedData, id_messageDigest, id_sha256, id_signedData, id_signingTime,
} from './oids.js';

/** An AlgorithmIdentifier to write; `parameters` is a whole TLV, absent by default. NULL is `05 00`. */
export interface AlgorithmToWrite {
  readonly oid: string;
  readonly parameters?: Uint8Array;
}

export interface SigningCertificateToWrite {
  /** SHA-256 when left out: it is the DEFAULT, which DER does not write. */
  readonly hashAlgorithm?: AlgorithmToWrite;
  /** Digest of the signer's whole certificate. */
  readonly certHash: Uint8Array;
  /** IssuerSerial's whole TLV (RFC 5035 §5). */
  readonly issuerSerial?: Uint8Array;
}

export interface SignedAttributesToWrite {
  /** eContentType of the message, dotted; left out of countersignatures (RFC 5652 §11.4). */
  readonly contentType?: string;
  readonly messageDigest: Uint8Array;
  /** Epoch milliseconds; whole seconds. */
  readonly signingTime?: number;
  readonly signingCertificateV2?: SigningCertificateToWrite;
  /** Attributes of other types. */
  readonly others?: readonly AttributeToAdd[];
}

/**
 * The signed attributes as the DER `SET OF Attribute` (tag 31) that is digested and signed (RFC 5652 §5.4).
 * `buildSignedData` takes them as they are.
 * @throws TypeError when a value cannot be written
 */
export function buildSignedAttributes(attributes: SignedAttributesToWrite): Uint8Array {
  const written = [attribute(id_messageDigest, octetString(attributes.messageDigest)), ...(attributes.others ?? []).map(writtenAttribute)];
  if (attributes.contentType !== undefined) written.push(attribute(id_contentType, oid(attributes.contentType)));
  if (attributes.signingTime !== undefined) {
    if (attributes.signingTime % 1000 !== 0) throw new TypeError('signingTime is whole seconds (RFC 5652 §11.3)');
    written.push(attribute(id_signingTime, time(attributes.signingTime)));
  }
  if (attributes.signingCertificateV2 !== undefined) {
    written.push(attribute(id_aa_signingCertificateV2, signingCertificateV2(attributes.signingCertificateV2)));
  }
  return setOf(...written);
}

export type SignerIdentifierToWrite =
  /** `issuer`: the Name's whole TLV, byte for byte from the certificate; `serialNumber`: content octets, likewise. */
  | { readonly issuer: Uint8Array; readonly serialNumber: Uint8Array }
  /** Content octets of the certificate's subjectKeyIdentifier; CMS only. */
  | { readonly subjectKeyIdentifier: Uint8Array };

export interface SignerToWrite {
  readonly sid: SignerIdentifierToWrite;
  /** The message's `digestAlgorithm` when left out. */
  readonly digestAlgorithm?: AlgorithmToWrite;
  /** A SET OF (tag 31) from `buildSignedAttributes`. */
  readonly signedAttrs?: Uint8Array;
  readonly signatureAlgorithm: AlgorithmToWrite;
  /** Signature value as the algorithm defines it: RSA octets; DER `SEQUENCE { r, s }` for ECDSA and SM2. */
  readonly signature: Uint8Array;
  /** A SET OF (tag 31). */
  readonly unsignedAttrs?: Uint8Array;
}

export interface SignedDataToWrite {
  /** `cms`: RFC 5652 under id-signedData; `gm`: GM/T 0010 object identifiers, PKCS #7 shape, version 1 throughout. */
  readonly family: MessageFamily;
  readonly digestAlgorithm: AlgorithmToWrite;
  /** eContentType, dotted; the family's `data` when left out. */
  readonly encapContentType?: string;
  /** Attached content octets; left out for a detached message. */
  readonly content?: Uint8Array;
  /** Whole DER certificates, written in DER SET OF order, not in the order given. */
  readonly certificates: readonly Uint8Array[];
  /** Whole DER CRLs. */
  readonly crls?: readonly Uint8Array[];
  readonly signers: readonly SignerToWrite[];
}

/**
 * A ContentInfo with SignedData, in DER. Signatures come ready made; nothing is computed here but versions
 * (RFC 5652 §5.1, §5.3; always 1 for `gm`).
 * @throws TypeError when the parts do not make a message of the family
 */
export function buildSignedData(message: SignedDataToWrite): Uint8Array {
  const gm = message.family === 'gm';
  const data = gm ? id_gm_data : id_data;
  const contentType = message.encapContentType ?? data;
  const isData = contentType === data;
  for (const { sid, signedAttrs } of message.signers) {
    if (gm && 'subjectKeyIdentifier' in sid) throw new TypeError('GM/T 0010 signers are named by issuerAndSerialNumber');
    if (!isData && signedAttrs === undefined) throw new TypeError('content other than data needs signed attributes (RFC 5652 §5.3)');
  }
  const version = !gm && (!isData || message.signers.some(({ sid }) => 'subjectKeyIdentifier' in sid)) ? 3 : 1;

  const digests = new Map<string, Uint8Array>();
  for (const algorithm of [message.digestAlgorithm, ...message.signers.map((signer) => signer.digestAlgorithm ?? message.digestAlgorithm)]) {
    const written = algorithmIdentifier(algorithm);
    digests.set(hexOf(written), written);
  }

  const encapContentInfo = message.content === undefined
    ? sequence(oid(contentType))
    : sequence(oid(contentType), explicit(0, octetString(message.content)));
  const fields = [integer(version), setOf(...digests.values()), encapContentInfo];
  if (message.certificates.length > 0) fields.push(retagged(setOf(...message.certificates.map(certificate)), 0));
  if (message.crls !== undefined && message.crls.length > 0) fields.push(retagged(setOf(...message.crls.map(certificate)), 1));
  fields.push(setOf(...message.signers.map((signer) => buildSignerInfo(signer, message.digestAlgorithm))));
  return sequence(oid(gm ? id_gm_signedData : id_signedData), explicit(0, sequence(...fields)));
}

/** One SignerInfo, DER: to stand in a message, or alone as a countersignature (RFC 5652 §5.3, §11.4). */
export function buildSignerInfo(signer: SignerToWrite, digestAlgorithm: AlgorithmToWrite): Uint8Array {
  const { sid } = signer;
  const bySki = 'subjectKeyIdentifier' in sid;
  const fields = [
    integer(bySki ? 3 : 1),
    bySki ? implicitPrimitive(0, sid.subjectKeyIdentifier) : sequence(name(sid.issuer), serialNumber(sid.serialNumber)),
    algorithmIdentifier(signer.digestAlgorithm ?? digestAlgorithm),
  ];
  if (signer.signedAttrs !== undefined) fields.push(retagged(signer.signedAttrs, 0));
  fields.push(algorithmIdentifier(signer.signatureAlgorithm), octetString(signer.signature));
  if (signer.unsignedAttrs !== undefined) fields.push(retagged(signer.unsignedAttrs, 1));
  return sequence(...fields);
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return writtenAttribute({ type, values: [value] });
}

function signingCertificateV2(signing: SigningCertificateToWrite): Uint8Array {
  const fields = [octetString(signing.certHash)];
  const { hashAlgorithm } = signing;
  if (hashAlgorithm !== undefined && !(hashAlgorithm.oid === id_sha256 && hashAlgorithm.parameters === undefined)) fields.unshift(algorithmIdentifier(hashAlgorithm));
  if (signing.issuerSerial !== undefined) fields.push(signing.issuerSerial);
  return sequence(sequence(sequence(...fields)));
}

/** An AlgorithmIdentifier, DER. */
export function algorithmIdentifier(algorithm: AlgorithmToWrite): Uint8Array {
  return sequence(oid(algorithm.oid), ...(algorithm.parameters === undefined ? [] : [algorithm.parameters]));
}

function name(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== Tag.SEQUENCE) throw new TypeError('issuer is a whole Name');
  return bytes;
}

/** Written as it stands in the certificate, even where that is not a minimal INTEGER. */
function serialNumber(content: Uint8Array): Uint8Array {
  if (content.length === 0) throw new TypeError('serialNumber is the content octets of an INTEGER');
  return tlv(Tag.INTEGER, content);
}

function certificate(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== Tag.SEQUENCE) throw new TypeError('certificates and CRLs are whole DER structures');
  return bytes;
}
