import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, providerFacades, serveProvider, type ProviderGuide, type ServedProvider } from '../../../src/index.js';
import { FAILURES } from '../../../src/provider/guide/failures.js';

const AT = Date.UTC(2026, 9, 1);
let provider: ServedProvider;
let guide: ProviderGuide;
beforeAll(async () => {
  provider = await serveProvider(createWorld({ seed: 'guide', at: AT }), { facades: providerFacades() });
  guide = await (await fetch(`${provider.baseUrl}/sandbox/guide`)).json() as ProviderGuide;
});
afterAll(() => provider.close());

const put = (fault: string): Promise<Response> => fetch(`${provider.baseUrl}/sandbox/fault`, { method: 'POST', body: JSON.stringify({ fault }) });

describe('the guide of a provider', () => {
  test('every fault it names can be put in force, and no other', async () => {
    const named = new Set([...guide.transportFaults, ...guide.facades.flatMap(({ faults }) => faults)]);
    expect(named.size).toBeGreaterThan(100);
    for (const fault of named) expect([fault, (await put(fault)).status]).toEqual([fault, 200]);
    expect((await put('no-such-fault')).status).toBe(400);
    await fetch(`${provider.baseUrl}/sandbox/faults/clear`, { method: 'POST' });
  });

  test('the fifty failures are numbered, each says how it is had, and names only faults there are', () => {
    expect(FAILURES.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    const known = [...guide.transportFaults, ...guide.facades.flatMap(({ faults }) => faults)];
    expect(FAILURES.flatMap(({ faults }) => faults).filter((fault) => !known.includes(fault))).toEqual([]);
    expect(FAILURES.filter(({ faults, also }) => faults.length === 0 && also === undefined)).toEqual([]);
    expect(guide.failures).toEqual(FAILURES);
  });

  test('every interface answers below its address and is told in both languages', async () => {
    expect(guide.facades.map(({ path }) => path)).toEqual(['/csc/', '/oauth2/', '/.well-known/oauth-authorization-server', '/qr/', '/kms/', '/cosign/v1/']);
    for (const { path, zh, en } of guide.facades) {
      expect(await (await fetch(provider.baseUrl + path)).text(), path).not.toBe('no such path');
      expect([/\p{Script=Han}/u.test(zh), /\p{Script=Han}/u.test(en)]).toEqual([true, false]);
    }
  });

  test('who it says is there opens, and who it does not is refused', async () => {
    const info = (credentialID: string): Promise<Response> => fetch(`${provider.baseUrl}/csc/v2/credentials/info`, { method: 'POST', headers: { authorization: `Bearer ${guide.csc.token}` }, body: JSON.stringify({ credentialID }) });
    const { id } = guide.identities[0]!;
    for (const { suffix } of guide.csc.credentials) expect([suffix, (await info(id + suffix)).status]).toEqual([suffix, 200]);
    expect((await info('key-nobody')).status).toBe(400);
  });

  test('a provider of one interface speaks of its faults only', async () => {
    const [, , , qr] = providerFacades();
    const small = await serveProvider(createWorld({ seed: 'guide', at: AT }), { facades: [qr!] });
    const { failures } = await (await fetch(`${small.baseUrl}/sandbox/guide`)).json() as ProviderGuide;
    await small.close();
    expect(failures.flatMap(({ faults }) => faults).filter((fault) => fault.startsWith('kms-') || fault.startsWith('cosign-'))).toEqual([]);
    expect(failures.find(({ number }) => number === 27)!.faults).toEqual(['permute']);
  });

  test('the page shows all of it, asks for nothing, and has no script', async () => {
    const answer = await fetch(`${provider.baseUrl}/`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await answer.text();
    for (const word of [...guide.facades.map(({ path }) => provider.baseUrl + path), ...guide.facades.flatMap(({ faults }) => faults), guide.csc.token, 'key-qinghe', 'eudi-qtsp', '/sandbox/clock']) expect(page).toContain(word);
    for (const { zh, en } of guide.failures) expect([page.includes(zh.replaceAll("'", '&#39;')), page.includes(en.replaceAll("'", '&#39;'))]).toEqual([true, true]);
    expect(page).not.toMatch(/<script|<link|src=|href=/);
    expect((await fetch(`${provider.baseUrl}/`, { method: 'POST' })).status).toBe(404);
  });
});
