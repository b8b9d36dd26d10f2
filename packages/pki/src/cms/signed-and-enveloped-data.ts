import { DerReader } from '../asn1/reader.js';
import { contextConstructed, contextPrimitive, Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import type { AlgorithmIdentifier, MessageFamily, SignedData, SignerIdentifier } from '../model.js';
import { checkInput } from '../refuse.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import { BerReader, joinOctetString } from './ber.js';
import { id_gm_signedAndEnvelopedData, id_signedAndEnvelopedData } from './oids.js';
import {
  CERTIFICATE_CHOICES, CRL_CHOICES, enter, NO_CHOICES, readChoices, readDigestAlgorithms, readOid, readSignerIdentifier, readSignerInfos, readVersion, SHELL_ELEMENTS, strictly,
  type Reading,
} from './signed-data.js';

/** One for whom the content key is encrypted. */
export interface RecipientInfo {
  readonly version: number;
  /** By issuer and serial number; some middleware writes a subjectKeyIdentifier, which GM/T 0010 does not have. */
  readonly rid: SignerIdentifier;
  readonly keyEncryptionAlgorithm: AlgorithmIdentifier;
  /** For SM2 an SM2Cipher: `parseSm2Cipher`. */
  readonly encryptedKey: Uint8Array;
}

/** SM2 ciphertext in DER (GM/T 0009 §7.2): C1, C3, C2. */
export interface Sm2Cipher {
  /** 32 octets each, padded. Not checked to be on the curve. */
  readonly x: Uint8Array;
  readonly y: Uint8Array;
  /** C3, 32 octets. */
  readonly hash: Uint8Array;
  /** C2. */
  readonly cipherText: Uint8Array;
}

/** A SignedAndEnvelopedData of GM/T 0010 §11 or PKCS #7 (RFC 2315 §11). Nothing in it is decrypted here. */
export interface SignedAndEnvelopedData {
  readonly family: MessageFamily;
  readonly contentType: string;
  readonly version: number;
  readonly recipientInfos: readonly RecipientInfo[];
  readonly encryptedContentInfo: {
    readonly contentType: string;
    readonly contentEncryptionAlgorithm: AlgorithmIdentifier;
    /** Undefined when it lies elsewhere. */
    readonly encryptedContent: Uint8Array | undefined;
  };
  /**
   * Its signers, as of a detached message: who decrypts the content judges it with that. PKCS #7 encrypts the signature values once
   * more with the content key, which GM messages do not; such values do not verify as they stand.
   */
  readonly signed: SignedData;
}

/** A bid is opened by a few; a message with more recipients than this is refused. */
const MAX_RECIPIENTS = 100;

/**
 * Reads a signed and enveloped message. As `parseSignedData` in what is tolerated and in what is thrown.
 * @throws PkiError CONTENT_TYPE_UNSUPPORTED for another content type, and as `parseSignedData`
 */
export function parseSignedAndEnvelopedData(bytes: Uint8Array, limits?: Partial<PkiLimits>): SignedAndEnvelopedData {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxMessageBytes);
  const reading: Reading = { limits: budget, deviations: [] };
  const input = BerReader.over(bytes, budget.maxDepth, budget.maxSegments + SHELL_ELEMENTS);
  const contentInfo = enter(input.expect(Tag.SEQUENCE, 'ContentInfo'), reading, 'contentInfo');
  input.finish('ContentInfo');
  const contentType = readOid(contentInfo, budget);
  const family = contentType === id_gm_signedAndEnvelopedData ? 'gm' : contentType === id_signedAndEnvelopedData ? 'cms' : undefined;
  if (family === undefined) throw new PkiError('CONTENT_TYPE_UNSUPPORTED', `content type ${contentType} is not SignedAndEnvelopedData`, { detected: contentType });
  const explicit = enter(contentInfo.expect(contextConstructed(0), 'content'), reading, 'contentInfo.content');
  contentInfo.finish('ContentInfo');
  const data = enter(explicit.expect(Tag.SEQUENCE, 'SignedAndEnvelopedData'), reading, 'signedAndEnvelopedData');
  explicit.finish('content');

  const version = readVersion(data, 'version');
  const recipientInfos = readRecipientInfos(data, reading);
  const digestAlgorithms = readDigestAlgorithms(data, reading);
  const { info, encryptedContentInfo } = readEncryptedContentInfo(data, reading);
  const certificates = data.optional(contextConstructed(0)) ? readChoices(enter(data, reading, 'certificates'), reading, CERTIFICATE_CHOICES) : NO_CHOICES;
  const crls = data.optional(contextConstructed(1)) ? readChoices(enter(data, reading, 'crls'), reading, CRL_CHOICES) : NO_CHOICES;
  const signerInfos = readSignerInfos(data, reading);
  data.finish('SignedAndEnvelopedData');
  return {
    family, contentType, version, recipientInfos, encryptedContentInfo,
    signed: {
      bytes, family, contentType, version, digestAlgorithms, signerInfos,
      encapContentInfo: { contentType: encryptedContentInfo.contentType, bytes: info, content: undefined, contentTlv: undefined },
      certificates: certificates.x509, crls: crls.x509, ocspResponses: crls.ocsp, certificateChoices: certificates.all, revocationInfoChoices: crls.all,
      deviations: reading.deviations,
    },
  };
}

function readRecipientInfos(data: BerReader, reading: Reading): readonly RecipientInfo[] {
  const set = enter(data.expect(Tag.SET, 'recipientInfos'), reading, 'recipientInfos');
  const found: RecipientInfo[] = [];
  while (!set.done) {
    if (found.length >= MAX_RECIPIENTS) throw new PkiError('TOO_MANY', `more than ${MAX_RECIPIENTS} recipientInfos`, { offset: set.offset });
    const where = `recipientInfos[${found.length}]`;
    const info = enter(set.expect(Tag.SEQUENCE, where), reading, where);
    const version = readVersion(info, `${where}.version`);
    const rid = readSignerIdentifier(info, reading, where);
    const keyEncryptionAlgorithm = strictly(info, readAlgorithmIdentifier);
    const encryptedKey = info.expect(Tag.OCTET_STRING, 'encryptedKey').content();
    info.finish(where);
    found.push({ version, rid, keyEncryptionAlgorithm, encryptedKey });
  }
  return found;
}

function readEncryptedContentInfo(data: BerReader, reading: Reading): { readonly info: Uint8Array; readonly encryptedContentInfo: SignedAndEnvelopedData['encryptedContentInfo'] } {
  const outer = enter(data.expect(Tag.SEQUENCE, 'encryptedContentInfo'), reading, 'encryptedContentInfo');
  const info = data.tlv();
  const contentType = readOid(outer, reading.limits);
  const contentEncryptionAlgorithm = strictly(outer, readAlgorithmIdentifier);
  let encryptedContent: Uint8Array | undefined;
  if (!outer.done) {
    outer.next();
    if (outer.tag !== contextPrimitive(0) && outer.tag !== contextConstructed(0)) throw new PkiError('STRUCTURE_INVALID', 'encryptedContent is not [0]', { offset: outer.start });
    encryptedContent = joinOctetString(outer, reading.limits.maxSegments);
  }
  outer.finish('encryptedContentInfo');
  return { info, encryptedContentInfo: { contentType, contentEncryptionAlgorithm, encryptedContent } };
}

/**
 * Reads an SM2Cipher. Coordinates are INTEGERs, shorter than 32 octets in one of 256 ciphertexts.
 * @throws PkiError STRUCTURE_INVALID, DER_INVALID, TRUNCATED, TRAILING_DATA
 */
export function parseSm2Cipher(der: Uint8Array): Sm2Cipher {
  const reader = new DerReader(der);
  const fields = reader.expect(Tag.SEQUENCE, 'SM2Cipher').enter();
  reader.finish('SM2Cipher');
  const [x, y] = [coordinate(fields), coordinate(fields)];
  const hash = fields.expect(Tag.OCTET_STRING, 'hash').content();
  const cipherText = fields.expect(Tag.OCTET_STRING, 'cipherText').content();
  fields.finish('SM2Cipher');
  if (hash.length !== 32) throw new PkiError('STRUCTURE_INVALID', `hash of ${hash.length} octets`);
  return { x, y, hash, cipherText };
}

function coordinate(fields: DerReader): Uint8Array {
  const content = fields.expect(Tag.INTEGER, 'coordinate').content();
  const magnitude = content[0] === 0 ? content.subarray(1) : content;
  if (content.length === 0 || content[0]! > 0x7f || magnitude.length > 32) throw new PkiError('STRUCTURE_INVALID', 'a coordinate is a non-negative INTEGER of 32 octets at most');
  const padded = new Uint8Array(32);
  padded.set(magnitude, 32 - magnitude.length);
  return padded;
}
