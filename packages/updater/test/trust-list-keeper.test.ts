import { classicalAlgorithms, softwareDigests, webCryptoProvider, type Algorithms } from '@hefu/crypto';
import { serializeList, signList, type ListDocument, type ListRole, type ListSigner, type TrustList } from '@hefu/trust-list';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../src/memory-store.js';
import type { Store } from '../src/ports.js';
import { loadTrustList, refreshTrustList, type RefreshOptions } from '../src/trust-list-keeper.js';
import { tableFetcher } from './support/fetcher.js';

const DAY = 86_400_000;
const T = Date.UTC(2026, 5, 1);
const algorithms: Algorithms = { digests: softwareDigests, signatures: classicalAlgorithms(webCryptoProvider(crypto.subtle)) };
const URL_A = 'http://10.0.0.1/list.json';
const URL_B = 'https://mirror.hefu-test.cn/list.json';

async function newSigner(): Promise<ListSigner> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return {
    jwk: { kty, crv, x, y },
    alg: 'ES256',
    sign: async (input) => new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, input.slice())),
  };
}

let signer: ListSigner;
let stranger: ListSigner;
let role: ListRole;
/** One, two, three in a row; `fork` is another two. */
let one: Uint8Array;
let two: Uint8Array;
let three: Uint8Array;
let fork: Uint8Array;
let forged: Uint8Array;
let otherList: Uint8Array;

function document(sequence: number, prev: string | undefined, more: Partial<ListDocument> = {}): ListDocument {
  return {
    type: 'list',
    spec: '1.0',
    listId: 'test',
    sequence,
    ...(prev === undefined ? {} : { prev }),
    issued: new Date(T - (10 - sequence) * DAY).toISOString().replace('.000Z', 'Z'),
    nextUpdate: new Date(T + 30 * DAY).toISOString().replace('.000Z', 'Z'),
    operator: { name: { zh: '测试' } },
    territory: ['420000'],
    services: [{
      id: 'urn:hefu:test:ca', kind: 'ca', name: { zh: '测试 CA' }, anchors: [{ spkiSha256: 'ab'.repeat(32), mode: 'root' }],
      status: [{ status: 'granted', since: '2026-01-01T00:00Z', recorded: 1 }],
      scope: [{ regions: ['42*'] }],
      revocation: { mode: 'none-with-reason', reason: 'test' },
    }],
    ...more,
  };
}

function hash(payload: Uint8Array): string {
  const sha256 = softwareDigests.find(({ name }) => name === 'SHA-256');
  return `sha256:${[...(sha256?.digest(payload) ?? [])].map((octet) => octet.toString(16).padStart(2, '0')).join('')}`;
}

beforeAll(async () => {
  [signer, stranger] = await Promise.all([newSigner(), newSigner()]);
  role = { keys: [{ jwk: signer.jwk, org: 'Test' }], threshold: 1 };
  const first = serializeList(document(1, undefined));
  const second = serializeList(document(2, hash(first)));
  one = await signList(first, [signer]);
  two = await signList(second, [signer]);
  three = await signList(serializeList(document(3, hash(second))), [signer]);
  fork = await signList(serializeList(document(2, hash(first), { territory: ['330000'] })), [signer]);
  forged = await signList(serializeList(document(4, hash(second))), [stranger]);
  otherList = await signList(serializeList(document(9, `sha256:${'00'.repeat(32)}`, { listId: 'other' })), [signer]);
});

function setUp(answers: Parameters<typeof tableFetcher>[0] = {}, store: Store = memoryStore()) {
  const fetcher = tableFetcher(answers);
  const clock = { now: () => T };
  const refresh = (options: Partial<RefreshOptions> & Pick<RefreshOptions, 'sources'>) => refreshTrustList({ fetcher, store, clock }, { role, algorithms, ...options });
  const load = (more: Partial<RefreshOptions> = {}) => loadTrustList(store, { role, algorithms, at: T, ...more });
  return { fetcher, store, refresh, load };
}

async function listOf(envelope: Uint8Array): Promise<TrustList> {
  const outcome = await setUp().refresh({ sources: [envelope] });
  return outcome.list as TrustList;
}

describe('a refresh', () => {
  it('promotes what the role signed, and stores it only then', async () => {
    const { refresh, load, store } = setUp({ [URL_A]: two });
    expect(await load()).toEqual({ outcome: 'missing' });
    expect(await refresh({ sources: [URL_A] })).toMatchObject({ outcome: 'promoted', source: `url ${URL_A}`, list: { sequence: 2 }, refusals: [] });
    expect(await store.get('trust-list current')).toEqual(two);
    expect(await load()).toMatchObject({ outcome: 'loaded', list: { sequence: 2 } });
  });

  it.each<[string, () => Uint8Array, string]>([
    ['a page', () => new TextEncoder().encode('<!DOCTYPE html><html></html>'), 'TL_NOT_JSON'],
    ['nothing', () => new Uint8Array(0), 'TL_EMPTY_INPUT'],
    ['half a list', () => two.subarray(0, two.length >> 1), 'TL_NOT_JSON'],
    ['a list strangers signed', () => forged, 'TL_SIGNATURE_INVALID'],
  ])('with %s changes nothing', async (_, bytes, code) => {
    const { refresh, store, fetcher } = setUp({ [URL_A]: two });
    const first = await refresh({ sources: [URL_A] });
    fetcher.table[URL_A] = bytes();
    const current = first.list as TrustList;
    expect(await refresh({ sources: [URL_A], current })).toMatchObject({ outcome: 'failed', list: current, refusals: [{ code }] });
    expect(await store.get('trust-list current')).toEqual(two);
  });

  it('asks every mirror and takes the newest', async () => {
    const { refresh, fetcher } = setUp({ [URL_A]: two, [URL_B]: three });
    expect(await refresh({ sources: [URL_A, URL_B] })).toMatchObject({ outcome: 'promoted', source: `url ${URL_B}`, list: { sequence: 3 } });
    const current = await listOf(three);
    expect(await refresh({ sources: [URL_A, URL_B], current })).toMatchObject({ outcome: 'unchanged', list: { sequence: 3 }, refusals: [{ code: 'TL_ROLLBACK', source: `url ${URL_A}` }] });
    fetcher.table[URL_B] = 'CONNECT_FAILED';
    expect(await refresh({ sources: [URL_B, URL_A] })).toMatchObject({ outcome: 'failed', refusals: [{ code: 'CONNECT_FAILED' }, { code: 'TL_ROLLBACK' }] });
  });

  it('keeps a second list under one number as evidence', async () => {
    const { refresh, store } = setUp();
    const current = (await refresh({ sources: [two] })).list as TrustList;
    expect(await refresh({ sources: [fork], current })).toMatchObject({ outcome: 'failed', list: { sha256: current.sha256 }, refusals: [{ code: 'TL_EQUIVOCATION' }] });
    expect(await store.get('trust-list-conflict current')).toEqual(fork);
    expect(await store.get('trust-list current')).toEqual(two);
    // The mark says so too when the list in hand was lost.
    await store.delete('trust-list current');
    expect(await refresh({ sources: [fork] })).toMatchObject({ outcome: 'failed', list: undefined, refusals: [{ code: 'TL_EQUIVOCATION' }] });
    expect(await refresh({ sources: [two] })).toMatchObject({ outcome: 'promoted' });
  });

  it('does not go behind the mark when the list in hand was lost', async () => {
    const { refresh, store, load } = setUp();
    await refresh({ sources: [three] });
    await store.delete('trust-list current');
    expect(await load()).toMatchObject({ outcome: 'refused', refusal: { code: 'TL_MISSING' } });
    expect(await refresh({ sources: [two] })).toMatchObject({ outcome: 'failed', refusals: [{ code: 'TL_ROLLBACK' }] });
    expect(await refresh({ sources: [otherList] })).toMatchObject({ outcome: 'failed', refusals: [{ code: 'TL_WRONG_LIST' }] });
    expect(await refresh({ sources: [three] })).toMatchObject({ outcome: 'promoted', list: { sequence: 3 } });
    expect(await load()).toMatchObject({ outcome: 'loaded' });
  });

  it('takes only the list expected, not behind the floor', async () => {
    const floor = await listOf(two);
    expect(await setUp().refresh({ sources: [one], floor })).toMatchObject({ outcome: 'failed', refusals: [{ code: 'TL_ROLLBACK' }] });
    expect(await setUp().refresh({ sources: [fork], floor })).toMatchObject({ outcome: 'failed', refusals: [{ code: 'TL_EQUIVOCATION' }] });
    expect(await setUp().refresh({ sources: [two], floor })).toMatchObject({ outcome: 'promoted' });
    expect(await setUp().refresh({ sources: [two], expectedListId: 'other' })).toMatchObject({ outcome: 'failed', refusals: [{ code: 'TL_WRONG_LIST' }] });
    expect(await setUp().refresh({ sources: [two], expectedListId: 'test' })).toMatchObject({ outcome: 'promoted' });
  });

  it('asks only http and https, within bounds', async () => {
    const { refresh, fetcher } = setUp({ [URL_A]: two });
    expect(await refresh({ sources: ['file:///etc/list.json', 'ftp://10.0.0.1/l'] })).toMatchObject({ outcome: 'failed', refusals: [{ code: 'SCHEME_REFUSED' }, { code: 'SCHEME_REFUSED' }] });
    expect(fetcher.asked).toHaveLength(0);
    await refresh({ sources: [URL_A] });
    expect(fetcher.asked[0]).toMatchObject({ maxBytes: 8 * 1024 * 1024, allowPrivateAddresses: true });
    const many = await refresh({ sources: Array.from({ length: 20 }, (_, i) => `http://m${i}.hefu-test.cn/`) });
    expect(many.refusals.map(({ code }) => code)).toEqual([...Array.from({ length: 8 }, () => 'HTTP_STATUS'), 'LIMIT']);
    await expect(refresh({ sources: [URL_A], signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'UpdaterError', code: 'ABORTED' });
  });

  it('that cannot store hands out the newer list, and says so', async () => {
    const store = memoryStore({ maxBytes: 10 });
    expect(await setUp({}, store).refresh({ sources: [two] })).toMatchObject({ outcome: 'promoted', list: { sequence: 2 }, storeError: { code: 'IO_FAILED' } });
    expect(await store.get('trust-list current')).toBeUndefined();
  });

  it('whose mark cannot be read takes a list only where one in hand vouches for it', async () => {
    const { refresh, store } = setUp();
    await refresh({ sources: [two] });
    await store.put('trust-list-mark current', new TextEncoder().encode('torn'));
    expect(await refresh({ sources: [one] })).toMatchObject({ outcome: 'failed', refusals: [{ code: 'IO_FAILED' }] });
    expect(await refresh({ sources: [three], current: await listOf(two) })).toMatchObject({ outcome: 'promoted' });
  });
});

describe('a load', () => {
  it('verifies what the store says', async () => {
    const { refresh, store, load } = setUp();
    await refresh({ sources: [two] });
    await store.put('trust-list current', forged);
    expect(await load()).toMatchObject({ outcome: 'refused', refusal: { code: 'TL_SIGNATURE_INVALID', source: 'store' } });
    const broken = two.slice();
    broken[broken.length >> 1] = (broken[broken.length >> 1] ?? 0) ^ 1;
    await store.put('trust-list current', broken);
    expect(await load()).toMatchObject({ outcome: 'refused' });
    await store.put('trust-list current', two);
    expect(await load()).toMatchObject({ outcome: 'loaded' });
  });

  it('verifies from the role of today', async () => {
    const { refresh, load } = setUp();
    await refresh({ sources: [two] });
    expect(await load({ role: { keys: [{ jwk: stranger.jwk, org: 'Other' }], threshold: 1 } })).toMatchObject({ outcome: 'refused', refusal: { code: 'TL_SIGNATURE_INVALID' } });
  });

  it('refuses an older list put back, validly signed as it is', async () => {
    const { refresh, store, load } = setUp();
    await refresh({ sources: [one] });
    const old = (await store.get('trust-list current')) as Uint8Array;
    await refresh({ sources: [two], current: await listOf(one) });
    await store.put('trust-list current', old);
    expect(await load()).toMatchObject({ outcome: 'refused', refusal: { code: 'TL_ROLLBACK' } });
    await store.put('trust-list current', fork);
    expect(await load()).toMatchObject({ outcome: 'refused', refusal: { code: 'TL_EQUIVOCATION' } });
    // List and mark put back together: only the caller's floor knows.
    await store.put('trust-list current', old);
    await store.delete('trust-list-mark current');
    expect(await load()).toMatchObject({ outcome: 'loaded', list: { sequence: 1 } });
    expect(await load({ floor: await listOf(two) })).toMatchObject({ outcome: 'refused', refusal: { code: 'TL_ROLLBACK' } });
  });

  it('takes a list whose mark lags: the writer stopped between the two', async () => {
    const { refresh, store, load } = setUp();
    await refresh({ sources: [one] });
    await store.put('trust-list current', two);
    expect(await load()).toMatchObject({ outcome: 'loaded', list: { sequence: 2 } });
  });

  it.each([['{}'], ['not json'], ['{"listId":"test","sequence":1.5,"sha256":"00"}'], ['']])('notices an unreadable mark: %s', async (text) => {
    const { refresh, store, load } = setUp();
    await refresh({ sources: [two] });
    await store.put('trust-list-mark current', new TextEncoder().encode(text));
    expect(await load()).toMatchObject({ outcome: 'refused', refusal: { code: 'IO_FAILED' } });
  });

  it('keeps several lists apart', async () => {
    const { refresh, load } = setUp();
    await refresh({ sources: [two] });
    await refresh({ sources: [otherList], slot: 'neighbour' });
    expect(await load()).toMatchObject({ list: { listId: 'test' } });
    expect(await load({ slot: 'neighbour' })).toMatchObject({ list: { listId: 'other' } });
  });
});
