import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha1 } from '@hefu/crypto';
import { buildOcspRequest, parseCertificate, parseOcspResponse } from '@hefu/pki';
import { startSandbox, type Company, type ServedWorld } from '../src/index.js';

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

describe('OCSP', () => {
  const post = async (path: string, body: Uint8Array) => {
    const response = await get(path, { method: 'POST', body: body as Uint8Array<ArrayBuffer>, headers: { 'content-type': 'application/ocsp-request' } });
    return { status: response.status, type: response.headers.get('content-type'), bytes: new Uint8Array(await response.arrayBuffer()) };
  };
  const requestFor = ({ sign, issuer }: Company, nonce?: Uint8Array, key = parseCertificate(issuer.certificate).spki.publicKey) => {
    const { issuer: name, serialNumber } = parseCertificate(sign.certificate);
    return buildOcspRequest({ issuerName: name.bytes, issuerKey: key, serialNumber, hash: { oid: '1.3.14.3.2.26', digest: (message) => sha1.digest(message) }, ...(nonce === undefined ? {} : { nonce }) });
  };

  test('every company is answered for, the same each time, nonce and all', async () => {
    for (const company of sandbox.world.companies) {
      const path = `/ocsp/${company.authority.id}`;
      const asked = requestFor(company, Uint8Array.of(1, 2));
      const answer = await post(path, asked);
      expect([answer.status, answer.type]).toEqual([200, 'application/ocsp-response']);
      expect((await post(path, asked)).bytes).toEqual(answer.bytes);
      const { basic } = parseOcspResponse(answer.bytes);
      const { state } = company;
      expect(basic!.responses[0]!.status).toMatchObject(
        state === 'revoked' ? { kind: 'revoked', reason: 'keyCompromise' } : state === 'frozen' ? { kind: 'revoked', reason: 'certificateHold' } : { kind: 'good' },
      );
      expect(basic!.nonce).toEqual(Uint8Array.of(1, 2));
    }
  });
  test('other issuers, rubbish and too much are refused', async () => {
    const company = sandbox.world.companies[0]!;
    const path = `/ocsp/${company.authority.id}`;
    expect(parseOcspResponse((await post(path, requestFor(company, undefined, Uint8Array.of(4)))).bytes).responseStatus).toBe('unauthorized');
    expect(parseOcspResponse((await post(path, Uint8Array.of(0x30, 0))).bytes).responseStatus).toBe('malformedRequest');
    expect((await post(path, new Uint8Array(20_000))).status).toBe(413);
    expect((await get(path)).status).toBe(404);
  });
  test('faults are met by questions too', async () => {
    const company = sandbox.world.companies[0]!;
    const path = `/ocsp/${company.authority.id}`;
    sandbox.setFault(path, 'error');
    expect((await post(path, requestFor(company))).status).toBe(500);
    sandbox.setFault(path, undefined);
    expect((await post(`/fault/html${path}`, requestFor(company))).type).toBe('text/html; charset=utf-8');
    await expect(post(`/fault/truncated${path}`, requestFor(company))).rejects.toThrow();
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
