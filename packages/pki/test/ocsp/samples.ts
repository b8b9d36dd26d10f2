import { bitString, enumerated, explicit, generalizedTime, implicitConstructed, implicitPrimitive, integer, nullValue, octetString, oid, sequence, tlv } from '../../src/asn1/writer.js';
import { CA_NAME, SM2_WITH_SM3 } from '../x509/samples.js';

export const AT: number = Date.UTC(2025, 0, 1);
export const LATER: number = Date.UTC(2025, 0, 2);
export const KEY_HASH: Uint8Array = new Uint8Array(20).fill(9);

export const certId = (serial: Uint8Array = integer(7)): Uint8Array =>
  sequence(sequence(oid('1.3.14.3.2.26'), nullValue()), octetString(new Uint8Array(20).fill(1)), octetString(new Uint8Array(20).fill(2)), serial);
export const GOOD: Uint8Array = implicitPrimitive(0, new Uint8Array(0));
export const UNKNOWN: Uint8Array = implicitPrimitive(2, new Uint8Array(0));
export const revoked = (reason?: number): Uint8Array => implicitConstructed(1, generalizedTime(AT), ...(reason === undefined ? [] : [explicit(0, enumerated(reason))]));
export const single = (status: Uint8Array = GOOD, ...rest: readonly Uint8Array[]): Uint8Array => sequence(certId(), status, generalizedTime(AT), ...rest);
export const byName: Uint8Array = explicit(1, CA_NAME);
export const byKey: Uint8Array = explicit(2, octetString(KEY_HASH));
export const nextUpdate: Uint8Array = explicit(0, generalizedTime(LATER));
export const extensions = (...list: readonly Uint8Array[]): Uint8Array => explicit(1, sequence(...list));

export interface Parts {
  readonly version?: Uint8Array;
  readonly responder?: Uint8Array;
  readonly producedAt?: Uint8Array;
  readonly singles?: readonly Uint8Array[];
  readonly extensions?: Uint8Array;
  readonly certs?: readonly Uint8Array[];
  readonly after?: readonly Uint8Array[];
}

export function basic(parts: Parts = {}): Uint8Array {
  const data = sequence(
    ...(parts.version === undefined ? [] : [parts.version]),
    parts.responder ?? byName,
    parts.producedAt ?? generalizedTime(AT),
    sequence(...(parts.singles ?? [single()])),
    ...(parts.extensions === undefined ? [] : [parts.extensions]),
  );
  return sequence(data, SM2_WITH_SM3, bitString(Uint8Array.of(1, 2, 3)), ...(parts.certs === undefined ? [] : [explicit(0, sequence(...parts.certs))]), ...(parts.after ?? []));
}

export const response = (parts: Parts = {}, type = '1.3.6.1.5.5.7.48.1.1'): Uint8Array => sequence(enumerated(0), explicit(0, sequence(oid(type), octetString(basic(parts)))));
export const failed = (status: number): Uint8Array => sequence(tlv(0x0a, Uint8Array.of(status)));
