import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, type ServedWorld } from '../src/index.js';

let sandbox: ServedWorld;
beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'serve', at: Date.UTC(2026, 9, 1) });
});
afterAll(() => sandbox.close());

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(sandbox.baseUrl + path, init);

describe('startSandbox', () => {
  test('the world names the server it is served from', () => {
    expect(sandbox.world.baseUrl).toBe(sandbox.baseUrl);
  });

  test('serves every CRL', async () => {
    for (const [path, body] of sandbox.world.crls) {
      const response = await get(path);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pkix-crl']);
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(body);
    }
  });

  test('serves lists, the role and CA certificates', async () => {
    const list = await get('/list/current.json');
    expect(list.headers.get('content-type')).toBe('application/jose+json');
    expect(new Uint8Array(await list.arrayBuffer())).toEqual(sandbox.world.lists.current);
    expect(await (await get('/list/role.json')).json()).toEqual(sandbox.world.listRole);
    expect((await get('/ca/hanmian-2018.cer')).headers.get('content-type')).toBe('application/pkix-cert');
  });

  test('refuses what is not there and what is not reading', async () => {
    expect((await get('/crl/nobody.crl')).status).toBe(404);
    expect((await get('/crl/chujiang.crl', { method: 'POST' })).status).toBe(405);
    expect((await get('/crl/chujiang.crl', { method: 'HEAD' })).status).toBe(200);
  });

  test('records what was asked for', async () => {
    await get('/crl/yunze.crl?x=1');
    expect(sandbox.requests.at(-1)).toBe('/crl/yunze.crl');
  });
});

describe('faults', () => {
  test('error and html', async () => {
    expect((await get('/fault/error')).status).toBe(500);
    const html = await get('/fault/html/crl/chujiang.crl');
    expect([html.status, html.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  test('redirect-loop leads back to itself', async () => {
    const response = await get('/fault/redirect-loop', { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/fault/redirect-loop']);
    await expect(get('/fault/redirect-loop')).rejects.toThrow();
  });

  test('truncated ends before the stated length', async () => {
    await expect(get('/fault/truncated/crl/chujiang.crl').then((response) => response.arrayBuffer())).rejects.toThrow();
  });

  test('huge goes on past any budget', async () => {
    const abort = new AbortController();
    const response = await get('/fault/huge', { signal: abort.signal });
    let received = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      if (received > 4_000_000) break;
    }
    abort.abort();
    expect(received).toBeGreaterThan(4_000_000);
  });

  test('hang never answers, slow begins and does not finish at once', async () => {
    const answered = await Promise.race([get('/fault/hang').then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 50))]);
    expect(answered).toBe(false);
    const slow = await get('/fault/slow/crl/chujiang.crl');
    const first = await (slow.body as ReadableStream<Uint8Array>).getReader().read();
    expect(first.value?.length).toBeLessThan(Number(slow.headers.get('content-length')));
  });

  test('a fault set on a path lasts until it is lifted', async () => {
    sandbox.setFault('/crl/pingwu.crl', 'error');
    expect((await get('/crl/pingwu.crl')).status).toBe(500);
    expect((await get('/crl/yunze.crl')).status).toBe(200);
    sandbox.setFault('/crl/pingwu.crl', undefined);
    expect((await get('/crl/pingwu.crl')).status).toBe(200);
  });
});

test('a port in use is said, and close ends open connections', async () => {
  const port = Number(new URL(sandbox.baseUrl).port);
  await expect(startSandbox({ seed: 'x', at: Date.UTC(2026, 9, 1), port })).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
  const second = await startSandbox({ seed: 'serve', at: Date.UTC(2026, 9, 1) });
  const ended = new Promise((resolve) => request(`${second.baseUrl}/fault/hang`).on('error', resolve).end());
  await new Promise((resolve) => setTimeout(resolve, 20));
  await second.close();
  expect(await ended).toBeInstanceOf(Error);
});
