import { decodeOid, decodeOidAt } from '../asn1/oid.js';
import { DerReader } from '../asn1/reader.js';
import { contextConstructed, contextPrimitive, Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import type { AlgorithmIdentifier, Deviation, EncapsulatedContent, MessageFamily, SignedData, SignerIdentifier, SignerInfo } from '../model.js';
import { checkInput, refusal } from '../refuse.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import { readName } from '../x509/name.js';
import { type ParsedAttributeSet, readAttributeSet } from './attribute-set.js';
import { BerReader, joinOctetString } from './ber.js';
import type { CmsDeviationId } from './deviations.js';
import { id_countersignature, id_data, id_gm_data, id_gm_signedData, id_ri_ocsp_response, id_signedData, OTHER_CONTENT_TYPES } from './oids.js';

/** Elements a message may hold inside indefinite lengths, besides the segments of its content. */
export const SHELL_ELEMENTS = 10_000;

/** One message being read: its cursor's owner, its limits, and where tolerated findings go. */
export interface Reading {
  readonly limits: PkiLimits;
  readonly deviations: Deviation[];
}

export function note(reading: Reading, id: CmsDeviationId, where: string, found?: string): void {
  reading.deviations.push(found === undefined ? { id, where } : { id, where, found });
}

/** Enters the current element, recording an indefinite length. */
export function enter(reader: BerReader, reading: Reading, where: string): BerReader {
  if (reader.indefinite) note(reading, 'CMS_BER_INDEFINITE', where);
  return reader.enter();
}

/** Runs a strict DER reading of the next element. */
export function strictly<T>(reader: BerReader, read: (strict: DerReader) => T): T {
  const strict = reader.strict();
  const value = read(strict);
  reader.resume(strict);
  return value;
}

/**
 * Reads a signed message: ContentInfo with SignedData of CMS (RFC 5652 §5.1), of PKCS #7 1.5 (RFC 2315 §9) or of
 * GM/T 0010-2012 (GB/T 35275-2017 §8). DER, or BER where streaming signers write it: indefinite lengths of the shell and a
 * constructed content string. Certificates, CRLs, names, algorithm identifiers and signed attributes are DER.
 *
 * Says what is there and gives no verdict: a message without signers, certificates or content is read, versions
 * are recorded and not enforced, and what was tolerated is in `deviations`. Everything returned is a view over
 * `bytes`, except a content string joined from several segments and `signedAttrs.signedBytes`.
 *
 * @throws PkiError EMPTY_INPUT, INPUT_TOO_LARGE, WRONG_STRUCTURE (with `detected`), CONTENT_TYPE_UNSUPPORTED (with
 * `detected`, e.g. `enveloped-data`), TRUNCATED, DER_INVALID, STRUCTURE_INVALID, TOO_DEEP, TOO_MANY, TRAILING_DATA
 */
export function parseSignedData(bytes: Uint8Array, limits?: Partial<PkiLimits>): SignedData {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxMessageBytes);
  const reading: Reading = { limits: budget, deviations: [] };
  const input = BerReader.over(bytes, budget.maxDepth, budget.maxSegments + SHELL_ELEMENTS);

  if (input.peek() !== Tag.SEQUENCE) throw noContentInfo(bytes, budget);
  const contentInfo = enter(input.next(), reading, 'contentInfo');
  if (contentInfo.peek() !== Tag.OID) throw noContentInfo(bytes, budget);
  const contentType = readOid(contentInfo, budget);
  const family = familyOf(contentType, contentInfo, budget);
  input.finish('ContentInfo');

  const explicit = enter(contentInfo.expect(contextConstructed(0), 'content'), reading, 'contentInfo.content');
  contentInfo.finish('ContentInfo');
  const signed = enter(explicit.expect(Tag.SEQUENCE, 'SignedData'), reading, 'signedData');
  explicit.finish('content');

  const version = readVersion(signed, 'version');
  const digestAlgorithms = readDigestAlgorithms(signed, reading);
  const encapContentInfo = readEncapContentInfo(signed, reading, family);
  const certificates = signed.optional(contextConstructed(0)) ? readChoices(enter(signed, reading, 'certificates'), reading, CERTIFICATE_CHOICES) : NO_CHOICES;
  const crls = signed.optional(contextConstructed(1)) ? readChoices(enter(signed, reading, 'crls'), reading, CRL_CHOICES) : NO_CHOICES;
  const signerInfos = readSignerInfos(signed, reading);
  signed.finish('SignedData');

  const expected = expectedVersion(family, encapContentInfo.contentType, certificates.highest, crls.highest, signerInfos);
  if (version !== expected) note(reading, 'CMS_VERSION_MISMATCH', 'version', `${version}, expected ${expected}`);

  return {
    bytes, family, contentType, version, digestAlgorithms, encapContentInfo, signerInfos,
    certificates: certificates.x509,
    crls: crls.x509,
    ocspResponses: crls.ocsp,
    certificateChoices: certificates.all,
    revocationInfoChoices: crls.all,
    deviations: reading.deviations,
  };
}

/** Not a ContentInfo: WRONG_STRUCTURE when the input is recognisably something else. */
function noContentInfo(bytes: Uint8Array, budget: PkiLimits): unknown {
  const finding = new PkiError('STRUCTURE_INVALID', 'not a ContentInfo', { offset: 0 });
  const error = refusal(finding, bytes, 'signed-data', budget.maxDepth);
  // `refusal` looks for faults of DER, which an indefinite shell is not.
  return bytes[1] === 0x80 && error instanceof PkiError && error.code === 'DER_INVALID' ? finding : error;
}

function familyOf(contentType: string, contentInfo: BerReader, budget: PkiLimits): MessageFamily {
  if (contentType === id_signedData) return 'cms';
  if (contentType === id_gm_signedData) return 'gm';
  // An OID first is also an AlgorithmIdentifier, an attribute…: only a ContentInfo goes on with [0].
  const known = Object.hasOwn(OTHER_CONTENT_TYPES, contentType) ? OTHER_CONTENT_TYPES[contentType] : undefined;
  if (known === undefined && contentInfo.peek() !== contextConstructed(0)) throw noContentInfo(contentInfo.bytes, budget);
  throw new PkiError('CONTENT_TYPE_UNSUPPORTED', `content type ${contentType} is not SignedData`, { detected: known ?? contentType });
}

export function readOid(reader: BerReader, limits: PkiLimits): string {
  reader.expect(Tag.OID, 'content type');
  if (reader.end - reader.contentStart > limits.maxOidBytes) {
    throw new PkiError('INPUT_TOO_LARGE', `object identifier of more than ${limits.maxOidBytes} octets`, { offset: reader.start });
  }
  return decodeOidAt(reader.bytes, reader.contentStart, reader.contentEnd);
}

/** CMSVersion: a small non-negative INTEGER. */
export function readVersion(reader: BerReader, what: string): number {
  reader.expect(Tag.INTEGER, what);
  const value = reader.bytes[reader.contentStart]!;
  if (reader.end - reader.contentStart !== 1 || value > 0x7f) {
    throw new PkiError('STRUCTURE_INVALID', `${what} is not a small non-negative INTEGER`, { offset: reader.start });
  }
  return value;
}

export function readDigestAlgorithms(signed: BerReader, reading: Reading): AlgorithmIdentifier[] {
  const set = enter(signed.expect(Tag.SET, 'digestAlgorithms'), reading, 'digestAlgorithms');
  const algorithms: AlgorithmIdentifier[] = [];
  while (!set.done) {
    if (algorithms.length >= reading.limits.maxSignerInfos) {
      throw new PkiError('TOO_MANY', `more than ${reading.limits.maxSignerInfos} digestAlgorithms`, { offset: set.offset });
    }
    algorithms.push(strictly(set, readAlgorithmIdentifier));
  }
  return algorithms;
}

function readEncapContentInfo(signed: BerReader, reading: Reading, family: MessageFamily): EncapsulatedContent {
  const info = enter(signed.expect(Tag.SEQUENCE, 'encapContentInfo'), reading, 'encapContentInfo');
  const bytes = signed.tlv();

  // One regional CA writes a detached message's content type as an OID of no octets.
  if (info.peek() === Tag.OID && info.bytes[info.offset + 1] === 0 && info.offset + 2 === info.limit) {
    note(reading, 'CMS_CONTENT_TYPE_EMPTY', 'encapContentInfo.eContentType');
    return { contentType: '', bytes, content: undefined, contentTlv: undefined };
  }
  const contentType = readOid(info, reading.limits);
  if (contentType === (family === 'cms' ? id_gm_data : id_data)) {
    note(reading, 'CMS_CONTENT_TYPE_OF_OTHER_FAMILY', 'encapContentInfo.eContentType', contentType);
  }
  if (info.done) return { contentType, bytes, content: undefined, contentTlv: undefined };

  const explicit = enter(info.expect(contextConstructed(0), 'eContent'), reading, 'encapContentInfo.eContent');
  const contentTlv = info.tlv();
  info.finish('encapContentInfo');
  if (explicit.done) throw new PkiError('STRUCTURE_INVALID', 'eContent is empty', { offset: explicit.offset });
  explicit.next();
  let content: Uint8Array;
  if (explicit.tag === Tag.OCTET_STRING || explicit.tag === (Tag.OCTET_STRING | 0x20)) {
    if (explicit.indefinite) note(reading, 'CMS_BER_INDEFINITE', 'encapContentInfo.eContent.string');
    if (explicit.tag !== Tag.OCTET_STRING) note(reading, 'CMS_BER_CONSTRUCTED_STRING', 'encapContentInfo.eContent');
    content = joinOctetString(explicit, reading.limits.maxSegments);
  } else {
    // PKCS #7 content is ANY, digested without its identifier and length octets (RFC 2315 §9.3), which needs DER.
    if (explicit.indefinite) throw new PkiError('DER_INVALID', 'content that is not an OCTET STRING has an indefinite length', { offset: explicit.start });
    note(reading, 'CMS_CONTENT_NOT_OCTET_STRING', 'encapContentInfo.eContent', `tag ${explicit.tag.toString(16).padStart(2, '0')}`);
    content = explicit.content();
  }
  explicit.finish('eContent');
  return { contentType, bytes, content, contentTlv };
}

export interface Choices {
  readonly field: 'certificates' | 'crls';
  readonly max: 'maxMessageCertificates' | 'maxMessageCrls';
  readonly skipped: CmsDeviationId;
  /** What the context tags 0, 1, … of the CHOICE stand for. */
  readonly names: readonly (string | undefined)[];
}

/** CertificateChoices, RFC 5652 §10.2.2. */
export const CERTIFICATE_CHOICES: Choices = {
  field: 'certificates',
  max: 'maxMessageCertificates',
  skipped: 'CMS_CERTIFICATE_CHOICE_SKIPPED',
  names: ['extendedCertificate', 'v1AttrCert', 'v2AttrCert', 'other'],
};
/** RevocationInfoChoice, RFC 5652 §10.2.1; `other` carries OCSP responses (RFC 5940). */
export const CRL_CHOICES: Choices = { field: 'crls', max: 'maxMessageCrls', skipped: 'CMS_CRL_CHOICE_SKIPPED', names: [undefined, 'other'] };

export interface FoundChoices {
  /** Whole TLVs of the X.509 choice. */
  readonly x509: readonly Uint8Array[];
  readonly ocsp: readonly Uint8Array[];
  readonly all: readonly Uint8Array[];
  /** The highest context tag that was skipped plus one, 0 when none was: versions depend on it. */
  readonly highest: number;
}

export const NO_CHOICES: FoundChoices = { x509: [], ocsp: [], all: [], highest: 0 };

export function readChoices(set: BerReader, reading: Reading, choices: Choices): FoundChoices {
  const max = reading.limits[choices.max];
  const [x509, ocsp, all]: [Uint8Array[], Uint8Array[], Uint8Array[]] = [[], [], []];
  let highest = 0;
  for (let index = 0; !set.done; index++) {
    if (index >= max) throw new PkiError('TOO_MANY', `more than ${max} ${choices.field}`, { offset: set.offset });
    const tag = set.peek();
    if (tag === Tag.SEQUENCE) {
      const tlv = strictly(set, (strict) => strict.next().tlv());
      x509.push(tlv);
      all.push(tlv);
      continue;
    }
    const choice = tag - contextConstructed(0);
    const name = choices.names[choice];
    if (name === undefined) throw new PkiError('STRUCTURE_INVALID', `unknown choice in ${choices.field}`, { offset: set.offset });
    set.next();
    all.push(set.tlv());
    highest = Math.max(highest, choice + 1);
    const response = choices === CRL_CHOICES ? ocspResponseOf(set.tlv(), reading.limits) : undefined;
    if (response === undefined) note(reading, choices.skipped, `${choices.field}[${index}]`, name);
    else ocsp.push(response);
  }
  return { x509, ocsp, all, highest };
}

/** OtherRevocationInfoFormat ::= [1] IMPLICIT SEQUENCE { otherRevInfoFormat OID, otherRevInfo ANY } holding an OCSPResponse (RFC 5940 §2.1). */
function ocspResponseOf(choice: Uint8Array, limits: PkiLimits): Uint8Array | undefined {
  try {
    const outer = new DerReader(choice, 0, choice.length, limits.maxDepth);
    outer.next();
    const fields = outer.enter();
    const format = decodeOid(fields.expect(Tag.OID, 'otherRevInfoFormat').content());
    if (format !== id_ri_ocsp_response) return undefined;
    const response = fields.expect(Tag.SEQUENCE, 'OCSPResponse').tlv();
    fields.finish('OtherRevocationInfoFormat');
    return response;
  } catch (error) {
    // Evidence that cannot be read is passed over like that of another kind.
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

export function readSignerInfos(signed: BerReader, reading: Reading): SignerInfo[] {
  const set = enter(signed.expect(Tag.SET, 'signerInfos'), reading, 'signerInfos');
  const signers: SignerInfo[] = [];
  while (!set.done) {
    if (signers.length >= reading.limits.maxSignerInfos) {
      throw new PkiError('TOO_MANY', `more than ${reading.limits.maxSignerInfos} signerInfos`, { offset: set.offset });
    }
    set.expect(Tag.SEQUENCE, 'SignerInfo');
    signers.push(readSignerInfo(set, reading, `signerInfos[${signers.length}]`));
  }
  return signers;
}

/** SignerInfo, RFC 5652 §5.3 and RFC 2315 §9.2: the same fields under two sets of names. */
function readSignerInfo(set: BerReader, reading: Reading, where: string): SignerInfo {
  const bytes = set.tlv();
  const info = enter(set, reading, where);
  const first = info.offset;
  const version = readVersion(info, `${where}.version`);
  const sid = readSignerIdentifier(info, reading, where);
  const digestAlgorithm = strictly(info, readAlgorithmIdentifier);
  let signedAttrs: ParsedAttributeSet | undefined;
  if (info.peek() === contextConstructed(0)) {
    signedAttrs = strictly(info, (strict) => readAttributeSet(strict.next(), reading.limits));
    if (!signedAttrs.sorted) note(reading, 'CMS_SIGNED_ATTRS_NOT_SORTED', `${where}.signedAttrs`);
  }
  const signatureAlgorithm = strictly(info, readAlgorithmIdentifier);
  const signature = info.expect(Tag.OCTET_STRING, 'signature').content();
  const fields = info.bytes.subarray(first, info.end);
  let unsignedAttrs: ParsedAttributeSet | undefined;
  if (info.optional(contextConstructed(1))) {
    if (info.indefinite) note(reading, 'CMS_BER_INDEFINITE', `${where}.unsignedAttrs`);
    unsignedAttrs = readAttributeSet(info, reading.limits);
  }
  info.finish('SignerInfo');

  const expected = sid.kind === 'subjectKeyIdentifier' ? 3 : 1;
  if (version !== expected) note(reading, 'CMS_SIGNER_VERSION_MISMATCH', `${where}.version`, `${version}, expected ${expected}`);
  return { bytes, version, sid, digestAlgorithm, signedAttrs, signatureAlgorithm, signature, unsignedAttrs, fields };
}

export function readSignerIdentifier(info: BerReader, reading: Reading, where: string): SignerIdentifier {
  if (info.peek() === contextPrimitive(0)) return { kind: 'subjectKeyIdentifier', keyIdentifier: info.next().content() };
  const sid = enter(info.expect(Tag.SEQUENCE, 'sid'), reading, `${where}.sid`);
  const issuer = strictly(sid, (strict) => readName(strict, reading.limits.maxNameAttributes));
  sid.expect(Tag.INTEGER, 'serialNumber');
  if (sid.end === sid.contentStart) throw new PkiError('STRUCTURE_INVALID', 'serialNumber is empty', { offset: sid.start });
  const serialNumber = sid.content();
  sid.finish('issuerAndSerialNumber');
  return { kind: 'issuerAndSerialNumber', issuer, serialNumber };
}

/** RFC 5652 §5.1; PKCS #7 and GM/T 0010 always say 1. `others` are the skipped choices. */
function expectedVersion(family: MessageFamily, eContentType: string, others: number, otherCrls: number, signers: readonly SignerInfo[]): number {
  if (family === 'gm') return 1;
  if (others === 4 || otherCrls > 0) return 5;
  if (others === 3) return 4;
  if (others === 2 || signers.some((signer) => signer.version === 3)) return 3;
  return eContentType === id_data || eContentType === id_gm_data || eContentType === '' ? 1 : 3;
}

/**
 * The countersignatures of a signer (RFC 5652 §11.4): SignerInfos over the octets of its signature value. An attribute that nothing
 * signs, so they say who vouches, never who did not.
 * @throws PkiError as {@link parseSignedData} for one that is malformed
 */
export function readCountersignatures({ unsignedAttrs }: SignerInfo, limits?: Partial<PkiLimits>): readonly SignerInfo[] {
  const budget = withLimits(limits);
  const values = (unsignedAttrs?.find(id_countersignature) ?? []).flatMap((attribute) => attribute.values);
  if (values.length > budget.maxSignerInfos) throw new PkiError('TOO_MANY', `more than ${budget.maxSignerInfos} countersignatures`);
  return values.map((bytes, index) => {
    const reader = BerReader.over(bytes, budget.maxDepth, SHELL_ELEMENTS);
    reader.expect(Tag.SEQUENCE, 'SignerInfo');
    reader.finish('countersignature');
    return readSignerInfo(reader, { limits: budget, deviations: [] }, `countersignatures[${index}]`);
  });
}
