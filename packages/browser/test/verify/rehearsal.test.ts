import { readFileSync } from 'node:fs';
import type { ListRole } from '@hefu/trust-list';
import { afterEach, describe, expect, it } from 'vitest';
import { makeRehearsal } from '../../rehearsal.mjs';
import { browserAlgorithms, type BrowserAlgorithms } from '../../src/verify/browser-algorithms.js';
import { holdBrowserTrust } from '../../src/verify/browser-trust.js';
import { createBrowserVerifier, type BrowserVerifier, type BrowserVerifyRequest } from '../../src/verify/create-browser-verifier.js';
import { createJudging } from '../../src/verify/judging.js';
import { rehearse } from '../../src/verify/rehearsal.js';

const parts = { hold: holdBrowserTrust, create: createJudging, idle: async () => undefined, signal: new AbortController().signal };
const folder = new URL('../../../../test-vectors/cases/message-form/cms-of-p-256-with-attributes/', import.meta.url);
const octets = (path: string): Uint8Array => Uint8Array.from(readFileSync(new URL(path, folder)));
interface VectorCase { readonly at: string; readonly context: BrowserVerifyRequest['context']; readonly content: string; readonly signature: string; readonly role: string; readonly lists: readonly { readonly file: string }[]; readonly evidence: { readonly crls: readonly { readonly file: string }[] } }
const one = JSON.parse(readFileSync(new URL('case.json', folder), 'utf8')) as VectorCase;
const at = Date.parse(one.at);

/** Algorithms that count the signatures checked by each. */
function counting(): { readonly algorithms: BrowserAlgorithms; readonly checked: Map<string, number> } {
  const given = browserAlgorithms();
  const checked = new Map<string, number>();
  const signatures = given.signatures.map((each) => ({ ...each, verify: (...input: Parameters<typeof each.verify>) => (checked.set(each.name, (checked.get(each.name) ?? 0) + 1), each.verify(...input)) }));
  return { algorithms: { digests: given.digests, signatures, warmUp: () => given.warmUp() }, checked };
}

describe('the rehearsal', () => {
  it('is of octets that can be made again', async () => {
    expect(readFileSync(new URL('../../src/verify/rehearsal-material.ts', import.meta.url), 'utf8')).toBe(await makeRehearsal());
  });

  it('goes all the way: list, path, CRLs and message, by WebCrypto and by the SM2 kernel', async () => {
    const { algorithms, checked } = counting();
    expect(await rehearse({ ...parts, algorithms })).toBe('passed');
    // Each turn one certificate and one CRL by each; the message's digest is checked by the kernel directly, the list by SM2.
    for (const name of ['ECDSA-SHA-256', 'RSASSA-PKCS1-v1_5-SHA-256']) expect(checked.get(name), name).toBeGreaterThanOrEqual(4);
    expect(checked.get('SM2-SM3')).toBeGreaterThanOrEqual(3);
    for (const left of ['ECDSA-SHA-256', 'RSASSA-PKCS1-v1_5-SHA-256']) {
      const [ending, turns] = [new AbortController(), [] as string[]];
      const idle = async (): Promise<void> => void (turns.push(left) > 1 && ending.abort());
      const without = { ...algorithms, signatures: algorithms.signatures.filter(({ name }) => name !== left) };
      expect(['failed', 'indeterminate'], left).toContain(await rehearse({ ...parts, idle, signal: ending.signal, algorithms: without }));
      expect(turns).toHaveLength(2);
    }
    await expect(rehearse({ ...parts, algorithms: { ...algorithms, signatures: [] } })).rejects.toMatchObject({ code: 'TRUST_LIST_UNAVAILABLE' });
  });

  it('ends before the judge where it was ended', async () => {
    const ending = new AbortController();
    const hold: typeof holdBrowserTrust = (...given) => (ending.abort(), holdBrowserTrust(...given));
    const create = (): never => expect.fail('a judge was made');
    for (const given of [{ ...parts, hold, create, signal: ending.signal }, { ...parts, hold, create, signal: AbortSignal.abort() }]) expect(await rehearse({ ...given, algorithms: browserAlgorithms() }).catch(() => undefined)).toBe(undefined);
  });
});

describe('a verifier rehearses', () => {
  const page = globalThis as { requestIdleCallback?: unknown };
  afterEach(() => {
    delete page.requestIdleCallback;
  });

  async function opened(options: { readonly rehearse?: boolean } = {}): Promise<{ readonly verifier: BrowserVerifier; readonly idle: (() => void)[]; readonly checked: Map<string, number>; readonly verify: () => Promise<string> }> {
    const idle: (() => void)[] = [];
    page.requestIdleCallback = (act: () => void) => idle.push(act);
    const { algorithms, checked } = counting();
    const verifier = await createBrowserVerifier({
      ...options, algorithms, trustList: { bytes: octets(one.lists.at(-1)!.file) }, role: JSON.parse(readFileSync(new URL(one.role, folder), 'utf8')) as ListRole, online: false, clock: { now: () => at },
      fetcher: { fetch: () => Promise.reject(new Error('offline')) }, store: { get: async () => undefined, put: async () => undefined, delete: async () => undefined },
    });
    checked.clear();
    const request = { signature: octets(one.signature), content: octets(one.content), crls: one.evidence.crls.map(({ file }) => octets(file)), context: one.context, at };
    return { verifier, idle, checked, verify: async () => (await verifier.verify(request)).conclusion };
  }

  it('when the browser has nothing to do, and neither its trust nor a verdict is another for it', async () => {
    const { verifier, idle, checked, verify } = await opened();
    const { trust } = verifier;
    expect(idle).toHaveLength(1);
    expect(checked.size).toBe(0);
    const rest = (): void => idle.splice(0).forEach((act) => act());
    await expect.poll(() => (rest(), checked.get('ECDSA-SHA-256') ?? 0), { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
    expect(verifier.trust).toBe(trust);
    expect(JSON.stringify(verifier.trust)).not.toContain('ehearsal');
    expect(await verify()).toBe('passed');
    verifier.close();
  });

  it.each([
    ['once something was asked', async ({ verify }: Awaited<ReturnType<typeof opened>>) => void (await verify())],
    ['once it is closed', async ({ verifier }: Awaited<ReturnType<typeof opened>>) => verifier.close()],
  ])('no more %s', async (_, act) => {
    const open = await opened();
    await act(open);
    open.checked.clear();
    open.idle[0]!();
    // Its module is loaded already: it would have begun by then.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
    expect(open.checked.size).toBe(0);
    open.verifier.close();
  });

  it('while its list is fetched, and no more once none is had', async () => {
    const idle: (() => void)[] = [];
    page.requestIdleCallback = (act: () => void) => idle.push(act);
    const { algorithms, checked } = counting();
    let refuse: (why: Error) => void = () => undefined;
    const opening = createBrowserVerifier({
      algorithms, trustList: { url: 'https://list.example/list.json' }, role: JSON.parse(readFileSync(new URL(one.role, folder), 'utf8')) as ListRole, clock: { now: () => at },
      fetcher: { fetch: () => new Promise((_, reject) => { refuse = reject; }) }, store: { get: async () => undefined, put: async () => undefined, delete: async () => undefined },
    });
    const turned = (): number => (idle.splice(0).forEach((act) => act()), checked.get('ECDSA-SHA-256') ?? 0);
    await expect.poll(turned, { timeout: 20_000 }).toBeGreaterThan(0);
    refuse(new Error('offline'));
    await expect(opening).rejects.toMatchObject({ code: 'TRUST_LIST_UNAVAILABLE' });
    for (let tick = 0; tick < 60; tick++) await new Promise((resolve) => setTimeout(resolve, 5)).then(turned);
    // Two a turn, and six turns if it had gone on.
    expect(turned()).toBeLessThan(12);
  });

  it('not where it is told not to', async () => {
    const { verifier, idle } = await opened({ rehearse: false });
    expect(idle).toEqual([]);
    verifier.close();
  });
});
