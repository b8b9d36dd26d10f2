import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeBundle, type TrustSnapshot } from '@hefu/trust-list';
import type { SchemeRefresh } from '@hefu/updater';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Scenario, SchemeFaultFiles, SchemePress, ServedWorld } from '../../sandbox/src/index.js';
import { createVerifier, type CreateVerifierOptions, type Verifier } from '../src/create-verifier.js';
import { nodeFetcher } from '../src/http-fetcher.js';
import { bundled } from './bundled.js';

// The sandbox stands beside this package, not beneath it, so it is reached by path.
const SANDBOX = new URL('../../sandbox/dist/index.js', import.meta.url);
const built = existsSync(SANDBOX);
if (!built) console.warn('SKIPPED: following a scheme over the sandbox: packages/sandbox is not built (tsc -b)');

const T = Date.UTC(2026, 5, 1, 8);
const DAY = 86_400_000;

describe.skipIf(!built)('a verifier that follows a scheme', () => {
  let served: ServedWorld;
  let press: SchemePress;
  let faults: readonly SchemeFaultFiles[];
  let files: ReadonlyMap<string, Uint8Array>;
  let directory: string;
  let urls: string;
  let root: string;
  let made = 0;
  const open: Verifier[] = [];
  const now = { at: T };
  const clock = { now: () => now.at };

  beforeAll(async () => {
    const sandbox = (await import(SANDBOX.href)) as typeof import('../../sandbox/src/index.js');
    served = await sandbox.startSandbox({ seed: 'node-scheme', at: T });
    press = sandbox.createSchemePress(served.world);
    faults = sandbox.createSchemeFaults(served.world);
    files = sandbox.schemeFiles(served.world.scheme);
    directory = await mkdtemp(join(tmpdir(), 'hefu-scheme-'));
    urls = `${served.baseUrl}/scheme`;
    root = served.world.scheme.rootSha256;
  });
  afterEach(() => {
    now.at = T;
    for (const verifier of open.splice(0)) verifier.close();
  });
  afterAll(async () => {
    await served?.close();
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  });

  const fresh = (): string => join(directory, `d${(made += 1)}`);
  async function verifier(options: Partial<CreateVerifierOptions> = {}): Promise<Verifier> {
    const one = await createVerifier({ trust: { root, urls }, clock, ...options });
    open.push(one);
    return one;
  }
  const publish = (put: Iterable<readonly [string, Uint8Array | undefined]>): void => {
    for (const [path, bytes] of put) served.put(`/scheme/${path}`, bytes);
  };
  const takeBack = (put: Iterable<readonly [string, unknown]>): void => publish([...put].map(([path]) => [path, undefined]));
  const refresh = async (by: Verifier): Promise<SchemeRefresh> => (await by.refresh()) as SchemeRefresh;
  const snapshotOf = ({ trust }: Verifier): TrustSnapshot => trust as TrustSnapshot;
  const judged = (by: Verifier, id: string, region?: string): ReturnType<Verifier['verify']> => {
    const { signature, content, context } = served.world.scenarios.find((one) => one.id === id) as Scenario;
    return by.verify({ signature, content, region: region ?? context.region, transaction: context.transaction, scene: context.scene, at: T });
  };

  it('judges by province, cities and neighbour', async () => {
    const by = await verifier({ cacheDir: fresh() });
    expect([[...snapshotOf(by).lists.keys()].length, snapshotOf(by).missing.size, snapshotOf(by).peers.size]).toEqual([3, 0, 1]);
    expect(by.trustList).toBe(snapshotOf(by).list);
    const passed = await judged(by, 'good-qinghe');
    expect([passed.conclusion, passed.trustLists?.length]).toEqual(['passed', 3]);
    const { companies } = served.world;
    const yunze = companies.find(({ authority, state, issuer }) => authority.id === 'yunze' && state === 'good' && issuer.listed)!;
    expect((await judged(by, `good-${yunze.id}`, '420200')).code).toBe('CA_SUSPENDED');
    // What the city says is all that stands against it.
    const alone = await createVerifier({ trustList: { bytes: served.world.lists.current }, role: served.world.listRole, clock });
    open.push(alone);
    expect((await judged(alone, `good-${yunze.id}`)).code).toBe('OK');
    const { trust, trustList } = await by.verifyWithEvidence({ signature: new Uint8Array(40), region: '420100' });
    expect([trust, trustList]).toEqual([by.trust, by.trustList]);
    expect(by.health()).toMatchObject({ schemeId: 'urn:hefu:sandbox:scheme:42', lists: [{ bands: { sign: 'current' } }, {}, {}], peers: [{ schemeId: 'urn:hefu:sandbox:scheme:43' }], lastRefresh: { outcome: 'updated' } });
  });

  it('comes to the same from a folder, a bundle, a pinned file and its cache', async () => {
    const folder = fresh();
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    const cacheDir = fresh();
    const expected = makeBundle(snapshotOf(await verifier({ cacheDir })));
    const bundle = join(folder, 'bundle.json');
    await writeFile(bundle, expected);
    const asked = served.requests.length;
    for (const options of [
      { trust: { root, folder } }, { trust: { root: { path: join(folder, '1.root.json') }, folder } }, { trust: { root: served.world.scheme.root, bundle } }, { trust: { root, bundle: expected } },
      { trust: { root, urls }, online: false, cacheDir }, { trust: { root }, online: false, cacheDir },
    ]) {
      const by = await verifier(options);
      expect(makeBundle(snapshotOf(by))).toEqual(expected);
      expect((await refresh(by)).outcome).toBe('unchanged');
    }
    expect(served.requests.length).toBe(asked);
  });

  it('refuses what says nothing or contradicts itself', async () => {
    const bad = (options: object): Promise<Verifier> => createVerifier({ clock, ...options } as CreateVerifierOptions);
    for (const options of [
      {}, { trustList: { bytes: served.world.lists.current } }, { trust: { root, urls }, role: served.world.listRole }, { trust: { root, urls }, trustList: { bytes: served.world.lists.current } },
      { trust: { root, urls, folder: directory } }, { trust: { root } }, { trust: { urls } },
    ]) await expect(bad(options)).rejects.toThrow(TypeError);
    await expect(bad({ trust: { root: 'beef', urls } })).rejects.toMatchObject({ name: 'NodeError', code: 'ROOT_INVALID' });
    await expect(bad({ trust: { root: served.world.lists.current.slice(1), urls } })).rejects.toMatchObject({ code: 'ROOT_INVALID' });
    await expect(bad({ trust: { root: { path: join(directory, 'none') }, urls } })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(bad({ trust: { root, folder: join(directory, 'none') } })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(bad({ trust: { root, bundle: join(directory, 'none') } })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(bad({ trust: { root: '00'.repeat(32), urls } })).rejects.toMatchObject({ code: 'TRUST_LIST_UNAVAILABLE', cause: { code: 'TL_ROOT_FINGERPRINT' } });
    await expect(bad({ trust: { root, urls }, online: false })).rejects.toMatchObject({ code: 'TRUST_LIST_UNAVAILABLE', cause: { code: 'TL_MISSING' } });
  });

  it('keeps the good state through everything a publisher gets wrong', async () => {
    expect(faults.length).toBeGreaterThan(14);
    const told: Record<string, unknown> = {};
    const wanted: Record<string, unknown> = {};
    for (const { fault, files: put, code, missing } of faults) {
      const by = await verifier();
      const good = snapshotOf(by);
      publish(put);
      const { outcome, refusals, notes } = await refresh(by);
      takeBack(put);
      const after = snapshotOf(by);
      const kept = after === good ? 'the very same' : [...good.lists].filter(([id, list]) => after.lists.get(id) !== list).map(([id]) => id).join();
      told[fault] = [outcome, [...refusals, ...notes].some((each) => each.code === code) ? code : [...refusals, ...notes].map((each) => each.code), kept];
      wanted[fault] = missing !== undefined ? ['updated', code, missing] : fault === 'stale' ? ['updated', code, ''] : ['failed', code, 'the very same'];
      expect((await refresh(by)).outcome, fault).toBe(after === good ? 'unchanged' : 'failed');
    }
    expect(told).toEqual(wanted);
  });

  it.each([['html', 'TL_NOT_JSON'], ['truncated', 'TRUNCATED'], ['slow', 'TIMEOUT'], ['hang', 'TIMEOUT'], ['huge', 'TOO_LARGE'], ['error', 'HTTP_STATUS'], ['redirect-loop', 'REDIRECT_LOOP']] as const)('a server that is %s', async (fault, code) => {
    // Only what is to run out of time is given little: all other files of the scheme have to come within it.
    const updaterLimits = { requestTimeoutMs: code === 'TIMEOUT' ? 3000 : 60_000 };
    const by = await verifier({ updaterLimits });
    const good = by.trust;
    served.setFault('/scheme/freshness.json', fault);
    try {
      const outcome = await refresh(by);
      expect([outcome.outcome, outcome.failure?.code, by.trust === good]).toEqual(['failed', code, true]);
      expect(by.health()!.lastRefresh).toMatchObject({ outcome: 'failed', code });
      // A second mirror is all it takes.
      const mirror = await startMirror(files);
      try {
        const saved = await verifier({ trust: { root, urls: [urls, mirror.url] }, updaterLimits });
        expect(makeBundle(snapshotOf(saved))).toEqual(makeBundle(snapshotOf(by)));
      } finally {
        mirror.close();
      }
    } finally {
      served.setFault('/scheme/freshness.json', undefined);
    }
  });

  it('a freshness that nobody renews is told, and ends in refusals', async () => {
    const by = await verifier();
    now.at = T + 7 * DAY;
    const { outcome, notes } = await refresh(by);
    expect([outcome, notes.map(({ code }) => code)]).toEqual(['unchanged', expect.arrayContaining(['TL_STALE'])]);
    expect(by.health()!.lists[0]!.bands!.sign).not.toBe('current');
  });

  it('a verification keeps the snapshot it began with', async () => {
    const next = press.list('hefu-sandbox-42');
    let release!: () => void;
    const gate = new Promise<void>((resolve) => void (release = resolve));
    let reached!: () => void;
    const waiting = new Promise<void>((resolve) => void (reached = resolve));
    const inner = nodeFetcher();
    const by = await verifier({
      fetcher: {
        async fetch(request) {
          if (request.url.includes('/crl/')) {
            reached();
            await gate;
          }
          return inner.fetch(request);
        },
      },
    });
    const before = by.trustList.sequence;
    const first = judged(by, 'good-qinghe');
    await waiting;
    publish(next);
    try {
      expect((await refresh(by)).outcome).toBe('updated');
      expect(by.trustList.sequence).toBe(before + 1);
      release();
      expect((await first).trustList?.sequence).toBe(before);
      expect((await judged(by, 'good-qinghe')).trustList?.sequence).toBe(before + 1);
    } finally {
      takeBack(next);
    }
  });

  it('processes that share one cache, killed at any moment, leave a whole state', async () => {
    const cacheDir = fresh();
    let version = 90;
    const renew = (): void => publish([press.freshness((draft) => ({ ...draft, version: (version += 1) }))]);
    const seen: number[] = [];
    const wrong: unknown[] = [];
    const errors: string[] = [];
    const follower = await bundled('scheme-follower.mjs', directory);
    const launch = (): ChildProcess => {
      const child = fork(follower, [cacheDir, root, urls, String(T)], { silent: true });
      child.on('message', (message: { freshness: number; lists: number; storeError?: string; refusals: readonly string[] }) => {
        seen.push(message.freshness);
        if (message.lists !== 3 || message.storeError !== undefined || message.refusals.some((refusal) => !refusal.endsWith(': TL_ROLLBACK'))) wrong.push(message);
      });
      child.stderr!.on('data', (text: Buffer) => errors.push(text.toString()));
      return child;
    };
    const running = [launch(), launch()];
    try {
      for (let round = 0; round < (process.env['HEFU_LONG_TESTS'] === '1' ? 20 : 4); round++) {
        const count = seen.length;
        for (let waited = 0; waited < 1500 && seen.length < count + 2; waited++) {
          if (waited % 3 === 0) renew();
          await delay(20);
        }
        expect([seen.length > count, errors], `round ${round}`).toEqual([true, []]);
        const victim = round % 2;
        running[victim]!.kill('SIGKILL');
        const offline = await verifier({ cacheDir, online: false, trust: { root } });
        expect(offline.lastRefresh?.outcome).toMatchObject({ outcome: 'updated', refusals: [], snapshot: { missing: new Map() } });
        expect(snapshotOf(offline).freshness!.version).toBeLessThanOrEqual(version);
        running[victim] = launch();
      }
      expect(wrong).toEqual([]);
      expect(new Set(seen).size).toBeGreaterThan(2);
    } finally {
      for (const child of running) child.kill('SIGKILL');
      publish([['freshness.json', undefined]]);
    }
  });
});

/** The same files on another port. */
async function startMirror(files: ReadonlyMap<string, Uint8Array>): Promise<{ readonly url: string; close(): void }> {
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    const body = files.get((request.url ?? '').slice(1));
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  return { url: `http://127.0.0.1:${port}/`, close: () => void (server.closeAllConnections(), server.close()) };
}
