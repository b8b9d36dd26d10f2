import { bitString, enumerated, explicit, generalizedTime, implicitPrimitive, integer, sequence, time, tlv, utcTime } from '../../src/asn1/writer.js';
import { CA_NAME, KEY_ID, SM2_WITH_SM3, extension } from '../x509/samples.js';

export const THIS_UPDATE: number = Date.UTC(2025, 0, 1);
export const NEXT_UPDATE: number = Date.UTC(2025, 0, 2);
export const REVOKED_AT: number = Date.UTC(2024, 5, 6, 7, 8, 9);

export const crlNumber = (n: number): Uint8Array => extension('2.5.29.20', integer(n));
export const authorityKey: Uint8Array = extension('2.5.29.35', sequence(implicitPrimitive(0, KEY_ID)));
export const reason = (n: number): Uint8Array => extension('2.5.29.21', enumerated(n));
export const invalidityDate = (ms: number): Uint8Array => extension('2.5.29.24', generalizedTime(ms));
export const certificateIssuer = (...names: Uint8Array[]): Uint8Array => extension('2.5.29.29', sequence(...names), true);
export const issuingDistributionPoint = (...parts: Uint8Array[]): Uint8Array => extension('2.5.29.28', sequence(...parts), true);
export const INDIRECT: Uint8Array = issuingDistributionPoint(tlv(0x84, Uint8Array.of(0xff)));

export function entry(serial: number | Uint8Array, ...extensions: readonly Uint8Array[]): Uint8Array {
  return sequence(integer(serial), utcTime(REVOKED_AT), ...(extensions.length === 0 ? [] : [sequence(...extensions)]));
}

export interface CrlParts {
  version?: Uint8Array | null;
  nextUpdate?: Uint8Array | null;
  thisUpdate?: Uint8Array;
  entries?: readonly Uint8Array[] | null;
  extensions?: readonly Uint8Array[] | null;
  signature?: Uint8Array;
  outerSignature?: Uint8Array;
  after?: readonly Uint8Array[];
}

export function crl(parts: CrlParts = {}): Uint8Array {
  const extensions = parts.extensions === undefined ? [authorityKey, crlNumber(7)] : parts.extensions;
  return sequence(
    sequence(
      ...(parts.version === null ? [] : [parts.version ?? integer(1)]),
      parts.signature ?? SM2_WITH_SM3,
      CA_NAME,
      parts.thisUpdate ?? time(THIS_UPDATE),
      ...(parts.nextUpdate === null ? [] : [parts.nextUpdate ?? time(NEXT_UPDATE)]),
      ...(parts.entries ? [sequence(...parts.entries)] : []),
      ...(extensions === null ? [] : [explicit(0, sequence(...extensions))]),
      ...(parts.after ?? []),
    ),
    parts.outerSignature ?? parts.signature ?? SM2_WITH_SM3,
    bitString(new Uint8Array(70)),
  );
}

