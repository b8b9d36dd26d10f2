import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SignErrorCode } from '@hefu/sign';
import type { KeyKind } from '../../../../sandbox/dist/index.js';
import { adapterContext } from '../../context.js';
import { KmsBench, type ServiceName } from '../bench.js';

const bench = new KmsBench();
beforeAll(() => bench.open());
afterEach(() => bench.provider.faults.clear());
afterAll(() => bench.provider.close());

interface Row {
  /** Of the list of failures. */
  readonly n: string;
  readonly fault: string;
  readonly service: ServiceName;
  readonly kind: KeyKind;
  readonly code: SignErrorCode | 'done';
  readonly outcome?: 'signed' | 'not-signed' | 'unknown';
  readonly detail?: string;
  readonly count?: number;
}

const ROWS: readonly Row[] = [
  { n: '26 another hash', fault: 'kms-other-hash', service: 'aliyun', kind: 'SM2', code: 'SIGNATURE_INVALID', outcome: 'signed' },
  { n: '26 another hash', fault: 'kms-other-hash', service: 'google', kind: 'RSA-2048', code: 'SIGNATURE_INVALID', outcome: 'signed' },
  { n: '27 another order', fault: 'kms-permuted', service: 'vault', kind: 'P-256', count: 3, code: 'SIGNATURE_ORDER', outcome: 'signed' },
  { n: '28 fewer values', fault: 'kms-fewer', service: 'vault', kind: 'P-256', count: 3, code: 'SIGNATURE_COUNT', outcome: 'signed', detail: 'fewer' },
  { n: '29 r||s for DER is read', fault: 'kms-form', service: 'aliyun', kind: 'SM2', code: 'done' },
  { n: '29 r||s for DER is read', fault: 'kms-form', service: 'aws', kind: 'P-256', code: 'done' },
  { n: '29 hex for base64 is read', fault: 'kms-hex', service: 'tencent', kind: 'SM2', code: 'done' },
  { n: '29 r||s without its first octet', fault: 'kms-short', service: 'huawei', kind: 'SM2', code: 'SIGNATURE_ENCODING', outcome: 'signed' },
  { n: '29 no vault:v1:', fault: 'kms-hex', service: 'vault', kind: 'P-256', code: 'KEY_MISMATCH', outcome: 'signed', detail: 'key-version' },
  { n: '30 e taken for the message', fault: 'kms-as-message', service: 'tencent', kind: 'SM2', code: 'PREHASH_MISMATCH', outcome: 'signed' },
  { n: '30 e taken for the message, with an empty identifier', fault: 'kms-as-message-empty-id', service: 'huawei', kind: 'SM2', code: 'PREHASH_MISMATCH', outcome: 'signed', detail: 'HASHED_TWICE' },
  { n: '30 e hashed again', fault: 'kms-hashed-twice', service: 'aliyun', kind: 'SM2', code: 'PREHASH_MISMATCH', outcome: 'signed' },
  { n: '30 a digest hashed again', fault: 'kms-hashed-twice', service: 'azure', kind: 'P-256', code: 'PREHASH_MISMATCH', outcome: 'signed' },
  { n: '31 PSS for PKCS #1', fault: 'kms-pss', service: 'aws', kind: 'RSA-2048', code: 'ALGORITHM_DOWNGRADED', outcome: 'signed' },
  { n: '31 a SHA-1 DigestInfo', fault: 'kms-sha1', service: 'huawei', kind: 'RSA-2048', code: 'DIGEST_DOWNGRADED', outcome: 'signed' },
  { n: '41 one of a batch refused', fault: 'kms-item-fails', service: 'vault', kind: 'P-256', count: 3, code: 'PROVIDER_REFUSED', outcome: 'not-signed' },
  { n: '47 a newer version, said', fault: 'kms-rotated', service: 'aliyun', kind: 'SM2', code: 'KEY_MISMATCH', outcome: 'signed', detail: 'key-version' },
  { n: '47 a newer version, said', fault: 'kms-rotated', service: 'google', kind: 'P-256', code: 'KEY_MISMATCH', outcome: 'signed', detail: 'key-version' },
  { n: '47 a newer version, said', fault: 'kms-rotated', service: 'azure', kind: 'P-256', code: 'KEY_MISMATCH', outcome: 'signed', detail: 'key-version' },
  { n: '47 a newer version, said', fault: 'kms-rotated', service: 'vault', kind: 'P-256', code: 'KEY_MISMATCH', outcome: 'signed', detail: 'key-version' },
  { n: '47 a newer version, not said', fault: 'kms-rotated-silently', service: 'tencent', kind: 'SM2', code: 'SIGNATURE_INVALID', outcome: 'signed' },
  { n: 'a value damaged on its way', fault: 'kms-crc', service: 'google', kind: 'P-256', code: 'PROVIDER_PROTOCOL', outcome: 'signed', detail: 'crc32c' },
  { n: 'no such key', fault: 'kms-no-key', service: 'aws', kind: 'SM2', code: 'NO_USABLE_CREDENTIAL', outcome: 'not-signed' },
  { n: 'a key disabled', fault: 'kms-disabled', service: 'azure', kind: 'P-256', code: 'CREDENTIAL_DISABLED', outcome: 'not-signed' },
  { n: 'a key disabled', fault: 'kms-disabled', service: 'tencent', kind: 'SM2', code: 'CREDENTIAL_DISABLED', outcome: 'not-signed' },
  { n: '4 throttled in the body', fault: 'kms-throttled', service: 'aws', kind: 'SM2', code: 'RATE_LIMITED', outcome: 'not-signed' },
  { n: '4 throttled in the body', fault: 'kms-throttled', service: 'aliyun', kind: 'SM2', code: 'RATE_LIMITED', outcome: 'not-signed' },
  { n: '17 an expired token that is not renewed', fault: 'kms-expired-token', service: 'google', kind: 'P-256', code: 'ADAPTER_MISCONFIGURED', outcome: 'not-signed', detail: 'account-credentials' },
  { n: '35 a clock the cloud refuses', fault: 'kms-skew', service: 'tencent', kind: 'SM2', code: 'CLOCK_SKEW', outcome: 'not-signed' },
  { n: 'a refusal nobody has a word for', fault: 'kms-disabled', service: 'huawei', kind: 'SM2', code: 'PROVIDER_REFUSED', outcome: 'not-signed' },
  { n: 'no permission', fault: 'kms-forbidden', service: 'aliyun', kind: 'SM2', code: 'PROVIDER_REFUSED', outcome: 'not-signed' },
  { n: '2 the answer lost', fault: 'lost-answer', service: 'huawei', kind: 'SM2', code: 'OUTCOME_UNKNOWN', outcome: 'unknown' },
  { n: '5 unavailable: it may have signed behind its gateway', fault: '503', service: 'tencent', kind: 'SM2', code: 'OUTCOME_UNKNOWN', outcome: 'unknown' },
  { n: 'a proxy’s page', fault: 'html', service: 'aws', kind: 'SM2', code: 'OUTCOME_UNKNOWN', outcome: 'unknown' },
];

describe('failures of key services', () => {
  it.each(ROWS)('$n: $service $kind $fault → $code', async ({ fault, service, kind, code, outcome, detail, count }) => {
    bench.provider.faults.set(fault);
    const { end, text } = await bench.sign(bench.adapter(service), kind, count === undefined ? {} : { count });
    for (const secret of bench.secrets()) expect(text.includes(secret)).toBe(false);
    if (code === 'done') return expect(end).toMatchObject({ type: 'done' });
    expect(end).toMatchObject({ type: 'failed', error: { code, outcome, ...(detail === undefined ? {} : { detail }) } });
    if (end.type !== 'failed') return;
    for (const { zh, en } of [end.error.message, end.error.remedy]) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[A-Z].*[.]$/);
    }
    expect(end.signatures).toHaveLength(fault === 'kms-item-fails' ? count! - 1 : 0);
  });

  it('goes on after the values it had, once the key service can again', async () => {
    bench.provider.faults.set('kms-throttled,after=1,times=1');
    const first = await bench.sign(bench.adapter('aliyun'), 'SM2', { count: 3 });
    expect(first.end).toMatchObject({ type: 'failed', error: { code: 'RATE_LIMITED' }, signatures: [{ itemId: 'i0' }] });
    bench.provider.transcript.clear();
    const second = await bench.sign(bench.adapter('aliyun'), 'SM2', { count: 3, resume: first.snapshots.at(-1)! });
    expect(second.end).toMatchObject({ type: 'done' });
    expect(bench.provider.transcript.exchanges).toHaveLength(2);
  });
});

describe('47: a key configured with a certificate of another', () => {
  it('is found by the probe, and by the first value', async () => {
    const key = { ...bench.key('aliyun', bench.hsmKey('SM2')), keyId: bench.hsmKey('SM2', 1).id, version: `${bench.hsmKey('SM2', 1).id}-v1` };
    const adapter = bench.adapter('aliyun', { keys: [key] });
    const context = { ...adapterContext({ clock: bench.clock }), random: bench.random };
    const [credential] = await adapter.listCredentials({ limit: 1 }, context);
    await expect(adapter.probe!(credential!, context)).rejects.toMatchObject({ code: 'KEY_MISMATCH', outcome: 'not-signed' });
    expect((await bench.sign(adapter, 'SM2')).end).toMatchObject({ type: 'failed', error: { outcome: 'signed', blame: 'security' }, signatures: [] });
  });
  it('of another kind is refused by the service', async () => {
    const adapter = bench.adapter('aws', { keys: [{ ...bench.key('aws', bench.hsmKey('P-256')), keyId: bench.hsmKey('RSA-2048').id }] });
    expect((await bench.sign(adapter, 'P-256')).end).toMatchObject({ type: 'failed', error: { code: 'ALGORITHM_UNSUPPORTED', outcome: 'not-signed' } });
  });
});

describe('47: a probe', () => {
  const probe = async (service: ServiceName, kind: KeyKind, fault?: string): Promise<unknown> => {
    const adapter = bench.adapter(service);
    const context = { ...adapterContext({ clock: bench.clock }), random: bench.random };
    const credential = (await adapter.listCredentials({ limit: 9 }, context)).find(({ ref }) => ref === bench.hsmKey(kind).id)!;
    if (fault !== undefined) bench.provider.faults.set(fault);
    return adapter.probe!(credential, context).then(() => 'proved', (error: { code: string; outcome: string; detail?: string }) => [error.code, error.outcome]);
  };

  it.each(['aliyun', 'tencent', 'huawei', 'aws'] as const)('proves key, certificate and how SM2 is hashed at %s', async (service) => {
    expect(await probe(service, 'SM2')).toBe('proved');
    expect(await probe(service, 'SM2', 'kms-rotated-silently')).toEqual(['KEY_MISMATCH', 'not-signed']);
    bench.provider.faults.clear();
    expect(await probe(service, 'SM2', 'kms-other-key')).toEqual(['KEY_MISMATCH', 'not-signed']);
    bench.provider.faults.clear();
    expect(await probe(service, 'SM2', 'kms-hashed-twice')).toEqual(['PREHASH_MISMATCH', 'not-signed']);
  });

  it.each(['google', 'azure', 'vault'] as const)('proves key and certificate at %s', async (service) => {
    expect(await probe(service, 'P-256')).toBe('proved');
    expect(await probe(service, 'RSA-2048')).toBe('proved');
    expect(await probe(service, 'P-256', 'kms-rotated-silently')).toEqual(['KEY_MISMATCH', 'not-signed']);
  });
});
