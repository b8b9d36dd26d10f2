import { bmpString, ia5String, oid, printableString, sequence, setOf, tlv, utf8String } from '@hefu/pki';

/** String types a CA may choose for an attribute. `teletex` writes Latin-1 octets. */
export type StringType = 'utf8' | 'printable' | 'bmp' | 'teletex' | 'ia5';

export interface AttributeSpec {
  /** A short name of the table below, or a dotted OID. */
  readonly type: string;
  readonly value: string;
  /** Default: PrintableString for `C` and `serialNumber`, UTF8String otherwise. */
  readonly as?: StringType;
}

/** RDNs in order; an inner array is one multi-valued RDN. */
export type NameSpec = readonly (AttributeSpec | readonly AttributeSpec[])[];

const ATTRIBUTE_OID: Readonly<Record<string, string>> = {
  CN: '2.5.4.3', SN: '2.5.4.4', serialNumber: '2.5.4.5', C: '2.5.4.6', L: '2.5.4.7', ST: '2.5.4.8', STREET: '2.5.4.9',
  O: '2.5.4.10', OU: '2.5.4.11', T: '2.5.4.12', G: '2.5.4.42', uid: '2.5.4.45', organizationIdentifier: '2.5.4.97',
};

/** The Name's whole TLV (RFC 5280 §4.1.2.4). @throws TypeError on an unknown short name or an impossible string */
export function distinguishedName(spec: NameSpec): Uint8Array {
  return sequence(...spec.map((rdn) => setOf(...(isMany(rdn) ? rdn : [rdn]).map(attribute))));
}

/** One attribute, for short tables of names. */
export function attr(type: string, value: string, as?: StringType): AttributeSpec {
  return { type, value, ...(as === undefined ? {} : { as }) };
}

function attribute(spec: AttributeSpec): Uint8Array {
  const type = /^[0-9.]+$/.test(spec.type) ? spec.type : ATTRIBUTE_OID[spec.type];
  if (type === undefined) throw new TypeError(`unknown attribute type ${spec.type}`);
  return sequence(oid(type), text(spec.value, spec.as ?? (spec.type === 'C' || spec.type === 'serialNumber' ? 'printable' : 'utf8')));
}

function text(value: string, as: StringType): Uint8Array {
  switch (as) {
    case 'utf8': return utf8String(value);
    case 'printable': return printableString(value);
    case 'ia5': return ia5String(value);
    case 'bmp': return bmpString(value);
    case 'teletex':
      if (/[^\x20-\xff]/.test(value)) throw new TypeError('TeletexString is written in Latin-1 only');
      return tlv(0x14, Uint8Array.from(value, (character) => character.charCodeAt(0)));
  }
}

function isMany(rdn: AttributeSpec | readonly AttributeSpec[]): rdn is readonly AttributeSpec[] {
  return Array.isArray(rdn);
}
