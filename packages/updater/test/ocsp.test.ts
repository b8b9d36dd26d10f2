import type { WantedOcsp } from '@hefu/verify';
import { bitString, buildCertId, enumerated, explicit, generalizedTime, implicitPrimitive, octetString, oid, parseOcspRequest, sequence } from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { UpdaterError } from '../src/error.js';
import { createGatherer, type Gathered, type GatherOptions } from '../src/gather.js';
import type { UpdaterLimits } from '../src/limits.js';
import { memoryStore } from '../src/memory-store.js';
import type { FetchRequest } from '../src/ports.js';
import { tableFetcher } from './support/fetcher.js';

const T = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;
const A = 'http://ocsp.hefu-test.cn/';
const B = 'http://mirror.hefu-test.cn/';
const certIdOf = (serial: number) =>
  buildCertId({ issuerName: Uint8Array.of(1), issuerKey: Uint8Array.of(2), serialNumber: Uint8Array.of(serial), hash: { oid: '1.3.14.3.2.26', digest: (message) => message } });
const certId = certIdOf(7);

function response(options: { readonly about?: Uint8Array; readonly thisUpdate?: number; readonly nextUpdate?: number; readonly status?: number } = {}): Uint8Array {
  const { about = certId, thisUpdate = T - HOUR, nextUpdate = T + HOUR, status = 0 } = options;
  const answer = sequence(about, implicitPrimitive(status, new Uint8Array(0)), generalizedTime(thisUpdate), explicit(0, generalizedTime(nextUpdate)));
  const tbs = sequence(explicit(2, octetString(new Uint8Array(20))), generalizedTime(thisUpdate), sequence(answer));
  const basic = sequence(tbs, sequence(oid('1.2.156.10197.1.501')), bitString(Uint8Array.of(1)));
  return sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(basic))));
}

const wish = (urls: readonly string[] = [A], more: Partial<WantedOcsp> = {}): WantedOcsp => ({ kind: 'ocsp', forSerial: '07', issuerKey: 'ca', urls, origin: 'certificate', certId, nonce: 'optional', ...more });
const plan = (...wanted: readonly WantedOcsp[]) => ({ wanted, gaps: [] });

function setUp(answers: Parameters<typeof tableFetcher>[0], { randomBytes, limits = {} }: { randomBytes?: (length: number) => Uint8Array; limits?: Partial<UpdaterLimits> } = {}) {
  const clock = { at: T, now: () => clock.at };
  const fetcher = tableFetcher(answers);
  const store = memoryStore();
  return { clock, fetcher, store, ...createGatherer({ fetcher, store, clock, limits, ...(randomBytes === undefined ? {} : { randomBytes }) }) };
}

describe('a question', () => {
  it('is posted, bounded, and its answer becomes evidence', async () => {
    const { gather, fetcher } = setUp({ [A]: response() });
    const { ocsp, crls, gaps } = await gather(plan(wish()));
    expect(ocsp).toMatchObject([{ url: A, fetchedAt: T }]);
    expect(ocsp[0]!.response.bytes).toEqual(response());
    expect([crls, gaps]).toEqual([[], []]);
    expect(fetcher.asked[0]).toMatchObject({ maxBytes: 256 * 1024, timeoutMs: 12_000, allowPrivateAddresses: false, post: { contentType: 'application/ocsp-request' } });
    expect(parseOcspRequest(fetcher.asked[0]!.post!.body)).toMatchObject({ certIds: [{ bytes: certId }], nonce: undefined });
  });
  it('goes to private addresses only where the list names them', async () => {
    const url = 'http://10.1.2.3/ocsp';
    const { gather } = setUp({ [url]: response() });
    expect(await gather(plan(wish([url])))).toMatchObject({ ocsp: [], gaps: [{ code: 'FETCH_REFUSED', what: `ocsp ${url}` }] });
    expect((await gather(plan(wish([url], { origin: 'list' })))).ocsp).toHaveLength(1);
  });
  it('carries a fresh nonce, which the judge is told', async () => {
    let made = 0;
    const randomBytes = (length: number) => new Uint8Array(length).fill((made += 1));
    const { gather, fetcher } = setUp({ [A]: response() }, { randomBytes });
    for (const [nonce, required] of [['required', true], ['required', true], ['optional', undefined]] as const) {
      const { ocsp } = await gather(plan(wish([A], { nonce })), { cache: 'refresh' });
      const sent = parseOcspRequest(fetcher.asked.at(-1)!.post!.body).nonce;
      expect(sent).toEqual(new Uint8Array(32).fill(made));
      expect(ocsp[0]!.nonce).toEqual(required === undefined ? { sent } : { sent, required });
    }
    expect((await gather(plan(wish([A], { nonce: 'none' })), { cache: 'refresh' })).ocsp[0]!.nonce).toBeUndefined();
  });
  it('is not asked where a nonce is required and there is none to send', async () => {
    const { gather, fetcher } = setUp({ [A]: response() });
    expect(await gather(plan(wish([A], { nonce: 'required' })))).toMatchObject({ ocsp: [], gaps: [{ code: 'NOT_PARSED', what: `ocsp ${A}` }] });
    expect(fetcher.asked).toHaveLength(0);
  });
});

describe('a responder that fails', () => {
  it.each([
    ['an error of HTTP', async (request: FetchRequest) => ({ status: 500, bytes: response(), finalUrl: request.url }), 'FETCH_FAILED'],
    ['an error of OCSP', sequence(enumerated(3)), 'NOT_PARSED'],
    ['something else', new TextEncoder().encode('<html>'), 'NOT_PARSED'],
    ['another certificate', response({ about: certIdOf(8) }), 'NOT_PARSED'],
    ['too much', new Uint8Array(256 * 1024 + 1), 'TOO_LARGE'],
    ['nothing in time', 'TIMEOUT' as const, 'TIMEOUT'],
  ])('with %s is a gap, and the mirror is asked', async (_what, answer, code) => {
    const { gather } = setUp({ [A]: answer, [B]: response() });
    expect(await gather(plan(wish([A, B])))).toMatchObject({ ocsp: [{ url: B }], gaps: [{ code, what: `ocsp ${A}` }] });
  });
  it('shares the budget of requests', async () => {
    const { gather, fetcher } = setUp({ [A]: 'TIMEOUT', [B]: response() }, { limits: { maxFetches: 1 } });
    expect(await gather(plan(wish([A, B])))).toMatchObject({ ocsp: [], gaps: [{ code: 'TIMEOUT' }, { code: 'LIMIT' }] });
    expect(fetcher.asked).toHaveLength(1);
  });
  it('aborted by the caller', async () => {
    const controller = new AbortController();
    const { gather } = setUp({ [A]: async () => { controller.abort(); throw new UpdaterError('ABORTED', 'x'); } });
    await expect(gather(plan(wish()), { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('what is held', () => {
  it('is used while it is recent, says good and is not due', async () => {
    const { gather, fetcher, clock } = setUp({ [A]: response() });
    await gather(plan(wish()));
    clock.at = T + 60_000;
    expect((await gather(plan(wish()), { acceptOcsp: () => true })).ocsp[0]).toMatchObject({ fetchedAt: T });
    expect(fetcher.asked).toHaveLength(1);
    clock.at = T + 11 * 60_000;
    expect((await gather(plan(wish()), { acceptOcsp: () => true })).ocsp[0]).toMatchObject({ fetchedAt: clock.at });
    expect(fetcher.asked).toHaveLength(2);
    await gather(plan(wish([A], { maxAge: HOUR })));
    await gather(plan(wish()), { cache: 'refresh' });
    expect(fetcher.asked).toHaveLength(4);
  });
  it('but not where the responder did not know', async () => {
    const { gather, fetcher } = setUp({ [A]: response({ status: 2 }) });
    await gather(plan(wish()));
    await gather(plan(wish()));
    expect(fetcher.asked).toHaveLength(2);
  });
  it('is evidence when nobody answers, and all there is offline', async () => {
    const { gather, fetcher, clock } = setUp({ [A]: response() });
    expect((await gather(plan(wish()), { cache: 'only' })).gaps).toMatchObject([{ code: 'FETCH_REFUSED', what: 'ocsp for certificate 07' }]);
    await gather(plan(wish()));
    fetcher.table[A] = 'CONNECT_FAILED';
    clock.at = T + HOUR;
    expect(await gather(plan(wish()))).toMatchObject({ ocsp: [{ fetchedAt: T }], gaps: [{ code: 'FETCH_FAILED' }] });
    expect((await gather(plan(wish()), { cache: 'only' })).ocsp).toMatchObject([{ fetchedAt: T }]);
  });
  it('is never displaced by something older, nor by what comes from the future', async () => {
    const { gather, fetcher } = setUp({ [A]: response() });
    await gather(plan(wish()));
    for (const thisUpdate of [T - 2 * HOUR, T + HOUR]) {
      fetcher.table[A] = response({ thisUpdate, nextUpdate: T + 5 * HOUR });
      expect((await gather(plan(wish()), { cache: 'refresh' })).ocsp).toHaveLength(2);
      const [held] = (await gather(plan(wish()), { cache: 'only' })).ocsp;
      expect(held!.response.basic!.responses[0]!.thisUpdate).toBe(T - HOUR);
    }
  });
  it('is kept by certificate and responder, and read again as if it had just come', async () => {
    const { gather, store, fetcher } = setUp({ [A]: response() });
    await gather(plan(wish()));
    expect((await gather(plan(wish([A], { certId: certIdOf(8) })), { cache: 'only' })).ocsp).toEqual([]);
    await store.put(`ocsp ${Buffer.from(certId).toString('hex')} ${A}`, new TextEncoder().encode(`hefu-ocsp 1 ${T} ${A}\nrubbish`));
    await gather(plan(wish()));
    expect(fetcher.asked).toHaveLength(2);
  });
});

describe('what nobody may have signed', () => {
  const TRUE = 20;
  /** Counts as true what was made an hour ago; what is 20 minutes old is forged. */
  const acceptOcsp: NonNullable<GatherOptions['acceptOcsp']> = ({ response: { basic } }) => basic!.responses[0]!.thisUpdate !== T - TRUE * 60_000;
  const forged = response({ thisUpdate: T - TRUE * 60_000 });
  const told = ({ ocsp }: Gathered): (number | undefined)[] => ocsp.map(({ response: { basic } }) => (T - basic!.responses[0]!.thisUpdate) / 60_000);

  it('is no answer: the mirror is asked, and what came is handed over only where there is nothing else', async () => {
    const { gather } = setUp({ [A]: forged, [B]: response() });
    const found = await gather(plan(wish([A, B])), { acceptOcsp });
    expect(told(found)).toEqual([60]);
    expect(found.gaps).toMatchObject([{ what: `ocsp ${A}` }]);
    expect(told(await setUp({ [A]: forged }).gather(plan(wish()), { acceptOcsp }))).toEqual([TRUE]);
  });
  it('is not kept, and gives way to the next valid answer after ten seconds', async () => {
    const { gather, fetcher, clock, store } = setUp({ [A]: forged });
    await gather(plan(wish()), { acceptOcsp });
    expect(await store.get(`ocsp ${Buffer.from(certId).toString('hex')} ${A}`)).toBeUndefined();
    fetcher.table[A] = response();
    clock.at = T + 9_999;
    expect(told(await gather(plan(wish()), { acceptOcsp }))).toEqual([TRUE]);
    expect(fetcher.asked).toHaveLength(1); // nobody has the responder asked without bound
    clock.at = T + 10_000;
    expect(told(await gather(plan(wish()), { acceptOcsp }))).toEqual([60]);
    clock.at = T + 9 * 60_000;
    expect(told(await gather(plan(wish()), { acceptOcsp }))).toEqual([60]);
    expect(fetcher.asked).toHaveLength(2);
  });
  it('does not displace what counts, and is displaced by it though it claims to be newer', async () => {
    const { gather, fetcher, clock } = setUp({ [A]: forged });
    await gather(plan(wish())); // without the check it is kept
    fetcher.table[A] = response();
    expect(told(await gather(plan(wish()), { acceptOcsp }))).toEqual([60]);
    expect(told(await gather(plan(wish()), { acceptOcsp, cache: 'only' }))).toEqual([60]);
    fetcher.table[A] = forged;
    clock.at = T + 11 * 60_000;
    expect(told(await gather(plan(wish()), { acceptOcsp }))).toEqual([60]); // held, no longer recent, and the judge's to weigh
    expect(told(await gather(plan(wish()), { acceptOcsp, cache: 'only' }))).toEqual([60]);
  });
  it.each([
    ['without the check', undefined],
    ['where it cannot tell', () => undefined],
    ['where it fails', () => { throw new Error('x'); }],
  ])('%s, is used for ten seconds', async (_what, accept) => {
    const options = accept === undefined ? {} : { acceptOcsp: accept };
    const { gather, fetcher, clock } = setUp({ [A]: response() });
    await gather(plan(wish()), options);
    clock.at = T + 10_000;
    await gather(plan(wish()), options);
    expect(fetcher.asked).toHaveLength(1);
    clock.at = T + 10_001;
    await gather(plan(wish()), options);
    expect(fetcher.asked).toHaveLength(2);
  });
  it('is remembered for a bounded number of questions', async () => {
    const serials = Array.from({ length: 5 }, (_, i) => certIdOf(i));
    const { gather, fetcher } = setUp({ [A]: async (request) => ({ status: 200, finalUrl: request.url, bytes: response({ about: parseOcspRequest(request.post!.body).certIds[0]!.bytes, thisUpdate: T - TRUE * 60_000 }) }) }, { limits: { maxRefusedOcsp: 3 } });
    const ask = (id: Uint8Array): Promise<unknown> => gather(plan(wish([A], { certId: id })), { acceptOcsp });
    for (const id of serials) await ask(id);
    await ask(serials[4]!);
    expect(fetcher.asked).toHaveLength(5);
    await ask(serials[0]!);
    expect(fetcher.asked).toHaveLength(6);
  });
});
