import { readSmallInteger } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { Tag, contextConstructed } from '../asn1/tag.js';
import { sequence } from '../asn1/writer.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import { checkInput, refusal } from '../refuse.js';
import { MAX_SEAL_ITEMS, readBits, readCertificateOctets, readDate, readExtensions, readOid, readText, SesFindings } from './elements.js';
import type { Seal, SealCertList, SealInfo, SesVersion } from './model.js';

/**
 * Reads an electronic seal, DER, nothing after it: SESeal of GM/T 0031-2014 (two members), GB/T 38540-2020 (four) or
 * GM/T 0031-2025 (four or five, `header.version` 5). Everything is a view over `bytes`.
 * @throws PkiError the codes of `parseCertificate`; VERSION_UNSUPPORTED when the members fit none of the three
 */
export function parseSeal(bytes: Uint8Array, limits?: Partial<PkiLimits>): Seal {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxSealBytes);
  try {
    const outer = new DerReader(bytes, 0, bytes.length, budget.maxDepth);
    const seal = readSeal(outer, new SesFindings());
    outer.finish('SESeal');
    return seal;
  } catch (error) {
    throw refusal(error, bytes, 'unknown', budget.maxDepth);
  }
}

/** @param reader before the SESeal */
export function readSeal(reader: DerReader, findings: SesFindings): Seal {
  const bytes = reader.expect(Tag.SEQUENCE, 'SESeal').tlv();
  const fields = reader.enter();
  const infoTlv = fields.expect(Tag.SEQUENCE, 'SES_SealInfo').tlv();
  const infoReader = fields.enter();
  if (fields.peek() === Tag.SEQUENCE) {
    const info = readInfo(infoReader, infoTlv, 1, findings);
    fields.next();
    const sign = fields.enter();
    fields.finish('SESeal');
    const parts = readMakerSignature(sign, findings);
    sign.finish('SES_SignInfo');
    return { bytes, version: 1, info, ...parts.fields, signedBytes: formsOf(infoTlv, parts), timeStamp: undefined, deviations: findings.list };
  }
  const parts = readMakerSignature(fields, findings);
  let timeStamp: Uint8Array | undefined;
  if (fields.optional(contextConstructed(0))) {
    const explicit = fields.enter();
    timeStamp = readBits(explicit, 'timeStamp', findings);
    explicit.finish('timeStamp');
  }
  fields.finish('SESeal');
  const version: SesVersion = timeStamp !== undefined || statedVersion(infoReader) === 5 ? 5 : 4;
  const info = readInfo(infoReader, infoTlv, version, findings);
  return { bytes, version, info, ...parts.fields, signedBytes: formsOf(infoTlv, parts), timeStamp, deviations: findings.list };
}

interface MakerSignature {
  readonly fields: Pick<Seal, 'makerCertificate' | 'signatureAlgorithm' | 'signature'>;
  readonly certTlv: Uint8Array;
  readonly algorithmTlv: Uint8Array;
}

function readMakerSignature(fields: DerReader, findings: SesFindings): MakerSignature {
  const makerCertificate = readCertificateOctets(fields, 'cert');
  const certTlv = fields.tlv();
  const signatureAlgorithm = readOid(fields, 'signAlgID');
  const algorithmTlv = fields.tlv();
  const signature = readBits(fields, 'signedValue', findings);
  return { fields: { makerCertificate, signatureAlgorithm, signature }, certTlv, algorithmTlv };
}

/** Lengths before the parts, which stay octet for octet: what makers put before their signature. */
function formsOf(info: Uint8Array, { certTlv, algorithmTlv }: MakerSignature): Seal['signedBytes'] {
  return [
    { form: 'info', bytes: info },
    { form: 'info-cert-alg', bytes: sequence(info, certTlv, algorithmTlv) },
  ];
}

/** `header.version`, looked up before the rest is read. */
function statedVersion(info: DerReader): number | undefined {
  const look = new DerReader(info.bytes, info.offset, info.limit, info.maxDepth, info.depth);
  const header = look.expect(Tag.SEQUENCE, 'SES_Header').enter();
  header.next();
  return header.peek() === Tag.INTEGER ? readSmallInteger(header, 'version') : undefined;
}

function readInfo(fields: DerReader, bytes: Uint8Array, version: SesVersion, findings: SesFindings): SealInfo {
  const header = fields.expect(Tag.SEQUENCE, 'SES_Header').enter();
  const id = readText(header, Tag.IA5_STRING, 'header.ID', findings);
  if (id !== 'ES') findings.add('SES_HEADER_ID', 'header.ID');
  const stated = readSmallInteger(header, 'header.version');
  if (stated !== version) findings.add('SES_VERSION_MISMATCH', 'header.version', String(stated));
  const vendor = readText(header, Tag.IA5_STRING, 'header.Vid', findings);
  header.finish('SES_Header');
  const esId = readText(fields, Tag.IA5_STRING, 'esID', findings);
  const property = readProperty(fields.expect(Tag.SEQUENCE, 'property').enter(), version, findings);
  const picture = readPicture(fields.expect(Tag.SEQUENCE, 'picture').enter(), findings);
  const extensions = readExtensions(fields, 'extDatas', findings);
  fields.finish('SES_SealInfo');
  return { bytes, statedVersion: stated, vendor, esId, ...property, picture, extensions };
}

function readProperty(fields: DerReader, version: SesVersion, findings: SesFindings): Pick<SealInfo, 'type' | 'name' | 'certList' | 'createDate' | 'validStart' | 'validEnd'> {
  const type = readSmallInteger(fields, 'property.type');
  const name = readText(fields, Tag.UTF8_STRING, 'property.name', findings);
  const listType = version === 1 ? 1 : readSmallInteger(fields, 'property.certListType');
  const certList = readCertList(fields, listType);
  const tag = version === 1 ? Tag.UTC_TIME : Tag.GENERALIZED_TIME;
  const createDate = readDate(fields, tag, 'property.createDate', findings);
  const validStart = readDate(fields, tag, 'property.validStart', findings);
  const validEnd = readDate(fields, tag, 'property.validEnd', findings);
  fields.finish('property');
  return { type, name, certList, createDate, validStart, validEnd };
}

/** SES_CertList, GB/T 38540-2020 §6.1.3: 1 certificates, 2 digests. */
function readCertList(fields: DerReader, listType: number): SealCertList {
  if (listType !== 1 && listType !== 2) throw new PkiError('VERSION_UNSUPPORTED', `certListType ${listType}`, { offset: fields.offset });
  const list = fields.expect(Tag.SEQUENCE, 'property.certList').enter();
  const certs: Uint8Array[] = [];
  const digests: { type: string; value: Uint8Array }[] = [];
  while (!list.done) {
    if (certs.length + digests.length >= MAX_SEAL_ITEMS) throw new PkiError('TOO_MANY', `more than ${MAX_SEAL_ITEMS} people in one seal`, { offset: list.offset });
    if (listType === 1) {
      certs.push(readCertificateOctets(list, 'property.certList'));
      continue;
    }
    const inner = list.expect(Tag.SEQUENCE, 'CertDigestObj').enter();
    const type = readText(inner, Tag.PRINTABLE_STRING, 'property.certList.type', new SesFindings());
    digests.push({ type, value: inner.expect(Tag.OCTET_STRING, 'value').content() });
    inner.finish('CertDigestObj');
  }
  return listType === 1 ? { kind: 'certs', certs } : { kind: 'digests', digests };
}

function readPicture(fields: DerReader, findings: SesFindings): SealInfo['picture'] {
  const type = readText(fields, Tag.IA5_STRING, 'picture.type', findings);
  const data = fields.expect(Tag.OCTET_STRING, 'picture.data').content();
  const width = readSmallInteger(fields, 'picture.width');
  const height = readSmallInteger(fields, 'picture.height');
  fields.finish('picture');
  return { type, data, width, height };
}
