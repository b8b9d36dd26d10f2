import { beforeAll, describe, expect, it } from 'vitest';
import { createScriptedProvider } from '../../src/conformance/scripted-provider.js';
import { createSigningSession, resumeSigningSession, type Credential, type Judgement, type SigningEvent, type SigningSessionInput } from '../../src/index.js';
import { algorithms, AT, bench, companies, inputFor, judgement, play, softKey, world } from './bench.js';

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });
const PIN = { type: 'pin', value: '135790' } as const;
const good = () => companies('SM2')[0]!;
const YEAR = 365 * 86_400_000;

interface Tried { readonly events: readonly SigningEvent[]; readonly jobs: number; readonly snapshots: number }
async function tried(company = good(), change: (input: SigningSessionInput) => Partial<SigningSessionInput> = () => ({})): Promise<Tried> {
  const provider = createScriptedProvider([softKey(company)], { pin: PIN.value });
  const { ports, snapshots } = bench();
  const input = await inputFor(provider.adapter, 1, judged, ports);
  const events = await play(await createSigningSession({ ...input, ...change(input) }), { PIN });
  return { events, jobs: provider.jobs(), snapshots: snapshots.length };
}
const as = (change: Partial<Credential>) => ({ credential }: SigningSessionInput) => ({ credential: { ...credential, ...change } });

describe('before anybody is asked for anything', () => {
  it.each<[string, string, string | undefined, () => Promise<Tried>]>([
    ['revoked', 'CERT_REVOKED', 'CERTIFICATE_REVOKED', () => tried(companies('SM2', 'revoked')[0]!)],
    ['on hold', 'CERT_REVOKED', 'CERTIFICATE_FROZEN', () => tried(companies('SM2', 'frozen')[0]!)],
    ['expired', 'CERT_EXPIRED', 'CERTIFICATE_EXPIRED', () => tried(companies('SM2', 'expired')[0]!)],
    ['of an issuer that has a listed one’s name', 'CERT_NOT_TRUSTED', 'SAME_NAME_OTHER_KEY', () => tried(world.companies.find(({ issuer, sign }) => !issuer.listed && sign.key.kind === 'SM2')!)],
    ['ending before the deadline', 'CERT_EXPIRED', undefined, () => tried(good(), () => ({ deadline: AT + 20 * YEAR }))],
    ['locked', 'CREDENTIAL_LOCKED', undefined, () => tried(good(), as({ keyStatus: 'locked' }))],
    ['disabled', 'CREDENTIAL_DISABLED', undefined, () => tried(good(), as({ keyStatus: 'disabled' }))],
    ['another organisation’s', 'ORGANISATION_MISMATCH', undefined, () => tried(good(), () => ({ uscc: companies('SM2')[1]!.uscc }))],
    ['of unknown status', 'CERT_NOT_TRUSTED', 'CRL_NOT_AVAILABLE', () => tried(good(), () => ({ judgement: { ...judged, evidence: { ...judged.evidence, crls: [] } } }))],
  ])('a credential that is %s is refused', async (_, code, detail, go) => {
    const { events, jobs } = await go();
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code, outcome: 'not-signed', ...(detail === undefined ? {} : { detail }) }, signatures: [] });
    expect(events.some(({ type }) => type === 'challenge')).toBe(false);
    expect(jobs).toBe(0);
  });
  it('the right one of the right organisation is taken', async () => {
    expect((await tried(good(), () => ({ uscc: good().uscc, deadline: AT + 600_000 }))).events.at(-1)).toMatchObject({ type: 'done' });
  });
  it('what is merely open is taken where indeterminate messages are, and nothing else', async () => {
    const open = { judgement: { ...judged, accept: ['passed', 'indeterminate'], evidence: { ...judged.evidence, crls: [] } } } as const;
    expect((await tried(good(), () => open)).events.at(-1)).toMatchObject({ type: 'done', signatures: [{ report: { conclusion: 'indeterminate' } }] });
    expect((await tried(companies('SM2', 'expired')[0]!, () => open)).events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'CERT_EXPIRED' } });
    expect((await tried(companies('SM2', 'revoked')[0]!, () => ({ judgement: { ...judged, accept: ['passed', 'indeterminate'] } }))).events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'CERT_REVOKED' } });
  });
});

describe('resuming with a certificate that has ended', () => {
  it('asks nobody, and hands over what was signed before', async () => {
    const provider = createScriptedProvider([softKey(good())], { pin: PIN.value, maxPerAuthorisation: 1 });
    const { ports, snapshots, clock } = bench();
    const session = await createSigningSession(await inputFor(provider.adapter, 2, judged, ports, { uscc: good().uscc }));
    await play(session, { PIN }, (event) => { if (event.type === 'item') void session.cancel(); });
    const revoked: Judgement = { ...judged, accept: ['passed'] };
    clock.jump(20 * YEAR);
    const events = await play(resumeSigningSession(snapshots.at(-1)!, { adapter: provider.adapter, algorithms, judgement: revoked, ports: bench(clock).ports }), { PIN });
    expect(events.some(({ type }) => type === 'challenge')).toBe(false);
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'CERT_EXPIRED' }, failed: [{ itemId: 'i0', error: { code: 'VERDICT_NOT_PASSED', detail: 'CERTIFICATE_EXPIRED', verdict: expect.arrayContaining(['CERTIFICATE_EXPIRED']) } }] });
    expect(provider.made).toEqual(['i0']);
  });
});
