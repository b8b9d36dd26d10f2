import { equalBytes, hexOf } from '../asn1/bytes.js';
import { decodeOidAt } from '../asn1/oid.js';
import { DerReader } from '../asn1/reader.js';
import { checkNesting, contentStart, elementEnd, expectEnd, oidEnd } from '../asn1/scan.js';
import { decodeString } from '../asn1/string.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { AttributeTypeAndValue, Name, RelativeDistinguishedName } from '../model.js';

/**
 * Reads the next element as a Name (RFC 5280 §4.1.2.4). The structure is checked now, the attributes are
 * decoded when `rdns` is first read.
 * @throws PkiError STRUCTURE_INVALID | DER_INVALID | TRUNCATED | TRAILING_DATA | TOO_MANY
 */
export function readName(reader: DerReader, maxAttributes: number = DEFAULT_LIMITS.maxNameAttributes): Name {
  reader.expect(Tag.SEQUENCE, 'Name');
  checkName(reader.bytes, reader.contentStart, reader.end, maxAttributes, reader.maxDepth);
  return new LazyName(reader.tlv());
}

/** A Name over a whole TLV that {@link checkName} has passed. */
export function nameOf(tlv: Uint8Array): Name {
  return new LazyName(tlv);
}

/** Checks the content of an RDNSequence without decoding it; decoding cannot fail afterwards. An empty RDN is refused, an empty sequence is not. */
export function checkName(bytes: Uint8Array, start: number, end: number, maxAttributes: number, maxDepth: number): void {
  let count = 0;
  for (let rdn = start; rdn < end; ) {
    const plainEnd = plainRdnEnd(bytes, rdn, end);
    if (plainEnd !== 0) {
      if (++count > maxAttributes) throw tooMany(maxAttributes, start);
      rdn = plainEnd;
      continue;
    }
    const rdnEnd = expectEnd(bytes, rdn, end, Tag.SET, 'RelativeDistinguishedName');
    let attribute = contentStart(bytes, rdn);
    if (attribute === rdnEnd) throw new PkiError('STRUCTURE_INVALID', 'empty RelativeDistinguishedName', { offset: rdn });
    while (attribute < rdnEnd) {
      const attributeEnd = expectEnd(bytes, attribute, rdnEnd, Tag.SEQUENCE, 'AttributeTypeAndValue');
      const type = contentStart(bytes, attribute);
      const value = oidEnd(bytes, type, attributeEnd, 'attribute type');
      if (value >= attributeEnd) throw new PkiError('STRUCTURE_INVALID', 'attribute value is missing', { offset: value });
      if (elementEnd(bytes, value, attributeEnd) !== attributeEnd) throw new PkiError('TRAILING_DATA', 'octets after the attribute value', { offset: value });
      if ((bytes[value]! & 0x20) !== 0) checkNesting(bytes, value, attributeEnd, 0, maxDepth);
      if (++count > maxAttributes) throw tooMany(maxAttributes, start);
      attribute = attributeEnd;
    }
    rdn = rdnEnd;
  }
}

/** The end of an RDN that is one attribute of X.520 (2.5.4.x) with a short, primitive value, as nearly all are; 0 for any other. */
function plainRdnEnd(bytes: Uint8Array, rdn: number, limit: number): number {
  if (rdn + 11 > limit) return 0;
  const length = bytes[rdn + 1]!;
  const end = rdn + 2 + length;
  const tag = bytes[rdn + 9]!;
  const isPlain =
    bytes[rdn] === Tag.SET && length < 0x80 && end <= limit && bytes[rdn + 2] === Tag.SEQUENCE && bytes[rdn + 3] === length - 2 &&
    bytes[rdn + 4] === Tag.OID && bytes[rdn + 5] === 3 && bytes[rdn + 6] === 0x55 && bytes[rdn + 7] === 0x04 && bytes[rdn + 8]! < 0x80 &&
    (tag & 0x20) === 0 && (tag & 0x1f) !== 0x1f && bytes[rdn + 10] === length - 9;
  return isPlain ? end : 0;
}

function tooMany(maxAttributes: number, offset: number): PkiError {
  return new PkiError('TOO_MANY', `more than ${maxAttributes} attributes in a Name`, { offset });
}

class LazyName implements Name {
  readonly bytes: Uint8Array;
  #rdns: readonly RelativeDistinguishedName[] | undefined;
  #key: string | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#rdns = undefined;
    this.#key = undefined;
  }

  get rdns(): readonly RelativeDistinguishedName[] {
    return (this.#rdns ??= decodeRdns(this.bytes));
  }

  /** Preparing text is dear, and the names of a list's CAs are compared for every message. */
  get key(): string {
    return (this.#key ??= keyOf(this.rdns));
  }
}

function decodeRdns(bytes: Uint8Array): readonly RelativeDistinguishedName[] {
  const rdns: RelativeDistinguishedName[] = [];
  const reader = new DerReader(bytes).next().enter();
  while (!reader.done) {
    const set = reader.next().enter();
    const attributes: AttributeTypeAndValue[] = [];
    while (!set.done) {
      const attribute = set.next().enter().next();
      const type = decodeOidAt(attribute.bytes, attribute.contentStart, attribute.end);
      attribute.next();
      const valueBytes = attribute.content();
      const value = decodeString(attribute.tag, valueBytes) ?? `#${hexOf(attribute.tlv())}`;
      const tag = attribute.tag < 0x40 ? attribute.tag & 0x1f : attribute.tag;
      attributes.push({ type, tag, valueBytes, value });
    }
    rdns.push(attributes);
  }
  return rdns;
}

/** Values of an attribute type, in order of appearance. */
export function attributeValues(name: Name, oid: string): readonly string[] {
  const values: string[] = [];
  for (const rdn of name.rdns) for (const attribute of rdn) if (attribute.type === oid) values.push(attribute.value);
  return values;
}

/**
 * RFC 5280 §7.1: the same RDNs in the same order, each compared as a set; text is compared after RFC 4518
 * preparation (NFKC, case folded, white space collapsed) whatever its string type, anything else by its octets.
 */
export function namesEqual(a: Name, b: Name): boolean {
  return equalBytes(a.bytes, b.bytes) || nameKey(a) === nameKey(b);
}

/** A key under which equal names, and only they, meet. Not for display. */
export function nameKey(name: Name): string {
  return name instanceof LazyName ? name.key : keyOf(name.rdns);
}

function keyOf(rdns: readonly RelativeDistinguishedName[]): string {
  return rdns.map((rdn) => rdn.map(attributeKey).sort().join('')).map(lengthPrefixed).join('');
}

function attributeKey(attribute: AttributeTypeAndValue): string {
  const text = decodeString(attribute.tag, attribute.valueBytes);
  // Text and octets are kept apart, and lengths written, so no value can imitate another attribute.
  const value = text === undefined ? `x${attribute.tag}:${hexOf(attribute.valueBytes)}` : `t${prepared(text)}`;
  return lengthPrefixed(`${attribute.type}=${value}`);
}

function lengthPrefixed(text: string): string {
  return `${text.length}:${text}`;
}

/** RFC 4518 §2: map, normalise, collapse insignificant space. */
function prepared(text: string): string {
  return text
    // §2.2: separators and white controls become space; other controls, format characters (soft hyphen, joiners,
    // direction marks) and variation selectors vanish.
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, ' ')
    .replace(/\p{Cc}|\p{Cf}|\p{Variation_Selector}|\u034f|\u1806|\ufffc/gu, '')
    .normalize('NFKC')
    // Upper then lower approximates full case folding (ß and SS meet).
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[\p{Zs}]+/gu, ' ')
    .trim();
}

/** Descriptors of RFC 4514 §3 and others registered or in common use; anything else is printed by its OID. */
const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'], ['2.5.4.4', 'SN'], ['2.5.4.5', 'serialNumber'], ['2.5.4.6', 'C'], ['2.5.4.7', 'L'], ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'], ['2.5.4.10', 'O'], ['2.5.4.11', 'OU'], ['2.5.4.12', 'title'], ['2.5.4.13', 'description'],
  ['2.5.4.17', 'postalCode'], ['2.5.4.42', 'GN'], ['2.5.4.43', 'initials'], ['2.5.4.45', 'x500UniqueIdentifier'],
  ['2.5.4.97', 'organizationIdentifier'], ['0.9.2342.19200300.100.1.1', 'UID'], ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
]);

/**
 * The Name as RFC 4514 text: last RDN first, Chinese left readable. Control and direction characters are
 * written as `\hh` of their UTF-8, so a value cannot rearrange a line of a log. For display, never for comparison.
 */
export function formatName(name: Name): string {
  return name.rdns.map((rdn) => rdn.map(formatAttribute).join('+')).reverse().join(',');
}

function formatAttribute(attribute: AttributeTypeAndValue): string {
  const type = DESCRIPTORS.get(attribute.type) ?? attribute.type;
  const text = decodeString(attribute.tag, attribute.valueBytes);
  return `${type}=${text === undefined ? attribute.value : escapeValue(text)}`;
}

function escapeValue(text: string): string {
  return text
    .replace(/[\\"+,;<>=]|^[ #]| $/g, (character) => `\\${character}`)
    .replace(/\p{Cc}|\p{Cf}|\u2028|\u2029/gu, (character) =>
      Array.from(new TextEncoder().encode(character), (octet) => `\\${octet.toString(16).padStart(2, '0')}`).join(''),
    );
}
