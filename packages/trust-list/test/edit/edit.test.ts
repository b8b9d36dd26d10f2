import 'reflect-metadata';
import fc from 'fast-check';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  addDelegation, addKey, addPeer, addService, cease, changePeerTerms, changeService, distrust, formatDraft, initScheme, keyThumbprint, mapPeer, narrowDelegation, nextRootVersion, nextVersion, parseDraft,
  proposeService, readListContent, recordStatus, removeDelegation, removeEndpoint, removePeer, removeProfile, removeService, requirementsOf, restamp, resume, revokeKey, rotateKey, serializeList,
  setEndpoint, setProfile, setRole, setScope, suspend, withdraw, type DelegationNarrowing, type IdentityProfileDocument, type ListDocument, type ServiceStatusName,
} from '../../src/index.js';
import { hexOf } from '../../src/sha256.js';
import { algorithms, listOf, serviceOf, sha256, T, utf8 } from '../helpers/world.js';
import { context, continuity, delegation, ISSUED, issue, keyOf, newScheme, outcome, payloadOf, peer, type TestCa } from './world.js';

let root: TestCa;
let issuing: TestCa;
let sign: TestCa;
let encrypt: TestCa;
let other: TestCa;
let published: ListDocument;
let draft: ListDocument;
const CA = 'urn:hefu:test:ca-1';

beforeAll(async () => {
  root = await issue({ name: 'CN=Root CA, O=某CA公司, C=CN', ca: true, crl: ['http://crl.example/own.crl'] });
  issuing = await issue({ name: 'CN=Issuing CA, O=某CA公司, C=CN', ca: true, by: root, crl: ['http://crl.example/root.crl'] });
  sign = await issue({ name: 'CN=Sign', by: issuing, usage: x509.KeyUsageFlags.digitalSignature, crl: ['ldap://ldap.example/cn=crl', 'http://crl.example/sub.crl'], ocsp: 'http://ocsp.example/' });
  encrypt = await issue({ name: 'CN=Encrypt', by: issuing, usage: x509.KeyUsageFlags.keyEncipherment });
  other = await issue({ name: 'CN=Other, C=CN', ca: true });
  published = listOf([{ ...serviceOf(root.der), 'x-note': 'kept' } as never], { issued: '2026-05-01T00:00:00Z', 'x-unknown': { b: 1, a: [2] } } as never);
  draft = nextVersion(serializeList(published), { issued: ISSUED, ...context });
});

describe('drafts', () => {
  it('follow the published list by number, hash and dates, and keep what they do not know in its place', () => {
    expect(draft).toMatchObject({ sequence: 2, prev: `sha256:${hexOf(sha256.digest(serializeList(published)))}`, issued: '2026-06-01T00:00:00Z', nextUpdate: '2026-09-01T00:00:00Z', 'x-unknown': { b: 1, a: [2] } });
    expect(Object.keys(draft).filter((name) => name !== 'prev')).toEqual(Object.keys(published));
    expect(continuity(published, draft)).toBe('follows');
    expect(continuity(published, { ...draft, prev: `sha256:${'00'.repeat(32)}` })).toBe('TL_CHAIN_BROKEN');
  });

  it('of members named as what every object has are kept too', () => {
    const odd = utf8(JSON.stringify({ ...published, constructor: 'c', toString: 't' }));
    expect(nextVersion(odd, { issued: ISSUED, ...context })).toMatchObject({ constructor: 'c', toString: 't' });
  });

  it('come back from their text byte for byte, and other documents do not', () => {
    const text = formatDraft(draft);
    expect(formatDraft(parseDraft(utf8(text), 'list'))).toBe(text);
    expect(text.endsWith('}\n')).toBe(true);
    expect(() => parseDraft(utf8(text), 'root')).toThrow(expect.objectContaining({ code: 'TL_SCHEMA_INVALID' }));
    expect(() => parseDraft(utf8('{"type":"list","type":"list"}'), 'list')).toThrow(expect.objectContaining({ code: 'TL_DUPLICATE_MEMBER' }));
  });

  it('take other dates and nothing else', () => {
    expect(restamp(draft, { issued: T('2026-06-02T00:00:00Z'), until: T('2026-07-01T00:00:00Z') })).toEqual({ ...draft, issued: '2026-06-02T00:00:00Z', nextUpdate: '2026-07-01T00:00:00Z' });
  });
});

describe('a service from certificates', () => {
  const material = (changes: object = {}): Parameters<typeof proposeService>[1] => ({ kind: 'ca', certificates: [issuing.der, root.der], samples: [sign.der, encrypt.der], scope: [{ regions: ['42*'] }], ...changes });

  it('has its anchors, intermediates, addresses and kinds proposed', () => {
    const { service, notes, certificates } = proposeService(draft, material(), context);
    expect(service.id).toMatch(/^urn:hefu:42:ca:issuing-ca-[0-9a-f]{8}$/);
    expect(service.anchors).toMatchObject([{ sha256: hexOf(sha256.digest(root.der)), mode: 'root' }]);
    expect(service.intermediates).toHaveLength(1);
    expect(service.revocation).toEqual({ mode: 'ocsp-first', crl: [{ url: 'http://crl.example/sub.crl' }, { url: 'http://crl.example/root.crl' }, { url: 'ldap://ldap.example/cn=crl' }], ocsp: [{ url: 'http://ocsp.example/' }] });
    expect(service.certKinds?.map(({ kind }) => kind)).toEqual(['sign', 'encrypt']);
    expect(service.status).toEqual([{ status: 'granted', since: '2026-06-01T00:00:00Z', recorded: 2 }]);
    expect(service.operator).toEqual({ name: { zh: '某CA公司' } });
    expect(notes).toEqual([]);
    expect(certificates.map(({ use }) => use)).toEqual(['anchor', 'intermediate', 'sample', 'sample']);
    const next = addService(draft, service, context);
    expect(continuity(published, next)).toBe('follows');
    expect(readListContent(serializeList(next), context).services).toHaveLength(2);
  });

  it('pins a CA whose issuer is not given, and says what is missing', () => {
    const { service, notes } = proposeService(draft, material({ certificates: [issuing.der], samples: [] }), context);
    expect(service.anchors[0]).toMatchObject({ mode: 'pinned-intermediate' });
    expect(notes.map(({ code }) => code)).toEqual(['NO_SAMPLES', 'ENDPOINT_FROM_CA_CERTIFICATE']);
    expect(proposeService(draft, material({ certificates: [other.der] }), context).notes.map(({ code }) => code)).toEqual([
      'SAMPLE_OF_ANOTHER_CA', 'SAMPLE_OF_ANOTHER_CA', 'NO_SAMPLES', 'NO_REVOCATION_SOURCE',
    ]);
  });

  it('needs a CA certificate, unless it is a TSA', () => {
    expect(outcome(() => proposeService(draft, material({ certificates: [sign.der] }), context))).toBe('EDIT_NO_CA');
    expect(outcome(() => proposeService(draft, material({ certificates: [] }), context))).toBe('EDIT_NO_CA');
    expect(outcome(() => proposeService(draft, material({ certificates: [utf8('no')] }), context))).toBe('EDIT_NOT_CERTIFICATE');
    expect(proposeService(draft, material({ kind: 'tsa', certificates: [sign.der], samples: [] }), context).service.kind).toBe('tsa');
  });

  it('is added once, and never under an id that was retired', () => {
    expect(outcome(() => addService(draft, serviceOf(root.der), context))).toBe('EDIT_EXISTS');
    const removed = removeService(draft, CA, '误录');
    expect(removed.tombstones).toEqual([{ id: CA, sequence: 2, reason: '误录' }]);
    expect(continuity(published, addService(removed, serviceOf(root.der, { id: 'urn:hefu:test:new' }), context))).toBe('follows');
    expect(outcome(() => addService(removed, serviceOf(root.der), context))).toBe('EDIT_ID_RETIRED');
    expect(outcome(() => addService(draft, serviceOf(root.der, { id: 'no urn' }), context))).toBe('EDIT_INVALID');
    expect(addService(draft, serviceOf(root.der, { id: 'urn:x:y', status: [{ status: 'granted', since: '2026-06-01T00:00Z', recorded: 1 }] }), context).services[1]!.status[0]!.recorded).toBe(2);
  });
});

describe('status', () => {
  const since = ISSUED;

  it('is appended, recorded in the draft’s sequence', () => {
    const suspended = suspend(draft, CA, { since, reason: '监管决定', ref: '〔2026〕1号' }, context);
    expect(suspended.services[0]!.status[0]).toEqual({ status: 'suspended', since: '2026-06-01T00:00:00Z', recorded: 2, reason: '监管决定', ref: '〔2026〕1号', effect: { gap: 'void' } });
    expect(suspended.services[0]).toHaveProperty('x-note', 'kept');
    expect(continuity(published, suspended)).toBe('follows');
    expect(draft.services[0]!.status).toHaveLength(1);
    const then = nextVersion(serializeList(suspended), { issued: ISSUED + 86_400_000, ...context });
    expect(continuity(suspended, resume(then, CA, { since: since + 86_400_000 }, context))).toBe('follows');
  });

  it('follows the graph', () => {
    const gone = distrust(draft, CA, { since, compromisedSince: since - 1000 }, context);
    expect(gone.services[0]!.status[0]).toMatchObject({ status: 'distrusted', compromisedSince: '2026-05-31T23:59:59Z' });
    expect(outcome(() => resume(gone, CA, { since: since + 1 }, context))).toBe('EDIT_TRANSITION');
    expect(outcome(() => resume(draft, CA, { since }, context))).toBe('EDIT_TRANSITION');
    expect(outcome(() => cease(draft, 'urn:none', { since }, context))).toBe('EDIT_NOT_FOUND');
    expect(outcome(() => cease(withdraw(draft, CA, { since }, context), CA, { since: since + 1 }, context))).toBe('EDIT_TRANSITION');
  });

  it('that gives back what was refused is refused by the reader it will meet', () => {
    const suspended = suspend(draft, CA, { since }, context);
    expect(outcome(() => resume(suspended, CA, { since }, context))).toBe('EDIT_INVALID');
    expect(outcome(() => resume(suspended, CA, { since: since + 1 }, context))).toBe('made');
  });

  it('reaching back more than seven days needs a reason, a reference and one more approver', () => {
    const back = since - 7 * 86_400_000 - 1;
    expect(outcome(() => withdraw(draft, CA, { since: back }, context))).toBe('EDIT_BACKDATED');
    expect(outcome(() => withdraw(draft, CA, { since: back, reason: 'r' }, context))).toBe('EDIT_BACKDATED');
    expect(outcome(() => distrust(draft, CA, { since, compromisedSince: back }, context))).toBe('EDIT_BACKDATED');
    const explained = withdraw(draft, CA, { since: back, reason: 'r', ref: 'f' }, context);
    expect(requirementsOf(published, explained)).toMatchObject([{ code: 'BACKDATED_EVENT', serviceId: CA, extraApprovers: 1, explained: true }]);
    expect(requirementsOf(published, withdraw(draft, CA, { since: back + 1 }, context))).toEqual([]);
    expect(requirementsOf(undefined, published)).toEqual([]);
    // Whatever tool wrote it.
    const byHand = { ...draft, services: [{ ...draft.services[0]!, status: [{ status: 'withdrawn' as const, since: '2026-01-01T00:00Z', recorded: 2 }, ...draft.services[0]!.status] }] };
    expect(requirementsOf(published, byHand)).toMatchObject([{ explained: false }]);
  });

  it('history survives any sequence of edits (R5)', () => {
    const statuses: readonly ServiceStatusName[] = ['granted', 'suspended', 'ceased', 'withdrawn', 'distrusted'];
    fc.assert(
      fc.property(fc.array(fc.record({ status: fc.constantFrom(...statuses), ahead: fc.integer({ min: -20, max: 20 }), publish: fc.boolean() }), { maxLength: 12 }), (events) => {
        let base = published;
        let next = draft;
        for (const { status, ahead, publish } of events) {
          try {
            next = recordStatus(next, CA, { status, since: ISSUED + ahead * 86_400_000, reason: 'r', ref: 'f' }, context);
          } catch (error) {
            expect(error).toMatchObject({ name: 'EditError' });
          }
          expect(continuity(base, next)).toBe('follows');
          expect(next).toHaveProperty('x-unknown');
          if (!publish) continue;
          base = next;
          next = nextVersion(serializeList(base), { issued: ISSUED, ...context });
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what a service is recognised for', () => {
  it('changes in place, and the rest stays', () => {
    const scoped = setScope(draft, CA, [{ regions: ['4201*'] }], context);
    expect(Object.keys(scoped.services[0]!)).toEqual(Object.keys(draft.services[0]!));
    expect(scoped.services[0]!.scope).toEqual([{ regions: ['4201*'] }]);
    expect(outcome(() => setScope(draft, CA, [{ regions: [] }], context))).toBe('EDIT_INVALID');
    expect(changeService(draft, CA, { scope: undefined }, context).services[0]).not.toHaveProperty('scope');
    expect(changeService(draft, CA, { status: [], id: 'x' } as never, context).services[0]).toMatchObject({ id: CA, status: draft.services[0]!.status });
  });

  it('endpoints come, change and go', () => {
    const one = setEndpoint(draft, CA, 'crl', { url: 'http://crl.example/a.crl' }, context);
    const two = setEndpoint(one, CA, 'crl', { url: 'http://crl.example/a.crl', maxAge: 'PT24H' }, context);
    expect(two.services[0]!.revocation?.crl).toEqual([{ url: 'http://crl.example/a.crl', maxAge: 'PT24H' }]);
    expect(removeEndpoint(two, CA, 'crl', 'http://crl.example/a.crl', context).services[0]!.revocation?.crl).toEqual([]);
    expect(outcome(() => removeEndpoint(two, CA, 'ocsp', 'http://crl.example/a.crl', context))).toBe('EDIT_NOT_FOUND');
    expect(outcome(() => setEndpoint(draft, CA, 'ocsp', { url: 'ldap://a' }, context))).toBe('EDIT_INVALID');
  });
});

describe('profiles', () => {
  const profile: IdentityProfileDocument = { id: 'prof:a', version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields: { uscc: { try: [{ dn: 'OU', accept: 'USCC18' }] } } };
  it('come with a rising version and go when nobody uses them', () => {
    const one = setProfile(draft, profile, context);
    expect(setProfile(one, profile, context).identityProfiles![0]!.version).toBe(2);
    expect(outcome(() => setProfile(draft, { ...profile, fields: { uscc: { try: [] } } }, context))).toBe('EDIT_INVALID');
    const used = changeService(one, CA, { identity: 'prof:a' }, context);
    expect(outcome(() => removeProfile(used, 'prof:a'))).toBe('EDIT_IN_USE');
    expect(removeProfile(one, 'prof:a').identityProfiles).toEqual([]);
    expect(outcome(() => removeProfile(draft, 'prof:a'))).toBe('EDIT_NOT_FOUND');
  });
});

describe('delegations and peers', () => {
  it('narrow, never widen', () => {
    const one = addDelegation(draft, delegation, context);
    const narrow = (changes: DelegationNarrowing, of = one): ListDocument => narrowDelegation(of, '4201', changes, context);
    expect(outcome(() => addDelegation(one, delegation, context))).toBe('EDIT_EXISTS');
    expect(outcome(() => addDelegation(draft, { ...delegation, regions: ['33*'] }, context))).toBe('EDIT_INVALID');
    expect(outcome(() => addDelegation(draft, { ...delegation, threshold: 2 }, context))).toBe('EDIT_INVALID');
    expect(narrow({ regions: ['420106'], mode: 'restrict-only', purposes: ['sign'], maxNextUpdate: 'P30D' }).delegations![0]).toMatchObject({ regions: ['420106'], mode: 'restrict-only' });
    for (const wider of [{ regions: ['42*'] }, { regions: [] }, { purposes: ['seal'] as const }, { maxNextUpdate: 'P91D' }, { threshold: 0 }, { purposes: undefined } as never]) {
      expect(outcome(() => narrow(wider))).toBe('EDIT_WIDENS');
    }
    expect(outcome(() => narrow({ threshold: 2 }))).toBe('EDIT_INVALID');
    expect(outcome(() => narrow({ mode: 'may-grant' }, narrow({ mode: 'restrict-only' })))).toBe('EDIT_WIDENS');
    expect(removeDelegation(one, '4201').delegations).toEqual([]);
    expect(outcome(() => removeDelegation(draft, '4201'))).toBe('EDIT_NOT_FOUND');
  });

  it('map words', () => {
    const one = addPeer(draft, peer, context);
    const mapping = { theirs: { transactions: ['工程'] }, ours: { transactions: ['工程建设'] } };
    const twice = mapPeer(mapPeer(one, peer.schemeId, mapping, context), peer.schemeId, { ...mapping, ours: { transactions: ['政府采购'] } }, context);
    expect(twice.peers![0]!.map).toEqual([{ ...mapping, ours: { transactions: ['政府采购'] } }]);
    expect(outcome(() => addPeer(one, peer, context))).toBe('EDIT_EXISTS');
    expect(outcome(() => mapPeer(one, peer.schemeId, { theirs: {}, ours: {} }, context))).toBe('EDIT_INVALID');
    expect(changePeerTerms(one, peer.schemeId, { until: '2027-01-01T00:00Z' }, context).peers![0]!.until).toBe('2027-01-01T00:00Z');
    expect(outcome(() => changePeerTerms(one, peer.schemeId, { until: '2025-01-01T00:00Z' }, context))).toBe('EDIT_INVALID');
    expect(removePeer(one, peer.schemeId).peers).toEqual([]);
    expect(outcome(() => removePeer(draft, peer.schemeId))).toBe('EDIT_NOT_FOUND');
  });
});

describe('a new scheme and its keys', () => {
  it('has roles that still work without one person', () => {
    const { root, list } = newScheme();
    expect(root).toMatchObject({ version: 1, listId: '42', roles: { root: { threshold: 2 }, list: { threshold: 2 }, freshness: { threshold: 1 } } });
    expect(list).toMatchObject({ sequence: 1, services: [] });
    expect(outcome(() => initScheme({ schemeId: 'urn:s', listId: '1', operator: { name: { zh: 'x' } }, territory: ['42*'], keys: [{ ...keyOf(1, 'A'), roles: ['root', 'list'] }], issued: ISSUED }, context))).toBe('EDIT_ROLE_UNSATISFIABLE');
  });

  it('names keys by computed thumbprints, adds, rotates and revokes them, and keeps every role satisfiable', () => {
    const { root } = newScheme();
    const [first, second] = root.roles.list.keys as [string, string];
    const next = nextRootVersion(payloadOf(root), { issued: ISSUED, ...context });
    expect(next).toMatchObject({ version: 2, prev: `sha256:${hexOf(sha256.digest(payloadOf(root)))}` });

    const added = addKey(next, keyOf(7, 'D'), ['list'], context);
    expect(added.roles.list.keys.at(-1)).toBe(keyThumbprint(keyOf(7, 'D').jwk, algorithms));
    expect(added.roles.root.keys).toHaveLength(3);
    expect(outcome(() => addKey(next, { ...keyOf(1, 'Z'), jwk: { ...keyOf(1, 'Z').jwk, kid: 'other name' } }, ['list'], context))).toBe('EDIT_EXISTS');
    expect(outcome(() => addKey(next, { jwk: { ...keyOf(8, 'Z').jwk, d: 'AA' }, org: 'Z' }, ['list'], context))).toBe('EDIT_INVALID');

    const rotated = rotateKey(next, first, keyOf(8, 'A'), context);
    expect(rotated.roles.root.keys[0]).toBe(keyThumbprint(keyOf(8, 'A').jwk, algorithms));
    expect(JSON.stringify(rotated)).not.toContain(first);

    const revoked = revokeKey(next, first, context);
    expect(revoked.roles.list.keys).toHaveLength(2);
    expect(outcome(() => revokeKey(revoked, second, context))).toBe('EDIT_ROLE_UNSATISFIABLE');
    expect(outcome(() => revokeKey(next, 'nobody', context))).toBe('EDIT_NOT_FOUND');
    expect(outcome(() => setRole(next, 'list', { families: { F1: 1 } }, context))).toBe('EDIT_ROLE_UNSATISFIABLE');
    expect(setRole(next, 'list', { threshold: 3, distinctOrgs: 3 }, context).roles.list).toMatchObject({ threshold: 3, distinctOrgs: 3 });
  });
});
