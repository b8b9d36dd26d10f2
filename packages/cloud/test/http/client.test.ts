import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, serveProvider, type ServedProvider } from '../../../sandbox/dist/index.js';
import { createHttpClient, type HttpCall } from '../../src/index.js';
import { jsonOf } from '../../src/http/json.js';
import { retryAfter } from '../../src/http/retry-after.js';
import { adapterContext } from '../context.js';

const AT = Date.UTC(2026, 5, 1, 4);
let provider: ServedProvider;
beforeAll(async () => {
  provider = await serveProvider(createWorld({ seed: 'http', at: AT }), {
    facades: [() => ({ path: '/echo/', faults: [], handle: async (request) => new Response(JSON.stringify({ body: await request.text(), secret: request.headers.get('authorization') })) })],
  });
});
afterAll(() => provider.close());

const call = (change: Partial<HttpCall> = {}): HttpCall => ({ name: 'echo', nature: 'read', method: 'POST', path: 'x', body: '{"a":1}', headers: { 'content-type': 'application/json' }, ...change });
const client = (limits = {}) => createHttpClient({ fetch: (url, init) => fetch(url, init), baseUrl: `${provider.baseUrl}/echo`, limits });
const faulty = (fault: string, change: Partial<HttpCall> = {}, limits = {}) => client(limits).send(adapterContext(), call({ headers: { 'x-sandbox-fault': fault }, ...change }));

describe('a request', () => {
  it('brings body and headers there and the answer back, and the clock of the provider', async () => {
    const times: number[] = [];
    const context = { ...adapterContext(), serverTime: (at: number) => void times.push(at) };
    const answer = await client().send(context, call({ authorise: () => ({ authorization: 'Bearer t' }) }));
    expect(jsonOf(answer, 'read')).toEqual({ body: '{"a":1}', secret: 'Bearer t' });
    expect(times).toEqual([AT]);
  });

  it.each([
    ['lost-request', 'NETWORK'], ['lost-answer', 'NETWORK'], ['hang', 'NETWORK'], ['huge', 'PROVIDER_PROTOCOL'], ['redirect', 'PROVIDER_PROTOCOL'],
    ['500', 'PROVIDER_UNAVAILABLE'], ['503', 'PROVIDER_UNAVAILABLE'], ['429', 'RATE_LIMITED'],
  ])('that meets %s is %s', async (fault, code) => {
    await expect(faulty(fault, {}, { timeoutMs: 300, maxBytes: 65_536 })).rejects.toMatchObject({ code, ...(code === 'PROVIDER_PROTOCOL' ? {} : { outcome: 'not-signed' }) });
  });

  it('that may have signed leaves the outcome open, except where it was certainly not taken', async () => {
    await expect(faulty('lost-answer', { nature: 'once' })).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
    await expect(faulty('503', { nature: 'once' })).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
    await expect(faulty('429', { nature: 'once' })).rejects.toMatchObject({ code: 'RATE_LIMITED', outcome: 'not-signed', retryAfterMs: 2000 });
  });

  it('is sent again where that is safe, and only there', async () => {
    provider.faults.set('503,times=1');
    await expect(client().send(adapterContext({ attempts: 2 }), call())).resolves.toMatchObject({ status: 200 });
    provider.faults.set('503,times=1');
    await expect(client().send(adapterContext({ attempts: 2 }), call({ nature: 'once' }))).rejects.toMatchObject({ outcome: 'unknown' });
    provider.faults.clear();
  });

  it('stops with the caller', async () => {
    const stop = new AbortController();
    const going = client().send(adapterContext({ signal: stop.signal }), call({ headers: { 'x-sandbox-fault': 'hang' } }));
    stop.abort();
    await expect(going).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('stays below its base, which is https or loopback', async () => {
    await expect(client().send(adapterContext(), call({ path: '../elsewhere' }))).rejects.toMatchObject({ code: 'ADAPTER_MISCONFIGURED' });
    await expect(client().send(adapterContext(), call({ path: 'https://other.example/' }))).rejects.toMatchObject({ code: 'ADAPTER_MISCONFIGURED' });
    for (const baseUrl of ['http://provider.example', 'https://u:p@provider.example', 'https://provider.example/?a', 'nonsense']) expect(() => createHttpClient({ fetch: fetch as never, baseUrl })).toThrow(TypeError);
  });
});

describe('an answer', () => {
  it.each(['', 'OK', '[]', '1', '{"a":'.repeat(40) + '1' + '}'.repeat(40)])('that is no JSON object of bounded depth is refused: %s', (text) => {
    expect(() => jsonOf({ status: 200, headers: new Headers(), bytes: new TextEncoder().encode(text) }, 'once')).toThrow(expect.objectContaining({ code: 'PROVIDER_PROTOCOL', outcome: 'unknown' }));
  });
});

describe('Retry-After', () => {
  it.each([['2', 2000], ['0', 0], ['Mon, 01 Jun 2026 04:00:05 GMT', 5000], ['Mon, 01 Jun 2026 03:00:00 GMT', 0], ['99999999', 86_400_000], ['soon', undefined], ['-1', undefined], [null, undefined]])('%s', (header, ms) => {
    expect(retryAfter(header, AT)).toBe(ms);
  });
});
