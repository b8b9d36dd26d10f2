import { describe, expect, it } from 'vitest';
import { bitString, concatBytes, nullValue, oid, sequence, tlv } from '../src/asn1/writer.js';
import { parseCertificateList } from '../src/crl/certificate-list.js';
import { encodePem } from '../src/pem.js';
import { readCertificate, readCrl } from '../src/read.js';
import { parseCertificate } from '../src/x509/certificate.js';
import { crl, entry } from './crl/samples.js';
import { expectCode, pkiError } from './expect-code.js';
import { certificate, ecSpki } from './x509/samples.js';

/** `depth` SEQUENCEs, one inside the other. */
function nested(depth: number): Uint8Array {
  const headers: Uint8Array[] = [];
  let length = 0;
  for (let i = 0; i < depth; i++) {
    const header = length < 0x80 ? [0x30, length] : length < 0x100 ? [0x30, 0x81, length] : [0x30, 0x82, length >> 8, length & 0xff];
    headers.push(Uint8Array.from(header));
    length += header.length;
  }
  return concatBytes(...headers.reverse());
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe.each([
  ['certificate', parseCertificate, readCertificate, certificate(), crl(), 'crl'],
  ['crl', parseCertificateList, readCrl, crl({ entries: [entry(1)] }), certificate(), 'certificate'],
] as const)('bad input where a %s is expected', (_, parse, read, good, other, otherName) => {
  it('each has its own code', () => {
    const large = { maxCertificateBytes: 70_000, maxCrlBytes: 70_000 };
    expectCode(() => parse(new Uint8Array(0)), 'EMPTY_INPUT');
    expectCode(() => parse(new Uint8Array(100 * 1024 * 1024), {}), 'INPUT_TOO_LARGE');
    expectCode(() => parse(good.subarray(0, -1)), 'TRUNCATED');
    expectCode(() => parse(nested(10_000), large), 'TOO_DEEP');
    expectCode(() => parse(concatBytes(good, nullValue())), 'TRAILING_DATA');
    expectCode(() => parse(nullValue()), 'STRUCTURE_INVALID');
    expectCode(() => parse(Uint8Array.of(0x30, 0x80, 0, 0)), 'DER_INVALID');
    expect(expectCode(() => parse(other), 'WRONG_STRUCTURE').detected).toBe(otherName);
    expect(expectCode(() => read(encodePem('PKCS7', good)), 'PEM_WRONG_LABEL').detected).toBe('PKCS7');
    expectCode(() => read(encodePem('ENCRYPTED PRIVATE KEY', good)), 'PEM_ENCRYPTED');
    expectCode(() => read('not base64 at all!'), 'PEM_INVALID');
  });

  it.each([
    ['html', text('<html></html>')],
    ['pdf', text('%PDF-1.4')],
    ['json', text('{}')],
    ['text', text('hello')],
    ['zip', text('PK\u0003\u0004')],
    ['public-key', ecSpki()],
    ['signed-data', sequence(oid('1.2.840.113549.1.7.2'), tlv(0xa0, sequence()))],
  ])('%s is named', (detected, bytes) => {
    const error = expectCode(() => parse(bytes), 'WRONG_STRUCTURE');
    expect(error.detected).toBe(detected);
    expect(error.cause).toBeDefined();
  });

  it('PEM given to the DER entry is named', () => {
    expect(expectCode(() => parse(text(encodePem('CERTIFICATE', good))), 'WRONG_STRUCTURE').detected).toBe('pem:CERTIFICATE');
  });

  it('cut off at every octet', () => {
    for (let length = 1; length < good.length; length++) expectCode(() => parse(good.subarray(0, length)), 'TRUNCATED');
    expectCode(() => parse(good.subarray(0, 0)), 'EMPTY_INPUT');
  });

  it('zeros, many or few', () => {
    expectCode(() => parse(new Uint8Array(10)), 'STRUCTURE_INVALID');
    expectCode(() => parse(new Uint8Array(60_000)), 'STRUCTURE_INVALID');
    expectCode(() => read(new Uint8Array(60_000)), 'STRUCTURE_INVALID');
  });

  it('text is no misuse of the read entry, but of the parse entry', () => {
    expect(() => parse('x' as unknown as Uint8Array)).toThrow(TypeError);
    expect(read(encodePem(otherName === 'crl' ? 'CERTIFICATE' : 'CRL', good)).bytes).toEqual(good);
  });
});

describe('depth', () => {
  it('deep parameters, names and plain nesting are refused; a little nesting is not', () => {
    const parameters = (depth: number): Uint8Array => sequence(oid('1.2.3'), nested(depth));
    expectCode(() => parseCertificate(certificate({ signature: parameters(3000) })), 'TOO_DEEP');
    expect(parseCertificate(certificate({ signature: parameters(20) })).signatureAlgorithm.parameters).toHaveLength(40);
    expectCode(() => parseCertificate(certificate({ spki: sequence(parameters(3000), bitString(new Uint8Array(1))) })), 'TOO_DEEP');
    expectCode(() => parseCertificate(certificate({ subject: sequence(tlv(0x31, sequence(oid('2.5.4.3'), nested(3000)))) })), 'TOO_DEEP');
  });

  it('many elements side by side take linear time', () => {
    const wide = tlv(0x30, new Uint8Array(60_000).map((_, i) => (i % 2 === 0 ? 0x05 : 0)));
    const error = pkiError(() => parseCertificate(wide));
    expect(['STRUCTURE_INVALID', 'WRONG_STRUCTURE']).toContain(error.code);
  });
});
