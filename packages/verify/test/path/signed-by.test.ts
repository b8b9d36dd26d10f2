import { describe, expect, it } from 'vitest';
import { DerReader, explicit, integer, nullValue, octetString, oid, readAlgorithmIdentifier, readSubjectPublicKeyInfo, sequence } from '@hefu/pki';
import type { PublicKey } from '@hefu/crypto';
import { verifySignedBy, type SignedBy } from '../../src/path/signed-by.js';
import { resolveSignatureAlgorithm } from '../../src/signature/algorithm-resolution.js';
import { ALGORITHMS, newKey, PSS_SHA256, type TestKey } from './issue.js';

const identifier = (der: Uint8Array) => readAlgorithmIdentifier(new DerReader(der));
const publicKey = (key: TestKey): PublicKey => readSubjectPublicKeyInfo(key.spki).key;
const message = new TextEncoder().encode('tender');
const SHA256 = '2.16.840.1.101.3.4.2.1';
const SM3 = '1.2.156.10197.1.401';
const pss = (...fields: readonly Uint8Array[]) => identifier(sequence(oid('1.2.840.113549.1.1.10'), sequence(...fields)));
const hash = (id: string, ...parameters: readonly Uint8Array[]) => sequence(oid(id), ...parameters);
const mgf = (inner: Uint8Array) => sequence(oid('1.2.840.113549.1.1.8'), inner);
const resolved = (...args: Parameters<typeof resolveSignatureAlgorithm> extends [unknown, ...infer Rest] ? Rest : never) => {
  const found = resolveSignatureAlgorithm(ALGORITHMS, ...args);
  return found.code ?? found.algorithm.name;
};

describe('resolveSignatureAlgorithm', () => {
  it('finds combined OIDs, and key OIDs with their digest', () => {
    expect(resolved(identifier(sequence(oid('1.2.840.113549.1.1.11'), nullValue())))).toBe('RSASSA-PKCS1-v1_5-SHA-256');
    // RFC 4055 §5: absent parameters are accepted as NULL is; anything else is not.
    expect(resolved(identifier(sequence(oid('1.2.840.113549.1.1.11'))))).toBe('RSASSA-PKCS1-v1_5-SHA-256');
    expect(resolved(identifier(sequence(oid('1.2.840.113549.1.1.11'), octetString(new Uint8Array()))))).toBe('ALGORITHM_MISMATCH');
    expect(resolved(identifier(sequence(oid('1.2.840.113549.1.1.1'), nullValue())), SHA256)).toBe('RSASSA-PKCS1-v1_5-SHA-256');
    expect(resolved(identifier(sequence(oid('1.2.840.113549.1.1.1'))), SHA256)).toBe('RSASSA-PKCS1-v1_5-SHA-256');
    expect(resolved(identifier(sequence(oid('1.2.840.113549.1.1.1'), nullValue())))).toBe('ALGORITHM_UNKNOWN'); // of which digest?
    expect(resolved(identifier(sequence(oid('1.2.840.113549.1.1.1'), octetString(new Uint8Array()))), SHA256)).toBe('ALGORITHM_MISMATCH');
    expect(resolved(identifier(sequence(oid('1.2.156.10197.1.301.1'))), SM3)).toBe('SM2-SM3');
    expect(resolved(identifier(sequence(oid('1.2.156.10197.1.301.1'))), SHA256)).toBe('ALGORITHM_UNKNOWN');
    expect(resolved(identifier(sequence(oid('1.2.156.10197.1.301.1'))), '1.2.3')).toBe('ALGORITHM_UNKNOWN');
    expect(resolved(identifier(sequence(oid('1.2.840.113549.1.1.5'), nullValue())))).toBe('ALGORITHM_UNKNOWN'); // SHA-1
  });

  it('reads RSASSA-PSS parameters', () => {
    const found = resolveSignatureAlgorithm(ALGORITHMS, identifier(sequence(oid('1.2.840.113549.1.1.10'), PSS_SHA256)));
    expect(found).toMatchObject({ options: { pss: { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } } });
    expect(resolveSignatureAlgorithm(ALGORITHMS, pss())).toMatchObject({ options: { pss: { hash: 'SHA-1', mgfHash: 'SHA-1', saltLength: 20 } } });
    const short = resolveSignatureAlgorithm(ALGORITHMS, pss(explicit(0, hash(SHA256)), explicit(1, mgf(hash(SHA256))), explicit(3, integer(1))));
    expect(short).toMatchObject({ options: { pss: { saltLength: 20 } } });
  });

  it.each([
    ['absent', identifier(sequence(oid('1.2.840.113549.1.1.10')))],
    ['NULL', identifier(sequence(oid('1.2.840.113549.1.1.10'), nullValue()))],
    ['trailer 2', pss(explicit(3, integer(2)))],
    ['trailer 0', pss(explicit(3, integer(0)))],
    ['negative salt', pss(explicit(2, integer(-1)))],
    ['monstrous salt', pss(explicit(2, integer(70_000)))],
    ['out of order', pss(explicit(2, integer(32)), explicit(0, hash(SHA256)))],
    ['twice', pss(explicit(2, integer(32)), explicit(2, integer(32)))],
    ['another mask', pss(explicit(1, sequence(oid('1.2.3'), hash(SHA256))))],
    ['mask without hash', pss(explicit(1, sequence(oid('1.2.840.113549.1.1.8'))))],
    ['hash with parameters', pss(explicit(0, hash(SHA256, octetString(new Uint8Array()))))],
    ['two in one field', pss(explicit(0, hash(SHA256), nullValue()))],
  ])('refuses RSASSA-PSS parameters: %s', (_what, algorithm) => {
    expect(resolved(algorithm)).toBe('ALGORITHM_MISMATCH');
  });

  it('refuses a PSS digest that is not in the list', () => {
    expect(resolved(pss(explicit(0, hash('1.2.3'))))).toBe('ALGORITHM_UNKNOWN');
    expect(resolved(pss(explicit(1, mgf(hash('1.2.3')))))).toBe('ALGORITHM_UNKNOWN');
  });
});

describe('verifySignedBy', () => {
  const ask = (key: TestKey, changes: { signature?: Uint8Array; tbs?: Uint8Array; algorithm?: Uint8Array; by?: TestKey } = {}): SignedBy =>
    verifySignedBy(ALGORITHMS, {
      algorithmIdentifier: identifier(changes.algorithm ?? key.algorithm),
      tbs: changes.tbs ?? message,
      signature: changes.signature ?? key.sign(message),
      key: publicKey(changes.by ?? key),
    }) as SignedBy;

  it.each(['rsa', 'rsa-pss', 'p256', 'sm2'] as const)('%s', (kind) => {
    const key = newKey(kind);
    expect(ask(key)).toMatchObject({ ok: true });
    expect(ask(key, { tbs: new Uint8Array(3) })).toMatchObject({ ok: false, code: 'SIGNATURE_INVALID' });
    expect(ask(key, { signature: new Uint8Array(0) })).toMatchObject({ ok: false, code: 'SIGNATURE_INVALID' });
    expect(ask(key, { by: newKey(kind) })).toMatchObject({ ok: false, code: 'SIGNATURE_INVALID' });
    expect(ask(key, { by: newKey(kind === 'p256' ? 'sm2' : 'p256') })).toMatchObject({ ok: false, code: 'ALGORITHM_MISMATCH' });
    expect(ask(key, { algorithm: sequence(oid('1.2.3')) })).toMatchObject({ ok: false, code: 'ALGORITHM_UNKNOWN' });
  });

  it('refuses PSS over SHA-1, which is the default of its parameters', () => {
    expect(ask(newKey('rsa-pss'), { algorithm: sequence(oid('1.2.840.113549.1.1.10'), sequence()) })).toMatchObject({ ok: false, code: 'ALGORITHM_UNKNOWN' });
  });
});
