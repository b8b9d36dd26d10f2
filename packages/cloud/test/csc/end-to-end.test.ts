import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryLeases, createSigningSession, isTerminal, resumeSigningSession, type JsonObject, type SigningEvent, type SigningSession } from '@hefu/sign';
import { createCscProvider, CSC_PIN, CSC_SERVICE_TOKEN, serveProvider, type CscProvider, type ServedProvider } from '../../../sandbox/dist/index.js';
import { cscAdapter, type CscOptions, type CscVault } from '../../src/index.js';
import { adapterContext, wallClock } from '../context.js';
import { algorithms, AT, content, judgement, seededRandom, world } from './bench.js';

/** The wall, set to the world's present and hurried up: the service's clock is the same one. */
const started = Date.now();
const clock = { now: () => AT + (Date.now() - started), sleep: (ms: number, signal?: AbortSignal) => wallClock.sleep(ms > 20_000 ? ms : ms / 50, signal) };

/** Over sockets, between processes that share nothing but what was written down. */
describe('a batch of files at a CSC service over HTTP', () => {
  let csc: CscProvider;
  let provider: ServedProvider;
  beforeAll(async () => {
    csc = createCscProvider({ companies: ['hengtao', 'qinghe'], notify: (uri, body) => void written.set(uri, body), pendingPolls: 2 });
    provider = await serveProvider(world, { facades: csc.facades, now: () => clock.now() });
  });
  afterAll(() => provider.close());

  /** What a backend writes to its database: all of it text. */
  const written = new Map<string, string>();
  const vault: CscVault = { put: async (reference, secret) => void written.set(reference, secret), get: async (reference) => written.get(reference), drop: async (reference) => void written.delete(reference) };
  const optionsOf = (version: 'v1' | 'v2'): CscOptions => ({
    fetch: (url, init) => fetch(url, init), baseUrl: `${provider.baseUrl}/csc/${version}`, tokens: { service: async () => CSC_SERVICE_TOKEN }, vault,
    callbacks: { uri: (id) => `https://platform.example/callback/${id}`, received: async (id) => JSON.parse(written.get(`https://platform.example/callback/${id}`) ?? 'null') as JsonObject ?? undefined },
  });
  const surroundings = async (version: 'v1' | 'v2'): Promise<Omit<Parameters<typeof resumeSigningSession>[1], never>> => ({
    adapter: cscAdapter(optionsOf(version)), algorithms, judgement: await judgement(),
    ports: { clock, random: seededRandom(3), leases: createMemoryLeases(), keep: async (snapshot) => void written.set('snapshot', JSON.stringify(snapshot)) },
  });
  const begin = async (version: 'v1' | 'v2', ref: string, requestId: string, count: number): Promise<SigningSession> => {
    const around = await surroundings(version);
    const context = adapterContext({ clock, attempts: 4 });
    const credential = (await around.adapter.listCredentials({ limit: 100 }, context)).find((each) => each.ref === ref)!;
    return createSigningSession({
      ...around, requestId, credential, capabilities: await around.adapter.discover(context), title: '投标',
      items: Array.from({ length: count }, (_, index) => ({ itemId: `i${index}`, label: `${index}.pdf`, content: content(index) })),
    });
  };
  const follow = async (session: SigningSession, until: (event: SigningEvent) => boolean): Promise<SigningEvent> => {
    for await (const event of session.run()) {
      if (event.type === 'challenge') session.answer(event.challenge.id, { type: 'pin', value: CSC_PIN });
      if (until(event) || isTerminal(event)) return event;
    }
    throw new Error('ended without an end');
  };

  it('of 300 is signed in one authorisation, one call and one question', async () => {
    const before = provider.transcript.exchanges.length;
    const end = await follow(await begin('v1', 'key-hengtao', 'whole', 300), () => false);
    expect(end).toMatchObject({ type: 'done' });
    expect(end.type === 'done' && end.signatures).toHaveLength(300);
    const methods = provider.transcript.exchanges.slice(before).map(({ path }) => path.slice('/csc/v1/'.length));
    expect(methods.filter((method) => method === 'signatures/signHash')).toHaveLength(1);
    expect(methods.filter((method) => method === 'credentials/authorize')).toHaveLength(1);
  });

  it('goes on in another process while the job is pending, and nobody is asked again', async () => {
    const made = csc.made.length;
    let last = '';
    await follow(await begin('v2', 'key-hengtao', 'crash', 60), (event) => {
      last = written.get('snapshot') ?? '';
      return event.type === 'poll';
    });
    expect(last).not.toContain(CSC_PIN);
    for (const secret of csc.secrets()) expect(last.includes(secret)).toBe(false);
    const session = resumeSigningSession(JSON.parse(last) as JsonObject, await surroundings('v2'));
    const asked: SigningEvent[] = [];
    const end = await follow(session, (event) => { if (event.type === 'challenge') asked.push(event); return false; });
    expect(end).toMatchObject({ type: 'done' });
    expect(asked).toEqual([]);
    expect(csc.made.length - made).toBe(60);
  });

  it('whose answer is lost is found out about, not signed again', async () => {
    const made = csc.made.length;
    provider.faults.set('lost-answer,on=signHash,times=1');
    const end = await follow(await begin('v2', 'key-hengtao', 'lost', 60), () => false);
    expect(end).toMatchObject({ type: 'done' });
    expect(csc.made.length - made).toBe(60);
    provider.faults.clear();
  });
});
