import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AdapterContext, Judgement } from '@hefu/sign';
import { createKmsAdapter, type KmsKey } from '../../src/index.js';
import { adapterContext } from '../context.js';
import { judgementOf } from '../world.js';
import { algorithms, KmsBench, SERVICES, type ServiceName } from './bench.js';
import { signWith } from './signing.js';

const bench = new KmsBench();
let judgement: Judgement;
let context: AdapterContext;
beforeAll(async () => {
  await bench.open();
  judgement = await judgementOf(bench.world, algorithms);
  context = { ...adapterContext({ clock: bench.clock }), random: bench.random };
});
afterEach(() => bench.provider.faults.clear());
afterAll(() => bench.provider.close());

const kindOf = (name: ServiceName): 'SM2' | 'P-256' => (['google', 'azure', 'vault'].includes(name) ? 'P-256' : 'SM2');
const probe = (name: ServiceName, change: Parameters<KmsBench['adapter']>[1] = {}): Promise<unknown> => {
  const adapter = bench.adapter(name, change);
  return adapter.listCredentials({ limit: 1 }, context).then(([credential]) => adapter.probe!(credential!, context)).then(() => 'proved', (error: { code: string; detail?: string }) => `${error.code} ${error.detail}`);
};

describe('configuration', () => {
  const make = (name: ServiceName, change: Partial<KmsKey>, n = 1) => () =>
    createKmsAdapter({ service: bench.service(name), keys: Array.from({ length: n }, () => bench.key(name, bench.hsmKey(kindOf(name)), change)), fetch, algorithms });

  it('takes what can be', () => {
    for (const name of SERVICES) expect(make(name, {})).not.toThrow();
    expect(make('aws', { keyId: 'arn:aws-cn:kms:cn-north-1:111122223333:alias/bids' })).not.toThrow();
  });
  it('refuses keys without certificate or version, twice the same ref, and ids that leave their path', () => {
    expect(make('aliyun', { chain: [] })).toThrow(TypeError);
    expect(() => createKmsAdapter({ service: bench.service('azure'), keys: [{ ref: 'a', keyId: 'a', chain: bench.hsmKey('P-256').chain }], fetch, algorithms })).toThrow(/version/);
    expect(make('aliyun', {}, 2)).toThrow(/twice/);
    for (const keyId of ['../other', 'a/../b', 'a?x=1', 'a#b', 'a b', '']) expect(make('vault', { keyId })).toThrow(/keyId/);
    for (const version of ['1/sign', '..', '']) expect(make('azure', { version })).toThrow(/version/);
  });
  it('refuses an algorithm the service does not have', () => {
    expect(() => createKmsAdapter({ service: bench.service('azure'), keys: [bench.key('azure', bench.hsmKey('SM2'))], fetch, algorithms })).toThrow(/SM2-SM3/);
  });
});

describe('the cloud account', () => {
  it.each(['aliyun', 'tencent', 'huawei', 'aws', 'vault'] as const)('whose secret is wrong at %s is the integrator’s to mend, and the secret stays where it was', async (name) => {
    expect(await probe(name, { service: bench.service(name, { secret: 'a-wrong-secret-of-the-account' }) })).toBe('ADAPTER_MISCONFIGURED account-credentials');
    expect(JSON.stringify(bench.provider.transcript.exchanges.filter(({ path }) => path.includes(name)).map(({ requestHeaders, ...rest }) => [rest, name === 'vault' ? '' : requestHeaders]))).not.toContain('a-wrong-secret-of-the-account');
  });

  it('is asked again once when the cloud calls its credentials expired', async () => {
    let renewed = 0;
    bench.provider.faults.set('kms-expired-token,times=1');
    expect(await probe('aws', { service: bench.service('aws', { renewed: () => renewed++ }) })).toBe('proved');
    expect(renewed).toBe(1);
    bench.provider.faults.set('kms-expired-token');
    expect(await probe('aws', { service: bench.service('aws', { renewed: () => renewed++ }) })).toBe('ADAPTER_MISCONFIGURED account-credentials');
    expect(renewed).toBe(2);
  });

  it.each(['google', 'azure'] as const)('has one token at %s for many signatures, and another before it ends', async (name) => {
    const { transcript } = bench.provider;
    transcript.clear();
    const service = bench.service(name);
    const tokens = (): number => transcript.exchanges.filter(({ path }) => path.endsWith('/token')).length;
    for (let i = 0; i < 3; i++) expect(await probe(name, { service })).toBe('proved');
    expect(tokens()).toBe(1);
    const late = { ...context, clock: { ...bench.clock, now: () => bench.clock.now() + 3_550_000 } };
    const adapter = bench.adapter(name, { service });
    bench.provider.clock.advance(3_550_000);
    const [credential] = await adapter.listCredentials({ limit: 1 }, late);
    await adapter.probe!(credential!, late);
    expect(tokens()).toBe(2);
    bench.provider.clock.advance(-3_550_000);
  });

  it('whose source throws is said as what it is, before anything was sent', async () => {
    bench.provider.transcript.clear();
    const service = { ...bench.service('aliyun'), authenticate: () => Promise.reject(new Error('the metadata service is away')) };
    expect(await probe('aliyun', { service })).toBe('ADAPTER_MISCONFIGURED account-credentials');
    expect(bench.provider.transcript.exchanges).toEqual([]);
  });

  it.each(['aliyun', 'tencent', 'aws'] as const)('is told when its clock is too far off at %s', async (name) => {
    bench.provider.clock.advance(3_600_000);
    expect(await probe(name)).toMatch(/^CLOCK_SKEW/);
    bench.provider.clock.advance(-3_600_000);
  });
});

describe('a signing', () => {
  it('sends digests and nothing of the documents, and keeps neither secret nor content', async () => {
    bench.provider.transcript.clear();
    const { end, text, snapshots } = await signWith(bench, bench.adapter('aliyun'), judgement, 'SM2', 2);
    expect(end).toMatchObject({ type: 'done', signatures: [{ itemId: 'i0' }, { itemId: 'i1' }] });
    const sent = JSON.stringify(bench.provider.transcript.exchanges);
    for (const content of ['bid 0', 'file 0.pdf', '投标签名', Buffer.from('bid 0').toString('base64')]) expect(sent).not.toContain(content);
    for (const secret of bench.secrets()) expect(text).not.toContain(secret);
    expect(snapshots.length).toBeGreaterThan(4);
  });

  it('asks again for a lost answer only where that was chosen', async () => {
    bench.provider.faults.set('lost-answer,times=1');
    bench.provider.transcript.clear();
    expect((await signWith(bench, bench.adapter('aws'), judgement, 'SM2')).end).toMatchObject({ type: 'failed', error: { code: 'OUTCOME_UNKNOWN', retry: 'reconcile' } });
    expect(bench.provider.transcript.exchanges).toHaveLength(1);
  });

  it('refuses a snapshot of another request', async () => {
    const adapter = bench.adapter('aws');
    await expect(adapter.resume({ requestId: 'other', settled: [] }, { requestId: 'this' } as never, context)).rejects.toMatchObject({ code: 'SNAPSHOT_INVALID' });
  });
});
