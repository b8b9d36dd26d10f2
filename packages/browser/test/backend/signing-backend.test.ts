import { memoryStore, type Store } from '@hefu/updater';
import { createSigningSession, createSoftAdapter, SignError, type ChallengeAnswer, type Judgement, type SigningAdapter, type SigningEvent, type SigningSession } from '@hefu/sign';
import { createScriptedProvider } from '@hefu/sign/conformance';
import { beforeAll, describe, expect, it } from 'vitest';
// Companies and judgement made for the session's own tests.
import { bench, companies, inputFor, judgement, softKey } from '../../../sign/test/session/bench.js';
import { createSigningBackend, type SigningBackend, type SigningBackendOptions } from '../../src/backend/index.js';
import { REQUEST_HEADER } from '../../src/remote/protocol.js';
import { remoteCredentials } from '../../src/remote/remote-credentials.js';
import { remoteSessions } from '../../src/remote/remote-sessions.js';
import { newRequestId, remoteSession, type RemoteSessionOptions } from '../../src/remote/remote-session.js';

const ORIGIN = 'https://bids.example';
const BASE = '/api/signing';
const PIN = { type: 'pin', value: '135790' } as const;
const WAITS = { first: 2, longest: 10 };

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });
const key = () => softKey(companies('SM2')[0]!);

function backendOf(adapter: SigningAdapter, change: Partial<SigningBackendOptions> = {}): SigningBackend {
  return createSigningBackend({
    base: BASE, origins: [ORIGIN],
    authenticate: async (request) => (request.headers.get('x-user') === null ? undefined : { id: request.headers.get('x-user')! }),
    open: async ({ files }) => {
      if (typeof files !== 'number') throw new SignError('ADAPTER_MISCONFIGURED', 'an order has files');
      const { requestId: _, ...input } = await inputFor(adapter, files, judged, bench().ports);
      return input;
    },
    ...change,
  });
}

/** The network between a page of ours and a backend: what the browser adds, and whether there is any. */
function network(backend: () => SigningBackend, user = 'li', change: (init: Headers) => void = () => undefined) {
  const state = { online: true, sent: 0 };
  const cut = new Set<AbortController>();
  const send = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    if (!state.online) throw new TypeError('Failed to fetch');
    state.sent += 1;
    const headers = new Headers(init.headers);
    if (init.method === 'POST') headers.set('origin', ORIGIN);
    headers.set('x-user', user);
    change(headers);
    const line = new AbortController();
    cut.add(line);
    init.signal?.addEventListener('abort', () => line.abort());
    const response = (await backend()(new Request(new URL(String(input), ORIGIN), { method: init.method ?? 'GET', headers, ...(init.body === undefined ? {} : { body: init.body! }), signal: line.signal })))!;
    if (line.signal.aborted) throw new TypeError('Failed to fetch');
    const reader = response.body!.getReader();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const broken = new Promise<never>((_, reject) => line.signal.addEventListener('abort', () => reject(new TypeError('network error'))));
        try {
          const part = await Promise.race([reader.read(), broken]);
          if (part.done) controller.close();
          else controller.enqueue(part.value);
        } catch (error) {
          void reader.cancel().catch(() => undefined);
          controller.error(error);
        }
      },
    });
    return new Response(body, response);
  };
  return {
    fetch: send as typeof fetch, state,
    drop: () => { for (const line of cut) line.abort(); },
  };
}

type Told = Record<string, ChallengeAnswer>;

async function follow(session: SigningSession, answers: Told = {}, each: (event: SigningEvent) => void | Promise<void> = () => undefined): Promise<SigningEvent[]> {
  const events: SigningEvent[] = [];
  for await (const event of session.run()) {
    events.push(event);
    await each(event);
    if (event.type === 'challenge' && answers[event.challenge.id] !== undefined) session.answer(event.challenge.id, answers[event.challenge.id]!);
  }
  return events;
}
const remote = (net: ReturnType<typeof network>, requestId: string, more: Partial<RemoteSessionOptions> = {}) => remoteSession(BASE, { requestId, fetch: net.fetch, waits: WAITS, ...more });
const last = (events: readonly SigningEvent[]): SigningEvent => events[events.length - 1]!;

describe('a session on the backend', () => {
  it('tells a page what it would tell a program, octets and all', async () => {
    const local: SigningEvent[] = [];
    for await (const event of (await createSigningSession(await inputFor(createSoftAdapter({ keys: [key()] }), 2, judged, bench().ports))).run()) local.push(event);
    for (const accept of ['text/event-stream', 'application/json']) {
      const backend = backendOf(createSoftAdapter({ keys: [key()] }));
      const net = network(() => backend, 'li', (headers) => headers.get('accept')?.startsWith('text') && headers.set('accept', accept));
      const events = await follow(remote(net, 'req-1', { order: { files: 2 } }));
      expect(events.map(({ type }) => type)).toEqual(local.map(({ type }) => type));
      const done = last(events) as Extract<SigningEvent, { type: 'done' }>;
      expect(done.signatures.map(({ report }) => report.code)).toEqual(['OK', 'OK']);
      expect(done.signatures.every(({ message }) => message instanceof Uint8Array)).toBe(true);
    }
  });

  it('asks the page, tells it what it answered wrong, and keeps its PIN nowhere', async () => {
    const provider = createScriptedProvider([key()], { pin: '135790' });
    const kept: string[] = [];
    const memory = memoryStore();
    const store: Store = { ...memory, put: (name, bytes) => { kept.push(new TextDecoder().decode(bytes)); return memory.put(name, bytes); } };
    const backend = backendOf(provider.adapter, { store });
    const session = remote(network(() => backend), newRequestId(), { order: { files: 1 } });
    const receipts: string[] = [];
    let times = 0;
    const events = await follow(session, {}, (event) => {
      if (event.type !== 'challenge') return;
      times += 1;
      receipts.push(session.answer('OTP', PIN));
      // Of a form the challenge does not take: it is shown again. Then a wrong one, then the right one.
      receipts.push(session.answer('PIN', times === 1 ? { type: 'pin', value: '12ab' } : times === 2 ? { type: 'pin', value: '000000' } : PIN));
      receipts.push(session.answer('PIN', PIN));
    });
    expect(receipts).toEqual(Array.from({ length: 3 }, () => ['not-asked', 'accepted', 'not-asked']).flat());
    expect(last(events).type).toBe('done');
    expect(provider.made).toEqual(['i0']);
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.filter((text) => text.includes('135790'))).toEqual([]);
  });

  it('goes on while the page reloads, and is one however often it is begun', async () => {
    const provider = createScriptedProvider([key()], { pin: '135790' });
    let opened = 0;
    const plain = backendOf(provider.adapter);
    const open = backendOf(provider.adapter, { open: async () => { opened += 1; const { requestId: _, ...input } = await inputFor(provider.adapter, 1, judged, bench().ports); return input; } });
    void plain;
    const net = network(() => open);
    const first = remote(net, 'req-2', { order: { files: 1 } }).run();
    for (let event = (await first.next()).value; event?.type !== 'challenge'; event = (await first.next()).value);
    // The tab is gone: nobody says goodbye. Two others come, one of which begins it a second time.
    net.drop();
    const again = await Promise.all([follow(remote(net, 'req-2'), { PIN }), follow(remote(net, 'req-2', { order: { files: 1 } }), {})]);
    for (const events of again) {
      expect(events[0]!.type).toBe('plan');
      expect(last(events).type).toBe('done');
    }
    expect(opened).toBe(1);
    expect(provider.made).toEqual(['i0']);
    // What ended is told again.
    expect(last(await follow(remote(net, 'req-2'))).type).toBe('done');
  });

  it('loses nothing when the network goes', async () => {
    const provider = createScriptedProvider([key()], { pin: '135790' });
    const backend = backendOf(provider.adapter);
    const net = network(() => backend);
    const seen: string[] = [];
    const session = remote(net, 'req-3', { order: { files: 2 }, onConnection: (state) => seen.push(state) });
    const events = await follow(session, {}, (event) => {
      if (event.type !== 'challenge') return;
      net.state.online = false;
      net.drop();
      // Given while there is no network: it arrives when there is.
      session.answer('PIN', PIN);
      setTimeout(() => (net.state.online = true), 40);
    });
    expect(last(events).type).toBe('done');
    expect(events.filter(({ type }) => type === 'plan').length).toBe(1);
    expect(seen).toContain('reconnecting');
    expect(seen[seen.length - 1]).toBe('connected');
    expect(provider.made).toEqual(['i0', 'i1']);
  });

  it('goes on in another process, signs nothing twice, and tells its end after that one too', async () => {
    const provider = createScriptedProvider([key()], { pin: '135790' });
    const store = memoryStore();
    let backend = backendOf(provider.adapter, { store });
    const net = network(() => backend);
    const first = remote(net, 'req-4', { order: { files: 2 } }).run();
    for (let event = (await first.next()).value; event?.type !== 'challenge'; event = (await first.next()).value);
    net.drop();
    backend = backendOf(provider.adapter, { store });
    expect(last(await follow(remote(net, 'req-4'), { PIN })).type).toBe('done');
    expect(provider.made).toEqual(['i0', 'i1']);
    backend = backendOf(provider.adapter, { store });
    const told = await follow(remote(net, 'req-4'));
    expect(told.map(({ type }) => type)).toEqual(['done']);
    expect((told[0] as Extract<SigningEvent, { type: 'done' }>).signatures[0]!.message).toBeInstanceOf(Uint8Array);
    expect(provider.made).toEqual(['i0', 'i1']);
  });

  it('goes on with what a failure left, once, and signs nothing twice', async () => {
    const picky = createScriptedProvider([key()], { refuses: ['i1'] });
    const willing = createScriptedProvider([key()], {});
    let provider = picky;
    const backend = backendOf(picky.adapter, { open: async () => { const { requestId: _, ...input } = await inputFor(provider.adapter, 3, judged, bench().ports); return input; } });
    const net = network(() => backend);
    const first = last(await follow(remote(net, 'req-8', { order: { files: 3 } }))) as Extract<SigningEvent, { type: 'failed' }>;
    expect(first).toMatchObject({ type: 'failed', failed: [{ itemId: 'i1' }] });
    expect(first.signatures.map(({ itemId }) => itemId)).toEqual(['i0', 'i2']);
    // Told again, it is the same; begun again, it goes on.
    expect(last(await follow(remote(net, 'req-8', { order: { files: 3 } }))).type).toBe('failed');
    provider = willing;
    const both = await Promise.all([follow(remote(net, 'req-8', { again: true })), follow(remote(net, 'req-8', { again: true }))]);
    for (const events of both) {
      const done = last(events) as Extract<SigningEvent, { type: 'done' }>;
      expect(done.type).toBe('done');
      expect(done.signatures.map(({ itemId }) => itemId).sort()).toEqual(['i0', 'i1', 'i2']);
    }
    expect(willing.made).toEqual(['i1']);
    // One that is done stays done, and one that never was is not there.
    expect(last(await follow(remote(net, 'req-8', { again: true }))).type).toBe('done');
    expect(willing.made).toEqual(['i1']);
    expect(last(await follow(remote(net, 'req-9', { again: true })))).toMatchObject({ type: 'failed', error: { detail: 'NOT_FOUND' } });
  });

  it('refuses another order under a known name, whether it is being begun, runs or has ended, and signs nothing for it', async () => {
    const provider = createScriptedProvider([key()], { pin: '135790' });
    const orders: unknown[] = [];
    const memory = memoryStore();
    const opening = (): SigningBackend => backendOf(provider.adapter, { store: memory, open: async (order) => { orders.push(order['files']); const { requestId: _, ...input } = await inputFor(provider.adapter, 1, judged, bench().ports); return input; } });
    let backend = opening();
    const net = network(() => backend);
    const begun = async (order: object, requestId = 'req-m', more: object = {}): Promise<string> => {
      const response = await net.fetch(`${BASE}/sessions`, { method: 'POST', headers: { [REQUEST_HEADER]: '1', 'content-type': 'application/json' }, body: JSON.stringify({ requestId, order, ...more }) });
      return `${response.status} ${((await response.json()) as { error?: { code: string } }).error?.code ?? 'done'}`;
    };
    // At once: one of them is begun.
    expect((await Promise.all([begun({ files: 1, of: 'a' }, 'req-r'), begun({ files: 1, of: 'b' }, 'req-r')])).sort()).toEqual(['201 done', '422 REQUEST_MISMATCH']);
    expect(await begun({ files: 1, project: { id: 'P', lots: [1, 2] } })).toBe('201 done');
    expect(await begun({ project: { lots: [1, 2], id: 'P' }, files: 1 })).toBe('201 done'); // the same, written otherwise
    for (const other of [{ files: 2, project: { id: 'P', lots: [1, 2] } }, { files: 1, project: { id: 'P', lots: [2, 1] } }, { files: 1, project: { id: 'P' } }, { files: 1 }, { files: '1', project: { id: 'P', lots: [1, 2] } }, { files: 1, project: { id: 'P', lots: [1, 2] }, more: null }]) {
      expect(await begun(other), JSON.stringify(other)).toBe('422 REQUEST_MISMATCH');
    }
    expect(await begun({ files: 2 }, 'req-m', { again: true })).toBe('422 REQUEST_MISMATCH');
    const told = await follow(remote(net, 'req-m', { order: { files: 2 } }));
    expect(told).toMatchObject([{ type: 'failed', error: { code: 'ADAPTER_MISCONFIGURED', detail: 'REQUEST_MISMATCH', outcome: 'not-signed' } }]);
    // Another user's name is another name.
    const zhao = network(() => backend, 'zhao');
    expect((await zhao.fetch(`${BASE}/sessions`, { method: 'POST', headers: { [REQUEST_HEADER]: '1', 'content-type': 'application/json' }, body: JSON.stringify({ requestId: 'req-m', order: { files: 3 } }) })).status).toBe(201);
    // What was begun goes on untouched, and after its end in another process the name is still its own.
    expect(last(await follow(remote(net, 'req-m'), { PIN })).type).toBe('done');
    backend = opening();
    expect(await begun({ files: 2 })).toBe('422 REQUEST_MISMATCH');
    expect(await begun({ project: { lots: [1, 2], id: 'P' }, files: 1 })).toBe('201 done');
    expect(orders).toEqual([1, 1, 3]);
    expect(provider.made).toEqual(['i0']);
  });

  it('is cancelled by the page, by its signal, and by leaving the loop', async () => {
    for (const how of ['cancel', 'signal', 'leave', 'both'] as const) {
      const provider = createScriptedProvider([key()], { pin: '135790' });
      const backend = backendOf(provider.adapter);
      const net = network(() => backend);
      const stop = new AbortController();
      const failures: unknown[] = [];
      const session = remote(net, 'req-5', { order: { files: 1 }, signal: stop.signal });
      const events: SigningEvent[] = [];
      for await (const event of session.run()) {
        events.push(event);
        if (event.type !== 'challenge') continue;
        if (how === 'cancel') void session.cancel();
        if (how === 'signal' || how === 'both') stop.abort();
        if (how === 'both') session.cancel().catch((error: unknown) => failures.push(error));
        if (how === 'leave') break;
      }
      const end = how === 'leave' ? last(await follow(remote(net, 'req-5'))) : last(events);
      expect(end, how).toMatchObject({ type: 'cancelled', reason: 'user' });
      await new Promise((resolve) => setTimeout(resolve));
      expect(failures, how).toEqual([]);
      expect(provider.made).toEqual([]);
    }
  });
});

describe('the same user at a second computer', () => {
  const asks = async (net: ReturnType<typeof network>, requestId: string, order: Record<string, unknown>) => {
    const run = remote(net, requestId, { order }).run();
    for (let event = (await run.next()).value; event?.type !== 'challenge'; event = (await run.next()).value);
    return run;
  };
  const listed = async (net: ReturnType<typeof network>) => (await remoteSessions(BASE, { fetch: net.fetch })).map(({ requestId, about }) => [requestId, about]);

  it('finds what is under way, and goes on with it or ends it; nobody else finds it', async () => {
    const provider = createScriptedProvider([key()], { pin: '135790' });
    const store = memoryStore();
    const options = { store, about: ({ files, mark }: Record<string, unknown>) => ({ files, mark }) as never };
    let backend = backendOf(provider.adapter, options);
    const net = network(() => backend);
    expect(await listed(net)).toEqual([]);
    for (const [requestId, files] of [['one', 1], ['two', 2]] as const) await asks(net, requestId, { files, mark: Uint8Array.of(files) });
    const one = ['one', { files: 1, mark: Uint8Array.of(1) }];
    expect(await listed(net)).toEqual([['two', { files: 2, mark: Uint8Array.of(2) }], one]);
    for (const other of ['wang', 'li one', 'li%20one']) expect(await listed(network(() => backend, other))).toEqual([]);
    const ended = remote(net, 'two');
    const told = follow(ended);
    await ended.cancel('superseded');
    expect(last(await told)).toMatchObject({ type: 'cancelled', reason: 'superseded', outcome: 'not-signed' });
    // The store of a process that is gone has the other.
    net.drop();
    backend = backendOf(provider.adapter, options);
    expect(await listed(net)).toEqual([one]);
    expect(last(await follow(remote(net, 'one'), { PIN })).type).toBe('done');
    expect(provider.made).toEqual(['i0']);
    expect(await listed(net)).toEqual([]);
  });

  it('is told a name and a time where the application says no more, so often in a minute', async () => {
    let at = 1_000_000;
    const backend = backendOf(createScriptedProvider([key()], { pin: '135790' }).adapter, { now: () => at, limits: { maxListsPerMinute: 2 } });
    const net = network(() => backend);
    await asks(net, 'one', { files: 1 });
    for (let times = 0; times < 2; times++) expect(await remoteSessions(BASE, { fetch: net.fetch })).toEqual([{ requestId: 'one', begunAt: 1_000_000 }]);
    at += 20_000;
    await expect(remoteSessions(BASE, { fetch: net.fetch })).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 40_000 });
    expect(await listed(network(() => backend, 'wang'))).toEqual([]);
    at += 40_000;
    expect(await listed(net)).toHaveLength(1);
  });

  it('who leaves ends nothing, and neither does who is logged out meanwhile', async () => {
    const provider = createScriptedProvider([key()], { pin: '135790' });
    const backend = backendOf(provider.adapter);
    const net = network(() => backend);
    const first = remote(net, 'one', { order: { files: 1 } });
    const events = await follow(first, {}, ({ type }) => { if (type === 'challenge') first.leave(); });
    expect(last(events).type).toBe('challenge');
    const out = network(() => backend, 'li', (headers) => headers.delete('x-user'));
    expect(last(await follow(remote(out, 'one')))).toMatchObject({ type: 'failed', error: { code: 'AUTH_EXPIRED', outcome: 'unknown', retry: 'reconcile' } });
    expect(last(await follow(remote(net, 'one'), { PIN })).type).toBe('done');
    expect(provider.made).toEqual(['i0']);
  });
});

describe('what the backend does not serve', () => {
  const failed = (events: readonly SigningEvent[]) => (last(events) as Extract<SigningEvent, { type: 'failed' }>).error;

  it('another user reaches nothing of mine', async () => {
    const provider = createScriptedProvider([key()], { pin: '135790' });
    const backend = backendOf(provider.adapter);
    const mine = remote(network(() => backend), 'req-6', { order: { files: 1 } }).run();
    for (let event = (await mine.next()).value; event?.type !== 'challenge'; event = (await mine.next()).value);
    expect(failed(await follow(remote(network(() => backend, 'wang'), 'req-6')))).toMatchObject({ code: 'OUTCOME_UNKNOWN', detail: 'NOT_FOUND' });
    // Nor by a name that ends like mine.
    expect(failed(await follow(remote(network(() => backend, 'li req-6'), 'req-6')))).toMatchObject({ detail: 'NOT_FOUND' });
    const net = network(() => backend, 'wang');
    const answered = await net.fetch(`${BASE}/sessions/req-6/answers`, { method: 'POST', headers: { 'content-type': 'application/json', [REQUEST_HEADER]: '1' }, body: JSON.stringify({ challengeId: 'PIN', answer: PIN }) });
    expect(answered.status).toBe(404);
    expect(provider.made).toEqual([]);
    await mine.return();
  });

  it('what no page of ours sent', async () => {
    const backend = backendOf(createSoftAdapter({ keys: [key()] }), { limits: { maxOrderOctets: 2000, maxAnswerOctets: 500 } });
    const ours = { origin: ORIGIN, 'x-user': 'li', [REQUEST_HEADER]: '1', 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    const asked = async (path: string, headers: Record<string, string | undefined>, body: string | undefined = JSON.stringify({ requestId: 'req', order: { files: 1 } }), method = 'POST'): Promise<string> => {
      const given = Object.entries({ ...ours, ...headers }).filter((each): each is [string, string] => each[1] !== undefined);
      const response = await backend(new Request(`${ORIGIN}${BASE}${path}`, { method, headers: given, ...(method === 'GET' ? {} : { body: body ?? null }) }));
      expect(response!.headers.get('cache-control')).toBe('no-store');
      return `${response!.status} ${((await response!.json()) as { error?: { code: string } }).error?.code ?? 'done'}`;
    };
    expect(await asked('/sessions', {})).toBe('201 done');
    expect(await asked('/sessions', { 'x-user': undefined })).toBe('401 UNAUTHENTICATED');
    expect(await asked('/sessions', { [REQUEST_HEADER]: undefined })).toBe('403 FORBIDDEN');
    expect(await asked('/sessions', { origin: 'https://evil.example' })).toBe('403 FORBIDDEN');
    expect(await asked('/sessions', { origin: undefined })).toBe('403 FORBIDDEN');
    expect(await asked('/sessions', { origin: 'null' })).toBe('403 FORBIDDEN');
    expect(await asked('/sessions/req/events', { origin: undefined, 'sec-fetch-site': 'cross-site' }, undefined, 'GET')).toBe('403 FORBIDDEN');
    expect(await asked('/sessions', { 'content-type': 'text/plain' })).toBe('400 MALFORMED');
    expect(await asked('/sessions', {}, '{')).toBe('400 MALFORMED');
    expect(await asked('/sessions', {}, '{"requestId":"../x","order":{}}')).toBe('400 MALFORMED');
    expect(await asked('/sessions', {}, '{"requestId":"x","order":[]}')).toBe('400 MALFORMED');
    expect(await asked('/sessions', {}, '{"requestId":"x"}')).toBe('400 MALFORMED');
    expect(await asked('/sessions', {}, '{"requestId":"x","order":[],"again":true}')).toBe('400 MALFORMED');
    expect(await asked('/sessions', {}, JSON.stringify({ requestId: 'x', order: { fill: 'x'.repeat(3000) } }))).toBe('413 TOO_LARGE');
    expect(await asked('/sessions/req/answers', {}, JSON.stringify({ challengeId: 'PIN', answer: { type: 'pin' } }))).toBe('400 MALFORMED');
    expect(await asked('/sessions/req/answers', {}, JSON.stringify({ challengeId: 'PIN', answer: { type: 'pin', value: 'x'.repeat(600) } }))).toBe('413 TOO_LARGE');
    expect(await asked('/sessions/never/answers', {}, JSON.stringify({ challengeId: 'PIN', answer: PIN }))).toBe('404 NOT_FOUND');
    expect(await asked('/sessions/req', {}, undefined, 'GET')).toBe('404 NOT_FOUND');
    expect(await asked('/elsewhere', {}, undefined, 'GET')).toBe('404 NOT_FOUND');
    expect(await backend(new Request(`${ORIGIN}/other`))).toBeUndefined();
  });

  it('more than its share, and orders that are none', async () => {
    const provider = createScriptedProvider([key()], { pin: '135790' });
    const errors: unknown[] = [];
    const backend = backendOf(provider.adapter, { limits: { maxSessionsPerOwner: 2 }, onError: (error) => errors.push(error) });
    const net = network(() => backend);
    const started = async (requestId: string, order: Record<string, unknown>, by = net) => {
      const response = await by.fetch(`${BASE}/sessions`, { method: 'POST', headers: { 'content-type': 'application/json', [REQUEST_HEADER]: '1' }, body: JSON.stringify({ requestId, order }) });
      return [response.status, ((await response.json()) as { error?: { code: string } }).error?.code];
    };
    expect(await started('a', { files: 1 })).toEqual([201, undefined]);
    expect(await started('b', { files: 1 })).toEqual([201, undefined]);
    expect(await started('a', { files: 1 })).toEqual([201, undefined]);
    expect(await started('c', { files: 1 })).toEqual([429, 'TOO_MANY']);
    expect(await started('c', { files: 1 }, network(() => backend, 'wang'))).toEqual([201, undefined]);
    const many = network(() => backend, 'qian');
    const together = await Promise.all(['a', 'b', 'c', 'd'].map((id) => started(id, { files: 1 }, many)));
    expect(together.map(([status]) => status).sort()).toEqual([201, 201, 429, 429]);
    expect(await started('d', {}, network(() => backend, 'zhao'))).toEqual([409, 'ADAPTER_MISCONFIGURED']);
    expect(failed(await follow(remote(network(() => backend, 'zhao'), 'e', { order: {} })))).toMatchObject({ code: 'ADAPTER_MISCONFIGURED' });
    expect(errors).toEqual([]);
  });

  it('callbacks but those it knows, bounded; and hands out credentials', async () => {
    const seen: string[] = [];
    const backend = backendOf(createSoftAdapter({ keys: [key()] }), {
      limits: { maxAnswerOctets: 100 },
      callbacks: { provider: async (request) => { seen.push(await request.text()); return new Response('taken'); } },
      credentials: async ({ id }) => ({ of: id, chain: [Uint8Array.of(1, 2)] }),
    });
    // From the provider's server: no origin, no header, no user.
    const called = async (name: string, body: string) => (await backend(new Request(`${ORIGIN}${BASE}/callbacks/${name}`, { method: 'POST', body })))!.status;
    expect(await called('provider', 'job=1')).toBe(200);
    expect(await called('provider', 'x'.repeat(101))).toBe(413);
    expect(await called('constructor', 'job=1')).toBe(404);
    expect(seen).toEqual(['job=1']);
    const net = network(() => backend);
    expect(await remoteCredentials(BASE, { fetch: net.fetch })).toEqual({ of: 'li', chain: [Uint8Array.of(1, 2)] });
    net.state.online = false;
    await expect(remoteCredentials(BASE, { fetch: net.fetch })).rejects.toMatchObject({ code: 'NETWORK' });
  });
});
