import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatBytes, enumerated, explicit, generalizedTime, implicitConstructed, implicitPrimitive, integer, nullValue, octetString, oid, sequence, time, tlv, utcTime,
} from '../../src/asn1/writer.js';
import { hexOf } from '../../src/asn1/bytes.js';
import { parseCertificateList } from '../../src/crl/certificate-list.js';
import { EntryIndex, serialHash } from '../../src/crl/entry-index.js';
import { expectCode } from '../expect-code.js';
import { CA_NAME, KEY_ID, LEAF_NAME, SM2_WITH_SM3, SM2_WITH_SM3_NULL, extension, name } from '../x509/samples.js';
import {
  INDIRECT, NEXT_UPDATE, REVOKED_AT, THIS_UPDATE, authorityKey, certificateIssuer, crl, crlNumber, entry, invalidityDate, issuingDistributionPoint, reason,
} from './samples.js';

const directoryName = (der: Uint8Array): Uint8Array => implicitConstructed(4, der);
const serial = (...octets: number[]): Uint8Array => Uint8Array.from(octets);

describe('parseCertificateList', () => {
  it('gives every field', () => {
    const bytes = crl({ entries: [entry(5), entry(6, reason(1))] });
    const found = parseCertificateList(bytes);
    expect(found.bytes).toBe(bytes);
    expect(found.tbs.buffer).toBe(bytes.buffer);
    expect(found.tbs[0]).toBe(0x30);
    expect(found.version).toBe(2);
    expect(found.signatureAlgorithm).toEqual({ bytes: SM2_WITH_SM3, oid: '1.2.156.10197.1.501', parameters: undefined });
    expect(found.tbsSignatureAlgorithm).toEqual(found.signatureAlgorithm);
    expect(found.issuer.bytes).toEqual(CA_NAME);
    expect(found.thisUpdate).toBe(THIS_UPDATE);
    expect(found.nextUpdate).toBe(NEXT_UPDATE);
    expect(found.signature).toHaveLength(70);
    expect(found.size).toBe(2);
    expect(found.extCrlNumber).toEqual(serial(7));
    expect(found.extAuthorityKeyIdentifier!.keyIdentifier).toEqual(KEY_ID);
    expect(found.extDeltaCrlIndicator).toBeUndefined();
    expect(found.extIssuingDistributionPoint).toBeUndefined();
    expect(found.duplicateExtensions).toEqual([]);
    expect(found.deviations).toEqual([]);
  });

  it('reads a v1 CRL without entries', () => {
    const found = parseCertificateList(crl({ version: null, extensions: null, nextUpdate: null }));
    expect([found.version, found.size, found.nextUpdate]).toEqual([1, 0, undefined]);
    expect(found.find(serial(1))).toBeUndefined();
    expect(found.find(serial(1))).toBeUndefined();
    expect(found.entries(serial(1))).toEqual([]);
  });

  it('names the critical extensions of all entries, each once', () => {
    const critical = extension('1.2.3.4', nullValue(), true);
    const found = (...entries: Uint8Array[]) => [...parseCertificateList(crl({ entries })).criticalEntryExtensions];
    expect(found(entry(5), entry(6, reason(1)))).toEqual([]);
    expect(found(entry(5), entry(6, reason(1), critical), entry(7, critical), entry(8, extension('1.2.3.5', nullValue())))).toEqual(['1.2.3.4']);
    expectCode(() => found(entry(5), entry(6, octetString(serial(1)))), 'STRUCTURE_INVALID');
  });

  it('misses none among entries alike, whatever their order, dates and serial numbers', () => {
    const octets = (n: number) => octetString(new Uint8Array(n));
    /** Each with what it has that is critical; several are of one length. */
    const kinds: readonly (readonly [(serialNumber: Uint8Array) => Uint8Array, readonly string[]])[] = [
      [(n) => entry(n), []],
      [(n) => entry(n, reason(1)), []],
      [(n) => entry(n, reason(4)), []],
      [(n) => entry(n, extension('2.5.29.22', enumerated(1))), []],
      [(n) => entry(n, extension('1.2.3.4', octets(3))), []],
      [(n) => entry(n, extension('1.2.3.4', octets(0), true)), ['1.2.3.4']],
      [(n) => entry(n, extension('1.2.3.5', octets(0), true)), ['1.2.3.5']],
      [(n) => sequence(integer(n), generalizedTime(REVOKED_AT), sequence(extension('1.2.3.6', octets(0), true))), ['1.2.3.6']],
      [(n) => entry(n, reason(1), extension('1.2.3.7', octets(200), true)), ['1.2.3.7']],
    ];
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(kinds.length - 1), fc.constantFrom(1, 20, 130)), { minLength: 1, maxLength: 12 }), (drawn) => {
      const entries = drawn.map(([kind, length], i) => kinds[kind]![0](new Uint8Array(length).fill(i + 1)));
      expect([...parseCertificateList(crl({ entries })).criticalEntryExtensions]).toEqual([...new Set(drawn.flatMap(([kind]) => kinds[kind]![1]))]);
    }), { numRuns: 200 });
    const found = (...broken: Uint8Array[]) => parseCertificateList(crl({ entries: [entry(1, reason(1)), ...broken, entry(9, reason(1))] })).criticalEntryExtensions;
    expectCode(() => found(sequence(integer(2))), 'TRUNCATED');
    expectCode(() => found(sequence(integer(2), tlv(0x17, new Uint8Array(13)), Uint8Array.of(0x30, 5))), 'TRUNCATED');
    expectCode(() => found(tlv(0x31, integer(2), utcTime(REVOKED_AT))), 'STRUCTURE_INVALID');
  });

  it('reads the issuing distribution point and a delta', () => {
    const found = parseCertificateList(crl({ extensions: [
      extension('2.5.29.27', integer(6), true),
      issuingDistributionPoint(
        explicit(0, implicitConstructed(0, implicitPrimitive(6, new TextEncoder().encode('http://x')))), tlv(0x81, serial(0xff)), tlv(0x83, serial(6, 0x40)), tlv(0x85, serial(0)),
      ),
    ] }));
    expect(found.extDeltaCrlIndicator).toEqual(serial(6));
    expect(found.extIssuingDistributionPoint).toEqual({
      fullName: [{ kind: 'uniformResourceIdentifier', value: 'http://x' }], relativeName: undefined, onlyContainsUserCerts: true, onlyContainsCACerts: false,
      onlySomeReasons: [1], indirectCRL: false, onlyContainsAttributeCerts: false,
    });
    expectCode(() => parseCertificateList(crl({ extensions: [issuingDistributionPoint(tlv(0x84, serial(1)))] })).extIssuingDistributionPoint, 'STRUCTURE_INVALID');
    expectCode(() => parseCertificateList(crl({ extensions: [issuingDistributionPoint(tlv(0x82, serial(0xff)), tlv(0x81, serial(0xff)))] })).extIssuingDistributionPoint, 'STRUCTURE_INVALID');
  });

  it.each([
    ['version 1 written out', { version: integer(0) }, 'VERSION_UNSUPPORTED'],
    ['version 3', { version: integer(2) }, 'VERSION_UNSUPPORTED'],
    ['a time that is none', { thisUpdate: tlv(0x17, new TextEncoder().encode('991301000000Z')) }, 'TIME_INVALID'],
    ['no time', { thisUpdate: nullValue() }, 'STRUCTURE_INVALID'],
    ['an element after the extensions', { after: [nullValue()] }, 'STRUCTURE_INVALID'],
    ['101 extensions', { extensions: Array.from({ length: 101 }, () => crlNumber(1)) }, 'TOO_MANY'],
    ['two algorithm parameters', { signature: sequence(oid('1.2.3'), nullValue(), nullValue()) }, 'TRAILING_DATA'],
  ] as const)('refuses %s', (_, parts, code) => {
    expectCode(() => parseCertificateList(crl(parts)), code);
  });

  it('refuses octets after it', () => {
    expectCode(() => parseCertificateList(concatBytes(crl(), serial(0))), 'TRAILING_DATA');
  });
});

describe('finding entries', () => {
  it('decodes the entry found and only that one', () => {
    const bytes = crl({ entries: [
      sequence(integer(1), nullValue()), // no revocation date: nobody asks
      entry(2, reason(4), invalidityDate(REVOKED_AT - 1000)),
      entry(3, extension('1.2.3', nullValue(), true), extension('1.2.4', nullValue())),
      entry(4),
    ] });
    const found = parseCertificateList(bytes);
    expect(found.find(serial(2))).toEqual({
      serialNumber: serial(2), revocationDate: REVOKED_AT, reason: 'superseded', invalidityDate: REVOKED_AT - 1000, unknownCritical: [], certificateIssuer: undefined,
    });
    expect(found.find(serial(3))).toMatchObject({ reason: 'unspecified', invalidityDate: undefined, unknownCritical: ['1.2.3'] });
    expect(found.find(serial(4))).toMatchObject({ unknownCritical: [] });
    expect(found.find(serial(5))).toBeUndefined();
    expectCode(() => found.find(serial(1)), 'STRUCTURE_INVALID');
  });

  it('names every reason, and refuses the unused one', () => {
    const names = ['unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold', '', 'removeFromCRL', 'privilegeWithdrawn', 'aACompromise'];
    const found = parseCertificateList(crl({ entries: Array.from({ length: 12 }, (_, i) => entry(i + 1, reason(i))) }));
    names.forEach((expected, i) => {
      if (expected === '') expectCode(() => found.find(serial(i + 1)), 'STRUCTURE_INVALID');
      else expect(found.find(serial(i + 1))!.reason).toBe(expected);
    });
    expectCode(() => found.find(serial(12)), 'STRUCTURE_INVALID');
  });

  it.each([
    ['a reason that is an INTEGER', entry(1, extension('2.5.29.21', integer(1)))],
    ['an invalidity date in UTCTime', entry(1, extension('2.5.29.24', time(REVOKED_AT)))],
    ['two reasons', entry(1, reason(1), reason(8))],
    ['a certificate issuer without a name', entry(1, certificateIssuer())],
  ])('refuses the entry with %s', (_, der) => {
    const found = parseCertificateList(crl({ entries: [der, entry(2)] }));
    expectCode(() => found.find(serial(1)), 'STRUCTURE_INVALID');
    expect(found.find(serial(2))).toBeDefined();
  });

  it.each([
    ['is no SEQUENCE', nullValue(), 'STRUCTURE_INVALID'],
    ['has no serial number', sequence(time(REVOKED_AT)), 'STRUCTURE_INVALID'],
    ['is empty', sequence(), 'STRUCTURE_INVALID'],
    ['has an empty serial number', sequence(tlv(2), time(REVOKED_AT)), 'DER_INVALID'],
    ['has a serial number past its end', tlv(0x30, serial(2, 5, 1)), 'TRUNCATED'],
  ] as const)('every question fails when an entry %s', (_, der, code) => {
    const found = parseCertificateList(crl({ entries: [entry(1), der] }));
    for (let question = 0; question < 3; question++) expectCode(() => found.find(serial(1)), code);
    expectCode(() => found.entries(serial(1)), code);
    expectCode(() => found.size, code);
  });

  it('a reason that stands alone is what it is beside others, and what only looks like one is none', () => {
    const asked = (...extensions: Uint8Array[]) => parseCertificateList(crl({ entries: [entry(5, ...extensions)] })).find(serial(5))!;
    const other = extension('1.2.3', new Uint8Array(3));
    for (const code of [0, 1, 2, 3, 4, 5, 6, 8, 9, 10]) {
      expect(asked(reason(code)).reason).toBe(asked(reason(code), other).reason);
      expect(asked(reason(code))).toEqual({ ...asked(reason(code), other) });
    }
    for (const code of [7, 11, 255]) for (const more of [[], [other]]) expectCode(() => asked(extension('2.5.29.21', tlv(0x0a, Uint8Array.of(code))), ...more), 'STRUCTURE_INVALID');
    expect(asked(extension('2.5.29.21', enumerated(1), true)).reason).toBe('keyCompromise');
    expect(asked(extension('2.5.29.22', enumerated(1)))).toMatchObject({ reason: 'unspecified', unknownCritical: [] });
    expectCode(() => asked(extension('2.5.29.21', integer(1))), 'STRUCTURE_INVALID');
    expectCode(() => asked(reason(1), reason(1)), 'STRUCTURE_INVALID');
  });

  it('compares serial numbers as integers, leading zeros apart', () => {
    const found = parseCertificateList(crl({ entries: [entry(serial(0x80)), sequence(tlv(2, serial(0, 0, 5)), time(REVOKED_AT)), entry(0), sequence(tlv(2, new Uint8Array(130).fill(1)), time(REVOKED_AT))] }));
    for (let question = 0; question < 2; question++) {
      expect(found.find(serial(0x80))!.serialNumber).toEqual(serial(0, 0x80));
      expect(found.find(serial(0, 0x80))).toBeDefined();
      expect(found.find(serial(5))!.serialNumber).toEqual(serial(0, 0, 5));
      expect(found.find(serial(0, 5))).toBeDefined();
      expect(found.find(serial(0))!.serialNumber).toEqual(serial(0));
      expect(found.find(serial(0, 0))).toBeDefined();
      expect(found.find(serial(5, 0))).toBeUndefined();
      expect(found.find(serial(0x80, 0))).toBeUndefined();
      expect(found.find(new Uint8Array(130).fill(1))).toBeDefined();
      expect(found.find(new Uint8Array(129).fill(1))).toBeUndefined();
    }
    expect(() => found.find(new Uint8Array(0))).toThrow(TypeError);
    expect(() => found.entries('5' as unknown as Uint8Array)).toThrow(TypeError);
  });

  it('the last of several entries wins; entries() gives all', () => {
    const found = parseCertificateList(crl({ entries: [entry(9, reason(6)), entry(1), entry(9, reason(8))] }));
    for (let question = 0; question < 3; question++) expect(found.find(serial(9))!.reason).toBe('removeFromCRL');
    expect(found.entries(serial(9)).map((e) => e.reason)).toEqual(['certificateHold', 'removeFromCRL']);
    expect(found.entries(serial(8))).toEqual([]);
    expect(found.size).toBe(3);
  });

  it('the first question (scan) and later ones (index) agree with a plain list', () => {
    const serials = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3 }), { maxLength: 40 });
    fc.assert(fc.property(serials, fc.uint8Array({ minLength: 1, maxLength: 3 }), (listed, asked) => {
      const bytes = crl({ entries: listed.map((s, i) => entry(s, reason(i % 6))) });
      const value = (s: Uint8Array): bigint => BigInt(`0x${Buffer.from(s).toString('hex')}`);
      const indexed = parseCertificateList(bytes);
      indexed.find(serial(1));
      for (const question of [asked, ...listed]) {
        const expected = listed.map(value).lastIndexOf(value(question));
        const scanned = parseCertificateList(bytes).find(question);
        expect(scanned).toEqual(indexed.find(question));
        expect(scanned === undefined).toBe(expected === -1);
        if (scanned !== undefined) expect(scanned.reason).toBe(['unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'][expected % 6]);
      }
    }));
  });

  it('serial numbers of every length and with a hash in common are told apart', () => {
    const numbers = Array.from({ length: 2000 }, (_, i) => new Uint8Array(1 + (i % 20)).map((_octet, at) => (at === 0 ? 1 + (i % 100) : (i * (at + 7)) >> (at % 5))));
    const distinct = [...new Map(numbers.map((number) => [hexOf(number), number])).values()];
    const listed = distinct.filter((_, i) => i % 2 === 0);
    const index = EntryIndex.build(sequence(...listed.map((s) => entry(s))), 4, sequence(...listed.map((s) => entry(s))).length, listed.length)!;
    distinct.forEach((number, i) => expect(index.find(number) === undefined).toBe(i % 2 === 1));
  });

  it('serial numbers made to collide fall back to scanning', () => {
    // Found by search: serial numbers whose hash lands in one slot of the table that 400 entries have.
    const mask = 0x3ff;
    const colliding: Uint8Array[] = [];
    // Millions are looked at, so they are one array.
    const candidate = serial(0x41, 0, 0, 0);
    for (let i = 0; colliding.length < 400; i++) {
      candidate[1] = i >> 16;
      candidate[2] = i >> 8;
      candidate[3] = i;
      if ((serialHash(candidate, 0, candidate.length) & mask) === 7) colliding.push(candidate.slice());
    }
    const entries = colliding.map((s) => entry(s));
    const bytes = sequence(...entries);
    expect(EntryIndex.build(bytes, 4, bytes.length, entries.length)).toBeUndefined();
    const plain = sequence(...Array.from({ length: 400 }, (_, i) => entry(i * 7919 + 1)));
    expect(EntryIndex.build(plain, 4, plain.length, 400)).toBeInstanceOf(EntryIndex);
    const found = parseCertificateList(crl({ entries }));
    for (let question = 0; question < 3; question++) {
      expect(found.find(colliding[399]!)).toBeDefined();
      expect(found.find(serial(1))).toBeUndefined();
    }
  });
});

describe('indirect CRLs (RFC 5280 5.3.3)', () => {
  const OTHER = name(['2.5.4.3', octetString(serial(1))]);
  const entries = [
    entry(1), // of the CRL issuer
    entry(2, certificateIssuer(directoryName(LEAF_NAME))),
    entry(1, reason(1)), // carried over: LEAF_NAME
    entry(3, certificateIssuer(directoryName(OTHER))),
    entry(4, reason(4)), // carried over: OTHER
  ];
  const issuer = (found: { certificateIssuer: readonly unknown[] | undefined } | undefined): Uint8Array | undefined => (found!.certificateIssuer?.[0] as { name: { bytes: Uint8Array } } | undefined)?.name.bytes;

  it('an entry has the certificate issuer of those before it', () => {
    const found = parseCertificateList(crl({ entries, extensions: [authorityKey, crlNumber(1), INDIRECT] }));
    expect(found.entries(serial(1)).map(issuer)).toEqual([undefined, LEAF_NAME]);
    for (let question = 0; question < 2; question++) {
      expect(issuer(found.find(serial(1)))).toEqual(LEAF_NAME);
      expect(issuer(found.find(serial(2)))).toEqual(LEAF_NAME);
      expect(issuer(found.find(serial(3)))).toEqual(OTHER);
      expect(issuer(found.find(serial(4)))).toEqual(OTHER);
    }
  });

  it('in a direct CRL nothing is carried over', () => {
    const found = parseCertificateList(crl({ entries }));
    expect(found.entries(serial(1)).map(issuer)).toEqual([undefined, undefined]);
    expect(issuer(found.find(serial(4)))).toBeUndefined();
  });

  it('no answer when the issuing distribution point cannot be read', () => {
    const found = parseCertificateList(crl({ entries, extensions: [issuingDistributionPoint(enumerated(1))] }));
    expectCode(() => found.find(serial(1)), 'STRUCTURE_INVALID');
    expect(found.find(serial(99))).toBeUndefined();
  });

  it('bounds how many entries one serial number may have', () => {
    const found = parseCertificateList(crl({ entries: [entry(1), entry(1), entry(1)] }), { maxGeneralNames: 2 });
    expectCode(() => found.entries(serial(1)), 'TOO_MANY');
    expect(found.find(serial(1))).toBeDefined();
  });
});

describe('deviations of CRLs', () => {
  const ids = (parts: Parameters<typeof crl>[0]): string[] => parseCertificateList(crl(parts)).deviations.map(({ id }) => id);
  it.each([
    ['nothing', {}, []],
    ['version 1', { version: null, extensions: null }, ['CRL_VERSION_1']],
    ['version 1 with extensions', { version: null }, ['CRL_VERSION_1', 'X509_EXTENSIONS_IN_OLD_VERSION']],
    ['no nextUpdate', { nextUpdate: null }, ['CRL_NEXT_UPDATE_MISSING']],
    ['nextUpdate before thisUpdate', { nextUpdate: time(THIS_UPDATE - 1000) }, ['CRL_UPDATE_INVERTED']],
    ['GeneralizedTime', { thisUpdate: generalizedTime(THIS_UPDATE) }, ['X509_GENERALIZED_TIME_BEFORE_2050']],
    ['an empty list', { entries: [] }, ['CRL_ENTRIES_EMPTY']],
    ['no CRL number', { extensions: [authorityKey] }, ['CRL_NUMBER_MISSING']],
    ['no authority key identifier', { extensions: [crlNumber(1)] }, ['X509_AUTHORITY_KEY_IDENTIFIER_MISSING']],
    ['NULL parameters', { signature: SM2_WITH_SM3_NULL }, ['X509_SM2_PARAMETERS_NULL', 'X509_SM2_PARAMETERS_NULL']],
    ['algorithms that differ', { outerSignature: SM2_WITH_SM3_NULL }, ['X509_SM2_PARAMETERS_NULL', 'X509_SIGNATURE_ALGORITHM_MISMATCH']],
    ['a duplicate', { extensions: [authorityKey, crlNumber(1), crlNumber(2)] }, ['X509_DUPLICATE_EXTENSION']],
    ['a malformed extension', { extensions: [authorityKey, extension('2.5.29.20', nullValue())] }, ['X509_EXTENSION_MALFORMED']],
  ] as const)('%s', (_, parts, expected) => {
    expect(ids(parts)).toEqual(expected);
  });
});
