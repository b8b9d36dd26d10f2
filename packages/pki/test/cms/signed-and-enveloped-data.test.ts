import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitString, concatBytes, explicit, hexOf, id_data, id_gm_data, id_gm_signedAndEnvelopedData, id_signedAndEnvelopedData, implicitConstructed, implicitPrimitive, integer, nullValue, octetString, oid, parseSignedAndEnvelopedData, parseSm2Cipher,
  PkiError, sequence, setOf, tlv, utf8String,
} from '../../src/index.js';
import { expectCode } from '../expect-code.js';

// Written by hand after GB/T 35275-2017 §11 and RFC 2315 §11, as the public sample of a CA's key delivery is laid out (field notes §2.3).
const SM4 = '1.2.156.10197.1.104';
const name = sequence(setOf(sequence(oid('2.5.4.3'), utf8String('测试 CA'))));
const cipher = sequence(tlv(2, concatBytes(Uint8Array.of(0), new Uint8Array(32).fill(0xaa))), tlv(2, new Uint8Array(31).fill(0x11)), octetString(new Uint8Array(32).fill(3)), octetString(new Uint8Array(16).fill(4)));
const certificate = sequence(sequence(integer(1)), sequence(oid('1.2.3')), bitString(Uint8Array.of(1)));
interface Parts {
  readonly type?: string;
  readonly data?: string;
  readonly rid?: Uint8Array;
  readonly content?: readonly Uint8Array[];
  readonly algorithm?: Uint8Array;
  readonly recipients?: number;
  readonly extra?: Uint8Array;
}

function message({ type = id_gm_signedAndEnvelopedData, data = id_gm_data, rid, content, algorithm = sequence(oid(SM4)), recipients = 1, extra }: Parts = {}): Uint8Array {
  const recipient = sequence(integer(0), rid ?? sequence(name, integer(77)), sequence(oid('1.2.156.10197.1.301.3')), octetString(cipher));
  const signer = sequence(integer(1), sequence(name, integer(78)), sequence(oid('1.2.156.10197.1.401'), nullValue()), sequence(oid('1.2.156.10197.1.301.1')), octetString(Uint8Array.of(1, 2, 3)));
  return sequence(oid(type), explicit(0, sequence(
    integer(1), tlv(0x31, concatBytes(...Array.from({ length: recipients }, () => recipient))), setOf(sequence(oid('1.2.156.10197.1.401'))),
    sequence(oid(data), algorithm, ...(content ?? [implicitPrimitive(0, new Uint8Array(64).fill(9))])),
    implicitConstructed(0, certificate), setOf(signer), ...(extra === undefined ? [] : [extra]),
  )));
}

describe('parseSignedAndEnvelopedData', () => {
  it.each([['gm', id_gm_signedAndEnvelopedData, id_gm_data], ['cms', id_signedAndEnvelopedData, id_data]] as const)('reads the %s form', (family, type, data) => {
    const read = parseSignedAndEnvelopedData(message({ type, data }));
    expect(read).toMatchObject({
      family, version: 1, recipientInfos: [{ version: 0, rid: { kind: 'issuerAndSerialNumber' }, keyEncryptionAlgorithm: { oid: '1.2.156.10197.1.301.3', parameters: undefined } }],
      encryptedContentInfo: { contentType: data, contentEncryptionAlgorithm: { oid: SM4, parameters: undefined } },
    });
    expect(hexOf(read.recipientInfos[0]!.encryptedKey)).toBe(hexOf(cipher));
    expect(read.encryptedContentInfo.encryptedContent).toHaveLength(64);
    expect(read.signed).toMatchObject({ family, encapContentInfo: { contentType: data, content: undefined }, signerInfos: [{ version: 1, signedAttrs: undefined }] });
    expect(read.signed.certificates).toHaveLength(1);
  });

  it('a recipient by key identifier, an IV, content in segments, and none', () => {
    expect(parseSignedAndEnvelopedData(message({ rid: implicitPrimitive(0, Uint8Array.of(5, 6)) })).recipientInfos[0]!.rid).toEqual({ kind: 'subjectKeyIdentifier', keyIdentifier: Uint8Array.of(5, 6) });
    expect(parseSignedAndEnvelopedData(message({ algorithm: sequence(oid(SM4), octetString(new Uint8Array(16))) })).encryptedContentInfo.contentEncryptionAlgorithm.parameters).toHaveLength(18);
    expect(parseSignedAndEnvelopedData(message({ content: [implicitConstructed(0, octetString(Uint8Array.of(1)), octetString(Uint8Array.of(2)))] })).encryptedContentInfo.encryptedContent).toEqual(Uint8Array.of(1, 2));
    expect(parseSignedAndEnvelopedData(message({ content: [] })).encryptedContentInfo.encryptedContent).toBeUndefined();
  });

  it.each<[string, () => Uint8Array, string]>([
    ['another content type', () => message({ type: '1.2.840.113549.1.7.2' }), 'CONTENT_TYPE_UNSUPPORTED'],
    ['content of another tag', () => message({ content: [octetString(Uint8Array.of(1))] }), 'STRUCTURE_INVALID'],
    ['two contents', () => message({ content: [implicitPrimitive(0, Uint8Array.of(1)), implicitPrimitive(0, Uint8Array.of(1))] }), 'TRAILING_DATA'],
    ['too many recipients', () => message({ recipients: 101 }), 'TOO_MANY'],
    ['something after the signers', () => message({ extra: nullValue() }), 'TRAILING_DATA'],
    ['something after it all', () => concatBytes(message(), Uint8Array.of(0)), 'TRAILING_DATA'],
    ['half of it', () => message().subarray(0, 60), 'TRUNCATED'],
    ['nothing', () => new Uint8Array(0), 'EMPTY_INPUT'],
  ])('refuses %s', (_, bytes, code) => {
    expectCode(() => parseSignedAndEnvelopedData(bytes()), code as never);
  });

  it('throws only its own errors, whatever octets change', () => {
    const whole = message();
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const changed = whole.slice();
      changed[at]! ^= bits;
      try {
        parseSignedAndEnvelopedData(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(PkiError);
      }
    }), { numRuns: 1000 });
  });
});

describe('parseSm2Cipher', () => {
  it('pads coordinates', () => {
    const { x, y, hash, cipherText } = parseSm2Cipher(cipher);
    expect([hexOf(x), hexOf(y), hash.length, cipherText.length]).toEqual(['aa'.repeat(32), `00${'11'.repeat(31)}`, 32, 16]);
  });
  const parts = (x: Uint8Array, hash = octetString(new Uint8Array(32))): Uint8Array => sequence(tlv(2, x), integer(1), hash, octetString(new Uint8Array(1)));
  it.each<[string, Uint8Array]>([
    ['a negative coordinate', parts(Uint8Array.of(0x80))], ['a coordinate too wide', parts(new Uint8Array(33).fill(1))], ['no coordinate', parts(new Uint8Array(0))], ['a short hash', parts(Uint8Array.of(1), octetString(new Uint8Array(31)))],
  ])('refuses %s', (_, der) => { expectCode(() => parseSm2Cipher(der), 'STRUCTURE_INVALID'); });
});
