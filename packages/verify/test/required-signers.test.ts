import { parseCertificate, readSignedData } from '@hefu/pki';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Company } from '../../sandbox/dist/index.js';
import { addSigner, assembleSignature, prepareSignature } from '../../sign/dist/index.js';
import { judge, type Report, type SignerRequirement } from '../src/index.js';
import { checkRequirements, type JudgedSigner } from '../src/required-signers.js';
import { algorithms, judging, type Judging } from './judging.js';

let told: Judging;
let first: Company;
let second: Company;
beforeAll(async () => {
  told = await judging('required-signers');
  [first, second] = [told.company('SM2'), told.company('SM2', 1)];
});
const content = new TextEncoder().encode('投标函');

async function signedBy(...companies: Company[]): Promise<Uint8Array> {
  let message: Uint8Array | undefined;
  for (const { sign } of companies) {
    const prepared = prepareSignature({ certificate: parseCertificate(sign.certificate), chain: sign.chain ?? [], content, algorithms });
    const value = sign.key.sign(content);
    message = message === undefined ? await assembleSignature(prepared, value) : await addSigner(message, prepared, value);
  }
  return message!;
}

async function judged(requireSigners: readonly SignerRequirement[], ...companies: Company[]): Promise<Report> {
  const each = companies.map((company) => told.surroundings(company));
  const evidence = { ...each[0]!.evidence, candidateCertificates: each.flatMap(({ evidence: { candidateCertificates } }) => candidateCertificates), crls: each.flatMap(({ evidence: { crls } }) => crls) };
  return judge({ ...each[0]!, evidence, signed: readSignedData(await signedBy(...companies)), content, context: { ...each[0]!.context, requireSigners } });
}

describe('parallel signers and who had to sign', () => {
  it('both are there', async () => {
    const report = await judged([{ role: '企业公章', uscc: second.identity.uscc! }, { role: '法定代表人', uscc: first.identity.uscc! }], first, second);
    expect(report).toMatchObject({ conclusion: 'passed', signers: [{ code: 'OK' }, { code: 'OK' }] });
    const byCompany = report.signers.map(({ identity }) => identity!.uscc);
    expect(report.requiredSigners!.map(({ role, signers }) => [role, signers.map((index) => byCompany[index])])).toEqual([['企业公章', [second.identity.uscc]], ['法定代表人', [first.identity.uscc]]]);
  });

  it('one is missing; one signer is not two', async () => {
    const seal = { role: '企业公章', subjectType: 'organization' as const };
    expect(await judged([seal], first)).toMatchObject({ conclusion: 'passed' });
    expect(await judged([seal, { ...seal, role: '法定代表人' }], first)).toMatchObject({ conclusion: 'indeterminate', subIndication: 'SIG_CONSTRAINTS_FAILURE', code: 'REQUIRED_SIGNER_MISSING', reasons: [{ expected: '法定代表人' }] });
    expect(await judged([{ ...seal, count: 2 }], first)).toMatchObject({ code: 'REQUIRED_SIGNER_MISSING', requiredSigners: [{ role: '企业公章', signers: [0] }] });
    expect(await judged([{ ...seal, count: 2 }], first, second)).toMatchObject({ conclusion: 'passed' });
    expect(await judged([{ role: '法定代表人', subjectType: 'person' }], first, second)).toMatchObject({ code: 'REQUIRED_SIGNER_MISSING' });
    expect(await judged([{ role: '印章', certificatePolicies: ['1.2.3.4.5'] }], first)).toMatchObject({ code: 'REQUIRED_SIGNER_MISSING' });
  });

  it.each<[unknown]>([[[]], [[{ role: '' }]], [[{ role: 'x', count: 0 }]], [[{ role: 'x', uscc: '1' }]], [[{ role: 'x', subjectType: 'robot' }]], [[{ role: 'x', certificatePolicies: [] }]], [[{ role: 'x', count: 21 }]], [[{ role: 'x', Uscc: 'y' }]], [{}]])('refuses %j', async (requireSigners) => {
    await expect(judged(requireSigners as never, first)).rejects.toMatchObject({ code: 'CONTEXT_INVALID' });
  });
});

describe('checkRequirements', () => {
  const signer = (key: number, identity: object, conclusion = 'passed'): JudgedSigner => ({
    report: { conclusion, identity } as never, certificate: { spki: { bytes: Uint8Array.of(key) }, extCertificatePolicies: [] } as never,
  });

  it('two certificates of one key are one signer, and those that did not pass are none', () => {
    const needed = [{ role: 'a' }, { role: 'b' }];
    expect(checkRequirements(needed, [signer(1, {}), signer(1, {})]).reasons).toHaveLength(1);
    expect(checkRequirements(needed, [signer(1, {}), signer(2, {}, 'failed')]).reasons).toHaveLength(1);
    expect(checkRequirements(needed, [signer(1, {}), signer(2, {})]).reasons).toHaveLength(0);
  });

  it('finds an assignment where there is one, as trying all of them does', () => {
    const types = ['organization', 'person', 'device'] as const;
    const identity = fc.record({ subjectType: fc.constantFrom(...types), uscc: fc.constantFrom('A', 'B') });
    const requirement = fc.record({ role: fc.constant('r'), subjectType: fc.constantFrom(...types), uscc: fc.constantFrom('A', 'B') }, { requiredKeys: ['role'] });
    fc.assert(fc.property(fc.array(identity, { maxLength: 5 }), fc.array(requirement, { minLength: 1, maxLength: 4 }), (identities, requirements) => {
      const fits = (at: number, need: SignerRequirement): boolean => (need.subjectType === undefined || identities[at]!.subjectType === need.subjectType) && (need.uscc === undefined || identities[at]!.uscc === need.uscc);
      const possible = (need: number, used: readonly number[]): boolean => need === requirements.length || identities.some((_, at) => !used.includes(at) && fits(at, requirements[need] as SignerRequirement) && possible(need + 1, [...used, at]));
      const { reasons, met } = checkRequirements(requirements as readonly SignerRequirement[], identities.map((each, key) => signer(key, each)));
      expect(reasons.length === 0).toBe(possible(0, []));
      const used = met.flatMap(({ signers }) => signers);
      expect(new Set(used).size).toBe(used.length);
      for (const [need, { signers }] of met.entries()) for (const at of signers) expect(fits(at, requirements[need] as SignerRequirement)).toBe(true);
    }));
  });
});
