import { buildTimeStampRequest, parseCertificate, parseCertificateList, parseTimeStampResponse } from '@hefu/pki';
import { sm3 } from '@hefu/crypto';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
import { beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { createJudgeCaches, createSpending, DEFAULT_BUDGET, DEFAULT_POLICY, judgeTimestamp, NO_EVIDENCE, Proofs, type TimestampReport } from '../../src/index.js';

// The departures from RFC 3161 seen in the field, one authority of the sandbox for each (field notes §3.1).
const AT = Date.UTC(2026, 5, 1, 4);
const octets = new TextEncoder().encode('signature value');
const algorithms = nodeAlgorithms();
let world: World;
let list: TrustList;

beforeAll(async () => {
  world = createWorld({ seed: 'gm-variants', at: AT });
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  list = outcome.trustList;
});

/** @param path `sm2`, or `sm2/wrong-imprint` */
async function stamp(path: string, trustList: TrustList = list, nonce = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2)): Promise<TimestampReport> {
  const request = buildTimeStampRequest({ hashAlgorithm: sm3.oids[0]!, hashedMessage: sm3.digest(octets), nonce });
  const { token } = parseTimeStampResponse(world.tsa.get(`/tsa/${path}`)!(request));
  const sha256 = algorithms.digests.find(({ name }) => name === 'SHA-256')!;
  const { report } = await judgeTimestamp({
    kind: 'signature', token: token!, octets, nonce, subject: 'timestamp[0]', candidateCertificates: [], trustList, policy: DEFAULT_POLICY, algorithms, at: AT,
    evidence: { ...NO_EVIDENCE, crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })) },
    context: { scene: 'bid-signing', region: '420100', purpose: 'sign' }, proofs: new Proofs(sha256), past: false, budget: DEFAULT_BUDGET, spending: createSpending(), caches: createJudgeCaches(),
  });
  return report;
}

/** The list with one service allowing fewer forms. */
const withoutForm = (form: string): TrustList => ({ ...list, services: list.services.map((service) => (service.messageVariants === undefined ? service : { ...service, messageVariants: service.messageVariants.filter((each) => each !== form) })) });

describe('by the list', () => {
  it.each([
    ['rsa', 'cms', [], undefined],
    ['p256', 'cms', [], undefined],
    ['sm2', 'attrs-za', [], undefined],
    ['gm-shell', 'attrs-za', ['gm-shell'], undefined],
    ['gm-md-za', 'attrs-za-md-za', [], 'attrs-za-md-za'],
    ['gm-bare-oid', 'attrs-za', ['imprint-bare-oid'], 'imprint-bare-oid'],
    ['gm-digest-501', 'attrs-za', ['digest-501'], 'digest-501'],
    ['gm-digest-401-2', 'attrs-za', ['digest-401.2'], 'digest-401.2'],
    ['gm-ess-v1', 'attrs-za', ['ess-v1'], undefined],
    ['gm-no-eku', 'attrs-za', ['eku-absent'], 'eku-absent'],
    ['gm-all', 'attrs-za-md-za', ['gm-shell', 'digest-501', 'ess-v1', 'eku-absent'], 'digest-501'],
  ] as const)('%s: %s with %j', async (id, variant, deviations, allowed) => {
    const report = await stamp(id);
    expect(report, JSON.stringify(report.reasons)).toMatchObject({ conclusion: 'passed', variant });
    expect(report.deviations.filter((each) => each !== 'encoding').sort()).toEqual([...deviations].sort());
    if (allowed === undefined) return;
    const refused = await stamp(id, withoutForm(allowed));
    expect(refused).toMatchObject({ conclusion: 'indeterminate', code: allowed === 'eku-absent' ? 'TSA_USAGE_MISMATCH' : 'TIMESTAMP_VARIANT_REFUSED' });
  });

  it.each([
    ['expired', 'TSA_NOT_VALID'],
    ['unlisted', 'TSA_NOT_LISTED'],
    ['sm2/wrong-imprint', 'TIMESTAMP_IMPRINT_MISMATCH'],
    ['sm2/wrong-nonce', 'TIMESTAMP_NONCE_MISMATCH'],
    ['sm2/future', 'TIMESTAMP_IN_FUTURE'],
  ])('%s: %s', async (path, code) => {
    expect(await stamp(path)).toMatchObject({ code });
  });

  it('what no list lets stamp stamps nothing, however well its certificate is made', async () => {
    const none: TrustList = { ...list, services: list.services.filter(({ kind }) => kind !== 'tsa') };
    expect(await stamp('sm2', none)).toMatchObject({ code: 'TSA_NOT_LISTED' });
    expect(parseCertificate(world.timestampAuthorities[0]!.certificate).extExtendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.8']);
  });
});
