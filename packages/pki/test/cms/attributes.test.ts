import { describe, expect, it } from 'vitest';
import { explicit, generalizedTime, integer, nullValue, octetString, oid, sequence, setOf, tlv, utcTime } from '../../src/asn1/writer.js';
import { contentTypeOf, messageDigestOf, signingCertificateV2Of, signingTimeOf } from '../../src/cms/attributes.js';
import { id_aa_signingCertificateV2, id_contentType, id_data, id_messageDigest, id_signingTime } from '../../src/cms/oids.js';
import { parseSignedData } from '../../src/cms/signed-data.js';
import type { AttributeSet } from '../../src/model.js';
import { handMade, handMadeSigner, join, refusalCode, SHA256, SM3 } from './samples.js';

function setWith(...attributes: [type: string, ...values: Uint8Array[]][]): AttributeSet {
  const written = attributes.map(([type, ...values]) => sequence(oid(type), tlv(0x31, ...values)));
  return parseSignedData(handMade({ signerInfos: setOf(handMadeSigner({ signedAttrs: explicit(0, ...written) })) })).signerInfos[0]!.signedAttrs!;
}

const digest = octetString(new Uint8Array(32).fill(9));
const essCert = sequence(octetString(new Uint8Array(32)));

describe.each([
  ['messageDigest', messageDigestOf, id_messageDigest, digest, new Uint8Array(32).fill(9)],
  ['contentType', contentTypeOf, id_contentType, oid(id_data), id_data],
  ['signingTime', signingTimeOf, id_signingTime, utcTime(1_700_000_000_000), 1_700_000_000_000],
  ['signingCertificateV2', signingCertificateV2Of, id_aa_signingCertificateV2, sequence(sequence(essCert)), expect.objectContaining({ certs: [expect.anything()] })],
] as [string, (set: AttributeSet) => unknown, string, Uint8Array, unknown][])('%s', (_name, decode, type, value, decoded) => {
  it('is decoded, absent, or never one of several', () => {
    expect(decode(setWith([type, value]))).toEqual({ duplicate: false, value: decoded });
    expect(decode(setWith(['1.2.3', value]))).toBeUndefined();
    expect(decode(setWith([type, value], [type, value]))).toEqual({ duplicate: true });
    expect(decode(setWith([type, value, value]))).toEqual({ duplicate: true });
    expect(decode(setWith([type, value], [type]))).toEqual({ duplicate: true });
  });

  it.each([
    ['no value', []],
    ['a value of another type', [nullValue()]],
    ['an empty value', [Uint8Array.of(value[0]!, 0)]],
    ['a damaged value', [join(Uint8Array.of(value[0]!, 1), Uint8Array.of(0xff))]],
  ] as [string, Uint8Array[]][])('with %s is STRUCTURE_INVALID', (what, values) => {
    const run = (): unknown => decode(setWith([type, ...values]));
    if (type === id_messageDigest && (what === 'an empty value' || what === 'a damaged value')) {
      // An OCTET STRING of any length is well formed; the judge compares it.
      expect(run()).toMatchObject({ duplicate: false });
    } else {
      expect(refusalCode(run)).toBe('STRUCTURE_INVALID');
    }
  });
});

describe('signingTime', () => {
  it('is read in both types and refused when it is no time', () => {
    expect(signingTimeOf(setWith([id_signingTime, generalizedTime(1_700_000_000_500)]))).toEqual({ duplicate: false, value: 1_700_000_000_500 });
    const noTime = tlv(0x17, new TextEncoder().encode('251301000000Z'));
    expect(refusalCode(() => signingTimeOf(setWith([id_signingTime, noTime])))).toBe('STRUCTURE_INVALID');
  });
});

describe('signingCertificateV2', () => {
  const read = (value: Uint8Array): unknown => signingCertificateV2Of(setWith([id_aa_signingCertificateV2, value]));

  it('reads hash, its algorithm and the issuer with serial', () => {
    const hash = octetString(new Uint8Array(32).fill(3));
    const issuerSerial = sequence(sequence(), integer(7));
    expect(read(sequence(sequence(sequence(hash), sequence(sequence(oid(SM3)), hash, issuerSerial)), sequence()))).toEqual({
      duplicate: false,
      value: {
        certs: [
          { hashAlgorithm: { bytes: sequence(oid(SHA256)), oid: SHA256, parameters: undefined }, certHash: new Uint8Array(32).fill(3), issuerSerial: undefined },
          { hashAlgorithm: { bytes: sequence(oid(SM3)), oid: SM3, parameters: undefined }, certHash: new Uint8Array(32).fill(3), issuerSerial },
        ],
      },
    });
  });

  it.each([
    ['no certificates', sequence(sequence())],
    ['no hash', sequence(sequence(sequence(sequence(oid(SM3)))))],
    ['a hash that is no string', sequence(sequence(sequence(integer(1))))],
    ['more fields', sequence(sequence(sequence(octetString(new Uint8Array(32)), sequence(), integer(1))))],
    ['too many certificates', sequence(tlv(0x30, ...Array<Uint8Array>(101).fill(essCert)))],
  ])('with %s is STRUCTURE_INVALID', (_name, value) => {
    expect(refusalCode(() => read(value))).toBe('STRUCTURE_INVALID');
  });
});
