import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64 } from '../src/base64.js';
import { readListContent, serializeList, TrustListError, type ListContent, type ListDocument, type ServiceDocument, type StatusDocument } from '../src/index.js';
import { hexOf } from '../src/sha256.js';
import { caCertificate, listOf, serviceOf, sha256, T, utf8 } from './helpers/world.js';

let certificate: Uint8Array;
let other: Uint8Array;
beforeAll(async () => {
  certificate = await caCertificate('Test CA 1');
  other = await caCertificate('Test CA 2');
});

const read = (draft: ListDocument): ListContent => readListContent(serializeList(draft), { sha256 });

/** `CODE path; CODE path`, or `accepted`. */
function verdict(draft: unknown): string {
  try {
    readListContent(utf8(JSON.stringify(draft)), { sha256 });
    return 'accepted';
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    return [error.code, ...error.problems.map((problem) => `${problem.code} ${problem.path}`)].join('; ');
  }
}
const service = (changes: object): string => verdict(listOf([{ ...serviceOf(certificate), ...changes } as ServiceDocument]));
const list = (changes: object): string => verdict({ ...listOf([serviceOf(certificate)]), ...changes });
const one = (path: string, code = 'TL_SCHEMA_INVALID'): string => `${code}; ${code} ${path}`;

/** A list that uses every member. */
function fullList(): ListDocument {
  return listOf(
    [
      serviceOf(certificate, {
        operator: { uscc: '91420000MA00000000', licence: 'ECP 0000', name: { zh: '某公司' } },
        anchors: [{ x5c: [encodeBase64(certificate)], sha256: hexOf(sha256.digest(certificate)), mode: 'root' }, { spkiSha256: 'ab'.repeat(32), mode: 'pinned-intermediate' }],
        intermediates: [encodeBase64(other)],
        status: [
          { status: 'suspended', since: '2026-04-01T00:00Z', recorded: 3, reason: 'order', ref: 'no. 1', effect: { gap: 'void' } },
          { status: 'granted', since: '2021-03-01T00:00Z', recorded: 1 },
        ],
        scope: [{ regions: ['42*', '330100'], transactions: ['工程建设'], roles: ['bidder'], purposes: ['sign'], from: '2026-01-01T00:00Z', until: null }],
        constraints: { policyOids: ['1.2.156.1'], permittedDN: [['C=CN', 'ST=湖北省']], excludedDN: [], pathLen: 1, issuedFrom: null, issuedUntil: '2030-01-01T00:00Z', maxValidityDays: 1830, sigAlgs: ['SM2-SM3'], minRsaBits: 2048, requireExt: ['1.2.3'] },
        revocation: { mode: 'crl-only', overrideCertificateUrls: true, crl: [{ url: 'http://crl.example/a.crl', mirrors: ['https://10.0.0.1/a.crl'], maxAge: 'PT24H', maxBytes: 1000 }] },
        certKinds: [{ kind: 'sign', match: { all: [{ keyUsage: { has: ['digitalSignature'], not: ['keyEncipherment'] } }] } }],
        identity: 'prof:a',
        messageVariants: ['za-content'],
        crit: ['scope', 'constraints.permittedDN'],
      }),
    ],
    {
      sequence: 3,
      prev: `sha256:${'00'.repeat(32)}`,
      identityProfiles: [
        {
          id: 'prof:a', version: 1, subjectType: [{ if: { extPresent: '1.2.3' }, is: 'organization' }, { if: 'always', is: 'person' }],
          fields: { uscc: { try: [{ ext: '1.2.3', decode: ['auto'], strip: ['\\s'], accept: 'USCC18' }, { dn: 'OU', regex: '^(?<value>.{18})$', accept: 'USCC18' }], onMultiple: 'must-agree' }, orgCode: { try: [], derive: { from: 'uscc', slice: [8, 17] } } },
          required: ['uscc'],
        },
      ],
      tombstones: [{ id: 'urn:hefu:test:gone', sequence: 2, reason: 'merged' }],
    },
  );
}

describe('a full list', () => {
  it('arrives in memory as the model says', () => {
    const content = read(fullList());
    const [first] = content.services;
    expect(content).toMatchObject({ listId: '42', sequence: 3, issued: T('2026-05-01T00:00Z'), nextUpdate: T('2026-08-01T00:00Z'), territory: ['420000'] });
    expect(first!.anchors).toEqual([{ certificate, sha256: hexOf(sha256.digest(certificate)), mode: 'root' }, { spkiSha256: 'ab'.repeat(32), mode: 'pinned-intermediate' }]);
    expect(first!.intermediates).toEqual([other]);
    expect(first!.status[0]).toEqual({ status: 'suspended', since: T('2026-04-01T00:00Z'), recorded: 3, reason: 'order', ref: 'no. 1', gap: 'void' });
    expect(first!.scope).toEqual([{ regions: ['42*', '330100'], transactions: ['工程建设'], roles: ['bidder'], purposes: ['sign'], from: T('2026-01-01T00:00Z') }]);
    expect(first!.constraints).not.toHaveProperty('issuedFrom');
    expect(first!.constraints.issuedUntil).toBe(T('2030-01-01T00:00Z'));
    expect(first!.revocation.crl[0]).toEqual({ url: 'http://crl.example/a.crl', mirrors: ['https://10.0.0.1/a.crl'], maxAge: 86_400_000, maxBytes: 1000 });
    expect(first).not.toHaveProperty('unusable');
    expect(content.identityProfiles.get('prof:a')!.fields.orgCode).toEqual({ try: [], derive: { from: 'uscc', slice: [8, 17] } });
  });

  it('defaults what may be left out', () => {
    const content = read(listOf([serviceOf(certificate)]));
    expect(content.services[0]).toMatchObject({ intermediates: [], constraints: {}, certKinds: [], revocation: { mode: 'crl-only', overrideCertificateUrls: false, crl: [] } });
    expect(content.prev).toBe(undefined);
  });
});

describe('what a list may not say', () => {
  it('collects every problem', () => {
    expect(
      verdict({
        ...listOf([{ ...serviceOf(certificate), kind: 'root', scope: [{ regions: ['4201'] }], status: [{ status: 'granted', since: '2021-03-01', recorded: 1 }] } as never]),
        territory: [],
        listId: '',
      }),
    ).toBe(
      'TL_SCHEMA_INVALID; TL_SCHEMA_INVALID services[0].kind; TL_TIME_INVALID services[0].status[0].since; TL_SCHEMA_INVALID services[0].scope[0].regions[0]; TL_SCHEMA_INVALID listId; TL_SCHEMA_INVALID territory',
    );
  });

  it.each([
    ['nothing', {}, 'accepted'],
    ['an unknown member', { comment: 1 }, 'accepted'],
    ['another type', { type: 'root' }, one('type')],
    ['spec 1.7', { spec: '1.7' }, 'accepted'],
    ['spec 2.0', { spec: '2.0' }, one('spec', 'TL_UNSUPPORTED_FEATURE')],
    ['a known crit', { crit: ['identityProfiles', 'operator.name'] }, 'accepted'],
    ['an unknown crit', { crit: ['quotas'] }, one('crit', 'TL_UNSUPPORTED_FEATURE')],
    ['a crit below an unknown member', { crit: ['operator.phone'] }, one('crit', 'TL_UNSUPPORTED_FEATURE')],
    ['a crit from a prototype', { crit: ['constructor'] }, one('crit', 'TL_UNSUPPORTED_FEATURE')],
    ['sequence 0', { sequence: 0 }, one('sequence')],
    ['a later sequence without prev', { sequence: 2 }, one('prev')],
    ['a later sequence with prev', { sequence: 2, prev: `sha256:${'0a'.repeat(32)}` }, 'accepted'],
    ['prev in the first', { prev: `sha256:${'0a'.repeat(32)}` }, one('prev')],
    ['no services', { services: [] }, one('services', 'TL_NO_SERVICES')],
    ['services left out', { services: null }, one('services')],
    ['local time', { issued: '2026-05-01T00:00:00+08:00' }, one('issued', 'TL_TIME_INVALID')],
    ['nextUpdate at issued', { nextUpdate: '2026-05-01T00:00:00Z' }, one('nextUpdate', 'TL_TIME_INVALID')],
    ['issued left out', { issued: null }, one('issued')],
    ['operator without a name', { operator: {} }, one('operator.name')],
    ['a USCC with a wrong letter', { operator: { name: { zh: '甲' }, uscc: '9142000OMA00000000' } }, one('operator.uscc')],
    ['a tombstone for a service that is there', { tombstones: [{ id: 'urn:hefu:test:ca-1', sequence: 1 }] }, one('tombstones[0].id')],
    ['a tombstone from the future', { tombstones: [{ id: 'urn:x', sequence: 2 }] }, one('tombstones[0].sequence')],
    ['a fraction', { territory: [1.5] }, 'TL_NOT_JSON'],
    ['an object for a region', { territory: [{}] }, one('territory[0]')],
  ])('%s', (_, changes, expected) => {
    expect(list(changes)).toBe(expected);
  });

  it.each([
    ['an id that is no urn', { id: 'ca-1' }, one('services[0].id')],
    ['an unknown kind', { kind: 'bank' }, one('services[0].kind')],
    ['no anchors', { anchors: [] }, one('services[0].anchors')],
    ['an empty anchor', { anchors: [{ mode: 'root' }] }, one('services[0].anchors[0]')],
    ['an anchor without mode', { anchors: [{ spkiSha256: 'ab'.repeat(32) }] }, one('services[0].anchors[0].mode')],
    ['a hash in capitals', { anchors: [{ spkiSha256: 'AB'.repeat(32), mode: 'root' }] }, one('services[0].anchors[0].spkiSha256')],
    ['no status', { status: [] }, one('services[0].status')],
    ['an identity profile that is not there', { identity: 'prof:a' }, one('services[0].identity')],
    ['a region of four digits', { scope: [{ regions: ['4201'] }] }, one('services[0].scope[0].regions[0]')],
    ['a region of prefix 4201*', { scope: [{ regions: ['4201*'] }] }, 'accepted'],
    ['a scope of no regions', { scope: [{ regions: [] }] }, one('services[0].scope[0].regions')],
    ['a scope of no transactions', { scope: [{ regions: ['*'], transactions: [] }] }, one('services[0].scope[0].transactions')],
    ['an unknown purpose', { scope: [{ regions: ['*'], purposes: ['pay'] }] }, one('services[0].scope[0].purposes[0]')],
    ['a scope that ends as it begins', { scope: [{ regions: ['*'], from: '2026-01-01T00:00Z', until: '2026-01-01T00:00Z' }] }, one('services[0].scope[0].until', 'TL_TIME_INVALID')],
    ['an empty permittedDN', { constraints: { permittedDN: [] } }, one('services[0].constraints.permittedDN')],
    ['a DN pair without type', { constraints: { excludedDN: [['=CN']] } }, one('services[0].constraints.excludedDN[0][0]')],
    ['a DN pair of unknown type', { constraints: { excludedDN: [['XX=CN']] } }, one('services[0].constraints.excludedDN[0][0]')],
    ['a DN pair by OID', { constraints: { excludedDN: [['2.5.4.6=CN']] } }, 'accepted'],
    ['none-with-reason without reason', { revocation: { mode: 'none-with-reason' } }, one('services[0].revocation.reason')],
    ['none-with-reason with reason', { revocation: { mode: 'none-with-reason', reason: 'root' } }, 'accepted'],
    ['OCSP', { revocation: { mode: 'ocsp-first', ocsp: [{ url: 'http://o/', nonce: 'required', skew: 'PT5M', maxAge: 'PT1H' }] }, crit: ['revocation.ocsp'] }, 'accepted'],
    ['OCSP over ldap', { revocation: { mode: 'ocsp-first', ocsp: [{ url: 'ldap://o/' }] } }, one('services[0].revocation.ocsp[0].url')],
    ['a nonce that is neither', { revocation: { mode: 'ocsp-first', ocsp: [{ url: 'http://o/', nonce: 'yes' }] } }, one('services[0].revocation.ocsp[0].nonce')],
    ['a clock a day ahead', { revocation: { mode: 'ocsp-first', ocsp: [{ url: 'http://o/', skew: 'P1D' }] } }, one('services[0].revocation.ocsp[0].skew')],
    ['a responder that is no certificate', { revocation: { mode: 'both', ocsp: [{ url: 'http://o/', responders: ['AAAA'] }] } }, one('services[0].revocation.ocsp[0].responders[0]')],
    ['a file URL', { revocation: { mode: 'crl-only', crl: [{ url: 'file:///etc/passwd' }] } }, one('services[0].revocation.crl[0].url')],
    ['a URL with credentials', { revocation: { mode: 'crl-only', crl: [{ url: 'http://a:b@c/' }] } }, one('services[0].revocation.crl[0].url')],
    ['a duration of months', { revocation: { mode: 'crl-only', crl: [{ url: 'http://c/', maxAge: 'P1M' }] } }, one('services[0].revocation.crl[0].maxAge', 'TL_TIME_INVALID')],
    ['an empty criteria tree', { certKinds: [{ kind: 'sign', match: { all: [] } }] }, one('services[0].certKinds[0].match.all')],
    ['two criteria in one', { certKinds: [{ kind: 'sign', match: { policy: '1.2.3', eku: '1.2.3' } }] }, one('services[0].certKinds[0].match')],
    ['an unknown criterion', { certKinds: [{ kind: 'sign', match: { moon: 'full' } }] }, one('services[0].certKinds[0].match')],
    ['an unknown keyUsage', { certKinds: [{ kind: 'sign', match: { keyUsage: { has: ['signing'] } } }] }, one('services[0].certKinds[0].match.keyUsage.has[0]')],
  ])('%s', (_, changes, expected) => {
    expect(service(changes)).toBe(expected);
  });

  it('refuses two services of one id', () => {
    expect(verdict(listOf([serviceOf(certificate), serviceOf(other)]))).toBe(one('services[1].id'));
    expect(verdict(listOf([serviceOf(certificate), serviceOf(other, { id: 'urn:hefu:test:ca-2' })]))).toBe('accepted');
  });

  it('holds stated hashes against the certificate', () => {
    const x5c = [encodeBase64(certificate)];
    const right = hexOf(sha256.digest(certificate));
    const wrong = hexOf(sha256.digest(other));
    expect(service({ anchors: [{ x5c, sha256: right, mode: 'root' }] })).toBe('accepted');
    expect(service({ anchors: [{ x5c, sha256: wrong, mode: 'root' }] })).toBe(one('services[0].anchors[0].sha256'));
    expect(service({ anchors: [{ x5c, spkiSha256: right, mode: 'root' }] })).toBe(one('services[0].anchors[0].spkiSha256'));
    expect(service({ anchors: [{ x5c: [...x5c, ...x5c], mode: 'root' }] })).toBe(one('services[0].anchors[0].x5c'));
    expect(service({ anchors: [{ x5c: ['AAAA'], mode: 'root' }] })).toBe(one('services[0].anchors[0].x5c[0]'));
    expect(service({ intermediates: [`${x5c[0]!} `] })).toBe(one('services[0].intermediates[0]'));
  });
});

describe('services that sign evidence for a CA', () => {
  const withSigner = (kind: 'crl-issuer' | 'ocsp' | 'ca', revocation: object): string =>
    verdict(listOf([serviceOf(certificate, { revocation: revocation as never }), serviceOf(other, { id: 'urn:test:signer', kind })]));
  const crl = (issuerService: unknown) => ({ mode: 'crl-only', crl: [{ url: 'http://c/', issuerService }] });
  const ocsp = (responderService: unknown) => ({ mode: 'ocsp-first', ocsp: [{ url: 'http://o/', responderService }] });

  it('are named by id, in the same list', () => {
    expect(withSigner('crl-issuer', crl('urn:test:signer'))).toBe('accepted');
    expect(withSigner('ocsp', ocsp('urn:test:signer'))).toBe('accepted');
    const content = read(listOf([serviceOf(certificate, { revocation: { ...crl('urn:test:signer'), ...ocsp('urn:test:o') } as never }), serviceOf(other, { id: 'urn:test:signer', kind: 'crl-issuer' }), serviceOf(other, { id: 'urn:test:o', kind: 'ocsp' })]));
    expect(content.services[0]!.revocation).toMatchObject({ crl: [{ issuerService: 'urn:test:signer' }], ocsp: [{ responderService: 'urn:test:o' }] });
  });
  it.each([
    ['of another kind', 'ocsp', crl('urn:test:signer'), 'crl[0].issuerService'],
    ['a CA', 'ca', ocsp('urn:test:signer'), 'ocsp[0].responderService'],
    ['nowhere to be found', 'crl-issuer', crl('urn:test:gone'), 'crl[0].issuerService'],
    ['no text', 'crl-issuer', crl(7), 'crl[0].issuerService'],
    ['an empty text', 'ocsp', ocsp(''), 'ocsp[0].responderService'],
  ] as const)('are not %s', (_, kind, revocation, path) => {
    expect(withSigner(kind, revocation)).toContain(`TL_SCHEMA_INVALID services[0].revocation.${path}`);
  });
  it('are understood by crit', () => {
    expect(verdict(listOf([serviceOf(certificate, { revocation: crl('urn:test:signer') as never, crit: ['revocation.crl', 'revocation.ocsp.responderService'] }), serviceOf(other, { id: 'urn:test:signer', kind: 'crl-issuer' })]))).toBe('accepted');
  });
});

describe('crit of a service', () => {
  const unusable = (changes: object): string | undefined => read(listOf([{ ...serviceOf(certificate), ...changes } as ServiceDocument])).services[0]!.unusable;

  it.each([
    ['known members', { crit: ['scope', 'constraints.permittedDN', 'status.effect.gap'] }, undefined],
    ['an unknown member', { crit: ['quota'], quota: 5 }, 'TL_UNSUPPORTED_FEATURE: quota'],
    ['an unknown member that is absent', { crit: ['constraints.quota'] }, 'TL_UNSUPPORTED_FEATURE: constraints.quota'],
    ['a container with an unknown member inside', { crit: ['constraints'], constraints: { quota: 5 } }, 'TL_UNSUPPORTED_FEATURE: constraints.quota'],
    ['an array of containers with one inside', { crit: ['scope'], scope: [{ regions: ['*'] }, { regions: ['*'], weekdays: [1] }] }, 'TL_UNSUPPORTED_FEATURE: scope.weekdays'],
    ['a part of a container, with an unknown one beside it', { crit: ['constraints.pathLen'], constraints: { pathLen: 1, quota: 5 } }, undefined],
    ['LDAP, which this version does not ask', { crit: ['revocation.ldap'] }, 'TL_UNSUPPORTED_FEATURE: revocation.ldap'],
    ['a name from a prototype', { crit: ['__proto__'] }, 'TL_UNSUPPORTED_FEATURE: __proto__'],
    ['nothing critical about an unknown member', { quota: 5 }, undefined],
  ])('%s', (_, changes, expected) => {
    expect(unusable(changes)).toBe(expected);
  });
});

describe('status histories', () => {
  const event = (status: StatusDocument['status'], since: string, recorded = 1, rest: Partial<StatusDocument> = {}): StatusDocument => ({ status, since: `${since}T00:00Z`, recorded, ...rest });
  const heal = { effect: { gap: 'heal' as const } };
  const problem = (status: readonly StatusDocument[]): string =>
    verdict(listOf([serviceOf(certificate, { status })], { sequence: 9, prev: `sha256:${'00'.repeat(32)}` })).replace('TL_SCHEMA_INVALID; TL_SCHEMA_INVALID services[0].', '');

  it.each<[string, StatusDocument[], string]>([
    ['suspension and grant', [event('granted', '2024-03-01', 3), event('suspended', '2024-02-01', 2), event('granted', '2024-01-01')], 'accepted'],
    ['a grant over a suspension from its start', [event('granted', '2024-02-01', 3), event('suspended', '2024-02-01', 2), event('granted', '2024-01-01')], 'status[0]'],
    ['a grant reaching back before a withdrawal', [event('granted', '2024-01-15', 3), event('withdrawn', '2024-02-01', 2), event('granted', '2024-01-01')], 'status[0]'],
    ['a grant reaching back before a cessation', [event('granted', '2024-01-15', 3), event('ceased', '2024-02-01', 2)], 'status[0]'],
    ['a cessation reaching back before a suspension', [event('ceased', '2024-01-15', 3), event('suspended', '2024-02-01', 2)], 'status[0]'],
    ['a withdrawal reaching back', [event('withdrawn', '2024-01-15', 3), event('granted', '2024-02-01', 2)], 'accepted'],
    ['healing after a void suspension', [event('suspended', '2024-02-15', 3, heal), event('suspended', '2024-02-01', 2)], 'status[0]'],
    ['healing after a withdrawal', [event('suspended', '2024-02-15', 3, heal), event('withdrawn', '2024-02-01', 2)], 'status[0]'],
    ['void after a healing suspension', [event('suspended', '2024-02-15', 3), event('suspended', '2024-02-01', 2, heal)], 'accepted'],
    ['a healing lift ahead of time', [event('granted', '2026-07-01', 3), event('suspended', '2024-02-01', 2, heal)], 'status[0]'],
    ['a void lift ahead of time', [event('granted', '2026-07-01', 3), event('suspended', '2024-02-01', 2)], 'accepted'],
    ['a grant after distrust', [event('granted', '2024-03-01', 3), event('distrusted', '2024-02-01', 2)], 'status[0]'],
    ['distrust again', [event('distrusted', '2024-02-01', 3, { compromisedSince: '2023-01-01T00:00Z' }), event('distrusted', '2024-02-01', 2)], 'accepted'],
    ['compromised after distrusted', [event('distrusted', '2024-02-01', 2, { compromisedSince: '2024-02-02T00:00Z' })], 'status[0].compromisedSince'],
    ['compromise without distrust', [event('withdrawn', '2024-02-01', 2, { compromisedSince: '2024-02-01T00:00Z' })], 'status[0].compromisedSince'],
    ['a gap without suspension', [event('granted', '2024-02-01', 2, heal)], 'status[0].effect'],
    ['recorded out of order', [event('withdrawn', '2024-02-01', 1), event('granted', '2024-01-01', 2)], 'status[0]'],
    ['recorded in the future', [event('granted', '2024-02-01', 10)], 'status[0].recorded'],
  ])('%s', (_, status, expected) => {
    expect(problem(status)).toBe(expected);
  });
});

describe('identity profiles', () => {
  const field = (changes: object): string =>
    list({ identityProfiles: [{ id: 'prof:a', version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields: { uscc: { try: [{ ext: '1.2.3', accept: 'USCC18' }], ...changes } } }] });
  const at = (path: string): string => one(`identityProfiles[0].fields.uscc.${path}`);

  it.each([
    ['nothing', {}, 'accepted'],
    ['no sources', { try: [] }, at('try')],
    ['two places', { try: [{ ext: '1.2.3', dn: 'O', accept: 'TEXT' }] }, at('try[0]')],
    ['no place', { try: [{ accept: 'TEXT' }] }, at('try[0]')],
    ['an unknown attribute', { try: [{ dn: 'ORG', accept: 'TEXT' }] }, at('try[0].dn')],
    ['an unknown decoder', { try: [{ dn: 'O', decode: ['raw-big5'], accept: 'TEXT' }] }, at('try[0].decode[0]')],
    ['an unknown acceptance', { try: [{ dn: 'O', accept: 'ANY' }] }, at('try[0].accept')],
    ['a safe pattern', { try: [{ dn: 'O', regex: '^(?<value>.+)@', accept: 'TEXT' }] }, 'accepted'],
    ['a dangerous pattern', { try: [{ dn: 'O', regex: '^(.+)+@', accept: 'TEXT' }] }, at('try[0].regex')],
    ['a dangerous strip', { try: [{ dn: 'O', strip: ['-', '(a*)*'], accept: 'TEXT' }] }, at('try[0].strip[1]')],
    ['derived from itself', { derive: { from: 'uscc', slice: [0, 1] } }, at('derive.from')],
    ['derived from nothing', { derive: { from: 'name', slice: [0, 1] } }, at('derive.from')],
    ['an empty slice', { derive: { from: 'name', slice: [1, 1] } }, `TL_SCHEMA_INVALID; TL_SCHEMA_INVALID identityProfiles[0].fields.uscc.derive.slice; TL_SCHEMA_INVALID identityProfiles[0].fields.uscc.derive.from`],
  ])('%s', (_, changes, expected) => {
    expect(field(changes)).toBe(expected);
  });
});

it('serializeList refuses what strict JSON cannot carry', () => {
  expect(() => serializeList({ ...listOf([]), territory: [1.5] } as never)).toThrowError(expect.objectContaining({ code: 'TL_NOT_JSON' }));
});

it('any value in any place is read or refused, never another error', () => {
  const tokens = new TextDecoder().decode(serializeList(fullList())).match(/"(?:[^"\\]|\\.)*"|\d+|true|null|[[\]{}:,]/g)!;
  const replacements = ['null', '[]', '{}', '""', '0', '-1', 'true', '"2026-13-01T00:00Z"', '"__proto__"', '[[]]', '[{}]', '[null]', '9007199254740991', '{"zh":{}}', '{"toString":1}', ''];
  let accepted = 0;
  for (let at = 0; at < tokens.length; at++) {
    for (const replacement of replacements) {
      const text = [...tokens.slice(0, at), replacement, ...tokens.slice(at + 1)].join('');
      try {
        readListContent(utf8(text), { sha256 });
        accepted++;
      } catch (error) {
        if (!(error instanceof TrustListError)) throw new Error(`token ${at} as ${replacement}`, { cause: error });
      }
    }
  }
  // Optional members set to null, above all; most replacements are refused.
  expect(accepted).toBeGreaterThan(50);
  expect(accepted).toBeLessThan((tokens.length * replacements.length) / 10);
});

describe('samples of an identity profile', () => {
  const profileWith = (sample: unknown): string =>
    list({
      identityProfiles: [
        { id: 'prof:a', version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields: { uscc: { try: [{ dn: 'OU', accept: 'USCC18' }] }, personId: { try: [{ ext: '1.2.3', accept: 'ID-CARD' }] } }, samples: [sample] },
      ],
    });
  const hash = (): string => hexOf(sha256.digest(certificate));
  const expectation = { uscc: '91420000MA00000000' };

  it('are read with and without their certificate', () => {
    expect(profileWith({ certSha256: hash(), expect: expectation })).toBe('accepted');
    expect(profileWith({ certSha256: hash(), x5c: [encodeBase64(certificate)], expect: expectation })).toBe('accepted');
  });

  it('must hold the certificate they name, and state fields of the profile that are no person’s', () => {
    const at = 'identityProfiles[0].samples[0]';
    expect(profileWith({ certSha256: hash(), x5c: [encodeBase64(other)], expect: expectation })).toBe(one(`${at}.certSha256`));
    expect(profileWith({ certSha256: 'ab', expect: expectation })).toBe(one(`${at}.certSha256`));
    expect(profileWith({ certSha256: hash(), expect: {} })).toBe(one(`${at}.expect`));
    expect(profileWith({ certSha256: hash(), expect: { orgCode: 'x' } })).toBe(one(`${at}.expect.orgCode`));
    expect(profileWith({ certSha256: hash(), expect: { personId: '1' } })).toBe(one(`${at}.expect.personId`));
  });
});
