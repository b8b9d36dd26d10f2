import { normaliseSignature, sm2Z, sm3, type EcPublicKey } from '@hefu/crypto';
import { concatBytes, hexOf, parseCertificate } from '@hefu/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { readValue, judgeRaw, type JudgeRawInput, type Report } from '../../src/index.js';
import { judging, type Judging } from '../judging.js';

// Values are made by the sandbox's keys: SM2 by the crypto room, P-256 by noble, RSA by OpenSSL.
let told: Judging;
beforeAll(async () => {
  told = await judging('raw');
});
const content = new TextEncoder().encode('login-7f3a');
const other = new TextEncoder().encode('login-7f3b');

function judged(kind: string, value: Uint8Array | string, change: Partial<JudgeRawInput> = {}): Promise<Report> {
  const company = told.company(kind);
  return judgeRaw({ ...told.surroundings(company), value, content, certificate: parseCertificate(company.sign.certificate), ...change });
}
const sign = (kind: string, message = content): Uint8Array => told.company(kind).sign.key.sign(message);
const raw = (der: Uint8Array): Uint8Array => normaliseSignature(der, 32)!.raw;
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');

describe.each([['SM2', 'za-content'], ['P-256', 'cms']])('%s', (kind, variant) => {
  it.each<[string, (der: Uint8Array) => Uint8Array | string]>([
    ['der', (der) => der], ['r||s', raw], ['hex of der', hexOf], ['hex of r||s', (der) => hexOf(raw(der)).toUpperCase()], ['base64 of der', base64], ['base64 of r||s', (der) => new TextEncoder().encode(`${base64(raw(der))}\n`)],
    ['base64 of r||s', (der) => Buffer.from(raw(der)).toString('base64url')],
  ])('as %s', async (form, write) => {
    const report = await judged(kind, write(sign(kind)));
    expect(report).toMatchObject({ conclusion: 'passed', code: 'OK', family: 'raw', signers: [{ messageVariant: variant, valueForm: form }] });
    expect(report.identity).toBeDefined();
    expect(await judged(kind, write(sign(kind, other)))).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
  });

  it('an encoding that is asked for is the only one', async () => {
    expect(await judged(kind, hexOf(sign(kind)), { encoding: 'base64' })).toMatchObject({ code: 'SIGNATURE_VALUE_MALFORMED' });
    expect(await judged(kind, sign(kind), { encoding: 'hex' })).toMatchObject({ code: 'SIGNATURE_VALUE_MALFORMED' });
    expect(await judged(kind, sign(kind), { encoding: 'binary' })).toMatchObject({ conclusion: 'passed' });
  });

  it('s||r is not a form, and is diagnosed', async () => {
    const value = raw(sign(kind));
    const report = await judged(kind, concatBytes(value.subarray(32), value.subarray(0, 32)));
    expect(report).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
    expect(report.reasons[0]!.diagnosis).toMatchObject({ code: 'VALUE_FORM' });
  });
});

it('RSA, as octets and base64; RSASSA-PSS only where it is asked for', async () => {
  const value = sign('RSA-2048');
  expect(await judged('RSA-2048', value)).toMatchObject({ conclusion: 'passed', signers: [{ valueForm: 'octets' }] });
  expect(await judged('RSA-2048', base64(value))).toMatchObject({ conclusion: 'passed', signers: [{ valueForm: 'base64 of octets' }] });
  expect(await judged('RSA-2048', value.slice(1))).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_VALUE_MALFORMED' });
  const report = await judged('RSA-2048', value, { algorithm: 'RSASSA-PSS' });
  expect(report).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
  expect(report.reasons[0]!.diagnosis).toMatchObject({ code: 'ALGORITHM_OTHER' });
});

it('SM2 over digests alone, and without Z only as the list allows', async () => {
  const company = told.company('SM2');
  const certificate = parseCertificate(company.sign.certificate);
  const z = sm2Z((certificate.spki.key as EcPublicKey).point);
  const hashed = { length: content.length, head: content, digests: [{ algorithm: 'SM3' as const, prefix: z, value: sm3.digest(concatBytes(z, content)) }, { algorithm: 'SM3' as const, prefix: new Uint8Array(0), value: sm3.digest(content) }] };
  expect(await judged('SM2', sign('SM2'), { content: hashed })).toMatchObject({ conclusion: 'passed', content: { digests: { SM3: hexOf(sm3.digest(content)) } } });
  expect(await judged('SM2', company.sign.key.signDigest(sm3.digest(content)))).toMatchObject({ conclusion: 'indeterminate', code: 'MESSAGE_VARIANT_REFUSED', signers: [{ messageVariant: 'plain-content' }] });
});

it('takes the same path as a message: a stranger, another purpose, misuse', async () => {
  const unlisted = told.world.companies.find(({ issuer, sign: { key } }) => !issuer.listed && key.kind === 'SM2')!;
  expect((await judged('SM2', unlisted.sign.key.sign(content), { certificate: parseCertificate(unlisted.sign.certificate) })).conclusion).not.toBe('passed');
  const company = told.company('SM2');
  expect(await judged('SM2', company.encrypt.key.sign(content), { certificate: parseCertificate(company.encrypt.certificate) })).toMatchObject({ code: 'ENCRYPTION_CERT_USED_TO_SIGN' });
  expect(await judged('P-256', sign('SM2'))).toMatchObject({ conclusion: 'failed' });
  await expect(judged('SM2', sign('SM2'), { algorithm: 'HS256' })).rejects.toMatchObject({ code: 'CONTEXT_INVALID' });
  expect(await judged('P-256', sign('P-256'), { algorithm: 'SM2-SM3' })).toMatchObject({ conclusion: 'failed', code: 'ALGORITHM_MISMATCH' });
});

it('a diagnosis stands beside the reason and changes no verdict', async () => {
  const company = told.company('SM2');
  const report = await judged('SM2', company.sign.key.signDigest(sm3.digest(sm3.digest(content))));
  expect(report).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
  expect(report.reasons[0]!.diagnosis).toMatchObject({ code: 'HASHED_TWICE', responsible: 'bidder' });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect((await judged('SM2', sign('SM2'))).reasons).toEqual([]);
});

describe('readValue', () => {
  it.each([['', 'auto'], ['zz', 'hex'], ['%%%', 'base64'], ['00'.repeat(9000), 'auto']] as const)('refuses %s', (value, encoding) => {
    const { key } = parseCertificate(told.company('SM2').sign.certificate).spki;
    expect(readValue(value, key, encoding)).toBeUndefined();
  });
});
