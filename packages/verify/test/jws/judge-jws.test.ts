import { createPrivateKey, sign as nodeSign } from 'node:crypto';
import { sha384, sm3 } from '@hefu/crypto';
import { buildTimeStampRequest, parseCertificate, parseTimeStampResponse } from '@hefu/pki';
import { encodeBase64, encodeBase64url } from '@hefu/trust-list';
import { CompactSign, FlattenedSign, GeneralSign, importPKCS8 } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Company } from '../../../sandbox/dist/index.js';
import { addJwsTimestamp, signJws, type PrepareJwsInput } from '../../../sign/dist/index.js';
import { judgeJws, parseJws, type JudgeJwsInput, type Report } from '../../src/index.js';
import { algorithms, judging, type Judging } from '../judging.js';

// Signatures by jose (another implementation) for P-256 and RSA, by the sign room for SM2 and JAdES.
let told: Judging;
let p256: Company;
let rsa: Company;
let gm: Company;
beforeAll(async () => {
  told = await judging('judge-jws');
  [p256, rsa, gm] = ['P-256', 'RSA-2048', 'SM2'].map((kind) => told.company(kind)) as [Company, Company, Company];
});
const payload = new TextEncoder().encode('{"price":"1,280,000.00"}');
const changed = new TextEncoder().encode('{"price":"1,180,000.00"}');

const judged = (company: Company, jws: string | Uint8Array, change: Partial<JudgeJwsInput> = {}): Promise<Report> => judgeJws({ ...told.surroundings(company), jws, ...change });
const keyOf = (company: Company, alg: string) => importPKCS8(`-----BEGIN PRIVATE KEY-----\n${encodeBase64(company.sign.key.pkcs8Der)}\n-----END PRIVATE KEY-----`, alg);
const x5c = (company: Company): string[] => [company.sign.certificate, ...(company.sign.chain ?? [])].map(encodeBase64);
const by = (company: Company, more: Partial<PrepareJwsInput> = {}, serialization?: 'flattened' | 'general'): Promise<string> =>
  signJws({ certificate: parseCertificate(company.sign.certificate), chain: company.sign.chain ?? [], algorithms, ...(more.objects === undefined ? { payload } : {}), level: 'B-B', signingTime: told.at, ...more } as PrepareJwsInput, { sign: ({ message, pss }) => pss === undefined ? company.sign.key.sign(message!) : pssSign(company, message!) }, serialization);
const pssSign = (company: Company, message: Uint8Array): Uint8Array =>
  new Uint8Array(nodeSign('sha256', message, { key: createPrivateKey({ key: Buffer.from(company.sign.key.pkcs8Der), format: 'der', type: 'pkcs8' }), padding: 6, saltLength: 32 }));
const withHeader = (jws: string, change: (head: Record<string, unknown>) => unknown): string => {
  const [head, body, value] = jws.split('.');
  const header = JSON.parse(Buffer.from(head!, 'base64url').toString()) as Record<string, unknown>;
  return `${encodeBase64url(new TextEncoder().encode(JSON.stringify(change(header))))}.${body}.${value}`;
};

describe.each(['ES256', 'RS256', 'PS256'])('%s by jose', (alg) => {
  const company = (): Company => (alg === 'ES256' ? p256 : rsa);
  it('passes in every serialization, and fails with another payload', async () => {
    const key = await keyOf(company(), alg);
    const head = { alg, x5c: x5c(company()) };
    const compact = await new CompactSign(payload).setProtectedHeader(head).sign(key);
    const report = await judged(company(), compact);
    expect(report).toMatchObject({ conclusion: 'passed', code: 'OK', family: 'jws', content: { attached: true, length: payload.length } });
    expect(report.identity).toBeDefined();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(await judged(company(), JSON.stringify(await new FlattenedSign(payload).setProtectedHeader(head).sign(key)))).toMatchObject({ conclusion: 'passed' });
    expect(await judged(company(), JSON.stringify(await new GeneralSign(payload).addSignature(key).setProtectedHeader(head).sign()))).toMatchObject({ conclusion: 'passed' });
    const [first, , last] = compact.split('.');
    expect(await judged(company(), `${first}.${encodeBase64url(changed)}.${last}`)).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
    expect(await judged(company(), compact, { payload: changed })).toMatchObject({ conclusion: 'indeterminate', code: 'CONTENT_AMBIGUOUS' });
  });
});

describe.each(['SM2', 'P-256', 'RSA-2048'])('JAdES B-B by %s', (kind) => {
  it('passes, attached and detached, and claims its time', async () => {
    const company = told.company(kind);
    expect(await judged(company, await by(company))).toMatchObject({ conclusion: 'passed', signers: [{ claimedSigningTime: new Date(told.at).toISOString() }] });
    const detached = await by(company, { detached: true });
    expect(await judged(company, detached, { payload })).toMatchObject({ conclusion: 'passed', content: { attached: false } });
    expect(await judged(company, detached, { payload: changed })).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
    expect(await judged(company, detached)).toMatchObject({ conclusion: 'indeterminate', code: 'CONTENT_MISSING' });
  });
});

it('b64 false: a detached payload as it is, by jose; an attached one is not read', async () => {
  const key = await keyOf(p256, 'ES256');
  const made = await new FlattenedSign(payload).setProtectedHeader({ alg: 'ES256', b64: false, crit: ['b64'], x5c: x5c(p256) }).sign(key);
  const detached = JSON.stringify({ protected: made.protected, signature: made.signature });
  expect(await judged(p256, detached, { payload })).toMatchObject({ conclusion: 'passed' });
  expect(await judged(p256, detached, { payload: changed })).toMatchObject({ code: 'SIGNATURE_INVALID' });
  expect((await judged(p256, JSON.stringify({ ...made, payload: encodeBase64url(payload) }))).conclusion).not.toBe('passed');
});

describe('objects by their digests', () => {
  const objects = [{ uri: 'bid.pdf', content: payload }, { uri: 'price.xml', content: new Uint8Array(0) }];
  it('all of them, each as it was, and no other', async () => {
    const jws = await by(gm, { objects, objectDigest: sha384, certificateDigest: sm3, timeHeader: 'sigT' }, 'flattened');
    expect(await judged(gm, jws, { objects })).toMatchObject({ conclusion: 'passed' });
    expect(await judged(gm, jws, { objects: [{ uri: 'bid.pdf', content: changed }, objects[1]!] })).toMatchObject({ conclusion: 'failed', code: 'CONTENT_TAMPERED', reasons: [{ subject: 'object bid.pdf' }] });
    expect(await judged(gm, jws, { objects: [objects[0]!] })).toMatchObject({ conclusion: 'indeterminate', code: 'CONTENT_MISSING' });
    expect(await judged(gm, jws, { objects: [...objects, { uri: 'other', content: changed }] })).toMatchObject({ conclusion: 'indeterminate', code: 'CONTENT_AMBIGUOUS' });
    expect(await judged(gm, jws, { objects, payload })).toMatchObject({ code: 'CONTENT_AMBIGUOUS' });
    expect(await judged(gm, await by(gm), { objects })).toMatchObject({ code: 'CONTENT_AMBIGUOUS' });
  });
});

describe('what is refused', () => {
  it.each<[string, (head: Record<string, unknown>) => unknown, string]>([
    ['alg none', (head) => ({ ...head, alg: 'none' }), 'ALGORITHM_REFUSED'],
    ['an HMAC', (head) => ({ ...head, alg: 'HS256' }), 'ALGORITHM_REFUSED'],
    ['an unknown alg', (head) => ({ ...head, alg: 'ES256K' }), 'ALGORITHM_UNKNOWN'],
    ['alg of the object prototype', (head) => ({ ...head, alg: 'constructor' }), 'ALGORITHM_UNKNOWN'],
    ['RSA alg with an EC key', (head) => ({ ...head, alg: 'RS256' }), 'ALGORITHM_MISMATCH'],
    ['ES384 with a P-256 key', (head) => ({ ...head, alg: 'ES384' }), 'ALGORITHM_MISMATCH'],
    ['SM2 with a P-256 key', (head) => ({ ...head, alg: 'SM2-SM3' }), 'ALGORITHM_MISMATCH'],
    ['a critical header that is not understood', (head) => ({ ...head, crit: ['exp'], exp: 1 }), 'SIGNED_ATTRIBUTES_INVALID'],
    ['a critical header that is not there', (head) => ({ ...head, crit: ['sigD'] }), 'SIGNED_ATTRIBUTES_INVALID'],
    ['an empty crit', (head) => ({ ...head, crit: [] }), 'SIGNED_ATTRIBUTES_INVALID'],
    ['b64 that is not critical', (head) => ({ ...head, b64: false }), 'SIGNED_ATTRIBUTES_INVALID'],
    ['a thumbprint of another certificate', (head) => ({ ...head, 'x5t#S256': encodeBase64url(new Uint8Array(32)) }), 'SIGNED_ATTRIBUTES_INVALID'],
    ['x5c of no certificate', (head) => ({ ...head, x5c: ['AAAA'], 'x5t#S256': undefined }), 'SIGNER_CERTIFICATE_UNREADABLE'],
    ['neither certificate nor name of one', ({ alg }) => ({ alg }), 'SIGNER_CERTIFICATE_MISSING'],
    ['a key of its own', ({ alg }) => ({ alg, jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }), 'SIGNER_CERTIFICATE_MISSING'],
    ['any other change', (head) => ({ ...head, typ: 'x' }), 'SIGNATURE_INVALID'],
  ])('%s', async (_, change, code) => {
    const report = await judged(p256, withHeader(await by(p256), change));
    expect(report.conclusion).not.toBe('passed');
    expect(report.code).toBe(code);
  });

  it('what decides must be protected', async () => {
    const made = JSON.parse(await by(p256, {}, 'flattened')) as Record<string, unknown>;
    for (const header of [{ x5t: 'AA' }, { crit: ['x'] }, { sigD: {} }]) expect(await judged(p256, JSON.stringify({ ...made, header }))).toMatchObject({ code: 'SIGNED_ATTRIBUTES_INVALID' });
    expect(await judged(p256, JSON.stringify({ ...made, header: { note: 'x' } }))).toMatchObject({ conclusion: 'passed' });
    expect(await judged(p256, JSON.stringify({ ...made, header: { alg: 'ES256' } }))).toMatchObject({ code: 'MESSAGE_MALFORMED' });
  });

  it('DER in place of r||s, and GM forms without Z', async () => {
    const [head, body, value] = (await by(p256)).split('.');
    const der = p256.sign.key.sign(new TextEncoder().encode(`${head}.${body}`));
    expect(await judged(p256, `${head}.${body}.${encodeBase64url(der)}`)).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_VALUE_MALFORMED' });
    expect(value).toBeDefined();
    const [gmHead, gmBody] = (await by(gm)).split('.');
    const { normaliseSignature } = await import('@hefu/crypto');
    const plain = normaliseSignature(gm.sign.key.signDigest(sm3.digest(new TextEncoder().encode(`${gmHead}.${gmBody}`))), 32)!.raw;
    const report = await judged(gm, `${gmHead}.${gmBody}.${encodeBase64url(plain)}`);
    expect(report).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
    expect(report.reasons[0]!.diagnosis).toMatchObject({ code: 'SM2_Z_MISSING' });
  });

  it('one signer twice, and one bad signature among good ones', async () => {
    const one = JSON.parse(await by(p256, {}, 'flattened')) as Record<string, string>;
    const two = JSON.parse(await by(gm, {}, 'flattened')) as Record<string, string>;
    const general = (...signatures: unknown[]): string => JSON.stringify({ payload: one['payload'], signatures });
    const part = ({ protected: head, signature }: Record<string, string>): unknown => ({ protected: head, signature });
    const evidence = [p256, gm].map((company) => told.surroundings(company).evidence);
    const both = { evidence: { ...evidence[0]!, candidateCertificates: evidence.flatMap(({ candidateCertificates }) => candidateCertificates), crls: evidence.flatMap(({ crls }) => crls) } };
    expect(await judged(p256, general(part(one), part(two)), both)).toMatchObject({ conclusion: 'passed', signers: [{ code: 'OK' }, { code: 'OK' }] });
    expect(await judged(p256, general(part(one), part(one)), both)).toMatchObject({ conclusion: 'failed', code: 'DUPLICATE_SIGNER' });
    expect(await judged(p256, general(part(one), { ...(part(two) as object), signature: one['signature'] }), both)).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
  });

  it.each([
    '', 'a.b', 'a.b.c.d', '{', '{}', '[]', '{"payload":"a","protected":"e30","signature":"AA"}', '{"payload":"","protected":"e30=","signature":"AA"}', '{"payload":"","signatures":[]}',
    '{"payload":"","protected":"e30","signature":"AA","signatures":[]}', '{"payload":"","payload":"","protected":"e30","signature":"AA"}', 'eyJhbGciOiJub25lIiwiYWxnIjoibm9uZSJ9..AA', 'bnVsbA..AA', 'ä.b.c',
  ])('as a JWS: %s', async (jws) => {
    expect(() => parseJws(jws)).toThrowError(expect.objectContaining({ name: 'VerifyError', code: 'JWS_MALFORMED' }));
    expect(await judged(p256, jws)).toMatchObject({ conclusion: 'failed', code: 'MESSAGE_MALFORMED', signers: [] });
  });
});

describe('JAdES B-T', () => {
  const stamper = (path: string) => async (imprint: Parameters<typeof buildTimeStampRequest>[0]) => parseTimeStampResponse(told.world.tsa.get(`/tsa/${path}`)!(buildTimeStampRequest({ ...imprint, nonce: new Uint8Array(8).fill(5) }))).token!;
  it('its time-stamp over the text of the value is judged; one over another value proves nothing', async () => {
    const stamped = await addJwsTimestamp(await by(gm, {}, 'flattened'), stamper('sm2'), sm3);
    const report = await judged(gm, stamped, { context: { ...told.surroundings(gm).context, scene: 'archive' } });
    expect(report.signers[0]!.timestamps).toMatchObject([{ kind: 'signature' }]);
    expect(report.signers[0]!.timestamps![0]!.checks.find(({ id }) => id === 'timestamp.imprint')).toMatchObject({ outcome: 'passed' });
    const other = JSON.parse(await by(gm, { payload: changed }, 'flattened')) as Record<string, unknown>;
    const moved = await judged(gm, JSON.stringify({ ...other, header: (JSON.parse(stamped) as Record<string, unknown>)['header'] }), { context: { ...told.surroundings(gm).context, scene: 'archive' } });
    expect(moved.signers[0]!.timestamps).toMatchObject([{ code: 'TIMESTAMP_IMPRINT_MISMATCH' }]);
    expect(moved.times.sources.bestSignature).toBe('validation time');
  });
});
