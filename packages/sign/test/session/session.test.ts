import { beforeAll, describe, expect, it } from 'vitest';
import { createScriptedProvider } from '../../src/conformance/scripted-provider.js';
import { checkFile, createSigningSession, createSoftAdapter, firstBrokenLine, manifestFile, resumeSigningSession, type JsonObject, type Judgement, type SigningEvent } from '../../src/index.js';
import { algorithms, AT, bench, companies, inputFor, judgement, play, softKey } from './bench.js';
import { sha256 } from '@hefu/crypto';

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });
const last = (events: readonly SigningEvent[]): SigningEvent => events.at(-1)!;
const terminals = (events: readonly SigningEvent[]): number => events.filter(({ type }) => ['done', 'failed', 'cancelled'].includes(type)).length;
const company = () => companies('SM2')[0]!;
const pin = { type: 'pin', value: '135790' } as const;

describe.each(['SM2', 'P-256', 'RSA-2048'] as const)('a signing with a %s key at hand', (kind) => {
  it('hands over messages that the judge passed', async () => {
    const { ports, journal } = bench();
    const session = await createSigningSession(await inputFor(createSoftAdapter({ keys: [softKey(companies(kind)[0]!)], accepts: ['sm2-e', 'tbs'] }), 3, judged, ports));
    const events = await play(session);
    expect(last(events)).toMatchObject({ type: 'done' });
    const done = last(events) as Extract<SigningEvent, { type: 'done' }>;
    expect(done.signatures.map(({ itemId, report }) => [itemId, report.conclusion, report.code])).toEqual([0, 1, 2].map((i) => [`i${i}`, 'passed', 'OK']));
    expect(firstBrokenLine(journal, sha256)).toBeUndefined();
    expect(terminals(events)).toBe(1);
  });
});

describe('a signing', () => {
  it('hands over nothing that the judge does not pass', async () => {
    const { ports, clock } = bench();
    const session = await createSigningSession(await inputFor(createSoftAdapter({ keys: [softKey(company())] }), 1, judged, ports));
    // The certificate ends between the beginning and the verdict.
    const events = await play(session, {}, (event) => { if (event.type === 'item') clock.jump(20 * 365 * 86_400_000); });
    expect(last(events)).toMatchObject({ type: 'failed', error: { code: 'VERDICT_NOT_PASSED', outcome: 'signed' }, failed: [{ itemId: 'i0', report: { conclusion: 'failed' } }], signatures: [] });
  });

  it('asks for PIN and code, again after a mistake, and shows the code of a device', async () => {
    const provider = createScriptedProvider([softKey(company())], { pin: '135790', otp: '246802', qr: { decides: 'approve', afterMs: 5000, ttlMs: 60_000 } });
    const session = await createSigningSession(await inputFor(provider.adapter, 2, judged, bench().ports));
    const events = await play(session, { PIN: (n) => (n === 1 ? { type: 'pin', value: '000000' } : pin), OTP: (n) => (n === 1 ? { type: 'resend' } : { type: 'otp', value: '246802' }) });
    expect(last(events).type).toBe('done');
    const challenges = events.flatMap((event) => (event.type === 'challenge' ? [event.challenge] : []));
    expect(challenges.filter(({ id }) => id === 'PIN').map((each) => 'attemptsLeft' in each && each.attemptsLeft)).toEqual([3, 2]);
    expect(new Set(challenges.flatMap((each) => (each.type === 'qr' ? [each.payload] : []))).size).toBeGreaterThan(2);
    expect(provider.made).toEqual(['i0', 'i1']);
  });

  it('tells an answer that was not asked for, and one that is none', async () => {
    const provider = createScriptedProvider([softKey(company())], { pin: '135790' });
    const session = await createSigningSession(await inputFor(provider.adapter, 1, judged, bench().ports));
    const seen: string[] = [];
    await play(session, {}, (event) => {
      if (event.type === 'challenge') seen.push(session.answer('OTP', pin), session.answer('PIN', { type: 'pin', value: '12ab' }), session.answer('PIN', { type: 'otp', value: '1' }), session.answer('PIN', pin), session.answer('PIN', pin));
    });
    expect(seen).toEqual(['not-asked', 'malformed', 'malformed', 'accepted', 'not-asked']);
  });

  it.each([['refuse', 'USER_REFUSED'], ['never', 'USER_TIMEOUT'], ['wrong-code', 'WRONG_VERIFICATION_CODE']] as const)('tells a user who would %s', async (decides, code) => {
    const provider = createScriptedProvider([softKey(company())], { qr: { decides, afterMs: 3000, ttlMs: 9000 } });
    const events = await play(await createSigningSession(await inputFor(provider.adapter, 1, judged, bench().ports, { limits: { attempts: 1 } })));
    expect(last(events)).toMatchObject({ type: 'failed', error: { code, outcome: 'not-signed' } });
    expect(provider.made).toEqual([]);
  });

  it('finds out what became of a lost answer, and signs nothing twice', async () => {
    const provider = createScriptedProvider([softKey(company())], { pin: '135790', lose: { 1: 'answer' } });
    const events = await play(await createSigningSession(await inputFor(provider.adapter, 2, judged, bench().ports)), { PIN: pin });
    expect(last(events).type).toBe('done');
    expect(provider.made).toEqual(['i0', 'i1']);
    expect(provider.jobs()).toBe(1);
  });

  it('authorises again when nothing was signed', async () => {
    const provider = createScriptedProvider([softKey(company())], { pin: '135790', lose: { 1: 'request' } });
    const events = await play(await createSigningSession(await inputFor(provider.adapter, 2, judged, bench().ports)), { PIN: pin });
    expect(last(events).type).toBe('done');
    expect(events.filter(({ type }) => type === 'warning')).toContainEqual(expect.objectContaining({ code: 'AUTHORISING_AGAIN' }));
    expect(provider.made).toEqual(['i0', 'i1']);
    expect(provider.mostLive()).toBe(1);
  });

  it('stays unknown where nobody can be asked', async () => {
    const provider = createScriptedProvider([softKey(company())], { pin: '135790', lose: { 1: 'answer' }, reconcile: 'none' });
    const events = await play(await createSigningSession(await inputFor(provider.adapter, 1, judged, bench().ports)), { PIN: pin });
    expect(last(events)).toMatchObject({ type: 'failed', error: { code: 'OUTCOME_UNKNOWN', outcome: 'unknown', retry: 'reconcile' } });
    expect(provider.jobs()).toBe(1);
  });

  it('keeps 4 of 5 when one is refused', async () => {
    const provider = createScriptedProvider([softKey(company())], { refuses: ['i2'], maxPerCall: 2 });
    const events = await play(await createSigningSession(await inputFor(provider.adapter, 5, judged, bench().ports)));
    expect(last(events)).toMatchObject({ type: 'failed', error: { code: 'PROVIDER_REFUSED', itemId: 'i2' }, failed: [{ itemId: 'i2' }] });
    expect((last(events) as Extract<SigningEvent, { type: 'failed' }>).signatures.map(({ itemId }) => itemId)).toEqual(['i0', 'i1', 'i3', 'i4']);
  });

  it('refuses another certificate', async () => {
    const provider = createScriptedProvider([softKey(company())], { chain: [companies('SM2')[1]!.sign.certificate] });
    const events = await play(await createSigningSession(await inputFor(provider.adapter, 1, judged, bench().ports)));
    expect(last(events)).toMatchObject({ type: 'failed', error: { code: 'CERT_SWAPPED' }, signatures: [] });
  });

  it('signs a manifest once, with a proof for each file', async () => {
    const provider = createScriptedProvider([softKey(company())], { pin: '135790', maxPerAuthorisation: 1 });
    const input = await inputFor(provider.adapter, 20, judged, bench().ports, { manifest: 'when-needed' });
    const events = await play(await createSigningSession(input), { PIN: pin });
    const done = last(events) as Extract<SigningEvent, { type: 'done' }>;
    expect(done).toMatchObject({ type: 'done', signatures: [{ itemId: 'manifest', report: { conclusion: 'passed' } }] });
    for (const { label, content } of input.items) expect(checkFile(done.manifest!, manifestFile(label, content, algorithms))).toBeUndefined();
    expect(checkFile(done.manifest!, manifestFile('file 3.pdf', new TextEncoder().encode('bid X'), algorithms))).toBe('SHA256_DIFFERS');
    expect(events[0]).toMatchObject({ type: 'plan', plan: { confirmations: 1 } });
  });

  it('does not begin when the deadline is too close, and ends when it passes', async () => {
    const close = createScriptedProvider([softKey(company())], { pin: '135790', maxPerAuthorisation: 1 });
    const events = await play(await createSigningSession(await inputFor(close.adapter, 3, judged, bench().ports, { deadline: AT + 100_000 })));
    expect(last(events)).toMatchObject({ type: 'failed', error: { code: 'DEADLINE_TOO_CLOSE', remainingMs: 100_000 } });
    expect(close.jobs()).toBe(0);
    const asleep = createScriptedProvider([softKey(company())], { pin: '135790' });
    const later = await play(await createSigningSession(await inputFor(asleep.adapter, 1, judged, bench().ports, { deadline: AT + 100_000 })));
    expect(last(later)).toMatchObject({ type: 'failed', error: { code: 'DEADLINE_PASSED', outcome: 'not-signed' } });
    expect(asleep.made).toEqual([]);
  });

  it('notices a file that changed', async () => {
    const { ports } = bench();
    const input = await inputFor(createSoftAdapter({ keys: [softKey(company())] }), 2, judged, { ...ports, reread: async (id) => new TextEncoder().encode(id === 'i1' ? 'bid changed' : 'bid 0') });
    expect(last(await play(await createSigningSession(input)))).toMatchObject({ type: 'failed', error: { code: 'FILE_CHANGED', itemId: 'i1' }, signatures: [{ itemId: 'i0' }] });
  });

  it('runs once, and not beside another of the same items', async () => {
    const { ports } = bench();
    const provider = createScriptedProvider([softKey(company())], { pin: '135790' });
    const input = await inputFor(provider.adapter, 1, judged, ports);
    const first = await createSigningSession(input);
    const second = await createSigningSession({ ...input, requestId: 'req-2' });
    let other: SigningEvent[] = [];
    const running = first.run();
    for (let step = await running.next(); step.done !== true; step = await running.next()) {
      if (step.value.type !== 'challenge') continue;
      other = await play(second);
      await expect(first.run().next()).rejects.toMatchObject({ code: 'ACTION_PENDING' });
      first.answer('PIN', pin);
    }
    expect(last(other)).toMatchObject({ type: 'failed', error: { code: 'ACTION_PENDING' } });
    expect(provider.jobs()).toBe(1);
  });
});

describe('cancelling', () => {
  it.each(['plan', 'phase', 'challenge'] as const)('at the first %s ends with cancelled, and nothing after it', async (at) => {
    const provider = createScriptedProvider([softKey(company())], { pin: '135790' });
    const session = await createSigningSession(await inputFor(provider.adapter, 1, judged, bench().ports));
    const events = await play(session, {}, (event) => { if (event.type === at) void session.cancel(); });
    expect(last(events)).toMatchObject({ type: 'cancelled', reason: 'user', outcome: 'not-signed' });
    expect(terminals(events)).toBe(1);
    expect(provider.made).toEqual([]);
  });
  it('says so when the provider had signed', async () => {
    const provider = createScriptedProvider([softKey(company())], {});
    const session = await createSigningSession(await inputFor(provider.adapter, 1, judged, bench().ports));
    const events = await play(session, {}, (event) => { if (event.type === 'item') void session.cancel(); });
    expect(last(events)).toMatchObject({ type: 'cancelled', outcome: 'signed', kept: ['i0'] });
  });
});

describe('resuming', () => {
  it('goes on from any snapshot without signing twice', async () => {
    const script = { pin: '135790', maxPerCall: 2, maxPerAuthorisation: 4 } as const;
    const whole = bench();
    await play(await createSigningSession(await inputFor(createScriptedProvider([softKey(company())], script).adapter, 6, judged, whole.ports)), { PIN: pin });
    expect(whole.snapshots.length).toBeGreaterThan(5);
    for (let stop = 1; stop <= whole.snapshots.length; stop++) {
      const provider = createScriptedProvider([softKey(company())], script);
      const first = bench();
      let kept = 0;
      // The process dies while it keeps its nth snapshot.
      const dead = new Promise<never>(() => undefined);
      const dying = { ...first.ports, keep: async (snapshot: JsonObject) => { await first.ports.keep!(snapshot); if (++kept === stop) { died(); await dead; } } };
      let died = (): void => undefined;
      const death = new Promise<void>((resolve) => (died = resolve));
      void play(await createSigningSession(await inputFor(provider.adapter, 6, judged, dying)), { PIN: pin });
      await death;
      const next = bench();
      const events = await play(resumeSigningSession(first.snapshots.at(-1)!, { adapter: provider.adapter, algorithms, judgement: judged, ports: next.ports }), { PIN: pin });
      expect(last(events), `after snapshot ${stop}`).toMatchObject({ type: 'done' });
      expect([...provider.made].sort(), `after snapshot ${stop}`).toEqual(['i0', 'i1', 'i2', 'i3', 'i4', 'i5']);
      expect(provider.mostLive()).toBe(1);
      expect(firstBrokenLine(next.journal, sha256, (first.snapshots.at(-1) as { state: { journal: never } }).state.journal)).toBeUndefined();
    }
  });
  it('takes up a second attempt with the items the first one left', async () => {
    const script = { maxPerCall: 1, lose: { 2: 'request' } } as const;
    const whole = bench();
    await play(await createSigningSession(await inputFor(createScriptedProvider([softKey(company())], script).adapter, 2, judged, whole.ports)));
    const second = whole.snapshots.findIndex((each) => JSON.stringify(each).includes('"requestId":"req-1.1.2"')) + 1;
    expect(second).toBeGreaterThan(0);
    const provider = createScriptedProvider([softKey(company())], script);
    const first = bench();
    let died = (): void => undefined;
    const death = new Promise<void>((resolve) => (died = resolve));
    void play(await createSigningSession(await inputFor(provider.adapter, 2, judged, { ...first.ports, keep: async (snapshot: JsonObject) => { await first.ports.keep!(snapshot); if (first.snapshots.length === second) { died(); await new Promise(() => undefined); } } })));
    await death;
    expect(last(await play(resumeSigningSession(first.snapshots.at(-1)!, { adapter: provider.adapter, algorithms, judgement: judged, ports: bench().ports })))).toMatchObject({ type: 'done' });
    expect(provider.made).toEqual(['i0', 'i1']);
  });
  it('refuses a snapshot that is none, or of another adapter, and a value altered in it', async () => {
    const { ports, snapshots } = bench();
    const soft = createSoftAdapter({ keys: [softKey(company())] });
    await play(await createSigningSession(await inputFor(soft, 1, judged, ports)));
    const surroundings = { algorithms, judgement: judged, ports: bench().ports };
    expect(() => resumeSigningSession({}, { ...surroundings, adapter: soft })).toThrowError(expect.objectContaining({ code: 'SNAPSHOT_INVALID' }));
    expect(() => resumeSigningSession(snapshots.at(-1)!, { ...surroundings, adapter: createScriptedProvider([]).adapter })).toThrowError(expect.objectContaining({ code: 'SNAPSHOT_INVALID' }));
    const altered = JSON.parse(JSON.stringify(snapshots.at(-1)!)) as { state: { released: { value: { $octets: string } }[] } };
    altered.state.released[0]!.value.$octets = `MEUC${altered.state.released[0]!.value.$octets.slice(4, -4)}AAAA`;
    expect(last(await play(resumeSigningSession(altered as never, { ...surroundings, adapter: soft })))).toMatchObject({ type: 'failed', error: { code: 'SNAPSHOT_INVALID' }, signatures: [] });
  });
});

