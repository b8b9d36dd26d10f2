import { SignError, type SessionIO, type ShownChallenge } from '@hefu/sign';
import { afterEach, describe, expect, it } from 'vitest';
import { choose, createBench, leaks, type Bench } from './bench.js';

const open: Bench[] = [];
afterEach(() => Promise.all(open.splice(0).map((bench) => bench.close())));
const bench = async (api: 'zhongzhao' | 'device-link' | 'coss'): Promise<Bench> => {
  const made = await createBench(api, { known: async () => [] });
  open.push(made);
  return made;
};
const sm2Key = (own: Bench): string => own.provider.hsm.keys.find(({ kind, company }) => kind === 'SM2' && company.state === 'good')!.id;

/** Goes through it with a user who does this with the first code. */
async function run(own: Bench, hand: (challenge: ShownChallenge & { readonly type: 'qr' }, abort: AbortController) => unknown): Promise<unknown> {
  const abort = new AbortController();
  let first = true;
  const io: SessionIO = {
    signal: abort.signal, ask: () => Promise.reject(new Error('asked')),
    show: (challenge) => {
      if (first && challenge.type === 'qr') { first = false; void hand(challenge, abort); }
    },
  };
  try {
    for (const steps = own.adapter.chooseCertificate('choice', { locale: 'en', verificationCode: '0000' }, io, own.context);;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
      own.written.push(step.value);
    }
  } catch (error) {
    return error;
  }
}

describe.each(['zhongzhao', 'device-link'] as const)('a certificate shown on a phone of %s', (api) => {
  it('is listed from then on, leaf first, with what names it to the provider', async () => {
    const own = await bench(api);
    expect(await own.adapter.listCredentials({ limit: 5 }, own.context)).toEqual([]);
    const key = own.provider.hsm.key(sm2Key(own))!;
    const credential = await choose(own, own.adapter, key.id);
    expect(credential.chain[0]).toEqual(key.chain[0]);
    expect(credential.ref).toMatch(/^qr-[a-z-]+:[0-9a-f]{40}$/);
    expect(Object.keys(credential.providerData!)).toContain(api === 'zhongzhao' ? 'certSn' : 'documentNumber');
    expect(await own.adapter.listCredentials({ limit: 5 }, own.context)).toEqual([credential]);
  });

  it('is not, when the user refuses', async () => {
    const own = await bench(api);
    expect(await run(own, ({ payload }) => own.phone(payload, 'refuse'))).toMatchObject({ code: 'USER_REFUSED', outcome: 'not-signed' });
    expect(await own.adapter.listCredentials({ limit: 5 }, own.context)).toEqual([]);
    expect(leaks(own)).toEqual([]);
  });

  it('is not, when he never comes, or it is given up', async () => {
    const own = await bench(api);
    expect(await run(own, () => undefined)).toMatchObject({ code: 'USER_TIMEOUT', outcome: 'not-signed' });
    const other = await bench(api);
    const error = await run(other, (_, abort) => abort.abort());
    expect(error).toBeInstanceOf(SignError);
    expect(error).toMatchObject({ code: 'ABORTED' });
  });
});

it('is not shown to a provider that lists them', async () => {
  const own = await bench('coss');
  expect(await run(own, () => undefined)).toMatchObject({ code: 'ADAPTER_MISCONFIGURED', detail: 'no-choice' });
});
