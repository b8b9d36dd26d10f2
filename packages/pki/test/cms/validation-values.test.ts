import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explicit, integer, octetString, oid, sequence } from '../../src/asn1/writer.js';
import { PkiError } from '../../src/error.js';
import { buildSignedAttributes } from '../../src/cms/build.js';
import { certificateValues, readCertificateValues, readRevocationValues, revocationValues } from '../../src/cms/validation-values.js';
import { hexOf } from '../../src/asn1/bytes.js';
import { expectCode } from '../expect-code.js';

const one = sequence(integer(1));
const two = sequence(integer(2));

describe('certificate-values and revocation-values', () => {
  it('come back as they were written', () => {
    expect(readCertificateValues(certificateValues([one, two]))).toEqual([one, two]);
    for (const values of [{ crls: [one], ocspResponses: [] }, { crls: [], ocspResponses: [two] }, { crls: [one, two], ocspResponses: [two] }]) {
      expect(readRevocationValues(revocationValues(values))).toEqual(values);
    }
  });
  it('of any number and size come back, and no changed octet does anything but refuse or read', () => {
    const element = fc.uint8Array({ maxLength: 300 }).map((octets) => sequence(octetString(octets)));
    fc.assert(fc.property(fc.array(element, { maxLength: 5 }), fc.array(element, { minLength: 1, maxLength: 5 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (crls, ocspResponses, place, mask) => {
      const written = revocationValues({ crls, ocspResponses });
      expect(readRevocationValues(written)).toEqual({ crls, ocspResponses });
      written[place % written.length]! ^= mask;
      for (const read of [readRevocationValues, readCertificateValues]) {
        try {
          read(written);
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError);
        }
      }
    }));
  });
  it('pass over values of other kinds, and refuse what is none of it', () => {
    expect(readRevocationValues(sequence(explicit(0, sequence(one)), explicit(2, sequence(oid('1.2.3'), one))))).toEqual({ crls: [one], ocspResponses: [] });
    expect(() => revocationValues({ crls: [], ocspResponses: [] })).toThrow(TypeError);
    expectCode(() => readCertificateValues(sequence(integer(1))), 'STRUCTURE_INVALID');
    expectCode(() => readRevocationValues(sequence(explicit(3, one))), 'TRAILING_DATA');
    expectCode(() => readRevocationValues(sequence(explicit(1, sequence(one)), explicit(0, sequence(one)))), 'TRAILING_DATA');
  });
});

describe('signed attributes', () => {
  it('of a countersignature have no contentType; others join the sorted set', () => {
    const set = hexOf(buildSignedAttributes({ messageDigest: Uint8Array.of(1), others: [{ type: '1.2.3', values: [one] }] }));
    expect(set).toContain(hexOf(oid('1.2.840.113549.1.9.4')));
    expect(set).not.toContain(hexOf(oid('1.2.840.113549.1.9.3')));
    expect(set).toContain(hexOf(one));
  });
});
