import { describe, expect, it } from 'vitest';
import { explicit, generalizedTime, integer, nullValue, octetString, oid, sequence, setOf, utf8String } from '../../src/asn1/writer.js';
import { CMS_DEVIATIONS } from '../../src/cms/deviations.js';
import { parseSignedData } from '../../src/cms/signed-data.js';
import type { SignedData } from '../../src/model.js';
import {
  ascii, commonName, handMade, handMadeSigner, indefinite, join, refusalCode, SIGNATURE, sampleCertificate, SM2_ENCRYPT, SM2_SIGN, SM2_SM3, SM3,
  SM3_KEYED, streamed, tlv,
} from './samples.js';

const GM_DATA = '1.2.156.10197.6.1.4.2.1';
const CMS_DATA = '1.2.840.113549.1.7.1';
const CMS_SIGNED = '1.2.840.113549.1.7.2';

function ids(message: SignedData): string[] {
  return message.deviations.map((deviation) => deviation.id);
}

function attribute(type: string, ...values: Uint8Array[]): Uint8Array {
  return sequence(oid(type), tlv(0x31, ...values));
}

describe('GM/T 0010 messages', () => {
  it('reads the standard shape and keeps the slices that are hashed', () => {
    const bytes = handMade();
    const message = parseSignedData(bytes);
    expect(message.family).toBe('gm');
    expect(message.contentType).toBe('1.2.156.10197.6.1.4.2.2');
    expect(message.version).toBe(1);
    expect(message.bytes).toBe(bytes);
    expect(message.digestAlgorithms.map(({ oid: id, parameters }) => [id, parameters])).toEqual([[SM3, nullValue()]]);
    expect(message.encapContentInfo.contentType).toBe(GM_DATA);
    expect(message.encapContentInfo.content).toEqual(ascii('bid'));
    expect(message.encapContentInfo.contentTlv).toEqual(explicit(0, octetString(ascii('bid'))));
    expect(message.encapContentInfo.bytes).toEqual(sequence(oid(GM_DATA), explicit(0, octetString(ascii('bid')))));
    expect(message.certificates).toEqual([sampleCertificate('Signer')]);
    expect(message.crls).toEqual([]);
    const [signer] = message.signerInfos;
    expect(signer!.sid).toMatchObject({ kind: 'issuerAndSerialNumber', serialNumber: Uint8Array.of(7) });
    expect(signer!.sid.kind === 'issuerAndSerialNumber' && signer!.sid.issuer.bytes).toEqual(commonName('Sample CA'));
    expect(signer!.signatureAlgorithm.oid).toBe(SM2_SIGN);
    expect(signer!.signatureAlgorithm.parameters).toBeUndefined();
    expect(signer!.signature).toEqual(SIGNATURE);
    expect(signer!.signedAttrs).toBeUndefined();
    expect(signer!.unsignedAttrs).toBeUndefined();
    expect(message.deviations).toEqual([]);
  });

  it('reads a detached message: content undefined, not empty', () => {
    const message = parseSignedData(handMade({ encapContentInfo: sequence(oid(GM_DATA)) }));
    expect(message.encapContentInfo).toMatchObject({ content: undefined, contentTlv: undefined });
    const empty = parseSignedData(handMade({ encapContentInfo: sequence(oid(GM_DATA), explicit(0, octetString(new Uint8Array(0)))) }));
    expect(empty.encapContentInfo.content).toEqual(new Uint8Array(0));
  });

  it('reads the shape with an empty content type under the PKCS #7 identifier', () => {
    const message = parseSignedData(
      handMade({ outer: CMS_SIGNED, encapContentInfo: Uint8Array.of(0x30, 2, 6, 0), signerInfos: setOf(handMadeSigner({ signatureAlgorithm: sequence(oid(SM2_SIGN), nullValue()) })) }),
    );
    expect(message.family).toBe('cms');
    expect(message.encapContentInfo).toMatchObject({ contentType: '', content: undefined, contentTlv: undefined });
    expect(message.encapContentInfo.bytes).toEqual(Uint8Array.of(0x30, 2, 6, 0));
    expect(ids(message)).toEqual(['CMS_CONTENT_TYPE_EMPTY']);
  });

  it('takes an empty content type nowhere else, and not with content behind it', () => {
    const empty = Uint8Array.of(6, 0);
    expect(refusalCode(() => parseSignedData(handMade({ encapContentInfo: sequence(empty, explicit(0, octetString(ascii('bid')))) })))).toBe('DER_INVALID');
    expect(refusalCode(() => parseSignedData(sequence(empty, explicit(0, sequence()))))).toBe('DER_INVALID');
    expect(refusalCode(() => parseSignedData(handMade({ digestAlgorithms: setOf(sequence(empty)) })))).toBe('DER_INVALID');
    expect(refusalCode(() => parseSignedData(handMade({ signerInfos: setOf(handMadeSigner({ signedAttrs: explicit(0, sequence(empty, setOf())) })) })))).toBe('DER_INVALID');
  });

  it.each([
    [SM3_KEYED, undefined, SM2_SIGN],
    [SM2_SM3, nullValue(), SM2_SIGN],
    [SM3, nullValue(), SM2_ENCRYPT],
    [SM3, undefined, SM2_SM3],
  ])('reads digest %s with the parameters found, signature %#', (digest, parameters, signature) => {
    const algorithm = parameters === undefined ? sequence(oid(digest)) : sequence(oid(digest), parameters);
    const message = parseSignedData(
      handMade({ digestAlgorithms: setOf(algorithm), signerInfos: setOf(handMadeSigner({ digestAlgorithm: algorithm, signatureAlgorithm: sequence(oid(signature)) })) }),
    );
    expect(message.digestAlgorithms[0]).toMatchObject({ oid: digest, bytes: algorithm });
    expect(message.signerInfos[0]!.digestAlgorithm).toMatchObject({ oid: digest, parameters });
    expect(message.signerInfos[0]!.signatureAlgorithm.oid).toBe(signature);
    expect(message.deviations).toEqual([]);
  });

  it('reads the time-stamp token shape: version 3, TSTInfo, attributes', () => {
    const TST = '1.2.840.113549.1.9.16.1.4';
    const message = parseSignedData(handMade({ version: integer(3), encapContentInfo: sequence(oid(TST), explicit(0, octetString(ascii('tst')))) }));
    expect(message.encapContentInfo.contentType).toBe(TST);
    expect(message.deviations).toEqual([{ id: 'CMS_VERSION_MISMATCH', where: 'version', found: '3, expected 1' }]);
  });

  it('records a data identifier of the other family', () => {
    expect(ids(parseSignedData(handMade({ encapContentInfo: sequence(oid(CMS_DATA)) })))).toEqual(['CMS_CONTENT_TYPE_OF_OTHER_FAMILY']);
    expect(ids(parseSignedData(handMade({ outer: CMS_SIGNED, encapContentInfo: sequence(oid(GM_DATA)) })))).toEqual(['CMS_CONTENT_TYPE_OF_OTHER_FAMILY']);
  });
});

describe('what may be missing or more than one', () => {
  it('reads a message without certificates, CRLs, digest algorithms or signers', () => {
    const message = parseSignedData(handMade({ certificates: undefined, digestAlgorithms: setOf(), signerInfos: setOf() }));
    expect(message).toMatchObject({ certificates: [], crls: [], digestAlgorithms: [], signerInfos: [] });
  });

  it('reads CRLs with and without certificates', () => {
    const crl = sequence(sequence(integer(1)));
    expect(parseSignedData(handMade({ crls: explicit(1, crl, crl) })).crls).toEqual([crl, crl]);
    expect(parseSignedData(handMade({ certificates: undefined, crls: explicit(1, crl) }))).toMatchObject({ certificates: [], crls: [crl] });
    expect(refusalCode(() => parseSignedData(handMade({ certificates: explicit(1, crl), crls: explicit(0, sampleCertificate('A')) })))).toBe('STRUCTURE_INVALID');
  });

  it('keeps certificates in order and skips the other choices', () => {
    const [a, b] = [sampleCertificate('A'), sampleCertificate('B')];
    const message = parseSignedData(handMade({ certificates: explicit(0, b, explicit(0, integer(1)), a, explicit(2, integer(1)), explicit(3, integer(1))) }));
    expect(message.certificates).toEqual([b, a]);
    expect(message.deviations).toEqual([
      { id: 'CMS_CERTIFICATE_CHOICE_SKIPPED', where: 'certificates[1]', found: 'extendedCertificate' },
      { id: 'CMS_CERTIFICATE_CHOICE_SKIPPED', where: 'certificates[3]', found: 'v2AttrCert' },
      { id: 'CMS_CERTIFICATE_CHOICE_SKIPPED', where: 'certificates[4]', found: 'other' },
    ]);
    expect(refusalCode(() => parseSignedData(handMade({ certificates: explicit(0, explicit(4, integer(1))) })))).toBe('STRUCTURE_INVALID');
    expect(refusalCode(() => parseSignedData(handMade({ certificates: explicit(0, octetString(a)) })))).toBe('STRUCTURE_INVALID');
  });

  it('reads OCSP responses among the CRLs, and passes over what is none', () => {
    const response = sequence(integer(1));
    const carrying = (...fields: Uint8Array[]): SignedData => parseSignedData(handMade({ crls: explicit(1, explicit(1, ...fields)) }));
    expect(carrying(oid('1.3.6.1.5.5.7.16.2'), response)).toMatchObject({ ocspResponses: [response], crls: [], revocationInfoChoices: [explicit(1, oid('1.3.6.1.5.5.7.16.2'), response)], deviations: [] });
    for (const other of [carrying(oid('1.2.3'), response), carrying(oid('1.3.6.1.5.5.7.16.2'), integer(1)), carrying(oid('1.3.6.1.5.5.7.16.2'), response, response)]) {
      expect([ids(other), other.ocspResponses]).toEqual([['CMS_CRL_CHOICE_SKIPPED'], []]);
    }
    expect(refusalCode(() => parseSignedData(handMade({ crls: explicit(1, explicit(0, sequence())) })))).toBe('STRUCTURE_INVALID');
  });

  it('reads two equal signers as two', () => {
    const signer = handMadeSigner();
    expect(parseSignedData(handMade({ signerInfos: setOf(signer, signer) })).signerInfos).toHaveLength(2);
  });

  it('reads a signer named by key identifier, and records a version that does not fit', () => {
    const bySki = (version: number): SignedData =>
      parseSignedData(handMade({ outer: CMS_SIGNED, version: integer(3), encapContentInfo: sequence(oid(CMS_DATA)), signerInfos: setOf(handMadeSigner({ version: integer(version), sid: tlv(0x80, ascii('key')) })) }));
    expect(bySki(3).signerInfos[0]!.sid).toEqual({ kind: 'subjectKeyIdentifier', keyIdentifier: ascii('key') });
    expect(bySki(3).deviations).toEqual([]);
    expect(ids(bySki(1))).toEqual(['CMS_SIGNER_VERSION_MISMATCH', 'CMS_VERSION_MISMATCH']);
    expect(ids(parseSignedData(handMade({ signerInfos: setOf(handMadeSigner({ version: integer(3) })) })))).toEqual(['CMS_SIGNER_VERSION_MISMATCH']);
  });
});

describe('content', () => {
  it('of another type than OCTET STRING is its value, as PKCS #7 1.5 digests it', () => {
    const inner = sequence(utf8String('标书'), integer(1));
    const message = parseSignedData(handMade({ outer: CMS_SIGNED, encapContentInfo: sequence(oid('1.3.6.1.4.1.311.2.1.4'), explicit(0, inner)) }));
    expect(message.encapContentInfo.content).toEqual(inner.subarray(2));
    expect(message.encapContentInfo.contentTlv).toEqual(explicit(0, inner));
    expect(ids(message)).toEqual(['CMS_CONTENT_NOT_OCTET_STRING', 'CMS_VERSION_MISMATCH']);
    const open = sequence(oid(CMS_DATA), explicit(0, indefinite(0x30, integer(1))));
    expect(refusalCode(() => parseSignedData(handMade({ outer: CMS_SIGNED, encapContentInfo: open })))).toBe('DER_INVALID');
  });

  it('is a view, also of 10 MB', () => {
    const bytes = handMade({ encapContentInfo: sequence(oid(GM_DATA), explicit(0, octetString(new Uint8Array(10_000_000)))) });
    const message = parseSignedData(bytes);
    expect(message.encapContentInfo.content!.length).toBe(10_000_000);
    expect(message.encapContentInfo.content!.buffer).toBe(bytes.buffer);
  });

  it.each([
    ['an empty [0]', explicit(0), 'STRUCTURE_INVALID'],
    ['two values', explicit(0, octetString(ascii('a')), octetString(ascii('b'))), 'TRAILING_DATA'],
    ['no explicit tag', octetString(ascii('a')), 'STRUCTURE_INVALID'],
    ['something after it', join(explicit(0, octetString(ascii('a'))), nullValue()), 'TRAILING_DATA'],
  ])('with %s is refused', (_name, content, code) => {
    expect(refusalCode(() => parseSignedData(handMade({ encapContentInfo: sequence(oid(GM_DATA), content) })))).toBe(code);
  });
});

describe('BER in the shell', () => {
  it('reads indefinite lengths throughout and joins the content', () => {
    const bytes = streamed(indefinite(0x24, octetString(ascii('sealed ')), octetString(ascii('bid'))));
    const message = parseSignedData(bytes);
    expect(message.encapContentInfo.content).toEqual(ascii('sealed bid'));
    expect(message.certificates).toEqual([sampleCertificate('Signer')]);
    expect(message.signerInfos).toHaveLength(1);
    expect(new Set(ids(message))).toEqual(new Set(['CMS_BER_INDEFINITE', 'CMS_BER_CONSTRUCTED_STRING']));
    expect(message.deviations.filter(({ id }) => id === 'CMS_BER_INDEFINITE').map(({ where }) => where)).toEqual([
      'contentInfo', 'contentInfo.content', 'signedData', 'encapContentInfo', 'encapContentInfo.eContent', 'encapContentInfo.eContent.string', 'certificates',
    ]);
  });

  it('reads indefinite lengths down to the SignerInfo', () => {
    const attributes = setOf(attribute('1.2.840.113549.1.9.4', octetString(new Uint8Array(32))));
    const parts = [
      integer(1), indefinite(0x30, commonName('Sample CA'), integer(7)), sequence(oid(SM3)), join(Uint8Array.of(0xa0), attributes.subarray(1)),
      sequence(oid(SM2_SIGN)), octetString(SIGNATURE), indefinite(0xa1, indefinite(0x30, oid('1.2.3'), indefinite(0x31, indefinite(0x30, integer(1))))),
    ];
    const [signer] = parseSignedData(streamed(octetString(ascii('bid')), indefinite(0x31, indefinite(0x30, ...parts)))).signerInfos;
    expect(signer!.signedAttrs!.signedBytes).toEqual(attributes);
    expect(signer!.unsignedAttrs!.attributes).toMatchObject([{ type: '1.2.3', values: [indefinite(0x30, integer(1))] }]);
  });

  it('stops at what is hashed or compared: certificates, names, algorithms, signed attributes, signature values', () => {
    const refused = (signer: Parameters<typeof handMadeSigner>[0]): string => refusalCode(() => parseSignedData(handMade({ signerInfos: setOf(handMadeSigner(signer)) })));
    expect(refusalCode(() => parseSignedData(handMade({ certificates: explicit(0, indefinite(0x30, integer(1))) })))).toBe('DER_INVALID');
    expect(refusalCode(() => parseSignedData(handMade({ digestAlgorithms: setOf(indefinite(0x30, oid(SM3))) })))).toBe('DER_INVALID');
    expect(refused({ sid: sequence(indefinite(0x30, setOf(sequence(oid('2.5.4.3'), utf8String('x')))), integer(7)) })).toBe('DER_INVALID');
    expect(refused({ signatureAlgorithm: indefinite(0x30, oid(SM2_SIGN)) })).toBe('DER_INVALID');
    expect(refused({ signedAttrs: indefinite(0xa0, attribute('1.2.3', integer(1))) })).toBe('DER_INVALID');
    expect(refused({ signedAttrs: explicit(0, indefinite(0x30, oid('1.2.3'), setOf(integer(1)))) })).toBe('DER_INVALID');
    expect(refused({ signature: tlv(0x24, octetString(SIGNATURE)) })).toBe('STRUCTURE_INVALID');
  });
});

describe('attribute sets', () => {
  const digest = attribute('1.2.840.113549.1.9.4', octetString(new Uint8Array(32)));
  const type = attribute('1.2.840.113549.1.9.3', oid(GM_DATA));
  const withAttributes = (...attributes: Uint8Array[]): SignedData => parseSignedData(handMade({ signerInfos: setOf(handMadeSigner({ signedAttrs: explicit(0, ...attributes) })) }));

  it('are kept as found and hashed under tag 31', () => {
    const set = withAttributes(type, digest).signerInfos[0]!.signedAttrs!;
    expect(set.bytes).toEqual(explicit(0, type, digest));
    expect(set.signedBytes).toEqual(tlv(0x31, type, digest));
    expect(set.bytes[0]).toBe(0xa0);
    expect(set.signedBytes).toBe(set.signedBytes);
    expect(set.find('1.2.840.113549.1.9.4')).toEqual([{ bytes: digest, type: '1.2.840.113549.1.9.4', values: [octetString(new Uint8Array(32))] }]);
    expect(set.find('1.2.3')).toEqual([]);
  });

  it('out of DER order are recorded, duplicates and empty ones are facts', () => {
    expect(withAttributes(type, digest).deviations).toEqual([]);
    expect(withAttributes(digest, type).deviations).toEqual([{ id: 'CMS_SIGNED_ATTRS_NOT_SORTED', where: 'signerInfos[0].signedAttrs' }]);
    expect(withAttributes(digest, digest).signerInfos[0]!.signedAttrs!.find('1.2.840.113549.1.9.4')).toHaveLength(2);
    expect(withAttributes().signerInfos[0]!.signedAttrs!.attributes).toEqual([]);
    expect(withAttributes(attribute('1.2.3')).signerInfos[0]!.signedAttrs!.attributes).toEqual([{ bytes: attribute('1.2.3'), type: '1.2.3', values: [] }]);
  });

  it.each([
    ['an attribute without values', sequence(oid('1.2.3')), 'STRUCTURE_INVALID'],
    ['values outside a SET', sequence(oid('1.2.3'), integer(1)), 'STRUCTURE_INVALID'],
    ['something after the values', sequence(oid('1.2.3'), setOf(integer(1)), nullValue()), 'TRAILING_DATA'],
    ['an attribute that is not a SEQUENCE', generalizedTime(0), 'STRUCTURE_INVALID'],
  ])('with %s are refused', (_name, bad, code) => {
    expect(refusalCode(() => withAttributes(bad))).toBe(code);
  });
});

it('every recorded id has a reason in both languages', () => {
  for (const [id, entry] of Object.entries(CMS_DEVIATIONS)) {
    expect(id).toMatch(/^CMS_[A-Z_]+$/);
    expect(entry.reason.en.length && entry.reason.zh.length && entry.clause.length && entry.seenAt.length).toBeGreaterThan(0);
  }
});
