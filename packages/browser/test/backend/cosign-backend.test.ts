import { memoryStore } from '@hefu/updater';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryShareStore, createCosignAdapter, createEnrolment, COSIGN_CONSENT, type CosignServer, type ShareStore } from '../../../cloud/src/index.js';
import { createMemoryLeases } from '../../../sign/src/index.js';
// A company, a co-signing server and a CA made for the adapter's own tests.
import { CosignBench, WatchedSeal } from '../../../cloud/test/cosign/bench.js';
import { createCosignBackend, type CosignBackendOptions, type Mounted } from '../../src/backend/index.js';
import { remoteCosignServer } from '../../src/direct/remote-cosign-server.js';

const ORIGIN = 'https://bids.example';
const BASE = '/api/cosign';
const bench = new CosignBench();
beforeAll(() => bench.open());
afterAll(() => bench.provider.close());

const backendOf = (change: Partial<CosignBackendOptions> = {}): Mounted => createCosignBackend({
  base: BASE, origins: [ORIGIN], server: bench.server(), store: memoryStore(), ports: { clock: bench.clock, random: bench.random },
  authenticate: async (request) => (request.headers.get('x-user') === null ? undefined : { id: request.headers.get('x-user')! }),
  ...change,
});
/** What a browser adds to a request of a page of ours. */
const pageOf = (backend: Mounted, user: string | undefined = 'li', change: (headers: Headers) => void = () => undefined): typeof fetch => async (input, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set('origin', ORIGIN);
  if (user !== undefined) headers.set('x-user', user);
  change(headers);
  return (await backend(new Request(new URL(String(input), ORIGIN), { ...init, headers })))!;
};
const serverOf = (...given: Parameters<typeof pageOf>): CosignServer => remoteCosignServer(BASE, { fetch: pageOf(...given) });

async function enrolled(server: CosignServer, store: ShareStore, seal: WatchedSeal): Promise<string> {
  const enrolment = createEnrolment({ enable: COSIGN_CONSENT, store, seal, server, context: bench.context() });
  await enrolment.createShare('x');
  await enrolment.acceptCertificate('x', await bench.certificate(store, 'x', await enrolment.certificationRequest('x', bench.subjectName())));
  return (await store.read('x'))!.kid;
}
const POINT = Uint8Array.of(4, ...new Uint8Array(64));
const round = { digest: new Uint8Array(32).fill(1), q1: POINT };

describe('a key in two halves by way of the backend', () => {
  it('is enrolled and signs; the page never has the secret of the application', async () => {
    const [store, seal] = [createMemoryShareStore(), new WatchedSeal()];
    const sent: string[] = [];
    const backend = backendOf();
    const server = remoteCosignServer(BASE, { fetch: async (input, init) => {
      sent.push(String(init?.body), JSON.stringify([...new Headers(init?.headers)]));
      return pageOf(backend)(input, init);
    } });
    await enrolled(server, store, seal);
    const { end } = await bench.sign(createCosignAdapter({ enable: COSIGN_CONSENT, store, seal, server, leases: createMemoryLeases() }), { count: 2 });
    expect(end).toMatchObject({ type: 'done', signatures: [{ itemId: 'i0' }, { itemId: 'i1' }] });
    // Two to enrol, two to sign; of the share nothing went.
    expect(sent).toHaveLength(8);
    for (const text of sent) expect(text).not.toMatch(/x-cosign|secret/i);
    for (const share of seal.shares) expect(sent.join()).not.toContain(Buffer.from(share).toString('base64'));
  });

  it('belongs to who had it made: another is told no more than of one that is not there', async () => {
    const backend = backendOf();
    const kid = await enrolled(serverOf(backend), createMemoryShareStore(), new WatchedSeal());
    bench.provider.transcript.clear();
    const refusal = (server: CosignServer, name: string) => server.answer(bench.context(), name, round).catch((error: unknown) => (error as { toJSON(): unknown }).toJSON());
    const others = await refusal(serverOf(backend, 'wang'), kid);
    expect(others).toMatchObject({ code: 'NO_USABLE_CREDENTIAL', outcome: 'not-signed' });
    expect(await refusal(serverOf(backend), 'none')).toEqual(others);
    expect(bench.provider.transcript.exchanges).toHaveLength(0);
  });

  it.each([
    ['nobody', (headers: Headers) => headers.delete('x-user'), 'AUTH_EXPIRED'],
    ['a page of another site', (headers: Headers) => headers.set('origin', 'https://elsewhere.example'), 'ADAPTER_MISCONFIGURED'],
    ['a form of another site', (headers: Headers) => headers.delete('x-hefu-request'), 'ADAPTER_MISCONFIGURED'],
    ['a page without an origin', (headers: Headers) => headers.delete('origin'), 'ADAPTER_MISCONFIGURED'],
  ])('is nothing to %s', async (_, change, code) => {
    bench.provider.transcript.clear();
    await expect(serverOf(backendOf(), 'li', change).createKey(bench.context(), POINT)).rejects.toMatchObject({ code });
    expect(bench.provider.transcript.exchanges).toHaveLength(0);
  });

  it('signs what the platform permits, and asks the server for nothing else', async () => {
    const asked: string[] = [];
    let permitted = true;
    const backend = backendOf({ permit: async ({ id }, { kid, digest }) => asked.push(`${id} ${kid} ${digest.length}`) > 0 && permitted });
    const kid = await enrolled(serverOf(backend), createMemoryShareStore(), new WatchedSeal());
    permitted = false;
    bench.provider.transcript.clear();
    await expect(serverOf(backend).answer(bench.context(), kid, round)).rejects.toMatchObject({ code: 'PROVIDER_REFUSED', detail: 'not-permitted', outcome: 'not-signed' });
    expect(asked.at(-1)).toBe(`li ${kid} 32`);
    expect(bench.provider.transcript.exchanges).toHaveLength(0);
  });

  it('bounds keys, bodies and names', async () => {
    const backend = backendOf({ maxKeysPerOwner: 1 });
    const make = (user: string) => createEnrolment({ enable: COSIGN_CONSENT, store: createMemoryShareStore(), seal: new WatchedSeal(), server: serverOf(backend, user), context: bench.context() }).createShare('x');
    const both = await Promise.allSettled([make('li'), make('li')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'RATE_LIMITED' } });
    await make('wang');
    const status = async (path: string, body: unknown, method = 'POST') => (await pageOf(backend)(`${BASE}/${path}`, { method, headers: { 'content-type': 'application/json', 'x-hefu-request': '1' }, ...(method === 'POST' ? { body: JSON.stringify(body) } : {}) })).status;
    expect(await status('keys', { point: { $octets: Buffer.from(POINT.subarray(1)).toString('base64') } })).toBe(400);
    expect(await status('keys', { point: 'x'.repeat(5000) })).toBe(413);
    expect(await status('keys/../rounds', {})).toBe(404);
    expect(await status('keys', {}, 'GET')).toBe(404);
    expect(await backend(new Request(`${ORIGIN}/elsewhere`))).toBeUndefined();
  });

  it('loses an answer without losing the share, and a server that cheats ends its use', async () => {
    const [store, seal, backend] = [createMemoryShareStore(), new WatchedSeal(), backendOf()];
    let lose = false;
    const server = remoteCosignServer(BASE, { fetch: async (input, init) => {
      const response = await pageOf(backend)(input, init);
      if (lose) throw new TypeError('Failed to fetch');
      return response;
    } });
    await enrolled(server, store, seal);
    const sign = () => bench.sign(createCosignAdapter({ enable: COSIGN_CONSENT, store, seal, server, leases: createMemoryLeases() }));
    lose = true;
    expect((await sign()).end).toMatchObject({ type: 'failed' });
    expect(await store.read('x')).toMatchObject({ state: 'active' });
    lose = false;
    expect((await sign()).end).toMatchObject({ type: 'done' });
    bench.provider.faults.set('cosign-s2-delta');
    try {
      expect((await sign()).end).toMatchObject({ type: 'failed', error: { code: 'COSIGN_ABORT' } });
    } finally {
      bench.provider.faults.clear();
    }
    expect(await store.read('x')).toMatchObject({ state: 'aborted' });
  });
});
