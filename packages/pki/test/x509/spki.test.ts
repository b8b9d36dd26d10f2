import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  bitString, concatBytes, integer, nullValue, octetString, oid, sequence, tlv,
} from '../../src/asn1/writer.js';
import { readSubjectPublicKeyInfo } from '../../src/x509/spki.js';
import { expectCode } from '../expect-code.js';
import { ecSpki, sm2Point } from './samples.js';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const key = (der: Uint8Array): unknown => readSubjectPublicKeyInfo(der).key;
const fromBase64url = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));

describe('keys made by node:crypto', () => {
  it.each(['P-256', 'P-384', 'P-521'] as const)('%s', (crv) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: crv });
    const jwk = publicKey.export({ format: 'jwk' });
    const spki = readSubjectPublicKeyInfo(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })));
    expect(spki.key).toEqual({ kty: 'EC', crv, point: concatBytes(Uint8Array.of(4), fromBase64url(jwk.x!), fromBase64url(jwk.y!)) });
    expect(spki.algorithm.oid).toBe('1.2.840.10045.2.1');
    expect(spki.publicKey).toEqual((spki.key as { point: Uint8Array }).point);
    expect(spki.key).toBe(spki.key);
  });
  it.each(['rsa', 'rsa-pss'] as const)('%s', (type) => {
    const { publicKey } = generateKeyPairSync(type as 'rsa', { modulusLength: 1024 });
    const der = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    const found = key(der) as { kty: string; n: Uint8Array; e: Uint8Array };
    expect(found.kty).toBe('RSA');
    expect(found.n).toHaveLength(128);
    expect(found.e).toEqual(Uint8Array.of(1, 0, 1));
    if (type === 'rsa') expect(found.n).toEqual(fromBase64url(publicKey.export({ format: 'jwk' }).n!));
  });
  it('Ed25519', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(key(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })))).toEqual({ kty: 'OKP', crv: 'Ed25519', x: fromBase64url(publicKey.export({ format: 'jwk' }).x!) });
  });
  it('explicit parameters of P-256 as OpenSSL writes them', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' });
    const der = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    expect(der.length).toBeGreaterThan(200);
    expect(key(der)).toMatchObject({ kty: 'EC', crv: 'P-256' });
  });
  it.each(['P-384', 'P-521'])('explicit parameters of %s', (crv) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: crv, paramEncoding: 'explicit' });
    expect(key(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })))).toMatchObject({ kty: 'EC', crv });
  });
  it('explicit parameters of another curve are unsupported', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1', paramEncoding: 'explicit' });
    expectCode(() => key(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))), 'KEY_UNSUPPORTED');
  });
  it.each(['x25519', 'ed448'])('%s is unsupported', (type) => {
    const { publicKey } = generateKeyPairSync(type as 'x25519');
    expectCode(() => key(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))), 'KEY_UNSUPPORTED');
  });
});

const P = 'fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff';
const A = 'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc';
const B = '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93';
const N = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123';
const G = '0432c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0';

interface Explicit { p?: string; a?: string; b?: string; n?: string; g?: string; h?: Uint8Array[]; seed?: Uint8Array[]; version?: number }
const explicit = (x: Explicit): Uint8Array => ecSpki(sequence(
  integer(x.version ?? 1),
  sequence(oid('1.2.840.10045.1.1'), integer(bytes(x.p ?? P))),
  sequence(octetString(bytes(x.a ?? A)), octetString(bytes(x.b ?? B)), ...(x.seed ?? [])),
  octetString(bytes(x.g ?? G)),
  integer(bytes(x.n ?? N)),
  ...(x.h ?? [integer(1)]),
));

describe('explicit curve parameters', () => {
  it.each([
    ['as SM2', {}],
    ['without cofactor', { h: [] }],
    ['with a seed', { seed: [bitString(new Uint8Array(20))] }],
    ['with a compressed generator', { g: `02${G.slice(2, 66)}` }],
  ])('reads %s', (_, parts) => {
    expect(key(explicit(parts))).toEqual({ kty: 'EC', crv: 'SM2', point: sm2Point() });
  });

  const flip = (hex: string): string => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`;
  it.each([
    ['another a', { a: flip(A) }, 'KEY_INVALID'],
    ['another b', { b: flip(B) }, 'KEY_INVALID'],
    ['another order', { n: flip(N) }, 'KEY_INVALID'],
    ['another generator (CVE-2020-0601)', { g: flip(G) }, 'KEY_INVALID'],
    ['the generator negated', { g: `03${G.slice(2, 66)}` }, 'KEY_INVALID'],
    ['the public key as generator', { g: `04${'07'.repeat(64)}` }, 'KEY_INVALID'],
    ['an empty generator', { g: '' }, 'KEY_INVALID'],
    ['another cofactor', { h: [integer(2)] }, 'KEY_INVALID'],
    ['another field', { p: flip(P) }, 'KEY_UNSUPPORTED'],
    ['version 4', { version: 4 }, 'KEY_INVALID'],
    ['something after it', { h: [integer(1), sequence(), nullValue()] }, 'KEY_INVALID'],
  ] as const)('refuses %s', (_, parts, code) => {
    expectCode(() => key(explicit(parts as Explicit)), code);
  });

  it('refuses a binary field and a broken structure', () => {
    expectCode(() => key(ecSpki(sequence(integer(1), sequence(oid('1.2.840.10045.1.2'), integer(1))))), 'KEY_UNSUPPORTED');
    expectCode(() => key(ecSpki(sequence())), 'KEY_INVALID');
    expectCode(() => key(ecSpki(nullValue())), 'KEY_INVALID');
    expectCode(() => key(ecSpki(oid('1.2.3'))), 'KEY_UNSUPPORTED');
    expectCode(() => key(sequence(sequence(oid('1.2.840.10045.2.1')), bitString(sm2Point()))), 'KEY_INVALID');
  });
});

describe('points and numbers', () => {
  const point = (...octets: Uint8Array[]): unknown => key(ecSpki(undefined, concatBytes(...octets)));
  it('reads only uncompressed points of the right length', () => {
    expect(point(Uint8Array.of(4), new Uint8Array(64))).toMatchObject({ crv: 'SM2' });
    expectCode(() => point(Uint8Array.of(2), new Uint8Array(32)), 'KEY_UNSUPPORTED');
    expectCode(() => point(Uint8Array.of(3), new Uint8Array(32)), 'KEY_UNSUPPORTED');
    expectCode(() => point(Uint8Array.of(0)), 'KEY_INVALID');
    expectCode(() => point(Uint8Array.of(4), new Uint8Array(63)), 'KEY_INVALID');
    expectCode(() => point(Uint8Array.of(4), new Uint8Array(65)), 'KEY_INVALID');
    expectCode(() => point(Uint8Array.of(6), new Uint8Array(64)), 'KEY_INVALID');
    expectCode(() => point(), 'KEY_INVALID');
  });

  const rsa = (value: Uint8Array, ...parameters: Uint8Array[]): unknown => key(sequence(sequence(oid('1.2.840.113549.1.1.1'), ...parameters), bitString(value)));
  it('reads RSA keys strictly', () => {
    expect(rsa(sequence(integer(0x81), integer(3)), nullValue())).toEqual({ kty: 'RSA', n: Uint8Array.of(0x81), e: Uint8Array.of(3) });
    expectCode(() => rsa(sequence(integer(0x81), integer(3)), sequence()), 'KEY_INVALID');
    expectCode(() => rsa(sequence(integer(-5), integer(3)), nullValue()), 'KEY_INVALID');
    expectCode(() => rsa(sequence(integer(5), integer(0)), nullValue()), 'KEY_INVALID');
    expectCode(() => rsa(sequence(tlv(2, Uint8Array.of(0, 5)), integer(3)), nullValue()), 'KEY_INVALID');
    expectCode(() => rsa(sequence(integer(5), integer(3), integer(3)), nullValue()), 'KEY_INVALID');
    expectCode(() => rsa(concatBytes(sequence(integer(5), integer(3)), nullValue()), nullValue()), 'KEY_INVALID');
    expectCode(() => rsa(new Uint8Array(0), nullValue()), 'KEY_INVALID');
  });

  it('reads Ed25519 keys strictly', () => {
    expectCode(() => key(sequence(sequence(oid('1.3.101.112')), bitString(new Uint8Array(31)))), 'KEY_INVALID');
    expectCode(() => key(sequence(sequence(oid('1.3.101.112'), nullValue()), bitString(new Uint8Array(32)))), 'KEY_INVALID');
  });

  it('refuses what is no SubjectPublicKeyInfo at once', () => {
    expectCode(() => readSubjectPublicKeyInfo(nullValue()), 'STRUCTURE_INVALID');
    expectCode(() => readSubjectPublicKeyInfo(concatBytes(ecSpki(), nullValue())), 'TRAILING_DATA');
    expectCode(() => readSubjectPublicKeyInfo(sequence(sequence(oid('1.2.3')), tlv(3, Uint8Array.of(3, 8)))), 'DER_INVALID');
    expectCode(() => readSubjectPublicKeyInfo(sequence(sequence(), bitString(new Uint8Array(1)))), 'STRUCTURE_INVALID');
    expectCode(() => readSubjectPublicKeyInfo(ecSpki().subarray(0, 40)), 'TRUNCATED');
  });
});
