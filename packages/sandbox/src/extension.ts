import {
  bitString, boolean, explicit, implicitConstructed, implicitPrimitive, integer, namedBitString, octetString, oid, sequence,
} from '@hefu/pki';

/** One extension to write. `value` is what goes inside the OCTET STRING, DER or not. */
export interface ExtensionSpec {
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Uint8Array;
}

export const KEY_USAGE_BITS = {
  digitalSignature: 0, nonRepudiation: 1, keyEncipherment: 2, dataEncipherment: 3, keyAgreement: 4,
  keyCertSign: 5, cRLSign: 6, encipherOnly: 7, decipherOnly: 8,
} as const;

export type KeyUsageName = keyof typeof KEY_USAGE_BITS;

export interface KeyUsageOptions {
  readonly critical?: boolean;
  /** Write one whole octet with no unused bits, as `03 02 00 C0`: not DER (X.690 §11.2.2), found in real certificates. */
  readonly notMinimal?: boolean;
}

/** RFC 5280 §4.2.1.3 */
export function keyUsage(names: readonly KeyUsageName[], options: KeyUsageOptions = {}): ExtensionSpec {
  const bits = names.map((name) => KEY_USAGE_BITS[name]);
  const octet = bits.reduce<number>((value, bit) => value | (0x80 >> bit), 0);
  const value = options.notMinimal === true ? bitString(Uint8Array.of(octet), 0) : namedBitString(...bits);
  return extension('2.5.29.15', value, options.critical);
}

/** RFC 5280 §4.2.1.9. `ca: false` is the empty SEQUENCE that DER asks for. */
export function basicConstraints(options: { readonly ca: boolean; readonly pathLength?: number; readonly critical?: boolean }): ExtensionSpec {
  const parts = options.ca ? [boolean(true)] : [];
  if (options.pathLength !== undefined) parts.push(integer(options.pathLength));
  return extension('2.5.29.19', sequence(...parts), options.critical);
}

/** RFC 5280 §4.2.1.1, key identifier only. Never critical by the RFC; real CAs do it. */
export function authorityKeyIdentifier(keyIdentifier: Uint8Array, critical?: boolean): ExtensionSpec {
  return extension('2.5.29.35', sequence(implicitPrimitive(0, keyIdentifier)), critical);
}

/** RFC 5280 §4.2.1.2 */
export function subjectKeyIdentifier(keyIdentifier: Uint8Array, critical?: boolean): ExtensionSpec {
  return extension('2.5.29.14', octetString(keyIdentifier), critical);
}

/** RFC 5280 §4.2.1.13: one DistributionPoint for each location, a URL or a whole Name as directoryName. */
export function crlDistributionPoints(locations: readonly (string | Uint8Array)[]): ExtensionSpec {
  const points = locations.map((location) => sequence(explicit(0, implicitConstructed(0, generalName(location)))));
  return extension('2.5.29.31', sequence(...points));
}

/** RFC 5280 §4.2.2.1, id-ad-ocsp for each URL. */
export function ocspAccess(urls: readonly string[]): ExtensionSpec {
  return extension('1.3.6.1.5.5.7.1.1', sequence(...urls.map((url) => sequence(oid('1.3.6.1.5.5.7.48.1'), generalName(url)))));
}

/** RFC 5280 §4.2.1.4, without qualifiers. */
export function certificatePolicies(policies: readonly string[]): ExtensionSpec {
  return extension('2.5.29.32', sequence(...policies.map((policy) => sequence(oid(policy)))));
}

/** RFC 5280 §4.2.1.12 */
export function extendedKeyUsage(purposes: readonly string[]): ExtensionSpec {
  return extension('2.5.29.37', sequence(...purposes.map((purpose) => oid(purpose))));
}

/** Any extension, with its octets as they are. */
export function extension(oidText: string, value: Uint8Array, critical?: boolean): ExtensionSpec {
  return { oid: oidText, value, ...(critical === undefined ? {} : { critical }) };
}

/** Extension ::= SEQUENCE, whole. */
export function encodeExtension(spec: ExtensionSpec): Uint8Array {
  return sequence(oid(spec.oid), ...(spec.critical === true ? [boolean(true)] : []), octetString(spec.value));
}

function generalName(location: string | Uint8Array): Uint8Array {
  if (typeof location !== 'string') return explicit(4, location);
  if (/[^\x20-\x7e]/.test(location)) throw new TypeError('a URL is ASCII');
  return implicitPrimitive(6, new TextEncoder().encode(location));
}
