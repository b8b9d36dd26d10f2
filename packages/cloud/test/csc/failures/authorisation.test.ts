import { describe, expect, it } from 'vitest';
import { CSC_PIN, CSC_SERVICE_TOKEN } from '../../../../sandbox/dist/index.js';
import { bench, leaks, play, sessionOf } from '../bench.js';
import { expectFailure } from './expect-failure.js';

const SM2 = 'key-qinghe';

describe.each([['v1'], ['v2']] as const)('the user of a service %s', (version) => {
  it('who gets the PIN wrong is asked again, and locked after the third (13)', async () => {
    const once = bench({ version });
    const right = await play(once, await sessionOf(once, SM2), (challenge, nth) => (challenge.type === 'pin' && nth === 1 ? { type: 'pin', value: '000000000001' } : undefined));
    expect(right.end.type).toBe('done');
    expect(right.asked).toHaveLength(2);
    expect(leaks(once, right.events)).toEqual([]);

    const always = bench({ version });
    const wrong = await play(always, await sessionOf(always, SM2), () => ({ type: 'pin', value: '000000000002' }));
    expectFailure(always, wrong, { code: version === 'v1' ? 'PIN_LOCKED' : 'CREDENTIAL_LOCKED', outcome: 'not-signed' });
    expect(wrong.asked).toHaveLength(3);
    expect(always.provider.made).toEqual([]);
  });

  it('whose PIN is locked between authorising and signing (13)', async () => {
    const on = bench({ version });
    on.service.faults.set('pin-locked');
    expectFailure(on, await play(on, await sessionOf(on, SM2)), { code: version === 'v1' ? 'PIN_LOCKED' : 'CREDENTIAL_LOCKED', outcome: 'not-signed' });
  });

  it('who gets the code wrong is asked for the code alone; who waits too long, for another (14)', async () => {
    const on = bench({ version });
    const wrong = await play(on, await sessionOf(on, `${SM2}-otp`), (challenge, nth) => (challenge.type === 'otp' && nth === 1 ? { type: 'otp', value: '000000000003' } : undefined));
    expect(wrong.end.type).toBe('done');
    expect(wrong.asked.map(({ type }) => type).sort()).toEqual(['otp', 'otp', 'pin']);

    const late = bench({ version });
    const waited = await play(late, await sessionOf(late, `${SM2}-otp`), async (challenge, nth) => {
      if (challenge.type !== 'otp') return undefined;
      const given = await late.answer(challenge);
      if (nth === 1) late.clock.jump(200_000);
      return given;
    });
    expect(waited.end.type).toBe('done');
    expect(waited.asked.filter(({ type }) => type === 'otp')).toHaveLength(2);
    expect(leaks(late, waited.events)).toEqual([]);
  });

  it('who asks for the code again is told from when on, and has one message too many sent by nobody (14)', async () => {
    const on = bench({ version });
    const played = await play(on, await sessionOf(on, `${SM2}-otp`), (challenge, nth) => {
      if (challenge.type !== 'otp') return undefined;
      if (nth === 1) expect(challenge.resendAfter).toBe(on.clock.now() + 30_000);
      return undefined;
    });
    expect(played.end.type).toBe('done');
    const again = bench({ version });
    let resent = false;
    const session = await sessionOf(again, `${SM2}-otp`);
    const throttled = await play(again, session, (challenge) => {
      if (challenge.type !== 'otp' || resent) return undefined;
      resent = true;
      return { type: 'resend' };
    });
    expect(throttled.end.type).toBe('done');
    expect(again.service.exchanges.filter(({ path, status }) => /sendOTP|getChallenge/.test(path) && status === 429)).toHaveLength(1);
  });

  it.each([
    ['sad-expired', 'SAD_EXPIRED', 18], ['hash-not-authorised', 'HASH_NOT_AUTHORISED', 22], ['certificate-expired', 'CERT_EXPIRED', 33],
  ] as const)('of a SAD the service refuses: %s', async (fault, code) => {
    const on = bench({ version });
    on.service.faults.set(fault);
    expectFailure(on, await play(on, await sessionOf(on, SM2)), { code, outcome: 'not-signed' });
    expect(on.provider.made).toEqual([]);
  });

  it('whose SAD ended once is asked again, and signs (18)', async () => {
    const on = bench({ version });
    on.service.faults.set('sad-expired,times=1');
    const played = await play(on, await sessionOf(on, SM2));
    expect(played.end.type).toBe('done');
    expect(played.asked).toHaveLength(2);
    expect(played.events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'AUTHORISING_AGAIN' }));
    expect(on.provider.made).toHaveLength(1);
  });

  it('who refuses on his phone (11)', async () => {
    const on = bench({ version });
    on.service.faults.set('user-refuses');
    expectFailure(on, await play(on, await sessionOf(on, `${SM2}-push`)), { code: 'USER_REFUSED', outcome: 'not-signed' });
  });

  it('who never confirms is late, which is not the network (12)', async () => {
    const on = bench({ version, options: { quirks: { name: 'short', confirmMs: 20_000 } } });
    expectFailure(on, await play(on, await sessionOf(on, `${SM2}-ignores`)), { code: 'USER_TIMEOUT', outcome: 'not-signed' });
  });

  it('whose access token ends is not troubled while the platform has another (17)', async () => {
    const given: (string | undefined)[] = [];
    const on = bench({
      version, sandbox: { serviceTokens: [CSC_SERVICE_TOKEN, 'second-service-token'] },
      options: { tokens: { service: async ({ stale }) => { given.push(stale); return given.some((each) => each !== undefined) ? 'second-service-token' : CSC_SERVICE_TOKEN; } } },
    });
    const session = await sessionOf(on, SM2, 2);
    on.service.faults.set(version === 'v2' ? 'token-expired,on=signPolling,times=1' : 'token-expired,on=signHash,times=1');
    expect((await play(on, session)).end.type).toBe('done');
    expect(given).toContain(CSC_SERVICE_TOKEN);
    expect(on.provider.made).toHaveLength(2);
  });

  it('whose access token ends and who has to sign in again', async () => {
    const on = bench({ version });
    const session = await sessionOf(on, SM2);
    on.service.faults.set('token-expired,on=signHash');
    const { end, events } = await play(on, session);
    expectFailure(on, { end, events }, { code: 'TOKEN_EXPIRED', outcome: 'not-signed' });
  });
});

describe('a SAD', () => {
  it('is not sent when its time is over by the clock of the service: a closed lid (9)', async () => {
    const on = bench({ version: 'v1', sandbox: { sadSeconds: 60 } });
    const session = await sessionOf(on, SM2);
    let slept = false;
    const { end, events } = await play({ ...on, answer: on.answer }, session, () => undefined);
    expect(end.type).toBe('done');
    const later = bench({ version: 'v1', sandbox: { sadSeconds: 60 } });
    const asleep = await sessionOf(later, SM2, 1, { ports: { ...later.ports, keep: async () => {
      // The first snapshot after the authorisation: then the lid is closed.
      if (!slept && later.provider.secrets().some((secret) => secret.startsWith('sad'))) { slept = true; later.clock.jump(120_000); }
    } } });
    const played = await play(later, asleep);
    expect(played.end.type).toBe('done');
    expect(slept).toBe(true);
    expect(played.events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'AUTHORISING_AGAIN', detail: { code: 'SAD_EXPIRED' } }));
    expect(later.service.exchanges.filter(({ path, status }) => path.endsWith('signHash') && status !== 200)).toEqual([]);
    expect(events.length).toBeGreaterThan(0);
  });

  it('is used once for each hash, also at a service that would take it again (19)', async () => {
    const on = bench({ version: 'v1', sandbox: { preset: 'certomancer' } });
    expect((await play(on, await sessionOf(on, SM2, 3))).end.type).toBe('done');
    expect(on.service.exchanges.filter(({ path }) => path.endsWith('signHash'))).toHaveLength(1);
  });

  it('used before, as the service says, ends it (19)', async () => {
    const on = bench({ version: 'v1', options: { quirks: { name: 'own', errors: [{ says: /SAD expired/, code: 'SAD_REPLAYED' }] } } });
    on.service.faults.set('sad-expired');
    expectFailure(on, await play(on, await sessionOf(on, SM2)), { code: 'SAD_REPLAYED', outcome: 'not-signed' });
  });

  it('of one credential is not used for another (20)', async () => {
    const on = bench({ version: 'v2', sandbox: { companies: ['qinghe', 'jianjia'] } });
    const { adapter } = await on.credential(SM2);
    const authorise = await on.service.fetch('http://127.0.0.1:1/csc/v2/credentials/authorize', { method: 'POST', headers: { authorization: `Bearer ${CSC_SERVICE_TOKEN}` }, body: JSON.stringify({ credentialID: SM2, numSignatures: 1, hashes: ['A'.repeat(43) + '='], authData: [{ id: 'PIN', value: CSC_PIN }] }) });
    const { SAD } = (await authorise.json()) as { SAD: string };
    const { vault, ...session } = await withSad(on, SAD);
    expect(adapter.info.id).toBe('csc');
    expectFailure(on, await play(on, session.session), { code: 'AUTH_EXPIRED', outcome: 'not-signed', detail: 'other-credential' });
    expect(vault).toBeDefined();
  });

  it('covers a batch no larger than the credential allows: more is split before anybody is asked (21, 42)', async () => {
    const on = bench({ version: 'v2', sandbox: { credentials: [{ suffix: '', mode: 'explicit', pin: CSC_PIN, scal: '2', multisign: 2 }] } });
    const { end, asked, events } = await play(on, await sessionOf(on, SM2, 5));
    expect(end.type).toBe('done');
    expect(asked).toHaveLength(3);
    expect(events[0]).toMatchObject({ type: 'plan', plan: { confirmations: 3 } });
    const direct = await on.service.fetch('http://127.0.0.1:1/csc/v2/credentials/authorize', { method: 'POST', headers: { authorization: `Bearer ${CSC_SERVICE_TOKEN}` }, body: JSON.stringify({ credentialID: SM2, numSignatures: 3, hashes: ['A'.repeat(43) + '='], authData: [] }) });
    expect(await direct.json()).toMatchObject({ error: 'invalid_request', error_description: 'Numbers of signatures is too high' });
  });

  it('is prolonged call by call where calls are smaller than authorisations, and not after it ended (23)', async () => {
    const quirks = { name: 'calls of two', maxPerCall: 2 };
    const on = bench({ version: 'v2', options: { quirks } });
    expect((await play(on, await sessionOf(on, SM2, 5))).end.type).toBe('done');
    expect(on.service.exchanges.filter(({ path }) => path.endsWith('extendTransaction'))).toHaveLength(2);
    expect(on.provider.made).toHaveLength(5);

    const late = bench({ version: 'v2', options: { quirks, asynchronous: 'never' }, sandbox: { sadSeconds: 60 } });
    let calls = 0;
    const session = await sessionOf(late, SM2, 4, { ports: { ...late.ports, keep: async () => { if (late.provider.made.length === 2 && ++calls === 3) late.clock.jump(300_000); } } });
    const { end, asked } = await play(late, session);
    expect(end.type).toBe('done');
    expect(asked).toHaveLength(2);
    expect(late.provider.made).toHaveLength(4);
  });
});

async function withSad(on: ReturnType<typeof bench>, SAD: string): Promise<{ vault: string; session: Awaited<ReturnType<typeof sessionOf>> }> {
  const vault = on.options.vault;
  const kept = JSON.stringify({ value: SAD, as: 'sad', expiresAt: on.clock.now() + 60_000 });
  const options = { ...on.options, vault: { put: async () => undefined, get: async (reference: string) => (reference.endsWith('/sad') ? kept : undefined), drop: async () => undefined } };
  const { cscAdapter } = await import('../../../src/index.js');
  return { vault: String(vault), session: await sessionOf(on, 'key-jianjia', 1, { ...(await on.credential('key-jianjia')), adapter: cscAdapter(options) }) };
}
