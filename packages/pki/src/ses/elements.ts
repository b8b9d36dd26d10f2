import { decodeOidAt } from '../asn1/oid.js';
import { readBoolean } from '../asn1/primitive.js';
import type { DerReader } from '../asn1/reader.js';
import { decodeString } from '../asn1/string.js';
import { Tag, contextConstructed } from '../asn1/tag.js';
import { timeAt } from '../asn1/time.js';
import { PkiError } from '../error.js';
import type { Deviation } from '../model.js';
import type { SesDeviationId } from './deviations.js';
import type { SealExtension } from './model.js';

/** What reading has tolerated so far. */
export class SesFindings {
  readonly list: Deviation[] = [];

  add(id: SesDeviationId, where: string, found?: string): void {
    this.list.push(found === undefined ? { id, where } : { id, where, found });
  }
}

/** Of extension data in one seal, and of people in one list. */
export const MAX_SEAL_ITEMS = 1000;

/** A text; another string type than `tag` is recorded. @throws PkiError when it is no string */
export function readText(reader: DerReader, tag: number, where: string, findings: SesFindings): string {
  reader.next();
  const text = decodeString(reader.tag, reader.content());
  if (text === undefined) throw new PkiError('STRUCTURE_INVALID', `${where} is not a text`, { offset: reader.start });
  if (reader.tag !== tag) findings.add('SES_STRING_TYPE', where, `tag ${reader.tag.toString(16)}`);
  return text;
}

/** A date, `tag` the type the version prescribes. */
export function readDate(reader: DerReader, tag: number, where: string, findings: SesFindings): number {
  const found = reader.peek();
  if (found !== Tag.UTC_TIME && found !== Tag.GENERALIZED_TIME) throw new PkiError('STRUCTURE_INVALID', `${where} is not a time`, { offset: reader.offset });
  reader.next();
  if (found !== tag) findings.add('SES_TIME_TYPE', where);
  return timeAt(reader.bytes, found, reader.contentStart, reader.end);
}

/** Octets of a BIT STRING of whole octets; an OCTET STRING in its place is recorded. */
export function readBits(reader: DerReader, where: string, findings: SesFindings): Uint8Array {
  if (reader.optional(Tag.OCTET_STRING)) {
    findings.add('SES_OCTET_STRING_FOR_BITS', where);
    return reader.content();
  }
  reader.expect(Tag.BIT_STRING, where);
  const { bytes, contentStart, end } = reader;
  if (contentStart === end || bytes[contentStart] !== 0) throw new PkiError('DER_INVALID', `${where} is not a whole number of octets`, { offset: reader.start });
  return bytes.subarray(contentStart + 1, end);
}

export function readOid(reader: DerReader, where: string): string {
  reader.expect(Tag.OID, where);
  return decodeOidAt(reader.bytes, reader.contentStart, reader.end);
}

/** An OCTET STRING holding a certificate: its octets, which are parsed by whoever needs them. */
export function readCertificateOctets(reader: DerReader, where: string): Uint8Array {
  const content = reader.expect(Tag.OCTET_STRING, where).content();
  if (content.length === 0) throw new PkiError('STRUCTURE_INVALID', `${where} is empty`, { offset: reader.start });
  return content;
}

/** `extDatas [0] EXPLICIT ExtensionDatas OPTIONAL`, at the end of its structure; untagged where the older standard is read so. */
export function readExtensions(fields: DerReader, where: string, findings: SesFindings): readonly SealExtension[] {
  if (fields.done) return [];
  let list: DerReader;
  if (fields.optional(Tag.SEQUENCE)) {
    findings.add('SES_EXTENSIONS_UNTAGGED', where);
    list = fields.enter();
  } else {
    const explicit = fields.expect(contextConstructed(0), where).enter();
    list = explicit.expect(Tag.SEQUENCE, where).enter();
    explicit.finish(where);
  }
  const extensions: SealExtension[] = [];
  while (!list.done) {
    if (extensions.length >= MAX_SEAL_ITEMS) throw new PkiError('TOO_MANY', `more than ${MAX_SEAL_ITEMS} extension data`, { offset: list.offset });
    const inner = list.expect(Tag.SEQUENCE, 'ExtData').enter();
    const oid = readOid(inner, `${where}.extnID`);
    let critical = false;
    if (inner.peek() === Tag.BOOLEAN) {
      critical = readBoolean(inner);
      if (!critical) findings.add('SES_DEFAULT_ENCODED', `${where}[${oid}].critical`);
    }
    const value = inner.expect(Tag.OCTET_STRING, `${where}.extnValue`).content();
    inner.finish('ExtData');
    extensions.push({ oid, critical, value });
  }
  return extensions;
}
