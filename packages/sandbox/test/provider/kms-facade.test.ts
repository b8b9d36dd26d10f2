import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, kmsAccount, kmsFacade, serveProvider, type ServedProvider } from '../../src/index.js';

const AT = Date.UTC(2026, 5, 1, 4);
const world = createWorld({ seed: 'kms-facade', at: AT });
const account = kmsAccount(world);
let provider: ServedProvider;
beforeAll(async () => { provider = await serveProvider(world, { facades: [kmsFacade] }); });
afterAll(() => provider.close());

const keyOf = (kind: string) => provider.hsm.keys.find((key) => key.kind === kind)!;
const post = (path: string, body: string, headers: Record<string, string> = {}) => fetch(`${provider.baseUrl}/kms/${path}`, { method: 'POST', body, headers });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the toy clouds', () => {
  it.each([
    ['aliyun-like/?KeyId=x', 400, /SignatureDoesNotMatch/], ['tencent-like/', 200, /AuthFailure/], ['huawei-like/v1.0/p/kms/sign', 401, /APIGW/], ['aws-like/', 400, /InvalidSignatureException/],
    ['google-like/v1/projects/sandbox/locations/global/keyRings/hefu/cryptoKeys/k/cryptoKeyVersions/1:asymmetricSign', 401, /UNAUTHENTICATED/],
    ['azure-like/keys/k/1/sign?api-version=7.4', 401, /Unauthorized/], ['vault-like/v1/transit/sign/k/sha2-256', 403, /permission denied/],
  ])('refuse %s without a signature', async (path, status, words) => {
    const answer = await post(path, '{}');
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringMatching(words)]);
  });

  it('take a right request once its signature covers body, time and headers, and refuse it when one of them changes', async () => {
    const date = '20260601T040000Z';
    const body = JSON.stringify({ key_id: keyOf('SM2').id, message: Buffer.alloc(32, 1).toString('base64'), signing_algorithm: 'SM2DSA_SM3', message_type: 'DIGEST' });
    const path = `/kms/huawei-like/v1.0/${account.projectId}/kms/sign`;
    const { host } = new URL(provider.baseUrl);
    const canonical = ['POST', `${path}/`, '', `content-type:application/json\nhost:${host}\nx-sdk-date:${date}\n`, 'content-type;host;x-sdk-date', sha256(body)].join('\n');
    const signature = createHmac('sha256', account.accessKey.secret).update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-sdk-date': date, authorization: `SDK-HMAC-SHA256 Access=${account.accessKey.id}, SignedHeaders=content-type;host;x-sdk-date, Signature=${signature}` };
    const send = (change: Record<string, string> = {}, text = body) => post(path.slice(5), text, { ...headers, ...change }).then(({ status }) => status);
    expect(await send()).toBe(200);
    expect(await send({}, body.replace('SM2DSA', 'SM2dSA'))).toBe(401);
    expect(await send({ 'x-sdk-date': '20260601T040001Z' })).toBe(401);
    provider.clock.advance(3_600_000);
    expect(await send()).toBe(401);
    provider.clock.advance(-3_600_000);
  });
});
