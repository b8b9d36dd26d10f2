import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClientShare, isPublicPoint } from '@hefu/crypto/two-party';
import { cosignApp, cosignFacade, createWorld, serveProvider, type ServedProvider } from '../../src/index.js';

const world = createWorld({ seed: 'cosign-facade', at: Date.UTC(2026, 5, 1, 4) });
const app = cosignApp(world);
let provider: ServedProvider;
beforeAll(async () => { provider = await serveProvider(world, { facades: [cosignFacade] }); });
afterAll(() => provider.close());

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
let n = 0;
async function post(path: string, members: object, change: Record<string, string> = {}, nonce = `nonce-${n++}`): Promise<[number, Record<string, string>]> {
  const body = JSON.stringify(members);
  const time = change['x-cosign-time'] ?? '20260601T040000Z';
  const text = ['POST', `/cosign/v1/${path}`, time, nonce, createHash('sha256').update(body).digest('hex')].join('\n');
  const answer = await fetch(`${provider.baseUrl}/cosign/v1/${path}`, {
    method: 'POST', body, headers: { 'x-cosign-app': app.id, 'x-cosign-time': time, 'x-cosign-nonce': nonce, 'x-cosign-signature': createHmac('sha256', app.secret).update(text).digest('hex'), ...change },
  });
  return [answer.status, (await answer.json()) as Record<string, string>];
}
const client = createClientShare(new Uint8Array(48).fill(5));

describe('the co-signing server', () => {
  it('makes keys, for signed requests only, each nonce once, in time', async () => {
    const [status, { kid, p = '' }] = await post('keys', { p1: hex(client.point) });
    expect([status, typeof kid, isPublicPoint(new Uint8Array(Buffer.from(p, 'hex')))]).toEqual([200, 'string', true]);
    expect(await post('keys', { p1: hex(client.point) }, { 'x-cosign-signature': '00' })).toEqual([401, { error: 'bad-signature' }]);
    expect(await post('keys', { p1: hex(client.point) }, {}, 'nonce-0')).toEqual([401, { error: 'bad-signature' }]);
    expect(await post('keys', { p1: hex(client.point) }, { 'x-cosign-time': '20260601T050000Z' })).toEqual([401, { error: 'skew' }]);
  });

  it('answers no point that is none', async () => {
    expect(await post('keys', { p1: '04'.padEnd(130, '0') })).toEqual([400, { error: 'bad-request' }]);
    const [, { kid }] = await post('keys', { p1: hex(client.point) });
    for (const q1 of ['', '00', '04'.padEnd(130, '0'), hex(client.point).replace(/.$/, (c) => (c === '0' ? '1' : '0'))]) expect(await post(`keys/${kid}/sign`, { e: '00'.repeat(32), q1 })).toEqual([400, { error: 'bad-request' }]);
    expect(await post('keys/none/sign', { e: '00'.repeat(32), q1: hex(client.point) })).toEqual([404, { error: 'no-key' }]);
  });
});
