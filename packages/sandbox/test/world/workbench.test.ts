import { softwareDigests } from '@hefu/crypto';
import { parseCertificate, type Certificate } from '@hefu/pki';
import { extractIdentity, suggestProfile, testProfile } from '@hefu/verify';
import { describe, expect, test } from 'vitest';
import { attr, createSeed, deriveKeyPair, issueCertificate, organisationCode, uscc, withWrongCheck, type Holder, type Placement } from '../../src/index.js';
import * as placements from '../../src/world/placement.js';

const sha256 = softwareDigests.find(({ name }) => name === 'SHA-256')!;
const seed = createSeed('workbench');
const key = deriveKeyPair(seed, 'workbench', 'P-256');

const holderOf = (index: number, name: string): Holder => {
  const orgCode = organisationCode(`HEFU80${index}0`);
  return { id: `w${index}`, name, nameEn: 'Sandbox', region: '420100', orgCode, uscc: uscc('420100', orgCode) };
};
const HOLDERS = [holderOf(1, '沙盒甲建设工程有限公司'), holderOf(2, '沙盒乙（武汉）机电设备有限公司'), holderOf(3, '沙盒丙市政园林集团有限公司')];

function certificateOf(placement: Placement, holder: Holder): Certificate {
  return parseCertificate(issueCertificate({
    serialNumber: Uint8Array.of(1), issuer: [attr('C', 'CN'), attr('O', '沙盒某数字证书认证有限公司'), attr('CN', 'Sandbox CA')], subject: placement.subject(holder, seed),
    notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2027, 0, 1), spki: key.spkiDer, signer: key, extensions: placement.extensions(holder, seed),
  }));
}

const all = Object.entries(placements) as [string, Placement][];

describe('the identity workbench on every placement', () => {
  test('there are twelve and more', () => expect(all.length).toBeGreaterThanOrEqual(12));

  test.each(all)('%s: a profile drafted from three samples reads what the CA’s own profile reads', (_, placement) => {
    const certificates = HOLDERS.map((holder) => certificateOf(placement, holder));
    const { profile, trials } = suggestProfile(certificates, { id: 'prof:draft', sha256 });
    expect(trials.map(({ passed }) => passed)).toEqual([true, true, true]);
    expect(profile!.samples).toHaveLength(3);
    // Also of a holder it has not seen, one with a wrong check character.
    const odd = holderOf(4, '沙盒丁水利水电工程局');
    for (const holder of [...HOLDERS, odd, { ...odd, uscc: withWrongCheck(odd.uscc) }]) {
      const expected = placement.expected(holder, seed);
      const identity = extractIdentity(certificateOf(placement, holder), profile!, { reveal: true });
      expect(identity.conflicts).toEqual([]);
      for (const field of ['uscc', 'orgCode', 'opaqueId', 'name'] as const) if (expected[field] !== undefined) expect([field, identity[field]]).toEqual([field, expected[field]]);
      expect(identity.personId).toBeUndefined();
    }
  });

  test.each(all)('%s: the CA’s profile is shown at work, and fails where a sample states otherwise', (_, placement) => {
    const [first, second] = HOLDERS as [Holder, Holder, Holder];
    const certificate = certificateOf(placement, first);
    const [trial] = testProfile(placement.profile, [certificate], { sha256 });
    expect(trial).toMatchObject({ passed: true, missing: [] });
    expect(trial!.trials.filter(({ outcome }) => outcome === 'taken').length).toBeGreaterThanOrEqual(2);
    const { name } = placement.expected(first, seed);
    const withSample = (expected: string): typeof placement.profile => ({ ...placement.profile, samples: [{ certSha256: trial!.sha256, expect: { name: expected } }] });
    expect(testProfile(withSample(name!), [certificate], { sha256 })[0]!.passed).toBe(true);
    expect(testProfile(withSample(second.name), [certificate], { sha256 })[0]).toMatchObject({ passed: false, expected: [{ field: 'name', met: false }] });
  });
});
