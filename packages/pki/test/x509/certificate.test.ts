import { describe, expect, it } from 'vitest';
import {
  bitString, boolean, concatBytes, explicit, generalizedTime, ia5String, implicitConstructed, implicitPrimitive, integer, namedBitString, nullValue,
  octetString, oid, sequence, setOf, time, tlv, utcTime, utf8String,
} from '../../src/asn1/writer.js';
import type { Certificate } from '../../src/model.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { formatName } from '../../src/x509/name.js';
import { expectCode } from '../expect-code.js';
import {
  CA_NAME, KEY_ID, LEAF_NAME, NOT_AFTER, NOT_BEFORE, PLAIN_EXTENSIONS, SM2_WITH_SM3, authorityKeyIdentifier, basicConstraints, certificate, ecSpki,
  extension, keyUsage, name, subjectKeyIdentifier, tbsCertificate,
} from './samples.js';

const uri = (text: string): Uint8Array => implicitPrimitive(6, new TextEncoder().encode(text));
const extensionsOf = (...extensions: Uint8Array[]): Uint8Array => certificate({ extensions });

describe('parseCertificate', () => {
  it('gives every field as a view over the bytes that came in', () => {
    const bytes = certificate();
    const found = parseCertificate(bytes);
    expect(found.bytes).toBe(bytes);
    expect(found.tbs).toEqual(tbsCertificate());
    expect(found.tbs.buffer).toBe(bytes.buffer);
    expect(found.version).toBe(3);
    expect([...found.serialNumber]).toEqual([0x51, 2, 3]);
    expect(found.signatureAlgorithm).toEqual({ bytes: SM2_WITH_SM3, oid: '1.2.156.10197.1.501', parameters: undefined });
    expect(found.tbsSignatureAlgorithm).toEqual(found.signatureAlgorithm);
    expect(found.issuer.bytes).toEqual(CA_NAME);
    expect(found.subject.bytes).toEqual(LEAF_NAME);
    expect(formatName(found.issuer)).toBe('CN=Example SM2 CA,O=示例认证中心,C=CN');
    expect(found.validity).toEqual({ notBefore: NOT_BEFORE, notAfter: NOT_AFTER });
    expect(found.spki.bytes).toEqual(ecSpki());
    expect(found.signature).toEqual(new Uint8Array(70).fill(0x30));
    expect(found.extensions.map(({ oid: id, critical }) => [id, critical])).toEqual([['2.5.29.35', false], ['2.5.29.14', false], ['2.5.29.19', true], ['2.5.29.15', true]]);
    expect(found.extension('2.5.29.14')!.value).toEqual(octetString(KEY_ID));
    expect(found.extension('2.5.29.99')).toBeUndefined();
    expect(found.duplicateExtensions).toEqual([]);
    expect(found.deviations).toEqual([]);
  });

  it('tells an outer signature algorithm from the inner, whatever they share', () => {
    const other = sequence(oid('1.2.156.10197.1.502'));
    const found = parseCertificate(certificate({ signature: SM2_WITH_SM3, outerSignature: other }));
    expect([found.tbsSignatureAlgorithm.oid, found.signatureAlgorithm.oid]).toEqual(['1.2.156.10197.1.501', '1.2.156.10197.1.502']);
    expect(found.signatureAlgorithm.bytes).toEqual(other);
    const longer = parseCertificate(certificate({ signature: SM2_WITH_SM3, outerSignature: sequence(oid('1.2.156.10197.1.501'), nullValue()) }));
    expect([longer.tbsSignatureAlgorithm.parameters, longer.signatureAlgorithm.parameters]).toEqual([undefined, nullValue()]);
  });

  it('decodes once', () => {
    const found = parseCertificate(certificate());
    for (const field of ['tbs', 'serialNumber', 'issuer', 'validity', 'spki', 'signature', 'extensions', 'extKeyUsage', 'deviations', 'signatureAlgorithm'] as const) {
      expect(found[field]).toBe(found[field]);
    }
    expect(found.spki.key).toBe(found.spki.key);
  });

  it('reads a view into a larger buffer', () => {
    const der = certificate();
    const buffer = concatBytes(new Uint8Array(5), der, new Uint8Array(5));
    expect(parseCertificate(buffer.subarray(5, 5 + der.length)).spki.key).toEqual(parseCertificate(der).spki.key);
  });

  it('reads versions 1, 2 and 3 and no other', () => {
    expect(parseCertificate(certificate({ version: null, extensions: null })).version).toBe(1);
    expect(parseCertificate(certificate({ version: explicit(0, integer(1)), extensions: null })).version).toBe(2);
    expectCode(() => parseCertificate(certificate({ version: explicit(0, integer(3)) })), 'VERSION_UNSUPPORTED');
    expectCode(() => parseCertificate(certificate({ version: explicit(0, integer(-1)) })), 'VERSION_UNSUPPORTED');
    expectCode(() => parseCertificate(certificate({ version: explicit(0, integer(258)) })), 'VERSION_UNSUPPORTED');
    expectCode(() => parseCertificate(certificate({ version: explicit(0) })), 'STRUCTURE_INVALID');
    expectCode(() => parseCertificate(certificate({ version: explicit(0, integer(2), integer(2)) })), 'STRUCTURE_INVALID');
  });

  it('keeps the serial number as written', () => {
    expect([...parseCertificate(certificate({ serial: integer(0x80) })).serialNumber]).toEqual([0, 0x80]);
    expectCode(() => parseCertificate(certificate({ serial: tlv(2) })), 'DER_INVALID');
  });

  it('reads unique identifiers in order', () => {
    const ids = [implicitPrimitive(1, Uint8Array.of(0, 1)), implicitPrimitive(2, Uint8Array.of(0, 2))];
    expect(parseCertificate(certificate({ uniqueIds: ids })).extensions).toHaveLength(4);
    expectCode(() => parseCertificate(certificate({ uniqueIds: [ids[1]!, ids[0]!] })), 'STRUCTURE_INVALID');
  });

  it.each([
    ['a time of another type', { validity: sequence(time(NOT_BEFORE), ia5String('x')) }, 'STRUCTURE_INVALID'],
    ['a third time', { validity: sequence(time(NOT_BEFORE), time(NOT_AFTER), time(NOT_AFTER)) }, 'TRAILING_DATA'],
    ['one time', { validity: sequence(time(NOT_BEFORE)) }, 'STRUCTURE_INVALID'],
    ['a day that does not exist', { validity: sequence(tlv(0x17, new TextEncoder().encode('230229000000Z')), time(NOT_AFTER)) }, 'TIME_INVALID'],
    ['two algorithm parameters', { signature: sequence(oid('1.2.156.10197.1.501'), nullValue(), nullValue()) }, 'TRAILING_DATA'],
    ['a key with octets after it', { spki: sequence(sequence(oid('1.2.3')), bitString(new Uint8Array(3)), nullValue()) }, 'TRAILING_DATA'],
    ['a key of a broken number of octets', { spki: sequence(sequence(oid('1.2.3')), tlv(3, Uint8Array.of(1, 2))) }, 'DER_INVALID'],
    ['a subject that is a SET', { subject: setOf() }, 'STRUCTURE_INVALID'],
    ['an extension with critical 01', { extensions: [sequence(oid('1.2.3'), tlv(1, Uint8Array.of(1)), octetString(new Uint8Array(0)))] }, 'DER_INVALID'],
    ['an extension without value', { extensions: [sequence(oid('1.2.3'))] }, 'STRUCTURE_INVALID'],
    ['an extension with octets after its value', { extensions: [sequence(oid('1.2.3'), octetString(new Uint8Array(0)), nullValue())] }, 'TRAILING_DATA'],
    ['101 extensions', { extensions: Array.from({ length: 101 }, () => extension('1.2.3', new Uint8Array(0))) }, 'TOO_MANY'],
    ['an element after the extensions', { uniqueIds: [explicit(3, sequence()), nullValue()], extensions: null }, 'STRUCTURE_INVALID'],
  ] as const)('refuses %s', (_, parts, code) => {
    expectCode(() => parseCertificate(certificate(parts)), code);
  });

  it('reads 100 extensions', () => {
    expect(parseCertificate(certificate({ extensions: Array.from({ length: 100 }, (_, i) => extension(`1.2.${i}`, new Uint8Array(0))) })).extensions).toHaveLength(100);
  });

  it('refuses an outer signature that is no whole number of octets, and anything after it', () => {
    expectCode(() => parseCertificate(sequence(tbsCertificate(), SM2_WITH_SM3, tlv(3, Uint8Array.of(4, 0x30)))), 'DER_INVALID');
    expectCode(() => parseCertificate(sequence(tbsCertificate(), SM2_WITH_SM3, tlv(3))), 'DER_INVALID');
    expectCode(() => parseCertificate(sequence(tbsCertificate(), SM2_WITH_SM3, bitString(new Uint8Array(9)), nullValue())), 'TRAILING_DATA');
    expectCode(() => parseCertificate(concatBytes(certificate(), Uint8Array.of(0))), 'TRAILING_DATA');
  });

  it('refuses lengths that are not minimal, and indefinite ones', () => {
    const der = certificate();
    const length = (der[2]! << 8) | der[3]!;
    expect(der[1]).toBe(0x82);
    expectCode(() => parseCertificate(concatBytes(Uint8Array.of(0x30, 0x83, 0, length >> 8, length & 0xff), der.subarray(4))), 'DER_INVALID');
    expectCode(() => parseCertificate(concatBytes(Uint8Array.of(0x30, 0x80), der.subarray(4), new Uint8Array(2))), 'DER_INVALID');
  });
});

describe('decoded extensions', () => {
  it('are undefined when absent', () => {
    const found = parseCertificate(certificate({ extensions: null }));
    for (const field of [
      'extBasicConstraints', 'extKeyUsage', 'extExtendedKeyUsage', 'extSubjectKeyIdentifier', 'extAuthorityKeyIdentifier', 'extSubjectAltName',
      'extCrlDistributionPoints', 'extAuthorityInfoAccess', 'extCertificatePolicies',
    ] as const) expect(found[field]).toBeUndefined();
  });

  it('basic constraints', () => {
    const of = (...parts: Uint8Array[]): unknown => parseCertificate(extensionsOf(basicConstraints(true, ...parts))).extBasicConstraints;
    expect(of()).toEqual({ ca: false, pathLength: undefined });
    expect(of(boolean(true))).toEqual({ ca: true, pathLength: undefined });
    expect(of(boolean(true), integer(0))).toEqual({ ca: true, pathLength: 0 });
    expect(of(integer(3))).toEqual({ ca: false, pathLength: 3 });
    expect(of(boolean(false))).toEqual({ ca: false, pathLength: undefined });
    expectCode(() => of(boolean(true), integer(-1)), 'STRUCTURE_INVALID');
    expectCode(() => of(boolean(true), boolean(true)), 'STRUCTURE_INVALID');
    expectCode(() => of(tlv(1, Uint8Array.of(2))), 'STRUCTURE_INVALID');
    expectCode(() => of(integer(1), boolean(true)), 'STRUCTURE_INVALID');
  });

  it('key usage', () => {
    const of = (value: Uint8Array): unknown => [...parseCertificate(extensionsOf(extension('2.5.29.15', value, true))).extKeyUsage!];
    expect(of(namedBitString(0, 1))).toEqual(['digitalSignature', 'nonRepudiation']);
    expect(of(namedBitString(2, 3, 4))).toEqual(['keyEncipherment', 'dataEncipherment', 'keyAgreement']);
    expect(of(namedBitString(5, 6, 7, 8))).toEqual(['keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly']);
    expect(of(tlv(3, Uint8Array.of(0, 0xc6)))).toEqual(['digitalSignature', 'nonRepudiation', 'keyCertSign', 'cRLSign']);
    expectCode(() => of(namedBitString(9)), 'STRUCTURE_INVALID');
    expectCode(() => of(octetString(Uint8Array.of(0xc0))), 'STRUCTURE_INVALID');
    expectCode(() => of(concatBytes(namedBitString(0), nullValue())), 'STRUCTURE_INVALID');
    expect(expectCode(() => of(new Uint8Array(0)), 'STRUCTURE_INVALID').cause).toBeDefined();
  });

  it('extended key usage and policies', () => {
    const found = parseCertificate(extensionsOf(
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.2'), oid('1.3.6.1.5.5.7.3.4'))),
      extension('2.5.29.32', sequence(sequence(oid('1.2.156.1')), sequence(oid('1.2.156.2'), sequence(sequence(oid('1.3.6.1.5.5.7.2.1'), ia5String('http://x')))))),
    ));
    expect(found.extExtendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4']);
    expect(found.extCertificatePolicies).toEqual(['1.2.156.1', '1.2.156.2']);
    expectCode(() => parseCertificate(extensionsOf(extension('2.5.29.37', sequence()))).extExtendedKeyUsage, 'STRUCTURE_INVALID');
    expectCode(() => parseCertificate(extensionsOf(extension('2.5.29.32', sequence(oid('1.2.3'))))).extCertificatePolicies, 'STRUCTURE_INVALID');
  });

  it('key identifiers', () => {
    const found = parseCertificate(extensionsOf(
      subjectKeyIdentifier(),
      extension('2.5.29.35', sequence(implicitPrimitive(0, KEY_ID), implicitConstructed(1, implicitConstructed(4, CA_NAME)), implicitPrimitive(2, Uint8Array.of(9)))),
    ));
    expect(found.extSubjectKeyIdentifier).toEqual(KEY_ID);
    const authority = found.extAuthorityKeyIdentifier!;
    expect(authority.keyIdentifier).toEqual(KEY_ID);
    expect(authority.authorityCertIssuer).toMatchObject([{ kind: 'directoryName', name: { bytes: CA_NAME } }]);
    expect(authority.authorityCertSerialNumber).toEqual(Uint8Array.of(9));
    expect(parseCertificate(extensionsOf(extension('2.5.29.35', sequence()))).extAuthorityKeyIdentifier).toEqual({
      keyIdentifier: undefined, authorityCertIssuer: undefined, authorityCertSerialNumber: undefined,
    });
    expectCode(() => parseCertificate(extensionsOf(extension('2.5.29.14', KEY_ID))).extSubjectKeyIdentifier, 'STRUCTURE_INVALID');
    expectCode(() => parseCertificate(extensionsOf(extension('2.5.29.35', sequence(octetString(KEY_ID))))).extAuthorityKeyIdentifier, 'STRUCTURE_INVALID');
  });

  it('general names of every kind', () => {
    const names = sequence(
      implicitConstructed(0, oid('1.3.6.1.4.1.311.20.2.3'), explicit(0, utf8String('u@example'))),
      implicitPrimitive(1, new TextEncoder().encode('a@example.cn')),
      implicitPrimitive(2, new TextEncoder().encode('example.cn')),
      implicitConstructed(3, nullValue()),
      implicitConstructed(4, LEAF_NAME),
      implicitConstructed(5, nullValue()),
      uri('http://example.cn/甲'),
      implicitPrimitive(7, Uint8Array.of(127, 0, 0, 1)),
      implicitPrimitive(8, Uint8Array.of(0x2a, 3)),
    );
    const found = parseCertificate(extensionsOf(extension('2.5.29.17', names))).extSubjectAltName!;
    expect(found).toMatchObject([
      { kind: 'otherName', oid: '1.3.6.1.4.1.311.20.2.3', value: utf8String('u@example') },
      { kind: 'rfc822Name', value: 'a@example.cn' },
      { kind: 'dNSName', value: 'example.cn' },
      { kind: 'x400Address', value: nullValue() },
      { kind: 'directoryName', name: { bytes: LEAF_NAME } },
      { kind: 'ediPartyName', value: nullValue() },
      { kind: 'uniformResourceIdentifier', value: 'http://example.cn/甲' },
      { kind: 'iPAddress', octets: Uint8Array.of(127, 0, 0, 1) },
      { kind: 'registeredID', oid: '1.2.3' },
    ]);
  });

  it.each([
    ['no name', sequence()],
    ['an unknown tag', sequence(implicitPrimitive(9, new Uint8Array(0)))],
    ['a primitive directoryName', sequence(implicitPrimitive(4, new Uint8Array(0)))],
    ['octets that are no text', sequence(implicitPrimitive(2, Uint8Array.of(0xff)))],
    ['a directoryName with something after it', sequence(implicitConstructed(4, LEAF_NAME, nullValue()))],
  ])('refuses general names with %s', (_, value) => {
    expectCode(() => parseCertificate(extensionsOf(extension('2.5.29.17', value))).extSubjectAltName, 'STRUCTURE_INVALID');
  });

  it('bounds the number of general names', () => {
    const der = extensionsOf(extension('2.5.29.17', sequence(uri('a'), uri('b'), uri('c'))));
    expect(parseCertificate(der, { maxGeneralNames: 3 }).extSubjectAltName).toHaveLength(3);
    expectCode(() => parseCertificate(der, { maxGeneralNames: 2 }).extSubjectAltName, 'STRUCTURE_INVALID');
  });

  it('distribution points and access descriptions', () => {
    const found = parseCertificate(extensionsOf(
      extension('2.5.29.31', sequence(
        sequence(explicit(0, implicitConstructed(0, implicitConstructed(4, CA_NAME), uri('http://example.cn/a.crl')))),
        sequence(explicit(0, implicitConstructed(1, sequence(oid('2.5.4.3'), utf8String('arl')))), implicitPrimitive(1, Uint8Array.of(6, 0x40)), implicitConstructed(2, implicitConstructed(4, CA_NAME))),
      )),
      extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri('OCSP://ocsp.example.cn')))),
    ));
    const [first, second] = found.extCrlDistributionPoints!;
    expect(first).toMatchObject({ fullName: [{ kind: 'directoryName' }, { kind: 'uniformResourceIdentifier', value: 'http://example.cn/a.crl' }], relativeName: undefined, reasons: undefined, crlIssuer: [] });
    expect(second).toMatchObject({ fullName: [], reasons: [1], crlIssuer: [{ kind: 'directoryName', name: { bytes: CA_NAME } }] });
    expect(second!.relativeName![0]).toBe(0xa1);
    expect(found.extAuthorityInfoAccess).toEqual([{ method: '1.3.6.1.5.5.7.48.1', location: { kind: 'uniformResourceIdentifier', value: 'OCSP://ocsp.example.cn' } }]);
    expectCode(() => parseCertificate(extensionsOf(extension('2.5.29.31', sequence()))).extCrlDistributionPoints, 'STRUCTURE_INVALID');
    expectCode(() => parseCertificate(extensionsOf(extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.2.3')))))).extAuthorityInfoAccess, 'STRUCTURE_INVALID');
  });

  it.each<[keyof Certificate, string, Uint8Array]>([
    ['extBasicConstraints', '2.5.29.19', sequence(boolean(true), integer(3))],
    ['extKeyUsage', '2.5.29.15', namedBitString(0, 1)],
    ['extExtendedKeyUsage', '2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.2'))],
    ['extSubjectKeyIdentifier', '2.5.29.14', octetString(KEY_ID)],
    ['extAuthorityKeyIdentifier', '2.5.29.35', sequence(implicitPrimitive(0, KEY_ID))],
    ['extSubjectAltName', '2.5.29.17', sequence(uri('http://example.cn/'))],
    ['extCrlDistributionPoints', '2.5.29.31', sequence(sequence(explicit(0, implicitConstructed(0, uri('http://example.cn/a.crl')))))],
    ['extAuthorityInfoAccess', '1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri('http://example.cn/')))],
    ['extCertificatePolicies', '2.5.29.32', sequence(sequence(oid('1.2.3')))],
  ])('%s ends where its value does, whatever the certificate goes on with', (getter, id, value) => {
    const rest = extension('1.2.3.4', new Uint8Array(40));
    const whole = parseCertificate(extensionsOf(extension(id, value), rest));
    expect(whole[getter]).toBeDefined();
    expect(whole.extension(id)!.value).toEqual(value);
    for (let length = 0; length < value.length; length++) {
      const cut = parseCertificate(extensionsOf(extension(id, value.subarray(0, length)), rest));
      expect(cut.extensions).toHaveLength(2);
      expectCode(() => cut[getter], 'STRUCTURE_INVALID');
    }
    expectCode(() => parseCertificate(extensionsOf(extension(id, concatBytes(value, Uint8Array.of(0))), rest))[getter], 'STRUCTURE_INVALID');
  });

  it('gives the first of duplicates and names them', () => {
    const found = parseCertificate(extensionsOf(keyUsage(true, 0), keyUsage(true, 5), keyUsage(true, 6), authorityKeyIdentifier()));
    expect([...found.extKeyUsage!]).toEqual(['digitalSignature']);
    expect(found.duplicateExtensions).toEqual(['2.5.29.15']);
  });

  it('leaves identity extensions alone, TLV or bare text', () => {
    const bare = new TextEncoder().encode('91420100EXAMPLE000');
    const found = parseCertificate(extensionsOf(...PLAIN_EXTENSIONS, extension('1.2.156.10260.4.1.4', bare)));
    expect(found.extension('1.2.156.10260.4.1.4')!.value).toEqual(bare);
    expect(found.deviations).toEqual([]);
  });

  it('reads times after 2049', () => {
    const late = Date.UTC(2050, 6, 1);
    expect(parseCertificate(certificate({ validity: sequence(utcTime(NOT_BEFORE), generalizedTime(late)) })).validity.notAfter).toBe(late);
  });

  it('takes names only within its limit', () => {
    const der = certificate({ subject: name(['2.5.4.3', utf8String('a')], ['2.5.4.3', utf8String('b')], ['2.5.4.3', utf8String('c')], ['2.5.4.3', utf8String('d')]) });
    expect(parseCertificate(der, { maxNameAttributes: 4 }).subject.rdns).toHaveLength(4);
    expectCode(() => parseCertificate(der, { maxNameAttributes: 3 }), 'TOO_MANY');
  });
});
