import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boolean, explicit, generalizedTime, implicitConstructed, implicitPrimitive, integer, nullValue, octetString, oid, sequence, tlv, utcTime, utf8String } from '../../src/asn1/writer.js';
import { buildSignedAttributes, buildSignedData } from '../../src/cms/build.js';
import { id_ct_TSTInfo, id_data } from '../../src/cms/oids.js';
import { buildTimeStampResponse, buildTstInfo } from '../../src/tsp/build.js';
import { buildTimeStampRequest, messageImprint, parseTimeStampRequest } from '../../src/tsp/request.js';
import { parseTimeStampResponse } from '../../src/tsp/response.js';
import { parseTimeStampToken } from '../../src/tsp/token.js';
import { parseTstInfo } from '../../src/tsp/tst-info.js';
import { TspFindings } from '../../src/tsp/imprint.js';
import { CA_NAME, extension } from '../x509/samples.js';
import { expectCode } from '../expect-code.js';

const SM3 = '1.2.156.10197.1.401';
const POLICY = '1.2.156.1.2.3';
const AT = Date.UTC(2026, 4, 1, 9, 30, 0, 250);
const IMPRINT = { hashAlgorithm: SM3, hashedMessage: new Uint8Array(32).fill(0xab) };
const NONCE = Uint8Array.of(0x81, 2, 3, 4, 5, 6, 7, 8);
const full = { ...IMPRINT, policy: POLICY, serialNumber: Uint8Array.of(0x90, 1), genTime: AT, accuracy: 1250, ordering: true, nonce: Uint8Array.of(0, ...NONCE), tsa: explicit(4, CA_NAME) };

/** A TSTInfo member by member, to write what the builder would not. */
function tstInfo(parts: { version?: Uint8Array; imprint?: Uint8Array; serial?: Uint8Array; time?: Uint8Array; rest?: readonly Uint8Array[] } = {}): Uint8Array {
  return sequence(parts.version ?? integer(1), oid(POLICY), parts.imprint ?? messageImprint(IMPRINT), parts.serial ?? integer(7), parts.time ?? generalizedTime(AT), ...(parts.rest ?? []));
}

function token(content: Uint8Array, contentType = id_ct_TSTInfo, family: 'cms' | 'gm' = 'cms'): Uint8Array {
  return buildSignedData({
    family,
    digestAlgorithm: { oid: SM3 },
    encapContentType: contentType,
    content,
    certificates: [],
    signers: [{
      sid: { issuer: CA_NAME, serialNumber: Uint8Array.of(1) },
      signedAttrs: buildSignedAttributes({ contentType, messageDigest: new Uint8Array(32) }),
      signatureAlgorithm: { oid: '1.2.156.10197.1.501' },
      signature: Uint8Array.of(1, 2),
    }],
  });
}

describe('requests', () => {
  it('are read back as written', () => {
    const bytes = buildTimeStampRequest({ ...IMPRINT, nonce: NONCE, reqPolicy: POLICY });
    expect(parseTimeStampRequest(bytes)).toMatchObject({ messageImprint: { hashAlgorithm: { oid: SM3 }, hashedMessage: IMPRINT.hashedMessage }, reqPolicy: POLICY, certReq: true, nonce: Uint8Array.of(0, ...NONCE), extensions: [] });
    expect(parseTimeStampRequest(buildTimeStampRequest({ ...IMPRINT, certReq: false }))).toMatchObject({ certReq: false, nonce: undefined, reqPolicy: undefined });
  });
  it('a nonce too short to be one, or of another version, or with octets after it, is refused', () => {
    expect(() => buildTimeStampRequest({ ...IMPRINT, nonce: new Uint8Array(7) })).toThrow(TypeError);
    expectCode(() => parseTimeStampRequest(sequence(integer(2), messageImprint(IMPRINT))), 'VERSION_UNSUPPORTED');
    expectCode(() => parseTimeStampRequest(Uint8Array.of(...buildTimeStampRequest(IMPRINT), 0)), 'TRAILING_DATA');
  });
});

describe('TSTInfo', () => {
  it('gives every field', () => {
    expect(parseTstInfo(buildTstInfo(full))).toMatchObject({
      policy: POLICY, genTime: AT, accuracy: 1250, ordering: true, nonce: full.nonce, serialNumber: Uint8Array.of(0, 0x90, 1), tsa: { kind: 'directoryName' }, extensions: [],
    });
    expect(parseTstInfo(tstInfo())).toMatchObject({ accuracy: undefined, ordering: false, nonce: undefined, tsa: undefined });
  });
  it('accuracy adds up seconds, millis and micros', () => {
    const accuracy = (...parts: Uint8Array[]) => parseTstInfo(tstInfo({ rest: [sequence(...parts)] })).accuracy;
    expect(accuracy(integer(2), implicitPrimitive(0, Uint8Array.of(5)), implicitPrimitive(1, Uint8Array.of(7)))).toBe(2005.007);
    expect(accuracy(implicitPrimitive(1, Uint8Array.of(0x03, 0xe7)))).toBe(0.999);
    expectCode(() => accuracy(implicitPrimitive(0, Uint8Array.of(0x03, 0xe8))), 'STRUCTURE_INVALID');
    expectCode(() => accuracy(integer(-1)), 'STRUCTURE_INVALID');
  });
  it.each([
    ['another version', tstInfo({ version: integer(2) }), 'VERSION_UNSUPPORTED'],
    ['UTCTime', tstInfo({ time: utcTime(Date.UTC(2026, 4, 1)) }), 'STRUCTURE_INVALID'],
    ['a time without a zone', tstInfo({ time: tlv(0x18, new TextEncoder().encode('20260501093000')) }), 'TIME_INVALID'],
    ['a serial number of 22 octets', tstInfo({ serial: tlv(2, new Uint8Array(22).fill(1)) }), 'INPUT_TOO_LARGE'],
    ['an imprint without octets', tstInfo({ imprint: sequence(sequence(oid(SM3)), octetString(new Uint8Array(0))) }), 'STRUCTURE_INVALID'],
    ['an extension twice', tstInfo({ rest: [implicitConstructed(1, extension('1.2.3', nullValue()), extension('1.2.3', nullValue()))] }), 'STRUCTURE_INVALID'],
    ['members in another order', tstInfo({ rest: [integer(1), boolean(true)] }), 'TRAILING_DATA'],
  ] as const)('%s is refused', (_what, bytes, code) => {
    expectCode(() => parseTstInfo(bytes), code);
  });
  it('records what it tolerates', () => {
    const ids = (bytes: Uint8Array) => {
      const findings = new TspFindings();
      parseTstInfo(bytes, findings);
      return findings.list.map(({ id }) => id);
    };
    expect(ids(tstInfo())).toEqual([]);
    expect(ids(tstInfo({ imprint: sequence(oid(SM3), octetString(IMPRINT.hashedMessage)) }))).toEqual(['TSP_IMPRINT_BARE_OID']);
    expect(ids(tstInfo({ rest: [boolean(false)] }))).toEqual(['TSP_DEFAULT_ENCODED']);
  });
  it('whatever is written is read back', () => {
    fc.assert(fc.property(
      fc.record({
        serialNumber: fc.uint8Array({ minLength: 1, maxLength: 20 }),
        genTime: fc.integer({ min: 0, max: 4_000_000_000_000 }),
        accuracy: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
        ordering: fc.boolean(),
      }),
      ({ accuracy, ...rest }) => {
        const info = parseTstInfo(buildTstInfo({ ...IMPRINT, policy: POLICY, ...rest, ...(accuracy === undefined ? {} : { accuracy }) }));
        expect([info.genTime, info.accuracy, info.ordering]).toEqual([rest.genTime, accuracy, rest.ordering]);
      },
    ));
  });
});

describe('tokens', () => {
  it.each(['cms', 'gm'] as const)('a TSTInfo under the %s content type', (family) => {
    const found = parseTimeStampToken(token(buildTstInfo(full), id_ct_TSTInfo, family));
    expect([found.signed.family, found.tstInfo.genTime, found.deviations]).toEqual([family, AT, []]);
  });
  it('other content is none, whatever its octets', () => {
    expectCode(() => parseTimeStampToken(token(buildTstInfo(full), id_data)), 'CONTENT_TYPE_UNSUPPORTED');
    expectCode(() => parseTimeStampToken(token(sequence(integer(1)))), 'STRUCTURE_INVALID');
  });
});

describe('responses', () => {
  const granted = token(buildTstInfo(full));
  it('a grant carries its token', () => {
    expect(parseTimeStampResponse(buildTimeStampResponse({ status: 'granted', token: granted }))).toMatchObject({ status: 'granted', token: granted, failures: [], statusText: [] });
  });
  it('a refusal says why', () => {
    const bytes = buildTimeStampResponse({ status: 'rejection', statusText: '算法不支持', failures: ['badAlg', 'systemFailure'] });
    expect(parseTimeStampResponse(bytes)).toMatchObject({ status: 'rejection', statusText: ['算法不支持'], failures: ['badAlg', 'systemFailure'], token: undefined });
  });
  it('a grant without a token, a token without a grant, an unnamed status: refused', () => {
    expectCode(() => parseTimeStampResponse(sequence(sequence(integer(0)))), 'STRUCTURE_INVALID');
    expectCode(() => parseTimeStampResponse(sequence(sequence(integer(2)), granted)), 'STRUCTURE_INVALID');
    expectCode(() => parseTimeStampResponse(sequence(sequence(integer(6)))), 'STRUCTURE_INVALID');
    expectCode(() => parseTimeStampResponse(sequence(sequence(integer(2), sequence(...Array.from({ length: 17 }, () => utf8String('x')))))), 'TOO_MANY');
    expect(() => buildTimeStampResponse({ status: 'granted' })).toThrow(TypeError);
  });
});
