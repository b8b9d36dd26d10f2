import type { WantedCrl } from '@hefu/verify';
import { describe, expect, it } from 'vitest';
import { UpdaterError } from '../src/error.js';
import { createGatherer, type GatherEvent } from '../src/gather.js';
import { DEFAULT_UPDATER_LIMITS, type UpdaterLimits } from '../src/limits.js';
import { memoryStore } from '../src/memory-store.js';
import type { FetchResult, Store } from '../src/ports.js';
import { writeCrl } from './support/crl.js';
import { deferred, tableFetcher } from './support/fetcher.js';

const T = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;
const A = 'http://crl.hefu-test.cn/a.crl';
const B = 'http://mirror.hefu-test.cn/a.crl';
const fresh = writeCrl({ thisUpdate: T - HOUR, nextUpdate: T + 23 * HOUR, number: 5 });

function wish(urls: readonly string[], more: Partial<WantedCrl> = {}): WantedCrl {
  return { kind: 'crl', forSerial: '01', issuerKey: 'ca', urls, origin: 'certificate', ...more };
}

function plan(...wanted: readonly WantedCrl[]) {
  return { wanted, gaps: [] };
}

function setUp(answers: Parameters<typeof tableFetcher>[0], limits: Partial<UpdaterLimits> = {}, store: Store = memoryStore()) {
  const clock = { at: T, now: () => clock.at };
  const fetcher = tableFetcher(answers);
  return { clock, fetcher, store, ...createGatherer({ fetcher, store, clock, limits }) };
}

describe('what is fetched', () => {
  it('becomes evidence, with where and when', async () => {
    const { gather, fetcher } = setUp({ [A]: fresh });
    const { crls, gaps } = await gather(plan(wish([A])));
    expect(crls).toEqual([{ crl: expect.objectContaining({ bytes: fresh }), url: A, fetchedAt: T }]);
    expect(gaps).toEqual([]);
    expect(fetcher.asked).toHaveLength(1);
    expect(fetcher.asked[0]).toMatchObject({ maxBytes: DEFAULT_UPDATER_LIMITS.maxCrlBytes, timeoutMs: 12_000, maxRedirects: 3, allowPrivateAddresses: false });
  });

  it('may be private only where the list names it', async () => {
    const url = 'http://172.16.39.197/a.crl';
    const { gather, fetcher } = setUp({ [url]: fresh });
    const refused = await gather(plan(wish([url])));
    expect(refused).toMatchObject({ crls: [], gaps: [{ code: 'FETCH_REFUSED', what: `crl ${url}`, detail: expect.stringMatching(/^ADDRESS_REFUSED: /) }] });
    expect(fetcher.asked).toHaveLength(0);
    const allowed = await gather(plan(wish([url], { origin: 'list' })));
    expect(allowed.crls).toHaveLength(1);
    expect(fetcher.asked[0]?.allowPrivateAddresses).toBe(true);
  });

  it('may be PEM', async () => {
    const pem = `-----BEGIN X509 CRL-----\n${btoa(String.fromCharCode(...fresh))}\n-----END X509 CRL-----\n`;
    const { gather } = setUp({ [A]: new TextEncoder().encode(pem), [B]: new TextEncoder().encode(pem + pem) });
    expect((await gather(plan(wish([A])))).crls[0]?.crl.bytes).toEqual(fresh);
    expect((await gather(plan(wish([B])))).gaps).toMatchObject([{ code: 'NOT_PARSED' }]);
  });
});

describe('an address that fails', () => {
  const html = new TextEncoder().encode('<!DOCTYPE html><html><body>Server temporarily unavailable</body></html>');
  const answered = (bytes: Uint8Array, status = 200) => async (): Promise<FetchResult> => ({ status, bytes, finalUrl: A });
  it.each<[string, Parameters<typeof tableFetcher>[0][string] | undefined, string, RegExp]>([
    ['a page', html, 'NOT_PARSED', /^NOT_PARSED: not a CRL \(.*html/],
    ['nothing', new Uint8Array(0), 'NOT_PARSED', /^NOT_PARSED: /],
    ['half a CRL', fresh.subarray(0, fresh.length - 5), 'NOT_PARSED', /^NOT_PARSED: .*TRUNCATED/],
    ['more than the CRL', Uint8Array.of(...fresh, 0), 'NOT_PARSED', /^NOT_PARSED: /],
    ['404', undefined, 'FETCH_FAILED', /^HTTP_STATUS: HTTP status 404/],
    ['204', answered(fresh, 204), 'FETCH_FAILED', /^HTTP_STATUS: /],
    ['a redirect loop', 'REDIRECT_LOOP', 'FETCH_FAILED', /^REDIRECT_LOOP: /],
    ['a slow body', 'TIMEOUT', 'TIMEOUT', /^TIMEOUT: /],
    ['too much', 'TOO_LARGE', 'TOO_LARGE', /^TOO_LARGE: /],
    ['a private address behind a name', 'ADDRESS_REFUSED', 'FETCH_REFUSED', /^ADDRESS_REFUSED: /],
    ['a foreign error', () => Promise.reject(new Error('x')), 'FETCH_FAILED', /^FETCH_FAILED: x/],
  ])('with %s is a gap, and the next mirror is asked', async (_, answer, code, detail) => {
    const { gather, store } = setUp({ ...(answer !== undefined && { [A]: answer }), [B]: fresh });
    const { crls, gaps } = await gather(plan(wish([A, B])));
    expect(gaps).toEqual([{ code, what: `crl ${A}`, detail: expect.stringMatching(detail) }]);
    expect(crls.map(({ url }) => url)).toEqual([B]);
    expect(await store.get(`crl ${A}`)).toBeUndefined();
    expect(await store.get(`crl ${B}`)).toBeDefined();
  });

  it('with more octets than were allowed is a gap even if the fetcher let them through', async () => {
    const { gather } = setUp({ [A]: fresh });
    expect(await gather(plan(wish([A], { maxBytes: fresh.length - 1 })))).toMatchObject({ crls: [], gaps: [{ code: 'TOO_LARGE' }] });
    expect((await gather(plan(wish([A], { maxBytes: fresh.length })))).crls).toHaveLength(1);
  });

  it('keeps its text in one bounded line', async () => {
    const { gather } = setUp({});
    const { gaps } = await gather(plan(wish([`ldap://x/\r\nforged: log line ${'x'.repeat(500)}`])));
    expect(gaps[0]?.code).toBe('FETCH_REFUSED');
    expect(gaps[0]?.what).not.toMatch(/[\r\n]/);
    expect(gaps[0]?.what.length).toBeLessThan(250);
  });

  it('and no address at all is a gap of its own', async () => {
    const { gather } = setUp({});
    expect((await gather(plan(wish([])))).gaps).toMatchObject([{ code: 'NO_ENDPOINT' }]);
    const planned = { code: 'NO_ENDPOINT' as const, what: 'crl for certificate 02', detail: 'ldap://x' };
    expect((await gather({ wanted: [], gaps: [planned] })).gaps).toEqual([planned]);
  });
});

describe('tiers', () => {
  const C = 'http://crl.hefu-test.cn/c.crl';
  const tiered = plan(wish([A], { subjects: ['x'] }), wish([B], { tier: 2, subjects: ['x'] }), wish([C], { tier: 7, subjects: ['y'] }));
  const asked = async (options: Parameters<ReturnType<typeof setUp>['gather']>[1], limits: Partial<UpdaterLimits> = {}, answers = { [A]: fresh, [B]: fresh, [C]: fresh }): Promise<string[]> => {
    const { gather, fetcher } = setUp(answers, limits);
    await gather(tiered, options);
    return fetcher.asked.map(({ url }) => url);
  };

  it('without a question, all are served at once', async () => {
    expect(await asked({})).toEqual([A, B, C]);
  });
  it('one after the other, each wish only where it is not spared', async () => {
    expect(await asked({ settles: () => false })).toEqual([A, B, C]);
    expect(await asked({ settles: () => true })).toEqual([A]);
    expect(await asked({ settles: ({ subjects }) => subjects![0] === 'x' })).toEqual([A, C]);
    expect(await asked({ settles: async (_, { crls }) => crls.length > 0 })).toEqual([A]);
    expect(await asked({ settles: (_, { crls }) => crls.length > 0 }, {}, { [B]: fresh, [C]: fresh } as never)).toEqual([A, B]);
  });
  it('a question that throws spares nothing, nor does one that is not answered with true', async () => {
    expect(await asked({ settles: () => { throw new Error('x'); } })).toEqual([A, B, C]);
    expect(await asked({ settles: () => 'yes' as never })).toEqual([A, B, C]);
  });
  it('in bounded rounds', async () => {
    const rounds: number[] = [];
    await asked({ settles: (_, { crls }) => { rounds.push(crls.length); return false; } }, { maxRounds: 2 }, { [A]: fresh, [B]: writeCrl({ thisUpdate: T, nextUpdate: T + HOUR, mark: 1 }), [C]: fresh });
    expect(rounds).toEqual([1, 1]);
    expect(await asked({ settles: () => true }, { maxRounds: 1 })).toEqual([A, B, C]);
  });
  it('ends between rounds when aborted, and says what was spared', async () => {
    const stop = new AbortController();
    const { gather } = setUp({ [A]: fresh, [B]: fresh });
    await expect(gather(tiered, { signal: stop.signal, settles: () => false, onProgress: ({ kind }) => { if (kind === 'fetched') stop.abort(); } })).rejects.toMatchObject({ code: 'ABORTED' });
    const events: string[] = [];
    await setUp({ [A]: fresh }).gather(tiered, { settles: () => true, onProgress: ({ kind }) => void events.push(kind) });
    expect(events).toEqual(['fetching', 'fetched', 'spared', 'spared']);
  });
});

describe('what is held', () => {
  it('is used without asking while current, also by the next process', async () => {
    const first = setUp({ [A]: fresh });
    await first.gather(plan(wish([A])));
    await first.gather(plan(wish([A])));
    expect(first.fetcher.asked).toHaveLength(1);
    const second = setUp({}, {}, first.store);
    const { crls } = await second.gather(plan(wish([A])));
    expect(crls).toMatchObject([{ url: A, fetchedAt: T }]);
    expect(second.fetcher.asked).toHaveLength(0);
  });

  it.each<[string, number, Partial<WantedCrl>, Partial<Parameters<typeof writeCrl>[0]>, boolean]>([
    ['before its nextUpdate', HOUR, {}, {}, false],
    ['at its nextUpdate', 3 * HOUR, {}, { nextUpdate: T + 3 * HOUR }, true],
    ['within maxAge', HOUR, { maxAge: 2 * HOUR }, {}, false],
    ['beyond maxAge', HOUR + 1, { maxAge: 2 * HOUR }, {}, true],
    ['held for long', DEFAULT_UPDATER_LIMITS.crlRecheckMs + 1, {}, {}, true],
  ])('%s', async (_, later, more, crl, asksAgain) => {
    const bytes = writeCrl({ thisUpdate: T - HOUR, nextUpdate: T + 100 * HOUR, ...crl });
    const { gather, fetcher, clock } = setUp({ [A]: bytes });
    await gather(plan(wish([A], more)));
    clock.at += later;
    await gather(plan(wish([A], more)));
    expect(fetcher.asked).toHaveLength(asksAgain ? 2 : 1);
  });

  it('without nextUpdate is asked for again after a while', async () => {
    const { gather, fetcher, clock } = setUp({ [A]: writeCrl({ thisUpdate: T }) });
    await gather(plan(wish([A])));
    clock.at += HOUR;
    await gather(plan(wish([A])));
    expect(fetcher.asked).toHaveLength(1);
    clock.at += 6 * HOUR;
    await gather(plan(wish([A])));
    expect(fetcher.asked).toHaveLength(2);
  });

  it('is evidence still when nothing better can be had, and offline', async () => {
    const { gather, fetcher, clock } = setUp({ [A]: fresh });
    await gather(plan(wish([A])));
    clock.at += 48 * HOUR;
    fetcher.table[A] = 'CONNECT_FAILED';
    const { crls, gaps } = await gather(plan(wish([A])));
    expect(crls).toMatchObject([{ fetchedAt: T }]);
    expect(gaps).toMatchObject([{ code: 'FETCH_FAILED' }]);
    const asked = fetcher.asked.length;
    expect(await gather(plan(wish([B])), { cache: 'only' })).toMatchObject({ crls: [], gaps: [{ code: 'FETCH_REFUSED', detail: expect.stringMatching(/^OFFLINE/) }] });
    expect(await gather(plan(wish([A])), { cache: 'only' })).toMatchObject({ crls: [{ fetchedAt: T }], gaps: [] });
    expect(fetcher.asked).toHaveLength(asked);
  });

  it('is asked for all the same when told to refresh', async () => {
    const { gather, fetcher } = setUp({ [A]: fresh });
    await gather(plan(wish([A])));
    await gather(plan(wish([A])), { cache: 'refresh' });
    expect(fetcher.asked).toHaveLength(2);
  });

  it.each<[string, Parameters<typeof writeCrl>[0], boolean]>([
    ['an older thisUpdate', { thisUpdate: T - 2 * HOUR, nextUpdate: T + 90 * HOUR, number: 9 }, false],
    ['a lower number', { thisUpdate: T - HOUR, nextUpdate: T + 90 * HOUR, number: 4 }, false],
    ['a newer thisUpdate', { thisUpdate: T, nextUpdate: T + 90 * HOUR, number: 6 }, true],
    ['a higher number', { thisUpdate: T - HOUR, nextUpdate: T + 90 * HOUR, number: 6 }, true],
    ['a lower number of another issuer', { issuer: 'Other', thisUpdate: T - HOUR, nextUpdate: T + 90 * HOUR, number: 1 }, true],
    ['a thisUpdate in the future', { thisUpdate: T + HOUR, nextUpdate: T + 90 * HOUR, number: 9 }, false],
  ])('gives way to one with %s: %j', async (_, next, replaced) => {
    const { gather, fetcher, store } = setUp({ [A]: fresh });
    await gather(plan(wish([A])));
    const other = writeCrl(next);
    fetcher.table[A] = other;
    const { crls } = await gather(plan(wish([A])), { cache: 'refresh' });
    // Both are shown to the judge, whichever is kept.
    expect(crls.map(({ crl }) => crl.bytes)).toEqual(expect.arrayContaining([other, fresh]));
    const kept = setUp({}, {}, store);
    expect((await kept.gather(plan(wish([A])), { cache: 'only' })).crls[0]?.crl.bytes).toEqual(replaced ? other : fresh);
  });

  it('is not displaced by what does not parse', async () => {
    const { gather, fetcher, store } = setUp({ [A]: fresh });
    await gather(plan(wish([A])));
    const before = await store.get(`crl ${A}`);
    fetcher.table[A] = new TextEncoder().encode('<html>');
    await gather(plan(wish([A])), { cache: 'refresh' });
    expect(await store.get(`crl ${A}`)).toEqual(before);
  });

  it('newer by another process is not displaced by an older one', async () => {
    const newer = writeCrl({ thisUpdate: T, nextUpdate: T + 90 * HOUR, number: 6 });
    const here = setUp({ [A]: fresh });
    await here.gather(plan(wish([A])));
    await setUp({ [A]: newer }, {}, here.store).gather(plan(wish([A])), { cache: 'refresh' });
    await here.gather(plan(wish([A])), { cache: 'refresh' });
    const { crls } = await setUp({}, {}, here.store).gather(plan(wish([A])), { cache: 'only' });
    expect(crls[0]?.crl.bytes).toEqual(newer);
  });

  it.each([
    ['garbage', new TextEncoder().encode('garbage')],
    ['an entry of another address', undefined],
    ['nothing', new Uint8Array(0)],
    ['a header without a CRL', new TextEncoder().encode(`hefu-crl 1 ${T} ${A}\n`)],
    ['a time that is none', new TextEncoder().encode(`hefu-crl 1 NaN ${A}\n`)],
  ])('and turns out to be %s is fetched anew', async (_, bytes) => {
    const store = memoryStore();
    if (bytes !== undefined) await store.put(`crl ${A}`, bytes);
    else {
      await setUp({ [B]: fresh }, {}, store).gather(plan(wish([B])));
      await store.put(`crl ${A}`, (await store.get(`crl ${B}`)) as Uint8Array);
    }
    const { gather, fetcher } = setUp({ [A]: fresh }, {}, store);
    expect(await gather(plan(wish([A])))).toMatchObject({ crls: [{ url: A }], gaps: [] });
    expect(fetcher.asked).toHaveLength(1);
  });

  it('with a fetch time in the future is asked for again', async () => {
    const ahead = setUp({ [A]: writeCrl({ thisUpdate: T, nextUpdate: T + 900 * HOUR }) });
    ahead.clock.at = T + 100 * HOUR;
    await ahead.gather(plan(wish([A])));
    const { gather, fetcher } = setUp({ [A]: fresh }, {}, ahead.store);
    await gather(plan(wish([A])));
    expect(fetcher.asked).toHaveLength(1);
  });
});

describe('a mirror that is behind', () => {
  it('does not end the search', async () => {
    const stale = writeCrl({ thisUpdate: T - 50 * HOUR, nextUpdate: T - 26 * HOUR, number: 3 });
    const { gather, fetcher } = setUp({ [A]: stale, [B]: fresh });
    const { crls, gaps } = await gather(plan(wish([A, B])));
    expect(crls.map(({ crl }) => crl.bytes)).toEqual([fresh, stale]);
    expect(gaps).toEqual([]);
    expect(fetcher.asked).toHaveLength(2);
    // Newest first: B answers for the wish from now on.
    await gather(plan(wish([A, B])));
    expect(fetcher.asked).toHaveLength(2);
  });
});

describe('the check of the caller', () => {
  const forged = writeCrl({ thisUpdate: T, nextUpdate: T + 900 * HOUR, number: 99, mark: 1 });
  const acceptCrl = (crl: { readonly signature: Uint8Array }): boolean => crl.signature[0] === 0;

  it('keeps forged CRLs from ending the search and from the cache', async () => {
    const { gather, store } = setUp({ [A]: forged, [B]: fresh });
    const { crls, gaps } = await gather(plan(wish([A, B])), { acceptCrl });
    expect(crls.map(({ crl }) => crl.bytes)).toEqual([fresh]);
    expect(gaps).toMatchObject([{ code: 'NOT_PARSED', detail: expect.stringMatching(/^NOT_ACCEPTED/) }]);
    expect(await store.get(`crl ${A}`)).toBeUndefined();
  });

  it('shows the judge a rejected one when there is nothing else', async () => {
    const { gather } = setUp({ [A]: forged });
    expect((await gather(plan(wish([A])), { acceptCrl })).crls).toHaveLength(1);
  });

  it('frees a cache that was poisoned, however new the poison looks', async () => {
    const { gather, fetcher, store } = setUp({ [A]: forged });
    await gather(plan(wish([A])));
    fetcher.table[A] = fresh;
    const { crls } = await gather(plan(wish([A])), { acceptCrl });
    expect(crls.map(({ crl }) => crl.bytes)).toEqual([fresh]);
    const { crls: kept } = await setUp({}, {}, store).gather(plan(wish([A])), { cache: 'only' });
    expect(kept[0]?.crl.bytes).toEqual(fresh);
  });

  it('that throws accepts nothing', async () => {
    const { gather, store } = setUp({ [A]: fresh });
    const broken = (): boolean => {
      throw new Error('broken');
    };
    expect((await gather(plan(wish([A])), { acceptCrl: broken })).gaps).toHaveLength(1);
    expect(await store.get(`crl ${A}`)).toBeUndefined();
  });
});

describe('budgets', () => {
  const urls = (count: number): string[] => Array.from({ length: count }, (_, i) => `http://crl${i}.hefu-test.cn/`);

  it('of requests, wishes, addresses and time end in LIMIT gaps', async () => {
    const requests = setUp({}, { maxFetches: 3 });
    const spent = await requests.gather(plan(...urls(5).map((url) => wish([url]))));
    expect(requests.fetcher.asked).toHaveLength(3);
    expect(spent.gaps.filter(({ code }) => code === 'LIMIT')).toHaveLength(2);

    const wishes = await setUp({}, { maxWanted: 2 }).gather(plan(...urls(5).map((url) => wish([url]))));
    expect(wishes.gaps.map(({ code }) => code)).toEqual(['FETCH_FAILED', 'FETCH_FAILED', 'LIMIT', 'LIMIT', 'LIMIT']);

    const addresses = await setUp({}, { maxUrlsPerWish: 2 }).gather(plan(wish(urls(5))));
    expect(addresses.gaps.map(({ code }) => code).sort()).toEqual(['FETCH_FAILED', 'FETCH_FAILED', 'LIMIT']);

    const slow = setUp({}, { totalTimeoutMs: 1000, requestTimeoutMs: 700 });
    const [first, second, third] = urls(3) as [string, string, string];
    const late = (passing: number) => async (): Promise<FetchResult> => {
      slow.clock.at += passing;
      throw new UpdaterError('TIMEOUT', 'slow');
    };
    Object.assign(slow.fetcher.table, { [first]: late(600), [second]: late(500), [third]: fresh });
    const timed = await slow.gather(plan(wish([first, second, third])));
    expect(timed.gaps.map(({ code }) => code)).toEqual(['TIMEOUT', 'TIMEOUT', 'LIMIT']);
    expect(slow.fetcher.asked.map(({ timeoutMs }) => timeoutMs)).toEqual([700, 400]);
  });

  it('of size are the list\'s to raise, not a certificate\'s', async () => {
    const { gather, fetcher } = setUp({}, { maxCrlBytes: 1000, maxCrlBytesCeiling: 5000 });
    await gather(plan(wish([A], { maxBytes: 4000 }), wish([A], { maxBytes: 4000, origin: 'list' }), wish([A], { maxBytes: 9000, origin: 'list' }), wish([A], { maxBytes: 10 })));
    expect(fetcher.asked.map(({ maxBytes }) => maxBytes)).toEqual([1000, 4000, 5000, 10]);
  });

  it('of requests at once is kept', async () => {
    let now = 0;
    let most = 0;
    const answer = async (): Promise<FetchResult> => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return { status: 404, bytes: new Uint8Array(0), finalUrl: A };
    };
    const { gather } = setUp(Object.fromEntries(urls(20).map((url) => [url, answer])), { parallelism: 3 });
    await gather(plan(...urls(20).map((url) => wish([url]))));
    expect(most).toBe(3);
  });
});

describe('requests under way', () => {
  it('are shared, within one plan and between plans', async () => {
    const { gather, fetcher } = setUp({});
    const answer = deferred<FetchResult>();
    fetcher.table[A] = () => answer.promise;
    const both = Promise.all([gather(plan(wish([A], { forSerial: '01' }), wish([A], { forSerial: '02' }))), gather(plan(wish([A])))]);
    await new Promise((resolve) => setImmediate(resolve));
    answer.resolve({ status: 200, bytes: fresh, finalUrl: A });
    const [one, other] = await both;
    expect(fetcher.asked).toHaveLength(1);
    expect(one.crls).toHaveLength(1);
    expect(other.crls).toHaveLength(1);
  });

  it('go on for those who stay when one leaves, and stop when all have left', async () => {
    const { gather, fetcher } = setUp({});
    const answer = deferred<FetchResult>();
    let transfer: AbortSignal | undefined;
    fetcher.table[A] = (request) => {
      transfer = request.signal;
      return answer.promise;
    };
    const [leaving, staying] = [new AbortController(), new AbortController()];
    const left = gather(plan(wish([A])), { signal: leaving.signal });
    const stayed = gather(plan(wish([A])), { signal: staying.signal });
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'UpdaterError', code: 'ABORTED' });
    expect(transfer?.aborted).toBe(false);
    staying.abort();
    await expect(stayed).rejects.toMatchObject({ code: 'ABORTED' });
    expect(transfer?.aborted).toBe(true);
    // The next caller is not joined to the dead transfer.
    fetcher.table[A] = fresh;
    expect((await gather(plan(wish([A])))).crls).toHaveLength(1);
  });

  it('are not begun for a signal aborted before', async () => {
    const { gather, fetcher } = setUp({ [A]: fresh });
    await expect(gather(plan(wish([A])), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(fetcher.asked).toHaveLength(0);
  });
});

describe('a store that fails', () => {
  it('costs nothing but a notice', async () => {
    const failing: Store = {
      get: async () => Promise.reject(new UpdaterError('IO_FAILED', 'no')),
      put: async () => Promise.reject(new UpdaterError('IO_FAILED', 'no')),
      delete: async () => undefined,
    };
    const { gather } = setUp({ [A]: fresh }, {}, failing);
    const events: GatherEvent[] = [];
    const { crls, gaps } = await gather(plan(wish([A])), { onProgress: (event) => events.push(event) });
    expect(crls).toHaveLength(1);
    expect(gaps).toEqual([]);
    expect(events.map(({ kind }) => kind)).toEqual(['store-failed', 'fetching', 'fetched', 'store-failed', 'store-failed']);
  });

  it('and a watcher that throws changes nothing', async () => {
    const { gather } = setUp({ [A]: fresh });
    const onProgress = (): void => {
      throw new Error('watcher');
    };
    expect((await gather(plan(wish([A])), { onProgress })).crls).toHaveLength(1);
  });
});

it('keeps no more parsed CRLs in memory than it may', async () => {
  const bytes = writeCrl({ thisUpdate: T - HOUR, nextUpdate: T + HOUR, padding: 1000 });
  let reads = 0;
  const inner = memoryStore();
  const store: Store = { ...inner, get: (key) => ((reads += 1), inner.get(key)) };
  const { gather } = setUp({ [A]: bytes, [B]: bytes }, { maxMemoryBytes: 1500 }, store);
  await gather(plan(wish([A])));
  await gather(plan(wish([B])));
  reads = 0;
  await gather(plan(wish([B])));
  expect(reads).toBe(0);
  await gather(plan(wish([A])));
  expect(reads).toBe(1);
});
