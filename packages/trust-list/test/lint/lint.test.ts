import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../src/base64.js';
import {
  addDelegation, changeService, keyThumbprint, LINT_RULES, lintList, lintRoot, nextVersion, recordStatus, serializeList, setProfile, setRevocation, setScope,
  type DelegationDocument, type IdentityProfileDocument, type LintOptions, type ListDocument, type RootDocument, type SampleDocument, type ServiceDocument, type StatusDocument,
} from '../../src/index.js';
import { hexOf } from '../../src/sha256.js';
import { algorithms, listOf, serviceOf, sha256, T, utf8 } from '../helpers/world.js';
import { context, delegation, ISSUED, issue, keyOf, newScheme, type IssueOptions, type TestCa } from '../edit/world.js';

const CA = 'urn:hefu:test:ca-1';
const CA_USAGE = x509.KeyUsageFlags.keyCertSign;
const b64 = (der: Uint8Array): readonly [string] => [encodeBase64(der)];

let ca: TestCa;
let sub: TestCa;
let leaf: TestCa;
let encryptLeaf: TestCa;
let weak: TestCa;
let sha1Sub: TestCa;
let strongSub: TestCa;
let twin: TestCa;
let dying: TestCa;
let dead: TestCa;
let noUsage: TestCa;
let badAki: TestCa;
let published: ListDocument;
let draft: ListDocument;
let root: RootDocument;

beforeAll(async () => {
  const make = (name: string, more: Partial<IssueOptions> = {}): Promise<TestCa> => issue({ name: `CN=${name}, C=CN`, ca: true, usage: CA_USAGE, ...more });
  const rsa = (bits: number, hash: string): RsaHashedKeyGenParams => ({ name: 'RSASSA-PKCS1-v1_5', hash, modulusLength: bits, publicExponent: new Uint8Array([1, 0, 1]) });
  ca = await make('Lint CA');
  sub = await make('Lint Sub', { by: ca });
  leaf = await make('Leaf', { by: ca, ca: false, usage: x509.KeyUsageFlags.digitalSignature });
  encryptLeaf = await make('Leaf', { by: ca, ca: false, usage: x509.KeyUsageFlags.keyEncipherment });
  weak = await make('Weak', { algorithm: rsa(1024, 'SHA-256') });
  const rsaRoot = await make('RSA Root', { algorithm: rsa(2048, 'SHA-256') });
  sha1Sub = await make('SHA-1 Sub', { by: await make('SHA-1 Root', { algorithm: rsa(2048, 'SHA-1') }), algorithm: rsa(2048, 'SHA-1') });
  strongSub = await make('SHA-256 Sub', { by: rsaRoot, algorithm: rsa(2048, 'SHA-256') });
  twin = await make('Lint CA renamed', { keys: ca.keys });
  dying = await make('Dying', { notAfter: '2026-08-15T00:00:00Z' });
  dead = await make('Dead', { notAfter: '2026-09-15T00:00:00Z' });
  noUsage = await make('No certSign', { usage: x509.KeyUsageFlags.digitalSignature });
  const ski = await x509.SubjectKeyIdentifierExtension.create(ca.keys.publicKey, false, webcrypto as Crypto);
  badAki = await make('Lint CA', { keys: ca.keys, extensions: [ski, await x509.AuthorityKeyIdentifierExtension.create(sub.keys.publicKey, false, webcrypto as Crypto)] });
  published = listOf([serviceOf(ca.der, { revocation: { mode: 'crl-only', crl: [{ url: 'http://crl.example/a.crl' }] } })]);
  draft = nextVersion(serializeList(published), { issued: ISSUED, ...context });
  root = newScheme().root;
});

const bytes = (document: unknown): Uint8Array => utf8(JSON.stringify(document));
const options = (more: Partial<LintOptions> = {}): LintOptions => ({ sha256, at: ISSUED, base: serializeList(published), root, ...more });
/** Rules that find something. */
const found = (document: unknown, more: Partial<LintOptions> = {}): readonly string[] => [...new Set(lintList(bytes(document), options(more)).findings.map(({ rule }) => rule))];
const foundInRoot = (document: RootDocument): readonly string[] => [...new Set(lintRoot(document, { sha256, at: ISSUED }).findings.map(({ rule }) => rule))];

const change = (changes: object): ListDocument => changeService(draft, CA, changes as never, context);
const events = (...status: readonly StatusDocument[]): ListDocument => ({ ...draft, services: [{ ...draft.services[0]!, status: [...status, ...draft.services[0]!.status] }] });
const anchored = (of: TestCa, more: object = {}): ListDocument => change({ anchors: [{ x5c: b64(of.der), mode: 'root' }], ...more });
const plus = (service: ServiceDocument): ListDocument => ({ ...draft, services: [...draft.services, service] });
const second = (changes: Partial<ServiceDocument>): ServiceDocument => ({ ...draft.services[0]!, id: 'urn:hefu:test:two', ...changes });
const event = (status: StatusDocument['status'], since: string, more: Partial<StatusDocument> = {}): StatusDocument => ({ status, since, recorded: 2, ...more });
const delegated = (changes: Partial<DelegationDocument> = {}): ListDocument => ({ ...draft, delegations: [{ ...delegation, keys: [keyOf(9, 'W', '戊'), keyOf(10, 'X', '己')], ...changes }] });
const sample = (of: TestCa, more: Partial<SampleDocument> = {}): SampleDocument => ({ certSha256: hexOf(sha256.digest(of.der)), x5c: b64(of.der), expect: { name: 'Leaf' }, ...more });
const profiled = (samples: readonly SampleDocument[] | undefined, identity: string | undefined = 'prof:a'): ListDocument => {
  const profile: IdentityProfileDocument = { id: 'prof:a', version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields: { name: { try: [{ dn: 'CN', accept: 'TEXT' }] } }, ...(samples && { samples }) };
  return changeService(setProfile(draft, profile, context), CA, { identity }, context);
};
const extract: LintOptions['extract'] = (profile, der) => (profile.id === 'prof:a' && hexOf(der) === hexOf(leaf.der) ? { name: 'Leaf' } : {});
const parent = (changes: Partial<DelegationDocument> = {}): Pick<LintOptions, 'parent'> => ({ parent: { list: published, delegation: { ...delegation, listId: '42', regions: ['42*'], purposes: ['auth', 'sign', 'seal', 'encrypt'], ...changes, maxNextUpdate: changes.maxNextUpdate ?? 'P180D' } } });
const role = (changes: Partial<RootDocument['roles']['list']>, of = root): RootDocument => ({ ...of, roles: { ...of.roles, list: { ...of.roles.list, ...changes } } });
const keys = (change: (key: RootDocument['keys'][number], index: number) => RootDocument['keys'][number]): RootDocument => ({ ...root, keys: root.keys.map(change) });

/** For each rule, something it finds and a neighbour it lets pass. */
const CASES: Readonly<Record<string, { readonly fails: () => readonly string[]; readonly passes: () => readonly string[] }>> = {
  L001: { fails: () => found({ ...draft, territory: ['x'] }), passes: () => found(draft) },
  L002: { fails: () => found({ ...draft, sequence: 3 }), passes: () => found(draft) },
  L003: { fails: () => found({ ...draft, prev: `sha256:${'00'.repeat(32)}` }), passes: () => found(draft) },
  L004: { fails: () => found({ ...draft, services: [second({})] }), passes: () => found({ ...draft, services: [second({ status: [event('granted', '2026-06-01T00:00Z')] })], tombstones: [{ id: CA, sequence: 2 }] }) },
  L005: { fails: () => found({ ...draft, issued: published.issued }), passes: () => found({ ...draft, issued: '2026-05-01T00:00:01Z', nextUpdate: '2026-08-01T00:00:00Z' }) },
  L006: { fails: () => found({ ...draft, listId: '43' }), passes: () => found(draft) },
  L010: { fails: () => found({ ...draft, nextUpdate: draft.issued }), passes: () => found({ ...draft, nextUpdate: '2026-06-01T00:00:01Z' }) },
  L011: { fails: () => found(draft, { root: { ...root, limits: { maxNextUpdate: 'P90D' } } }), passes: () => found(draft, { root: { ...root, limits: { maxNextUpdate: 'P92D' } } }) },
  L012: { fails: () => found(draft, { at: ISSUED - 300_001 }), passes: () => found(draft, { at: ISSUED - 300_000 }) },
  L013: { fails: () => found({ ...draft, version: 2 }), passes: () => found({ ...draft, versions: 2 }) },
  L020: { fails: () => found(events(event('withdrawn', '2026-06-01T00:00Z'), event('withdrawn', '2026-05-31T00:00Z'), event('suspended', '2026-05-30T00:00Z'), event('withdrawn', '2026-05-29T00:00Z'))), passes: () => found(events(event('withdrawn', '2026-06-01T00:00Z'), event('suspended', '2026-05-30T00:00Z'))) },
  L021: { fails: () => found(events(event('withdrawn', '2026-05-29T00:00Z'), event('suspended', '2026-05-30T00:00Z'))), passes: () => found(events(event('withdrawn', '2026-05-31T00:00Z'), event('suspended', '2026-05-30T00:00Z'))) },
  L022: { fails: () => found(events(event('ceased', '2026-06-01T00:01Z'))), passes: () => found(events(event('ceased', '2026-06-01T00:00Z'))) },
  L023: { fails: () => found(events(event('withdrawn', '2026-05-24T00:00Z', { reason: 'r' }))), passes: () => found(events(event('withdrawn', '2026-05-24T00:00Z', { reason: 'r', ref: 'f' }))) },
  L024: { fails: () => found(events(event('withdrawn', '2026-05-24T00:00Z', { reason: 'r', ref: 'f' }))), passes: () => found(events(event('withdrawn', '2026-05-25T00:00Z', { reason: 'r', ref: 'f' }))) },
  L025: { fails: () => found(plus(second({ status: [event('suspended', '2026-06-01T00:00Z')] }))), passes: () => found(plus(second({ status: [event('suspended', '2026-06-01T00:00Z')] })), parent({ mode: 'restrict-only' })) },
  L030: { fails: () => found(plus(second({ status: [event('withdrawn', '2026-06-01T00:00Z'), event('granted', '2026-05-30T00:00Z')] }))), passes: () => found(plus(second({}))) },
  L031: { fails: () => found(plus(second({}))), passes: () => found(plus(second({ anchors: [{ x5c: b64(sub.der), mode: 'pinned-intermediate' }] }))) },
  L040: { fails: () => found(anchored(leaf)), passes: () => found(anchored(leaf, { kind: 'tsa' })) },
  L041: { fails: () => found(anchored(noUsage)), passes: () => found(anchored(sub)) },
  L042: { fails: () => found(anchored(badAki)), passes: () => found(anchored(ca)) },
  L043: { fails: () => found(change({ anchors: [{ x5c: b64(ca.der), mode: 'root' }, { x5c: b64(twin.der), mode: 'root' }] })), passes: () => found(change({ anchors: [{ x5c: b64(ca.der), mode: 'root' }, { x5c: b64(badAki.der), mode: 'root' }] })) },
  L044: { fails: () => found(anchored(weak)), passes: () => found(anchored(strongSub)) },
  L045: { fails: () => found(anchored(sha1Sub)), passes: () => found(anchored(strongSub)) },
  L046: { fails: () => found(anchored(dying)), passes: () => found(anchored(dead)) },
  L047: { fails: () => found(anchored(dying)), passes: () => found(anchored(dead)) },
  L050: { fails: () => found(setRevocation(draft, CA, { crl: [] }, context)), passes: () => found(setRevocation(draft, CA, { mode: 'none-with-reason', reason: 'r', crl: [] }, context)) },
  L051: { fails: () => found(setRevocation(draft, CA, { crl: [{ url: 'ldap://a.example/' }] }, context)), passes: () => found(setRevocation(draft, CA, { crl: [{ url: 'ldap://a.example/', mirrors: ['http://a.example/'] }] }, context)) },
  L052: {
    fails: () => found(draft, { probes: [{ url: 'http://crl.example/a.crl', answered: true, crlIssuer: new Uint8Array(sub.certificate.subjectName.toArrayBuffer()) }] }),
    passes: () => found(draft, { probes: [{ url: 'http://crl.example/a.crl', answered: true, crlIssuer: new Uint8Array(ca.certificate.subjectName.toArrayBuffer()) }] }),
  },
  L053: { fails: () => found(draft, { probes: [{ url: 'http://crl.example/a.crl', answered: false, detail: 'ETIMEDOUT' }] }), passes: () => found(draft, { probes: [{ url: 'http://crl.example/a.crl', answered: true }] }) },
  L060: { fails: () => found(change({ certKinds: [{ kind: 'encrypt', match: { keyUsage: { has: ['keyEncipherment'] } } }] })), passes: () => found(change({ scope: [{ regions: ['42*'], purposes: ['encrypt'] }], certKinds: [{ kind: 'encrypt', match: { keyUsage: { has: ['keyEncipherment'] } } }] })) },
  L061: { fails: () => found(profiled(undefined)), passes: () => found(profiled([sample(leaf)])) },
  L062: { fails: () => found(profiled([sample(leaf, { expect: { name: 'Other' } })]), { extract }), passes: () => found(profiled([sample(leaf)]), { extract }) },
  L063: {
    fails: () => found(profiled([{ certSha256: hexOf(sha256.digest(leaf.der)), expect: { name: 'Leaf' } }]), { extract }),
    passes: () => found(profiled([{ certSha256: hexOf(sha256.digest(leaf.der)), expect: { name: 'Leaf' } }]), { extract, sampleCertificates: [leaf.der] }),
  },
  L064: { fails: () => found(profiled([sample(encryptLeaf)])), passes: () => found(profiled([sample(leaf)])) },
  L065: { fails: () => found(setProfile(draft, profiled([sample(leaf)]).identityProfiles![0]!, context)), passes: () => found(profiled([sample(leaf)])) },
  L070: { fails: () => found(change({ scope: undefined })), passes: () => found(draft) },
  L071: { fails: () => found(setScope(draft, CA, [{ regions: ['42*'], purposes: ['sign'] }, { regions: ['4201*'], purposes: ['sign', 'auth'] }], context)), passes: () => found(setScope(draft, CA, [{ regions: ['42*'], purposes: ['sign'] }, { regions: ['4201*'], purposes: ['auth'] }], context)) },
  L072: { fails: () => found(setScope(draft, CA, [{ regions: ['33*'] }], context)), passes: () => found(setScope(draft, CA, [{ regions: ['4201*'] }], context), parent()) },
  L073: { fails: () => found(draft, parent({ regions: ['4201*'] })), passes: () => found(draft, parent()) },
  L080: { fails: () => found(delegated({ keys: [keyOf(1, 'W'), keyOf(10, 'X')] })), passes: () => found(delegated()) },
  L090: { fails: () => foundInRoot(keys((key, index) => (index === 0 ? { ...key, org: ' ' } : key))), passes: () => foundInRoot(root) },
  L091: { fails: () => foundInRoot(role({ threshold: 3 })), passes: () => foundInRoot(role({ threshold: 2 })) },
  L092: { fails: () => foundInRoot(role({ families: { F1: 1 } })), passes: () => foundInRoot(role({ families: { F2: 2 } })) },
  L093: { fails: () => foundInRoot(keys((key) => ({ ...key, jwk: { ...key.jwk, kid: 'other' } }))), passes: () => foundInRoot(keys((key) => ({ ...key, jwk: { ...key.jwk, kid: keyThumbprint(key.jwk, algorithms) } }))) },
  L094: { fails: () => foundInRoot(role({ distinctOrgs: 4 })), passes: () => foundInRoot(role({ distinctOrgs: 2 })) },
  L095: { fails: () => foundInRoot(keys((key, index) => (index < 2 ? { ...key, owner: '甲', org: 'A' } : key))), passes: () => foundInRoot(root) },
  L096: { fails: () => foundInRoot(role({ keys: [...root.roles.list.keys, root.roles.freshness.keys[0]!] })), passes: () => foundInRoot(root) },
  L097: { fails: () => foundInRoot({ ...root, expires: '2026-08-01T00:00Z' }), passes: () => foundInRoot({ ...root, expires: '2026-09-01T00:00Z' }) },
  L098: { fails: () => foundInRoot(role({ keys: [...root.roles.list.keys, 'nobody'] })), passes: () => foundInRoot(root) },
};

describe('rules', () => {
  it('have six attributes, an id of their own and a case here', () => {
    expect(LINT_RULES.map(({ id }) => id)).toEqual(Object.keys(CASES));
    expect(new Set(LINT_RULES.map(({ id }) => id)).size).toBe(LINT_RULES.length);
    for (const rule of LINT_RULES) {
      expect(rule.id).toMatch(/^L\d{3}$/);
      for (const text of [rule.source, rule.target, rule.prerequisite, rule.predicate.zh, rule.predicate.en, rule.level]) expect(text.length).toBeGreaterThan(3);
    }
  });

  for (const [id, { fails, passes }] of Object.entries(CASES)) {
    it(`${id} finds what it is for, and not its neighbour`, () => {
      expect(fails()).toContain(id);
      expect(passes()).not.toContain(id);
    });
  }
});

describe('lint', () => {
  it('finds nothing in a clean draft, and says which rules had nothing to go by', () => {
    const report = lintList(bytes(draft), options());
    expect(report.findings).toEqual([]);
    expect(report.counts).toEqual({ mandatory: 0, recommended: 0, permitted: 0 });
    expect(report.notApplied).toEqual(['L052', 'L053', 'L062', 'L063', 'L073', 'L080']);
    expect(lintList(bytes(draft), { sha256, at: ISSUED }).notApplied).toEqual(expect.arrayContaining(['L002', 'L003', 'L004', 'L090']));
  });

  it('says what is wrong where, in both languages', () => {
    const { findings } = lintList(bytes(setScope(draft, CA, [{ regions: ['33*'] }], context)), options());
    expect(findings).toMatchObject([{ rule: 'L072', level: 'mandatory', path: 'services[0].scope[0].regions', subject: CA, expected: '420000', actual: '33*' }]);
    expect(findings[0]!.sentence.zh).toContain('33*');
  });

  it('survives any document, and looks at one that does not read only with rules that expect that', () => {
    for (const odd of [null, [], 'x', {}, { type: 'list' }, { type: 'list', services: null }, { ...draft, services: [null] }, { ...draft, issued: 7 }]) {
      const { findings, notApplied } = lintList(bytes(odd), options());
      expect(findings.map(({ rule }) => rule)).toContain('L001');
      expect(notApplied).toContain('L040');
    }
    expect(lintList(utf8('<html>'), options()).findings.map(({ rule }) => rule)).toEqual(['L001']);
  });

  it('counts what a new status asks of approvers as a note only', () => {
    const explained = recordStatus(draft, CA, { status: 'withdrawn', since: T('2026-05-20T00:00Z'), reason: 'r', ref: 'f' }, context);
    expect(lintList(bytes(explained), options()).counts).toEqual({ mandatory: 0, recommended: 0, permitted: 1 });
  });

  it('takes keys of delegations as those of the root', () => {
    expect(found(addDelegation(draft, delegation, context))).toContain('L091');
    expect(found(delegated())).not.toContain('L091');
  });
});
