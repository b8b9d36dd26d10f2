import { describe, expect, it } from 'vitest';
import { AT, run } from './support.js';

describe('hefu sandbox serve', () => {
  it('serves the world and a provider until it is stopped', async () => {
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => { stop = resolve; });
    let ready = (_text: string): void => undefined;
    const said = new Promise<string>((resolve) => { ready = resolve; });
    const running = run(['sandbox', 'serve', '--port', '0', '--provider-port', '0', '--csc-preset', 'simionrobert', '--at', AT, '--json'], { stopped: () => stopped, onOut: ready });
    const { baseUrl, providerUrl, guide, csc } = JSON.parse(await said) as { baseUrl: string; providerUrl: string; guide: string; csc: { v1: string; v2: string; token: string } };
    expect((await fetch(`${baseUrl}/list/current.json`)).status).toBe(200);
    for (const url of [baseUrl, providerUrl]) expect(['18080', '18081']).not.toContain(new URL(url).port);
    expect(await (await fetch(`${csc.v1}/info`, { method: 'POST' })).json()).toMatchObject({ specs: '1.0.4.0' });
    const listed = await fetch(`${csc.v2}/credentials/list`, { method: 'POST', headers: { authorization: `Bearer ${csc.token}` }, body: '{}' });
    expect(await listed.json()).toMatchObject({ credentialIDs: expect.arrayContaining(['key-qinghe']) as unknown });
    // The world stands still where it was told to.
    expect(listed.headers.get('date')).toBe(new Date(AT).toUTCString());
    expect((await fetch(`${csc.v2}/credentials/list`, { method: 'POST', body: '{}' })).status).toBe(401);
    // Every façade is there: an unknown path below one is its own affair, below none it is nobody's.
    for (const path of ['qr', 'kms', 'oauth2']) expect(await (await fetch(`${providerUrl}/${path}/no-such-thing`)).text()).not.toBe('no such path');
    expect(await (await fetch(`${providerUrl}/nothing/`)).text()).toBe('no such path');
    expect(await (await fetch(guide)).json()).toMatchObject({ baseUrl: providerUrl, csc: { token: csc.token } });
    // The manners asked for: this one spells the method otherwise.
    expect((await fetch(`${csc.v1}/credentials/authorise`, { method: 'POST', headers: { authorization: `Bearer ${csc.token}` }, body: '{}' })).status).toBe(400);
    stop();
    expect((await running).code).toBe(0);
    await expect(fetch(`${providerUrl}/csc/v1/info`, { method: 'POST' })).rejects.toThrow();
  });

  it('refuses a port that is none, and a preset that is none', async () => {
    expect((await run(['sandbox', 'serve', '--csc-preset', 'perfect'])).code).toBe(3);
    expect((await run(['sandbox', 'serve', '--provider-port', 'many'])).code).toBe(3);
  });
});
