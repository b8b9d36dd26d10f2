import { beforeAll, describe, expect, it } from 'vitest';
import { createScriptedProvider, type Script, type ScriptedProvider } from '../../src/conformance/scripted-provider.js';
import { createSigningSession, resumeSigningSession, SignError, type AdapterContext, type Judgement, type SigningAdapter, type SigningEvent } from '../../src/index.js';
import { algorithms, AT, bench, companies, inputFor, judgement, play, softKey, type Bench } from './bench.js';

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });
const last = (events: readonly SigningEvent[]): SigningEvent => events.at(-1)!;
const provide = (script: Script): ScriptedProvider => createScriptedProvider([softKey(companies('SM2')[0]!)], script);
const resume = async ({ snapshots, clock }: Bench, adapter: SigningAdapter, each?: (event: SigningEvent) => void): Promise<SigningEvent[]> =>
  play(resumeSigningSession(snapshots.at(-1)!, { adapter, algorithms, judgement: judged, ports: bench(clock).ports }), {}, each);

/** Of three items, one by one, the second is signed and its answer lost; the user cancels meanwhile. */
async function cancelledInFlight(script: Script = {}): Promise<{ provider: ScriptedProvider; first: Bench; events: SigningEvent[] }> {
  const provider = provide({ maxPerCall: 1, lose: { 2: 'silence' }, ...script });
  const first = bench();
  const session = await createSigningSession(await inputFor(provider.adapter, 3, judged, first.ports));
  void first.clock.sleep(10_000).then(() => session.cancel());
  return { provider, first, events: await play(session) };
}

describe('what was made and lost before a cancel', () => {
  it('is found out, kept, and not signed again', async () => {
    const { provider, first, events } = await cancelledInFlight();
    expect(last(events)).toMatchObject({ type: 'cancelled', outcome: 'signed', kept: ['i0', 'i1'] });
    expect(provider.made).toEqual(['i0', 'i1']);
    expect(last(await resume(first, provider.adapter))).toMatchObject({ type: 'done' });
    expect(provider.made).toEqual(['i0', 'i1', 'i2']);
    expect(provider.mostLive()).toBe(1);
  });
  it('stays unknown where nobody can be asked, also for who resumes', async () => {
    const { provider, first, events } = await cancelledInFlight({ reconcile: 'none' });
    expect(last(events)).toMatchObject({ type: 'cancelled', outcome: 'unknown', kept: ['i0'] });
    expect(last(await resume(first, provider.adapter))).toMatchObject({ type: 'failed', error: { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' }, signatures: [{ itemId: 'i0' }] });
    expect(provider.made).toEqual(['i0', 'i1']);
  });
  it('is found out at the deadline as well', async () => {
    const provider = provide({ maxPerCall: 1, lose: { 2: 'silence' } });
    const first = bench();
    const events = await play(await createSigningSession(await inputFor(provider.adapter, 3, judged, first.ports, { deadline: AT + 10_000 })));
    expect(last(events)).toMatchObject({ type: 'failed', error: { code: 'DEADLINE_PASSED', outcome: 'signed' } });
    expect(JSON.stringify(first.snapshots.at(-1))).toContain('"itemId":"i1","value"');
  });
  it('was not made when the request was lost', async () => {
    const provider = provide({ lose: { 1: 'request' } });
    const session = await createSigningSession(await inputFor(provider.adapter, 2, judged, bench().ports));
    const events = await play(session, {}, (event) => { if (event.type === 'phase' && event.phase === 'reconciling') void session.cancel(); });
    expect(last(events)).toMatchObject({ type: 'cancelled', outcome: 'not-signed', kept: [] });
    expect(provider.made).toEqual([]);
  });
});

describe('a session resumed in flight', () => {
  it('is not free because it was cancelled before it could ask', async () => {
    const { provider, first } = await cancelledInFlight({ reconcile: 'none' });
    const session = resumeSigningSession(first.snapshots.at(-1)!, { adapter: { ...provider.adapter, resume: () => new Promise(() => undefined) }, algorithms, judgement: judged, ports: first.ports });
    const events = await play(session, {}, (event) => { if (event.type === 'phase') void session.cancel(); });
    expect(last(events)).toMatchObject({ type: 'cancelled', outcome: 'unknown' });
    expect(last(await resume(first, provider.adapter))).toMatchObject({ type: 'failed', error: { code: 'OUTCOME_UNKNOWN' } });
    expect(provider.made).toEqual(['i0', 'i1']);
  });
  it('does not say "not signed" because somebody else has it', async () => {
    const { provider, first } = await cancelledInFlight({ reconcile: 'none' });
    const events = await play(resumeSigningSession(first.snapshots.at(-1)!, { adapter: provider.adapter, algorithms, judgement: judged, ports: { ...first.ports, leases: { acquire: async () => false, release: async () => undefined } } }));
    expect(last(events)).toMatchObject({ type: 'failed', error: { code: 'ACTION_PENDING', outcome: 'unknown' } });
  });
});

describe('an end', () => {
  it('keeps the lease until what was live is over, and what was in flight comes first when it is resumed', async () => {
    const provider = provide({ lose: { 1: 'silence' } });
    const first = bench();
    const session = await createSigningSession(await inputFor(provider.adapter, 1, judged, { ...first.ports, leases: {
      acquire: async () => true,
      release: async () => void expect(provider.requests).toContain('cancel'),
    } }));
    void first.clock.sleep(10_000).then(() => session.cancel());
    await play(session);
    expect.assertions(4);
    // The first group failed, the second is in flight.
    const other = provide({ maxPerCall: 1, maxPerAuthorisation: 1, refuses: ['i0'], lose: { 2: 'silence' }, reconcile: 'none' });
    const second = bench();
    const again = await createSigningSession(await inputFor(other.adapter, 2, judged, second.ports));
    void second.clock.sleep(10_000).then(() => again.cancel());
    expect(last(await play(again))).toMatchObject({ type: 'cancelled', outcome: 'unknown' });
    expect(last(await resume(second, other.adapter))).toMatchObject({ type: 'failed', error: { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' } });
    expect(other.made).toEqual(['i1']);
  });
});

describe('an error that says "not signed" while something is in flight', () => {
  it.each(['poll', 'none'] as const)('is not taken at its word (reconcile: %s)', async (reconcile) => {
    const provider = provide({ maxPerCall: 1, lose: { 2: 'answer' }, reconcile });
    // An adapter that sends what may sign in its own way, marks it, and is wrong about what an error means.
    const hasty: SigningAdapter = { ...provider.adapter, begin: async (request, context) => {
      const session = await provider.adapter.begin(request, { ...context, request: (_, __, send) => send(context.signal) });
      return { ...session, async *run(io) {
        yield { type: 'checkpoint', inFlight: true };
        try { yield* session.run(io); } catch (cause) { throw new SignError('PROVIDER_UNAVAILABLE', 'it says', { cause, outcome: 'not-signed' }); }
      } };
    } };
    const events = await play(await createSigningSession(await inputFor(hasty, 3, judged, bench().ports)));
    expect(provider.made).toEqual(reconcile === 'poll' ? ['i0', 'i1', 'i2'] : ['i0', 'i1']);
    expect(last(events)).toMatchObject(reconcile === 'poll' ? { type: 'done' } : { type: 'failed', error: { outcome: 'unknown' } });
  });
});

describe('an answer that refuses, read by the adapter', () => {
  it('is taken at its word, also where nobody can be asked', async () => {
    const provider = provide({ reconcile: 'none' });
    const reading: SigningAdapter = { ...provider.adapter, begin: async (request, context) => {
      const session = await provider.adapter.begin(request, context);
      return { ...session, async *run() {
          yield { type: 'phase', phase: 'signing' };
        await context.request('sign', 'once', async () => 403);
        throw new SignError('PROVIDER_REFUSED', 'forbidden', { outcome: 'not-signed' });
      } };
    } };
    const { ports, snapshots } = bench();
    expect(last(await play(await createSigningSession(await inputFor(reading, 1, judged, ports))))).toMatchObject({ type: 'failed', error: { code: 'PROVIDER_REFUSED', outcome: 'not-signed' } });
    expect(last(await play(resumeSigningSession(snapshots.at(-1)!, { adapter: provider.adapter, algorithms, judgement: judged, ports })))).toMatchObject({ type: 'done' });
    expect(provider.made).toEqual(['i0']);
  });
});

describe('after the end', () => {
  it('an adapter can still cancel at the provider, and sign nothing', async () => {
    const provider = provide({ qr: { decides: 'approve', afterMs: 30_000, ttlMs: 60_000 } });
    let late: AdapterContext | undefined;
    const adapter: SigningAdapter = { ...provider.adapter, begin: (request, context) => provider.adapter.begin(request, (late = context)) };
    const session = await createSigningSession(await inputFor(adapter, 1, judged, bench().ports));
    const events = await play(session, {}, (event) => { if (event.type === 'poll') void session.cancel(); });
    expect(last(events)).toMatchObject({ type: 'cancelled', outcome: 'not-signed' });
    expect(events).not.toContainEqual(expect.objectContaining({ code: 'CANCEL_NOT_CONFIRMED' }));
    expect(provider.requests).toContain('cancel');
    await expect(late!.request('sign', 'once', async () => provider.requests)).rejects.toMatchObject({ code: 'ABORTED', outcome: 'not-signed' });
  });
  it('of an opening that came too late nothing is live', async () => {
    const provider = provide({});
    const { ports, clock, snapshots } = bench();
    const slow: SigningAdapter = { ...provider.adapter, begin: async (request, context) => { await clock.sleep(5000); return provider.adapter.begin(request, context); } };
    const session = await createSigningSession(await inputFor(slow, 1, judged, ports));
    const events = await play(session, {}, (event) => { if (event.type === 'phase') void session.cancel(); });
    expect(last(events)).toMatchObject({ type: 'cancelled', outcome: 'not-signed' });
    await clock.sleep(20_000);
    expect(provider.requests).toEqual(['cancel']);
    expect(last(await play(resumeSigningSession(snapshots.at(-1)!, { adapter: provider.adapter, algorithms, judgement: judged, ports })))).toMatchObject({ type: 'done' });
  });
});
