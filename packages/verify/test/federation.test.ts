import { parseCertificate, parseCertificateList, readSignedData } from '@hefu/pki';
import { updateTrustList, type ServiceStatus, type TrustList, type TrustSnapshot } from '@hefu/trust-list';
import { beforeAll, describe, expect, it } from 'vitest';
// The world is made above this room, and its scheme is put together beside the vectors; only tests may look there.
import { bidOf, createWorld, signBid, type Company, type World } from '../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../node/dist/algorithms.js';
import { takeScheme } from '../../../test-vectors/test/scheme.js';
import { createJudgeCaches, DEFAULT_POLICY, explainCertificate, judge, planEvidence, readPolicy, renderReport, type JudgeInput, type Policy, type Report } from '../src/index.js';

const algorithms = nodeAlgorithms();
const AT = Date.UTC(2026, 5, 1, 4);
const DAY = 86_400_000;
const [WUHAN, HUANGSHI, EZHOU] = ['420100', '420200', '420700'];
const [PROVINCE, CITY, NEIGHBOUR] = ['hefu-sandbox-42', 'hefu-sandbox-4202', 'hefu-sandbox-43'];
const caches = createJudgeCaches();
let world: World;
let scheme: TrustSnapshot;
let alone: TrustList;

beforeAll(async () => {
  world = createWorld({ seed: 'federation', at: AT });
  const { neighbour, ...own } = world.scheme;
  const files = new Map<string, Uint8Array>();
  const put = (name: string, bytes: Uint8Array): string => {
    files.set(name, bytes);
    return name;
  };
  const named = (name: string, { root, rootSha256, freshness, lists }: typeof neighbour) => ({
    rootSha256, root: put(`${name}/root`, root), freshness: put(`${name}/freshness`, freshness), lists: Object.entries(lists).map(([id, bytes]) => put(id, bytes)),
  });
  scheme = await takeScheme({ ...named('own', own), peers: [{ ...named('neighbour', neighbour), peers: [] }] }, (name) => files.get(name)!, algorithms);
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  alone = outcome.trustList;
});

const company = (id: string): Company => world.companies.find((each) => each.id === id)!;

function input(id: string, region: string, change: Partial<JudgeInput> = {}): JudgeInput {
  const who = company(id);
  const content = bidOf(who);
  return {
    signed: readSignedData(signBid(world, who, content)), content, trustList: scheme, policy: DEFAULT_POLICY, algorithms, at: AT, caches,
    context: { scene: 'bid-signing', region, transaction: '工程建设' },
    evidence: { candidateCertificates: [], gaps: [], crls: [...who.authority.issuers, ...who.authority.above].map(({ crlPath }) => ({ url: world.baseUrl + crlPath, crl: parseCertificateList(world.crls.get(crlPath)!) })) },
    ...change,
  };
}
const judged = (id: string, region: string, change: Partial<JudgeInput> = {}): Promise<Report> => judge(input(id, region, change));
const withScene = (change: Partial<Policy['scenes']['bid-signing']>): Policy => ({ ...DEFAULT_POLICY, scenes: { ...DEFAULT_POLICY.scenes, 'bid-signing': { ...DEFAULT_POLICY.scenes['bid-signing'], revocation: 'none', ...change } } });

/** The same list with another history for one CA; a value, since what judges asks for no signatures. */
function withStatus(list: TrustList, id: string, status: readonly ServiceStatus[]): TrustList {
  return { ...list, services: list.services.map((service) => (service.id === company(id).authority.serviceId ? { ...service, status } : service)) };
}
/** The scheme with one list in the place of the one it has. */
const replaced = (list: TrustList): TrustSnapshot => ({ ...scheme, lists: new Map([...scheme.lists, [list.listId, list]]), ...(list.listId === PROVINCE && { list }) });

describe('a report on a scheme of lists', () => {
  it('cites every list with a say, and what each said', async () => {
    const report = await judged('lushi', HUANGSHI);
    expect(report).toMatchObject({ conclusion: 'indeterminate', code: 'CA_SUSPENDED', subIndication: 'TRY_LATER' });
    expect(report.trustLists!.map(({ id }) => id)).toEqual([PROVINCE, CITY, NEIGHBOUR]);
    const { trustDecision } = report.signers[0]!;
    expect(trustDecision).toMatchObject({ listId: CITY, status: 'suspended' });
    const city = scheme.lists.get(CITY)!;
    expect(trustDecision!.lists.map(({ listId, effect }) => [listId, effect])).toEqual([[PROVINCE, 'grants'], [CITY, 'denies']]);
    expect(trustDecision!.lists[1]).toMatchObject({ schemeId: scheme.schemeId, sequence: city.sequence, sha256: city.sha256, serviceId: company('lushi').authority.serviceId, status: 'suspended', code: 'CA_SUSPENDED' });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    // Who signed is known all the same, by the entry that would have recognised.
    expect(report.identity?.uscc).toBe(company('lushi').uscc);
    expect((await judged('lushi', EZHOU)).code).toBe('OK');
    for (const lang of ['zh', 'en'] as const) expect(renderReport(report, { lang, detail: 'full', width: 200 })).toContain(`${CITY} #3`);
  });

  it('a list by itself is reported as before', async () => {
    const report = await judged('qinghe', WUHAN, { trustList: alone });
    expect(report.code).toBe('OK');
    expect(report.trustLists).toBeUndefined();
    expect(report.signers[0]!.trustDecision!.lists).toMatchObject([{ listId: alone.listId, sequence: alone.sequence, effect: 'grants', code: 'GRANTED' }]);
  });

  it('a neighbour that recognises is named', async () => {
    const report = await judged('hexi', WUHAN);
    expect(report.code).toBe('OK');
    expect(report.signers[0]!.trustDecision).toMatchObject({ peer: world.scheme.neighbour.schemeId, listId: NEIGHBOUR });
  });
});

describe('what was known then and now', () => {
  const then = (city: number, decides: 'then' | 'now') => ({ decides, lists: [{ id: PROVINCE!, sequence: 3 }, { id: CITY!, sequence: city }] });

  it('both are in the report and in its text where they differ', async () => {
    const later = await judged('lushi', HUANGSHI, { knownAt: then(2, 'now') });
    const former = await judged('lushi', HUANGSHI, { knownAt: then(2, 'then') });
    expect([later.code, former.code]).toEqual(['CA_SUSPENDED', 'OK']);
    for (const report of [later, former]) {
      expect(report.warnings).toContain('TRUST_CHANGED_SINCE');
      expect(report.signers[0]!.knowledge).toMatchObject({
        // oxlint-disable-next-line unicorn/no-thenable
        then: { list: { id: PROVINCE, sequence: 3 }, trusted: true, code: 'GRANTED' }, now: { list: { id: CITY, sequence: 3 }, trusted: false, code: 'CA_SUSPENDED' },
      });
      const zh = renderReport(report, { lang: 'zh', width: 400 });
      expect(zh).toContain(`按当时的名单 ${PROVINCE} #3：予以认可；按现在的名单 ${CITY} #3：不予认可，`);
      expect(renderReport(report, { lang: 'en', width: 400 })).toContain(`Under the list of that time, ${PROVINCE} #3: accepted; under the list of now, ${CITY} #3: not accepted: `);
    }
    expect(former.signers[0]!.knowledge!.message.zh).toMatch(/以当时的名单为准。$/);
    expect(later.signers[0]!.knowledge!.message.en).toMatch(/follows the latter\.$/);
  });

  it('nothing is said where they agree, and a report gives what is asked for later', async () => {
    const first = await judged('lushi', HUANGSHI);
    const again = await judged('lushi', HUANGSHI, { knownAt: { lists: JSON.parse(JSON.stringify(first.trustLists)) as NonNullable<Report['trustLists']>, decides: 'then' } });
    expect(again).toEqual(first);
    const single = await judged('qinghe', WUHAN, { trustList: alone });
    expect(await judged('qinghe', WUHAN, { trustList: alone, knownAt: { lists: [single.trustList!], decides: 'then' } })).toEqual(single);
  });

  it.each([
    ['the top list is not named', { lists: [{ id: CITY!, sequence: 3 }] }],
    ['a list is newer than the one in hand', { lists: [{ id: PROVINCE!, sequence: 4 }] }],
    ['a sequence is none', { lists: [{ id: PROVINCE!, sequence: 0.5 }] }],
    ['another scheme is named', { lists: [{ schemeId: 'urn:other', id: PROVINCE!, sequence: 3 }] }],
    ['decides is neither', { lists: [{ id: PROVINCE!, sequence: 3 }], decides: 'later' as never }],
  ])('refuses misuse: %s', async (_, knownAt) => {
    await expect(judged('lushi', HUANGSHI, { knownAt })).rejects.toMatchObject({ code: 'CONTEXT_INVALID' });
  });
});

describe('a status as EN 319 102-1 has it', () => {
  const granted: ServiceStatus = { status: 'granted', since: AT - 1000 * DAY, recorded: 1 };
  const [since] = [AT - 10 * DAY];
  const end = (status: ServiceStatus['status']): readonly ServiceStatus[] => [{ status, since, recorded: 2 }, granted];

  it.each([
    ['withdrawn, unproven', end('withdrawn'), undefined, 'CA_WITHDRAWN', 'NO_CERTIFICATE_CHAIN_FOUND_NO_POE'],
    ['withdrawn, proven as it was', end('withdrawn'), since, 'CA_WITHDRAWN', 'NO_CERTIFICATE_CHAIN_FOUND'],
    ['withdrawn, proven before', end('withdrawn'), since - 1, 'OK', undefined],
    ['distrusted, unproven', end('distrusted'), undefined, 'CA_DISTRUSTED', 'NO_CERTIFICATE_CHAIN_FOUND_NO_POE'],
    ['distrusted, proven as it was', end('distrusted'), since, 'CA_DISTRUSTED', 'NO_CERTIFICATE_CHAIN_FOUND'],
    ['distrusted, proven before', end('distrusted'), since - 1, 'OK', undefined],
    ['suspended', end('suspended'), undefined, 'CA_SUSPENDED', 'TRY_LATER'],
    ['suspended, lifted, void', [{ ...granted, since: AT - DAY }, { status: 'suspended', since, recorded: 2, gap: 'void' }, granted], since, 'CA_SUSPENDED', 'NO_CERTIFICATE_CHAIN_FOUND'],
    ['suspended, lifted, healed', [{ ...granted, since: AT - DAY }, { status: 'suspended', since, recorded: 2, gap: 'heal' }, granted], since, 'OK', undefined],
    ['ceased after the certificate was issued', end('ceased'), undefined, 'OK', undefined],
  ] as const)('%s', async (_, status, bestSignatureTime, code, subIndication) => {
    const report = await judged('qinghe', WUHAN, { trustList: withStatus(alone, 'qinghe', status), ...(bestSignatureTime === undefined ? {} : { bestSignatureTime }) });
    expect([report.code, report.subIndication]).toEqual([code, subIndication]);
  });
});

describe('how old lists may be', () => {
  const expires = (): number => scheme.freshness!.expires;
  const outcome = async (at: number, policy: Policy, trustList: TrustSnapshot = scheme, scene: 'bid-signing' | 'archive' = 'bid-signing'): Promise<string> => {
    const report = await judged('qinghe', EZHOU, { trustList, at, policy, context: { scene, region: EZHOU, transaction: '工程建设' } });
    return report.warnings.includes('LIST_STALE') ? `${report.code} stale` : report.code;
  };

  it('the grace runs from the expiry of the freshness document, by purpose where the policy says so', async () => {
    const policy = withScene({ listGrace: DAY });
    expect(await outcome(expires(), policy)).toBe('OK');
    expect(await outcome(expires() + 1, policy)).toBe('OK stale');
    expect(await outcome(expires() + DAY, policy)).toBe('OK stale');
    expect(await outcome(expires() + DAY + 1, policy)).toBe('LIST_EXPIRED');
    expect(await outcome(expires() + 1, withScene({ listGrace: DAY, listGraceFor: { sign: 0 } }))).toBe('LIST_EXPIRED');
    expect(await outcome(expires() + 1, withScene({ listGrace: DAY, listGraceFor: { seal: 0 } }))).toBe('OK stale');
    expect(await outcome(AT, policy, { ...scheme, freshness: undefined })).toBe('LIST_FRESHNESS_MISSING');
    expect(await outcome(scheme.freshness!.issued - policy.clockSkew - 1, policy)).toBe('LIST_NOT_YET_VALID');
  });

  it('nextUpdate of a list with jurisdiction stops new decisions, and only those', async () => {
    const ended = (list: TrustList): TrustSnapshot => replaced({ ...list, nextUpdate: AT - 1 });
    const archive = { ...withScene({}), scenes: { ...withScene({}).scenes, archive: withScene({ listGrace: DAY }).scenes['bid-signing'] } };
    expect(await outcome(AT, withScene({ listGrace: DAY }), ended(scheme.list))).toBe('LIST_EXPIRED');
    expect(await outcome(AT, archive, ended(scheme.list), 'archive')).toBe('OK stale');
    expect(await outcome(AT, withScene({ listGrace: DAY }), ended(scheme.lists.get(CITY!)!))).toBe('OK');
  });

  it('the policy reader knows the bands', () => {
    const full = withScene({ listGraceFor: { auth: 1, seal: 0 }, missingList: 'ignore' });
    expect(readPolicy(JSON.parse(JSON.stringify(full)))).toEqual(full);
    for (const bad of [{ listGraceFor: { vote: 1 } }, { listGraceFor: { auth: -1 } }, { listGraceFor: [] }, { missingList: 'maybe' }, { missingList: null }]) {
      expect(() => readPolicy(JSON.parse(JSON.stringify(withScene(bad as never))))).toThrowError(expect.objectContaining({ code: 'POLICY_INVALID' }));
    }
  });
});

describe('near misses', () => {
  it.each([
    ['other region', 'yelu', EZHOU, () => scheme, 'REGION_NOT_IN_SCOPE', 'SERVICE_IN_OTHER_REGION', '420100'],
    ['withdrawn', 'qinghe', EZHOU, () => replaced(withStatus(scheme.list, 'qinghe', [{ status: 'withdrawn', since: AT - DAY, recorded: 3 }, { status: 'granted', since: 0, recorded: 1 }])), 'CA_WITHDRAWN', 'SERVICE_WITHDRAWN', new Date(AT - DAY).toISOString()],
    ['another key', 'jiushi', EZHOU, () => scheme, 'SAME_NAME_OTHER_KEY', 'SAME_SUBJECT_OTHER_KEY', undefined],
    ['a list that is missing', 'yelu', WUHAN, () => ({ ...scheme, lists: new Map([...scheme.lists].filter(([id]) => id !== 'hefu-sandbox-4201')) }), 'ISSUER_NOT_LISTED', 'LIST_NOT_LOADED', 'hefu-sandbox-4201'],
    ['a list past its date', 'yelu', WUHAN, () => ({ ...alone, nextUpdate: AT - 1 }), 'ISSUER_NOT_LISTED', 'LIST_STALE', 'hefu-sandbox-nine-cities'],
  ] as const)('%s', async (_, id, region, trust, code, nearest, detail) => {
    const report = await judged(id, region!, { trustList: trust() });
    expect(report).toMatchObject({ code });
    expect(report.reasons[0]!.nearestMiss).toMatchObject({ code: nearest, ...(detail === undefined ? {} : { detail }) });
  });
});

describe('plans and explanations', () => {
  it('a list that only restricts sends nobody to its endpoints', () => {
    const city = scheme.lists.get(CITY!)!;
    const endpoint = 'http://10.0.0.1/elsewhere.crl';
    const services = city.services.map((service) => ({ ...service, revocation: { ...service.revocation, crl: [{ url: endpoint }] } }));
    const urls = (trustList: TrustSnapshot): string[] => planEvidence(input('lushi', HUANGSHI!, { trustList })).wanted.flatMap((wanted) => wanted.urls);
    expect(urls(replaced({ ...city, services }))).not.toContain(endpoint);
    expect(urls(replaced({ ...scheme.list, services: scheme.list.services.map((service) => ({ ...service, revocation: { ...service.revocation, crl: [{ url: endpoint }] } })) }))).toContain(endpoint);
  });

  it('explains a certificate of a city by the city\'s entry and profile', async () => {
    const who = company('yelu');
    const certificate = parseCertificate(who.sign.certificate);
    const explained = await explainCertificate({ certificate, trustList: scheme, algorithms, at: AT });
    expect(explained.services).toMatchObject([{ id: who.authority.serviceId, regions: [WUHAN] }]);
    expect(explained.identity.profile).toBe(who.authority.design.placement.profile.id);
    expect((await explainCertificate({ certificate, trustList: alone, algorithms, at: AT })).reason).toMatchObject({ code: 'PATH_NOT_FOUND' });
  });
});
