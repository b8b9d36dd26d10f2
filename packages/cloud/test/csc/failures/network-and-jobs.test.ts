import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@hefu/sign';
import { createCscMemoryVault, CSC_QUIRKS, type CscCallbacks } from '../../../src/index.js';
import { bench, leaks, play, resumeOf, sessionOf, type Bench, type BenchChange } from '../bench.js';
import { expectFailure } from './expect-failure.js';

const SM2 = 'key-qinghe';
const CALLBACK = 'https://platform.example/csc/callback/';

/** A backend that keeps what comes to its callback addresses. */
function callbacks(): { readonly port: CscCallbacks; readonly notify: (uri: string, body: string) => void; readonly count: () => number } {
  const received = new Map<string, JsonObject>();
  let count = 0;
  return {
    port: { uri: (requestId) => `${CALLBACK}${requestId}`, received: async (requestId) => received.get(requestId) },
    notify: (uri, body) => { count++; received.set(uri.slice(CALLBACK.length), JSON.parse(body) as JsonObject); },
    count: () => count,
  };
}

function withCallbacks(change: BenchChange = {}): { readonly on: Bench; readonly count: () => number } {
  const { port, notify, count } = callbacks();
  return { on: bench({ ...change, sandbox: { ...change.sandbox, notify }, options: { ...change.options, callbacks: port } }), count };
}

describe('an answer that is lost after the service signed (2)', () => {
  it('is OUTCOME_UNKNOWN where nobody can be asked, and nothing is signed again', async () => {
    for (const version of ['v1', 'v2'] as const) {
      const on = bench({ version, options: { asynchronous: 'never' } });
      on.service.faults.set('lost-answer,on=signHash');
      const played = await play(on, await sessionOf(on, SM2, 2));
      expectFailure(on, played, { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
      expect(on.service.exchanges.filter(({ path }) => path.endsWith('signHash'))).toHaveLength(1);
      // Nor later, from what was kept.
      on.service.faults.clear();
      expectFailure(on, await play(on, await resumeOf(on, on.snapshots.at(-1)!)), { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
      expect(on.provider.made).toHaveLength(2);
    }
  });

  it('is found through the callback, and its values are fetched and verified', async () => {
    const { on, count } = withCallbacks();
    on.service.faults.set('lost-answer,on=signHash,times=1');
    const { end, events } = await play(on, await sessionOf(on, SM2, 3));
    expect(end.type).toBe('done');
    expect(events).toContainEqual(expect.objectContaining({ type: 'phase', phase: 'reconciling' }));
    expect(on.provider.made).toHaveLength(3);
    expect(count()).toBe(1);
    expect(leaks(on, events)).toEqual([]);
  });

  it('does not matter for what asks', async () => {
    const on = bench();
    const session = await sessionOf(on, SM2);
    on.service.faults.set('lost-answer,on=signPolling,times=2');
    expect((await play(on, session)).end.type).toBe('done');
  });

  it('of an authorisation costs a question, not a signature', async () => {
    const on = bench({ version: 'v1' });
    const session = await sessionOf(on, SM2);
    on.service.faults.set('lost-answer,on=credentials/authorize,times=1');
    const { end, asked } = await play(on, session);
    expect(end.type).toBe('done');
    expect(asked).toHaveLength(2);
    expect(on.provider.made).toHaveLength(1);
  });
});

describe('a callback (25)', () => {
  it('that comes twice, or before the answer, changes nothing', async () => {
    const { on, count } = withCallbacks();
    on.service.faults.set('callback-twice');
    expect((await play(on, await sessionOf(on, SM2, 2))).end.type).toBe('done');
    expect(count()).toBe(2);
    expect(on.provider.made).toHaveLength(2);
  });

  it('that is forged completes nothing', async () => {
    const { on } = withCallbacks();
    on.service.faults.set('lost-answer,on=signHash');
    on.service.faults.set('callback-forged');
    expectFailure(on, await play(on, await sessionOf(on, SM2)), { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
  });

  it('with the number of another signing is refused by its values', async () => {
    const first = withCallbacks();
    expect((await play(first.on, await sessionOf(first.on, SM2))).end.type).toBe('done');
    const stolen = JSON.parse(first.on.service.exchanges.find(({ path }) => path.endsWith('signPolling'))!.body) as { requestID: string };
    const session = await sessionOf(first.on, SM2, 1, { requestId: 'req-2', items: [{ itemId: 'i0', label: 'x', content: new TextEncoder().encode('another document') }], adapter: (await import('../../../src/index.js')).cscAdapter({ ...first.on.options, callbacks: { uri: () => `${CALLBACK}x`, received: async () => ({ responseID: stolen.requestID }) } }) });
    first.on.service.faults.set('lost-answer,on=signHash');
    const { end } = await play(first.on, session);
    expect(end).toMatchObject({ type: 'failed', error: { outcome: 'signed', code: expect.stringMatching(/^SIGNATURE_/) as unknown } });
    expect(end.type === 'failed' && end.signatures).toEqual([]);
  });
});

describe('a job (6)', () => {
  it.each([
    ['as the text has it: 202', {}], ['answered 200 without values', { fault: '200-empty' }],
    ['answered 400, at a service known for it', { preset: 'sign8' as const, quirks: CSC_QUIRKS.sign8 }],
  ])('is pending %s', async (_, { fault, preset, quirks }: { fault?: string; preset?: 'sign8'; quirks?: typeof CSC_QUIRKS.sign8 }) => {
    const on = bench({ sandbox: { pendingPolls: 3, ...(preset === undefined ? {} : { preset }) }, options: quirks === undefined ? {} : { quirks } });
    if (fault !== undefined) on.service.faults.set(fault);
    const { end, events } = await play(on, await sessionOf(on, SM2));
    expect(end.type).toBe('done');
    // The session puts polls together that nobody looked at meanwhile.
    expect(on.service.exchanges.filter(({ path }) => path.endsWith('signPolling'))).toHaveLength(4);
    expect(events.some(({ type }) => type === 'poll')).toBe(true);
  });

  it('answered 400 at a service not known for it is not taken for a refusal, after which it would be signed again', async () => {
    const on = bench({ sandbox: { preset: 'sign8', pendingPolls: 2 } });
    const { end, asked } = await play(on, await sessionOf(on, SM2));
    expect(end.type).toBe('done');
    expect(asked).toHaveLength(1);
    expect(on.provider.made).toHaveLength(1);
  });

  it('that is refused is not signed; one that fails without saying so, or never ends, is not known', async () => {
    const refused = bench();
    refused.service.faults.set('job-refused');
    refused.service.faults.set('signs-nothing');
    expectFailure(refused, await play(refused, await sessionOf(refused, SM2)), { code: 'USER_REFUSED', outcome: 'not-signed' });
    const failed = bench();
    failed.service.faults.set('job-failed');
    expectFailure(failed, await play(failed, await sessionOf(failed, SM2)), { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
    const endless = bench();
    endless.service.faults.set('always-pending');
    expectFailure(endless, await play(endless, await sessionOf(endless, SM2)), { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
  });

  it('is taken up by another process after a crash, without another question', async () => {
    const vault = createCscMemoryVault();
    const on = bench({ sandbox: { pendingPolls: 2 }, options: { vault } });
    const first = await sessionOf(on, SM2, 3);
    const left: JsonObject[] = [];
    for await (const event of first.run()) {
      if (event.type === 'challenge' && event.challenge.type === 'pin') first.answer(event.challenge.id, await on.answer(event.challenge));
      if (event.type !== 'poll') continue;
      left.push(...on.snapshots.slice(-1));
      break;
    }
    expect(JSON.stringify(left[0])).toContain('responseId');
    const { end, asked } = await play(on, await resumeOf(on, left[0]!));
    expect(end.type).toBe('done');
    expect(asked).toEqual([]);
    expect(on.provider.made).toHaveLength(3);
  });
});

describe('a service', () => {
  it('that is busy is waited for, without asking the user again (4)', async () => {
    const on = bench({ version: 'v1' });
    const session = await sessionOf(on, SM2);
    on.service.faults.set('429,on=signHash,times=2');
    const { end, asked } = await play(on, session);
    expect(end.type).toBe('done');
    expect(asked).toHaveLength(1);
    const always = bench({ version: 'v1' });
    const other = await sessionOf(always, SM2);
    always.service.faults.set('429,on=signHash');
    expectFailure(always, await play(always, other), { code: 'RATE_LIMITED', outcome: 'not-signed' });
  });

  it('that is down while asked is asked again, and while signing is not (5)', async () => {
    const on = bench();
    const session = await sessionOf(on, SM2);
    on.service.faults.set('503,on=signPolling,times=2');
    expect((await play(on, session)).end.type).toBe('done');
    const signing = bench({ options: { asynchronous: 'never' } });
    const other = await sessionOf(signing, SM2);
    signing.service.faults.set('503,on=signHash');
    expectFailure(signing, await play(signing, other), { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
  });

  it('whose listing never ends is left (3)', async () => {
    const on = bench({ sandbox: { pageSize: 1 } });
    on.service.faults.set('endless-pages');
    await expect(on.credential(SM2)).rejects.toMatchObject({ code: 'PROVIDER_PROTOCOL', detail: 'endless-pages' });
    expect(on.service.exchanges.length).toBeLessThan(200);
  });

  it('that answers nonsense to signHash is not believed either way', async () => {
    const on = bench({ version: 'v1' });
    const session = await sessionOf(on, SM2);
    on.service.faults.set('not-json,on=signHash');
    expectFailure(on, await play(on, session), { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
  });
});
