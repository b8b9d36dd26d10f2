import type { ChallengeAnswer } from '@hefu/sign';
import { describe, expect, it } from 'vitest';
import { cscAdapter, createCscMemoryVault, cscServiceLogin, type CscOptions, type Fetch } from '../../../src/index.js';
import { adapterContext } from '../../context.js';
import { approver, bench, play, REDIRECT, resumeOf, sessionOf, type Bench } from '../bench.js';
import { expectFailure, type ExpectedFailure } from '../failures/expect-failure.js';

const ID = 'key-qinghe-oauth';
const notSigned = (code: ExpectedFailure['code'], detail?: string): ExpectedFailure => ({ code, outcome: 'not-signed', ...(detail === undefined ? {} : { detail }) });
const expectNothing = (on: Bench): void => {
  expect(on.provider.made).toEqual([]);
  expect(on.service.exchanges.some(({ path }) => path.endsWith('signHash'))).toBe(false);
};

/** Where the user is not even sent: what the server says of itself, and what it says to a pushed request. */
describe('an authorization server is not gone to', () => {
  it.each([
    ['whose metadata are another’s (RFC 8414 §3.3)', 'metadata-issuer', notSigned('PROVIDER_PROTOCOL', 'oauth-metadata')],
    ['that has PKCE without S256 (RFC 9700 §2.1.1)', 'metadata-plain', notSigned('PROVIDER_PROTOCOL', 'pkce')],
    ['whose address is a program', 'metadata-script', notSigned('PROVIDER_PROTOCOL', 'oauth-address')],
    ['whose address is in the clear', 'metadata-http', notSigned('PROVIDER_PROTOCOL', 'oauth-address')],
    ['that refuses what was pushed (RFC 9126 §2.3)', 'par-refused', notSigned('PROVIDER_REFUSED')],
    ['that does not know the way back', 'par-redirect', notSigned('ADAPTER_MISCONFIGURED', 'redirect-uri')],
    ['that does not know the type of details (RFC 9396 §5)', 'rar-refused', notSigned('ADAPTER_MISCONFIGURED', 'rar')],
  ] as const)('%s (%s)', async (_, fault, expected) => {
    const on = bench();
    const session = await sessionOf(on, ID);
    on.service.faults.set(fault);
    const played = await play(on, session);
    expectFailure(on, played, expected);
    expect(played.asked).toEqual([]);
    expectNothing(on);
  });
});

describe('what was granted', () => {
  it.each([
    [undefined, { rar: 'if-supported' }, 'rar-other-type', 'details'], ['servers', { rar: 'if-supported' }, 'rar-other-type', 'details'],
    [undefined, { rar: 'required' }, 'rar-more', 'details'], ['servers', { rar: 'if-supported' }, 'rar-other-digests', 'other-digests'], ['servers', { rar: 'if-supported' }, 'rar-other-credential', 'other-credential'],
  ] as const)('at a server %s, %o: with fault %s is refused', async (oauth, rar, fault, detail) => {
    const on = bench({ sandbox: oauth === undefined ? {} : { oauth }, options: { oauth: { clientId: 'platform', redirectUri: REDIRECT, ...rar } } });
    const session = await sessionOf(on, ID, 2);
    on.service.faults.set(fault);
    expectFailure(on, await play(on, session), notSigned('HASH_NOT_AUTHORISED', detail));
    expectNothing(on);
  });

  it('as a token of a type that is neither SAD nor Bearer is not used', async () => {
    const on = bench();
    const session = await sessionOf(on, ID);
    on.service.faults.set('token-type');
    expectFailure(on, await play(on, session), notSigned('PROVIDER_PROTOCOL', 'oauth-token'));
    expectNothing(on);
  });
});

/** The token endpoint answers something else. RFC 6749 §5.2. */
describe('a token request', () => {
  const answering = (on: Bench, answer: () => Response): Fetch => (url, init) => (url.endsWith('/oauth2/token') ? on.clock.during(Promise.resolve(answer())) : on.service.fetch(url, init));
  const json = (status: number, body: unknown) => () => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  it.each([
    ['invalid_client', json(401, { error: 'invalid_client' }), notSigned('ADAPTER_MISCONFIGURED', 'client')],
    ['unauthorized_client', json(400, { error: 'unauthorized_client' }), notSigned('ADAPTER_MISCONFIGURED', 'client')],
    ['invalid_scope', json(400, { error: 'invalid_scope' }), notSigned('ADAPTER_MISCONFIGURED', 'scope')],
    ['unsupported_grant_type', json(400, { error: 'unsupported_grant_type' }), notSigned('ADAPTER_MISCONFIGURED', 'grant-type')],
    ['invalid_grant', json(400, { error: 'invalid_grant', error_description: 'used' }), notSigned('AUTH_EXPIRED', 'grant')],
    ['invalid_request', json(400, { error: 'invalid_request' }), notSigned('PROVIDER_REFUSED')],
    ['access_denied', json(400, { error: 'access_denied' }), notSigned('USER_REFUSED')],
    ['an error nobody knows', json(400, { error: 'x<script>' }), notSigned('PROVIDER_REFUSED')],
    ['no access_token', json(200, { token_type: 'SAD' }), notSigned('PROVIDER_PROTOCOL', 'oauth-token')],
    ['an empty access_token', json(200, { access_token: '', token_type: 'SAD' }), notSigned('PROVIDER_PROTOCOL', 'oauth-token')],
    ['no token_type', json(200, { access_token: 'abc' }), notSigned('PROVIDER_PROTOCOL', 'oauth-token')],
    ['a lifetime that is none', json(200, { access_token: 'abc', token_type: 'SAD', expires_in: -1 }), notSigned('PROVIDER_PROTOCOL', 'oauth-token')],
    ['no JSON', () => new Response('OK', { status: 200, headers: { 'content-type': 'application/json' } }), notSigned('PROVIDER_PROTOCOL', 'oauth-token')],
    ['a page', () => new Response('<html>', { status: 200, headers: { 'content-type': 'text/html' } }), notSigned('PROVIDER_PROTOCOL', 'oauth-token')],
  ] as const)('answered with %s', async (_, answer, expected) => {
    const on = bench();
    const session = await sessionOf(on, ID, 1, { adapter: cscAdapter({ ...on.options, fetch: answering(on, answer) }) });
    const played = await play(on, session);
    expectFailure(on, played, expected);
    expectNothing(on);
    expect(JSON.stringify(played.end)).not.toContain('script');
  });
});

/** Codes that are not this request's, or not any more. */
describe('a code', () => {
  const authorise = async (on: Bench, options: CscOptions): Promise<Extract<ChallengeAnswer, { type: 'oauth' }>> => {
    const login = await cscServiceLogin({ ...options, oauth: options.oauth! }, adapterContext({ clock: on.clock }));
    const answer = await approver(on.service)(login.challenge.url);
    if (answer.type !== 'oauth') throw new Error(answer.type);
    return answer;
  };

  it('of somebody else’s authorisation, slipped in with the right state, does not fit the verifier (RFC 9700 §4.5)', async () => {
    const on = bench();
    const theirs = await authorise(on, on.options);
    on.secrets.add(theirs.code);
    const played = await play(on, await sessionOf(on, ID), async (challenge) => {
      if (challenge.type !== 'oauth') return undefined;
      const own = await approver(on.service)(challenge.url);
      return own.type === 'oauth' ? { ...own, code: theirs.code } : own;
    });
    expectFailure(on, played, notSigned('AUTH_EXPIRED', 'grant'));
    expectNothing(on);
  });

  it('is good once: what a second request brings is refused (RFC 6749 §4.1.2)', async () => {
    const on = bench();
    let used = '';
    expect((await play(on, await sessionOf(on, ID), async (challenge) => {
      const own = challenge.type === 'oauth' ? await approver(on.service)(challenge.url) : undefined;
      if (own?.type === 'oauth') used = own.code;
      return own;
    })).end.type).toBe('done');
    const made = on.provider.made.length;
    const again = await play(on, await sessionOf(on, ID, 1, { requestId: 'req-2' }), async (challenge) => {
      const own = challenge.type === 'oauth' ? await approver(on.service)(challenge.url) : undefined;
      return own?.type === 'oauth' ? { ...own, code: used } : own;
    });
    expectFailure(on, again, notSigned('AUTH_EXPIRED', 'grant'));
    expect(on.provider.made).toHaveLength(made);
  });

  it('that came back by another way than was asked for is refused, and no other is made of it (RFC 6749 §4.1.3)', async () => {
    const vault = createCscMemoryVault();
    const on = bench({ options: { vault } });
    const first = await sessionOf(on, ID);
    const asked = new Promise<string>((resolve) => void (async () => { for await (const event of first.run()) if (event.type === 'challenge' && event.challenge.type === 'oauth') resolve(event.challenge.url); })());
    await asked;
    const kept = on.snapshots.at(-1)!;
    const resumed = await resumeOf({ ...on, options: { ...on.options, oauth: { ...on.options.oauth!, redirectUri: 'https://other.example/back' } } }, kept);
    const played = await play(on, resumed);
    // The code is lost; the user is asked anew, by the new way, and that is what is signed with.
    expect(on.service.exchanges.filter(({ path }) => path.endsWith('/oauth2/token')).map(({ status }) => status)).toEqual([400, 200]);
    expect(played.events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'AUTHORISING_AGAIN' }));
    expect([played.asked.length, played.end.type, on.provider.made.length]).toEqual([2, 'done', 1]);
    await first.cancel();
  });

  it.each([['state', { state: 'state-of-another-time' }], ['issuer', { issuer: 'https://other.example' }]] as const)('for the service with another %s is refused before anything is sent (RFC 9207 §2.4)', async (_, change) => {
    const on = bench();
    const context = adapterContext({ clock: on.clock });
    const login = await cscServiceLogin({ ...on.options, oauth: on.options.oauth! }, context);
    const answer = await approver(on.service)(login.challenge.url);
    if (answer.type !== 'oauth') throw new Error(answer.type);
    await expect(login.complete({ ...answer, ...change }, context)).rejects.toMatchObject({ code: 'STATE_MISMATCH', outcome: 'not-signed' });
    expect(on.service.exchanges.some(({ path }) => path.endsWith('/oauth2/token'))).toBe(false);
    await expect(login.complete(answer, context)).resolves.toMatchObject({ expiresIn: expect.any(Number) });
  });
});

describe('a pushed request', () => {
  it('that has expired leads nowhere; a process that goes on pushes another (RFC 9126 §2.2)', async () => {
    const on = bench({ options: { vault: createCscMemoryVault() } });
    const first = await sessionOf(on, ID);
    const asked = new Promise<string>((resolve) => void (async () => { for await (const event of first.run()) if (event.type === 'challenge' && event.challenge.type === 'oauth') resolve(event.challenge.url); })());
    const sent = await asked;
    on.clock.jump(120_000);
    expect((await on.service.fetch(sent, { method: 'GET' })).status).toBe(400);
    const { end, asked: questions } = await play(on, await resumeOf(on, on.snapshots.at(-1)!));
    expect(end.type).toBe('done');
    expect(questions[0]).toMatchObject({ type: 'oauth' });
    expect(questions[0]).not.toMatchObject({ url: sent });
    await first.cancel();
  });

  it('that has expired is made anew when the page asks for it, and not before', async () => {
    const on = bench({ options: { vault: createCscMemoryVault() } });
    const session = await sessionOf(on, ID);
    const urls: string[] = [];
    const approve = approver(on.service);
    let end: unknown;
    for await (const event of session.run()) {
      end = event;
      if (event.type !== 'challenge' || event.challenge.type !== 'oauth') continue;
      const { id, url, expiresAt } = event.challenge;
      expect(expiresAt).toBe(on.clock.now() + 90_000 - (urls.length === 1 ? 60_000 : 0));
      urls.push(url);
      if (urls.length < 3) {
        on.clock.jump(60_000);
        expect(session.answer(id, { type: 'resend' })).toBe('accepted');
      } else session.answer(id, await approve(url));
    }
    expect(end).toMatchObject({ type: 'done' });
    expect([urls[1] === urls[0], urls[2] === urls[0]]).toEqual([true, false]);
  });
});
