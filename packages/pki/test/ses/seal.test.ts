import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitString, boolean, explicit, generalizedTime, ia5String, implicitPrimitive, integer, nullValue, octetString, oid, sequence, utcTime, utf8String } from '../../src/asn1/writer.js';
import { buildSeal, buildSealInfo, buildSealSignature, buildTbsSealSignature, type SealInfoToWrite } from '../../src/ses/build.js';
import type { SesVersion } from '../../src/ses/model.js';
import { parseSeal } from '../../src/ses/seal.js';
import { parseSealSignature } from '../../src/ses/signature.js';
import { certificate } from '../x509/samples.js';
import { expectCode } from '../expect-code.js';

const SM2_SM3 = '1.2.156.10197.1.501';
const AT = Date.UTC(2026, 4, 1, 9, 30);
const maker = certificate();
const signer = certificate();
const info: SealInfoToWrite = {
  vendor: 'HEFU', esId: '42010000000001', type: 1, name: '示例建设有限公司公章',
  certList: { kind: 'certs', certs: [signer] },
  createDate: AT, validStart: AT, validEnd: AT + 86_400_000,
  picture: { type: 'png', data: Uint8Array.of(0x89, 0x50), width: 42, height: 42 },
  extensions: [],
};
const seal = (version: SesVersion, extra: Partial<SealInfoToWrite> = {}, timeStamp?: Uint8Array): Uint8Array =>
  buildSeal(version, { info: buildSealInfo(version, { ...info, ...extra }), makerCertificate: maker, signatureAlgorithm: SM2_SM3, signature: Uint8Array.of(1, 2, 3), ...(timeStamp === undefined ? {} : { timeStamp }) });
const stamped = (version: SesVersion, of = seal(version)): Uint8Array => {
  const shared = { certificate: signer, signatureAlgorithm: SM2_SM3 };
  const toSign = buildTbsSealSignature(version, { ...shared, seal: of, time: AT, dataHash: new Uint8Array(32).fill(7), propertyInfo: '/Doc_0/Signs/Sign_0/Signature.xml' });
  return buildSealSignature(version, { ...shared, toSign, signature: Uint8Array.of(4, 5) });
};
const ids = (bytes: Uint8Array): string[] => parseSeal(bytes).deviations.map(({ id }) => id);

describe('parseSeal', () => {
  it.each([1, 4, 5] as const)('version %i gives every field', (version) => {
    const token = version === 5 ? sequence(integer(1)) : undefined;
    const bytes = seal(version, {}, token);
    const found = parseSeal(bytes);
    expect(found).toMatchObject({ version, makerCertificate: maker, signatureAlgorithm: SM2_SM3, signature: Uint8Array.of(1, 2, 3), timeStamp: token, deviations: [] });
    expect(found.info).toMatchObject({ ...info, statedVersion: version });
    expect(found.info.bytes.buffer).toBe(bytes.buffer);
  });
  it('a V5 seal without a time-stamp is told from V4 by its header', () => {
    expect([parseSeal(seal(5)).version, parseSeal(seal(4)).version]).toEqual([5, 4]);
  });
  it('what the maker may have signed: the information, or it with certificate and algorithm', () => {
    const found = parseSeal(seal(1));
    expect(found.signedBytes).toEqual([
      { form: 'info', bytes: found.info.bytes },
      { form: 'info-cert-alg', bytes: sequence(found.info.bytes, octetString(maker), oid(SM2_SM3)) },
    ]);
  });
  it('people by digest, and extension data', () => {
    const certList = { kind: 'digests', digests: [{ type: 'SM3', value: new Uint8Array(32) }] } as const;
    const extensions = [{ oid: '1.2.3', critical: true, value: Uint8Array.of(9) }, { oid: '1.2.4', critical: false, value: new Uint8Array(0) }];
    expect(parseSeal(seal(4, { certList, extensions })).info).toMatchObject({ certList, extensions });
    expect(() => seal(1, { certList })).toThrow(TypeError);
  });
  it('records what it tolerates', () => {
    const sealInfo = (version: number, text = ia5String('ES'), date = generalizedTime(AT), ...rest: Uint8Array[]) => sequence(
      sequence(text, integer(version), ia5String('V')), ia5String('id'),
      sequence(integer(1), utf8String('n'), integer(1), sequence(octetString(signer)), date, date, date),
      sequence(ia5String('png'), octetString(Uint8Array.of(1)), integer(1), integer(1)), ...rest,
    );
    const made = (of: Uint8Array, signature = bitString(Uint8Array.of(1))) => sequence(of, octetString(maker), oid(SM2_SM3), signature);
    const ext = (...flag: Uint8Array[]) => sequence(sequence(oid('1.2.3'), ...flag, octetString(Uint8Array.of(1))));
    expect(ids(made(sealInfo(4)))).toEqual([]);
    expect(ids(made(sealInfo(4), octetString(Uint8Array.of(1))))).toEqual(['SES_OCTET_STRING_FOR_BITS']);
    expect(ids(made(sealInfo(2)))).toEqual(['SES_VERSION_MISMATCH']);
    expect(ids(made(sealInfo(4, utf8String('ES'))))).toEqual(['SES_STRING_TYPE']);
    expect(ids(made(sealInfo(4, ia5String('XX'))))).toEqual(['SES_HEADER_ID']);
    expect(ids(made(sealInfo(4, undefined, utcTime(AT))))).toEqual(['SES_TIME_TYPE', 'SES_TIME_TYPE', 'SES_TIME_TYPE']);
    expect(ids(made(sealInfo(4, undefined, undefined, ext())))).toEqual(['SES_EXTENSIONS_UNTAGGED']);
    expect(ids(made(sealInfo(4, undefined, undefined, explicit(0, ext(boolean(false))))))).toEqual(['SES_DEFAULT_ENCODED']);
  });
  it.each([
    ['three members', sequence(sequence(), octetString(maker), oid(SM2_SM3))],
    ['an empty one', sequence()],
    ['a certificate', certificate()],
  ])('%s: no seal', (_what, bytes) => {
    expect(() => parseSeal(bytes)).toThrow(expect.objectContaining({ name: 'PkiError' }));
  });
  it('octets after it, a list of another kind: refused', () => {
    expectCode(() => parseSeal(Uint8Array.of(...seal(4), 0)), 'TRAILING_DATA');
    const odd = sequence(
      sequence(ia5String('ES'), integer(4), ia5String('V')), ia5String('id'),
      sequence(integer(1), utf8String('n'), integer(3), sequence(), generalizedTime(AT), generalizedTime(AT), generalizedTime(AT)),
      sequence(ia5String('png'), octetString(Uint8Array.of(1)), integer(1), integer(1)),
    );
    expectCode(() => parseSeal(sequence(odd, octetString(maker), oid(SM2_SM3), bitString(Uint8Array.of(1)))), 'VERSION_UNSUPPORTED');
    expectCode(() => parseSeal(sequence(buildSealInfo(4, info), octetString(new Uint8Array(0)), oid(SM2_SM3), bitString(Uint8Array.of(1)))), 'STRUCTURE_INVALID');
  });
  it('whatever is written is read back', () => {
    fc.assert(fc.property(fc.constantFrom(1, 4, 5) as fc.Arbitrary<SesVersion>, fc.string({ unit: 'grapheme', maxLength: 40 }), fc.uint8Array({ maxLength: 300 }), fc.nat(9999), (version, name, data, width) => {
      const found = parseSeal(seal(version, { name, picture: { type: 'gif', data, width, height: 1 } }));
      expect([found.version, found.info.name, found.info.picture.data, found.info.picture.width]).toEqual([version, name, data, width]);
    }));
  });
});

describe('parseSealSignature', () => {
  it.each([1, 4, 5] as const)('version %i gives every field', (version) => {
    const found = parseSealSignature(stamped(version));
    expect(found).toMatchObject({ version, time: AT, timeToken: undefined, dataHash: new Uint8Array(32).fill(7), certificate: signer, signatureAlgorithm: SM2_SM3, signature: Uint8Array.of(4, 5), timeStamp: undefined, deviations: [] });
    expect(found.seal.bytes).toEqual(seal(version));
  });
  it('V1 times: a token, a TLV, a bare text; otherwise refused', () => {
    const timed = (timeInfo: Uint8Array) => parseSealSignature(sequence(
      sequence(integer(1), seal(1), timeInfo, bitString(new Uint8Array(32)), ia5String('p'), octetString(signer), oid(SM2_SM3)), bitString(Uint8Array.of(4)),
    ));
    expect(timed(bitString(sequence(integer(1))))).toMatchObject({ time: undefined, timeToken: sequence(integer(1)) });
    expect(timed(bitString(new TextEncoder().encode('260501093000Z'))).time).toBe(AT);
    expect(timed(bitString(generalizedTime(AT))).time).toBe(AT);
    expect(timed(utcTime(AT)).time).toBe(AT);
    expectCode(() => timed(bitString(Uint8Array.of(1, 2))), 'TIME_INVALID');
    expectCode(() => timed(nullValue()), 'STRUCTURE_INVALID');
  });
  it('a V4 signature around a V1 seal is neither', () => {
    expectCode(() => parseSealSignature(stamped(4, seal(1))), 'STRUCTURE_INVALID');
    expectCode(() => parseSealSignature(sequence(sequence(integer(4), seal(4), generalizedTime(AT)), implicitPrimitive(0, new Uint8Array(0)))), 'STRUCTURE_INVALID');
  });
});
