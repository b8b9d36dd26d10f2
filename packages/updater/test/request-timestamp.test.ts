import {
  buildSignedAttributes, buildSignedData, buildTimeStampResponse, buildTstInfo, id_ct_TSTInfo, integer, parseTimeStampRequest, sequence, type TstInfoToWrite,
} from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { UpdaterError } from '../src/error.js';
import type { FetchRequest, FetchResult } from '../src/ports.js';
import { requestTimestamp } from '../src/request-timestamp.js';
import { tableFetcher } from './support/fetcher.js';

// The signatures are none: a client of authorities judges nobody. Real authorities answer in packages/node/test/timestamp.test.ts.
const A = 'http://tsa.hefu-test.cn/';
const B = 'http://10.0.0.7:8080/tsa';
const SHA256 = '2.16.840.1.101.3.4.2.1';
const imprint = { hashAlgorithm: SHA256, hashedMessage: new Uint8Array(32).fill(7) };

function token(info: TstInfoToWrite): Uint8Array {
  const signedAttrs = buildSignedAttributes({ contentType: id_ct_TSTInfo, messageDigest: new Uint8Array(32) });
  return buildSignedData({
    family: 'cms', digestAlgorithm: { oid: SHA256 }, encapContentType: id_ct_TSTInfo, content: buildTstInfo(info), certificates: [],
    signers: [{ sid: { issuer: sequence(), serialNumber: Uint8Array.of(1) }, signedAttrs, signatureAlgorithm: { oid: '1.2.840.10045.4.3.2' }, signature: Uint8Array.of(1) }],
  });
}

/** Answers with a token over what was asked, changed. */
const stamps = (change: Partial<TstInfoToWrite> = {}) => async ({ url, post }: FetchRequest): Promise<FetchResult> => {
  const asked = parseTimeStampRequest(post!.body);
  const info = { policy: asked.reqPolicy ?? '1.2.3', ...imprint, serialNumber: Uint8Array.of(1), genTime: 0, nonce: asked.nonce!, ...change };
  return { status: 200, bytes: buildTimeStampResponse({ status: 'granted', token: token(info) }), finalUrl: url };
};

function setUp(answers: Parameters<typeof tableFetcher>[0]) {
  let made = 0;
  const fetcher = tableFetcher(answers);
  return { fetcher, ask: (urls: readonly string[], more: { policy?: string; signal?: AbortSignal } = {}) => requestTimestamp({ fetcher, randomBytes: (length) => new Uint8Array(length).fill((made += 1)) }, { imprint, urls, ...more }) };
}

describe('requestTimestamp', () => {
  it('posts a bounded request with a fresh nonce and hands the token over', async () => {
    const { fetcher, ask } = setUp({ [A]: stamps() });
    const first = await ask([A]);
    await ask([A], { policy: '1.2.9' });
    expect(first).toMatchObject({ url: A, failed: [] });
    expect(first.token).toEqual(token({ policy: '1.2.3', ...imprint, serialNumber: Uint8Array.of(1), genTime: 0, nonce: new Uint8Array(16).fill(1) }));
    expect(fetcher.asked[0]).toMatchObject({ maxBytes: 256 * 1024, timeoutMs: 12_000, maxRedirects: 3, post: { contentType: 'application/timestamp-query' } });
    const [one, two] = fetcher.asked.map(({ post }) => parseTimeStampRequest(post!.body));
    expect([one!.nonce, two!.nonce]).toEqual([new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)]);
    expect([one!.reqPolicy, two!.reqPolicy, one!.certReq]).toEqual([undefined, '1.2.9', true]);
  });

  it.each([
    ['another imprint', stamps({ hashedMessage: new Uint8Array(32) }), 'TIMESTAMP_MISMATCH'],
    ['another digest', stamps({ hashAlgorithm: '1.2.156.10197.1.401' }), 'TIMESTAMP_MISMATCH'],
    ['another nonce', stamps({ nonce: Uint8Array.of(9, 9) }), 'TIMESTAMP_MISMATCH'],
    ['another policy', stamps({ policy: '1.2.4' }), 'TIMESTAMP_MISMATCH'],
    ['a rejection', buildTimeStampResponse({ status: 'rejection', failures: ['badAlg'] }), 'TIMESTAMP_REJECTED'],
    ['a wait', buildTimeStampResponse({ status: 'waiting' }), 'TIMESTAMP_REJECTED'],
    ['a page', new TextEncoder().encode('<html>'), 'NOT_PARSED'],
    ['a token that is none', buildTimeStampResponse({ status: 'granted', token: sequence(integer(1)) }), 'NOT_PARSED'],
    ['too much', new Uint8Array(256 * 1024 + 1), 'TOO_LARGE'],
    ['status 503', async ({ url }: FetchRequest) => ({ status: 503, bytes: new Uint8Array(0), finalUrl: url }), 'HTTP_STATUS'],
    ['no answer in time', 'TIMEOUT' as const, 'TIMEOUT'],
  ])('refuses %s, and asks the next authority', async (_what, answer, code) => {
    const { ask } = setUp({ [A]: answer, [B]: stamps({ policy: '1.2.3' }) });
    await expect(ask([A], { policy: '1.2.3' })).rejects.toMatchObject({ name: 'UpdaterError', code });
    expect(await ask([A, B], { policy: '1.2.3' })).toMatchObject({ url: B, failed: [{ url: A, error: { code } }] });
  });

  it('refuses a token without the nonce', async () => {
    const bare = async ({ url }: FetchRequest): Promise<FetchResult> => ({
      status: 200, bytes: buildTimeStampResponse({ status: 'granted', token: token({ policy: '1.2.3', ...imprint, serialNumber: Uint8Array.of(1), genTime: 0 }) }), finalUrl: url,
    });
    await expect(setUp({ [A]: bare }).ask([A])).rejects.toMatchObject({ code: 'TIMESTAMP_MISMATCH' });
  });

  it('asks again only where nothing can have been issued', async () => {
    let calls = 0;
    const flaky = setUp({ [A]: async (request) => { if ((calls += 1) === 1) throw new UpdaterError('CONNECT_FAILED', 'x'); return stamps()(request); } });
    expect(await flaky.ask([A])).toMatchObject({ url: A });
    const down = setUp({ [A]: 'CONNECT_FAILED' });
    await expect(down.ask([A])).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    expect(down.fetcher.asked).toHaveLength(2);
    for (const code of ['TIMEOUT', 'TRUNCATED', 'FETCH_FAILED'] as const) {
      const { fetcher, ask } = setUp({ [A]: code });
      await expect(ask([A])).rejects.toMatchObject({ code });
      expect(fetcher.asked).toHaveLength(1);
    }
  });

  it('when no one stamps says so of each', async () => {
    const { ask } = setUp({ [A]: 'TIMEOUT' });
    await expect(ask([A, B])).rejects.toMatchObject({ code: 'TIMESTAMP_UNAVAILABLE', cause: [{ url: A, error: { code: 'TIMEOUT' } }, { url: B, error: { code: 'HTTP_STATUS' } }] });
    await expect(ask([...Array.from({ length: 8 }, () => A), B])).rejects.toMatchObject({ code: 'TIMESTAMP_UNAVAILABLE', cause: expect.arrayContaining([expect.objectContaining({ url: B, error: expect.objectContaining({ code: 'LIMIT' }) })]) });
    await expect(ask([])).rejects.toThrow(TypeError);
    await expect(ask(['ldap://tsa.hefu-test.cn/'])).rejects.toMatchObject({ code: 'SCHEME_REFUSED' });
  });

  it('stops when the caller does', async () => {
    const controller = new AbortController();
    const { fetcher, ask } = setUp({ [A]: async () => { controller.abort(); throw new UpdaterError('TIMEOUT', 'x'); }, [B]: stamps() });
    await expect(ask([A, B], { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(fetcher.asked).toHaveLength(1);
  });
});
