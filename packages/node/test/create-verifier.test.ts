import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signList } from '@hefu/trust-list';
import { assertPassed, DEFAULT_POLICY, type Report } from '@hefu/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scenario, ServedWorld } from '../../sandbox/src/index.js';
import { createVerifier, type CreateVerifierOptions, type Verifier } from '../src/create-verifier.js';
import { nodeFetcher } from '../src/http-fetcher.js';
import type { VerifyRequest } from '../src/read-request.js';

// The sandbox stands beside this package, not beneath it, so it is reached by path.
const SANDBOX = new URL('../../sandbox/dist/index.js', import.meta.url);
const built = existsSync(SANDBOX);
if (!built) console.warn('SKIPPED: createVerifier over the sandbox: packages/sandbox is not built (tsc -b)');

const T = Date.UTC(2026, 5, 1, 8);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe.skipIf(!built)('createVerifier, over a served world', () => {
  let served: ServedWorld;
  let directory: string;
  let made = 0;
  const open: Verifier[] = [];
  const now = { at: T };
  const clock = { now: () => now.at };

  beforeAll(async () => {
    const { startSandbox } = (await import(SANDBOX.href)) as typeof import('../../sandbox/src/index.js');
    served = await startSandbox({ seed: 'node-verifier', at: T });
    directory = await mkdtemp(join(tmpdir(), 'hefu-verifier-'));
  });
  afterAll(async () => {
    for (const verifier of open) verifier.close();
    await served?.close();
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  });

  const fresh = (): string => join(directory, `d${(made += 1)}`);
  const story = (id: string): Scenario => served.world.scenarios.find((one) => one.id === id) as Scenario;
  async function verifier(options: Partial<CreateVerifierOptions> = {}): Promise<Verifier> {
    now.at = T;
    const one = await createVerifier({ trustList: { bytes: served.world.lists.current }, role: served.world.listRole, clock, ...options });
    open.push(one);
    return one;
  }
  function request(scenario: Scenario, more: Partial<VerifyRequest> = {}): VerifyRequest {
    const { region, transaction, scene } = scenario.context;
    return { signature: scenario.signature, content: scenario.content, region, transaction, scene, at: scenario.at, ...more };
  }
  const crlRequests = (): number => served.requests.filter((path) => path.startsWith('/crl/')).length;

  it('tells every story of the world as it should be told', async () => {
    const judged = served.world.scenarios.filter(({ expected }) => expected.stage === 'judge');
    expect(judged.length).toBeGreaterThan(15);
    const told: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const scenario of judged) {
      if (scenario.expected.stage !== 'judge') continue;
      const cacheDir = fresh();
      let last: Verifier | undefined;
      for (const { envelope, at } of scenario.lists) {
        now.at = at;
        last = await createVerifier({ trustList: { bytes: envelope }, role: served.world.listRole, clock, cacheDir });
        open.push(last);
      }
      now.at = scenario.at;
      const report = await (last as Verifier).verify(request(scenario));
      told[scenario.id] = `${report.conclusion} ${report.code}`;
      wanted[scenario.id] = `${scenario.expected.conclusion} ${scenario.expected.code}`;
      if (scenario.expected.identity?.uscc !== undefined) expect(report.identity?.uscc).toBe(scenario.expected.identity.uscc);
    }
    expect(told).toEqual(wanted);
  });

  it('gives the evidence of a verdict to whoever archives it', async () => {
    const { parseCertificateList, parseCertificate } = await import('@hefu/pki');
    const by = await verifier();
    const { report, used, trustList } = await by.verifyWithEvidence(request(story('good-qinghe')));
    expect(report).toEqual(await by.verify(request(story('good-qinghe'))));
    expect(trustList).toBe(by.trustList);
    expect(used.missing).toEqual([]);
    const crls = used.items.filter(({ kind }) => kind === 'crl');
    expect(crls.map(({ sha256 }) => sha256)).toEqual([...new Set(report.signers[0]!.revocation.map(({ source }) => source!.sha256))]);
    for (const { bytes, url, fetchedAt } of crls) {
      expect(parseCertificateList(bytes).thisUpdate).toBeLessThanOrEqual(T);
      expect(url).toMatch(/^http:/);
      expect(fetchedAt).toBe(T);
    }
    expect(used.items.filter(({ kind }) => kind === 'certificate').map(({ bytes }) => parseCertificate(bytes).subject)).toHaveLength(report.signers[0]!.path.length);
    const unreadable = await by.verifyWithEvidence({ ...request(story('good-qinghe')), signature: new Uint8Array(40) });
    expect(unreadable).toMatchObject({ report: { code: 'MESSAGE_MALFORMED' }, used: { items: [], missing: [] } });
  });

  it('refuses the lists it must refuse, and keeps a better one', async () => {
    for (const scenario of served.world.scenarios) {
      if (scenario.expected.stage !== 'list') continue;
      const { code } = scenario.expected;
      const cacheDir = fresh();
      const [first, second] = scenario.lists;
      if (second === undefined) {
        await expect(verifier({ trustList: { bytes: first?.envelope as Uint8Array }, cacheDir })).rejects.toMatchObject({
          name: 'NodeError', code: 'TRUST_LIST_UNAVAILABLE', message: expect.stringContaining(code),
        });
        expect(existsSync(cacheDir) ? await readdir(cacheDir) : []).toEqual([]);
      } else {
        await verifier({ trustList: { bytes: first?.envelope as Uint8Array }, cacheDir });
        const later = await verifier({ trustList: { bytes: second.envelope }, cacheDir });
        expect(later.trustList.sequence).toBe(12);
        expect(later.lastRefresh?.outcome).toMatchObject({ outcome: 'failed', refusals: [{ code }] });
      }
    }
  });

  it('takes paths, PEM and base64, and gives the same report for all', async () => {
    const cacheDir = fresh();
    const good = story('good-qinghe');
    const files = fresh();
    const { mkdir } = await import('node:fs/promises');
    await mkdir(files);
    const role = join(files, 'role.json');
    const list = join(files, 'list.json');
    const signature = join(files, 'bid.p7s');
    const content = join(files, 'bid.txt');
    const policy = join(files, 'policy.json');
    const base64 = Buffer.from(good.signature).toString('base64');
    await Promise.all([
      writeFile(role, JSON.stringify(served.world.listRole)),
      writeFile(list, served.world.lists.current),
      writeFile(signature, good.signature),
      writeFile(content, good.content),
      writeFile(policy, JSON.stringify(DEFAULT_POLICY)),
    ]);
    const one = await verifier({ trustList: { path: list }, role, policy, cacheDir, listId: 'hefu-sandbox-nine-cities' });
    const reports: Report[] = [];
    for (const input of [good.signature, base64, `-----BEGIN CMS-----\n${base64}\n-----END CMS-----\n`, { path: signature }]) {
      for (const bid of [good.content, { path: content }]) reports.push(await one.verify(request(good, { signature: input, content: bid })));
    }
    for (const report of reports) {
      assertPassed(report);
      expect(report).toEqual(reports[0]);
    }
    await writeFile(content, 'another bid');
    expect(await one.verify(request(good, { content: { path: content } }))).toMatchObject({ conclusion: 'failed', code: 'CONTENT_TAMPERED' });
    await expect(one.verify(request(good, { content: { path: join(files, 'none') } }))).rejects.toMatchObject({ name: 'NodeError', code: 'FILE_NOT_FOUND' });
    await expect(one.verify(request(good, { signature: { path: files } }))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(one.verify(request(good, { content: 'a text' as never }))).rejects.toThrow(TypeError);
    await expect(one.verify(request(good, { region: '42' }))).rejects.toMatchObject({ name: 'VerifyError', code: 'CONTEXT_INVALID' });
  });

  it('reports on what is no message', async () => {
    const one = await verifier();
    const good = story('good-qinghe');
    for (const signature of [new Uint8Array(0), 'not base64 !', good.signature.subarray(0, 50), '<html></html>', good.content]) {
      const report = await one.verify(request(good, { signature }));
      expect(report.conclusion).toBe('failed');
      expect(report.subIndication).toBe('FORMAT_FAILURE');
    }
  });

  it('refuses a role that means nothing', async () => {
    await expect(verifier({ role: { keys: [], threshold: 1 } })).rejects.toMatchObject({ code: 'ROLE_INVALID' });
    await expect(verifier({ role: { keys: [{ jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, org: 'x' }], threshold: 1 } })).rejects.toMatchObject({ code: 'ROLE_INVALID' });
    await expect(verifier({ role: join(fresh(), 'none.json') })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(verifier({ policy: { ...DEFAULT_POLICY, scenes: {} } as never })).rejects.toMatchObject({ name: 'VerifyError', code: 'POLICY_INVALID' });
    await expect(verifier({ trustList: { path: join(fresh(), 'none') } })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('fetches a CRL once, and lives on the cache offline', async () => {
    const cacheDir = fresh();
    const good = story('good-qinghe');
    const one = await verifier({ cacheDir });
    const before = crlRequests();
    assertPassed(await one.verify(request(good)));
    const after = crlRequests();
    expect(after).toBeGreaterThan(before);
    assertPassed(await one.verify(request(good)));
    expect(crlRequests()).toBe(after);
    const offline = await verifier({ cacheDir, online: false, trustList: { url: `${served.baseUrl}/list/current.json` } });
    assertPassed(await offline.verify(request(good)));
    expect(crlRequests()).toBe(after);
    const bare = await verifier({ online: false });
    expect((await bare.verify(request(good))).conclusion).toBe('indeterminate');
    await expect(verifier({ online: false, trustList: { url: `${served.baseUrl}/list/current.json` }, cacheDir: fresh() })).rejects.toMatchObject({ code: 'TRUST_LIST_UNAVAILABLE' });
  });

  it.each(['slow', 'hang', 'huge', 'error', 'html', 'redirect-loop', 'truncated'] as const)('says what is missing when the CRL server answers with %s, and recovers', async (fault) => {
    const good = story('good-qinghe');
    const cacheDir = fresh();
    const limited = { fetcher: nodeFetcher({ idleTimeoutMs: 400 }), updaterLimits: { requestTimeoutMs: 500, totalTimeoutMs: 1500, maxCrlBytes: 1_000_000, maxCrlBytesCeiling: 1_000_000 } };
    const one = await verifier({ cacheDir, ...limited });
    const paths = [...served.world.crls.keys()];
    for (const path of paths) served.setFault(path, fault);
    try {
      const report = await one.verify(request(good));
      expect(report.conclusion).toBe('indeterminate');
      expect(report.subIndication).toBe('TRY_LATER');
      const code = { slow: 'TIMEOUT', hang: 'TIMEOUT', huge: 'TOO_LARGE', error: 'FETCH_FAILED', html: 'NOT_PARSED', 'redirect-loop': 'FETCH_FAILED', truncated: 'FETCH_FAILED' }[fault];
      expect(report.gaps.map((gap) => gap.code)).toContain(code);
    } finally {
      for (const path of paths) served.setFault(path, undefined);
    }
    assertPassed(await one.verify(request(good)));
  });

  it.each(['of another CA', 'with a changed octet'])('is not poisoned by a CRL %s in the cache', async (kind) => {
    const cacheDir = fresh();
    const revoked = story('revoked');
    const one = await verifier({ cacheDir });
    expect(await one.verify(request(revoked))).toMatchObject({ code: 'CERTIFICATE_REVOKED' });
    const evidence = join(cacheDir, 'evidence');
    const { readFile } = await import('node:fs/promises');
    const files = await readdir(evidence);
    expect(files.length).toBeGreaterThan(0);
    const another = served.world.authorities.find(({ id }) => id !== served.world.companies.find((company) => company.id === revoked.signer)?.authority.id);
    const other = served.world.crls.get(another?.issuers[0]?.crlPath as string) as Uint8Array;
    for (const file of files) {
      const bytes = await readFile(join(evidence, file));
      const start = bytes.indexOf(0x0a) + 1;
      const poison = kind === 'of another CA' ? other : bytes.subarray(start).map((octet, i, all) => (i === all.length - 1 ? octet ^ 1 : octet));
      await writeFile(join(evidence, file), Buffer.concat([bytes.subarray(0, start), poison]));
    }
    expect((await (await verifier({ cacheDir, online: false })).verify(request(revoked))).conclusion).toBe('indeterminate');
    const before = crlRequests();
    const next = await verifier({ cacheDir });
    expect(await next.verify(request(revoked))).toMatchObject({ code: 'CERTIFICATE_REVOKED' });
    expect(crlRequests()).toBeGreaterThan(before);
    const offline = await verifier({ cacheDir, online: false });
    expect(await offline.verify(request(revoked))).toMatchObject({ code: 'CERTIFICATE_REVOKED' });
  });

  it('follows a list by URL: kept over restarts, refreshed when due, never back', async () => {
    const cacheDir = fresh();
    const url = `${served.baseUrl}/list/current.json`;
    const newer = `${served.baseUrl}/list/suspended.json`;
    const suspended = story('ca-suspended');
    const one = await verifier({ cacheDir, trustList: { url } });
    assertPassed(await one.verify(request(suspended)));
    expect(await one.refresh()).toMatchObject({ outcome: 'unchanged' });

    // Another process learns of a newer list; this one is started again with the old mirror only.
    await verifier({ cacheDir, trustList: { url: [`${served.baseUrl}/list/nowhere.json`, newer] } }).then((other) => other.refresh());
    const again = await verifier({ cacheDir, trustList: { url } });
    expect(again.trustList.sequence).toBe(13);
    expect(await again.verify(request(suspended))).toMatchObject({ code: 'CA_SUSPENDED' });
    expect(await again.refresh()).toMatchObject({ outcome: 'failed', refusals: [{ code: 'TL_ROLLBACK' }] });
    expect(again.trustList.sequence).toBe(13);

    // Due again after a quarter of an hour: a verification brings it about.
    const followed = await verifier({ trustList: { url: [url] } });
    const asked = (): number => served.requests.filter((path) => path === '/list/current.json').length;
    const before = asked();
    await followed.verify(request(suspended));
    expect(asked()).toBe(before);
    now.at = T + HOUR;
    await followed.verify(request(suspended));
    await expect.poll(asked).toBe(before + 1);
  });

  it('waits for a newer list once its own has expired', async () => {
    const cacheDir = fresh();
    now.at = T - 30 * DAY;
    open.push(await createVerifier({ trustList: { bytes: served.world.lists.expired }, role: served.world.listRole, clock, cacheDir }));
    served.setFault('/list/current.json', 'error');
    const one = await verifier({ cacheDir, trustList: { url: `${served.baseUrl}/list/current.json` } }).finally(() => served.setFault('/list/current.json', undefined));
    expect(one.trustList.sequence).toBe(10);
    expect(one.lastRefresh?.outcome).toMatchObject({ outcome: 'failed', refusals: [{ code: 'HTTP_STATUS' }] });
    // Not due again within the minute after a failure.
    expect(await one.verify(request(story('good-qinghe')))).toMatchObject({ code: 'LIST_EXPIRED' });
    now.at = T + 60_000;
    assertPassed(await one.verify(request(story('good-qinghe'))));
    expect(one.trustList.sequence).toBe(12);
  });

  it('knows at its start what was suspended while it was down', async () => {
    const cacheDir = fresh();
    await verifier({ cacheDir });
    const one = await verifier({ cacheDir, trustList: { url: `${served.baseUrl}/list/suspended.json` } });
    expect(await one.verify(request(story('ca-suspended')))).toMatchObject({ code: 'CA_SUSPENDED' });
  });

  it('judges by CRLs that are brought along', async () => {
    const one = await verifier({ online: false });
    const crl = served.world.crls.get('/crl/chujiang.crl') as Uint8Array;
    const other = served.world.crls.get('/crl/mingze.crl') as Uint8Array;
    const files = fresh();
    const path = `${files}.crl`;
    await writeFile(path, crl);
    const good = story('good-qinghe');
    expect(await one.verify(request(good))).toMatchObject({ conclusion: 'indeterminate' });
    expect(await one.verify(request(good, { crls: [other] }))).toMatchObject({ conclusion: 'indeterminate' });
    for (const crls of [[crl], [other, crl], [{ path }], [`-----BEGIN X509 CRL-----\n${Buffer.from(crl).toString('base64')}\n-----END X509 CRL-----\n`]]) {
      assertPassed(await one.verify(request(good, { crls })));
    }
    expect(await one.verify(request(story('revoked'), { crls: [{ path }] }))).toMatchObject({ conclusion: 'failed', code: 'CERTIFICATE_REVOKED' });
    await expect(one.verify(request(good, { crls: [good.signature] }))).rejects.toMatchObject({ name: 'PkiError', code: 'WRONG_STRUCTURE', detected: 'signed-data' });
    await expect(one.verify(request(good, { crls: [{ path: `${files}.none` }] }))).rejects.toMatchObject({ name: 'NodeError', code: 'FILE_NOT_FOUND' });
    await writeFile(path, crl.subarray(0, 40));
    await expect(one.verify(request(good, { crls: [{ path }] }))).rejects.toMatchObject({ name: 'PkiError', message: expect.stringContaining(path) });
    // What is not needed is read all the same: a mistake is told, not passed over.
    await expect(one.verify(request(good, { certificates: ['not base64 !'] }))).rejects.toMatchObject({ name: 'PkiError', code: 'PEM_INVALID' });
  });

  it('finds issuers among certificates that are brought along, and trusts none of them for it', async () => {
    const { listSigner, signDetached } = (await import(SANDBOX.href)) as typeof import('../../sandbox/src/index.js');
    const { world } = served;
    // A list that anchors the root of this CA and does not offer the CA between.
    const envelope = JSON.parse(new TextDecoder().decode(world.lists.current)) as { payload: string };
    const document = JSON.parse(Buffer.from(envelope.payload, 'base64url').toString()) as { services: { id: string; intermediates?: string[] }[] };
    const { serviceId, issuers: [between], above: [root] } = world.authorities.find(({ id }) => id === 'jingling') as (typeof world.authorities)[number];
    delete document.services.find(({ id }) => id === serviceId)?.intermediates;
    const list = await signList(new TextEncoder().encode(JSON.stringify(document)), [listSigner(world.operators[0]!), listSigner(world.operators[2]!)]);
    const good = story('good-yanqiao');
    const company = world.companies.find(({ id }) => id === 'yanqiao') as (typeof world.companies)[number];
    const signature = signDetached({ key: company.sign.key, certificate: company.sign.certificate }, good.content, { form: 'cms' });
    const one = await verifier({ trustList: { bytes: list } });
    expect(await one.verify(request(good, { signature }))).toMatchObject({ conclusion: 'indeterminate' });
    assertPassed(await one.verify(request(good, { signature, certificates: [between!.certificate] })));
    expect(await one.verify(request(good, { signature, certificates: [root!.certificate] }))).toMatchObject({ conclusion: 'indeterminate' });

    const unlisted = world.authorities.find(({ design }) => !design.listed) as (typeof world.authorities)[number];
    const report = await (await verifier()).verify(request(story('unlisted-ca'), { certificates: unlisted.issuers.map(({ certificate }) => certificate) }));
    expect(report).toMatchObject({ conclusion: 'indeterminate', code: 'ISSUER_NOT_LISTED' });
  });

  it('stops on abort and on close', async () => {
    const good = story('good-qinghe');
    const paths = [...served.world.crls.keys()];
    const one = await verifier();
    for (const path of paths) served.setFault(path, 'hang');
    try {
      const controller = new AbortController();
      const before = crlRequests();
      const aborted = one.verify(request(good, { signal: controller.signal }));
      await expect.poll(crlRequests).toBeGreaterThan(before);
      controller.abort();
      await expect(aborted).rejects.toMatchObject({ name: 'UpdaterError', code: 'ABORTED' });
      const again = crlRequests();
      const closed = one.verify(request(good));
      await expect.poll(crlRequests).toBeGreaterThan(again);
      one.close();
      await expect(closed).rejects.toMatchObject({ code: 'ABORTED' });
    } finally {
      for (const path of paths) served.setFault(path, undefined);
    }
    await expect(one.verify(request(good))).rejects.toMatchObject({ name: 'NodeError', code: 'CLOSED' });
    await expect(one.refresh()).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(one.explain('x')).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('explains a certificate', async () => {
    const one = await verifier();
    const { authorities } = served.world;
    const listed = authorities.find(({ design }) => design.listed)?.issuers.find((issuer) => issuer.listed)?.certificate as Uint8Array;
    const explained = await one.explain(listed);
    expect(explained.isCa).toBe(true);
    await expect(one.explain('nonsense')).rejects.toMatchObject({ name: 'PkiError' });
    await expect(one.explain({ path: join(directory, 'none') })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('verifies many at once with one transfer for each CRL', async () => {
    const good = story('good-qinghe');
    const one = await verifier();
    const before = served.requests.length;
    const reports = await Promise.all(Array.from({ length: 20 }, () => one.verify(request(good))));
    for (const report of reports) assertPassed(report);
    const asked = served.requests.slice(before).filter((path) => path.startsWith('/crl/'));
    expect(new Set(asked).size).toBe(asked.length);
  });
});
