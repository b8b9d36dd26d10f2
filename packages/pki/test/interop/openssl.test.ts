import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatName, namesEqual } from '../../src/x509/name.js';
import { readCertificate, readCrl } from '../../src/read.js';

const absent = spawnSync('openssl', ['version']).status !== 0;
if (absent) console.warn('SKIPPED: no openssl command; certificates and CRLs made by OpenSSL are not compared');

const CONFIG = `
[ req ]
distinguished_name = dn
prompt = no
string_mask = utf8only
utf8 = yes
x509_extensions = ext
[ dn ]
C = CN
O = 示例认证中心
CN = Example, Test CA
[ ext ]
basicConstraints = critical, CA:TRUE, pathlen:2
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always, issuer:always
crlDistributionPoints = crldp
authorityInfoAccess = OCSP;URI:http://ocsp.example.cn, caIssuers;URI:http://example.cn/ca.crt
certificatePolicies = 1.2.156.1.2.3, @cp
subjectAltName = DNS:example.cn, IP:::1, dirName:dn, otherName:1.3.6.1.4.1.311.20.2.3;UTF8:u@example, RID:1.2.3.4
[ crldp ]
fullname = URI:http://example.cn/a.crl
CRLissuer = dirName:dn
reasons = keyCompromise, CACompromise
[ cp ]
policyIdentifier = 1.2.156.1.2.4
CPS.1 = http://example.cn/cps
[ ca ]
default_ca = this
[ this ]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
crl_extensions = crl_ext
private_key = key.pem
certificate = ca.pem
[ crl_ext ]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical, @idp
[ idp ]
fullname = URI:http://example.cn/a.crl
onlyuser = TRUE
`;

describe.skipIf(absent)('made by OpenSSL', () => {
  let folder = '';
  const openssl = (...args: string[]): string => {
    const run = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`openssl ${args.join(' ')}: ${run.stderr}`);
    return run.stdout;
  };
  const file = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hefu-pki-'));
    writeFileSync(join(folder, 'config'), CONFIG);
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-nodes', '-keyout', 'key.pem', '-out', 'ca.pem', '-config', 'config', '-set_serial', '0x00ff01', '-days', '3650', '-sha384');
    // status, expiry, revocation and reason, serial, file, subject
    writeFileSync(join(folder, 'index.txt'), [
      'R\t300101000000Z\t240203040506Z,keyCompromise\t0A\tunknown\t/CN=a',
      'R\t300101000000Z\t240203040507Z\tFF01\tunknown\t/CN=b',
      'R\t300101000000Z\t240203040508Z,CAkeyTime,20240101000000Z\t0102030405060708090A0B0C0D0E0F10\tunknown\t/CN=c',
      'R\t300101000000Z\t240203040509Z,holdInstruction,holdInstructionReject\t0D\tunknown\t/CN=d',
      'V\t300101000000Z\t\t0E\tunknown\t/CN=e',
      '',
    ].join('\n'));
    writeFileSync(join(folder, 'crlnumber'), '1234\n');
    openssl('ca', '-gencrl', '-config', 'config', '-out', 'crl.pem');
    openssl('crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der');
    openssl('x509', '-in', 'ca.pem', '-trustout', '-addtrust', 'clientAuth', '-setalias', 'x', '-out', 'trusted.pem');
    openssl('x509', '-in', 'ca.pem', '-outform', 'DER', '-out', 'ca.der');
  });
  afterAll(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  it('a certificate with most extensions', () => {
    const found = readCertificate(file('ca.pem'));
    const printed = (option: string): string => openssl('x509', '-in', 'ca.pem', '-noout', option).trim().replace(/^[^=]*=/, '');
    expect(formatName(found.subject)).toBe('CN=Example\\, Test CA,O=示例认证中心,C=CN');
    expect(openssl('x509', '-in', 'ca.pem', '-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb').trim()).toBe(`subject=${formatName(found.subject)}`);
    expect(Buffer.from(found.serialNumber).toString('hex')).toBe('00ff01');
    expect(found.validity).toEqual({ notBefore: Date.parse(printed('-startdate')), notAfter: Date.parse(printed('-enddate')) });
    expect(found.spki.key).toMatchObject({ kty: 'EC', crv: 'P-384' });
    expect(found.extBasicConstraints).toEqual({ ca: true, pathLength: 2 });
    expect([...found.extKeyUsage!]).toEqual(['keyCertSign', 'cRLSign']);
    const authority = found.extAuthorityKeyIdentifier!;
    expect(authority.keyIdentifier).toEqual(found.extSubjectKeyIdentifier);
    expect(authority.authorityCertSerialNumber).toEqual(found.serialNumber);
    expect(authority.authorityCertIssuer!.map((n) => n.kind === 'directoryName' && namesEqual(n.name, found.subject))).toEqual([true]);
    expect(found.extCrlDistributionPoints).toMatchObject([{ fullName: [{ value: 'http://example.cn/a.crl' }], reasons: [1, 2], crlIssuer: [{ kind: 'directoryName' }] }]);
    expect(found.extAuthorityInfoAccess!.map(({ method, location }) => [method, (location as { value: string }).value])).toEqual([
      ['1.3.6.1.5.5.7.48.1', 'http://ocsp.example.cn'], ['1.3.6.1.5.5.7.48.2', 'http://example.cn/ca.crt'],
    ]);
    expect(found.extCertificatePolicies).toEqual(['1.2.156.1.2.3', '1.2.156.1.2.4']);
    expect(found.extSubjectAltName!.map(({ kind }) => kind)).toEqual(['dNSName', 'iPAddress', 'directoryName', 'otherName', 'registeredID']);
    expect(found.deviations).toEqual([]);
  });

  it('its trusted form is the same certificate', () => {
    expect(new TextDecoder().decode(file('trusted.pem'))).toContain('TRUSTED');
    expect(readCertificate(file('trusted.pem')).bytes).toEqual(file('ca.der'));
  });

  it('a CRL', () => {
    const found = readCrl(file('crl.pem'));
    expect(found.bytes).toEqual(file('crl.der'));
    expect(found.version).toBe(2);
    expect(namesEqual(found.issuer, readCertificate(file('ca.pem')).subject)).toBe(true);
    expect(openssl('crl', '-in', 'crl.pem', '-noout', '-lastupdate').trim().replace(/^[^=]*=/, '')).toBe(openssl('crl', '-in', 'crl.der', '-inform', 'DER', '-noout', '-lastupdate').trim().replace(/^[^=]*=/, ''));
    expect(found.thisUpdate).toBe(Date.parse(openssl('crl', '-in', 'crl.pem', '-noout', '-lastupdate').trim().replace(/^[^=]*=/, '')));
    expect(found.nextUpdate).toBe(Date.parse(openssl('crl', '-in', 'crl.pem', '-noout', '-nextupdate').trim().replace(/^[^=]*=/, '')));
    expect(found.size).toBe(4);
    expect(found.extCrlNumber).toEqual(Uint8Array.of(0x12, 0x34));
    expect(found.extIssuingDistributionPoint).toMatchObject({ onlyContainsUserCerts: true, indirectCRL: false, fullName: [{ value: 'http://example.cn/a.crl' }] });
    const at = (second: number): number => Date.UTC(2024, 1, 3, 4, 5, second);
    expect(found.find(Uint8Array.of(0x0a))).toMatchObject({ revocationDate: at(6), reason: 'keyCompromise', invalidityDate: undefined });
    expect(found.find(Uint8Array.of(0, 0xff, 1))).toMatchObject({ revocationDate: at(7), reason: 'unspecified' });
    expect(found.find(Uint8Array.from({ length: 16 }, (_, i) => i + 1))).toMatchObject({ revocationDate: at(8), reason: 'cACompromise', invalidityDate: Date.UTC(2024, 0, 1) });
    expect(found.find(Uint8Array.of(0x0d))).toMatchObject({ revocationDate: at(9), reason: 'certificateHold' });
    expect(found.find(Uint8Array.of(0x0e))).toBeUndefined();
    expect(found.deviations).toEqual([]);
  });
});
