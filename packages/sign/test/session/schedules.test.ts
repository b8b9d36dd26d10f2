import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createScriptedProvider, type Script } from '../../src/conformance/scripted-provider.js';
import { createSigningSession, isTerminal, resumeSigningSession, type ChallengeAnswer, type JsonObject, type Judgement, type SigningEvent } from '../../src/index.js';
import { algorithms, AT, bench, companies, inputFor, judgement, play, softKey } from './bench.js';

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });

/** Long enough to be found in any encoding, and in nothing by chance. */
const PIN = '73051946820517';
const OTP = '91827364554637';

const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const schedule = fc.record({
  items: fc.integer({ min: 1, max: 5 }),
  pin: fc.boolean(), otp: fc.boolean(),
  qr: fc.option(fc.record({ decides: fc.constantFrom('approve', 'approve', 'refuse', 'never', 'wrong-code'), afterMs: fc.integer({ min: 0, max: 8000 }), ttlMs: fc.integer({ min: 2000, max: 9000 }) }), { nil: undefined }),
  maxPerAuthorisation: fc.integer({ min: 1, max: 5 }), maxPerCall: fc.integer({ min: 1, max: 5 }),
  lose: fc.dictionary(fc.constantFrom('1', '2', '3'), fc.constantFrom('request', 'answer', 'silence'), { maxKeys: 2 }),
  reconcile: fc.constantFrom('poll', 'poll', 'none'),
  refuses: fc.subarray(['i0', 'i1', 'i2'], { maxLength: 1 }),
  wrongPins: fc.integer({ min: 0, max: 3 }),
  // Three schedules in four are left alone by each: were a cancellation, a death and a near deadline as likely as not, hardly one would be signed.
  cancelAt: seldom(fc.integer({ min: 0, max: 14 })),
  deadlineMs: seldom(fc.integer({ min: 0, max: 400_000 })),
  resume: fc.boolean(), dieAt: seldom(fc.integer({ min: 1, max: 10 })),
});

describe('any schedule', () => {
  it('holds the invariants of the contract', async () => {
    const seen = { done: 0, failed: 0, cancelled: 0, dead: 0 };
    await fc.assert(fc.asyncProperty(schedule, async (plan) => {
      const script = {
        ...(plan.pin ? { pin: PIN } : {}), ...(plan.otp ? { otp: OTP } : {}), ...(plan.qr === undefined ? {} : { qr: plan.qr }),
        maxPerAuthorisation: plan.maxPerAuthorisation, maxPerCall: plan.maxPerCall, lose: plan.lose, reconcile: plan.reconcile, refuses: plan.refuses,
      } as Script;
      const provider = createScriptedProvider([softKey(companies('SM2')[0]!)], script);
      const { ports, snapshots, journal, clock } = bench();
      const written: unknown[] = [];
      let kept = 0;
      let dead = false;
      let died = (): void => undefined;
      const never = new Promise<never>(() => undefined);
      const death = new Promise<undefined>((resolve) => (died = () => resolve(undefined)));
      // A dead process waits for nothing, sends nothing and is not cancelled.
      const mortal = {
        ...ports,
        clock: { now: () => clock.now(), sleep: (ms: number, signal?: AbortSignal) => (dead ? never : clock.sleep(ms, signal).finally(() => (dead ? never : undefined))) },
        keep: async (snapshot: JsonObject) => {
          if (dead) return never;
          await ports.keep!(snapshot);
          if (++kept !== plan.dieAt) return;
          dead = true;
          died();
          await never;
        },
      };
      const answers = {
        PIN: (n: number): ChallengeAnswer => ({ type: 'pin', value: n <= plan.wrongPins ? '00000000000000' : PIN }),
        OTP: (n: number): ChallengeAnswer => (n === 1 ? { type: 'resend' } : { type: 'otp', value: OTP }),
      };
      const session = await createSigningSession(await inputFor(provider.adapter, plan.items, judged, mortal, plan.deadlineMs === undefined ? {} : { deadline: AT + plan.deadlineMs }));
      let count = 0;
      let cancelled = false;
      let ended = false;
      const after = (event: SigningEvent): void => {
        if (dead) return;
        expect(ended, 'nothing comes after the end').toBe(false);
        ended = isTerminal(event);
        if (cancelled) expect(event.type).not.toBe('done');
        written.push(event, session.snapshot());
        if (count++ === plan.cancelAt) { cancelled = !ended; void session.cancel(); }
      };
      const events = await Promise.race([play(session, answers, after), death]);
      if (events === undefined) seen.dead++;
      else {
        expect(events.filter(isTerminal)).toHaveLength(1);
        expect(isTerminal(events.at(-1)!)).toBe(true);
        seen[events.at(-1)!.type as 'done']++;
      }
      const first = events?.at(-1);
      const madeByThen = [...provider.made];
      if ((plan.resume || events === undefined) && snapshots.length > 0 && first?.type !== 'done') {
        const next = bench(clock);
        const again = resumeSigningSession(snapshots.at(-1)!, { adapter: provider.adapter, algorithms, judgement: judged, ports: next.ports });
        const more = await play(again, answers);
        expect(more.filter(isTerminal)).toHaveLength(1);
        written.push(more, next.snapshots, next.journal, again.snapshot());
      }
      // An item signed twice would be two bids; two live authorisations the way there.
      expect(new Set(provider.made).size).toBe(provider.made.length);
      expect(provider.mostLive()).toBeLessThanOrEqual(1);
      if (first?.type === 'done') {
        expect(first.signatures).toHaveLength(plan.items);
        expect(first.signatures.every(({ report }) => report.conclusion === 'passed')).toBe(true);
      }
      // A false word about what was made is as bad.
      if (first?.type === 'cancelled' && first.outcome === 'not-signed') expect(madeByThen).toEqual([]);
      if (first?.type === 'cancelled' && first.outcome === 'signed') expect([...first.kept].sort()).toEqual([...madeByThen].sort());
      if (first?.type === 'failed' && first.error.outcome === 'not-signed' && first.error.itemId === undefined && first.signatures.length === 0 && first.failed.length === 0) expect(madeByThen).toEqual([]);
      const text = JSON.stringify([written, snapshots, journal], (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value));
      for (const secret of [PIN, OTP, ...provider.secrets]) {
        for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1), Buffer.from(secret).toString('hex')]) expect(text.includes(form), form).toBe(false);
      }
    }), { numRuns: Number(process.env['HEFU_SCHEDULES'] ?? 60), seed: Number(process.env['HEFU_SEED'] ?? 20261127) });
    // The schedules are worth something only if they end in every way.
    expect(Object.values(seen).every((times) => times > 0), JSON.stringify(seen)).toBe(true);
  }, 120_000 + 200 * Number(process.env['HEFU_SCHEDULES'] ?? 60));

  it('would notice a secret in a snapshot', async () => {
    const provider = createScriptedProvider([softKey(companies('SM2')[0]!)], { pin: PIN });
    const { ports, snapshots } = bench();
    const leaky = { ...provider.adapter, begin: async (...args: Parameters<typeof provider.adapter.begin>) => {
      const session = await provider.adapter.begin(...args);
      return { ...session, snapshot: () => ({ ...session.snapshot(), note: `pin ${PIN}` }) };
    } };
    const events = await play(await createSigningSession(await inputFor(leaky, 1, judged, ports)), { PIN: { type: 'pin', value: PIN } });
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'ADAPTER_MISCONFIGURED', detail: 'secret-in-snapshot' } });
    expect(provider.made).toEqual([]);
    expect(snapshots.length).toBeGreaterThan(0);
  });
});
