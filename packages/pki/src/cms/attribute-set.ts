import { compareBytes } from '../asn1/bytes.js';
import { decodeOidAt } from '../asn1/oid.js';
import type { DerReader } from '../asn1/reader.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import type { PkiLimits } from '../limits.js';
import type { Attribute, AttributeSet } from '../model.js';

/** signedAttrs or unsignedAttrs as found. Duplicates, an empty set and attributes without values are facts for the judge. */
export class ParsedAttributeSet implements AttributeSet {
  readonly bytes: Uint8Array;
  readonly attributes: readonly Attribute[];
  /** The attributes ascend by encoding, as a DER SET OF does (X.690 §11.6). */
  readonly sorted: boolean;
  #signedBytes: Uint8Array | undefined;

  constructor(bytes: Uint8Array, attributes: readonly Attribute[], sorted: boolean) {
    this.bytes = bytes;
    this.attributes = attributes;
    this.sorted = sorted;
  }

  get signedBytes(): Uint8Array {
    if (this.#signedBytes === undefined) {
      this.#signedBytes = this.bytes.slice();
      this.#signedBytes[0] = Tag.SET;
    }
    return this.#signedBytes;
  }

  find(type: string): readonly Attribute[] {
    return this.attributes.filter((attribute) => attribute.type === type);
  }
}

/**
 * The attributes inside the element `reader` stands on. The reader decides the rules: a `DerReader` for signedAttrs,
 * which are hashed as DER (RFC 5652 §5.4); a `BerReader` for unsignedAttrs, whose values may hold BER tokens.
 * @throws PkiError STRUCTURE_INVALID, DER_INVALID, TRUNCATED, TRAILING_DATA, TOO_MANY
 */
export function readAttributeSet(reader: DerReader, limits: PkiLimits): ParsedAttributeSet {
  const bytes = reader.tlv();
  const set = reader.enter();
  const attributes: Attribute[] = [];
  let sorted = true;
  let previous: Uint8Array | undefined;
  while (!set.done) {
    if (attributes.length >= limits.maxAttributes) throw tooMany(limits, set.offset);
    set.expect(Tag.SEQUENCE, 'Attribute');
    const encoding = set.tlv();
    if (previous !== undefined && compareBytes(previous, encoding) > 0) sorted = false;
    previous = encoding;

    const attribute = set.enter();
    attribute.expect(Tag.OID, 'attrType');
    const type = decodeOidAt(attribute.bytes, attribute.contentStart, attribute.end);
    attribute.expect(Tag.SET, 'attrValues');
    const inner = attribute.enter();
    attribute.finish('Attribute');
    const values: Uint8Array[] = [];
    while (!inner.done) {
      if (values.length >= limits.maxAttributes) throw tooMany(limits, inner.offset);
      values.push(inner.next().tlv());
    }
    attributes.push({ bytes: encoding, type, values });
  }
  return new ParsedAttributeSet(bytes, attributes, sorted);
}

function tooMany(limits: PkiLimits, offset: number): PkiError {
  return new PkiError('TOO_MANY', `more than ${limits.maxAttributes} attributes or attribute values`, { offset });
}
