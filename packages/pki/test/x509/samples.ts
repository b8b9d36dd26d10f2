import {
  bitString, boolean, concatBytes, explicit, implicitPrimitive, integer, namedBitString, nullValue, octetString, oid, printableString, sequence,
  setOf, time, utf8String,
} from '../../src/asn1/writer.js';

/** Certificates with any field replaced; signatures are filler, since this room checks none. */
export interface CertificateParts {
  version?: Uint8Array | null;
  serial?: Uint8Array;
  signature?: Uint8Array;
  issuer?: Uint8Array;
  validity?: Uint8Array;
  subject?: Uint8Array;
  spki?: Uint8Array;
  uniqueIds?: readonly Uint8Array[];
  /** null: no extensions field. */
  extensions?: readonly Uint8Array[] | null;
  outerSignature?: Uint8Array;
  signatureValue?: Uint8Array;
}

export const SM2_WITH_SM3: Uint8Array = sequence(oid('1.2.156.10197.1.501'));
export const SM2_WITH_SM3_NULL: Uint8Array = sequence(oid('1.2.156.10197.1.501'), nullValue());
export const NOT_BEFORE: number = Date.UTC(2024, 0, 2, 3, 4, 5);
export const NOT_AFTER: number = Date.UTC(2029, 11, 31, 23, 59, 59);

export function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), value);
}

/** One attribute to an RDN. */
export function name(...attributes: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  return sequence(...attributes.map(([type, value]) => setOf(attribute(type, value))));
}

export const CA_NAME: Uint8Array = name(['2.5.4.6', printableString('CN')], ['2.5.4.10', utf8String('示例认证中心')], ['2.5.4.3', utf8String('Example SM2 CA')]);
export const LEAF_NAME: Uint8Array = name(['2.5.4.6', printableString('CN')], ['2.5.4.3', utf8String('某某建设有限公司')]);

export function sm2Point(fill = 7): Uint8Array {
  return concatBytes(Uint8Array.of(4), new Uint8Array(64).fill(fill));
}

export function ecSpki(curve: Uint8Array = oid('1.2.156.10197.1.301'), point: Uint8Array = sm2Point()): Uint8Array {
  return sequence(sequence(oid('1.2.840.10045.2.1'), curve), bitString(point));
}

export function extension(id: string, value: Uint8Array, critical?: boolean): Uint8Array {
  return sequence(oid(id), ...(critical === undefined ? [] : [boolean(critical)]), octetString(value));
}

export const KEY_ID: Uint8Array = Uint8Array.from({ length: 20 }, (_, i) => i + 1);
export const keyUsage = (critical: boolean | undefined, ...bits: number[]): Uint8Array => extension('2.5.29.15', namedBitString(...bits), critical);
export const authorityKeyIdentifier = (critical?: boolean): Uint8Array => extension('2.5.29.35', sequence(implicitPrimitive(0, KEY_ID)), critical);
export const subjectKeyIdentifier = (critical?: boolean): Uint8Array => extension('2.5.29.14', octetString(KEY_ID), critical);
export const basicConstraints = (critical: boolean | undefined, ...parts: Uint8Array[]): Uint8Array => extension('2.5.29.19', sequence(...parts), critical);

/** What a leaf carries so that nothing about it is a deviation. */
export const PLAIN_EXTENSIONS: readonly Uint8Array[] = [authorityKeyIdentifier(), subjectKeyIdentifier(), basicConstraints(true), keyUsage(true, 0, 1)];

export function tbsCertificate(parts: CertificateParts = {}): Uint8Array {
  const extensions = parts.extensions === undefined ? PLAIN_EXTENSIONS : parts.extensions;
  return sequence(
    ...(parts.version === null ? [] : [parts.version ?? explicit(0, integer(2))]),
    parts.serial ?? integer(Uint8Array.of(0x51, 0x02, 0x03)),
    parts.signature ?? SM2_WITH_SM3,
    parts.issuer ?? CA_NAME,
    parts.validity ?? sequence(time(NOT_BEFORE), time(NOT_AFTER)),
    parts.subject ?? LEAF_NAME,
    parts.spki ?? ecSpki(),
    ...(parts.uniqueIds ?? []),
    ...(extensions === null ? [] : [explicit(3, sequence(...extensions))]),
  );
}

export function certificate(parts: CertificateParts = {}): Uint8Array {
  return sequence(tbsCertificate(parts), parts.outerSignature ?? parts.signature ?? SM2_WITH_SM3, bitString(parts.signatureValue ?? new Uint8Array(70).fill(0x30)));
}

