import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import type { CertificateList } from '../../src/model.js';
import { parseCertificateList } from '../../src/crl/certificate-list.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { formatName } from '../../src/x509/name.js';

const crypto = webcrypto as unknown as Crypto;
const NOT_BEFORE = new Date(Date.UTC(2024, 0, 1));
const NOT_AFTER = new Date(Date.UTC(2051, 0, 1));
const ALGORITHMS = [
  ['RSA', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: Uint8Array.of(1, 0, 1), modulusLength: 2048 }],
  ['P-256', { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }],
  ['Ed25519', { name: 'Ed25519' }],
] as const;

describe.each(ALGORITHMS)('made by @peculiar/x509 with %s', (_, algorithm) => {
  const generate = async (): Promise<CryptoKeyPair> => (await crypto.subtle.generateKey(algorithm as EcKeyGenParams, true, ['sign', 'verify'])) as CryptoKeyPair;

  it('a certificate', async () => {
    x509.cryptoProvider.set(crypto);
    const keys = await generate();
    const made = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: '00c0ffee', name: 'C=CN, O=示例, CN=Test', notBefore: NOT_BEFORE, notAfter: NOT_AFTER, keys, signingAlgorithm: algorithm as EcdsaParams,
      extensions: [
        new x509.BasicConstraintsExtension(true, 3, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'example.cn' }, { type: 'email', value: 'a@example.cn' }]),
      ],
    }, crypto);
    const found = parseCertificate(new Uint8Array(made.rawData));
    expect(BigInt(`0x${Buffer.from(found.serialNumber).toString('hex')}`)).toBe(BigInt(`0x${made.serialNumber}`));
    expect(formatName(found.subject)).toBe('CN=Test,O=示例,C=CN');
    expect(found.validity).toEqual({ notBefore: NOT_BEFORE.getTime(), notAfter: NOT_AFTER.getTime() });
    expect(found.signature).toEqual(new Uint8Array(made.signature));
    expect(found.spki.bytes).toEqual(new Uint8Array(made.publicKey.rawData));
    expect(found.spki.key).toBeDefined();
    expect(found.extBasicConstraints).toEqual({ ca: true, pathLength: 3 });
    expect([...found.extKeyUsage!]).toEqual(['keyCertSign', 'cRLSign']);
    expect(Buffer.from(found.extSubjectKeyIdentifier!).toString('hex')).toBe(made.getExtension(x509.SubjectKeyIdentifierExtension)!.keyId);
    expect(found.extSubjectAltName).toEqual([{ kind: 'dNSName', value: 'example.cn' }, { kind: 'rfc822Name', value: 'a@example.cn' }]);
  });

  it('a CRL', async () => {
    x509.cryptoProvider.set(crypto);
    const keys = await generate();
    const made = await x509.X509CrlGenerator.create({
      issuer: 'CN=Test, O=示例', thisUpdate: NOT_BEFORE, nextUpdate: NOT_AFTER, signingAlgorithm: algorithm as EcdsaParams, signingKey: keys.privateKey,
      entries: [
        { serialNumber: '0a', revocationDate: NOT_BEFORE, reason: x509.X509CrlReason.keyCompromise },
        { serialNumber: '00c0ffee', revocationDate: NOT_BEFORE, reason: x509.X509CrlReason.certificateHold, invalidity: NOT_BEFORE },
      ],
    }, crypto);
    const found: CertificateList = parseCertificateList(new Uint8Array(made.rawData));
    expect(found.thisUpdate).toBe(NOT_BEFORE.getTime());
    expect(found.nextUpdate).toBe(NOT_AFTER.getTime());
    expect(found.size).toBe(2);
    expect(found.signature).toEqual(new Uint8Array(made.signature));
    expect(found.find(Uint8Array.of(0x0a))).toMatchObject({ reason: 'keyCompromise', revocationDate: NOT_BEFORE.getTime(), invalidityDate: undefined });
    expect(found.find(Uint8Array.of(0xc0, 0xff, 0xee))).toMatchObject({ reason: 'certificateHold', invalidityDate: NOT_BEFORE.getTime() });
    expect(found.find(Uint8Array.of(0x0b))).toBeUndefined();
  });
});
