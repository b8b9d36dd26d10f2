import { beforeAll, describe, expect, it } from 'vitest';
import { attachPeers, fingerprintOf, importRoot, makeBundle, readBundle, type BundleOutcome, type ServiceDocument, type TrustSnapshot } from '../../src/index.js';
import { algorithms, caCertificate, NOW, reshape, serviceOf, T, utf8 } from '../helpers/world.js';
import { ann, bo, childOf, city, delegationTo, firstRoot, Folder, load, publish, rootDocument, update, verdict } from '../helpers/scheme.js';

let service: ServiceDocument;
let folder: Folder;
let snapshot: TrustSnapshot;
let fingerprint: { sha256: string };

beforeAll(async () => {
  service = serviceOf(await caCertificate('Test CA'));
  folder = await publish([service], { list: { delegations: [delegationTo('4201', city)] } });
  await folder.putRoot(folder.nextRoot());
  await folder.putList(childOf('4201', [service]), [city]);
  await folder.freshen();
  snapshot = await load(folder);
  fingerprint = { sha256: snapshot.roots[0]!.sha256 };
});

const read = (file: Uint8Array, rest: Partial<Parameters<typeof readBundle>[1]> = {}): Promise<BundleOutcome> => readBundle(file, { from: fingerprint, algorithms, at: NOW, ...rest });

describe('the fingerprint of a root', () => {
  it('is shown in groups, and compared without them', async () => {
    const file = folder.files.get('1.root.json')!;
    const { sha256, sm3 } = fingerprintOf(file, algorithms);
    expect([sha256, sm3].every((text) => /^([0-9A-F]{4} ){15}[0-9A-F]{4}$/.test(text))).toBe(true);
    const codeFor = async (expected: object): Promise<string> => {
      const outcome = await importRoot(file, { fingerprint: expected, algorithms, at: NOW });
      return outcome.outcome === 'refused' ? outcome.code : outcome.outcome;
    };
    expect(await codeFor({ sha256 })).toBe('accepted');
    expect(await codeFor({ sm3 })).toBe('accepted');
    expect(await codeFor({ sha256: sha256.toLowerCase().replaceAll(' ', ':'), sm3 })).toBe('accepted');
    expect(await codeFor({ sha256, sm3: sha256 })).toBe('TL_ROOT_FINGERPRINT');
    expect(await codeFor({ sha256: sm3 })).toBe('TL_ROOT_FINGERPRINT');
    await expect(codeFor({})).rejects.toThrow(TypeError);
    await expect(codeFor({ sha256: sha256.slice(1) })).rejects.toThrow(TypeError);
  });

  it('vouches for content, which its own people must have signed', async () => {
    const file = folder.files.get('1.root.json')!;
    const one = reshape(file, ({ signatures }) => void signatures.pop());
    expect(await importRoot(one, { fingerprint, algorithms, at: NOW })).toMatchObject({ outcome: 'refused', code: 'TL_THRESHOLD_NOT_MET' });
    expect(await importRoot(folder.files.get('42/1.json')!, { fingerprint, algorithms, at: NOW })).toMatchObject({ code: 'TL_ROOT_FINGERPRINT' });
    expect(await importRoot(utf8('<html>'), { fingerprint, algorithms, at: NOW })).toMatchObject({ code: 'TL_NOT_JSON' });
  });
});

describe('a bundle', () => {
  it('holds every document, and gives the same snapshot', async () => {
    const outcome = await read(makeBundle(snapshot));
    expect(verdict(outcome)).toBe('updated');
    expect(outcome.snapshot).toEqual(snapshot);
    expect(makeBundle(outcome.snapshot!)).toEqual(makeBundle(snapshot));
  });

  it('is taken up from any root in it that is trusted', async () => {
    const outcome = await read(makeBundle(snapshot), { from: { sha256: snapshot.root.sha256 } });
    expect([verdict(outcome), outcome.snapshot!.roots.map(({ version }) => version)]).toEqual(['updated', [2]]);
    expect(verdict(await read(makeBundle(snapshot), { from: { sha256: '00'.repeat(32) } }))).toBe('TL_ROOT_FINGERPRINT');
  });

  const damage = (change: (bundle: { roots: string[]; freshness: string; lists: string[]; [name: string]: unknown }) => unknown): Uint8Array => {
    const value = JSON.parse(new TextDecoder().decode(makeBundle(snapshot))) as Parameters<typeof change>[0];
    return utf8(JSON.stringify(change(value) ?? value));
  };
  const flip = (file: string): string => Buffer.from(reshape(Uint8Array.from(Buffer.from(file, 'base64')), (value) => void (value.payload = `${value.payload.slice(0, 40)}${value.payload[40] === 'A' ? 'B' : 'A'}${value.payload.slice(41)}`))).toString('base64');

  it.each<[string, () => Uint8Array, string]>([
    ['as it is', () => damage(() => undefined), 'updated'],
    ['empty', () => new Uint8Array(0), 'TL_EMPTY_INPUT'],
    ['a web page', () => utf8('<html>'), 'TL_NOT_JSON'],
    ['cut off', () => makeBundle(snapshot).slice(0, -10), 'TL_NOT_JSON'],
    ['that is a list', () => folder.files.get('42/1.json')!, 'TL_SCHEMA_INVALID'],
    ['without freshness', () => damage((bundle) => ({ ...bundle, freshness: null })), 'TL_SCHEMA_INVALID'],
    ['with a root altered', () => damage((bundle) => void (bundle.roots[1] = flip(bundle.roots[1]!))), 'TL_SIGNATURE_INVALID'],
    ['with the newer root left out', () => damage((bundle) => void bundle.roots.pop()), 'TL_ROOT_HIDDEN'],
    ['with freshness altered', () => damage((bundle) => void (bundle.freshness = flip(bundle.freshness))), 'TL_SIGNATURE_INVALID'],
    ['with the top list altered', () => damage((bundle) => void (bundle.lists[0] = flip(bundle.lists[0]!))), 'TL_SIGNATURE_INVALID'],
    ['with a city\'s list left out', () => damage((bundle) => void bundle.lists.pop()), 'updated, 4201: TL_NOT_FETCHED'],
    ['with lists in another order', () => damage((bundle) => void bundle.lists.reverse()), 'updated'],
    ['asking for more than is known', () => damage((bundle) => ({ ...bundle, witness: 'x', crit: ['witness'] })), 'TL_UNSUPPORTED_FEATURE'],
  ])('%s', async (_, file, expected) => {
    expect(verdict(await read(file()))).toBe(expected);
  });

  it('over a snapshot is an update, and never goes back', async () => {
    const later = folder.copy();
    await later.putList(later.nextList('42'));
    await later.freshen();
    const newer = (await update(snapshot, later)).snapshot!;
    expect(verdict(await read(makeBundle(newer), { from: snapshot }))).toBe('updated');
    const back = await read(makeBundle(snapshot), { from: newer });
    expect([verdict(back), back.snapshot === newer]).toEqual(['TL_ROLLBACK', true]);
    expect(verdict(await read(makeBundle(snapshot), { from: snapshot }))).toBe('unchanged');
    expect(verdict(await read(makeBundle(snapshot), { from: newer, at: NOW - 90 * 86_400_000 }))).toBe('CLOCK_BEHIND');
  });

  it('loads what has expired since, and says so; an update from it does not', async () => {
    const at = T('2027-05-01T00:00:00Z');
    const outcome = await read(makeBundle(snapshot), { at });
    expect([verdict(outcome), outcome.notes.map(({ code }) => code)]).toEqual(['updated', ['TL_STALE', 'TL_STALE', 'TL_STALE', 'TL_STALE']]);
    expect(verdict(await read(makeBundle(snapshot), { at, from: snapshot }))).toBe('TL_ROOT_EXPIRED');
  });
});

describe('peers', () => {
  it('are schemes of their own, from the root that the list names', async () => {
    const neighbour = new Folder();
    await neighbour.putRoot(rootDocument({ schemeId: 'urn:hefu:test:34', listId: '34' }));
    await neighbour.putList(childOf('34', [service], { territory: ['340000'] }));
    await neighbour.freshen();
    const peer = await load(neighbour);
    const ours = await publish([service], { list: { peers: [{ schemeId: peer.schemeId, rootSha256: peer.root.sha256, since: '2026-01-01T00:00Z', accept: { kinds: ['ca'], purposes: ['sign'] } }] } });
    const alone = await load(ours);
    const both = attachPeers(alone, new Map([[peer.schemeId, peer]]));
    expect(attachPeers(both, new Map([[peer.schemeId, peer]]))).toBe(both);
    expect((await update(both, ours)).snapshot).toBe(both);
    const outcome = await read(makeBundle(both), { from: { sha256: both.root.sha256 } });
    expect(outcome.snapshot).toEqual(both);
    expect(() => attachPeers(snapshot, new Map([[peer.schemeId, peer]]))).toThrow(TypeError);
    expect(() => attachPeers(alone, new Map([[peer.schemeId, snapshot]]))).toThrow(TypeError);

    // A peer that is not what it says costs only itself.
    const value = JSON.parse(new TextDecoder().decode(makeBundle(both))) as { peers: { roots: string[] }[] };
    value.peers[0]!.roots = [Buffer.from(await neighbour.putRoot(rootDocument({ schemeId: 'urn:hefu:test:34', listId: '34', expires: '2026-12-01T00:00:00Z' }), [ann, bo])).toString('base64')];
    const refused = await read(utf8(JSON.stringify(value)), { from: { sha256: both.root.sha256 } });
    expect([verdict(refused), refused.snapshot!.peers.size, refused.peersRefused?.get(peer.schemeId)?.code]).toEqual(['updated', 0, 'TL_ROOT_FINGERPRINT']);
    expect(await firstRoot(ours)).toEqual(both.root);
  });
});
