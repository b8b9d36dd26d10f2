import { describe, expect, it } from 'vitest';
import { explicit, integer, octetString, oid, sequence, setOf } from '../../src/asn1/writer.js';
import { buildSignedAttributes } from '../../src/cms/build.js';
import { id_gm_data } from '../../src/cms/oids.js';
import { parseSignedData } from '../../src/cms/signed-data.js';
import { PkiError } from '../../src/error.js';
import { ascii, handMade, handMadeSigner, indefinite, join, refusal, refusalCode, repeat, sampleCertificate, sampleMessage, sampleSigner, streamed, tlv } from './samples.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

const withAttributes = sampleMessage({
  signers: [sampleSigner({ signedAttrs: buildSignedAttributes({ contentType: id_gm_data, messageDigest: new Uint8Array(32), signingTime: 1_700_000_000_000 }) })],
});
const streaming = streamed(tlv(0x24, octetString(ascii('sealed ')), octetString(ascii('bid'))));

describe('what is not a signed message', () => {
  it.each([
    ['nothing', bytes(), 'EMPTY_INPUT', undefined],
    ['zeros', new Uint8Array(64), 'STRUCTURE_INVALID', undefined],
    ['text', ascii('hello'), 'WRONG_STRUCTURE', 'text'],
    ['a web page', ascii('<html><body>404</body></html>'), 'WRONG_STRUCTURE', 'html'],
    ['a PDF', ascii('%PDF-1.7\n'), 'WRONG_STRUCTURE', 'pdf'],
    ['PEM', ascii('-----BEGIN CMS-----\nMA==\n-----END CMS-----\n'), 'WRONG_STRUCTURE', 'pem:CMS'],
    ['a certificate', sampleCertificate('Signer'), 'WRONG_STRUCTURE', 'certificate'],
    ['an AlgorithmIdentifier', sequence(oid('1.2.3')), 'STRUCTURE_INVALID', undefined],
    ['an empty SEQUENCE', sequence(), 'STRUCTURE_INVALID', undefined],
    ['an indefinite SEQUENCE', indefinite(0x30, integer(1)), 'STRUCTURE_INVALID', undefined],
    ['EnvelopedData', sequence(oid('1.2.840.113549.1.7.3'), explicit(0, sequence(integer(0)))), 'CONTENT_TYPE_UNSUPPORTED', 'enveloped-data'],
    ['GM EnvelopedData', sequence(oid('1.2.156.10197.6.1.4.2.3'), explicit(0, sequence(integer(0)))), 'CONTENT_TYPE_UNSUPPORTED', 'enveloped-data'],
    ['SignedAndEnvelopedData', sequence(oid('1.2.156.10197.6.1.4.2.4'), explicit(0, sequence(integer(1)))), 'CONTENT_TYPE_UNSUPPORTED', 'signed-and-enveloped-data'],
    ['plain data', sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(ascii('x')))), 'CONTENT_TYPE_UNSUPPORTED', 'data'],
    ['an unknown content type', sequence(oid('1.2.3'), explicit(0, sequence())), 'CONTENT_TYPE_UNSUPPORTED', '1.2.3'],
    ['a length with leading zeros', join(bytes(0x30, 0x84, 0, 0), bytes(0, 2), integer(1).subarray(0, 2)), 'DER_INVALID', undefined],
  ])('%s', (_name, input, code, detected) => {
    const error = refusal(() => parseSignedData(input));
    expect([error.code, error.detected]).toEqual([code, detected]);
  });

  it('is a TypeError when it is not bytes at all', () => {
    expect(() => parseSignedData('MII' as unknown as Uint8Array)).toThrow(TypeError);
  });
});

describe('bounds', () => {
  it('refuses more octets than the limit before looking at them', () => {
    expect(refusalCode(() => parseSignedData(new Uint8Array(100_000_000)))).toBe('INPUT_TOO_LARGE');
    expect(refusalCode(() => parseSignedData(new Uint8Array(60_000_000)))).toBe('STRUCTURE_INVALID');
    const message = sampleMessage();
    expect(parseSignedData(message, { maxMessageBytes: message.length }).signerInfos).toHaveLength(1);
    expect(refusalCode(() => parseSignedData(message, { maxMessageBytes: message.length - 1 }))).toBe('INPUT_TOO_LARGE');
  });

  it('refuses nesting 10,000 deep, wherever the shell lets it in', () => {
    const open = join(repeat(bytes(0x30, 0x80), 10_000), repeat(bytes(0, 0), 10_000));
    expect(refusalCode(() => parseSignedData(open))).toBe('TOO_DEEP');
    expect(refusalCode(() => parseSignedData(repeat(bytes(0x30, 0x80), 10_000)))).toBe('TOO_DEEP');
    let definite = octetString(ascii('x'));
    for (let i = 0; i < 10_000; i++) definite = tlv(0x24, definite);
    expect(refusalCode(() => parseSignedData(streamed(definite)))).toBe('TOO_DEEP');
    let sequences = sequence();
    for (let i = 0; i < 10_000; i++) sequences = sequence(sequences);
    expect(refusalCode(() => parseSignedData(sequences))).toBe('TOO_DEEP');
  });

  it('refuses 1,000,000 segments, definite and indefinite', () => {
    const segments = repeat(bytes(0x04, 0x01, 0x61), 1_000_000);
    expect(refusalCode(() => parseSignedData(streamed(tlv(0x24, segments))))).toBe('TOO_MANY');
    expect(refusalCode(() => parseSignedData(streamed(join(bytes(0x24, 0x80), segments, bytes(0, 0)))))).toBe('TOO_MANY');
    const allowed = parseSignedData(streamed(tlv(0x24, segments)), { maxSegments: 1_000_000 });
    expect(allowed.encapContentInfo.content).toHaveLength(1_000_000);
  });

  it('refuses more certificates, CRLs, signers, digest algorithms or attributes than the limits', () => {
    const certificate = sampleCertificate('A');
    const crl = sequence(integer(1));
    const signer = handMadeSigner();
    const attribute = sequence(oid('1.2.3'), setOf(integer(1)));
    const attributes = (n: number): Uint8Array => setOf(handMadeSigner({ signedAttrs: explicit(0, ...Array<Uint8Array>(n).fill(attribute)) }));
    const rows: [Uint8Array, Uint8Array][] = [
      [handMade({ certificates: explicit(0, repeat(certificate, 3)) }), handMade({ certificates: explicit(0, repeat(certificate, 4)) })],
      [handMade({ crls: explicit(1, repeat(crl, 3)) }), handMade({ crls: explicit(1, repeat(crl, 4)) })],
      [handMade({ signerInfos: setOf(signer, signer, signer) }), handMade({ signerInfos: setOf(signer, signer, signer, signer) })],
      [handMade({ digestAlgorithms: tlv(0x31, repeat(sequence(oid('1.2.3')), 3)) }), handMade({ digestAlgorithms: tlv(0x31, repeat(sequence(oid('1.2.3')), 4)) })],
      [handMade({ signerInfos: attributes(3) }), handMade({ signerInfos: attributes(4) })],
    ];
    const limits = { maxMessageCertificates: 3, maxMessageCrls: 3, maxSignerInfos: 3, maxAttributes: 3 };
    for (const [allowed, refused] of rows) {
      expect(parseSignedData(allowed, limits).family).toBe('gm');
      expect(refusalCode(() => parseSignedData(refused, limits))).toBe('TOO_MANY');
    }
  });
});

describe('trailing data', () => {
  it.each([
    ['a NUL', bytes(0)],
    ['a line feed', bytes(10)],
    ['another message', sampleMessage()],
  ])('%s after the message', (_name, more) => {
    expect(refusalCode(() => parseSignedData(join(sampleMessage(), more)))).toBe('TRAILING_DATA');
    expect(refusalCode(() => parseSignedData(join(streaming, more)))).toBe('TRAILING_DATA');
  });

  it('inside the shell', () => {
    const extra = integer(1);
    const inSignedData = handMade({ signerInfos: join(setOf(handMadeSigner()), extra) });
    const inSigner = handMade({ signerInfos: setOf(handMadeSigner({ unsignedAttrs: join(explicit(1), extra) })) });
    const inSid = handMade({ signerInfos: setOf(handMadeSigner({ sid: sequence(sequence(), integer(7), extra) })) });
    const inContentInfo = sequence(oid('1.2.840.113549.1.7.2'), explicit(0, sequence(integer(1))), extra);
    for (const message of [inSignedData, inSigner, inSid, inContentInfo]) expect(refusalCode(() => parseSignedData(message))).toBe('TRAILING_DATA');
  });
});

describe('every damage is a PkiError or still a message', () => {
  it('cut at every octet: TRUNCATED', () => {
    for (const message of [sampleMessage(), withAttributes, streaming]) {
      for (let length = 1; length < message.length; length++) {
        expect([length, refusalCode(() => parseSignedData(message.subarray(0, length)))]).toEqual([length, 'TRUNCATED']);
      }
    }
  });

  it('each bit flipped', () => {
    for (const message of [sampleMessage(), withAttributes, streaming]) {
      let refused = 0;
      for (let bit = 0; bit < message.length * 8; bit++) {
        const flipped = message.slice();
        flipped[bit >> 3]! ^= 0x80 >> (bit & 7);
        try {
          parseSignedData(flipped);
        } catch (error) {
          if (!(error instanceof PkiError)) throw error;
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(0);
    }
  });

  it.each([
    ['version missing', { version: bytes() }],
    ['version a string', { version: octetString(bytes(1)) }],
    ['version empty', { version: bytes(2, 0) }],
    ['version negative', { version: integer(-1) }],
    ['version of two octets', { version: integer(300) }],
    ['digestAlgorithms a SEQUENCE', { digestAlgorithms: sequence() }],
    ['encapContentInfo missing', { encapContentInfo: bytes() }],
    ['encapContentInfo without a type', { encapContentInfo: sequence() }],
    ['signerInfos missing', { signerInfos: bytes() }],
    ['signerInfos a SEQUENCE', { signerInfos: sequence() }],
    ['a signer that is a SET', { signerInfos: setOf(setOf()) }],
    ['a signer without anything', { signerInfos: setOf(sequence()) }],
    ['a signer without a signature', { signerInfos: setOf(handMadeSigner({ signature: bytes() })) }],
    ['a signature that is a BIT STRING', { signerInfos: setOf(handMadeSigner({ signature: tlv(3, bytes(0, 1)) })) }],
    ['a signer with an empty serial number', { signerInfos: setOf(handMadeSigner({ sid: sequence(sequence(), bytes(2, 0)) })) }],
    ['a signer of an unknown choice', { signerInfos: setOf(handMadeSigner({ sid: tlv(0x81, bytes(1)) })) }],
  ])('%s: STRUCTURE_INVALID', (_name, part) => {
    expect(refusalCode(() => parseSignedData(handMade(part)))).toBe('STRUCTURE_INVALID');
  });
});
