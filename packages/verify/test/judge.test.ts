import { parseCertificate, parseCertificateList, PkiError, readSignedData, type SignedData } from '@hefu/pki';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
import { beforeAll, describe, expect, it } from 'vitest';
// The world is made above this room; only tests may look up.
import { createWorld, type Scenario, type World } from '../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../node/dist/algorithms.js';
import {
  assertPassed, createJudgeCaches, DEFAULT_POLICY, explainCertificate, judge, NO_EVIDENCE, planEvidence, reportMalformed, type Evidence, type JudgeContext, type Policy, type Report,
} from '../src/index.js';

const algorithms = nodeAlgorithms();
const AT = Date.UTC(2026, 5, 1, 4);
const DAY = 86_400_000;
let world: World;
let list: TrustList;

beforeAll(async () => {
  world = createWorld({ seed: 'judge', at: AT });
  list = await open(world.lists.current);
});

async function open(envelope: Uint8Array, current?: TrustList): Promise<TrustList> {
  const outcome = await updateTrustList(current, envelope, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(`list ${outcome.outcome}`);
  return outcome.trustList;
}

const scenario = (id: string): Scenario => world.scenarios.find((each) => each.id === id)!;
const evidenceOf = (told: Scenario): Evidence => ({
  ...NO_EVIDENCE,
  candidateCertificates: told.evidence.certificates.map((der) => parseCertificate(der)),
  crls: told.evidence.crls.map(({ url, bytes }) => ({ url, crl: parseCertificateList(bytes) })),
});

interface Change {
  readonly policy?: Policy;
  readonly evidence?: Evidence;
  readonly at?: number;
  readonly bestSignatureTime?: number;
  readonly context?: Partial<JudgeContext>;
  readonly content?: Uint8Array | undefined;
  readonly signed?: SignedData;
}

function judged(id: string, change: Change = {}): Promise<Report> {
  const told = scenario(id);
  const content = 'content' in change ? change.content : told.content;
  return judge({
    signed: change.signed ?? readSignedData(told.signature),
    trustList: list,
    policy: change.policy ?? DEFAULT_POLICY,
    algorithms,
    evidence: change.evidence ?? evidenceOf(told),
    at: change.at ?? told.at,
    context: { ...told.context, ...change.context },
    ...(content === undefined ? {} : { content }),
    ...(change.bestSignatureTime === undefined ? {} : { bestSignatureTime: change.bestSignatureTime }),
  });
}

const withScene = (change: Partial<Policy['scenes']['bid-signing']>): Policy => ({
  ...DEFAULT_POLICY,
  scenes: { ...DEFAULT_POLICY.scenes, 'bid-signing': { ...DEFAULT_POLICY.scenes['bid-signing'], ...change } },
});

describe('a report', () => {
  it('is JSON, the same for the same input, and the same with warm caches', async () => {
    const first = await judged('accepted-420100');
    expect(first).toMatchObject({ conclusion: 'passed', code: 'OK', reasons: [] });
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    expect(JSON.stringify(await judged('accepted-420100'))).toBe(JSON.stringify(first));
    const caches = createJudgeCaches();
    const told = scenario('accepted-420100');
    const input = { signed: readSignedData(told.signature), content: told.content, trustList: list, policy: DEFAULT_POLICY, algorithms, evidence: evidenceOf(told), at: told.at, context: told.context, caches };
    await judge(input);
    expect(JSON.stringify(await judge(input))).toBe(JSON.stringify(first));
  });

  it('names what it rests on', async () => {
    const report = await judged('accepted-420100');
    expect(report.trustList).toEqual({ id: list.listId, sequence: list.sequence, sha256: list.sha256 });
    expect(report.policy.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(report.times).toMatchObject({ validation: new Date(AT).toISOString(), sources: { bestSignature: 'validation time' } });
    expect(report.signers[0]!.revocation[0]).toMatchObject({ status: 'good', source: { kind: 'crl' } });
  });

  it('can be asserted', async () => {
    const report = await judged('accepted-420100');
    expect(() => assertPassed(report)).not.toThrow();
    const tampered = await judged('tampered');
    expect(() => assertPassed(tampered)).toThrowError(expect.objectContaining({ code: 'NOT_PASSED', report: tampered }));
  });
});

describe('content', () => {
  it.each([
    ['missing', { content: undefined }, 'CONTENT_MISSING'],
    ['empty', { content: new Uint8Array() }, 'CONTENT_TAMPERED'],
  ])('%s', async (_, change, code) => {
    expect(await judged('accepted-420100', change)).toMatchObject({ conclusion: code === 'CONTENT_TAMPERED' ? 'failed' : 'indeterminate', code });
  });
});

describe('time', () => {
  it('a certificate expired on receipt fails; in the archive only evidence could say', async () => {
    expect(await judged('expired')).toMatchObject({ conclusion: 'failed', code: 'CERTIFICATE_EXPIRED', subIndication: 'EXPIRED' });
    expect(await judged('expired', { context: { scene: 'archive' } })).toMatchObject({ conclusion: 'indeterminate', code: 'CERTIFICATE_EXPIRED', subIndication: 'OUT_OF_BOUNDS_NO_POE' });
  });

  it('revocation after a proven time of signature does not touch it; unproven it does', async () => {
    const revoked = await judged('revoked');
    expect(revoked).toMatchObject({ conclusion: 'failed', code: 'CERTIFICATE_REVOKED' });
    const revokedAt = Date.parse(revoked.signers[0]!.revocation[0]!.revokedAt!);
    expect(await judged('revoked', { bestSignatureTime: revokedAt - 1000 })).toMatchObject({ conclusion: 'passed' });
    expect(await judged('revoked', { bestSignatureTime: revokedAt })).toMatchObject({ conclusion: 'failed', code: 'CERTIFICATE_REVOKED' });
  });

  it('an expired list ends new decisions after its grace, not within it', async () => {
    const fresh = (_at: number): Evidence => ({ ...evidenceOf(scenario('accepted-420100')), crls: [] });
    const policy = withScene({ revocation: 'none', listGrace: DAY });
    const end = list.nextUpdate;
    expect((await judged('accepted-420100', { policy, at: end, evidence: fresh(end) })).warnings).not.toContain('LIST_STALE');
    expect((await judged('accepted-420100', { policy, at: end + DAY, evidence: fresh(end) })).warnings).toContain('LIST_STALE');
    expect(await judged('accepted-420100', { policy, at: end + DAY + 1, evidence: fresh(end) })).toMatchObject({ conclusion: 'indeterminate', code: 'LIST_EXPIRED' });
  });
});

describe('revocation by scene', () => {
  it.each([
    ['hard', 'indeterminate', 'CRL_NOT_AVAILABLE'],
    ['soft', 'passed', 'OK'],
    ['none', 'passed', 'OK'],
  ] as const)('%s without any CRL: %s', async (revocation, conclusion, code) => {
    const report = await judged('accepted-420100', { policy: withScene({ revocation }), evidence: NO_EVIDENCE });
    expect(report).toMatchObject({ conclusion, code });
    expect(report.warnings.includes('REVOCATION_UNKNOWN_TOLERATED')).toBe(revocation === 'soft');
  });

  it('soft does not forgive what is known', async () => {
    expect(await judged('revoked', { policy: withScene({ revocation: 'soft' }) })).toMatchObject({ conclusion: 'failed', code: 'CERTIFICATE_REVOKED' });
  });
});

describe('policy', () => {
  it('weak keys and ended algorithms', async () => {
    const rsa = world.companies.find(({ sign, state, issuer }) => sign.key.kind === 'RSA-2048' && state === 'good' && issuer.listed)!;
    const id = `good-${rsa.id}`;
    expect(await judged(id)).toMatchObject({ conclusion: 'passed' });
    const strict = (algorithmsPolicy: Partial<Policy['algorithms']>): Policy => ({ ...DEFAULT_POLICY, algorithms: { ...DEFAULT_POLICY.algorithms, ...algorithmsPolicy } });
    expect(await judged(id, { policy: strict({ minRsaBits: 3072 }) })).toMatchObject({ conclusion: 'indeterminate', code: 'KEY_TOO_WEAK' });
    const name = 'RSASSA-PKCS1-v1_5-SHA-256';
    expect(await judged(id, { policy: strict({ sunset: { [name]: AT + 1 } }) })).toMatchObject({ conclusion: 'passed' });
    expect(await judged(id, { policy: strict({ sunset: { [name]: AT } }) })).toMatchObject({ code: 'ALGORITHM_REFUSED' });
    expect(await judged(id, { policy: strict({ signatures: ['SM2-SM3'] }) })).toMatchObject({ code: 'ALGORITHM_REFUSED' });
  });

  it('refused deviations', async () => {
    const report = await judged('accepted-420100');
    const [deviation] = report.signers[0]!.path.flatMap(({ deviations }) => deviations);
    expect(deviation).toBeDefined();
    expect(await judged('accepted-420100', { policy: { ...DEFAULT_POLICY, refusedDeviations: [deviation!] } })).toMatchObject({ code: 'CERTIFICATE_DEVIATION_REFUSED' });
  });
});

describe('misuse', () => {
  it.each([
    [{ region: '42' }],
    [{ region: '武汉' }],
    [{ scene: 'opening-day' as never }],
    [{ purpose: 'decorate' as never }],
  ])('%j is refused', async (context) => {
    await expect(judged('accepted-420100', { context })).rejects.toMatchObject({ code: 'CONTEXT_INVALID' });
  });

  it('needs SHA-256', async () => {
    const told = scenario('accepted-420100');
    const without = { ...algorithms, digests: algorithms.digests.filter(({ name }) => name !== 'SHA-256') };
    await expect(judge({ signed: readSignedData(told.signature), content: told.content, trustList: list, policy: DEFAULT_POLICY, algorithms: without, evidence: NO_EVIDENCE, at: AT, context: told.context })).rejects.toThrow(TypeError);
  });
});

describe('messages that are none', () => {
  it.each([
    ['a certificate', () => world.companies[0]!.sign.certificate, 'MESSAGE_NOT_SIGNED_DATA'],
    ['half a message', () => scenario('accepted-420100').signature.subarray(0, 200), 'MESSAGE_MALFORMED'],
    ['noise', () => new Uint8Array(64).fill(0xa5), 'MESSAGE_MALFORMED'],
  ])('%s', (_, bytes, code) => {
    let error: unknown;
    try {
      readSignedData(bytes());
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PkiError);
    expect(reportMalformed(error as PkiError, { at: AT, context: scenario('tampered').context, policy: DEFAULT_POLICY, algorithms })).toMatchObject({ conclusion: 'failed', code, subIndication: 'FORMAT_FAILURE' });
  });
});

describe('planEvidence', () => {
  const plan = (id: string) => {
    const told = scenario(id);
    return planEvidence({ signed: readSignedData(told.signature), trustList: list, policy: DEFAULT_POLICY, algorithms, at: told.at, context: told.context });
  };

  it('asks where the list says, once', () => {
    const { wanted, gaps } = plan('accepted-420100');
    expect(wanted.length).toBeGreaterThan(0);
    expect(new Set(wanted.flatMap(({ urls }) => urls)).size).toBe(wanted.flatMap(({ urls }) => urls).length);
    expect(wanted.every(({ origin }) => origin === 'list')).toBe(true);
    expect(gaps).toEqual([]);
  });

  it('asks certificates of unlisted CAs themselves, and nobody where no revocation is asked for', () => {
    expect(plan('unlisted-ca').wanted.every(({ origin }) => origin === 'certificate')).toBe(true);
    const told = scenario('accepted-420100');
    expect(planEvidence({ signed: readSignedData(told.signature), trustList: list, policy: withScene({ revocation: 'none' }), algorithms, at: AT, context: told.context })).toEqual({ wanted: [], gaps: [] });
  });
});

describe('explainCertificate', () => {
  it('finds the service of every listed CA, and says why not for the others', async () => {
    for (const { sign, authority, issuer } of world.companies) {
      const explanation = await explainCertificate({ certificate: parseCertificate(sign.certificate), trustList: list, algorithms, at: AT });
      if (issuer.listed) expect(explanation.services.map(({ id }) => id)).toContain(authority.serviceId);
      else expect(explanation).toMatchObject({ services: [], reason: { code: expect.stringMatching(/^(SAME_NAME_OTHER_KEY|ISSUER_NOT_LISTED|PATH_NOT_FOUND)$/) } });
    }
  });

  it('tells signing from encryption', async () => {
    const [company] = world.companies;
    const kinds = await Promise.all([company!.sign, company!.encrypt].map(async ({ certificate }) => (await explainCertificate({ certificate: parseCertificate(certificate), algorithms, at: AT })).kind));
    expect(kinds).toEqual(['sign', 'encrypt']);
  });
});

