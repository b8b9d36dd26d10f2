import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boolean, concatBytes, enumerated, explicit, generalizedTime, implicitConstructed, implicitPrimitive, integer, nullValue, octetString, oid, sequence, tlv, utcTime } from '../../src/asn1/writer.js';
import { PkiError } from '../../src/error.js';
import { identify } from '../../src/identify.js';
import { buildCertId, buildOcspRequest, parseOcspRequest } from '../../src/ocsp/request.js';
import { parseOcspResponse } from '../../src/ocsp/response.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { expectCode } from '../expect-code.js';
import { CA_NAME, certificate, extension } from '../x509/samples.js';
import { AT, basic, byKey, certId, extensions, failed, GOOD, KEY_HASH, LATER, nextUpdate, response, revoked, single, UNKNOWN } from './samples.js';

const NONCE = '1.3.6.1.5.5.7.48.1.2';

describe('parseOcspResponse', () => {
  it('gives every field', () => {
    const carried = certificate();
    const bytes = response({ certs: [carried], singles: [single(GOOD, nextUpdate), single(revoked(1)), single(UNKNOWN)], extensions: extensions(extension(NONCE, octetString(Uint8Array.of(5, 6)))) });
    const { basic: found, responseStatus, deviations } = parseOcspResponse(bytes);
    expect([responseStatus, deviations]).toEqual(['successful', []]);
    expect(found!.tbs.buffer).toBe(bytes.buffer);
    expect(concatBytes(found!.tbs)[0]).toBe(0x30);
    expect(found!.responderId).toMatchObject({ kind: 'byName' });
    expect(found!.producedAt).toBe(AT);
    expect(found!.responses.map(({ status }) => status)).toEqual([{ kind: 'good' }, { kind: 'revoked', revocationTime: AT, reason: 'keyCompromise' }, { kind: 'unknown' }]);
    expect(found!.responses.map((one) => [one.thisUpdate, one.nextUpdate])).toEqual([[AT, LATER], [AT, undefined], [AT, undefined]]);
    expect(found!.responses[0]!.certId).toMatchObject({ bytes: certId(), hashAlgorithm: { oid: '1.3.14.3.2.26' }, serialNumber: Uint8Array.of(7) });
    expect(found!.nonce).toEqual(Uint8Array.of(5, 6));
    expect(found!.signature).toEqual(Uint8Array.of(1, 2, 3));
    expect(found!.certificates).toEqual([carried]);
    expect(parseCertificate(found!.certificates[0]!).version).toBe(3);
    expect(found!.duplicateExtensions).toEqual([]);
    expect(identify(bytes)).toBe('ocsp-response');
  });
  it('a responder by key hash', () => {
    expect(parseOcspResponse(response({ responder: byKey })).basic!.responderId).toEqual({ kind: 'byKey', keyHash: KEY_HASH });
  });
  it('revoked without a reason is unspecified; 7 is none', () => {
    expect(parseOcspResponse(response({ singles: [single(revoked())] })).basic!.responses[0]!.status).toMatchObject({ reason: 'unspecified' });
    expectCode(() => parseOcspResponse(response({ singles: [single(revoked(7))] })), 'STRUCTURE_INVALID');
  });
  it.each([[1, 'malformedRequest'], [2, 'internalError'], [3, 'tryLater'], [5, 'sigRequired'], [6, 'unauthorized']] as const)('status %i is %s, without an answer', (status, name) => {
    expect(parseOcspResponse(failed(status))).toMatchObject({ responseStatus: name, basic: undefined });
  });
  it('an answer comes with success and only with it', () => {
    expectCode(() => parseOcspResponse(failed(0)), 'STRUCTURE_INVALID');
    expectCode(() => parseOcspResponse(failed(4)), 'STRUCTURE_INVALID');
    expectCode(() => parseOcspResponse(sequence(enumerated(3), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(basic()))))), 'STRUCTURE_INVALID');
  });
  it('records what it tolerates', () => {
    const ids = (bytes: Uint8Array) => parseOcspResponse(bytes).deviations.map(({ id }) => id);
    expect(ids(response({ version: explicit(0, integer(0)) }))).toEqual(['OCSP_DEFAULT_ENCODED']);
    expect(ids(response({ producedAt: generalizedTime(AT + 500) }))).toEqual(['OCSP_TIME_FRACTION']);
    expect(ids(response({ singles: [single(GOOD, explicit(0, generalizedTime(AT - 1000)))] }))).toEqual(['OCSP_UPDATE_INVERTED']);
    expect(ids(response({ extensions: extensions(extension(NONCE, Uint8Array.of(1, 2, 3))) }))).toEqual(['OCSP_NONCE_UNWRAPPED']);
    expect(ids(response({ extensions: extensions() }))).toEqual(['OCSP_EXTENSIONS_EMPTY']);
    const twice = response({ extensions: extensions(extension('1.2.3', nullValue()), extension('1.2.3', nullValue())) });
    expect(ids(twice)).toEqual(['OCSP_DUPLICATE_EXTENSION']);
    expect(parseOcspResponse(twice).basic!.duplicateExtensions).toEqual(['1.2.3']);
    expect(ids(response({ singles: [sequence(certId(tlv(2, Uint8Array.of(0, 7))), GOOD, generalizedTime(AT))] }))).toEqual(['OCSP_SERIAL_NOT_MINIMAL']);
  });
  it.each([
    ['nothing', new Uint8Array(0), 'EMPTY_INPUT'],
    ['octets after it', concatBytes(response(), Uint8Array.of(0)), 'TRAILING_DATA'],
    ['cut off', response().subarray(0, 40), 'TRUNCATED'],
    ['a certificate', certificate(), 'WRONG_STRUCTURE'],
    ['another type', response({}, '1.2.3'), 'CONTENT_TYPE_UNSUPPORTED'],
    ['version 2', response({ version: explicit(0, integer(1)) }), 'VERSION_UNSUPPORTED'],
    ['UTCTime', response({ producedAt: utcTime(AT) }), 'STRUCTURE_INVALID'],
    ['a status that is none', response({ singles: [single(implicitPrimitive(3, new Uint8Array(0)))] }), 'STRUCTURE_INVALID'],
    ['good with octets', response({ singles: [single(implicitPrimitive(0, Uint8Array.of(0)))] }), 'DER_INVALID'],
    ['an unknown field', response({ singles: [single(GOOD, explicit(2, nullValue()))] }), 'TRAILING_DATA'],
    ['a field after the certificates', response({ after: [nullValue()] }), 'TRAILING_DATA'],
    ['no responder', response({ responder: boolean(true) }), 'STRUCTURE_INVALID'],
    ['an indefinite length', concatBytes(Uint8Array.of(0x30, 0x80), response().subarray(4), Uint8Array.of(0, 0)), 'DER_INVALID'],
    ['nesting in parameters', response({ singles: [sequence(sequence(sequence(oid('1.2.3'), Array.from({ length: 40 }).reduce<Uint8Array>((inner) => sequence(inner), nullValue())), octetString(KEY_HASH), octetString(KEY_HASH), integer(1)), GOOD, generalizedTime(AT))] }), 'TOO_DEEP'],
  ] as const)('refuses %s', (_what, bytes, code) => {
    expectCode(() => parseOcspResponse(bytes), code);
  });
  it('is bounded', () => {
    expectCode(() => parseOcspResponse(response(), { maxOcspBytes: 50 }), 'INPUT_TOO_LARGE');
    const many = response({ singles: Array.from({ length: 3 }, () => single()) });
    expect(parseOcspResponse(many, { maxOcspAnswers: 3 }).basic!.responses).toHaveLength(3);
    expectCode(() => parseOcspResponse(many, { maxOcspAnswers: 2 }), 'TOO_MANY');
    expectCode(() => parseOcspResponse(response({ certs: [certificate(), certificate()] }), { maxMessageCertificates: 1 }), 'TOO_MANY');
    expectCode(() => parseOcspResponse(response({ extensions: extensions(extension('1.2.3', nullValue()), extension('1.2.4', nullValue())) }), { maxExtensions: 1 }), 'TOO_MANY');
  });
  it('throws nothing else, whatever octet changes', () => {
    const sample = response({ certs: [certificate()], singles: [single(revoked(1), nextUpdate)], extensions: extensions(extension(NONCE, octetString(Uint8Array.of(5)))) });
    fc.assert(
      fc.property(fc.nat(sample.length - 1), fc.nat(255), (at, octet) => {
        const bytes = sample.slice();
        bytes[at] = octet;
        try {
          parseOcspResponse(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('requests', () => {
  /** Stands in for a hash: visible in the octets. */
  const hash = { oid: '1.2.156.10197.1.401', digest: (message: Uint8Array) => Uint8Array.of(message.length, message[0]!) };
  const asked = { issuerName: CA_NAME, issuerKey: Uint8Array.of(4, 1, 2), serialNumber: Uint8Array.of(0, 0x99), hash };

  it('ask for one certificate', () => {
    const { certIds, nonce } = parseOcspRequest(buildOcspRequest(asked));
    expect(nonce).toBeUndefined();
    expect(certIds).toEqual([{
      bytes: buildCertId(asked), hashAlgorithm: { bytes: sequence(oid(hash.oid), nullValue()), oid: hash.oid, parameters: nullValue() },
      issuerNameHash: Uint8Array.of(CA_NAME.length, 0x30), issuerKeyHash: Uint8Array.of(3, 4), serialNumber: Uint8Array.of(0, 0x99),
    }]);
  });
  it('carry a nonce of 1 to 128 octets', () => {
    for (const length of [1, 32, 128]) expect(parseOcspRequest(buildOcspRequest({ ...asked, nonce: new Uint8Array(length).fill(3) })).nonce).toEqual(new Uint8Array(length).fill(3));
    for (const length of [0, 129]) expect(() => buildOcspRequest({ ...asked, nonce: new Uint8Array(length) })).toThrow(TypeError);
    expect(() => buildOcspRequest({ ...asked, serialNumber: new Uint8Array(0) })).toThrow(TypeError);
  });
  it('signed, with a requestor and extensions of their own, are read', () => {
    const one = sequence(buildCertId(asked), explicit(0, sequence(extension('1.2.3', nullValue()))));
    const tbs = sequence(explicit(0, integer(0)), explicit(1, implicitConstructed(4, CA_NAME)), sequence(one, sequence(certId())));
    expect(parseOcspRequest(sequence(tbs, explicit(0, sequence()))).certIds).toHaveLength(2);
    expectCode(() => parseOcspRequest(sequence(tbs, explicit(0, sequence())), { maxOcspAnswers: 1 }), 'TOO_MANY');
    expectCode(() => parseOcspRequest(sequence(sequence(sequence(sequence(nullValue()))))), 'STRUCTURE_INVALID');
    expectCode(() => parseOcspRequest(response()), 'STRUCTURE_INVALID');
  });
});
