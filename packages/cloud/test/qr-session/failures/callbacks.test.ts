import { SIGN_ERRORS, type Judgement } from '@hefu/sign';
import { hmac, sm3 } from '@hefu/crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { COSS_APP } from '../../../../sandbox/dist/index.js';
import { APIS, AT, createBench, judgement, leaks, once, sign, type Bench } from '../bench.js';
import { expectDone } from './expect.js';

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });
const open: Bench[] = [];
afterEach(() => Promise.all(open.splice(0).map((bench) => bench.close())));
const bench = async (api: (typeof APIS)[number] = 'coss'): Promise<Bench> => {
  const made = await createBench(api);
  open.push(made);
  return made;
};
const SM2 = { kind: 'SM2' } as const;
const body = (jobId: string, more: object = {}): string => JSON.stringify({ signDataId: jobId, transId: 'x', jobStatus: 'FINISH', ...more });
const signed = (text: string, at: number = AT, secret: string = COSS_APP.secret) => ({
  headers: { 'x-coss-timestamp': String(at), 'x-coss-signature': Buffer.from(hmac(sm3, new TextEncoder().encode(secret), new TextEncoder().encode(`${at}\n${text}`))).toString('base64') }, body: text,
});
const warnings = (ran: Awaited<ReturnType<typeof sign>>) => ran.events.flatMap((event) => (event.type === 'warning' && event.code !== 'CLOCK_UNCHECKED' ? [event.code] : []));

describe('25: a callback', () => {
  it.each(['coss', 'zhongzhao'] as const)('wakes the session before its next question (%s)', async (api) => {
    const polls = async (fault?: string): Promise<number> => {
      const own = await bench(api);
      if (fault !== undefined) own.provider.faults.set(fault);
      const ran = await sign(own, judged, async ({ payload }, n) => {
        if (n > 1) return undefined;
        await own.clock.sleep(20_000);
        await own.phone(payload, 'approve');
        return undefined;
      }, SM2);
      expectDone(ran, own);
      return own.clock.now() - AT;
    };
    expect(await polls()).toBeLessThan(await polls('callback-none'));
  });

  it.each([['callback-twice', 'DUPLICATE_IGNORED'], ['callback-forged', 'CALLBACK_IGNORED']] as const)('%s: %s is noted, and nothing else happens', async (fault, warning) => {
    const own = await bench();
    own.provider.faults.set(fault);
    const ran = await sign(own, judged, async ({ payload }, n) => {
      if (n > 1) return undefined;
      await own.phone(payload, 'ignore');
      await own.clock.sleep(3000);
      own.book.decide(own.book.jobs[0]!, 'approve');
      return undefined;
    }, SM2);
    expectDone(ran, own);
    expect(warnings(ran)).toContain(warning);
    expect(own.book.made).toHaveLength(1);
  });

  it.each(['callback-late', 'callback-reordered', 'callback-early', 'callback-none'])('%s changes nothing', async (fault) => {
    for (const api of ['coss', 'zhongzhao'] as const) {
      const own = await bench(api);
      own.provider.faults.set(fault);
      const ran = await sign(own, judged, once('approve'), SM2);
      expectDone(ran, own);
      expect(own.book.made).toHaveLength(1);
    }
  });

  it('that says it is finished finishes nothing', async () => {
    const own = await bench();
    const ran = await sign(own, judged, async (_, n) => {
      if (n === 1) {
        const jobId = own.book.jobs[0]!.id;
        expect(await own.adapter.handleCallback(signed(body(jobId)))).toMatchObject({ outcome: 'taken', reply: { status: 200, body: '{"status":"0x00000000"}' } });
        return 'refuse';
      }
      return undefined;
    }, SM2);
    expect(ran.end).toMatchObject({ type: 'failed', error: { code: 'USER_REFUSED', outcome: 'not-signed' } });
    expect(leaks(own)).toEqual([]);
  });

  it('is told apart: forged, stale, repeated, early, of nobody, malformed', async () => {
    const { adapter, clock } = await bench();
    const of = async (callback: Parameters<typeof adapter.handleCallback>[0]) => await adapter.handleCallback(callback);
    const good = signed(body('SD-0123456789abcdef'));
    expect(await of(good)).toMatchObject({ outcome: 'early', jobId: 'SD-0123456789abcdef', reply: { status: 200 } });
    const repeated = await of(good);
    expect(repeated).toMatchObject({ outcome: 'duplicate', code: 'CALLBACK_DUPLICATE', reply: { status: 200 } });
    const forged = await of(signed(body('SD-0123456789abcdef'), AT, 'another key'));
    expect(forged).toMatchObject({ outcome: 'forged', code: 'CALLBACK_FORGED', reply: { status: 401 } });
    for (const { code } of [repeated, forged]) for (const texts of [SIGN_ERRORS[code!].message, SIGN_ERRORS[code!].remedy]) {
      expect(texts.zh).toMatch(/[\u4e00-\u9fff]/u);
      expect(texts.en).toMatch(/^[A-Z]/);
    }
    // The MAC is over the octets received: the same members in another order are another body.
    expect(await of({ ...good, body: good.body.replace('{', '{ ') })).toMatchObject({ outcome: 'forged' });
    expect(await of({ headers: { ...good.headers, 'x-coss-timestamp': String(AT + 1) }, body: good.body })).toMatchObject({ outcome: 'forged' });
    expect(await of({ headers: {}, body: good.body })).toMatchObject({ outcome: 'forged' });
    expect(await of({ headers: { ...good.headers, 'x-coss-signature': '~' }, body: good.body })).toMatchObject({ outcome: 'forged' });
    expect(await of(signed(body('SD-0123456789abcdef', { n: 1 }), AT - 400_000))).toMatchObject({ outcome: 'stale', reply: { status: 401 } });
    clock.jump(1000);
    expect(await of(signed('[1]'))).toMatchObject({ outcome: 'malformed', reply: { status: 400 } });
    expect(await of(signed('{"signDataId":{}}'))).toMatchObject({ outcome: 'malformed' });
    expect(await of(signed('x'.repeat(300_000)))).toMatchObject({ outcome: 'malformed' });
    expect(await of({ headers: {}, body: Uint8Array.of(0xff, 0xfe) })).toMatchObject({ outcome: 'forged' });
  });

  it('that is sealed is opened by the integrator’s function, whose failure is a malformed callback', async () => {
    const { adapter } = await bench('zhongzhao');
    const sealed = (inside: string) => ({ headers: {}, body: JSON.stringify({ type: '03', data: { encrypt: Buffer.from(inside).toString('base64') } }) });
    expect(await adapter.handleCallback(sealed('{"tId":"T-1"}'))).toMatchObject({ outcome: 'early', jobId: 'T-1', reply: { body: '{"header":{"ret":"0","msg":""},"data":null}' } });
    expect(await adapter.handleCallback(sealed('no json'))).toMatchObject({ outcome: 'malformed' });
  });

  it('to a provider that calls nobody back is malformed', async () => {
    const { adapter } = await bench('device-link');
    expect(await adapter.handleCallback({ headers: {}, body: '{}' })).toMatchObject({ outcome: 'malformed' });
  });
});
