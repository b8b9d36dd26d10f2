import type { SigningEvent } from '@hefu/sign';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryJobVault, type JobVault } from '../../src/index.js';
import { createBench, judgement, madeItems, sign, type Api, type Bench, type Ran } from './bench.js';

// A request id is good for one thing to sign: whoever confirms a job sees what it was made for.

let judged: Awaited<ReturnType<typeof judgement>>;
const benches: Bench[] = [];
beforeAll(async () => { judged = await judgement(); });
afterAll(() => Promise.all(benches.map((bench) => bench.close())));
const benchOf = async (api: Api): Promise<Bench> => {
  const bench = await createBench(api);
  benches.push(bench);
  return bench;
};
const errorOf = ({ end }: Ran): unknown => (end as Extract<SigningEvent, { type: 'failed' }>).error;

describe('a request id that was used for something else', () => {
  it('is refused by what is kept of jobs', async () => {
    const bench = await benchOf('coss');
    expect((await sign(bench, judged, undefined, { requestId: 'r1' })).end.type).toBe('done');
    const made = madeItems(bench).length;
    expect(errorOf(await sign(bench, judged, undefined, { requestId: 'r1', count: 2 }))).toMatchObject({ code: 'STATE_MISMATCH', detail: 'request-of-other-items' });
    expect(madeItems(bench)).toHaveLength(made);
    expect((await sign(bench, judged, undefined, { requestId: 'r2', count: 2 })).end.type).toBe('done');
  });

  it('also where the other began at the same moment', async () => {
    const bench = await benchOf('zhongzhao');
    const kind = 'SM2';
    expect((await sign(bench, judged, undefined, { requestId: 'r1', kind })).end.type).toBe('done');
    // Looked up before the other's job was kept.
    const early: JobVault = { ...bench.vault, get: (name) => (/ request /.test(name) ? Promise.resolve(undefined) : bench.vault.get(name)) };
    const made = madeItems(bench).length;
    expect(errorOf(await sign(bench, judged, undefined, { requestId: 'r1', kind, count: 2, adapter: bench.another({ vault: early }) }))).toMatchObject({ code: 'STATE_MISMATCH', detail: 'request-of-other-items' });
    expect(madeItems(bench)).toHaveLength(made);
  });

  it('and by a provider that takes it as its own number', async () => {
    const bench = await benchOf('coss');
    expect((await sign(bench, judged, undefined, { requestId: 'r1' })).end.type).toBe('done');
    const made = madeItems(bench).length;
    const elsewhere = (): Parameters<typeof sign>[3] => ({ requestId: 'r1', adapter: bench.another({ vault: createMemoryJobVault(bench.clock) }) });
    expect(errorOf(await sign(bench, judged, undefined, { ...elsewhere(), count: 2 }))).toMatchObject({ outcome: 'not-signed', provider: { code: '0x03000005' } });
    expect(madeItems(bench)).toHaveLength(made);
    // The same again is the same job, and its values.
    expect((await sign(bench, judged, undefined, elsewhere())).end.type).toBe('done');
  });
});
