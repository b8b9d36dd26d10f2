import { compareBytes } from '../asn1/bytes.js';
import { DerReader } from '../asn1/reader.js';
import { decodeString, hasForeignCharacters } from '../asn1/string.js';
import { Tag } from '../asn1/tag.js';
import type { AttributeTypeAndValue, Name } from '../model.js';
import type { Findings } from './deviation-findings.js';
import { id_at_commonName } from './oids.js';

export function findNameDeviations(findings: Findings, name: Name, where: string): void {
  name.rdns.forEach((rdn, i) => {
    if (rdn.length > 1) findings.add('X509_NAME_MULTI_VALUED_RDN', `${where}[${i}]`);
    for (const attribute of rdn) findAttributeDeviations(findings, attribute, `${where}[${i}][${attribute.type}]`);
  });
  const rdns = new DerReader(name.bytes).next().enter();
  for (let i = 0; !rdns.done; i++) if (!isSorted(rdns.next().enter())) findings.add('X509_NAME_SET_NOT_SORTED', `${where}[${i}]`);
}

function isSorted(set: DerReader): boolean {
  let previous: Uint8Array | undefined;
  while (!set.done) {
    const current = set.next().tlv();
    if (previous !== undefined && compareBytes(previous, current) > 0) return false;
    previous = current;
  }
  return true;
}

function findAttributeDeviations(findings: Findings, attribute: AttributeTypeAndValue, where: string): void {
  const { tag, valueBytes, value } = attribute;
  if (tag === Tag.BMP_STRING) findings.add('X509_NAME_BMP_STRING', where);
  if (tag === Tag.TELETEX_STRING) findings.add('X509_NAME_TELETEX_STRING', where);
  if (tag === Tag.UNIVERSAL_STRING) findings.add('X509_NAME_UNIVERSAL_STRING', where);
  if (!isStringTag(tag)) return;
  if (decodeString(tag, valueBytes) === undefined) {
    findings.add('X509_NAME_UNDECODABLE', where);
    return;
  }
  if (hasForeignCharacters(tag, valueBytes)) findings.add('X509_NAME_CHARACTERS', where);
  if (value.toLowerCase() === 'null') findings.add('X509_NAME_VALUE_NULL', where);
  if (value === '') findings.add('X509_NAME_VALUE_EMPTY', where);
  if (attribute.type === id_at_commonName && isIpAddress(value)) findings.add('X509_NAME_COMMON_NAME_IS_IP', where);
}

/** An attribute type that both names use, under different string types. */
export function findMixedStringTypes(findings: Findings, issuer: Name, subject: Name): void {
  const tags = new Map<string, Set<number>>();
  for (const rdn of issuer.rdns) {
    for (const { type, tag } of rdn) {
      const known = tags.get(type);
      if (known === undefined) tags.set(type, new Set([tag]));
      else known.add(tag);
    }
  }
  const reported = new Set<string>();
  for (const rdn of subject.rdns) {
    for (const { type, tag } of rdn) {
      const known = tags.get(type);
      if (known === undefined || known.has(tag) || reported.has(type)) continue;
      reported.add(type);
      findings.add('X509_NAME_MIXED_STRING_TYPES', `tbsCertificate.subject[${type}]`, `${[...known].join('/')} and ${tag}`);
    }
  }
}

function isStringTag(tag: number): boolean {
  return (
    tag === Tag.UTF8_STRING || tag === Tag.PRINTABLE_STRING || tag === Tag.IA5_STRING || tag === Tag.TELETEX_STRING || tag === Tag.BMP_STRING ||
    tag === Tag.UNIVERSAL_STRING || tag === Tag.NUMERIC_STRING || tag === Tag.VISIBLE_STRING
  );
}

function isIpAddress(text: string): boolean {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return text.split('.').every((part) => Number(part) <= 255);
  return text.length >= 2 && text.length <= 39 && text.includes(':') && /^[0-9a-f:]+$/i.test(text) && text.split(':').length >= 3;
}
