import { certificateValues, extendSignedData, hexOf, id_aa_ets_certValues, id_aa_ets_revocationValues, ocspRequestFor, parseCertificate, readSignedData, revocationValues, type SignedData } from '@hefu/pki';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
import { beforeAll, describe, expect, it } from 'vitest';
// The world is made above this room; only tests may look up.
import { createWorld, signDetached, type World } from '../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../node/dist/algorithms.js';
import { carriedCrls, certificatesIn } from '../src/carried.js';
import { DEFAULT_POLICY, evidenceSettles, evidenceUsed, judge, NO_EVIDENCE, planEvidence, type Report, type WantedOcsp } from '../src/index.js';

const algorithms = nodeAlgorithms();
const AT = Date.UTC(2026, 5, 1, 4);
let world: World;
let trustList: TrustList;
let plain: SignedData;
let responses: readonly Uint8Array[];

beforeAll(async () => {
  world = createWorld({ seed: 'carried', at: AT, revocationMode: 'ocsp-first' });
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  trustList = outcome.trustList;
  const { sign } = company();
  plain = readSignedData(signDetached({ key: sign.key, certificate: sign.certificate }, content(), { form: 'cms' }));
  const asked = planEvidence(question(plain)).wanted.filter((wish): wish is WantedOcsp => wish.kind === 'ocsp');
  responses = asked.map(({ urls, certId }) => world.ocsp.get(new URL(urls[0]!).pathname)!(ocspRequestFor(certId)));
});

/** CMS by itself, which can carry responses, is for these keys. */
const company = () => world.companies.find(({ sign, state, issuer }) => sign.key.kind !== 'SM2' && state === 'good' && issuer.listed)!;
const told = () => world.scenarios.find(({ id }) => id === `good-${company().id}`)!;
const content = (): Uint8Array => told().content;
const question = (signed: SignedData) => ({ signed, trustList, policy: DEFAULT_POLICY, algorithms, at: AT, context: told().context });
const judged = (signed: SignedData): Promise<Report> => judge({ ...question(signed), content: content(), evidence: NO_EVIDENCE });
const carrying = (...ocspResponses: readonly Uint8Array[]): SignedData => readSignedData(extendSignedData(plain, { ocspResponses }));

describe('OCSP responses in the message (RFC 5940)', () => {
  it('are evidence like any other, and found again for the archive', async () => {
    expect(await judged(plain)).toMatchObject({ conclusion: 'indeterminate' });
    const signed = carrying(...responses);
    const report = await judged(signed);
    expect(report).toMatchObject({ conclusion: 'passed' });
    expect(report.signers[0]!.revocation[0]).toMatchObject({ status: 'good', source: { kind: 'ocsp' } });
    const used = evidenceUsed({ report, evidence: NO_EVIDENCE, signed, trustList, algorithms });
    expect(used.missing).toEqual([]);
    expect(used.items.filter(({ kind }) => kind === 'ocsp').length).toBeGreaterThan(0);
  });
  it('count for nothing when altered, about another certificate, or unreadable', async () => {
    const altered = responses.map((bytes) => bytes.map((octet, index) => (index === bytes.length - 1 ? octet ^ 1 : octet)));
    expect(await judged(carrying(...altered))).toMatchObject({ conclusion: 'indeterminate' });
    const other = parseCertificate(company().encrypt.certificate);
    const wish = planEvidence({ ...question(plain), certificates: [other] }).wanted.filter((one): one is WantedOcsp => one.kind === 'ocsp').find(({ forSerial }) => forSerial === hexOf(other.serialNumber))!;
    expect(await judged(carrying(world.ocsp.get(new URL(wish.urls[0]!).pathname)!(ocspRequestFor(wish.certId))))).toMatchObject({ conclusion: 'indeterminate' });
    expect(await judged(carrying(Uint8Array.of(0x30, 0)))).toMatchObject({ conclusion: 'indeterminate' });
  });
  it('spare the gatherer a later tier', async () => {
    const crl = planEvidence(question(plain)).wanted.find(({ kind }) => kind === 'crl')!;
    const soFar = { crls: [], ocsp: [] };
    expect(await evidenceSettles(question(plain))(crl, soFar)).toBe(false);
    expect(await evidenceSettles(question(carrying(...responses)))(crl, soFar)).toBe(true);
  });
});

it('of CRLs and certificates as many as a message may need, however many its attributes hold', () => {
  const crls = [...world.crls.values()];
  const values = Array.from({ length: 5 }, () => revocationValues({ crls: Array.from({ length: 20 }, (_, index) => crls[index % crls.length]!), ocspResponses: [] }));
  const holding = (count: number): SignedData => readSignedData(extendSignedData(plain, { unsignedAttrs: [{ type: id_aa_ets_revocationValues, values: values.slice(0, count) }] }));
  expect([1, 3, 5].map((count) => carriedCrls(holding(count)).length)).toEqual([20, 60, 64]);
  const one = certificateValues(Array.from({ length: 100 }, () => company().sign.certificate));
  const certified = (count: number): SignedData => readSignedData(extendSignedData(plain, { unsignedAttrs: [{ type: id_aa_ets_certValues, values: Array.from({ length: count }, () => one) }] }));
  expect([1, 3].map((count) => certificatesIn(certified(count)).length - plain.certificates.length)).toEqual([100, 256 - plain.certificates.length]);
});
