import { existsSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpCosignServer } from '../../../cloud/src/index.js';
import { runningClock, seededRandom } from '../../../cloud/test/world.js';
import { createVerifier, type Verifier } from '../../../node/src/create-verifier.js';
import type { Company, ServedProvider, World } from '../../../sandbox/src/index.js';
import { memoryStore } from '@hefu/updater';
import { createCosignBackend } from '../../src/backend/index.js';
import { bundle } from '../page/bundle.js';
import { hasChromium, launch } from '../page/chromium.js';
import { pages, serve, type Served } from '../page/serve.js';

// The sandbox stands beside this package, not beneath it, so it is reached by path.
const SANDBOX = new URL('../../../sandbox/dist/index.js', import.meta.url);
const ready = hasChromium('signing in the page itself') && existsSync(SANDBOX);
const T = Date.UTC(2026, 5, 1, 8);
const REGION = '420100';

const PAGE = `
import * as hefu from 'hefu/index.js';
import { COSIGN_CONSENT, createCosignAdapter, createEnrolment } from '@hefu/cloud';
import { bestCredential, createAdapterContext, createJournal, createRedactor, createServerClock, selectCredential } from '@hefu/sign';
import { sha256 } from '@hefu/crypto';
const octets = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
// The page's clock is the world's.
const started = Date.now();
const now = globalThis.Date.now;
Date.now = () => ${T} + now() - started;
const enable = COSIGN_CONSENT;
const ports = hefu.pagePorts();
const context = () => {
  const redactor = createRedactor();
  return createAdapterContext({ ports, redactor, locale: 'zh-CN', signal: new AbortController().signal, serverClock: createServerClock(ports.clock), journal: createJournal({ digest: sha256, redactor, write: () => undefined }) });
};
const shares = hefu.openKeyShares();
const server = hefu.remoteCosignServer('/api/cosign');
globalThis.shares = shares;
globalThis.enrol = async (id, subject) => {
  const enrolment = createEnrolment({ enable, store: shares.store, seal: await shares.seal(), server, context: context() });
  await enrolment.createShare(id);
  const csr = await enrolment.certificationRequest(id, octets(subject));
  const { kid } = await shares.store.read(id);
  const { chain } = await (await fetch('/certificate?kid=' + kid, { method: 'POST', body: base64(csr) })).json();
  await enrolment.acceptCertificate(id, chain.map(octets));
};
globalThis.opened = async (id, { list, role, crls, files }) => {
  const algorithms = hefu.browserAlgorithms();
  await algorithms.warmUp();
  const verifier = await hefu.createBrowserVerifier({ trustList: { bytes: octets(list) }, role, online: false, algorithms, store: hefu.indexedDbStore('verifier') });
  const adapter = createCosignAdapter({ enable, store: shares.store, seal: await shares.seal(), server, leases: hefu.pageLeases() });
  const capabilities = await adapter.discover(context());
  const credentials = (await adapter.listCredentials({ limit: 10 }, context())).filter(({ ref }) => ref === id);
  const judgement = await verifier.judgement({ chain: credentials[0].chain, context: { region: '${REGION}', transaction: '工程建设' }, crls: crls.map(octets) });
  const { credential } = bestCredential(await selectCredential({ ...judgement, credentials, capabilities, algorithms, at: Date.now() }));
  return { adapter, capabilities, credential, algorithms, judgement, title: '投标文件', items: files.map((text, i) => ({ itemId: 'f' + i, label: text, content: new TextEncoder().encode(text) })), limits: { retry: { attempts: 1, budgetMs: 1, baseMs: 1, maxWaitMs: 1 } } };
};
globalThis.sign = async (requestId, id, given, { again, until = () => false } = {}) => {
  const session = hefu.directSession({ requestId, store: hefu.indexedDbStore('signings'), open: () => globalThis.opened(id, given), again });
  globalThis.session = session;
  const told = [];
  for await (const event of session.run()) {
    told.push(event.type + (event.state ?? ''));
    globalThis.told = told;
    if (event.type === 'done' || event.type === 'failed' || event.type === 'cancelled') return { told, type: event.type, code: event.error?.code, verdict: event.error?.verdict, messages: (event.signatures ?? []).map(({ message }) => base64(message)) };
  }
};
globalThis.ready = true;
`;

interface Given { readonly list: string; readonly role: unknown; readonly crls: readonly string[]; readonly files: readonly string[] }
interface Ended { readonly told: readonly string[]; readonly type: string; readonly code?: string; readonly verdict?: readonly string[]; readonly messages: readonly string[] }
declare global {
  var enrol: (id: string, subject: string) => Promise<void>;
  var sign: (requestId: string, id: string, given: Given, how?: { again?: boolean }) => Promise<Ended>;
  var shares: import('../../src/index.js').KeyShares;
}

describe.skipIf(!ready)('a signing in the page itself, with a key in two halves', () => {
  let world: World;
  let company: Company;
  let provider: ServedProvider;
  let verifier: Verifier;
  let served: Served;
  let browser: Browser;
  let context: BrowserContext;
  /** Rounds that pass before one is held back, and what becomes of that. */
  let passing = Infinity;
  let held: { readonly arrived: () => void; readonly fate: Promise<'pass' | 'lost'> } | undefined;
  let given: Given;
  const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
  const rounds = (): number => provider.transcript.exchanges.filter(({ path }) => path.endsWith('/sign')).length;

  beforeAll(async () => {
    const { cosignApp, cosignFacade, createWorld, serveProvider } = (await import(SANDBOX.href)) as typeof import('../../../sandbox/src/index.js');
    const { parseCertificate } = await import('@hefu/pki');
    world = createWorld({ seed: 'direct', at: T });
    company = world.companies.find(({ state, issuer, sign }) => state === 'good' && issuer.listed && sign.key.kind === 'SM2')!;
    const clock = runningClock(T);
    provider = await serveProvider(world, { facades: [cosignFacade], now: () => clock.now() });
    const { id, secret } = cosignApp(world);
    const cosign = createCosignBackend({
      base: '/api/cosign', authenticate: async () => ({ id: 'li' }), store: memoryStore(), ports: { clock, random: seededRandom(9) },
      server: createHttpCosignServer({ fetch: (url, init) => fetch(url, init), baseUrl: `${provider.baseUrl}/cosign/v1`, app: { id, secret: async () => secret } }),
    });
    const subject = base64(parseCertificate(company.sign.certificate).subject.bytes);
    given = { list: base64(world.lists.current), role: world.listRole, crls: [...world.crls.values()].map(base64), files: ['投标函.pdf', '报价清单.xlsx'] };
    served = await serve(pages(await bundle(PAGE), async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === '/certificate') {
        // What the platform's CA does with a request.
        const csr = Buffer.from(await request.text(), 'base64').toString('hex');
        const answer = (await (await fetch(`${provider.baseUrl}/cosign/v1/keys/${searchParams.get('kid')}/certificate`, { method: 'POST', body: JSON.stringify({ company: company.id, csr }) })).json()) as { chain: string[] };
        return Response.json({ chain: answer.chain.map((der) => Buffer.from(der, 'hex').toString('base64')) });
      }
      if (pathname.endsWith('/rounds') && --passing < 0 && held !== undefined) {
        held.arrived();
        if ((await held.fate) === 'lost') return new Response(null, { status: 502 });
      }
      const response = await cosign(request);
      // The session goes by the server's clock, which is the world's here.
      response?.headers.set('date', new Date(clock.now()).toUTCString());
      return response;
    }));
    verifier = await createVerifier({ trustList: { bytes: world.lists.current }, role: world.listRole, online: false, clock: { now: () => T } });
    browser = await launch();
    context = await browser.newContext();
    context.setDefaultTimeout(55_000);
    const page = await open();
    await page.evaluate((name) => globalThis.enrol('bids', name), subject);
    await page.evaluate((name) => globalThis.enrol('cheated', name), subject);
    await page.close();
  });
  afterAll(async () => {
    await browser?.close();
    verifier?.close();
    served?.close();
    await provider?.close();
  });

  async function open(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${served.origin}/?csp=${encodeURIComponent("default-src 'self'")}`);
    await page.waitForFunction(() => (globalThis as { ready?: boolean }).ready === true);
    return page;
  }
  /** Holds the round after the next so many. */
  const hold = (rounds: number): { readonly arrived: Promise<void>; end(fate: 'pass' | 'lost'): void } => {
    let arrived = (): void => undefined;
    let end: (fate: 'pass' | 'lost') => void = () => undefined;
    const there = new Promise<void>((resolve) => (arrived = resolve));
    held = { arrived, fate: new Promise((resolve) => (end = resolve)) };
    passing = rounds;
    return {
      arrived: there,
      end(fate) {
        passing = Infinity;
        end(fate);
      },
    };
  };
  const sign = (page: Page, requestId: string, id = 'bids', how: { again?: boolean } = {}) => page.evaluate(([name, key, files, more]) => globalThis.sign(name, key, files, more), [requestId, id, given, how] as const);
  const judged = async (message: string, content: string) => {
    const crls = [...world.crls.values()];
    const report = await verifier.verify({ signature: Buffer.from(message, 'base64'), content: new TextEncoder().encode(content), region: REGION, transaction: '工程建设', at: T, crls });
    return report.conclusion === 'passed' ? 'passed' : report.code;
  };

  it("ends in messages that Node.js passes, over these files and no others, under default-src 'self'", async () => {
    const page = await open();
    const end = await sign(page, 'whole');
    expect(end).toMatchObject({ type: 'done' });
    expect(await Promise.all(end.messages.map((message, index) => judged(message, given.files[index]!)))).toEqual(['passed', 'passed']);
    expect(await judged(end.messages[0]!, given.files[1]!)).toBe('SIGNATURE_INVALID');
    // Asked for again, as after a reload, it is made of what was kept and judged again; nothing is signed.
    const before = rounds();
    await page.close();
    const again = await open();
    expect((await sign(again, 'whole')).messages).toEqual(end.messages);
    expect(rounds()).toBe(before);
    await again.close();
  });

  it('goes on in another tab after the first is gone, and beside it not at all', async () => {
    const before = rounds();
    const second = hold(1);
    const page = await open();
    sign(page, 'reopened').catch(() => undefined); // its page is closed under it
    await second.arrived;
    const other = await open();
    expect(await sign(other, 'reopened')).toMatchObject({ type: 'failed', code: 'ACTION_PENDING' });
    await page.close();
    second.end('lost');
    const end = await sign(other, 'reopened');
    expect(end).toMatchObject({ type: 'done' });
    expect(await Promise.all(end.messages.map((message, index) => judged(message, given.files[index]!)))).toEqual(['passed', 'passed']);
    // What the first tab had signed was not signed again.
    expect(rounds() - before).toBe(2);
    await other.close();
  });

  it('is cancelled, and stays so', async () => {
    const first = hold(0);
    const page = await open();
    const ending = sign(page, 'cancelled');
    await first.arrived;
    const cancelling = page.evaluate(() => (globalThis as unknown as { session: import('@hefu/sign').SigningSession }).session.cancel());
    first.end('lost');
    await cancelling;
    expect(await ending).toMatchObject({ type: 'cancelled' });
    await page.reload();
    await page.waitForFunction(() => (globalThis as { ready?: boolean }).ready === true);
    const before = rounds();
    expect(await sign(page, 'cancelled')).toMatchObject({ type: 'cancelled' });
    expect(rounds()).toBe(before);
    await page.close();
  });

  it('ends the use of a share whose server cheats, for every tab and after a reload', async () => {
    provider.faults.set('cosign-s2-delta');
    let page = await open();
    expect(await sign(page, 'cheated', 'cheated')).toMatchObject({ type: 'failed', code: 'COSIGN_ABORT', messages: [] });
    provider.faults.clear();
    await page.close();
    page = await open();
    // Told again as it ended; begun again, the share is not used.
    expect(await sign(page, 'cheated', 'cheated')).toMatchObject({ type: 'failed', code: 'COSIGN_ABORT' });
    const before = rounds();
    expect((await sign(page, 'cheated', 'cheated', { again: true })).type).toBe('failed');
    expect((await sign(page, 'anew', 'cheated')).type).toBe('failed');
    expect(rounds()).toBe(before);
    expect(await page.evaluate(async () => (await globalThis.shares.store.read('cheated'))!.state)).toBe('aborted');
    await page.close();
  });

  it('keeps shares that only this browser can open, one writer at a time', async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const { store } = globalThis.shares;
      const record = (await store.read('bids'))!;
      const next = { ...record, revision: record.revision + 1 };
      const both = await Promise.all([store.write('bids', next, record.revision), store.write('bids', next, record.revision)]);
      const late = await store.write('bids', next, undefined);
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('hefu-shares');
        request.onsuccess = () => resolve(request.result);
      });
      const key = await new Promise<CryptoKey>((resolve) => {
        const request = database.transaction('keys').objectStore('keys').get('seal');
        request.onsuccess = () => resolve(request.result as CryptoKey);
      });
      database.close();
      const exported = await crypto.subtle.exportKey('raw', key).then(() => 'exported', (error: Error) => error.name);
      return { both, late, exported, ids: await store.ids() };
    });
    expect(found).toEqual({ both: [true, false], late: false, exported: 'InvalidAccessError', ids: ['bids', 'cheated'] });
    await page.close();
  });
});
