import fc from 'fast-check';
import { isTerminal, type JsonObject, type Judgement, type SigningEvent } from '@hefu/sign';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PhoneAct } from '../../../sandbox/dist/index.js';
import { algorithms, APIS, createBench, createSigningSession, desk, inputFor, judgement, leaks, madeItems, once, play, resumeSigningSession, type Hand } from './bench.js';

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });

const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const ACTS: readonly (PhoneAct | 'nothing')[] = ['approve', 'approve', 'approve', 'approve', 'refuse', 'wrong-code', 'nothing', 'ignore', 'approve-late', 'sign-other'];

const schedule = fc.record({
  api: fc.constantFrom(...APIS),
  items: fc.integer({ min: 1, max: 3 }),
  act: fc.constantFrom(...ACTS),
  code: fc.integer({ min: 1, max: 2 }),
  afterMs: fc.integer({ min: 0, max: 40_000 }),
  lost: fc.array(fc.record({ name: fc.constantFrom('lost-request', 'lost-answer', '503', '429-no-wait'), after: fc.integer({ min: 0, max: 6 }), times: fc.integer({ min: 1, max: 3 }) }), { maxLength: 2 }),
  callbacks: seldom(fc.constantFrom('callback-none', 'callback-twice', 'callback-forged', 'callback-late', 'callback-reordered', 'callback-early')),
  offline: seldom(fc.record({ fromMs: fc.integer({ min: 0, max: 30_000 }), forMs: fc.integer({ min: 1000, max: 300_000 }) })),
  sleepMs: seldom(fc.integer({ min: 10_000, max: 900_000 })),
  cancelAt: seldom(fc.integer({ min: 1, max: 25 })),
  dieAt: seldom(fc.integer({ min: 1, max: 6 })),
  resume: fc.boolean(),
});

const RUNS = Number(process.env['HEFU_SCHEDULES'] ?? 12);

describe('any schedule of polls, callbacks, users and losses', () => {
  it('holds the invariants', async () => {
    const seen = { done: 0, failed: 0, cancelled: 0, dead: 0 };
    await fc.assert(fc.asyncProperty(schedule, async (plan) => {
      const bench = await createBench(plan.api);
      const { clock, book, provider } = bench;
      const own = desk(clock);
      let kept = 0;
      let died = (): void => undefined;
      const death = new Promise<undefined>((resolve) => (died = () => resolve(undefined)));
      const ports = { ...own.ports, keep: async (snapshot: JsonObject) => {
        await own.ports.keep!(snapshot);
        if (++kept === plan.dieAt) { died(); await new Promise(() => undefined); }
      } };
      const count = plan.api === 'device-link' ? 1 : plan.items;
      const session = await createSigningSession(await inputFor(bench, ports, judged, { kind: 'SM2', count }));
      for (const { name, after, times } of plan.lost) provider.faults.set({ name, after, times });
      if (plan.callbacks !== undefined) provider.faults.set(plan.callbacks);
      let closed = false;
      const later = (ms: number, what: () => unknown): void => void clock.sleep(ms).then(() => (closed ? undefined : what()));
      if (plan.offline !== undefined) {
        later(plan.offline.fromMs, () => { bench.online.value = false; });
        later(plan.offline.fromMs + plan.offline.forMs, () => { bench.online.value = true; });
      }
      // The user meets the network's faults on no other way than his own: the phone is not behind them.
      const shown = new Set<string>();
      const seenBy = new Set<string>();
      const hand: Hand = ({ payload }) => {
        const url = new URL(payload);
        const id = url.searchParams.get('job') ?? url.searchParams.get('tId') ?? url.searchParams.get('sessionToken')!;
        shown.add(id);
        const live = book.jobs.filter((job) => (job.state === 'waiting' || job.state === 'scanned') && shown.has(job.extra?.['token'] ?? job.id));
        expect(live.length, 'two live jobs for one request').toBeLessThanOrEqual(1);
        if (seenBy.has(id)) return undefined;
        seenBy.add(id);
        if (seenBy.size === 1 && plan.sleepMs !== undefined) clock.jump(plan.sleepMs);
        const act = plan.act;
        const job = book.jobs.find((each) => (each.extra?.['token'] ?? each.id) === id)!;
        if (seenBy.size === plan.code && act !== 'nothing') later(plan.afterMs, () => book.decide(job, act));
        return undefined;
      };
      let n = 0;
      let cancelled = false;
      let ended = false;
      const each = (event: SigningEvent): void => {
        expect(ended, 'nothing comes after the end').toBe(false);
        ended = isTerminal(event);
        if (cancelled) expect(event.type).not.toBe('done');
        if (n++ === plan.cancelAt) { cancelled = !ended; void session.cancel(); }
      };
      const events = await Promise.race([play(bench, session, hand, each), death]);
      const end = events?.at(-1);
      const madeByThen = madeItems(bench);
      if (events === undefined) seen.dead++;
      else {
        expect(events.filter(isTerminal)).toHaveLength(1);
        expect(isTerminal(end!)).toBe(true);
        seen[end!.type as 'done']++;
      }
      if (end?.type === 'done') {
        expect(end.signatures).toHaveLength(count);
        expect(end.signatures.every(({ report }) => report.conclusion === 'passed')).toBe(true);
        expect(plan.act).not.toBe('sign-other');
      }
      if (end?.type === 'failed' && end.error.outcome === 'not-signed') expect(madeByThen).toEqual([]);
      if (end?.type === 'cancelled' && end.outcome === 'not-signed') expect(madeByThen).toEqual([]);
      if ((plan.resume || events === undefined) && end?.type !== 'done' && own.snapshots.length > 0) {
        bench.online.value = true;
        provider.faults.clear();
        const again = resumeSigningSession(own.snapshots.at(-1)!, { adapter: bench.another(), algorithms, judgement: judged, ports: desk(clock).ports });
        const more = await play(bench, again, once('approve'));
        expect(more.filter(isTerminal)).toHaveLength(1);
      }
      // An item signed twice would be two bids.
      const made = madeItems(bench);
      expect(new Set(made).size, 'signed twice').toBe(made.length);
      bench.written.push(own.snapshots, own.journal);
      expect(leaks(bench)).toEqual([]);
      closed = true;
      await bench.close();
    }), { numRuns: RUNS, seed: Number(process.env['HEFU_SEED'] ?? 20261127) });
    expect(Object.values(seen).every((times) => times > 0), JSON.stringify(seen)).toBe(true);
  }, 60_000 + 6_000 * RUNS);
});
