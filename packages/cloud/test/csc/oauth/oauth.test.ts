import { describe, expect, it } from 'vitest';
import { cscAdapter, cscClientLogin, cscServiceLogin, createCscMemoryVault, type CscOAuthClient } from '../../../src/index.js';
import { adapterContext } from '../../context.js';
import { approver, bench, leaks, play, REDIRECT, resumeOf, sessionOf, type Bench, type BenchChange } from '../bench.js';
import { expectFailure } from '../failures/expect-failure.js';

const ID = 'key-qinghe-oauth';
const client = (change: Partial<CscOAuthClient> = {}): CscOAuthClient => ({ clientId: 'platform', redirectUri: REDIRECT, ...change });
const oauth = (change: Partial<CscOAuthClient>, more: BenchChange = {}): BenchChange => ({ ...more, options: { ...more.options, oauth: client(change) } });

describe('a credential authorised by OAuth 2.0', () => {
  it.each([
    ['by metadata, PAR and RAR', oauth({})], ['without PAR', oauth({ par: 'never' })], ['without RAR', oauth({ rar: 'never' })], ['with neither', oauth({ par: 'never', rar: 'never' })],
    ['with both required', oauth({ par: 'required', rar: 'required' })],
    ['by the fixed paths of the API', oauth({}, { sandbox: { oauth: 'base' } })], ['of v2.2, with its type of detail', oauth({}, { sandbox: { oauth: 'servers' } })],
    ['of v1', oauth({}, { version: 'v1' })],
    ['of a confidential client', oauth({ clientSecret: async () => 'the-secret-of-the-platform' })],
    ['whose token is the bearer', oauth({}, { sandbox: { preset: 'eudi-qtsp' }, options: { quirks: { name: 'own', hashes: 'percent-base64', maxPerCall: 1 } } })],
  ])('signs %s', async (_, change) => {
    const on = bench(change);
    const { end, events } = await play(on, await sessionOf(on, ID, 3));
    expect(end.type).toBe('done');
    expect(leaks(on, events)).toEqual([]);
    expect(JSON.stringify(on.service.exchanges.map(({ url }) => url))).not.toContain('the-secret-of-the-platform');
  });

  it.each([['credential', {}], ['https://cloudsignatureconsortium.org/2025/credential', { sandbox: { oauth: 'servers' } }]] as const)('asks for %s', async (type, change) => {
    const on = bench(change);
    await play(on, await sessionOf(on, ID, 2));
    const pushed = new URLSearchParams(on.service.exchanges.find(({ path }) => path.endsWith('pushed_authorize'))!.body);
    const [detail] = JSON.parse(pushed.get('authorization_details')!) as [{ type: string; documentDigests: { hash: string; label: string }[] }];
    expect(detail).toMatchObject({ type, credentialID: ID, hashAlgorithmOID: '1.2.156.10197.1.401' });
    // Names of files stay here unless the caller lets them go.
    expect(detail.documentDigests.map(({ label }) => label)).toEqual(['1', '2']);
    expect(pushed.get('code_challenge_method')).toBe('S256');
    const open = bench(change);
    await play(open, await sessionOf(open, ID, 2, { shareLabels: true }));
    expect(new URLSearchParams(open.service.exchanges.find(({ path }) => path.endsWith('pushed_authorize'))!.body).get('authorization_details')).toContain('标书 0.pdf');
  });

  it.each([
    ['oauth-state', 'STATE_MISMATCH', 'state'], ['oauth-issuer', 'STATE_MISMATCH', 'issuer'], ['oauth-no-issuer', 'STATE_MISMATCH', 'issuer'],
    ['rar-other-digests', 'HASH_NOT_AUTHORISED', 'other-digests'], ['rar-other-credential', 'HASH_NOT_AUTHORISED', 'other-credential'],
  ] as const)('is refused: %s (24)', async (fault, code, detail) => {
    const on = bench();
    const session = await sessionOf(on, ID, 2);
    on.service.faults.set(fault);
    expectFailure(on, await play(on, session), { code, outcome: 'not-signed', detail });
    expect(on.provider.made).toEqual([]);
    expect(on.service.exchanges.some(({ path }) => path.endsWith('signHash'))).toBe(false);
  });

  it('is refused without what was granted, where that is required', async () => {
    const on = bench(oauth({ rar: 'required' }));
    const session = await sessionOf(on, ID);
    on.service.faults.set('rar-not-echoed');
    expectFailure(on, await play(on, session), { code: 'HASH_NOT_AUTHORISED', outcome: 'not-signed', detail: 'not-echoed' });
    const lenient = bench();
    const other = await sessionOf(lenient, ID);
    lenient.service.faults.set('rar-not-echoed');
    expect((await play(lenient, other)).end.type).toBe('done');
  });

  it('is told apart: refused by the user, the code refused, the window closed', async () => {
    const on = bench();
    expectFailure(on, await play(on, await sessionOf(on, ID), (challenge) => (challenge.type === 'oauth' ? approver(on.service)(challenge.url, 'refuse') : undefined)), { code: 'USER_REFUSED', outcome: 'not-signed' });
    const late = bench();
    const session = await sessionOf(late, ID);
    late.service.faults.set('grant-refused');
    expectFailure(late, await play(late, session), { code: 'AUTH_EXPIRED', outcome: 'not-signed' });
    const closed = bench();
    expectFailure(closed, await play(closed, await sessionOf(closed, ID), () => ({ type: 'oauth-failed', reason: 'popup-closed' })), { code: 'POPUP_CLOSED', outcome: 'not-signed' });
  });

  it.each([['', oauth({})], ['by the fixed paths', oauth({}, { sandbox: { oauth: 'base' } })]] as const)('ends its token at the server once it has signed, and when it is cancelled before (RFC 7009) %s', async (_, change) => {
    const revoked = (on: Bench): readonly (string | null)[] => on.service.exchanges.filter(({ path, status }) => path.endsWith('/oauth2/revoke') && status === 200).map(({ body }) => new URLSearchParams(body).get('token'));
    const on = bench(change);
    const played = await play(on, await sessionOf(on, ID));
    expect(played.end.type).toBe('done');
    expect(revoked(on)).toEqual([expect.stringMatching(/^sad-/)]);
    expect(leaks(on, played.events)).toEqual([]);
    const other = bench(change);
    const { adapter, credential } = await other.credential(ID);
    const context = adapterContext({ clock: other.clock });
    const session = await adapter.begin({
      requestId: 'given-up', credential, algorithm: credential.algorithms[0]!, display: { title: '', lines: [], verificationCode: '0000', locale: 'en', shareLabels: false },
      items: [{ itemId: 'i0', label: '', toSign: { kind: 'sm2-e', value: new Uint8Array(32).fill(7), id: new Uint8Array(0) } }],
    }, context);
    const running = session.run({ signal: context.signal, ask: async (challenge) => other.answer(challenge), show: () => undefined });
    for (let step = await running.next(); step.done !== true && step.value.type !== 'checkpoint'; step = await running.next());
    expect(await session.cancel('user')).toBe('cancelled');
    await expect(running.next()).rejects.toMatchObject({ code: 'ABORTED', outcome: 'not-signed' });
    expect(other.provider.made).toEqual([]);
    expect(revoked(other)).toEqual([expect.stringMatching(/^sad-/)]);
    expect(leaks(other, [])).toEqual([]);
  });

  it('has signed though the server does not end its token, and asks once', async () => {
    const on = bench();
    const session = await sessionOf(on, ID);
    on.service.faults.set('503,on=/oauth2/revoke');
    expect((await play(on, session)).end.type).toBe('done');
    expect(on.service.exchanges.filter(({ path }) => path.endsWith('/oauth2/revoke'))).toHaveLength(1);
  });

  it('goes on after a crash with the request the user was sent away with', async () => {
    // A crash is not a cancel: the vault is as it was, and another process has the last snapshot.
    const kept = bench({ options: { vault: createCscMemoryVault() } });
    const first = await sessionOf(kept, ID);
    const asked = new Promise<string>((resolve) => void (async () => { for await (const event of first.run()) if (event.type === 'challenge' && event.challenge.type === 'oauth') resolve(event.challenge.url); })());
    const sent = await asked;
    const resumed = await resumeOf(kept, kept.snapshots.at(-1)!);
    const { end, asked: questions } = await play(kept, resumed);
    expect(end.type).toBe('done');
    expect(questions[0]).toMatchObject({ type: 'oauth', url: sent });
    await first.cancel();
  });

  it('needs a pushed request where the hashes fit into no address', async () => {
    const on = bench(oauth({ par: 'never' }));
    const played = await play(on, await sessionOf(on, ID, 100));
    expectFailure(on, played, { code: 'BATCH_TOO_LARGE', outcome: 'not-signed', detail: 'url' });
    expect(played.asked).toEqual([]);
  });

  it('cannot be used by an adapter without a client', async () => {
    const on = bench();
    const { oauth: _, ...options } = on.options;
    const session = await sessionOf(on, ID, 1, { adapter: cscAdapter(options) });
    expectFailure(on, await play(on, session), { code: 'ADAPTER_MISCONFIGURED', outcome: 'not-signed', detail: 'oauth' });
  });
});

describe('access to the service', () => {
  it('is had by its user, and by the platform itself', async () => {
    const on = bench();
    const context = adapterContext({ clock: on.clock });
    const options = { ...on.options, oauth: client() };
    const login = await cscServiceLogin(options, context);
    const answer = await approver(on.service)(login.challenge.url);
    if (answer.type !== 'oauth') throw new Error(answer.type);
    await expect(login.complete({ ...answer, state: 'other' }, context)).rejects.toMatchObject({ code: 'STATE_MISMATCH' });
    const byUser = await login.complete(answer, context);
    const itself = await cscClientLogin(options, context);
    for (const { accessToken } of [byUser, itself]) {
      const adapter = cscAdapter({ ...options, tokens: { service: async () => accessToken } });
      expect((await adapter.listCredentials({ limit: 2 }, context)).length).toBe(2);
    }
    expect(byUser.accessToken).not.toBe(itself.accessToken);
    await expect(login.complete(answer, context)).rejects.toMatchObject({ code: 'AUTH_EXPIRED' });
  });
});
