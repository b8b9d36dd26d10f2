import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCscProvider, createWorld, CSC_PIN, CSC_SERVICE_TOKEN, serveProvider, type CscOptions, type CscProvider, type ServedProvider } from '../../src/index.js';

const AT = Date.UTC(2026, 5, 1, 4);
const world = createWorld({ seed: 'csc facade', at: AT });
const HASH = Buffer.alloc(32, 7).toString('base64');
const OTHER = Buffer.alloc(32, 3).toString('base64');
const SM2 = '1.2.156.10197.1.501';

const open: ServedProvider[] = [];
async function serve(options: CscOptions = {}): Promise<{ readonly csc: CscProvider; readonly provider: ServedProvider; post(path: string, body: object, token?: string, fault?: string): Promise<{ status: number; body: Record<string, unknown> }> }> {
  const csc = createCscProvider({ companies: ['qinghe', 'hengtao'], ...options });
  const provider = await serveProvider(world, { facades: csc.facades });
  open.push(provider);
  return {
    csc, provider,
    post: async (path, body, token = CSC_SERVICE_TOKEN, fault = undefined) => {
      const response = await fetch(`${provider.baseUrl}/csc/${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, ...(fault === undefined ? {} : { 'x-sandbox-fault': fault }) }, body: JSON.stringify(body) });
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    },
  };
}
afterAll(() => Promise.all(open.map((each) => each.close())));

describe('the CSC service of the sandbox, by the text', () => {
  let on: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => { on = await serve(); });
  const authorize = async (hashes: readonly string[], numSignatures = hashes.length): Promise<string> => String((await on.post('v1/credentials/authorize', { credentialID: 'key-qinghe', numSignatures, hash: hashes, PIN: CSC_PIN })).body['SAD']);
  const sign = (SAD: string, hash: readonly string[], more: object = {}): ReturnType<typeof on.post> => on.post('v1/signatures/signHash', { credentialID: 'key-qinghe', SAD, hash, signAlgo: SM2, ...more });

  it('wants a token for everything but info', async () => {
    expect((await on.post('v1/info', {}, 'none')).status).toBe(200);
    expect(await on.post('v1/credentials/list', {}, 'none')).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    expect((await fetch(`${on.provider.baseUrl}/csc/v1/info`)).status).toBe(405);
    expect((await on.post('v1/signatures/signPolling', {})).status).toBe(404);
  });

  it('shows the codes that were sent, while they count', async () => {
    const phone = async (): Promise<string> => (await fetch(`${on.provider.baseUrl}/csc/phone`)).text();
    expect(await on.post('v2/credentials/getChallenge', { credentialID: 'key-qinghe-otp' })).toMatchObject({ status: 204 });
    const code = on.csc.otp('key-qinghe-otp')!;
    expect(await phone()).toContain(code);
    on.provider.clock.advance(180_000);
    expect(await phone()).not.toContain(code);
    on.provider.clock.advance(-180_000);
  });

  it('gives tokens for a login, and takes them back', async () => {
    const login = await fetch(`${on.provider.baseUrl}/csc/v1/auth/login`, { method: 'POST', headers: { authorization: 'Basic eDp5' } });
    const { access_token: token } = (await login.json()) as { access_token: string };
    expect((await on.post('v1/credentials/list', {}, token)).status).toBe(200);
    expect((await on.post('v1/auth/revoke', {}, token)).status).toBe(204);
    expect((await on.post('v1/credentials/list', {}, token)).status).toBe(401);
  });

  it.each([
    ['another hash', async () => sign(await authorize([HASH]), [OTHER]), 'Hash is not authorized by the SAD'],
    ['more hashes than signatures', async () => sign(await authorize([HASH, HASH]), [HASH, HASH, HASH]), 'Numbers of signatures is too high'],
    ['a SAD that was used', async () => { const sad = await authorize([HASH]); await sign(sad, [HASH]); return sign(sad, [HASH]); }, 'The SAD was already used'],
    ['no SAD', async () => sign('none', [HASH]), 'Invalid parameter SAD'],
    ['an algorithm the key has not', async () => sign(await authorize([HASH]), [HASH], { signAlgo: '1.2.840.113549.1.1.11' }), 'Invalid parameter signAlgo'],
    ['a digest that does not fit', async () => sign(await authorize([HASH]), [HASH], { hashAlgo: '2.16.840.1.101.3.4.2.1' }), 'Invalid parameter hashAlgo'],
    ['hashes that are none', async () => sign(await authorize([HASH]), ['??']), 'Invalid Base64 hash string parameter'],
  ])('refuses %s', async (_, what, description) => {
    const made = on.csc.made.length;
    expect(await what()).toMatchObject({ status: 400, body: { error: 'invalid_request', error_description: description } });
    expect(on.csc.made.length - made).toBe(description === 'The SAD was already used' ? 1 : 0);
  });

  it('ends a SAD by its own clock, and prolongs none that ended', async () => {
    const sad = await authorize([HASH]);
    on.provider.clock.advance(300_000);
    expect((await sign(sad, [HASH])).body).toMatchObject({ error_description: 'SAD expired' });
    expect((await on.post('v1/credentials/extendTransaction', { credentialID: 'key-qinghe', SAD: sad, hash: [HASH] })).body).toMatchObject({ error_description: 'SAD expired' });
  });

  it('prolongs one that lives, ends it, and widens nothing', async () => {
    const sad = await authorize([HASH, OTHER]);
    const { body } = await on.post('v1/credentials/extendTransaction', { credentialID: 'key-qinghe', SAD: sad, hash: [OTHER] });
    expect((await sign(sad, [HASH])).status).toBe(400);
    expect((await sign(String(body['SAD']), [OTHER])).status).toBe(200);
    const another = await authorize([HASH]);
    expect((await on.post('v1/credentials/extendTransaction', { credentialID: 'key-qinghe', SAD: another, hash: [OTHER] })).body).toMatchObject({ error_description: 'Hash is not authorized by the SAD' });
  });

  it('locks a PIN at the third mistake, for every version', async () => {
    const wrong = { credentialID: 'key-hengtao', numSignatures: 1, hash: [HASH], PIN: '0' };
    expect((await on.post('v1/credentials/authorize', wrong)).body).toMatchObject({ error: 'invalid_pin' });
    expect((await on.post('v1/credentials/authorize', wrong)).body).toMatchObject({ error: 'invalid_pin' });
    expect((await on.post('v1/credentials/authorize', wrong)).body).toMatchObject({ error: 'invalid_request', error_description: 'PIN locked' });
    expect((await on.post('v2/credentials/authorize', { credentialID: 'key-hengtao', numSignatures: 1, hashes: [HASH], authData: [{ id: 'PIN', value: CSC_PIN }] })).body).toMatchObject({ error_description: 'Credential locked' });
  });

  it('lets the phone decide', async () => {
    const asked = await on.post('v2/credentials/authorize', { credentialID: 'key-qinghe-ignores', numSignatures: 1, hashes: [HASH] });
    expect(asked.status).toBe(202);
    const check = (): ReturnType<typeof on.post> => on.post('v2/credentials/authorizeCheck', { handle: asked.body['handle'] });
    expect((await check()).status).toBe(202);
    on.csc.decide('approved');
    expect(await check()).toMatchObject({ status: 200, body: { SAD: expect.stringMatching(/^sad-/) as unknown } });
  });

  it('does wrong when it is told to, and only then', async () => {
    const sad = await authorize([HASH, OTHER]);
    const right = (await sign(sad, [HASH])).body['signatures'] as string[];
    expect(right).toHaveLength(1);
    const faulty = await on.post('v1/signatures/signHash', { credentialID: 'key-qinghe', SAD: sad, hash: [OTHER], signAlgo: SM2 }, CSC_SERVICE_TOKEN, 'hex');
    expect((faulty.body['signatures'] as string[])[0]).toMatch(/^[0-9a-f]+$/);
    expect((await on.post('v1/credentials/list', {}, CSC_SERVICE_TOKEN, 'no-such-fault').catch(() => ({ status: 400 }))).status).toBe(400);
  });
});

describe('manners of other services', () => {
  const authorised = async (on: Awaited<ReturnType<typeof serve>>, path = 'credentials/authorize', write = (hash: string): string => hash): Promise<ReturnType<typeof on.post>> =>
    on.post(`v2/${path}`, { credentialID: 'key-qinghe', numSignatures: 2, hashes: [OTHER, HASH].map(write), authData: [{ id: 'PIN', value: CSC_PIN }] });
  const signed = async (on: Awaited<ReturnType<typeof serve>>, SAD: unknown, write = (hash: string): string => hash): Promise<ReturnType<typeof on.post>> =>
    on.post('v2/signatures/signHash', { credentialID: 'key-qinghe', SAD, hashes: [OTHER, HASH].map(write), signAlgo: SM2 });

  it('eudi-qtsp: takes percent-encoded hashes only', async () => {
    const on = await serve({ preset: 'eudi-qtsp' });
    expect((await authorised(on)).status).toBe(400);
    expect((await authorised(on, 'credentials/authorize', encodeURIComponent)).status).toBe(200);
  });
  it('certomancer: takes a SAD again, a year later', async () => {
    const on = await serve({ preset: 'certomancer' });
    const { body } = await authorised(on);
    on.provider.clock.advance(365 * 86_400_000);
    for (let times = 0; times < 2; times++) expect((await signed(on, body['SAD'])).status).toBe(200);
    expect((await on.post('v1/credentials/info', { credentialID: 'key-qinghe', certInfo: true })).status).toBe(501);
  });
  it('simionrobert: spells the method its own way', async () => {
    const on = await serve({ preset: 'simionrobert' });
    expect((await authorised(on)).status).toBe(404);
    expect((await authorised(on, 'credentials/authorise')).status).toBe(200);
  });
  it('sign8: answers 400 while a job is pending', async () => {
    const on = await serve({ preset: 'sign8' });
    const { body } = await authorised(on);
    const job = await on.post('v2/signatures/signHash', { credentialID: 'key-qinghe', SAD: body['SAD'], hashes: [OTHER, HASH], signAlgo: SM2, operationMode: 'A' });
    const poll = (): ReturnType<typeof on.post> => on.post('v2/signatures/signPolling', { requestID: job.body['responseID'] });
    expect(await poll()).toMatchObject({ status: 400, body: { error_description: expect.stringMatching(/previous asynchronous/i) as unknown } });
    expect((await poll()).body['signatures']).toHaveLength(2);
  });
});

describe('a notification', () => {
  it('goes to a response_uri on loopback, and nowhere else', async () => {
    const received: string[] = [];
    let arrived = (): void => undefined;
    const first = new Promise<void>((resolve) => { arrived = resolve; });
    const listener = createServer((request, response) => {
      request.on('data', (part: Buffer) => received.push(part.toString())).on('end', () => { response.end(); arrived(); });
    });
    await new Promise<void>((resolve) => { listener.listen(0, '127.0.0.1', resolve); });
    const on = await serve();
    const { body } = await on.post('v2/credentials/authorize', { credentialID: 'key-qinghe', numSignatures: 1, hashes: [HASH], authData: [{ id: 'PIN', value: CSC_PIN }] });
    const job = await on.post('v2/signatures/signHash', { credentialID: 'key-qinghe', SAD: body['SAD'], hashes: [HASH], signAlgo: SM2, operationMode: 'A', response_uri: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/back` });
    await first;
    expect(JSON.parse(received.join(''))).toEqual({ responseID: job.body['responseID'] });
    listener.close();
  });
});
