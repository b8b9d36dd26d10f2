import { describe, expect, it } from 'vitest';
import {
  boolean, bmpString, explicit, generalizedTime, ia5String, implicitConstructed, implicitPrimitive, integer, namedBitString, nullValue, octetString,
  oid, printableString, sequence, setOf, time, tlv, utf8String,
} from '../../src/asn1/writer.js';
import { DEVIATIONS } from '../../src/deviations.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import {
  CA_NAME, type CertificateParts, NOT_AFTER, NOT_BEFORE, PLAIN_EXTENSIONS, SM2_WITH_SM3_NULL, attribute, authorityKeyIdentifier, basicConstraints, certificate,
  extension, keyUsage, name, subjectKeyIdentifier,
} from './samples.js';

const found = (parts: CertificateParts): string[] => parseCertificate(certificate(parts)).deviations.map(({ id, where }) => `${id} ${where}`);
const subject = (...attributes: readonly (readonly [string, Uint8Array])[]): CertificateParts => ({ subject: name(...attributes) });
const CN = '2.5.4.3';
const KU = 'tbsCertificate.extensions[2.5.29.15]';
const uri = (text: string): Uint8Array => implicitPrimitive(6, new TextEncoder().encode(text));
const [AKI, SKI, BC, KEY_USAGE] = PLAIN_EXTENSIONS as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const SERIAL = 'tbsCertificate.serialNumber';

describe('deviations of certificates', () => {
  it('a plain certificate has none', () => {
    expect(found({})).toEqual([]);
  });

  const cases: readonly (readonly [string, CertificateParts, readonly string[]])[] = [
    ['NULL parameters on SM2', { signature: SM2_WITH_SM3_NULL }, ['X509_SM2_PARAMETERS_NULL tbsCertificate.signature', 'X509_SM2_PARAMETERS_NULL signatureAlgorithm']],
    ['inner and outer algorithm that differ', { outerSignature: sequence(oid('1.2.840.10045.4.3.2')) }, ['X509_SIGNATURE_ALGORITHM_MISMATCH signatureAlgorithm']],
    ['GeneralizedTime before 2050', { validity: sequence(generalizedTime(NOT_BEFORE), time(NOT_AFTER)) }, ['X509_GENERALIZED_TIME_BEFORE_2050 tbsCertificate.validity.notBefore']],
    ['a fraction of a second', { validity: sequence(time(NOT_BEFORE), generalizedTime(Date.UTC(2055, 0) + 500)) }, ['X509_TIME_FRACTION tbsCertificate.validity.notAfter']],
    ['inverted validity', { validity: sequence(time(NOT_AFTER), time(NOT_BEFORE)) }, ['X509_VALIDITY_INVERTED tbsCertificate.validity']],
    ['version 1 written out', { version: explicit(0, integer(0)), extensions: null }, [
      'X509_DEFAULT_ENCODED tbsCertificate.version', 'X509_BASIC_CONSTRAINTS_MISSING tbsCertificate.extensions', 'X509_AUTHORITY_KEY_IDENTIFIER_MISSING tbsCertificate.extensions',
    ]],
    ['extensions in version 1', { version: null }, ['X509_EXTENSIONS_IN_OLD_VERSION tbsCertificate.version']],
    ['a unique identifier', { uniqueIds: [implicitPrimitive(1, Uint8Array.of(0, 1))] }, ['X509_UNIQUE_IDENTIFIER tbsCertificate']],
    ['no extension in the list', { extensions: [] }, [
      'X509_EXTENSIONS_EMPTY tbsCertificate.extensions', 'X509_BASIC_CONSTRAINTS_MISSING tbsCertificate.extensions', 'X509_AUTHORITY_KEY_IDENTIFIER_MISSING tbsCertificate.extensions',
    ]],
    ['critical FALSE written out', { extensions: [AKI, SKI, BC, KEY_USAGE, extension('1.2.3', nullValue(), false)] }, ['X509_DEFAULT_ENCODED tbsCertificate.extensions[4].critical']],
    ['CA:FALSE written out', { extensions: [AKI, SKI, basicConstraints(true, boolean(false)), KEY_USAGE] }, ['X509_DEFAULT_ENCODED tbsCertificate.extensions[2.5.29.19].cA']],
    ['a duplicate', { extensions: [...PLAIN_EXTENSIONS, KEY_USAGE] }, ['X509_DUPLICATE_EXTENSION tbsCertificate.extensions[2.5.29.15]']],
    ['a malformed extension', { extensions: [AKI, SKI, BC, extension('2.5.29.15', nullValue(), true)] }, [`X509_EXTENSION_MALFORMED ${KU}`]],
    ['no authority key identifier', { extensions: [SKI, BC, KEY_USAGE] }, ['X509_AUTHORITY_KEY_IDENTIFIER_MISSING tbsCertificate.extensions']],
    ['none, but self-issued', { extensions: [SKI, BC, KEY_USAGE], subject: CA_NAME }, []],
    ['critical key identifiers', { extensions: [authorityKeyIdentifier(true), subjectKeyIdentifier(true), BC, KEY_USAGE] }, [
      'X509_AUTHORITY_KEY_IDENTIFIER_CRITICAL tbsCertificate.extensions[2.5.29.35]', 'X509_SUBJECT_KEY_IDENTIFIER_CRITICAL tbsCertificate.extensions[2.5.29.14]',
    ]],
    ['no basic constraints', { extensions: [AKI, SKI, KEY_USAGE] }, ['X509_BASIC_CONSTRAINTS_MISSING tbsCertificate.extensions']],
    ['CA:TRUE not critical', { extensions: [AKI, SKI, basicConstraints(undefined, boolean(true)), KEY_USAGE] }, ['X509_BASIC_CONSTRAINTS_NOT_CRITICAL tbsCertificate.extensions[2.5.29.19]']],
    ['CA:FALSE not critical', { extensions: [AKI, SKI, basicConstraints(undefined), KEY_USAGE] }, []],
    ['key usage not critical', { extensions: [AKI, SKI, BC, keyUsage(undefined, 0, 1)] }, [`X509_KEY_USAGE_NOT_CRITICAL ${KU}`]],
    ['key usage 03 02 00 C0', { extensions: [AKI, SKI, BC, extension('2.5.29.15', Uint8Array.of(3, 2, 0, 0xc0), true)] }, [`X509_BIT_STRING_NOT_MINIMAL ${KU}`]],
    ['key usage 03 02 06 C0', { extensions: [AKI, SKI, BC, extension('2.5.29.15', Uint8Array.of(3, 2, 6, 0xc0), true)] }, []],
    ['empty key usage', { extensions: [AKI, SKI, BC, extension('2.5.29.15', namedBitString(), true)] }, [`X509_KEY_USAGE_EMPTY ${KU}`]],
    ['a padded serial number', { serial: tlv(2, Uint8Array.of(0, 1)) }, [`X509_SERIAL_NOT_MINIMAL ${SERIAL}`]],
    ['a negative serial number', { serial: integer(-5) }, [`X509_SERIAL_NEGATIVE ${SERIAL}`]],
    ['serial number zero', { serial: integer(0) }, [`X509_SERIAL_ZERO ${SERIAL}`]],
    ['a serial number of 21 octets', { serial: tlv(2, new Uint8Array(21).fill(1)) }, [`X509_SERIAL_TOO_LONG ${SERIAL}`]],
    ['a serial number of 20 octets', { serial: tlv(2, new Uint8Array(20).fill(1)) }, []],
    ['mixed string types', subject(['2.5.4.6', utf8String('CN')], [CN, utf8String('a')]), ['X509_NAME_MIXED_STRING_TYPES tbsCertificate.subject[2.5.4.6]']],
    ['BMPString', subject(['2.5.4.11', bmpString('甲')]), ['X509_NAME_BMP_STRING tbsCertificate.subject[0][2.5.4.11]']],
    ['TeletexString', subject(['2.5.4.11', tlv(0x14, Uint8Array.of(0x41))]), ['X509_NAME_TELETEX_STRING tbsCertificate.subject[0][2.5.4.11]']],
    ['UniversalString', subject(['2.5.4.11', tlv(0x1c, Uint8Array.of(0, 0, 0, 0x41))]), ['X509_NAME_UNIVERSAL_STRING tbsCertificate.subject[0][2.5.4.11]']],
    ['GBK octets as UTF8String', subject(['2.5.4.11', tlv(0x0c, Uint8Array.of(0xd6, 0xd0))]), ['X509_NAME_UNDECODABLE tbsCertificate.subject[0][2.5.4.11]']],
    ['@ in a PrintableString', subject(['2.5.4.11', tlv(0x13, new TextEncoder().encode('1@2'))]), ['X509_NAME_CHARACTERS tbsCertificate.subject[0][2.5.4.11]']],
    ['the text null', subject(['2.5.4.8', utf8String('null')]), ['X509_NAME_VALUE_NULL tbsCertificate.subject[0][2.5.4.8]']],
    ['an empty value', subject(['2.5.4.8', utf8String('')]), ['X509_NAME_VALUE_EMPTY tbsCertificate.subject[0][2.5.4.8]']],
    ['an RDN of two', { subject: sequence(setOf(attribute('2.5.4.11', utf8String('a')), attribute('2.5.4.5', printableString('1')))) }, ['X509_NAME_MULTI_VALUED_RDN tbsCertificate.subject[0]']],
    ['an RDN of two out of order', { subject: sequence(tlv(0x31, attribute('2.5.4.11', utf8String('a')), attribute('2.5.4.5', printableString('1')))) }, [
      'X509_NAME_MULTI_VALUED_RDN tbsCertificate.subject[0]', 'X509_NAME_SET_NOT_SORTED tbsCertificate.subject[0]',
    ]],
    ['an IPv4 address as common name', subject([CN, utf8String('10.1.2.3')]), ['X509_NAME_COMMON_NAME_IS_IP tbsCertificate.subject[0][2.5.4.3]']],
    ['an IPv6 address as common name', subject([CN, utf8String('fe80::1')]), ['X509_NAME_COMMON_NAME_IS_IP tbsCertificate.subject[0][2.5.4.3]']],
    ['a number with dots as common name', subject([CN, utf8String('10.1.2.300')]), []],
    ['an RSA key without NULL', { spki: sequence(sequence(oid('1.2.840.113549.1.1.1')), tlv(3, Uint8Array.of(0), sequence(integer(0x10001), integer(3)))) }, ['X509_RSA_PARAMETERS_ABSENT tbsCertificate.subjectPublicKeyInfo']],
    ['an unknown key', { spki: sequence(sequence(oid('1.2.3')), tlv(3, Uint8Array.of(0, 1))) }, ['X509_KEY_UNREADABLE tbsCertificate.subjectPublicKeyInfo']],
    ['OCSP://', { extensions: [...PLAIN_EXTENSIONS, extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri('OCSP://x')), sequence(oid('1.3.6.1.5.5.7.48.2'), uri('HTTP://x'))))] }, [
      'X509_ACCESS_LOCATION_SCHEME tbsCertificate.extensions[1.3.6.1.5.5.7.1.1][0]',
    ]],
    ['Chinese in an alternative name', { extensions: [...PLAIN_EXTENSIONS, extension('2.5.29.17', sequence(uri('http://甲')))] }, ['X509_GENERAL_NAME_CHARACTERS tbsCertificate.extensions[2.5.29.17]']],
    ['a distribution point in the directory only', { extensions: [...PLAIN_EXTENSIONS, extension('2.5.29.31', sequence(
      sequence(explicit(0, implicitConstructed(0, implicitConstructed(4, CA_NAME)))), sequence(explicit(0, implicitConstructed(0, implicitConstructed(4, CA_NAME), uri('http://x')))),
    ))] }, ['X509_CRL_LOCATION_DIRECTORY_NAME_ONLY tbsCertificate.extensions[2.5.29.31][0]']],
  ];
  it.each(cases)('%s', (_, parts, expected) => {
    expect(found(parts)).toEqual(expected);
  });

  it('every id found is in the table, with both languages, a clause and where it was seen', () => {
    const ids = new Set(cases.flatMap(([, parts]) => parseCertificate(certificate(parts)).deviations.map(({ id }) => id)));
    expect(ids.size).toBeGreaterThan(35);
    for (const id of ids) expect(Object.keys(DEVIATIONS)).toContain(id);
    for (const entry of Object.values(DEVIATIONS)) {
      expect(entry.reason.en).not.toBe('');
      expect(entry.reason.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(entry.clause).not.toBe('');
      expect(entry.seenAt).not.toBe('');
    }
  });

  it('tells nothing of the holder', () => {
    const text = JSON.stringify(parseCertificate(certificate({ subject: name([CN, tlv(0x13, new TextEncoder().encode('420106_SECRET'))], ['2.5.4.5', ia5String('SECRET')]) })).deviations);
    expect(text).toContain('X509_NAME_CHARACTERS');
    expect(text).not.toContain('SECRET');
  });

  it('a malformed value is refused when read, while the rest is readable', () => {
    const certificateWithBadUsage = parseCertificate(certificate({ extensions: [AKI, SKI, BC, extension('2.5.29.15', octetString(new Uint8Array(1)), true)] }));
    expect(certificateWithBadUsage.extBasicConstraints).toEqual({ ca: false, pathLength: undefined });
    expect(() => certificateWithBadUsage.extKeyUsage).toThrow();
    expect(certificateWithBadUsage.deviations.map(({ id, found: what }) => [id, what])).toEqual([['X509_EXTENSION_MALFORMED', 'STRUCTURE_INVALID']]);
  });
});
