import { integer, parseCertificate, utf8String } from '@hefu/pki';
import { describe, expect, test } from 'vitest';
import { issueCertificate, type CertificateSpec } from '../src/certificate.js';
import { authorityKeyIdentifier, basicConstraints, crlDistributionPoints, extension, keyUsage, ocspAccess, subjectKeyIdentifier } from '../src/extension.js';
import { deriveKeyPair } from '../src/keys.js';
import { attr } from '../src/name.js';
import { createSeed } from '../src/seed.js';

const seed = createSeed('certificate');
const ca = deriveKeyPair(seed, 'ca', 'SM2');
const leaf = deriveKeyPair(seed, 'leaf', 'SM2');
const DAY = 86_400_000;
const plain: CertificateSpec = {
  serialNumber: Uint8Array.of(0x12, 0x34),
  issuer: [attr('C', 'CN'), attr('CN', 'Issuer')],
  subject: [attr('C', 'CN'), attr('CN', 'Subject')],
  notBefore: Date.UTC(2026, 0, 1),
  notAfter: Date.UTC(2027, 0, 1),
  spki: leaf.spkiDer,
  signer: ca,
  extensions: [
    authorityKeyIdentifier(ca.keyIdentifier), subjectKeyIdentifier(leaf.keyIdentifier), basicConstraints({ ca: false }),
    keyUsage(['digitalSignature', 'nonRepudiation'], { critical: true }),
  ],
};

const found = (spec: Partial<CertificateSpec>): string[] => {
  const certificate = parseCertificate(issueCertificate({ ...plain, ...spec }));
  return [...new Set(certificate.deviations.map(({ id }) => id))].sort();
};
const extensions = (...change: Parameters<typeof extension>[]): Partial<CertificateSpec> => ({
  extensions: [...plain.extensions!, ...change.map((each) => extension(...each))],
});

test('a certificate without oddities has no deviations', () => {
  expect(found({})).toEqual([]);
});

describe('each oddity is found, and nothing else', () => {
  const without = (oid: string) => plain.extensions!.filter((each) => each.oid !== oid);
  test.each<[string, Partial<CertificateSpec>, string[]]>([
    ['NULL parameters', { algorithmParameters: 'null' }, ['X509_SM2_PARAMETERS_NULL']],
    ['GeneralizedTime before 2050', { timeForm: 'generalized' }, ['X509_GENERALIZED_TIME_BEFORE_2050']],
    ['notBefore after notAfter', { notAfter: plain.notBefore - DAY }, ['X509_VALIDITY_INVERTED']],
    ['serial zero', { serialNumber: Uint8Array.of(0) }, ['X509_SERIAL_ZERO']],
    ['negative serial', { serialNumber: Uint8Array.of(0x80) }, ['X509_SERIAL_NEGATIVE']],
    ['padded serial', { serialNumber: Uint8Array.of(0, 1) }, ['X509_SERIAL_NOT_MINIMAL']],
    ['serial of 21 octets', { serialNumber: new Uint8Array(21).fill(1) }, ['X509_SERIAL_TOO_LONG']],
    ['BMPString', { subject: [attr('O', '主体', 'bmp')] }, ['X509_NAME_BMP_STRING']],
    ['TeletexString', { subject: [attr('O', 'Subject', 'teletex')] }, ['X509_NAME_TELETEX_STRING']],
    ['the word null', { subject: [attr('ST', 'null')] }, ['X509_NAME_VALUE_NULL']],
    ['a multi-valued RDN', { subject: [[attr('CN', 'Subject'), attr('serialNumber', '1')]] }, ['X509_NAME_MULTI_VALUED_RDN']],
    ['mixed string types', { subject: [attr('C', 'CN', 'utf8')] }, ['X509_NAME_MIXED_STRING_TYPES']],
    ['no authority key identifier', { extensions: without('2.5.29.35') }, ['X509_AUTHORITY_KEY_IDENTIFIER_MISSING']],
    ['critical authority key identifier', { extensions: [...without('2.5.29.35'), authorityKeyIdentifier(ca.keyIdentifier, true)] }, ['X509_AUTHORITY_KEY_IDENTIFIER_CRITICAL']],
    ['critical subject key identifier', { extensions: [...without('2.5.29.14'), subjectKeyIdentifier(leaf.keyIdentifier, true)] }, ['X509_SUBJECT_KEY_IDENTIFIER_CRITICAL']],
    ['no basicConstraints', { extensions: without('2.5.29.19') }, ['X509_BASIC_CONSTRAINTS_MISSING']],
    ['keyUsage not critical', { extensions: [...without('2.5.29.15'), keyUsage(['digitalSignature'])] }, ['X509_KEY_USAGE_NOT_CRITICAL']],
    ['keyUsage with needless bits', { extensions: [...without('2.5.29.15'), keyUsage(['digitalSignature', 'nonRepudiation'], { critical: true, notMinimal: true })] }, ['X509_BIT_STRING_NOT_MINIMAL']],
    ['OCSP pseudo-scheme', { extensions: [...plain.extensions!, ocspAccess(['OCSP://ocsp.sandbox.invalid'])] }, ['X509_ACCESS_LOCATION_SCHEME']],
    ['extension twice', extensions(['1.2.3.4', utf8String('a')], ['1.2.3.4', utf8String('b')]), ['X509_DUPLICATE_EXTENSION']],
    ['algorithm differs inside', { tbsAlgorithmParameters: 'null' }, ['X509_SIGNATURE_ALGORITHM_MISMATCH', 'X509_SM2_PARAMETERS_NULL']],
  ])('%s', (_, spec, ids) => {
    expect(found(spec)).toEqual(ids);
  });
});

test('keyUsage is written as 03 02 00 C0 when asked, as 03 02 06 C0 otherwise', () => {
  expect([...keyUsage(['digitalSignature', 'nonRepudiation'], { notMinimal: true }).value]).toEqual([3, 2, 0, 0xc0]);
  expect([...keyUsage(['digitalSignature', 'nonRepudiation']).value]).toEqual([3, 2, 6, 0xc0]);
});

test('an extension holds any octets, also none of a TLV', () => {
  const raw = new TextEncoder().encode('91420100HEFU0001');
  const certificate = parseCertificate(issueCertificate({ ...plain, ...extensions(['1.2.156.10260.4.1.4', raw]) }));
  expect(certificate.extension('1.2.156.10260.4.1.4')?.value).toEqual(raw);
});

test('fields no standard allows are written, and refused by the parser', () => {
  const bytes = issueCertificate({ ...plain, extraFields: [integer(1)] });
  expect(() => parseCertificate(bytes).extensions).toThrow(expect.objectContaining({ code: 'STRUCTURE_INVALID' }));
  expect(parseCertificate(issueCertificate(plain)).extensions).toHaveLength(4);
});

test('distribution points carry URLs and directory names', () => {
  const name = parseCertificate(issueCertificate(plain)).issuer;
  const long = `http://127.0.0.1:18080/${'x'.repeat(300)}.crl`;
  const certificate = parseCertificate(issueCertificate({ ...plain, extensions: [...plain.extensions!, crlDistributionPoints([name.bytes, long])] }));
  expect(certificate.extCrlDistributionPoints?.map(({ fullName }) => fullName[0]?.kind)).toEqual(['directoryName', 'uniformResourceIdentifier']);
  const last = certificate.extCrlDistributionPoints?.[1]?.fullName[0];
  expect(last?.kind === 'uniformResourceIdentifier' && last.value).toBe(long);
});
