import { beforeAll, describe, expect, it } from 'vitest';
import { readListContent, TrustListError, type DelegationDocument, type PeerDocument } from '../../src/index.js';
import { regionWithin } from '../../src/region.js';
import { caCertificate, joseSigner, listOf, serviceOf, sha256, sm2Signer, T, utf8, type TestSigner } from '../helpers/world.js';

const sm2 = sm2Signer(7);
let es256: TestSigner;
let certificate: Uint8Array;
let delegation: DelegationDocument;
const peer: PeerDocument = {
  schemeId: 'urn:hefu:test:34',
  rootSha256: 'ab'.repeat(32),
  since: '2026-01-01T00:00Z',
  map: [{ theirs: { transactions: ['工程'] }, ours: { transactions: ['工程建设'] } }],
  accept: { kinds: ['ca'], purposes: ['sign'], maxStatusAge: 'PT24H' },
  location: ['https://34.example/'],
};

beforeAll(async () => {
  es256 = await joseSigner('ES256');
  certificate = await caCertificate('Test CA');
  delegation = {
    listId: '4201', name: { zh: '武汉' }, keys: [{ jwk: es256.jwk, org: 'a' }, { jwk: sm2.jwk, org: 'b', owner: 'x', notAfter: '2030-01-01T00:00Z' }],
    threshold: 2, distinctOrgs: 2, families: { F2: 1 }, regions: ['4201*'], mode: 'restrict-only', kinds: ['ca'], purposes: ['sign'], maxNextUpdate: 'P30D', location: ['https://42.example/4201/'],
  };
});

/** `accepted`, or each problem's code and path. */
function verdict(changes: object): string {
  try {
    readListContent(utf8(JSON.stringify({ ...listOf([serviceOf(certificate)]), ...changes })), { sha256 });
    return 'accepted';
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    return error.problems.map(({ code, path }) => `${code} ${path}`).join('; ');
  }
}

it('delegations and peers are read', () => {
  const list = readListContent(utf8(JSON.stringify({ ...listOf([serviceOf(certificate)]), delegations: [delegation], peers: [peer], crit: ['delegations', 'peers'] })), { sha256 });
  expect(list.delegations).toMatchObject([
    { listId: '4201', role: { threshold: 2, distinctOrgs: 2, families: { F2: 1 }, keys: [{ org: 'a' }, { org: 'b', owner: 'x', notAfter: T('2030-01-01T00:00Z') }] }, regions: ['4201*'], mode: 'restrict-only', maxNextUpdate: 30 * 86_400_000 },
  ]);
  expect(list.peers).toMatchObject([{ schemeId: peer.schemeId, since: T('2026-01-01T00:00Z'), map: peer.map, accept: { kinds: ['ca'], purposes: ['sign'], maxStatusAge: 86_400_000 } }]);
});

describe('a delegation', () => {
  it.each<[string, (good: DelegationDocument) => object, string]>([
    ['as it is', () => ({}), 'accepted'],
    ['with the least', () => ({ distinctOrgs: undefined, families: undefined, kinds: undefined, purposes: undefined, maxNextUpdate: undefined, location: undefined }), 'accepted'],
    ['to the list itself', () => ({ listId: '42' }), 'TL_SCHEMA_INVALID delegations[0].listId'],
    ['for a region outside', () => ({ regions: ['4201*', '3301*'] }), 'TL_WIDER_THAN_PARENT delegations[0].regions[1]'],
    ['for everything', () => ({ regions: ['*'] }), 'TL_WIDER_THAN_PARENT delegations[0].regions[0]'],
    ['for no region', () => ({ regions: [] }), 'TL_SCHEMA_INVALID delegations[0].regions'],
    ['of another mode', () => ({ mode: 'may-do' }), 'TL_SCHEMA_INVALID delegations[0].mode'],
    ['of no kind', () => ({ kinds: [] }), 'TL_SCHEMA_INVALID delegations[0].kinds'],
    ['without keys', () => ({ keys: [] }), 'TL_SCHEMA_INVALID delegations[0].keys'],
    ['with a key under two names', ({ keys }) => ({ keys: [...keys, { jwk: { ...keys[0]!.jwk, kid: 'other' }, org: 'c' }] }), 'TL_KEY_LISTED_TWICE delegations[0].keys'],
    ['with a private key', ({ keys: [, second] }) => ({ keys: [{ jwk: es256.privateJwk, org: 'a' }, second] }), 'TL_SCHEMA_INVALID delegations[0].keys[0].jwk'],
    ['with a certificate of another key', ({ keys: [, second] }) => ({ keys: [{ jwk: es256.jwk, org: 'a', x5c: [Buffer.from(certificate).toString('base64')] }, second] }), 'TL_SCHEMA_INVALID delegations[0].keys[0].x5c'],
    ['with a key of nobody', ({ keys: [first] }) => ({ keys: [first, { jwk: sm2.jwk }] }), 'TL_SCHEMA_INVALID delegations[0].keys[1].org'],
    ['that nobody can satisfy', () => ({ threshold: 3 }), 'TL_SCHEMA_INVALID delegations[0].threshold'],
    ['whose organisations do not suffice', ({ keys: [first, second] }) => ({ keys: [first, { ...second, org: 'a' }] }), 'TL_SCHEMA_INVALID delegations[0].threshold'],
    ['whose families do not suffice', () => ({ families: { F2: 2 } }), 'TL_SCHEMA_INVALID delegations[0].threshold'],
    ['to a place that is no folder', () => ({ location: ['https://42.example/4201'] }), 'TL_SCHEMA_INVALID delegations[0].location[0]'],
  ])('%s', (_, changes, expected) => {
    expect(verdict({ delegations: [{ ...delegation, ...changes(delegation) }] })).toBe(expected);
  });

  it('names a list once', () => {
    expect(verdict({ delegations: [delegation, delegation] })).toBe('TL_SCHEMA_INVALID delegations[1].listId');
    expect(verdict({ delegations: [delegation, { ...delegation, listId: '4202' }] })).toBe('accepted');
  });

  it('holds a member that is not understood, and crit asks for it', () => {
    expect(verdict({ delegations: [{ ...delegation, quota: 1 }], crit: ['delegations'] })).toBe('TL_UNSUPPORTED_FEATURE crit');
    expect(verdict({ delegations: [{ ...delegation, quota: 1 }] })).toBe('accepted');
  });
});

describe('a peer', () => {
  it.each<[string, object, string]>([
    ['as it is', {}, 'accepted'],
    ['for some regions', { regions: ['4201*'], until: '2027-01-01T00:00Z' }, 'accepted'],
    ['for regions outside', { regions: ['34*'] }, 'TL_WIDER_THAN_PARENT peers[0].regions[0]'],
    ['that is no urn', { schemeId: '34' }, 'TL_SCHEMA_INVALID peers[0].schemeId'],
    ['without a root', { rootSha256: undefined }, 'TL_SCHEMA_INVALID peers[0].rootSha256'],
    ['that ends before it begins', { until: '2025-01-01T00:00Z' }, 'TL_TIME_INVALID peers[0].until'],
    ['accepting nothing', { accept: {} }, 'TL_SCHEMA_INVALID peers[0].accept.kinds; TL_SCHEMA_INVALID peers[0].accept.purposes'],
    ['mapping to nothing', { map: [{ theirs: { roles: ['x'] }, ours: {} }] }, 'TL_SCHEMA_INVALID peers[0].map[0].ours.transactions'],
  ])('%s', (_, changes, expected) => {
    expect(verdict({ peers: [{ ...peer, ...changes }] })).toBe(expected);
  });

  it('is named once', () => {
    expect(verdict({ peers: [peer, peer] })).toBe('TL_SCHEMA_INVALID peers[1].schemeId');
  });
});

it('a code names all of its province or city as a jurisdiction', () => {
  for (const [pattern, territory, within] of [
    ['4201*', '420000', true], ['42*', '420000', true], ['420106', '420100', true], ['4201*', '4201*', true], ['42*', '4201*', false], ['4*', '420000', false], ['*', '42*', false], ['*', '*', true], ['420106', '420106', true], ['420107', '420106', false], ['42010*', '420106', false],
  ] as const) expect([pattern, territory, regionWithin(pattern, [territory])]).toEqual([pattern, territory, within]);
});
