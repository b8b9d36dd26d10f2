import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatName, namesEqual } from '../../src/x509/name.js';
import { readCertificate } from '../../src/read.js';
import type { Certificate } from '../../src/model.js';

const vectors = process.env['HEFU_VECTORS'] ?? resolve(import.meta.dirname, '../../../../../shared/vectors');
const folder = resolve(vectors, 'real-ca');
const absent = !existsSync(folder);
if (absent) console.warn(`SKIPPED: no real CA certificates at ${folder}; set HEFU_VECTORS to the folder that holds real-ca`);

const load = (file: string): Certificate => readCertificate(new Uint8Array(readFileSync(resolve(folder, file))));
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes!).toString('hex');
const NULLS = ['X509_SM2_PARAMETERS_NULL', 'X509_SM2_PARAMETERS_NULL'];

// Expected values were read with `openssl x509 -text`.
const CASES = [
  {
    file: 'nrcac-rootca.pem', subject: 'CN=ROOTCA,O=NRCAC,C=CN', issuer: 'CN=ROOTCA,O=NRCAC,C=CN', serial: '69e2fec0170ac67b', notBefore: '2012-07-14T03:11:59Z', notAfter: '2042-07-07T03:11:59Z',
    key: '0430f09c6baa6681c721b137f652705e2fdaed', ski: '4c32b197d9331bc4a605c1c6e58b625bf0977658', aki: '4c32b197d9331bc4a605c1c6e58b625bf0977658', usage: ['keyCertSign', 'cRLSign'],
    deviations: [...NULLS, 'X509_BASIC_CONSTRAINTS_NOT_CRITICAL', 'X509_KEY_USAGE_NOT_CRITICAL'],
  },
  {
    file: 'nrcac-civil-servant-root.pem', subject: 'CN=Civil Servant ROOT,O=NRCAC,C=CN', issuer: 'CN=Civil Servant ROOT,O=NRCAC,C=CN', serial: '11d64c304b7f501e9a0650a508fac774', notBefore: '2014-07-15T06:48:56Z', notAfter: '2044-07-07T06:48:56Z',
    key: '0475c214b2b083036a48f5d672fe2a027527e1', ski: '9fdc5f57a5096e66f0f27576ed01627004fcfa54', aki: '9fdc5f57a5096e66f0f27576ed01627004fcfa54', usage: ['keyCertSign', 'cRLSign'],
    deviations: [...NULLS, 'X509_BASIC_CONSTRAINTS_NOT_CRITICAL', 'X509_KEY_USAGE_NOT_CRITICAL'],
  },
  {
    file: 'bjca-sm2-ca.pem', subject: 'CN=Beijing SM2 CA,OU=BJCA,O=BJCA,C=CN', issuer: 'CN=ROOTCA,O=NRCAC,C=CN', serial: '75dfc8554a8c03ab35cf59e8b8613b9e', notBefore: '2013-01-16T11:07:31Z', notAfter: '2033-01-11T11:07:31Z',
    key: '048a8aaa470d2a9a33d8505fba49681623527', ski: '1fe6cfd48fc5222a974a298a15e716c99234c4b6', aki: '4c32b197d9331bc4a605c1c6e58b625bf0977658', usage: ['keyCertSign', 'cRLSign'],
    deviations: [...NULLS, 'X509_CRL_LOCATION_DIRECTORY_NAME_ONLY'],
  },
  {
    file: 'sheca-sm2-ca.pem', subject: 'CN=SHECA SM2,O=UniTrust,C=CN', issuer: 'CN=ROOTCA,O=NRCAC,C=CN', serial: '2da1a6bd0ce76c624e634b7d6a29d02a', notBefore: '2013-09-13T08:10:25Z', notAfter: '2033-09-08T08:10:25Z',
    key: '047dd11f912d06', ski: '893104917b43aaaa9abf841d9b86eef0b87099a0', aki: '4c32b197d9331bc4a605c1c6e58b625bf0977658', usage: ['keyCertSign', 'cRLSign'],
    deviations: [...NULLS, 'X509_CRL_LOCATION_DIRECTORY_NAME_ONLY'],
  },
  {
    file: 'explicit-curve-parameters.pem', subject: 'C=CN,ST=Bei Jing,L=Bei Jing,O=电子印章平台,OU=Chenglitong Ceshi电子印章平台,CN=Chenglitong Ceshi', issuer: 'C=CN,ST=Bei Jing,L=Bei Jing,O=电子印章平台,OU=Chenglitong Ceshi电子印章平台,CN=Chenglitong Ceshi', serial: '3a61ad4b2a154b85',
    notBefore: '2021-02-02T07:05:45Z', notAfter: '2031-12-31T07:05:45Z', key: '04e416a99fd74ea94f76f14defe9', ski: 'c8e86109a142b4750976f230a43815592a844edc', aki: 'c8e86109a142b4750976f230a43815592a844edc', usage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
    deviations: ['X509_EXPLICIT_CURVE_PARAMETERS'],
  },
] as const;

describe.skipIf(absent)('certificates of real CAs', () => {
  it.each(CASES)('$file', (expected) => {
    const found = load(expected.file);
    expect(found.version).toBe(3);
    expect(formatName(found.subject)).toBe(expected.subject);
    expect(formatName(found.issuer)).toBe(expected.issuer);
    expect(hex(found.serialNumber)).toBe(expected.serial);
    expect(found.validity).toEqual({ notBefore: Date.parse(expected.notBefore), notAfter: Date.parse(expected.notAfter) });
    expect(found.signatureAlgorithm.oid).toBe('1.2.156.10197.1.501');
    const { key } = found.spki;
    expect(key).toMatchObject({ kty: 'EC', crv: 'SM2' });
    expect(hex((key as { point: Uint8Array }).point)).toHaveLength(130);
    expect(hex((key as { point: Uint8Array }).point).startsWith(expected.key)).toBe(true);
    expect(found.extBasicConstraints).toEqual({ ca: true, pathLength: undefined });
    expect([...found.extKeyUsage!]).toEqual(expected.usage);
    expect(hex(found.extSubjectKeyIdentifier)).toBe(expected.ski);
    expect(hex(found.extAuthorityKeyIdentifier!.keyIdentifier)).toBe(expected.aki);
    expect(found.deviations.map(({ id }) => id)).toEqual(expected.deviations);
  });

  it('the regional CAs name the national root as issuer, and no other', () => {
    const root = load('nrcac-rootca.pem').subject;
    for (const file of ['bjca-sm2-ca.pem', 'sheca-sm2-ca.pem']) {
      expect(namesEqual(load(file).issuer, root)).toBe(true);
      expect(namesEqual(load(file).issuer, load('nrcac-civil-servant-root.pem').subject)).toBe(false);
    }
  });

  it('distribution points of the regional CAs', () => {
    const points = load('bjca-sm2-ca.pem').extCrlDistributionPoints!;
    expect(points.flatMap(({ fullName }) => fullName.map((name) => (name.kind === 'uniformResourceIdentifier' ? name.value : name.kind)))).toEqual([
      'directoryName', 'http://www.rootca.gov.cn/arl/arl.crl', 'ldap://ldap.rootca.gov.cn:389/CN=arl,OU=ARL,O=NRCAC,C=CN',
    ]);
  });
});
