import { createPublicKey, createVerify, verify, X509Certificate } from 'node:crypto';
import { sm2Z } from '@hefu/crypto';
import { encodePem, equalBytes, namesEqual, parseCertificate, parseCertificateList, type Certificate } from '@hefu/pki';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/index.js';
import { hasOpenssl, openssl } from '../openssl.js';

const world = createWorld({ seed: 'certificates', at: Date.UTC(2026, 9, 1, 2, 3, 4, 567) });
const company = (id: string) => world.companies.find((each) => each.id === id)!;
const SM2_WITH_SM3 = '1.2.156.10197.1.501';

interface Signed {
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
  readonly signatureAlgorithm: { readonly oid: string };
}

/** Node's verdict on a signature by this certificate's key. For SM2 it hashes no Z by itself: it is put in front. */
function nodeVerifies(signed: Signed, issuer: Certificate): boolean {
  const key = createPublicKey({ key: Buffer.from(issuer.spki.bytes), format: 'der', type: 'spki' });
  if (signed.signatureAlgorithm.oid !== SM2_WITH_SM3) return verify('sha256', signed.tbs, key, signed.signature);
  return createVerify('sm3').update(sm2Z(issuer.spki.publicKey)).update(signed.tbs).verify(key, signed.signature);
}

function kindOf({ spki: { key } }: Certificate): string {
  return key.kty === 'RSA' ? 'RSA' : key.crv;
}

/** Every certificate with the one that issued it. */
const pairs: readonly { readonly name: string; readonly certificate: Certificate; readonly issuer: Certificate }[] = [
  { name: 'national root', certificate: parseCertificate(world.nationalRoot.certificate), issuer: parseCertificate(world.nationalRoot.certificate) },
  ...world.authorities.flatMap(({ id, issuers, above, design }) => [
    ...issuers.map((ca) => ({
      name: `${id} ${ca.label}`,
      certificate: parseCertificate(ca.certificate),
      issuer: parseCertificate((above[0] ?? ca).certificate),
    })),
    ...(design.under === 'own-root' ? above.map((root) => ({ name: `${id} root`, certificate: parseCertificate(root.certificate), issuer: parseCertificate(root.certificate) })) : []),
  ]),
  ...world.companies.flatMap(({ id, sign, encrypt, issuer }) =>
    [sign, encrypt].map(({ certificate }, i) => ({ name: `${id} ${i === 0 ? 'sign' : 'encrypt'}`, certificate: parseCertificate(certificate), issuer: parseCertificate(issuer.certificate) }))),
];

describe('certificates', () => {
  test('there are ten regional CAs and more, of every kind', () => {
    expect(world.authorities.length).toBeGreaterThanOrEqual(10);
    expect(new Set(world.authorities.map(({ design }) => `${design.kind} ${design.under}`))).toEqual(
      new Set(['SM2 national', 'SM2 self', 'RSA-2048 own-root', 'P-256 self']),
    );
    expect(new Set(world.authorities.filter(({ design }) => design.listed).map(({ design }) => design.placement)).size).toBeGreaterThanOrEqual(12);
  });

  test.each(pairs)('$name is signed by its issuer, not by another key', ({ certificate, issuer }) => {
    expect(namesEqual(certificate.issuer, issuer.subject)).toBe(true);
    expect(nodeVerifies(certificate, issuer)).toBe(true);
    const stranger = pairs.find((pair) => kindOf(pair.certificate) === kindOf(issuer) && !equalBytes(pair.certificate.spki.bytes, issuer.spki.bytes))!;
    expect(nodeVerifies(certificate, stranger.certificate)).toBe(false);
    expect(certificate.validity.notBefore).toBeGreaterThanOrEqual(issuer.validity.notBefore);
    expect(certificate.validity.notAfter).toBeLessThanOrEqual(issuer.validity.notAfter);
  });

  test('no extension is malformed and no serial number comes twice', () => {
    for (const { certificate } of pairs) expect(certificate.deviations.map(({ id }) => id)).not.toContain('X509_EXTENSION_MALFORMED');
    const serials = new Set(pairs.map(({ certificate }) => Buffer.from(certificate.serialNumber).toString('hex')));
    expect(serials.size).toBe(pairs.length);
  });

  test.each<[string, readonly string[]]>([
    ['qinghe', ['X509_ACCESS_LOCATION_SCHEME', 'X509_BASIC_CONSTRAINTS_MISSING', 'X509_KEY_USAGE_NOT_CRITICAL']],
    ['bohan', ['X509_KEY_USAGE_NOT_CRITICAL', 'X509_NAME_MIXED_STRING_TYPES', 'X509_SM2_PARAMETERS_NULL']],
    ['lushi', [
      'X509_AUTHORITY_KEY_IDENTIFIER_CRITICAL', 'X509_BASIC_CONSTRAINTS_MISSING', 'X509_CRL_LOCATION_DIRECTORY_NAME_ONLY', 'X509_NAME_BMP_STRING',
      'X509_NAME_MIXED_STRING_TYPES', 'X509_SM2_PARAMETERS_NULL', 'X509_SUBJECT_KEY_IDENTIFIER_CRITICAL',
    ]],
    ['yanqiao', ['X509_KEY_USAGE_NOT_CRITICAL']],
    ['hengtao', ['X509_KEY_USAGE_NOT_CRITICAL']],
    ['tingyu', [
      'X509_BASIC_CONSTRAINTS_MISSING', 'X509_BIT_STRING_NOT_MINIMAL', 'X509_GENERALIZED_TIME_BEFORE_2050', 'X509_KEY_USAGE_NOT_CRITICAL', 'X509_SM2_PARAMETERS_NULL',
    ]],
    ['songyan', ['X509_AUTHORITY_KEY_IDENTIFIER_MISSING', 'X509_BASIC_CONSTRAINTS_MISSING', 'X509_KEY_USAGE_NOT_CRITICAL', 'X509_SM2_PARAMETERS_NULL']],
    ['jixue', ['X509_BASIC_CONSTRAINTS_MISSING', 'X509_KEY_USAGE_NOT_CRITICAL', 'X509_NAME_VALUE_NULL']],
    ['chenlu', ['X509_BASIC_CONSTRAINTS_MISSING', 'X509_KEY_USAGE_NOT_CRITICAL', 'X509_NAME_MIXED_STRING_TYPES', 'X509_NAME_TELETEX_STRING']],
    ['guyun', ['X509_BASIC_CONSTRAINTS_MISSING', 'X509_KEY_USAGE_NOT_CRITICAL', 'X509_NAME_MULTI_VALUED_RDN']],
  ])('%s deviates just as its CA does', (id, ids) => {
    const found = parseCertificate(company(id).sign.certificate).deviations.map((deviation) => deviation.id);
    expect([...new Set(found)].sort()).toEqual(ids);
  });

  test('issuer fields may differ from the CA name in octets, not in meaning', () => {
    const { sign, issuer } = company('qinghe');
    const leaf = parseCertificate(sign.certificate);
    const ca = parseCertificate(issuer.certificate);
    expect(equalBytes(leaf.issuer.bytes, ca.subject.bytes)).toBe(false);
    expect(namesEqual(leaf.issuer, ca.subject)).toBe(true);
  });

  test('one DN, two keys', () => {
    const [first, second] = ['hanmian', 'xichuan'].map((id) => world.authorities.find((each) => each.id === id)!.issuers.map(({ listed }) => listed));
    expect(first).toEqual([true, false]);
    expect(second).toEqual([true, true]);
    const [newer, older] = world.authorities.find(({ id }) => id === 'hanmian')!.issuers;
    expect(equalBytes(newer!.name, older!.name)).toBe(true);
    expect(equalBytes(newer!.key.spkiDer, older!.key.spkiDer)).toBe(false);
  });

  test('dual certificates share the subject and no use of the key', () => {
    for (const { sign, encrypt } of world.companies) {
      const [first, second] = [parseCertificate(sign.certificate), parseCertificate(encrypt.certificate)];
      expect(equalBytes(first.subject.bytes, second.subject.bytes)).toBe(true);
      expect([...first.extKeyUsage!].some((bit) => second.extKeyUsage!.has(bit))).toBe(false);
      expect(equalBytes(first.spki.bytes, second.spki.bytes)).toBe(false);
    }
  });

  test('what certificates say of CRLs is reachable, LDAP only or private', () => {
    const urls = (id: string) => parseCertificate(company(id).sign.certificate).extCrlDistributionPoints!.flatMap(({ fullName }) => fullName.map((name) => (name.kind === 'uniformResourceIdentifier' ? name.value : name.kind)));
    expect(urls('qinghe')).toEqual([`${world.baseUrl}/crl/chujiang.crl`]);
    expect(urls('lushi')).toEqual(['directoryName', `${world.baseUrl}/crl/yunze.crl`]);
    expect(urls('tingyu')[0]).toMatch(/^ldap:/);
    expect(urls('bohan')[0]).toMatch(/^http:\/\/172\.16\./);
  });
});

describe('CRLs', () => {
  const issuers = [world.nationalRoot, ...world.authorities.flatMap(({ issuers: own, above }) => [...own, ...above]), ...world.timestampRoots, ...world.sealMakers.map(({ root }) => root)];

  test.each([...world.crls.keys()])('%s is signed by its CA', (path) => {
    const crl = parseCertificateList(world.crls.get(path)!);
    const ca = parseCertificate(issuers.find(({ crlPath }) => crlPath === path)!.certificate);
    expect(nodeVerifies(crl, ca)).toBe(true);
    expect(equalBytes(crl.issuer.bytes, ca.subject.bytes)).toBe(true);
    expect(crl.thisUpdate).toBeLessThan(world.at);
    expect(crl.nextUpdate).toBeGreaterThan(world.at);
  });

  test('hold what has become of each company', () => {
    for (const { id, sign, encrypt, issuer, state } of world.companies) {
      const crl = parseCertificateList(world.crls.get(issuer.crlPath)!);
      const reasons = [sign, encrypt].map(({ certificate }) => crl.find(parseCertificate(certificate).serialNumber)?.reason);
      const expected = state === 'revoked' ? 'keyCompromise' : state === 'frozen' ? 'certificateHold' : undefined;
      expect(reasons, id).toEqual([expected, expected]);
    }
  });

  test.skipIf(!hasOpenssl)('openssl reads every one', () => {
    for (const [path, crl] of world.crls) expect(openssl(['crl', '-inform', 'DER', '-in', '{crl}', '-noout', '-issuer'], { crl }).status, path).toBe(0);
  });
});

describe('verdicts of others', () => {
  const classical = world.companies.filter(({ authority }) => authority.design.kind !== 'SM2');

  test('node X509Certificate verifies the RSA and P-256 chains', () => {
    expect(classical).toHaveLength(2);
    for (const { sign, issuer } of classical) {
      const leaf = new X509Certificate(sign.certificate);
      const ca = new X509Certificate(issuer.certificate);
      expect(leaf.checkIssued(ca)).toBe(true);
      expect(leaf.verify(ca.publicKey)).toBe(true);
      expect(leaf.verify(leaf.publicKey)).toBe(false);
    }
  });

  test.skipIf(!hasOpenssl)('openssl verify accepts them with their CRLs, and not without their root', () => {
    for (const { sign, authority, issuer } of classical) {
      const root = authority.above[0] ?? issuer;
      const pem = (der: Uint8Array): string => encodePem('CERTIFICATE', der);
      const crls = [issuer, root].map(({ crlPath }) => encodePem('X509 CRL', world.crls.get(crlPath)!)).join('');
      const ask = (anchor: Uint8Array): number =>
        openssl(
          ['verify', '-attime', String(Math.floor(world.at / 1000)), '-crl_check_all', '-CRLfile', '{crls}', '-CAfile', '{root}', '-untrusted', '{issuer}', '{leaf}'],
          { root: pem(anchor), issuer: pem(issuer.certificate), leaf: pem(sign.certificate), crls },
        ).status;
      expect(ask(root.certificate)).toBe(0);
      expect(ask(world.nationalRoot.certificate)).not.toBe(0);
    }
  });
});
