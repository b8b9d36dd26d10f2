import {
  bitString, concatBytes, explicit, integer, nullValue, octetString, oid, parseCertificate, printableString, sequence, setOf, tlv, utcTime, utf8String, type Certificate,
} from '@hefu/pki';

/** A subject attribute: text as UTF8String, or a whole TLV. */
export type SubjectPart = readonly [type: string, value: string | Uint8Array];
export type ExtensionPart = readonly [oid: string, octets: Uint8Array];

/** The smallest certificate that parses, with a subject and extensions of the test's making. Unsigned: identity is read from any. */
export function certificate(subject: readonly SubjectPart[], extensions: readonly ExtensionPart[] = []): Certificate {
  const sm2 = sequence(oid('1.2.156.10197.1.501'));
  const rdns = subject.map(([type, value]) => setOf(sequence(oid(type), typeof value === 'string' ? utf8String(value) : value)));
  const point = new Uint8Array(65).fill(1);
  point[0] = 4;
  const tbs = sequence(
    explicit(0, integer(2)),
    integer(7),
    sm2,
    sequence(setOf(sequence(oid('2.5.4.3'), printableString('Invented CA')))),
    sequence(utcTime(Date.UTC(2025, 0, 1)), utcTime(Date.UTC(2027, 0, 1))),
    sequence(...rdns),
    sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), bitString(point)),
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions.map(([type, octets]) => sequence(oid(type), octetString(octets)))))]),
  );
  return parseCertificate(sequence(tbs, sm2, bitString(sequence(integer(1), integer(1)))));
}

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
export const utf8 = ascii;
/** GBK octets of 测试 twice over: what `raw-gbk` must read. */
export const GBK_TEST = Uint8Array.from([0xb2, 0xe2, 0xca, 0xd4]);
export { concatBytes, nullValue, tlv };
