import { beforeAll, describe, expect, it } from 'vitest';
import { bestCredential, createSoftAdapter, selectCredential, type Credential, type CredentialCandidate, type SelectCredentialInput } from '../../src/index.js';
import { algorithms, ALGORITHM, AT, companies, judgement, softKey, world } from './bench.js';

let base: Omit<SelectCredentialInput, 'credentials' | 'capabilities'>;
beforeAll(async () => { base = { ...(await judgement()), algorithms, at: AT }; });

const good = () => companies('SM2')[0]!;
const unlisted = () => world.companies.find(({ issuer }) => !issuer.listed)!;
const codes = ({ reasons }: CredentialCandidate): string[] => reasons.map(({ code }) => code);

async function select(credentials: readonly Credential[], change: Partial<SelectCredentialInput> = {}): Promise<readonly CredentialCandidate[]> {
  const capabilities = await createSoftAdapter({ keys: (['SM2', 'P-256', 'RSA-2048'] as const).map((kind) => softKey(companies(kind)[0]!)) }).discover(undefined as never);
  return selectCredential({ ...base, credentials, capabilities, ...change });
}
const credential = (company = good(), change: Partial<Credential> = {}): Credential => ({
  ...softKey(company, `ref-${company.uscc}-${company.state}`).credential, keyStatus: 'enabled', auth: { factor: 'none', id: 'none' }, maxPerAuthorisation: 1, hashBound: false, ...change,
});

describe('selectCredential', () => {
  it('says of every credential why it cannot be used', async () => {
    const other = good().encrypt.certificate;
    const all: [string, Credential, readonly string[]][] = [
      ['good', credential(), []],
      ['revoked', credential(companies('SM2', 'revoked')[0]!), ['CERT_REVOKED']],
      ['frozen', credential(companies('SM2', 'frozen')[0]!), ['CERT_REVOKED']],
      ['expired', credential(companies('SM2', 'expired')[0]!), ['CERT_EXPIRED']],
      ['unlisted', credential(unlisted()), ['CERT_NOT_TRUSTED']],
      ['encryption', credential(good(), { chain: [other, ...softKey(good()).credential.chain.slice(1)] }), ['CERTIFICATE_NOT_FOR_SIGNING']],
      ['locked', credential(good(), { keyStatus: 'locked' }), ['CREDENTIAL_LOCKED']],
      ['disabled', credential(good(), { keyStatus: 'disabled' }), ['CREDENTIAL_DISABLED']],
      ['unknown', credential(good(), { chain: [] }), ['CERT_UNKNOWN']],
      ['unreadable', credential(good(), { chain: [Uint8Array.of(1, 2, 3)] }), ['ADAPTER_MISCONFIGURED']],
      ['other algorithm', credential(good(), { algorithms: [ALGORITHM['P-256']] }), ['ALGORITHM_UNSUPPORTED']],
    ];
    const found = await select(all.map(([ref, each]) => ({ ...each, ref })));
    expect(found).toHaveLength(all.length);
    for (const [ref, , expected] of all) {
      const candidate = found.find((each) => each.credential.ref === ref)!;
      expect([ref, ...new Set(codes(candidate))], ref).toEqual([ref, ...expected]);
      expect(candidate.usable).toBe(expected.length === 0);
      for (const { message, remedy } of candidate.reasons) for (const text of [message.zh, message.en, remedy.zh, remedy.en]) expect(text).not.toBe('');
    }
    expect(bestCredential(found).credential.ref).toBe('good');
  });

  it('looks at the deadline', async () => {
    const [{ certificate }] = await select([credential()]) as [CredentialCandidate];
    const until = certificate!.validity.notAfter;
    expect(codes((await select([credential()], { deadline: until }))[0]!)).toEqual([]);
    expect(codes((await select([credential()], { deadline: until + 1000 }))[0]!)).toEqual(['CERT_EXPIRED']);
  });

  it('wants the organisation of the bidder', async () => {
    expect(codes((await select([credential()], { uscc: good().uscc }))[0]!)).toEqual([]);
    expect(codes((await select([credential()], { uscc: companies('SM2')[1]!.uscc }))[0]!)).toEqual(['ORGANISATION_MISMATCH']);
  });

  it('says where else it counts', async () => {
    const [candidate] = await select([credential()], { regions: ['420200', '110000'] });
    expect(candidate!.regions).toMatchObject({ 420100: { recognised: true }, 420200: { recognised: true }, 110000: { recognised: false, codes: ['REGION_NOT_IN_SCOPE'] } });
  });

  it('marks a second credential of one key, and orders the same whatever the order', async () => {
    const all = [credential(good(), { ref: 'b' }), credential(good(), { ref: 'a' }), credential(companies('SM2')[1]!, { ref: 'c' }), credential(companies('SM2', 'revoked')[0]!, { ref: '0' })];
    const forward = await select(all);
    const backward = await select([...all].reverse());
    expect(forward.map(({ credential: { ref }, sameKeyAs }) => [ref, sameKeyAs])).toEqual(backward.map(({ credential: { ref }, sameKeyAs }) => [ref, sameKeyAs]));
    expect(forward.find(({ credential: { ref } }) => ref === 'b')!.sameKeyAs).toBe('a');
    expect(forward.at(-1)!.credential.ref).toBe('0');
    expect(forward.map(({ usable }) => usable)).toEqual([true, true, true, false]);
    expect(() => bestCredential(forward.slice(-1))).toThrowError(expect.objectContaining({ code: 'NO_USABLE_CREDENTIAL' }));
  });
});
