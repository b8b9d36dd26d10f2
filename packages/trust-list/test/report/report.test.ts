import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { attentionOf, readListContent, readProbes, renderReportHtml, reportOf, serializeList, type ListDocument, type ReportOptions, type ServiceDocument, type Trust, type TrustList, type TrustReport } from '../../src/index.js';
import { DAY, delegationTo, keyHash, listWith, NOW, peerOf, serviceOn, snapshotOf } from '../federation/world.js';

const sha256 = { name: 'SHA-256', outputLength: 32, digest: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) } as unknown as ReportOptions['sha256'];

const document = (services: readonly ServiceDocument[], change: Partial<ListDocument> = {}): ListDocument => ({
  type: 'list', spec: '1.0', listId: '42', sequence: 1, issued: '2026-05-31T00:00:00Z', nextUpdate: '2026-08-01T00:00:00Z', operator: { name: { zh: '运营方', en: 'Operator' } }, territory: ['420100', '420200'], services, ...change,
});
const service = (id: string, change: Partial<ServiceDocument> = {}): ServiceDocument => ({
  id, kind: 'ca', name: { zh: id }, anchors: [{ spkiSha256: keyHash(id).slice(0, 64), mode: 'root' }], status: [{ status: 'granted', since: '2024-01-01T00:00Z', recorded: 1 }], scope: [{ regions: ['42*'] }], ...change,
});
/** As verified: who signed is not what these tests are about. */
const listOf = (draft: ListDocument): TrustList => {
  const payload = serializeList(draft);
  const envelope = new TextEncoder().encode(JSON.stringify({ payload: Buffer.from(payload).toString('base64url'), signatures: [{ protected: 'e30', signature: '' }] }));
  return { ...readListContent(payload, { sha256 }), sha256: createHash('sha256').update(payload).digest('hex'), signedBy: [{ thumbprint: 'T'.repeat(43), org: 'Centre', family: 'F2' }], envelope };
};
const withEnvelope = (list: TrustList): TrustList => ({ ...list, envelope: listOf(document([service('urn:x:none')], { listId: list.listId })).envelope });
const report = (trust: Trust, more: Partial<ReportOptions> = {}): TrustReport => reportOf(trust, { sha256, at: NOW, ...more });
const cell = ({ matrix }: TrustReport, id: string, code: string): TrustReport['matrix']['rows'][number]['cells'][number] => matrix.rows.find(({ service: { id: each } }) => each === id)!.cells[matrix.regions.findIndex((region) => region.code === code)]!;

test('a cell says what a verifier would: uses, words, status', () => {
  const made = report(listOf(document([
    service('urn:x:all'),
    service('urn:x:wuhan', { scope: [{ regions: ['420100'], transactions: ['工程建设', '政府采购'], purposes: ['auth', 'sign'] }] }),
    service('urn:x:halted', { status: [{ status: 'suspended', since: '2026-05-01T00:00Z', recorded: 1 }, { status: 'granted', since: '2024-01-01T00:00Z', recorded: 1 }] }),
    service('urn:x:ceased', { status: [{ status: 'ceased', since: '2026-05-01T00:00Z', recorded: 1 }, { status: 'granted', since: '2024-01-01T00:00Z', recorded: 1 }] }),
    service('urn:x:district', { scope: [{ regions: ['420106'] }] }),
    service('urn:x:ocsp', { kind: 'ocsp' }),
  ])));
  expect(made.matrix.regions.map(({ code }) => code)).toEqual(['420100', '420106', '420200']);
  expect(cell(made, 'urn:x:all', '420200')).toMatchObject({ code: 'GRANTED', uses: [{ purposes: ['auth', 'sign', 'seal', 'encrypt'], transactions: undefined }] });
  expect(cell(made, 'urn:x:wuhan', '420100').uses).toEqual([{ purposes: ['auth', 'sign'], transactions: ['工程建设', '政府采购'], roles: undefined }]);
  expect(cell(made, 'urn:x:wuhan', '420200')).toMatchObject({ code: 'REGION_NOT_IN_SCOPE', uses: [], inPart: false });
  expect(cell(made, 'urn:x:halted', '420100')).toMatchObject({ code: 'CA_SUSPENDED', uses: [] });
  expect(cell(made, 'urn:x:ceased', '420100')).toMatchObject({ code: 'CA_CEASED', earlierOnly: true, uses: [{}] });
  expect(cell(made, 'urn:x:district', '420100')).toMatchObject({ uses: [], inPart: true });
  expect(made.matrix.counts).toMatchObject({ granted: 3, suspended: 1, ceased: 1 });
  expect(made.matrix.rows.map((row) => row.service.id)).not.toContain('urn:x:ocsp');
});

test('a scheme: cities restrict and grant, a missing list blocks, a peer counts by recognition', () => {
  const top = listWith('42', [serviceOn('p'), serviceOn('q')], {
    delegations: [delegationTo('4201', 'may-grant', ['420100'], { name: { zh: '武汉' } }), delegationTo('4202', 'restrict-only', ['420200']), delegationTo('4203', 'restrict-only', ['420300'])],
    peers: [peerOf('urn:scheme:43')],
  });
  const peer = snapshotOf([withEnvelope(listWith('43', [serviceOn('theirs')], { territory: ['430000'] }))], { schemeId: 'urn:scheme:43' });
  const lists = [top, listWith('4201', [serviceOn('own')]), listWith('4202', [serviceOn('p', { status: [{ status: 'withdrawn', since: NOW - DAY, recorded: 2 }, { status: 'granted', since: NOW - 900 * DAY, recorded: 1 }] })])].map(withEnvelope);
  const made = report(snapshotOf(lists, { missing: new Map([['4203', 'TL_NOT_FETCHED']]), peers: new Map([['urn:scheme:43', peer]]) }));
  expect(cell(made, 'urn:svc:p', '420100')).toMatchObject({ code: 'GRANTED' });
  expect(cell(made, 'urn:svc:p', '420200')).toMatchObject({ code: 'CA_WITHDRAWN', by: '4202', uses: [] });
  expect(cell(made, 'urn:svc:q', '420200')).toMatchObject({ code: 'GRANTED' });
  expect(cell(made, 'urn:svc:q', '420300')).toMatchObject({ code: 'LIST_NOT_LOADED', by: '4203', uses: [] });
  expect(cell(made, 'urn:svc:own', '420100').uses).toHaveLength(1);
  expect(cell(made, 'urn:svc:own', '420200').uses).toHaveLength(0);
  expect(cell(made, 'urn:svc:theirs', '420100')).toMatchObject({ peer: 'urn:scheme:43', uses: [{ purposes: ['sign'] }] });
  expect(made.matrix.rows.filter((row) => row.service.id === 'urn:svc:p')).toHaveLength(1);
  expect(made.delegations.map(({ sequence, missing }) => [sequence, missing])).toEqual([[5, undefined], [5, undefined], [undefined, 'TL_NOT_FETCHED']]);
  expect(made.peers.map(({ state }) => state)).toEqual(['in-force']);
  expect(made.documents.map(({ kind }) => kind)).toEqual(['root', 'freshness', 'list', 'list', 'list', 'peer']);
  expect(attentionOf(made).map(({ level, section }) => `${level} ${section}`)).toEqual(expect.arrayContaining(['act delegations', 'plan matrix']));
  expect(report(snapshotOf(lists.slice(0, 1))).peers.map(({ state }) => state)).toEqual(['not-loaded']);
});

test('what is overdue or near its end is asked for, the rest is not', () => {
  const quiet = listOf(document([service('urn:x:a')]));
  const sections = (trust: Trust, at: number): readonly string[] => attentionOf(reportOf(trust, { sha256, at })).map(({ level, section }) => `${level} ${section}`);
  expect(sections(quiet, NOW)).not.toEqual(expect.arrayContaining([expect.stringMatching(/documents$/)]));
  expect(sections(quiet, Date.parse('2026-07-20T00:00:00Z'))).toContain('plan documents');
  expect(sections(quiet, Date.parse('2026-08-02T00:00:00Z'))).toContain('act documents');
  const ending = listOf(document([service('urn:x:a', { scope: [{ regions: ['42*'], until: '2026-07-01T00:00Z' }] })]));
  expect(sections(ending, NOW)).toContain('plan timeline');
  expect(sections(quiet, NOW)).not.toContain('plan timeline');
});

test('changes, endpoints and approvals are told', () => {
  const before = listOf(document([service('urn:x:a')]));
  const after = listOf(document([service('urn:x:a', { revocation: { mode: 'crl-only', crl: [{ url: 'http://ca.example/a.crl' }, { url: 'http://ca.example/b.crl' }] } }), service('urn:x:b', { status: [{ status: 'granted', since: '2026-05-31T00:00Z', recorded: 2 }] })], { sequence: 2, prev: `sha256:${before.sha256}` }));
  const probes = readProbes({ at: '2026-05-31T12:00:00.000Z', endpoints: [{ kind: 'crl', url: 'http://ca.example/a.crl', service: 'urn:x:a', latencyMs: 12, outcome: 'failed', findings: [{ code: 'EXPIRED', message: { zh: '过期', en: 'past' } }] }] });
  const made = report(after, { previous: before, probes });
  expect(made.changes?.[0]?.diff?.changes.map(({ code }) => code)).toContain('SERVICE_ADDED');
  expect(made.endpoints).toMatchObject({ counts: { failed: 1, notProbed: 1 }, rows: [{ outcome: 'failed' }, { outcome: 'not-probed' }] });
  expect(report(after).changes).toBeUndefined();
  expect(made.approvals).toMatchObject([{ document: '42', signers: [{ org: 'Centre', family: 'F2', signed: true }] }]);
  const [zh, en] = (['zh', 'en'] as const).map((lang) => renderReportHtml(made, { lang }));
  for (const id of ['documents', 'matrix', 'timeline', 'endpoints', 'changes', 'approvals', 'delegations', 'peers', 'lint']) for (const html of [zh, en]) expect(html).toContain(`<section id="${id}"`);
  expect(zh).toMatch(/lang="zh-CN"[^]*城市与 CA[^]*运营方/);
  expect(en).toMatch(/lang="en"[^]*Regions and CAs/);
  expect(en).not.toMatch(/城市与|需要关注/);
  for (const wrong of [[], {}, { at: 'x', endpoints: [] }, { at: '2026-05-31T12:00:00Z', endpoints: [{ kind: 'crl' }] }] as const) expect(() => readProbes(wrong)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^TL_/) as string }));
});

test('a hostile list renders as text, within bounds, and refers to nothing outside', () => {
  const evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>\'</style><!--\u202e';
  const services = Array.from({ length: 3000 }, (_, index) => service(`urn:x:${index}`, {
    anchors: [{ spkiSha256: createHash('sha256').update(`${index}`).digest('hex'), mode: 'root' }], name: { zh: `${evil}${'长'.repeat(index === 0 ? 4000 : 1)}`.slice(0, 190), en: evil },
    scope: [{ regions: [`42${String(index % 90 + 10)}*`], transactions: [evil.slice(0, 40)] }],
    status: [{ status: index === 2999 ? 'suspended' : 'granted', since: '2024-01-01T00:00Z', recorded: 1, ref: evil }],
    revocation: { mode: 'crl-only', crl: [{ url: `http://ca.example/"><script>${index}` }] },
  }));
  const made = report(listOf(document(services, { territory: ['420000'], operator: { name: { zh: evil } } })), { limits: { services: 100, regions: 12 } });
  expect(made.matrix.rows).toHaveLength(100);
  expect(made.matrix.rows[0]!.service.id).toBe('urn:x:2999');
  expect(made.matrix).toMatchObject({ servicesLeftOut: 2900, counts: { granted: 2999, suspended: 1 } });
  for (const lang of ['zh', 'en'] as const) {
    const html = renderReportHtml(made, { lang });
    expect(html.length).toBeLessThan(3_000_000);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toContain('\u202e');
    const tags = [...html.matchAll(/<(\/?[a-z!][a-z0-9]*)/gi)].map(([, name]) => name!.toLowerCase());
    expect(tags.filter((name) => ['script', 'img', 'iframe', 'object', 'base', 'form', '/script'].includes(name))).toEqual([]);
    expect(tags.filter((name) => name === 'style' || name === '/style')).toEqual(['style', '/style']);
    // Attributes that load: fragments and the empty icon, nothing else. `>` in a value is escaped, so a tag ends at the first.
    const inTags = [...html.matchAll(/<[a-z][^>]*>/gi)].map(([tag]) => tag).join('');
    expect(inTags.match(/\s(?:src|srcset|action|data|poster|on\w+)=/gi) ?? []).toEqual([]);
    expect([...inTags.matchAll(/\shref="([^"]*)"/g)].map(([, target]) => target!).filter((target) => !/^(?:#[a-z]+|data:,)$/.test(target))).toEqual([]);
    expect(html).not.toMatch(/@import|url\((?!#)/);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"`);
  }
});
