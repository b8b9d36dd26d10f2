import 'reflect-metadata';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  addDelegation, addKey, addPeer, addService, changeService, compareVerdicts, diffLists, diffRoots, distrust, impactOf, matchScope, narrowDelegation, nextVersion, removeService, renderDiffHtml, renderDiffText,
  reportCites, revokeKey, serializeList, setProfile, setRevocation, setRole, setScope, suspend, textWidth, withdraw, type Change, type IdentityProfileDocument, type ListDocument, type Purpose, type ScopeDocument, type Verdict,
} from '../../src/index.js';
import { scopeBeyond } from '../../src/diff/scope.js';
import { listOf, serviceOf, sha256, T } from '../helpers/world.js';
import { context, delegation, ISSUED, issue, keyOf, newScheme, peer, type TestCa } from '../edit/world.js';

let ca: TestCa;
let published: ListDocument;
let draft: ListDocument;
const CA = 'urn:hefu:test:ca-1';
const since = ISSUED;

beforeAll(async () => {
  ca = await issue({ name: 'CN=Diff CA, C=CN', ca: true });
  published = listOf([serviceOf(ca.der, { constraints: { minRsaBits: 2048, sigAlgs: ['SM2-SM3'] }, revocation: { mode: 'crl-only', crl: [{ url: 'http://a.example/' }] } })]);
  draft = nextVersion(serializeList(published), { issued: ISSUED, ...context });
});

/** What changes beyond number and dates: `CODE severity member`. */
function changes(after: ListDocument, before: ListDocument = draft): string[] {
  return diffLists(before, after, context).changes.map(({ code, severity, member }) => `${code} ${severity} ${member}`);
}

const only = (after: ListDocument): Change => diffLists(published, after, context).changes.find(({ member }) => !['sequence', 'prev', 'issued', 'nextUpdate'].includes(member))!;

describe('a list against the one before', () => {
  it('changes in number and dates only when nothing else was done', () => {
    expect(diffLists(published, draft, context)).toMatchObject({ type: 'list', from: 1, to: 2, counts: { dangerous: 0, widens: 0, narrows: 0, neutral: 4 } });
    expect(changes(draft)).toEqual([]);
  });

  it('says who loses trust for what and from when', () => {
    const change = only(suspend(draft, CA, { since, reason: '监管决定', ref: '1 号' }, context));
    expect(change).toMatchObject({ code: 'STATUS_ADDED', severity: 'narrows', trust: [{ direction: 'loses', serviceId: CA, scope: { regions: ['42*'] }, from: '2026-06-01T00:00:00Z' }] });
    expect(change.sentence.zh).toContain('暂停');
    const lost = only(distrust(draft, CA, { since, compromisedSince: since - 1000 }, context));
    expect(lost.trust).toMatchObject([{ from: '2026-05-31T23:59:59Z' }]);
  });

  it('marks what reaches back, and history rewritten, as dangerous', () => {
    expect(only(withdraw(draft, CA, { since: T('2026-01-01T00:00Z'), reason: 'r', ref: 'f' }, context))).toMatchObject({ code: 'STATUS_ADDED', severity: 'dangerous' });
    const service = published.services[0]!;
    const rewritten = { ...draft, services: [{ ...service, status: [{ ...service.status[0]!, since: '2020-01-01T00:00Z' }] }] };
    expect(only(rewritten)).toMatchObject({ code: 'HISTORY_REWRITTEN', severity: 'dangerous' });
    const slipped = { ...draft, services: [{ ...service, status: [{ status: 'granted' as const, since: '2026-06-01T00:00Z', recorded: 1 }, ...service.status] }] };
    expect(only(slipped)).toMatchObject({ code: 'HISTORY_REWRITTEN' });
    const respelt = { ...draft, services: [{ ...service, status: [{ ...service.status[0]!, since: '2021-03-01T00:00:00Z' }] }] };
    expect(only(respelt)).toMatchObject({ code: 'MEMBER_CHANGED' });
  });

  it('tells scope gained from scope lost', () => {
    const moved = diffLists(draft, setScope(draft, CA, [{ regions: ['4201*'], purposes: ['sign', 'auth', 'seal', 'encrypt'] }, { regions: ['33*'], purposes: ['sign'], until: '2027-01-01T00:00Z' }], context), context).changes;
    expect(moved).toMatchObject([
      { code: 'SCOPE_GAINED', severity: 'widens', after: { regions: ['33*'], purposes: ['sign'], until: '2027-01-01T00:00:00Z' } },
      { code: 'SCOPE_LOST', severity: 'narrows', before: { regions: ['42*'] }, trust: [{ direction: 'loses' }] },
    ]);
    expect(changes(setScope(draft, CA, [{ regions: ['42*', '4201*'] }], context))).toEqual(['SCOPE_CHANGED neutral scope']);
    const odd = { ...draft, services: [{ ...draft.services[0]!, scope: [{ regions: ['42*'], unless: 'x' } as ScopeDocument] }] };
    expect(changes(odd)).toEqual(['SCOPE_CHANGED dangerous scope']);
  });

  it('what it calls gained or lost is what scopes match (property)', () => {
    const part = <V>(values: readonly V[]): fc.Arbitrary<readonly V[]> => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
    const scope = fc.record({ regions: part(['*', '42*', '4201*', '420106', '33*']), transactions: fc.option(part(['t', 'u'])), purposes: fc.option(part<Purpose>(['sign', 'auth'])), from: fc.option(fc.constantFrom('2026-01-01T00:00Z', '2026-06-01T00:00Z')), until: fc.option(fc.constantFrom('2026-09-01T00:00Z', '2027-01-01T00:00Z')) });
    const scopes = fc.array(scope, { maxLength: 3 });
    const asked = fc.record({ region: fc.constantFrom('420106', '420100', '330100', '110000'), transaction: fc.constantFrom('t', 'u', 'v'), purpose: fc.constantFrom<Purpose>('sign', 'auth', 'seal'), at: fc.constantFrom(T('2025-01-01T00:00Z'), T('2026-03-01T00:00Z'), T('2026-07-01T00:00Z'), T('2026-10-01T00:00Z'), T('2028-01-01T00:00Z')) });
    const time = (text: string | null | undefined): { at?: number } => (text ? { at: T(text) } : {});
    const matches = (list: readonly ScopeDocument[], question: Parameters<typeof matchScope>[1]): boolean =>
      matchScope({ scope: list.map(({ from, until, transactions, roles, purposes, regions }) => ({ regions, ...(transactions && { transactions }), ...(roles && { roles }), ...(purposes && { purposes }), ...(from && { from: time(from).at! }), ...(until && { until: time(until).at! }) })) } as never, question).matched;
    fc.assert(
      fc.property(scopes, scopes, asked, (a, b, question) => {
        const beyond = scopeBeyond(a, b)!;
        if (matches(a, question) && !matches(b, question)) expect(matches(beyond, question)).toBe(true);
        if (!matches(a, question)) expect(matches(beyond, question)).toBe(false);
      }),
    );
  });

  it('sees services come, go, and vanish', async () => {
    const other = await issue({ name: 'CN=New CA', ca: true });
    const added = addService(draft, serviceOf(other.der, { id: 'urn:hefu:test:new', status: [{ status: 'granted', since: '2026-06-01T00:00Z', recorded: 2 }] }), context);
    expect(changes(added)).toEqual(['SERVICE_ADDED widens services', 'ANCHOR_ADDED widens anchors']);
    const back = addService(draft, serviceOf(other.der, { id: 'urn:hefu:test:new', 'x-odd': 1, revocation: { mode: 'none-with-reason', reason: 'r' } } as never), context);
    expect(changes(back)).toEqual(['SERVICE_ADDED dangerous services', 'ANCHOR_ADDED widens anchors', 'REVOCATION_MODE_CHANGED dangerous revocation.mode', 'REVOCATION_MODE_CHANGED neutral revocation.reason', 'MEMBER_CHANGED dangerous x-odd']);
    expect(changes(removeService(added, CA, '合并'), added)).toEqual(['SERVICE_REMOVED narrows services', 'TOMBSTONE_CHANGED neutral tombstones']);
    expect(changes({ ...draft, services: [] })).toEqual(['SERVICE_DROPPED dangerous services']);
    expect(changes({ ...added, services: [...added.services].reverse() }, added)).toEqual(['SERVICE_DESCRIBED neutral services']);
    expect(diffLists(undefined, published, context)).toMatchObject({ from: undefined, to: 1, counts: { dangerous: 0 } });
  });

  it('sees what makes a service stricter or laxer', async () => {
    const other = await issue({ name: 'CN=Second anchor', ca: true });
    const x5c = [Buffer.from(other.der).toString('base64')] as const;
    const of = (change: Parameters<typeof changeService>[2]): string[] => changes(changeService(draft, CA, change, context));
    expect(of({ constraints: { minRsaBits: 1024, sigAlgs: ['SM2-SM3'] } })).toEqual(['CONSTRAINT_CHANGED widens constraints.minRsaBits']);
    expect(of({ constraints: { minRsaBits: 3072 } })).toEqual(['CONSTRAINT_CHANGED narrows constraints.minRsaBits', 'CONSTRAINT_CHANGED widens constraints.sigAlgs']);
    expect(of({ constraints: { minRsaBits: 2048, sigAlgs: ['SM2-SM3'], excludedDN: [['C=CN']], issuedUntil: '2030-01-01T00:00Z' } })).toEqual(['CONSTRAINT_CHANGED narrows constraints.excludedDN', 'CONSTRAINT_CHANGED narrows constraints.issuedUntil']);
    expect(of({ constraints: { minRsaBits: 2048, sigAlgs: ['SM2-SM3'], unheardOf: 1 } as never })).toEqual(['MEMBER_CHANGED dangerous constraints.unheardOf']);
    expect(of({ anchors: [{ x5c, mode: 'root' }] })).toEqual(['ANCHOR_ADDED widens anchors', 'ANCHOR_REMOVED narrows anchors']);
    expect(of({ kind: 'tsa' })).toEqual(['SERVICE_KIND_CHANGED dangerous kind']);
    expect(of({ crit: ['scope'] })).toEqual(['CRIT_CHANGED narrows crit']);
    expect(changes(draft, changeService(draft, CA, { crit: ['scope'] }, context))).toEqual(['CRIT_CHANGED dangerous crit']);
    expect(changes(setRevocation(draft, CA, { mode: 'none-with-reason', reason: 'r', crl: [] }, context))).toEqual(['REVOCATION_MODE_CHANGED dangerous revocation.mode', 'ENDPOINT_REMOVED dangerous revocation.crl', 'REVOCATION_MODE_CHANGED neutral revocation.reason']);
    expect(changes(setRevocation(draft, CA, { crl: [{ url: 'http://a.example/', maxAge: 'PT1H' }, { url: 'http://b.example/' }] }, context))).toEqual(['ENDPOINT_CHANGED neutral revocation.crl', 'ENDPOINT_ADDED neutral revocation.crl']);
    expect(changes(setRevocation(draft, CA, { ocsp: [{ url: 'http://o.example/', responders: x5c }] }, context))).toEqual(['ENDPOINT_ADDED dangerous revocation.ocsp']);
  });

  it('leaves nothing unsaid that it does not know', () => {
    expect(changes({ ...draft, novelty: true } as never)).toEqual(['MEMBER_CHANGED dangerous novelty']);
    expect(changes({ ...draft, services: [{ ...draft.services[0]!, novelty: true } as never] })).toEqual(['MEMBER_CHANGED dangerous novelty']);
    expect(changes({ ...draft, listId: '43', territory: ['*'] })).toEqual(['DOCUMENT_REPLACED dangerous listId', 'TERRITORY_CHANGED widens territory']);
  });

  it('sees profiles, delegations and peers', () => {
    const profile: IdentityProfileDocument = { id: 'prof:a', version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields: { uscc: { try: [{ dn: 'OU', accept: 'USCC18' }] } } };
    const one = setProfile(draft, profile, context);
    expect(changes(one)).toEqual(['PROFILE_ADDED neutral identityProfiles']);
    expect(changes(setProfile(one, { ...profile, required: ['uscc'] }, context), one)).toEqual(['PROFILE_CHANGED dangerous identityProfiles']);
    expect(changes(changeService(one, CA, { identity: 'prof:a' }, context), one)).toEqual(['IDENTITY_CHANGED dangerous identity']);

    const delegated = addDelegation(draft, delegation, context);
    expect(changes(delegated)).toEqual(['DELEGATION_ADDED widens delegations']);
    expect(changes(draft, delegated)).toEqual(['DELEGATION_REMOVED narrows delegations']);
    const narrowed = narrowDelegation(delegated, '4201', { mode: 'restrict-only', regions: ['420106'] }, context);
    expect(changes(narrowed, delegated)).toEqual(['DELEGATION_CHANGED narrows regions', 'DELEGATION_CHANGED narrows mode']);
    expect(changes(delegated, narrowed)).toEqual(['DELEGATION_CHANGED widens regions', 'DELEGATION_CHANGED widens mode']);
    expect(changes({ ...delegated, delegations: [{ ...delegation, keys: [keyOf(10, 'W')] }] }, delegated)).toEqual(['KEY_REMOVED narrows keys', 'KEY_ADDED widens keys']);

    const recognised = addPeer(draft, peer, context);
    expect(changes(recognised)).toEqual(['PEER_ADDED widens peers']);
    expect(changes({ ...draft, peers: [{ ...peer, rootSha256: 'cd'.repeat(32), accept: { kinds: ['ca'], purposes: ['sign', 'seal'] } }] }, recognised)).toEqual(['PEER_CHANGED dangerous rootSha256', 'PEER_CHANGED widens accept']);
  });
});

describe('a root against the one before', () => {
  const of = (change: (root: ReturnType<typeof newScheme>['root']) => ReturnType<typeof newScheme>['root']): string[] => {
    const { root } = newScheme();
    return diffRoots(root, change(root), { sha256 }).changes.map(({ code, severity, subject, member }) => `${code} ${severity} ${subject.id} ${member}`);
  };
  it('sees keys, roles, thresholds and owners', () => {
    expect(of((root) => root)).toEqual([]);
    expect(of((root) => addKey(root, keyOf(7, 'D'), ['list'], context))).toEqual(['KEY_ADDED widens urn:hefu:test keys', 'ROLE_KEY_ADDED widens list keys']);
    expect(of((root) => revokeKey(root, root.roles.list.keys[0]!, context)).filter((row) => row.includes('ROLE'))).toEqual(['ROLE_KEY_REMOVED narrows root keys', 'ROLE_KEY_REMOVED narrows list keys']);
    expect(of((root) => setRole(root, 'list', { threshold: 1 }, context))).toEqual(['QUORUM_CHANGED dangerous list threshold']);
    expect(of((root) => setRole(root, 'list', { threshold: 3, families: { F2: 1 } }, context))).toEqual(['QUORUM_CHANGED narrows list threshold', 'QUORUM_CHANGED narrows list families.F2']);
    expect(of((root) => ({ ...root, keys: root.keys.map((key, index) => (index === 0 ? { ...key, org: 'Z' } : key)) }))).toEqual(['KEY_CHANGED dangerous urn:hefu:test keys.org']);
    expect(of((root) => ({ ...root, limits: { maxDepth: 2 } }))).toEqual(['LIMIT_CHANGED widens urn:hefu:test limits.maxDepth']);
    expect(of((root) => ({ ...root, listId: '43', novelty: 1 }) as never)).toEqual(['DOCUMENT_REPLACED dangerous urn:hefu:test listId', 'MEMBER_CHANGED dangerous urn:hefu:test novelty']);
  });
});

describe('rendered', () => {
  const hostile = (): ListDocument => changeService(withdraw(draft, CA, { since, reason: '<script>alert("x")</script>\u202e', ref: "a' onload='b" }, context), CA, { name: { zh: '</title><img src=x>' } }, context);

  it('as text within 80 columns in both languages, dangerous first', () => {
    for (const lang of ['zh', 'en'] as const) {
      const text = renderDiffText(diffLists(published, { ...hostile(), novelty: 1 } as never, context), { lang });
      expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(80);
      for (const hidden of ['\u202e', '\u001b']) expect(text).not.toContain(hidden);
      expect(text.indexOf('novelty')).toBeLessThan(text.indexOf('\\u{202e}'));
    }
    expect(renderDiffText(diffLists(draft, draft, context), { lang: 'en' })).toContain('Nothing changes.');
  });

  it('as HTML without scripts, addresses or anything of the document that is not escaped', () => {
    for (const lang of ['zh', 'en'] as const) {
      const html = renderDiffHtml(diffLists(published, hostile(), context), { lang });
      const tags = new Set(html.match(/<[^>]*>/g)!.map((tag) => tag.replace(/^<\/?(\w*).*$/s, '$1')));
      expect([...tags].filter((tag) => !['', 'html', 'head', 'meta', 'title', 'style', 'body', 'h1', 'h2', 'table', 'tr', 'td', 'ul', 'li', 'span'].includes(tag))).toEqual([]);
      expect(html).not.toMatch(/url\(|@import|<\w+[^>]* (?:src|href|on\w+)=/i);
      expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
      expect(html).toContain('a&#39; onload=&#39;b');
      expect(html.match(/<\/title>/g)).toHaveLength(1);
    }
  });
});

describe('verdicts that change', () => {
  const passed: Verdict = { conclusion: 'passed', code: 'OK' };
  const failed: Verdict = { conclusion: 'failed', code: 'CA_WITHDRAWN' };

  it('of samples under two lists', async () => {
    const verdictOf = ({ id }: { id: string }, list: 'a' | 'b'): Verdict => {
      if (id === 'broken') throw Object.assign(new Error('x'), { code: 'NO_EVIDENCE' });
      return id === 'moved' && list === 'b' ? failed : id === 'won' && list === 'a' ? failed : passed;
    };
    const { rows, counts } = await compareVerdicts([{ id: 'moved' }, { id: 'won' }, { id: 'steady' }, { id: 'broken' }], 'a', 'b', verdictOf);
    expect(rows.map(({ id, outcome, problem }) => [id, outcome, problem])).toEqual([['moved', 'lost', undefined], ['won', 'gained', undefined], ['steady', 'same', undefined], ['broken', 'not-judged', 'NO_EVIDENCE']]);
    expect(counts).toEqual({ lost: 1, gained: 1, changed: 0, same: 1, unreadable: 0, 'not-judged': 1 });
  });

  const archived = (id: string, verdict: Verdict, serviceId = CA): { id: string; report: never } => ({ id, report: { type: 'hefu-report', version: 1, ...verdict, signers: [{ trustDecision: { serviceId } }] } as never });

  it('of archived reports if', async () => {
    const progress: number[] = [];
    const { counts, rows } = await impactOf([archived('1', passed), archived('2', failed), { id: '3', report: { type: 'other' } }, archived('4', { conclusion: 'indeterminate', code: 'TRY_LATER' })], () => failed, { onProgress: (done) => progress.push(done) });
    expect(counts).toEqual({ lost: 1, gained: 0, changed: 1, same: 1, unreadable: 1, 'not-judged': 0 });
    expect(rows[0]!.sentence.en).toBe('1 no longer passes (passed OK → failed CA_WITHDRAWN).');
    expect(progress).toEqual([1, 2, 3, 4]);
    expect(reportCites(archived('1', passed).report, CA)).toBe(true);
    expect(reportCites(archived('1', passed).report, 'urn:other')).toBe(false);
    expect(reportCites({ signers: [null, 'x', {}] }, CA)).toBe(false);
  });

  it('and stops when told', async () => {
    const controller = new AbortController();
    const stopped = impactOf([archived('1', passed), archived('2', passed)], () => (controller.abort(), passed), { signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });
});
