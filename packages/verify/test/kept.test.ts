// What a verifier keeps between verdicts are facts about octets: whatever a verdict depends on beside them is asked anew.
import { parseCertificate, parseCertificateList, readSignedData } from '@hefu/pki';
import { updateTrustList } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../sandbox/dist/index.js';
import { createJudgeCaches, DEFAULT_POLICY, judge, NO_EVIDENCE, type JudgeInput } from '../src/index.js';
import { algorithms, judging } from './judging.js';

const { world, list } = await judging('kept');
const scenario = (id: string): Scenario => world.scenarios.find((each) => each.id === id)!;
/** The question of a scenario, every object read anew. */
const question = (told: Scenario): JudgeInput => ({
  signed: readSignedData(told.signature), content: told.content, trustList: list, policy: DEFAULT_POLICY, algorithms, at: told.at, context: told.context,
  evidence: {
    ...NO_EVIDENCE,
    candidateCertificates: told.evidence.certificates.map((der) => parseCertificate(der)),
    crls: told.evidence.crls.map(({ url, bytes }) => ({ url, crl: parseCertificateList(bytes) })),
  },
});
// His CA is suspended in the next list.
const told = scenario('good-guyun');
const { certificate: der } = world.companies.find(({ id }) => id === told.signer)!.sign;

function flipped(octets: Uint8Array, at: number): Uint8Array {
  const other = Uint8Array.from(octets);
  other[at]! ^= 1;
  return other;
}

/** The message, with a bit of its signer's certificate altered. */
function alteredAt(offset: number): JudgeInput {
  const from = Buffer.from(told.signature).indexOf(der);
  expect(from).toBeGreaterThan(0);
  return { ...question(told), signed: readSignedData(flipped(told.signature, from + offset)) };
}

async function underNextList(): Promise<JudgeInput> {
  const next = await updateTrustList(list, world.lists.suspended, { role: world.listRole, algorithms, at: told.at });
  if (next.outcome !== 'accepted') throw new Error(next.outcome);
  return { ...question(told), trustList: next.trustList };
}

const [crl] = told.evidence.crls;
const alteredCrl = flipped(crl!.bytes, crl!.bytes.length - 1);
const unsupported = { ...algorithms, signatures: algorithms.signatures.filter(({ name }) => !name.startsWith('SM2')) };

describe('what is kept of a signer who passed', () => {
  it.each<[string, () => JudgeInput | Promise<JudgeInput>, string]>([
    ['another content', () => ({ ...question(told), content: flipped(told.content, 0) }), 'CONTENT_TAMPERED'],
    ['a bit of his certificate\'s signature', () => alteredAt(der.length - 1), 'CERTIFICATE_SIGNATURE_INVALID'],
    ['a time after his certificate', () => ({ ...question(told), at: parseCertificate(der).validity.notAfter + 1000 }), 'CERTIFICATE_EXPIRED'],
    ['a time before it', () => ({ ...question(told), at: parseCertificate(der).validity.notBefore - 1 }), 'CERTIFICATE_NOT_YET_VALID'],
    ['a region where his CA does not count', () => ({ ...question(told), context: { ...told.context, region: '110000' } }), 'REGION_NOT_IN_SCOPE'],
    ['the next list, which suspends his CA', underNextList, 'CA_SUSPENDED'],
    ['no CRL', () => ({ ...question(told), evidence: { ...question(told).evidence, crls: [] } }), 'CRL_NOT_AVAILABLE'],
    ['a CRL with a bit altered', () => ({ ...question(told), evidence: { ...question(told).evidence, crls: [{ crl: parseCertificateList(alteredCrl) }] } }), 'CRL_SIGNATURE_INVALID'],
    ['a policy without his algorithm', () => ({ ...question(told), policy: { ...DEFAULT_POLICY, algorithms: { ...DEFAULT_POLICY.algorithms, signatures: ['ECDSA with SHA-256'] } } }), 'ALGORITHM_REFUSED'],
    ['algorithms without his', () => ({ ...question(told), algorithms: unsupported }), 'ALGORITHM_UNKNOWN'],
  ])('is not the answer for %s', async (_, ask, code) => {
    const caches = createJudgeCaches();
    const first = await judge({ ...question(told), caches });
    expect(first.code).toBe('OK');
    const asked = await ask();
    const anew = await judge(asked);
    expect(anew).toMatchObject({ conclusion: expect.not.stringMatching('passed') as string });
    expect([anew.code, ...anew.reasons.map((reason) => reason.code)]).toContain(code);
    expect(JSON.stringify(await judge({ ...asked, caches }))).toBe(JSON.stringify(anew));
    expect(JSON.stringify(await judge({ ...question(told), caches }))).toBe(JSON.stringify(first));
  });

  it('gives every scenario its own report, whatever was judged before', async () => {
    const caches = createJudgeCaches();
    const asked = world.scenarios.filter(({ lists }) => lists.every(({ name }) => name === 'current'));
    const fresh = new Map<string, string>();
    for (const each of asked) fresh.set(each.id, JSON.stringify(await judge(question(each))));
    for (const each of [...asked, ...[...asked].reverse()]) expect(JSON.stringify(await judge({ ...question(each), caches }))).toBe(fresh.get(each.id));
  });

  it('is not changed by who changes a report', async () => {
    const caches = createJudgeCaches();
    const first = await judge({ ...question(told), caches });
    const written = JSON.stringify(first);
    const summary = first.signers[0]!.path[0] as unknown as { subject: string; deviations: string[] };
    summary.subject = 'CN=another';
    summary.deviations.push('another');
    expect(JSON.stringify(await judge({ ...question(told), caches }))).toBe(written);
  });
});
