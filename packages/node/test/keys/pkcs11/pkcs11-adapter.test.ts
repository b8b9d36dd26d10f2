import { beforeAll, describe, expect, it } from 'vitest';
import { createAdapterContext, createJournal, createRedactor, createServerClock, createSigningSession, SIGN_ERRORS, SignError, type AdapterContext, type BeginRequest, type ChallengeAnswer, type Judgement, type QuestionChallenge, type SessionIO, type SigningAdapter, type SigningEvent } from '@hefu/sign';
import { describeAdapterConformance, type ConformanceHarness, type MakeSubject } from '@hefu/sign/conformance';
import { sha256 } from '@hefu/crypto';
import { CRYPTOKI_REFUSALS, loadCryptoki, pkcs11Adapter, type Pkcs11AdapterOptions } from '../../../src/index.js';
import { algorithms, AT, companies, inputFor, judgement, bench } from '../../../../sign/test/session/bench.js';
import { seededRandom, VirtualClock } from '../../../../sign/test/session/virtual-clock.js';
import { FAKE_PIN, FakeModule, SM2_E, SM2_MESSAGE, type FakeOptions } from './fake-module.js';

const PEOPLE = [companies('SM2')[0]!, companies('P-256')[0]!, companies('RSA-2048')[0]!];
const WRONG = '11112222333344';
let judged: Judgement;
let harness: ConformanceHarness;
beforeAll(async () => {
  judged = await judgement();
  harness = { algorithms, random: seededRandom(), judgement: judged };
});

const make = (options: Partial<FakeOptions> = {}, adapter: Partial<Pkcs11AdapterOptions> = {}): { readonly module: FakeModule; readonly adapter: SigningAdapter } => {
  const module = new FakeModule({ companies: PEOPLE, ...options });
  return { module, adapter: pkcs11Adapter({ module, sm2: { mechanism: SM2_E, takes: 'e' }, ...adapter }) };
};
const right = (): ChallengeAnswer => ({ type: 'pin', value: FAKE_PIN });

interface Ran { readonly events: readonly SigningEvent[]; readonly end: SigningEvent; readonly asked: readonly { readonly attemptsLeft?: number }[]; readonly written: string }

/** A session to its end, with a user who answers so. */
async function run(adapter: SigningAdapter, { count = 2, answer = right, each = () => undefined }: { readonly count?: number; readonly answer?: (n: number) => ChallengeAnswer; readonly each?: (event: SigningEvent) => void } = {}): Promise<Ran> {
  const { ports, snapshots, journal } = bench();
  const session = await createSigningSession(await inputFor(adapter, count, judged, ports));
  const events: SigningEvent[] = [];
  const asked: { readonly attemptsLeft?: number }[] = [];
  for await (const event of session.run()) {
    events.push(event);
    each(event);
    if (event.type !== 'challenge' || event.challenge.type !== 'pin') continue;
    asked.push(event.challenge);
    session.answer(event.challenge.id, answer(asked.length));
  }
  return { events, end: events.at(-1)!, asked, written: JSON.stringify([events, snapshots, journal]) };
}

function demandFailure({ end, written }: Ran, code: string): void {
  expect(end).toMatchObject({ type: 'failed', error: { code, outcome: 'not-signed' } });
  for (const pin of [FAKE_PIN, WRONG]) expect(written).not.toContain(pin);
  const { message, remedy } = SIGN_ERRORS[code as keyof typeof SIGN_ERRORS];
  for (const words of [message, remedy]) expect([/[\u4e00-\u9fff]/.test(words.zh), words.en.length > 8]).toEqual([true, true]);
}

describe('signing on a token', () => {
  it('asks once for a batch, logs in and out, and leaves nothing open', async () => {
    const { module, adapter } = make();
    const { end, asked } = await run(adapter, { count: 5 });
    expect([end.type, asked.length, module.openSessions, module.loggedIn]).toEqual(['done', 1, 0, false]);
    expect(module.calls.filter((each) => each === 'C_Sign' || each === 'C_Logout')).toHaveLength(5 * 2 + 1);
  });

  it.each([
    ['RSA: CKM_RSA_PKCS', 2, [0x01]], ['RSA: the token hashes', 2, [0x40]], ['P-256: CKM_ECDSA, raw r||s', 1, [0x1041]], ['P-256: the token hashes', 1, [0x1044]], ['SM2 over e', 0, [SM2_E]],
  ] as const)('%s', async (_, person, mechanisms) => {
    const { adapter } = make({ companies: [PEOPLE[person]!], mechanisms });
    expect((await run(adapter)).end.type).toBe('done');
  });

  it('SM2 over messages, where the vendor computes Z', async () => {
    const { adapter } = make({ companies: [PEOPLE[0]!], mechanisms: [SM2_MESSAGE] }, { sm2: { mechanism: SM2_MESSAGE, takes: 'message' } });
    expect(await adapter.discover(undefined as never)).toMatchObject({ accepts: ['digest', 'tbs'], sm2: { preHash: 'provider-z', id: 'default' } });
    const prepared = make({ companies: [PEOPLE[0]!], mechanisms: [SM2_E] }, { sm2: { mechanism: SM2_MESSAGE, takes: 'message' } });
    expect(await prepared.adapter.listCredentials({ limit: 9 }, undefined as never)).toEqual([]);
  });

  it('lists by what the token can do: no SM2 without its vendor mechanism', async () => {
    const names = async (adapter: SigningAdapter) => (await adapter.listCredentials({ limit: 9 }, undefined as never)).map(({ algorithms: [first] }) => first!.name);
    expect(await names(make().adapter)).toEqual(['SM2-SM3', 'ECDSA-SHA-256', 'RSASSA-PKCS1-v1_5-SHA-256']);
    expect(await names(pkcs11Adapter({ module: make().module }))).toEqual(['ECDSA-SHA-256', 'RSASSA-PKCS1-v1_5-SHA-256']);
    expect(await names(make({ mechanisms: [0x1041] }).adapter)).toEqual(['ECDSA-SHA-256']);
  });

  it('finds the token by label, serial number and slot, and no other', async () => {
    const found = async (choice: Partial<Pkcs11AdapterOptions>) => make({}, choice).adapter.listCredentials({ limit: 9 }, undefined as never).then((all) => all.length, (error: SignError) => error.code);
    expect([await found({ token: 'TOKEN', serial: '0001', slot: 7 }), await found({ token: 'OTHER' }), await found({ serial: '2' }), await found({ slot: 1 })]).toEqual([3, 'DEVICE_ABSENT', 'DEVICE_ABSENT', 'DEVICE_ABSENT']);
  });

  it('asks again for each signature of a key that always authenticates', async () => {
    const { adapter, module } = make({ alwaysAuthenticate: true });
    const { end, asked } = await run(adapter, { count: 3 });
    expect([end.type, asked.length, module.openSessions]).toEqual(['done', 3, 0]);
    expect((await run(adapter, { count: 3, answer: (n) => ({ type: 'pin', value: n === 2 ? WRONG : FAKE_PIN }) })).asked).toHaveLength(4);
    demandFailure(await run(adapter, { count: 3, answer: (n) => ({ type: 'pin', value: n === 1 ? FAKE_PIN : WRONG }) }), 'PIN_INCORRECT');
  });

  it('a PIN pad is shown, and no PIN asked for', async () => {
    const { adapter } = make({ flags: 0x104 });
    const { end, asked, events } = await run(adapter);
    expect([end.type, asked.length, events.some((event) => event.type === 'challenge' && event.challenge.type === 'push')]).toEqual(['done', 0, true]);
  });
});

describe('failure 46: tokens', () => {
  it('a wrong PIN is asked for again; on the last try the user is told; then it is locked', async () => {
    const { adapter, module } = make();
    expect((await run(adapter, { answer: (n) => (n === 1 ? { type: 'pin', value: WRONG } : right()) })).end.type).toBe('done');
    module.tries = 1;
    const last = await run(adapter, { answer: () => ({ type: 'pin', value: `${WRONG}5` }) });
    expect(last.asked[0]).toMatchObject({ attemptsLeft: 1 });
    demandFailure(last, 'PIN_LOCKED');
    // The token says so when it is listed, before anybody is asked.
    const locked = await run(adapter);
    expect(locked.asked).toEqual([]);
    demandFailure(locked, 'CREDENTIAL_LOCKED');
    expect((await adapter.listCredentials({ limit: 1 }, undefined as never))[0]!.keyStatus).toBe('locked');
  });

  it('the same wrong PIN is not tried twice: a program that answers by itself locks no token', async () => {
    const { adapter, module } = make();
    demandFailure(await run(adapter, { answer: () => ({ type: 'pin', value: WRONG }) }), 'PIN_INCORRECT');
    expect(module.tries).toBe(2);
  });

  it.each([0x05, 0x06, 0x30, 0x80000001])('return value 0x%s at login is no wrong PIN, and is not said to be', async (rv) => {
    const { adapter, module } = make();
    module.fail('C_Login', rv, rv);
    const ran = await run(adapter);
    demandFailure(ran, 'PROVIDER_UNAVAILABLE');
    expect([ran.asked.length, module.openSessions]).toEqual([2, 0]);
    expect(ran.end).toMatchObject({ error: { provider: { code: rv === 0x06 ? 'CKR_FUNCTION_FAILED' : expect.any(String) as string } } });
  });

  it('a token pulled while it signs', async () => {
    const { adapter, module } = make();
    let signed = 0;
    module.onSign = () => { if (++signed >= 2) module.pull(); };
    const ran = await run(adapter, { count: 3 });
    demandFailure(ran, 'DEVICE_ABSENT');
    module.present = true;
    module.onSign = () => undefined;
    expect((await run(adapter)).end.type).toBe('done');
  });

  it('a token pulled before, or between', async () => {
    const { adapter, module } = make();
    const pulled = await run(adapter, { each: (event) => { if (event.type === 'challenge') module.pull(); } });
    demandFailure(pulled, 'DEVICE_ABSENT');
    await expect(adapter.listCredentials({ limit: 1 }, undefined as never)).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
  });

  it('a session handle that is no longer valid while the token is there', async () => {
    const { adapter, module } = make();
    module.fail('C_Sign', 0xb3, 0xb3);
    demandFailure(await run(adapter), 'AUTH_EXPIRED');
  });

  it('a login that somebody else left does not authorise: the PIN given is checked', async () => {
    const { adapter, module } = make();
    const stranger = module.openSession();
    module.login(stranger, 'user', FAKE_PIN);
    demandFailure(await run(adapter, { answer: () => ({ type: 'pin', value: WRONG }) }), 'PIN_INCORRECT');
    module.loggedIn = true;
    expect((await run(adapter)).end.type).toBe('done');
    module.fail('C_Login', 0x100, 0x100, 0x100, 0x100);
    demandFailure(await run(adapter), 'ACTION_PENDING');
  });

  it('two users at once on one token: each under his own PIN, one after the other', async () => {
    const { adapter, module } = make();
    let at = 0;
    let most = 0;
    module.onSign = async () => { most = Math.max(most, ++at); await new Promise((resolve) => { setImmediate(resolve); }); at--; };
    const [one, two] = await Promise.all([run(adapter, { count: 3 }), run(adapter, { count: 3, answer: () => ({ type: 'pin', value: WRONG }) })]);
    expect([one.end.type, most]).toEqual(['done', 1]);
    demandFailure(two, 'PIN_INCORRECT');
  });

  it.each([
    ['no private key with the identifier of the certificate', { otherIds: true }, 'KEY_MISMATCH'],
    ['a key that does not sign', { signs: false }, 'CERTIFICATE_NOT_FOR_SIGNING'],
  ] as const)('%s', async (_, options, code) => {
    demandFailure(await run(make(options).adapter), code);
  });

  it.each(Object.entries(CRYPTOKI_REFUSALS).map(([rv, [name, code]]) => [name, Number(rv), code] as const))('%s at C_SignInit', async (name, rv, code) => {
    const { adapter, module } = make();
    module.fail('C_SignInit', ...Array<number>(8).fill(rv));
    const ran = await run(adapter);
    demandFailure(ran, code);
    // After a wrong PIN the same one is not tried again, so the last word is the adapter's own.
    if (code !== 'PIN_INCORRECT') expect(ran.end).toMatchObject({ error: { provider: { code: name } } });
    expect(module.openSessions).toBe(0);
  });

  it('a key of another person behind the identifier is caught before anything is released', async () => {
    const { module } = make();
    const stranger = companies('SM2')[1]!.sign.certificate;
    const swapped = pkcs11Adapter({ module, sm2: { mechanism: SM2_E, takes: 'e' }, certificates: [{ id: Uint8Array.of(1), chain: [stranger] }] });
    const foreign = (await swapped.listCredentials({ limit: 9 }, undefined as never)).find(({ chain }) => Buffer.compare(chain[0]!, stranger) === 0)!;
    const { ports } = bench();
    const session = await createSigningSession({ ...(await inputFor(swapped, 1, judged, ports)), credential: foreign });
    let last: SigningEvent | undefined;
    for await (const event of session.run()) {
      last = event;
      if (event.type === 'challenge') session.answer(event.challenge.id, right());
    }
    expect(last).toMatchObject({ type: 'failed', error: { code: 'SIGNATURE_INVALID' } });
  });

  it('a module that cannot be loaded says what to do', async () => {
    const adapter = pkcs11Adapter({ module: '/nowhere/module.so' });
    await expect(adapter.discover(undefined as never)).rejects.toMatchObject({ code: 'ADAPTER_MISCONFIGURED', detail: 'pkcs11-unavailable' });
    expect(() => loadCryptoki('/nowhere/module.so')).toThrowError(expect.objectContaining({ code: 'PKCS11_UNAVAILABLE' }));
  });

  it('an abort ends the wait for a slow token soon, and the session is closed once it has signed', async () => {
    const { adapter, module } = make();
    let finish = (): void => undefined;
    module.onSign = () => new Promise((resolve) => { finish = resolve; });
    const { context, request, io, abort } = await raw(adapter);
    const session = await adapter.begin(request, context);
    const running = (async () => { for await (const event of session.run(io)) void event; })();
    while (!module.calls.includes('C_Sign')) await new Promise((resolve) => { setImmediate(resolve); });
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'ABORTED' });
    expect(module.openSessions).toBe(1);
    finish();
    await new Promise((resolve) => { setImmediate(resolve); });
    expect([module.openSessions, module.loggedIn]).toEqual([0, false]);
  });
});

async function raw(adapter: SigningAdapter): Promise<{ readonly context: AdapterContext; readonly request: BeginRequest; readonly io: SessionIO; readonly abort: AbortController }> {
  const clock = new VirtualClock(AT);
  const redactor = createRedactor();
  const abort = new AbortController();
  const context = createAdapterContext({ ports: { clock, random: seededRandom() }, signal: abort.signal, locale: 'en', redactor, journal: createJournal({ digest: sha256, redactor, write: () => undefined }), serverClock: createServerClock(clock) });
  const [credential] = await adapter.listCredentials({ limit: 1 }, context);
  return {
    context, abort,
    request: { requestId: 'raw', credential: credential!, algorithm: credential!.algorithms[0]!, items: [{ itemId: 'a', label: 'a', toSign: { kind: 'sm2-e', value: new Uint8Array(32).fill(1), id: new Uint8Array(16) } }], display: { title: '', lines: [], verificationCode: '0000', locale: 'en', shareLabels: false } },
    io: { signal: abort.signal, ask: async () => right(), show: () => undefined },
  };
}

const conforming = (options: Partial<FakeOptions> = {}): MakeSubject => (fault) => {
  // Keys that always authenticate ask once for each of the kit's two items.
  if (fault !== undefined && (fault !== 'wrong-pin-once' || options.alwaysAuthenticate === true)) return undefined;
  let asked = 0;
  return {
    adapter: make(options).adapter, clock: new VirtualClock(AT), secrets: () => [FAKE_PIN],
    answer: ({ type }: QuestionChallenge) => (type === 'pin' ? { type, value: fault === 'wrong-pin-once' && asked++ === 0 ? WRONG : FAKE_PIN } : { type: 'cancel' }),
  };
};
describeAdapterConformance('the PKCS #11 adapter', conforming(), () => harness, { describe, it });
describeAdapterConformance('the PKCS #11 adapter over keys that always authenticate', conforming({ alwaysAuthenticate: true }), () => harness, { describe, it });
