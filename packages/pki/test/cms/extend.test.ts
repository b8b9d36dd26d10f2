import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concatBytes, explicit, implicitConstructed, integer, nullValue, octetString, oid, sequence, setOf } from '../../src/asn1/writer.js';
import { archiveTimestampInput, buildAtsHashIndex, indexedAttributeValues, readAtsHashIndex } from '../../src/cms/ats-hash-index.js';
import { extendSignedData } from '../../src/cms/extend.js';
import { id_ri_ocsp_response } from '../../src/cms/oids.js';
import { parseSignedData } from '../../src/cms/signed-data.js';
import { expectCode } from '../expect-code.js';
import { ascii, handMade, handMadeSigner, indefinite, sampleCertificate } from './samples.js';

const CMS_SIGNED = '1.2.840.113549.1.7.2';
const CMS_DATA = '1.2.840.113549.1.7.1';
const SHA256 = '2.16.840.1.101.3.4.2.1';
const sha256 = (octets: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(octets).digest());
const cms = { outer: CMS_SIGNED, encapContentInfo: sequence(oid(CMS_DATA), explicit(0, octetString(ascii('bid')))) };
const token = sequence(integer(42));
const response = sequence(integer(1), nullValue());

describe('extendSignedData', () => {
  it('adds beside the signature and keeps every octet that was there', () => {
    const old = handMadeSigner({ unsignedAttrs: explicit(1, sequence(oid('1.2.9'), setOf(integer(9)))) });
    const before = parseSignedData(handMade({ ...cms, signerInfos: setOf(old, handMadeSigner()) }));
    const target = before.signerInfos.findIndex(({ unsignedAttrs }) => unsignedAttrs !== undefined);
    const certificate = sampleCertificate('Another');
    const after = parseSignedData(extendSignedData(before, { signer: target, unsignedAttrs: [{ type: '1.2.3', values: [token] }], certificates: [certificate, before.certificates[0]!], ocspResponses: [response] }));
    expect(after.version).toBe(5);
    expect(after.deviations).toEqual([]);
    expect(after.encapContentInfo.bytes).toEqual(before.encapContentInfo.bytes);
    expect(after.certificates).toHaveLength(2);
    expect(after.certificates).toEqual(expect.arrayContaining([certificate, before.certificates[0]]));
    expect(after.ocspResponses).toEqual([response]);
    expect(after.revocationInfoChoices).toEqual([implicitConstructed(1, oid(id_ri_ocsp_response), response)]);
    const extended = after.signerInfos.find(({ unsignedAttrs }) => unsignedAttrs !== undefined)!;
    expect(extended.fields).toEqual(before.signerInfos[target]!.fields);
    expect(extended.unsignedAttrs!.attributes.map(({ type, values }) => [type, values])).toEqual([['1.2.9', [integer(9)]], ['1.2.3', [token]]]);
    expect(after.signerInfos.find(({ unsignedAttrs }) => unsignedAttrs === undefined)!.bytes).toEqual(before.signerInfos[1 - target]!.bytes);
  });
  it('content written in segments stays as it is', () => {
    const streamed = indefinite(0x30, oid(CMS_DATA), indefinite(0xa0, indefinite(0x24, octetString(ascii('b')), octetString(ascii('id')))));
    const before = parseSignedData(handMade({ ...cms, encapContentInfo: streamed }));
    const after = parseSignedData(extendSignedData(before, { unsignedAttrs: [{ type: '1.2.3', values: [token] }] }));
    expect(after.encapContentInfo.bytes).toEqual(streamed);
    expect(after.encapContentInfo.content).toEqual(ascii('bid'));
  });
  it('nothing added twice, no signer that is not there, no OCSP in a GM message', () => {
    const message = parseSignedData(handMade(cms));
    expect(extendSignedData(message, { certificates: message.certificates })).toEqual(message.bytes);
    expect(() => extendSignedData(message, { signer: 1, unsignedAttrs: [] })).toThrow(TypeError);
    expect(() => extendSignedData(parseSignedData(handMade()), { ocspResponses: [response] })).toThrow(TypeError);
  });
});

describe('ATSHashIndexV3', () => {
  const signed = parseSignedData(handMade({ ...cms, crls: explicit(1, sequence(integer(5))), signerInfos: setOf(handMadeSigner({ unsignedAttrs: explicit(1, sequence(oid('1.2.9'), setOf(integer(9)))) })) }));
  const { unsignedAttrs, fields } = signed.signerInfos[0]!;
  it('indexes certificates, revocation data and attribute values with their type', () => {
    const index = readAtsHashIndex(buildAtsHashIndex(signed, unsignedAttrs, { oid: SHA256 }, sha256));
    expect(index.hashIndAlgorithm.oid).toBe(SHA256);
    expect(index.certificatesHashIndex).toEqual([sha256(signed.certificates[0]!)]);
    expect(index.crlsHashIndex).toEqual([sha256(sequence(integer(5)))]);
    expect(indexedAttributeValues(unsignedAttrs)).toEqual([concatBytes(oid('1.2.9'), integer(9))]);
    expect(index.unsignedAttrValuesHashIndex).toEqual([sha256(concatBytes(oid('1.2.9'), integer(9)))]);
  });
  it('the imprint input is type, content digest, fields, index, in that order', () => {
    const index = buildAtsHashIndex(signed, undefined, { oid: SHA256 }, sha256);
    expect(archiveTimestampInput(CMS_DATA, sha256(ascii('bid')), fields, index)).toEqual(concatBytes(oid(CMS_DATA), sha256(ascii('bid')), fields, index));
    expect(readAtsHashIndex(index).unsignedAttrValuesHashIndex).toEqual([]);
  });
  it('what is no index is refused', () => {
    expectCode(() => readAtsHashIndex(sequence(sequence(oid(SHA256)), sequence(), sequence())), 'STRUCTURE_INVALID');
    expectCode(() => readAtsHashIndex(sequence(sequence(oid(SHA256)), sequence(integer(1)), sequence(), sequence())), 'STRUCTURE_INVALID');
    expectCode(() => readAtsHashIndex(sequence(sequence(oid(SHA256)), sequence(), sequence(), sequence(), nullValue())), 'TRAILING_DATA');
  });
});
