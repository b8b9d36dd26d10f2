import type { Judgement, SigningEvent } from '@hefu/sign';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { algorithms, APIS, createBench, createSigningSession, desk, inputFor, judgement, leaks, once, play, resumeSigningSession, sign, type Api, type Bench } from '../bench.js';
import { expectDone, expectFailure } from './expect.js';

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });
const open: Bench[] = [];
afterEach(() => Promise.all(open.splice(0).map((bench) => bench.close())));
const bench = async (api: Api): Promise<Bench> => {
  const made = await createBench(api);
  open.push(made);
  return made;
};
const codes = (events: readonly SigningEvent[]) => events.flatMap((event) => (event.type === 'challenge' && event.challenge.type === 'qr' ? [event.challenge] : []));
const SM2 = { kind: 'SM2' } as const;

describe('the user', () => {
  it.each(APIS)('11 refuses on the phone (%s)', async (api) => {
    const own = await bench(api);
    expectFailure(await sign(own, judged, once('refuse'), SM2), own, 'USER_REFUSED', 'not-signed');
    expect(own.book.made).toEqual([]);
  });

  it.each(APIS)('15 chooses a wrong verification code (%s)', async (api) => {
    const own = await bench(api);
    expectFailure(await sign(own, judged, once('wrong-code'), SM2), own, 'WRONG_VERIFICATION_CODE', 'not-signed');
  });

  it.each([['coss', 6], ['zhongzhao', 6], ['device-link', 4]] as const)('12 never comes: %s shows a code anew as often as it may, never two at once', async (api, times) => {
    const own = await bench(api);
    let live = 0;
    const ran = await sign(own, judged, () => { live = Math.max(live, own.book.jobs.filter(({ state }) => state === 'waiting').length); return undefined; }, SM2);
    expectFailure(ran, own, 'USER_TIMEOUT', 'not-signed');
    expect(live).toBe(1);
    expect(own.book.jobs).toHaveLength(times);
    expect(own.book.jobs.every(({ state }) => state === 'expired' || state === 'cancelled')).toBe(true);
  });

  it('12 scans the second code after the first has expired', async () => {
    const own = await bench('coss');
    const ran = await sign(own, judged, (_, n) => (n === 2 ? 'approve' : undefined), SM2);
    expectDone(ran, own);
    expect(own.book.jobs).toHaveLength(2);
  });

  it('12 is late by a second, and the provider signed: it counts', async () => {
    const own = await bench('coss');
    const ran = await sign(own, judged, once('approve-late'), SM2);
    expectDone(ran, own);
    expect(own.book.made).toHaveLength(1);
  });

  it.each(APIS)('10 cancels here after he confirmed there: it is said that the provider signed (%s)', async (api) => {
    const own = await bench(api);
    const me = desk(own.clock);
    const session = await createSigningSession(await inputFor(own, me.ports, judged, SM2));
    const events = await play(own, session, async ({ payload }, n) => {
      if (n > 1) return undefined;
      // After the first poll, before the second.
      await own.clock.sleep(300);
      await own.phone(payload, 'approve');
      void session.cancel();
      return undefined;
    });
    expect(events.at(-1)).toMatchObject({ type: 'cancelled', reason: 'user', outcome: 'signed' });
    expect(leaks(own)).toEqual([]);
  });

  it.each([['coss', 'not-signed', 'cancelled'], ['zhongzhao', 'unknown', 'waiting']] as const)('10 cancels before: %s', async (api, outcome, state) => {
    const own = await bench(api);
    const me = desk(own.clock);
    const session = await createSigningSession(await inputFor(own, me.ports, judged, SM2));
    const events = await play(own, session, () => { void session.cancel(); return undefined; });
    expect(events.at(-1)).toMatchObject({ type: 'cancelled', outcome });
    expect(own.book.jobs.map((job) => job.state)).toEqual([state]);
    expect(own.book.made).toEqual([]);
  });
});

describe('a code', () => {
  it('rotates every second, each with its own proof, and none is shown beyond its age', async () => {
    const own = await bench('device-link');
    const ran = await sign(own, judged, (_, n) => (n === 4 ? 'approve' : undefined), SM2);
    expectDone(ran, own);
    const shown = codes(ran.events);
    expect(shown.length).toBeGreaterThanOrEqual(4);
    expect(new Set(shown.map(({ payload }) => payload)).size).toBe(shown.length);
    for (const [index, each] of shown.entries()) {
      expect(each.refreshAt! - each.expiresAt).toBe(1000 - 3000);
      expect(new URL(each.payload).searchParams.get('elapsedSeconds')).toBe(String(index));
      expect(each.deepLink).toContain('deviceLinkType=Web2App');
      expect(each.verificationCode).toMatch(/^\d{4}$/);
    }
  });

  it('that was photographed opens nothing later', async () => {
    const own = await bench('device-link');
    let first: string | undefined;
    const ran = await sign(own, judged, async ({ payload }, n) => {
      first ??= payload;
      if (n === 15) expect(await own.phone(first, 'approve')).toMatchObject({ status: 404, error: 'the code is too old' });
      return n === 15 ? 'approve' : undefined;
    }, SM2);
    expectDone(ran, own);
  });

  it('can be typed, and opens the app by a link; what opens it stands behind the fragment', async () => {
    const own = await bench('coss');
    const ran = await sign(own, judged, once('approve'), SM2);
    const [shown] = codes(ran.events);
    expect(shown!.shortCode).toMatch(/^[A-Z2-9]{8}$/);
    expect(shown!.deepLink).toBe(shown!.payload);
    expect(new URL(shown!.payload).hash.length).toBeGreaterThan(20);
    expect(own.provider.transcript.exchanges.every(({ path }) => !path.includes(new URL(shown!.payload).hash.slice(1)))).toBe(true);
  });
});

describe('the way there', () => {
  it.each(APIS)('7 a machine that slept for ten minutes asks before it gives up (%s)', async (api) => {
    const own = await bench(api);
    const ran = await sign(own, judged, async ({ payload }, n) => {
      if (n > 1) return undefined;
      await own.phone(payload, 'approve');
      own.clock.jump(600_000);
      return undefined;
    }, SM2);
    expectDone(ran, own);
  });

  it('7 and shows a new code when nobody confirmed meanwhile', async () => {
    const own = await bench('coss');
    const ran = await sign(own, judged, (_, n) => { if (n === 1) own.clock.jump(600_000); return n === 2 ? 'approve' : undefined; }, SM2);
    expectDone(ran, own);
    expect(own.book.jobs.map(({ state }) => state)).toEqual(['expired', 'signed']);
  });

  it.each(APIS)('8 is gone for a while and comes back (%s)', async (api) => {
    const own = await bench(api);
    let polls = 0;
    const ran = await sign(own, judged, async ({ payload }, n) => {
      if (n > 1) return undefined;
      own.online.value = false;
      await own.clock.sleep(2000);
      await own.phone(payload, 'approve');
      return undefined;
    }, { ...SM2, each: (event) => { if (event.type === 'poll' && ++polls === 3) own.online.value = true; } });
    expectDone(ran, own);
    expect(own.book.jobs).toHaveLength(1);
  });

  it('12 stays away: that is not the user, and nothing is signed again', async () => {
    const own = await bench('coss');
    const ran = await sign(own, judged, async ({ payload }) => {
      own.online.value = false;
      await own.clock.sleep(2000);
      await own.phone(payload, 'approve');
      return undefined;
    }, SM2);
    expectFailure(ran, own, 'OUTCOME_UNKNOWN', 'unknown');
    expect(own.book.made).toHaveLength(1);
  });

  it.each(['503,times=3,on=SignJob', '429,times=2,on=SignJob', 'lost-answer,times=3,on=SignJob', 'lost-request,times=3,on=SignJob'])('meets %s', async (fault) => {
    const own = await bench('coss');
    own.provider.faults.set(fault);
    const ran = await sign(own, judged, once('approve'), SM2);
    expectDone(ran, own);
    expect(own.book.made).toHaveLength(1);
  });

  it('is asked less and less often, and sooner once somebody has scanned', async () => {
    const own = await bench('zhongzhao');
    let scannedAt: number | undefined;
    const waits: number[] = [];
    const ran = await sign(own, judged, async ({ payload }, n) => {
      if (n > 1) return undefined;
      void own.clock.sleep(30_000).then(async () => {
        scannedAt = waits.length;
        await own.phone(payload, 'ignore');
        await own.clock.sleep(6000);
        const [job] = own.book.jobs;
        own.book.decide(job!, 'approve');
      });
      return undefined;
    }, { ...SM2, each: (event) => { if (event.type === 'poll') waits.push(event.nextInMs); } });
    expectDone(ran, own);
    expect(waits.slice(0, 4)).toEqual([1000, 1500, 2250, 3375]);
    expect(Math.max(...waits)).toBe(5000);
    expect(Math.min(...waits.slice(scannedAt))).toBe(1000);
  });

  it.each([['coss', true], ['device-link', false]] as const)('and the page is told that it was scanned, where the provider says so (%s)', async (api, says) => {
    const own = await bench(api);
    const shown: boolean[] = [];
    const ran = await sign(own, judged, async ({ payload, scanned = false }) => {
      shown.push(scanned);
      if (shown.length > 1) return undefined;
      await own.phone(payload, 'ignore');
      void own.clock.sleep(9000).then(() => own.book.decide(own.book.jobs[0]!, 'approve'));
      return undefined;
    }, SM2);
    expectDone(ran, own);
    expect(shown.includes(true)).toBe(says);
    if (says) expect(shown).toEqual([false, true]);
  });
});

describe('another process', () => {
  it.each(APIS)('goes on with the very job, before and after it was confirmed (%s)', async (api) => {
    for (const confirmed of [false, true]) {
      const own = await bench(api);
      const first = desk(own.clock);
      let died = (): void => undefined;
      const death = new Promise<undefined>((resolve) => (died = () => resolve(undefined)));
      const session = await createSigningSession(await inputFor(own, first.ports, judged, { ...SM2, requestId: `r-${confirmed}` }));
      await Promise.race([death, play(own, session, async ({ payload }) => {
        if (confirmed) await own.phone(payload, 'approve');
        died();
        await new Promise(() => undefined);
        return undefined;
      })]);
      const again = resumeSigningSession(first.snapshots.at(-1)!, { adapter: own.another(), algorithms, judgement: judged, ports: desk(own.clock).ports });
      const events = await play(own, again, once('approve'));
      expectDone({ end: events.at(-1)! }, own);
      expect(own.book.jobs).toHaveLength(1);
      expect(own.book.made).toHaveLength(1);
    }
  });
});

describe('48, 50: what leaves', () => {
  it.each(APIS)('is a neutral text unless the user consents (%s)', async (api) => {
    const own = await bench(api);
    expectDone(await sign(own, judged, once('approve'), SM2), own);
    expect(own.book.jobs[0]!.title).not.toContain('机密');
    await sign(own, judged, once('approve'), { ...SM2, requestId: 'consent', shareLabels: true });
    // Only where the provider shows labels at all.
    expect(own.book.jobs.at(-1)!.title.includes('机密')).toBe(api !== 'zhongzhao');
  });
});
