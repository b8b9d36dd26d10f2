import { concatBytes, parseCertificateList, parseSeal, parseSealSignature, sequence, type SesVersion } from '@hefu/pki';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
import { beforeAll, describe, expect, it } from 'vitest';
// The world is made above this room; only tests may look up.
import { createWorld, makeSeal, SEAL_PROPERTY, stampDocument, type CompanySeal, type SealSpec, type World } from '../../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { DEFAULT_POLICY, judgeSeal, judgeSealSignature, NO_EVIDENCE, type JudgeContext, type JudgeSealSignatureInput, type SealQuestion, type SealReport } from '../../src/index.js';

const algorithms = nodeAlgorithms();
const AT = Date.UTC(2026, 5, 1, 4);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
let world: World;
let list: TrustList;
let own: CompanySeal;

beforeAll(async () => {
  world = createWorld({ seed: 'seals', at: AT });
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(`list ${outcome.outcome}`);
  list = outcome.trustList;
  own = sealOf(4);
});

const sealOf = (version: SesVersion, not?: string): CompanySeal => world.seals.find((each) => each.version === version && !each.maker.suspended && each.company.id !== not)!;

function question(change: Partial<SealQuestion> = {}): SealQuestion {
  return {
    evidence: { ...NO_EVIDENCE, crls: [...world.crls].map(([path, bytes]) => ({ url: world.baseUrl + path, crl: parseCertificateList(bytes) })) },
    trustList: list, policy: DEFAULT_POLICY, algorithms, at: AT,
    context: { scene: 'bid-signing', region: own.company.region } satisfies JudgeContext,
    ...change,
  };
}

const judged = (stamped: Uint8Array, change: Partial<JudgeSealSignatureInput> = {}): Promise<SealReport> =>
  judgeSealSignature({ ...question(), signature: parseSealSignature(stamped), content: own.content, ...change });

const spec = (change: Partial<SealSpec> = {}): SealSpec => ({
  version: 4, esId: '42010000000001', name: '示例公司公章', people: [own.company.sign.certificate], createDate: AT - 30 * DAY, validStart: AT - 30 * DAY, validEnd: AT + YEAR, ...change,
});
const made = (change: Partial<SealSpec> = {}, maker = own.maker.credential): Uint8Array => makeSeal(maker, spec(change));
const stamp = (seal: Uint8Array, change: Partial<Parameters<typeof stampDocument>[1]> = {}, signer = own.company.sign): Uint8Array =>
  stampDocument(signer, { version: 4, seal, content: own.content, time: AT - HOUR, propertyInfo: SEAL_PROPERTY, ...change });

/** Warnings but for what the company's CA does in its own way. */
const said = ({ warnings }: SealReport): string[] => warnings.filter((code) => code !== 'CERTIFICATE_DEVIATIONS');

describe('a stamped signature', () => {
  it.each([1, 4, 5] as const)('version %i passes: maker, signer, list, dates, data', async (version) => {
    const { stamped, content, company } = sealOf(version);
    const report = await judged(stamped, { content, propertyInfo: SEAL_PROPERTY });
    expect(report).toMatchObject({ conclusion: 'passed', code: 'OK', seal: { version, people: { kind: version === 5 ? 'digests' : 'certs', count: 1 } }, timestamps: [] });
    expect(said(report)).toEqual([]);
    expect(report.signer).toMatchObject({ identity: { uscc: company.uscc }, trustDecision: { serviceId: company.authority.serviceId, purpose: 'seal' } });
    expect(report.maker).toMatchObject({ signatureAlgorithm: 'SM2-SM3', trustDecision: { serviceId: own.maker.serviceId, status: 'granted' }, revocation: [{ status: 'good' }] });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('other data, no data, its digest alone', async () => {
    expect(await judged(own.stamped, { content: concatBytes(own.content, Uint8Array.of(1)) })).toMatchObject({ conclusion: 'failed', code: 'CONTENT_TAMPERED' });
    const { content: _, ...without } = { ...question(), signature: parseSealSignature(own.stamped), content: own.content };
    expect(await judgeSealSignature(without)).toMatchObject({ conclusion: 'indeterminate', code: 'CONTENT_MISSING' });
    const sm3 = algorithms.digests.find(({ name }) => name === 'SM3')!;
    expect(await judgeSealSignature({ ...without, contentDigest: sm3.digest(own.content) })).toMatchObject({ conclusion: 'passed' });
    expect(await judgeSealSignature({ ...without, contentDigest: new Uint8Array(32) })).toMatchObject({ code: 'CONTENT_TAMPERED' });
    await expect(judged(own.stamped, { contentDigest: new Uint8Array(32) })).rejects.toThrow(TypeError);
  });

  it('moved to another seal of the same company: the signer signed the seal too', async () => {
    const [first, second] = [made(), made({ name: '示例公司合同专用章' })];
    expect(await judged(stamp(first))).toMatchObject({ conclusion: 'passed' });
    const { toSign, certificate } = parseSealSignature(stamp(second));
    const donor = parseSealSignature(stamp(first));
    // TBS_Sign with the second seal, under the signature made with the first.
    const moved = splice(donor.bytes, donor.toSign, toSign);
    expect(parseSealSignature(moved)).toMatchObject({ certificate });
    expect(await judged(moved)).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
  });

  it('another place: stated by the container, or rewritten', async () => {
    expect(await judged(own.stamped, { propertyInfo: '/other.txt' })).toMatchObject({ conclusion: 'indeterminate', code: 'SEAL_PROPERTY_MISMATCH' });
    const bytes = own.stamped.slice();
    const at = indexOf(bytes, new TextEncoder().encode(SEAL_PROPERTY));
    bytes[at + 1] = 'c'.charCodeAt(0);
    expect(await judged(bytes)).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
  });

  it.each(['certs', 'digests'] as const)('a signer who is not among the %s', async (listAs) => {
    const other = sealOf(4, own.company.id).company.sign;
    const seal = made({ listAs });
    expect(await judged(stamp(seal))).toMatchObject({ conclusion: 'passed' });
    expect(await judged(stamp(seal, {}, other))).toMatchObject({ conclusion: 'indeterminate', code: 'SEAL_SIGNER_NOT_LISTED' });
    expect(await judged(stamp(made({ listAs, people: [] })))).toMatchObject({ code: 'SEAL_SIGNER_NOT_LISTED' });
  });

  it('people stated by a digest that nobody here computes, or that the policy does not accept', async () => {
    const seal = made({ listAs: 'digests' });
    const bytes = seal.slice();
    bytes.set(new TextEncoder().encode('MD5'), indexOf(bytes, new TextEncoder().encode('SM3')));
    const report = await judged(stamp(bytes));
    expect(report.reasons.map(({ code }) => code)).toEqual(expect.arrayContaining(['SEAL_DIGEST_UNKNOWN', 'SEAL_MAKER_SIGNATURE_INVALID']));
    const policy = { ...DEFAULT_POLICY, algorithms: { ...DEFAULT_POLICY.algorithms, digests: ['SHA-256'] } };
    expect((await judged(stamp(seal), { policy })).reasons.map(({ code }) => code)).toContain('SEAL_DIGEST_UNKNOWN');
  });

  it('the seal expired, or not yet valid, on receipt', async () => {
    expect(await judged(stamp(made({ validEnd: AT })))).toMatchObject({ conclusion: 'passed' });
    expect(await judged(stamp(made({ validEnd: AT - 1000 })))).toMatchObject({ conclusion: 'failed', code: 'SEAL_EXPIRED', subIndication: 'EXPIRED' });
    expect(await judged(stamp(made({ validStart: AT + 1000 })))).toMatchObject({ conclusion: 'failed', code: 'SEAL_NOT_YET_VALID' });
    expect(await judged(stamp(made({ validStart: AT + DAY, validEnd: AT - DAY })))).toMatchObject({ conclusion: 'failed', code: 'SEAL_VALIDITY_INVERTED' });
    // Only evidence places a signature in time once it is in the archive.
    const context = { scene: 'archive', region: own.company.region } as const;
    expect(await judged(stamp(made({ validEnd: AT - 1000 })), { context })).toMatchObject({ conclusion: 'indeterminate', code: 'SEAL_EXPIRED', subIndication: 'OUT_OF_BOUNDS_NO_POE' });
    expect(await judged(stamp(made({ validEnd: AT - 1000 })), { bestSignatureTime: AT - 2000, context })).toMatchObject({ conclusion: 'passed' });
  });

  it('the time of signing by itself: outside the seal, after receipt, outside the certificate', async () => {
    const seal = made();
    const rows = async (time: number): Promise<string[]> => (await judged(stamp(seal, { time }))).reasons.map(({ code }) => code);
    expect(await rows(AT - DAY)).toEqual([]);
    expect(await rows(AT - 31 * DAY)).toEqual(['SEAL_NOT_YET_VALID']);
    expect(await rows(AT + DAY)).toEqual(['SEAL_SIGNING_TIME_LATE']);
    const old = made({ createDate: AT - YEAR, validStart: AT - YEAR });
    const report = await judged(stamp(old, { time: AT - 300 * DAY }));
    expect(report).toMatchObject({ conclusion: 'indeterminate', code: 'SEAL_SIGNING_TIME_OUTSIDE' });
    expect(report.checks.filter(({ id }) => /^seal\.(validity|signingTime)/.test(id)).map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'seal.validity.receipt passed', 'seal.validity.signing passed', 'seal.signingTime failed',
    ]);
  });

  it('critical extension data: refused unless the caller knows them', async () => {
    const extension = { oid: '1.2.156.999001.7', critical: true, value: Uint8Array.of(1) };
    const onSeal = stamp(made({ extensions: [extension] }));
    expect(await judged(onSeal)).toMatchObject({ conclusion: 'indeterminate', code: 'SEAL_EXTENSION_UNKNOWN' });
    expect(await judged(onSeal, { knownExtensions: [extension.oid] })).toMatchObject({ conclusion: 'passed' });
    expect(await judged(stamp(made(), { extensions: [extension] }))).toMatchObject({ code: 'SEAL_EXTENSION_UNKNOWN' });
    expect(await judged(stamp(made({ extensions: [{ ...extension, critical: false }] })))).toMatchObject({ conclusion: 'passed' });
  });
});

describe('the maker', () => {
  it('is suspended', async () => {
    const { stamped, content } = world.seals.find(({ maker }) => maker.suspended)!;
    const report = await judged(stamped, { content });
    expect(report).toMatchObject({ conclusion: 'indeterminate', code: 'CA_SUSPENDED' });
    expect(report.reasons[0]!.subject).toMatch(/^maker service /);
  });

  it('is a company whose certificate a CA issued: a CA makes no seals, nor does a seal maker vouch for signers', async () => {
    expect(await judged(stamp(made({}, own.company.sign)))).toMatchObject({ conclusion: 'indeterminate', reasons: [expect.objectContaining({ subject: expect.stringMatching(/^maker /) })] });
    const seal = made({ people: [own.maker.credential.certificate] });
    const report = await judged(stamp(seal, {}, own.maker.credential));
    expect(report).toMatchObject({ conclusion: 'indeterminate' });
    expect(report.reasons.map(({ subject }) => subject!.split(' ')[0])).toEqual(['signer']);
  });

  it('did not sign this', async () => {
    const seal = made();
    const bytes = seal.slice();
    bytes[indexOf(bytes, new TextEncoder().encode('42010000000001'))] = '3'.charCodeAt(0);
    expect(await judged(stamp(bytes))).toMatchObject({ conclusion: 'failed', code: 'SEAL_MAKER_SIGNATURE_INVALID' });
  });

  it('signed in the form of another version: accepted, and said', async () => {
    expect(said(await judged(stamp(made({ signedForm: 'info-cert-alg' }))))).toEqual(['MESSAGE_NON_STANDARD']);
    expect(await judged(stamp(made({ signedForm: 'info-cert-alg' })))).toMatchObject({ conclusion: 'passed' });
  });

  it('an unreadable certificate of either is a reason', async () => {
    const bytes = made();
    const { makerCertificate } = parseSeal(bytes);
    const broken = bytes.slice();
    broken[makerCertificate.byteOffset - bytes.byteOffset + 4] = 0x04;
    expect((await judgeSeal({ ...question(), seal: parseSeal(broken) })).code).toBe('SIGNER_CERTIFICATE_UNREADABLE');
  });
});

describe('time-stamps', () => {
  const token = sequence(Uint8Array.of(2, 1, 1));

  it('without a judge: not checked, said, and worth nothing', async () => {
    const report = await judged(stamp(made({ version: 5, timeStamp: () => token }), { version: 5, timeStamp: () => token }));
    expect(report).toMatchObject({ conclusion: 'passed', timestamps: [{ of: 'seal', outcome: 'not-checked' }, { of: 'signature', outcome: 'not-checked' }] });
    expect(said(report)).toEqual(['TIMESTAMP_NOT_CHECKED']);
    expect(report.times.sources.bestSignature).toBe('validation time');
  });

  it('a passed one proves the time of signing, a failed one does not', async () => {
    const at = AT + YEAR / 2;
    const seal = made({ version: 5, validEnd: AT + DAY });
    const stamped = stamp(seal, { version: 5, timeStamp: () => token });
    const asked: Uint8Array[][] = [];
    const judgeTimestamp = (outcome: 'passed' | 'failed') => async (given: Uint8Array, over: Uint8Array) => {
      asked.push([given, over]);
      return { outcome, genTime: AT };
    };
    const codes = async (outcome: 'passed' | 'failed'): Promise<string[]> => (await judged(stamped, { at, judgeTimestamp: judgeTimestamp(outcome) })).reasons.map(({ code }) => code);
    expect(await codes('failed')).toContain('SEAL_EXPIRED');
    expect(await codes('passed')).not.toContain('SEAL_EXPIRED');
    expect(asked[0]).toEqual([token, parseSealSignature(stamped).signature]);
  });
});

describe('a seal by itself', () => {
  it.each([1, 4, 5] as const)('version %i passes', async (version) => {
    expect(await judgeSeal({ ...question(), seal: parseSeal(sealOf(version).seal) })).toMatchObject({ object: 'seal', conclusion: 'passed', seal: { name: `${own.company.name}公章` } });
  });

  it('expired; a person\'s name masked', async () => {
    expect(await judgeSeal({ ...question(), seal: parseSeal(made({ validEnd: AT - 1 })) })).toMatchObject({ code: 'SEAL_EXPIRED' });
    const seal = parseSeal(made({ name: '张三丰' }));
    const persons = { ...seal, info: { ...seal.info, type: 2 } };
    expect((await judgeSeal({ ...question(), seal: persons })).seal.name).not.toContain('三丰');
  });
});

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  const at = Buffer.from(bytes).indexOf(part);
  if (at < 0) throw new Error('not there');
  return at;
}

/** The same SEQUENCE with its first member replaced. */
function splice(bytes: Uint8Array, first: Uint8Array, other: Uint8Array): Uint8Array {
  const start = indexOf(bytes, first);
  return sequence(other, bytes.subarray(start + first.length));
}
