import { fingerprintOf, makeBundle, serializeList, signList, type ServiceDocument } from '@hefu/trust-list';
import { beforeAll, describe, expect, it } from 'vitest';
import { algorithms, caCertificate, NOW, serviceOf, utf8 } from '../../../trust-list/test/helpers/world.js';
import { childOf, city, dai, delegationTo, Folder, hash, publish, rootDocument } from '../../../trust-list/test/helpers/scheme.js';
import { UpdaterError } from '../../src/error.js';
import { followScheme, memoryStore, readSchemeEvidence, refreshScheme, type RefreshSchemeOptions, type SchemeRefresh, type SchemeSource, type Store, type UpdaterLimits } from '../../src/index.js';
import { tableFetcher } from '../support/fetcher.js';

const A = 'https://a.example/trust/';
const B = 'https://b.example/trust/';
const DAY = 86_400_000;
let service: ServiceDocument;
let folder: Folder;

beforeAll(async () => {
  service = serviceOf(await caCertificate('Test CA'));
  folder = await publish([service], { root: { distribution: [] }, list: { delegations: [delegationTo('4201', city)] } });
  await folder.putList(childOf('4201', [service]), [city]);
  await folder.freshen();
});

type Table = Parameters<typeof tableFetcher>[0];
const served = (at: string, files: Folder): Table => Object.fromEntries([...files.files].map(([path, file]) => [at + path, file]));
const rootOf = (files: Folder): Uint8Array => files.files.get('1.root.json')!;

function setUp(table: Table, { store = memoryStore(), now = NOW, limits }: { readonly store?: Store; readonly now?: number; readonly limits?: Partial<UpdaterLimits> } = {}) {
  const fetcher = tableFetcher(table);
  const clock = { at: now, now: () => clock.at };
  const ports = { fetcher, store, clock, ...(limits && { limits }) };
  const refresh = (options: Partial<RefreshSchemeOptions> = {}): Promise<SchemeRefresh> => refreshScheme(ports, { root: rootOf(folder), algorithms, source: { mode: 'online', urls: [A, B] }, ...options });
  return { fetcher, store, clock, ports, refresh, asked: () => fetcher.asked.splice(0).map(({ url }) => url) };
}
const said = ({ outcome, failure, refusals }: SchemeRefresh): readonly string[] => [failure === undefined ? outcome : `${outcome} ${failure.code}`, ...refusals.map(({ code, document, source }) => `${source.replace('url https://', '').slice(0, 1)} ${document}: ${code}`)];

describe('an update over mirrors', () => {
  it('takes a whole scheme, then asks for little', async () => {
    const { refresh, asked } = setUp(served(A, folder));
    const first = await refresh();
    expect(said(first)).toEqual(['updated']);
    expect([...first.snapshot!.lists.keys()]).toEqual(['42', '4201']);
    expect(asked()).toEqual([`${A}2.root.json`, `${B}2.root.json`, `${A}freshness.json`, `${A}42/1.json`, `${A}4201/1.json`]);
    const again = await refresh({ current: first.snapshot! });
    expect([again.outcome, again.snapshot === first.snapshot]).toEqual(['unchanged', true]);
    expect(asked()).toEqual([`${A}2.root.json`, `${B}2.root.json`, `${A}freshness.json`]);
  });

  it('goes on where one mirror fails, in whatever way, and says so', async () => {
    const html = utf8('<!doctype html><html>login</html>');
    const table = { ...served(B, folder), [`${A}2.root.json`]: html, [`${A}freshness.json`]: html, [`${A}42/1.json`]: 'TIMEOUT', [`${A}4201/1.json`]: folder.files.get('42/1.json')! } as Table;
    const { refresh, asked } = setUp(table);
    const outcome = await refresh();
    // After its silence A is asked last, and need not be.
    expect(said(outcome)).toEqual(['updated', 'a root 2: TL_NOT_JSON', 'a freshness: TL_NOT_JSON', 'a list 42/1: TIMEOUT']);
    expect(asked().at(-1)).toBe(`${B}4201/1.json`);
  });

  it('needs to know that there is no next root', async () => {
    expect(said(await setUp({ ...served(A, folder), [`${A}2.root.json`]: 'CONNECT_FAILED', [`${B}2.root.json`]: 'HTTP_STATUS' }).refresh())).toEqual(['failed HTTP_STATUS', 'a root 2: CONNECT_FAILED', 'b root 2: HTTP_STATUS']);
    expect(said(await setUp({ ...served(A, folder), [`${B}2.root.json`]: 'CONNECT_FAILED' }).refresh())).toEqual(['updated', 'b root 2: CONNECT_FAILED']);
  });

  it('finds the root of a fingerprint, also a later one, and no other', async () => {
    const copy = folder.copy();
    const second = await copy.putRoot(copy.nextRoot({ issued: '2026-05-01T00:00:00Z' }));
    await copy.freshen();
    const { refresh } = setUp(served(A, copy));
    const { sha256 } = fingerprintOf(second, algorithms);
    expect((await refresh({ root: { sha256 } })).snapshot).toMatchObject({ root: { version: 2 }, roots: [{ version: 2 }] });
    expect((await refresh({ root: { sha256: fingerprintOf(rootOf(copy), algorithms).sha256 } })).snapshot).toMatchObject({ roots: [{ version: 1 }, { version: 2 }] });
    expect(said(await setUp(served(A, copy)).refresh({ root: { sha256: '00'.repeat(32) } }))[0]).toBe('failed TL_ROOT_FINGERPRINT');
    expect(said(await setUp({}).refresh({ root: { sha256 } }))[0]).toBe('failed TL_NOT_FETCHED');
    await expect(refresh({ root: { sha256: 'beef' } })).rejects.toThrow(TypeError);
    await expect(refresh({ root: utf8('<html>') })).rejects.toMatchObject({ code: 'TL_NOT_JSON' });
  });

  it('does not make do with freshness that has run out while a mirror has better', async () => {
    const late = folder.copy();
    await late.freshen({ issued: '2026-06-04T00:00:00Z', expires: '2026-06-10T00:00:00Z' });
    const now = Date.UTC(2026, 5, 6);
    const { refresh } = setUp({ ...served(A, folder), ...served(B, late) }, { now });
    expect((await refresh()).snapshot!.freshness!.version).toBe(late.freshness!.version);
    const alone = await setUp(served(A, folder), { now }).refresh();
    expect([alone.outcome, alone.notes.map(({ code }) => code)]).toEqual(['updated', ['TL_STALE']]);
  });

  it('stays within octets, requests and time, and stops when told', async () => {
    const { refresh, fetcher } = setUp(served(A, folder), { limits: { maxSchemeFetches: 3 } });
    expect((await refresh()).refusals.map(({ code }) => code)).toContain('LIMIT');
    expect(fetcher.asked.map(({ maxBytes }) => maxBytes)).toEqual([512_000, 512_000, 512_000]);
    const sized = setUp(served(A, folder));
    await sized.refresh();
    expect(sized.fetcher.asked.find(({ url }) => url === `${A}42/1.json`)!.maxBytes).toBe(folder.files.get('42/1.json')!.length);
    const slow = setUp({});
    slow.fetcher.table[`${A}2.root.json`] = async () => {
      slow.clock.at += 10 * 60_000;
      throw new UpdaterError('TIMEOUT', 'slow');
    };
    expect(said(await slow.refresh())).toEqual(['failed LIMIT', 'a root 2: TIMEOUT', 'b root 2: LIMIT']);
    const stop = new AbortController();
    const stopping = setUp(served(A, folder));
    stopping.fetcher.table[`${A}freshness.json`] = async ({ url }) => {
      stop.abort();
      return { status: 200, bytes: folder.files.get('freshness.json')!, finalUrl: url };
    };
    await expect(stopping.refresh({ signal: stop.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await stopping.store.get('scheme current')).toBeUndefined();
  });
});

describe('what is stored', () => {
  it('is loaded from the pinned root alone, and not from another', async () => {
    const { store, refresh } = setUp(served(A, folder));
    const { snapshot } = await refresh();
    const cached: SchemeSource = { mode: 'cached' };
    const offline = setUp({}, { store });
    const loaded = await offline.refresh({ source: cached });
    expect([loaded.outcome, makeBundle(loaded.snapshot!)]).toEqual(['updated', makeBundle(snapshot!)]);
    const other = await publish([service], { root: { schemeId: 'urn:hefu:test:other' } });
    const stranger = await offline.refresh({ source: cached, root: rootOf(other) });
    expect([stranger.snapshot, ...said(stranger)]).toEqual([undefined, 'failed TL_MISSING', 's bundle: TL_ROOT_FINGERPRINT']);
    expect(offline.asked()).toEqual([]);
  });

  it('is untrusted: damaged, it is passed over and put right', async () => {
    const { store, refresh } = setUp(served(A, folder));
    await refresh();
    const good = (await store.get('scheme current'))!;
    for (const bad of [good.slice(0, good.length >> 1), utf8('<html>'), good.map((octet, index) => (index === good.length >> 1 ? octet ^ 1 : octet))]) {
      await store.put('scheme current', bad);
      const offline = await refresh({ source: { mode: 'cached' } });
      expect(offline.refusals).not.toEqual([]);
      const repaired = await refresh();
      expect(repaired.snapshot).toMatchObject({ missing: new Map() });
      expect(await store.get('scheme current')).toEqual(good);
    }
  });

  it('follows another process, and puts an older state right', async () => {
    const later = folder.copy();
    await later.freshen();
    const store = memoryStore();
    const slow = setUp(served(A, folder), { store });
    const fast = setUp(served(A, later), { store });
    const { snapshot: old } = await slow.refresh();
    const before = (await store.get('scheme current'))!;
    const { snapshot: fresh } = await fast.refresh();
    const taken = await slow.refresh({ current: old!, source: { mode: 'cached' } });
    expect(taken.snapshot!.freshness!.version).toBe(fresh!.freshness!.version);
    await store.put('scheme current', before);
    expect(said(await fast.refresh({ current: fresh! }))).toEqual(['unchanged']);
    expect(await store.get('scheme current')).toEqual(makeBundle(fresh!));
    // Behind what is stored is behind what is in hand.
    expect(said(await slow.refresh({ current: old! }))).toContain('a freshness: TL_ROLLBACK');
    expect((await slow.refresh({ current: old! })).snapshot!.freshness!.version).toBe(fresh!.freshness!.version);
  });

  it('after a stop between any two writes is a state that was in use', async () => {
    const later = folder.copy();
    await later.putList(later.nextList('42'));
    await later.freshen();
    for (let stopAt = 0; stopAt < 4; stopAt++) {
      const inner = memoryStore();
      await setUp(served(A, folder), { store: inner }).refresh();
      let writes = 0;
      const dying: Store = { ...inner, put: async (key, bytes) => (writes++ < stopAt ? inner.put(key, bytes) : Promise.reject(new Error('killed'))) };
      const outcome = await setUp(served(A, later), { store: dying }).refresh();
      expect([outcome.snapshot!.list.sequence, outcome.storeError?.code]).toEqual([2, stopAt === 0 ? 'IO_FAILED' : undefined]);
      const loaded = await setUp({}, { store: inner }).refresh({ source: { mode: 'cached' } });
      expect(loaded).toMatchObject({ outcome: 'updated', refusals: [], snapshot: { list: { sequence: stopAt === 0 ? 1 : 2 }, missing: new Map() } });
    }
  });

  it('holds two that contradict each other, once', async () => {
    const { refresh, store, fetcher } = setUp(served(A, folder));
    const { snapshot } = await refresh();
    const fork = folder.copy();
    const other = await fork.freshen({ version: folder.freshness!.version, expires: '2026-06-04T00:00:00Z' });
    fetcher.table[`${A}freshness.json`] = other;
    for (let times = 0; times < 2; times++) {
      const outcome = await refresh({ current: snapshot! });
      expect([said(outcome), outcome.snapshot === snapshot]).toEqual([['failed TL_EQUIVOCATION', 'a freshness: TL_EQUIVOCATION', 'b freshness: TL_NOT_FETCHED'], true]);
    }
    expect(await readSchemeEvidence(store)).toEqual([{
      at: NOW, code: 'TL_EQUIVOCATION', document: 'freshness', source: `url ${A}freshness.json`, files: [folder.files.get('freshness.json')!, other].map((file) => new TextDecoder().decode(file)),
    }]);
  });
});

describe('other sources', () => {
  it('a folder and a bundle', async () => {
    const { snapshot } = await setUp(served(A, folder)).refresh();
    const read = async (path: string): Promise<Uint8Array | undefined> => folder.files.get(path);
    const { sha256 } = fingerprintOf(rootOf(folder), algorithms);
    const fromFolder = await setUp({}).refresh({ root: { sha256 }, source: { mode: 'folder', name: '/trust', read } });
    expect(makeBundle(fromFolder.snapshot!)).toEqual(makeBundle(snapshot!));
    const offline = setUp({});
    const bundle: SchemeSource = { mode: 'bundle', file: makeBundle(snapshot!) };
    const fromBundle = await offline.refresh({ root: { sha256 }, source: bundle });
    expect(makeBundle(fromBundle.snapshot!)).toEqual(makeBundle(snapshot!));
    expect((await offline.refresh({ current: fromBundle.snapshot!, source: bundle })).outcome).toBe('unchanged');
    const broken = await offline.refresh({ current: fromBundle.snapshot!, source: { mode: 'bundle', file: utf8('{}') } });
    expect([broken.outcome, broken.failure?.code, broken.snapshot === fromBundle.snapshot]).toEqual(['failed', 'TL_SCHEMA_INVALID', true]);
    expect(offline.asked()).toEqual([]);
  });

  it('peers, from their own servers, a mirror, and what was stored of them', async () => {
    const neighbour = new Folder();
    const root = rootDocument({ schemeId: 'urn:hefu:test:43', listId: '43', distribution: [] });
    await neighbour.putRoot(root);
    await neighbour.putList({ ...childOf('43', [service]), territory: ['430000'] });
    await neighbour.freshen();
    const peered = folder.copy();
    const rootSha256 = hash(new Uint8Array(Buffer.from((JSON.parse(new TextDecoder().decode(rootOf(neighbour))) as { payload: string }).payload, 'base64url')));
    await peered.putList(peered.nextList('42', { peers: [{ schemeId: 'urn:hefu:test:43', rootSha256, since: '2026-01-01T00:00Z', map: [], accept: { kinds: ['ca'], purposes: ['sign'] }, location: ['https://n.example/'] }] }));
    await peered.freshen();
    const own = setUp({ ...served(A, peered), ...served('https://n.example/', neighbour) });
    const first = await own.refresh();
    expect(first.snapshot!.peers.get('urn:hefu:test:43')).toMatchObject({ list: { listId: '43' } });
    const mirrored = await setUp({ ...served(A, peered), ...served(`${A}peers/urn%3Ahefu%3Atest%3A43/`, neighbour) }).refresh();
    expect(mirrored.snapshot!.peers.size).toBe(1);
    const without = setUp(served(A, peered), { store: own.store });
    const kept = await without.refresh();
    expect([kept.snapshot!.peers.size, kept.refusals.every(({ document }) => document.startsWith('urn:hefu:test:43 '))]).toEqual([1, true]);
    expect((await setUp(served(A, peered)).refresh()).snapshot!.peers.size).toBe(0);
  });
});

describe('a follower', () => {
  it('joins, asks when due, swaps by reference, and says how it is', async () => {
    const { ports, asked, clock, fetcher } = setUp(served(A, folder));
    const follower = followScheme(ports, { root: rootOf(folder), algorithms, source: { mode: 'online', urls: [A] } });
    expect([follower.snapshot, follower.health()]).toEqual([undefined, undefined]);
    const [one, two] = await Promise.all([follower.refresh(), follower.refresh()]);
    expect(one).toBe(two);
    expect(asked()).toHaveLength(4);
    await follower.keepFresh();
    expect(asked()).toEqual([]);
    const pinned = follower.snapshot!;
    const later = folder.copy();
    await later.putList(later.nextList('42'));
    await later.freshen();
    Object.assign(fetcher.table, served(A, later), { [`${A}4201/1.json`]: 'TIMEOUT' });
    clock.at += 16 * 60_000;
    await follower.keepFresh();
    await follower.refresh();
    expect([pinned.list.sequence, follower.snapshot!.list.sequence]).toEqual([1, 2]);
    expect(follower.health()).toMatchObject({
      root: { version: 1 }, freshness: { version: later.freshness!.version },
      lists: [{ listId: '42', sequence: 2, services: 1, usableServices: 1, bands: { sign: 'current' } }, { listId: '4201', sequence: 1 }], lastRefresh: { at: clock.at },
    });
    clock.at = Date.UTC(2026, 5, 5) + 1;
    expect(follower.health()!.lists[0]!.bands!.sign).not.toBe('current');
    clock.at += 60 * DAY;
    expect(follower.health()!.lists[0]!.bands!.sign).toBe('expired');
  });

  it('tells of a list that is missing, why', async () => {
    const broken = folder.copy();
    broken.files.set('4201/1.json', await signList(serializeList(childOf('4201', [service])), [dai]));
    const { ports } = setUp(served(A, broken));
    const follower = followScheme(ports, { root: rootOf(folder), algorithms, source: { mode: 'online', urls: [A] } });
    await follower.refresh();
    expect(follower.health()!.lists[1]).toMatchObject({ listId: '4201', usableServices: 0, lastError: {} });
    expect(follower.health()!.lists[1]!.lastError!.code).toMatch(/^TL_/);
  });
});
