import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCertificate, parseCertificateList, readSignedData } from '@hefu/pki';
import { createJudgeCaches, createVerdictCache, DEFAULT_POLICY, judge, type Report } from '@hefu/verify';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scenario, ServedWorld } from '../../../sandbox/src/index.js';
import type { BatchPorts, BatchResult, VerifyManyOptions } from '../../src/batch/verify-many.js';
import type { Verifier } from '../../src/create-verifier.js';
import { DEFAULT_NODE_LIMITS } from '../../src/limits.js';
import type { VerifyRequest } from '../../src/read-request.js';
import type { PreparedMessage } from '../../src/verify-message.js';

// Worker threads run what was built, so all of this does.
const BUILT = ['../../dist/index.js', '../../dist/batch/verify-many.js', '../../dist/batch/worker-pool.js', '../../../sandbox/dist/index.js'].map((path) => new URL(path, import.meta.url));
const built = BUILT.every((url) => existsSync(url));
if (!built) console.warn('SKIPPED: verifyMany: packages are not built (tsc -b)');

const T = Date.UTC(2026, 5, 1, 8);
const DYING = new URL('./dying-worker.mjs', import.meta.url);

describe.skipIf(!built)('verifyMany', () => {
  let served: ServedWorld;
  let verifier: Verifier;
  let folder: string;
  let told: readonly Scenario[];
  let node: typeof import('../../src/index.js');
  let batch: typeof import('../../src/batch/verify-many.js');
  let pools: typeof import('../../src/batch/worker-pool.js');

  beforeAll(async () => {
    const [index, many, pool, sandbox] = BUILT.map((url) => url.href);
    node = await import(index!);
    batch = await import(many!);
    pools = await import(pool!);
    const { startSandbox } = (await import(sandbox!)) as typeof import('../../../sandbox/src/index.js');
    served = await startSandbox({ seed: 'node-batch', at: T });
    folder = await mkdtemp(join(tmpdir(), 'hefu-batch-'));
    verifier = await node.createVerifier({ trustList: { bytes: served.world.lists.current }, role: served.world.listRole, clock: { now: () => T } });
    told = served.world.scenarios.filter(({ expected }) => expected.stage === 'judge');
  });
  afterAll(async () => {
    verifier?.close();
    await served?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const requestOf = ({ signature, content, context: { region, transaction, scene } }: Scenario): VerifyRequest => ({ signature, content, region, transaction, scene });
  async function all(results: AsyncIterable<BatchResult>): Promise<BatchResult[]> {
    const found: BatchResult[] = [];
    for await (const result of results) found.push(result);
    return found;
  }

  it('gives the reports of verify, in order, by whatever threads', async () => {
    const requests = told.map(requestOf);
    const onDisk = (which: number): Pick<VerifyRequest, 'content'> => (requests[which]!.content === undefined ? {} : { content: { path: join(folder, `content-${which}`) } });
    for (const [which, { content }] of requests.entries()) if (content instanceof Uint8Array) await writeFile(join(folder, `content-${which}`), content);
    const single: Report[] = [];
    for (const request of requests) single.push(await verifier.verify(request));
    expect(new Set(single.map(({ conclusion }) => conclusion)).size).toBeGreaterThan(1);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(requests.length - 1), fc.constantFrom(undefined, T, T - 3_600_000)), { maxLength: 60 }), fc.constantFrom<VerifyManyOptions>({}, { concurrency: 1, judgeHere: false }, { concurrency: 2 }, { concurrency: 2, judgeHere: false }, { concurrency: 'auto' }), fc.boolean(), async (picked, judges, fromFiles) => {
        const items = picked.map(([which, bestSignatureTime]) => ({ ...requests[which]!, ...(fromFiles ? onDisk(which) : {}), ...(bestSignatureTime === undefined ? {} : { bestSignatureTime }) }));
        const results = await all(verifier.verifyMany(items, judges));
        expect(results.map(({ index }) => index)).toEqual(items.map((_, index) => index));
        for (const [index, [which, bestSignatureTime]] of picked.entries()) {
          // Octet for octet: the order of members too.
          expect(JSON.stringify(results[index]!.report)).toBe(JSON.stringify(bestSignatureTime === undefined ? single[which] : await verifier.verify(items[index]!)));
        }
      }),
      { numRuns: Number(process.env.HEFU_BATCH_RUNS ?? 4) },
    );
  });

  it('keeps bad items to themselves, and tells how far it is', async () => {
    const good = requestOf(told.find(({ id }) => id === 'good-qinghe')!);
    const path = join(folder, 'bid.pdf');
    await writeFile(path, good.content as Uint8Array);
    const heard: number[] = [];
    const results = await all(verifier.verifyMany(
      [good, { ...good, content: { path: join(folder, 'none') } }, { ...good, signature: new Uint8Array(40) }, { ...good, region: 'Wuhan' }, { ...good, signal: AbortSignal.abort() }, { ...good, content: { path } }],
      { concurrency: 2, onProgress: ({ done, total }) => heard.push(done, total!) },
    ));
    expect(results.map(({ report, error }) => report?.code ?? (error as { code?: string }).code)).toEqual(['OK', 'FILE_NOT_FOUND', 'MESSAGE_MALFORMED', 'CONTEXT_INVALID', 'ABORTED', 'OK']);
    expect(results[5]!.report).toEqual(results[0]!.report);
    expect(heard).toEqual([1, 6, 2, 6, 3, 6, 4, 6, 5, 6, 6, 6]);
  });

  it('takes no more than it can hold, and stops when it is told to', async () => {
    const good = requestOf(told.find(({ id }) => id === 'good-qinghe')!);
    let taken = 0;
    let returned = 0;
    async function* endless(): AsyncGenerator<VerifyRequest> {
      try {
        for (; ; taken++) yield good;
      } finally {
        returned += 1;
      }
    }
    for await (const { index } of verifier.verifyMany(endless(), { concurrency: 2 })) if (index === 3) break;
    expect(taken).toBeLessThan(400);
    expect(returned).toBe(1);
    const stop = new AbortController();
    const seen: number[] = [];
    await expect((async () => {
      for await (const { index } of verifier.verifyMany(endless(), { concurrency: 1, judgeHere: false, signal: stop.signal })) {
        seen.push(index);
        if (index === 2) stop.abort();
      }
    })()).rejects.toMatchObject({ name: 'UpdaterError', code: 'ABORTED' });
    expect(seen).toEqual([0, 1, 2]);
    expect(returned).toBe(2);
    expect(() => verifier.verifyMany([], { concurrency: 0 })).toThrow(TypeError);
    expect(await all(verifier.verifyMany([]))).toEqual([]);
  });

  it('loses no item to a worker that dies: once more elsewhere, then an error of its own', async () => {
    process.env.HEFU_TEST_DIED = join(folder, 'died');
    const scenario = told.find(({ id }) => id === 'good-qinghe')!;
    const message = (role?: string): PreparedMessage => ({
      signature: scenario.signature, signed: readSignedData(scenario.signature), content: scenario.content, onProgress: undefined, at: T,
      context: { ...scenario.context, ...(role === undefined ? {} : { role }) },
      evidence: {
        candidateCertificates: scenario.evidence.certificates.map((der) => parseCertificate(der)),
        crls: scenario.evidence.crls.map(({ url, bytes }) => ({ url, crl: parseCertificateList(bytes) })), gaps: [],
      },
    });
    // The deadly ones among innocent neighbours, in one chunk with them.
    const roles = Array.from({ length: 40 }, (_, index) => ({ 5: 'deadly', 20: 'deadly once' })[index]);
    const workers = pools.createWorkerPool(DYING);
    const lease = workers.lease({ size: 2, settings: { trust: verifier.trust, policy: DEFAULT_POLICY, limits: DEFAULT_NODE_LIMITS } });
    const ports: BatchPorts = {
      prepare: async ({ role }) => ({ message: message(role) }),
      judge: (one) => lease.judge(one),
      capacity: 64, signal: new AbortController().signal, total: undefined, onProgress: undefined,
    };
    const results = await all(batch.runBatch(roles.map((role) => ({ ...requestOf(scenario), ...(role === undefined ? {} : { role }) })), ports));
    expect(results.map(({ report, error }) => report?.conclusion ?? (error as { code?: string }).code)).toEqual(roles.map((role) => (role === 'deadly' ? 'WORKER_DIED' : 'passed')));
    lease.close();
    workers.close();
  });

  it('does not start workers for ever where none can', async () => {
    const workers = pools.createWorkerPool(new URL('./no-such-worker.mjs', import.meta.url));
    const lease = workers.lease({ size: 2, settings: { trust: verifier.trust, policy: DEFAULT_POLICY, limits: DEFAULT_NODE_LIMITS } });
    const scenario = told[0]!;
    const message: PreparedMessage = { signature: scenario.signature, signed: readSignedData(scenario.signature), content: undefined, onProgress: undefined, at: T, context: scenario.context, evidence: { candidateCertificates: [], crls: [], gaps: [] } };
    const ends = await Promise.allSettled(Array.from({ length: 40 }, () => lease.judge(message)));
    expect(ends.map((end) => (end as PromiseRejectedResult).reason.code)).toEqual(ends.map(() => 'WORKER_DIED'));
    await expect(lease.judge(message)).rejects.toMatchObject({ code: 'WORKER_DIED' });
    lease.close();
    workers.close();
  });

  it('judges here what starting a worker would not pay for, and what no worker is there for', async () => {
    const scenario = told[0]!;
    const message = (content: PreparedMessage['content'] = undefined): PreparedMessage => ({ signature: scenario.signature, signed: readSignedData(scenario.signature), content, onProgress: undefined, at: T, context: scenario.context, evidence: { candidateCertificates: [], crls: [], gaps: [] } });
    const settings = { trust: verifier.trust, policy: DEFAULT_POLICY, limits: DEFAULT_NODE_LIMITS };
    const report = await verifier.verify(requestOf(scenario));
    const none = pools.createWorkerPool(new URL('./no-such-worker.mjs', import.meta.url));
    let here = 0;
    const judges = { size: 1, settings, here: async () => ((here += 1), report) };
    const few = none.lease({ ...judges });
    expect(await Promise.all(Array.from({ length: 15 }, () => few.judge(message())))).toEqual(Array.from({ length: 15 }, () => report));
    few.close();
    const sparing = none.lease({ ...judges, sparing: true });
    await Promise.all(Array.from({ length: 40 }, () => sparing.judge(message())));
    sparing.close();
    expect(here).toBe(55);
    const hopeless = none.lease(judges);
    await Promise.all(Array.from({ length: 40 }, () => hopeless.judge(message(new Uint8Array(300_000)))));
    hopeless.close();
    expect(here).toBe(95);
    none.close();
    const workers = pools.createWorkerPool();
    // Its worker has hardly begun to start when this batch is over, and is there for the next.
    const brief = workers.lease(judges);
    await Promise.all(Array.from({ length: 17 }, () => brief.judge(message())));
    brief.close();
    const lease = workers.lease(judges);
    here = 95;
    const reports = await Promise.all([lease.judge(message()), lease.judge(message(new Uint8Array(300_000))), lease.judge(message({ path: join(folder, 'none') })).catch(({ code }: { code: string }) => code)]);
    expect(reports[0]).toBe(report);
    expect(reports[1]).not.toBe(report);
    expect(reports[2]).toBe('FILE_NOT_FOUND');
    expect(here).toBe(96);
    lease.close();
    workers.close();
  });

  it('asks anew about a certificate where anything else is asked', async () => {
    const scenario = told.find(({ id }) => id === 'good-qinghe')!;
    const algorithms = node.nodeAlgorithms();
    const verdicts = createVerdictCache();
    let asked = 0;
    const verdictsSeen = new Set<unknown>();
    const counting = { judge: async (input: Parameters<typeof verdicts.judge>[0]) => ((asked += 1), verdictsSeen.add(await verdicts.judge(input)), verdicts.judge(input)) };
    const caches = { ...createJudgeCaches(), verdicts: counting };
    const crls = scenario.evidence.crls.map(({ url, bytes }) => ({ url, crl: parseCertificateList(bytes) }));
    const evidence = { candidateCertificates: [], crls, gaps: [] };
    const ask = (change: object = {}): Promise<Report> => judge({ signed: readSignedData(scenario.signature), content: scenario.content, evidence, trustList: verifier.trust, policy: DEFAULT_POLICY, algorithms, at: T, context: scenario.context, caches, ...change });
    expect((await ask()).conclusion).toBe('passed');
    await ask({ evidence: { ...evidence, crls: [...crls], ocsp: [] } });
    expect([asked, verdictsSeen.size]).toEqual([2, 1]);
    const others = [{ evidence: { ...evidence, crls: [] } }, { at: T + 1 }, { bestSignatureTime: T }, { context: { ...scenario.context, region: '110000' } }, { policy: { ...DEFAULT_POLICY, clockSkew: 1 } }, { evidence: { ...evidence, gaps: [{ code: 'TIMEOUT', what: 'crl' }] } }];
    const { verdicts: _, ...plain } = caches;
    for (const change of others) expect(await ask(change)).toEqual(await ask({ ...change, caches: plain }));
    expect([asked, verdictsSeen.size]).toEqual([2 + others.length, 1 + others.length]);
  });
});
