import {
  createMemoryLeases, createSigningSession, isTerminal, resumeSigningSession, type ChallengeAnswer, type JsonObject, type Judgement, type QuestionChallenge, type SessionPorts, type SigningEvent, type SigningSession, type SigningSessionInput, type TerminalEvent,
} from '@hefu/sign';
import { createJudgeCaches } from '@hefu/verify';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { createCscProvider, CSC_PIN, CSC_SERVICE_TOKEN, CSC_TOTP, type CscProvider } from '../../../sandbox/dist/index.js';
import type { CscOptions as SandboxOptions } from '../../../sandbox/dist/index.js';
import { cscAdapter, type CscOptions } from '../../src/index.js';
import { adapterContext } from '../context.js';
import { HeldClock } from '../held-clock.js';
import { judgementOf, seededRandom } from '../world.js';
import { AT, inProcess, world, type InProcess } from './in-process.js';

export { AT, seededRandom, world };
export const algorithms = nodeAlgorithms();
export const REDIRECT = 'https://platform.example/back';

export const COMPANIES = { SM2: 'qinghe', 'P-256': 'hengtao', 'RSA-2048': 'yanqiao' } as const;

let judged: Promise<Judgement> | undefined;
export const judgement = (): Promise<Judgement> => (judged ??= judgementOf(world, algorithms).then((each) => ({ ...each, caches: createJudgeCaches() })));

export interface Bench {
  readonly clock: HeldClock;
  readonly provider: CscProvider;
  readonly service: InProcess;
  readonly options: CscOptions;
  readonly snapshots: JsonObject[];
  readonly journal: string[];
  readonly ports: SessionPorts;
  /** Everything the user was told or typed. */
  readonly secrets: Set<string>;
  credential(id: string): Promise<Pick<SigningSessionInput, 'adapter' | 'credential' | 'capabilities'>>;
  answer(challenge: QuestionChallenge): Promise<ChallengeAnswer>;
}

export interface BenchChange {
  readonly version?: 'v1' | 'v2';
  readonly sandbox?: SandboxOptions;
  readonly options?: Partial<CscOptions>;
  readonly kinds?: readonly (keyof typeof COMPANIES)[];
  readonly clock?: HeldClock;
}

export function bench({ version = 'v2', sandbox = {}, options = {}, kinds = ['SM2'], clock = new HeldClock(AT) }: BenchChange = {}): Bench {
  const provider = createCscProvider({ companies: kinds.map((kind) => COMPANIES[kind]), ...sandbox });
  const service = inProcess(provider.facades, clock);
  const full: CscOptions = {
    fetch: service.fetch, baseUrl: `http://127.0.0.1:1/csc/${version}`, tokens: { service: async ({ stale }) => (stale === undefined ? CSC_SERVICE_TOKEN : undefined) },
    oauth: { clientId: 'platform', redirectUri: REDIRECT }, ...options,
  };
  const snapshots: JsonObject[] = [];
  const journal: string[] = [];
  const secrets = new Set<string>([CSC_SERVICE_TOKEN]);
  const approve = approver(service);
  return {
    clock, provider, service, options: full, snapshots, journal, secrets,
    ports: {
      clock, random: seededRandom(), leases: createMemoryLeases(), journal: (line) => void journal.push(line),
      keep: async (snapshot) => void snapshots.push(JSON.parse(JSON.stringify(snapshot)) as JsonObject),
    },
    async credential(id) {
      const adapter = cscAdapter(full);
      const context = adapterContext({ clock });
      const credentials = await adapter.listCredentials({ limit: 500 }, context);
      const credential = credentials.find(({ ref }) => ref === id);
      if (credential === undefined) throw new Error(`no credential ${id} among ${credentials.map(({ ref }) => ref).join(' ')}`);
      return { adapter, credential, capabilities: await adapter.discover(context) };
    },
    async answer(challenge) {
      const given = await answerOf(challenge);
      if ('value' in given) secrets.add(given.value);
      if ('code' in given) secrets.add(given.code);
      return given;
    },
  };

  async function answerOf(challenge: QuestionChallenge): Promise<ChallengeAnswer> {
    switch (challenge.type) {
      case 'pin': return { type: 'pin', value: CSC_PIN };
      case 'otp': return { type: 'otp', value: provider.otp([...sandboxOtps()][0] ?? '') ?? CSC_TOTP };
      case 'choose': return { type: 'choose', index: 0 };
      case 'oauth': return approve(challenge.url);
      default: return { type: 'cancel' };
    }
  }
  function* sandboxOtps(): Generator<string> {
    for (const kind of kinds) for (const suffix of ['-otp']) if (provider.otp(`key-${COMPANIES[kind]}${suffix}`) !== undefined) yield `key-${COMPANIES[kind]}${suffix}`;
  }
}

/** A user in the browser: opens the page, presses a button, and is sent back. */
export function approver(service: Pick<InProcess, 'fetch'>): (url: string, decision?: 'approve' | 'refuse') => Promise<ChallengeAnswer> {
  return async (address, decision = 'approve') => {
    const url = new URL(address);
    const page = await service.fetch(address, { method: 'GET' });
    if (page.status !== 200) throw new Error(`the page: ${page.status} ${await page.text()}`);
    const form = new URLSearchParams(url.searchParams);
    form.set('decision', decision);
    const back = await service.fetch(`${url.origin}${url.pathname}`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form.toString() });
    const returned = new URL(back.headers.get('location')!).searchParams;
    const code = returned.get('code');
    if (code === null) return { type: 'oauth-failed', reason: 'access_denied' };
    const iss = returned.get('iss');
    return { type: 'oauth', code, state: returned.get('state') ?? '', ...(iss === null ? {} : { issuer: iss }) };
  };
}

export const content = (index: number): Uint8Array => new TextEncoder().encode(`bid document ${index}`);

export async function sessionOf(on: Bench, id: string, count = 1, change: Partial<SigningSessionInput> = {}): Promise<SigningSession> {
  return createSigningSession({
    requestId: 'req-1', ...(await on.credential(id)), algorithms, judgement: await judgement(), ports: on.ports, title: '投标签名',
    items: Array.from({ length: count }, (_, index) => ({ itemId: `i${index}`, label: `标书 ${index}.pdf`, content: content(index) })), ...change,
  });
}

/** Another process of the same backend. */
export async function resumeOf(on: Bench, snapshot: JsonObject): Promise<SigningSession> {
  return resumeSigningSession(snapshot, { adapter: cscAdapter(on.options), algorithms, judgement: await judgement(), ports: { ...on.ports, leases: createMemoryLeases() } });
}

export interface PlayedSession {
  readonly events: readonly SigningEvent[];
  readonly end: TerminalEvent;
  readonly asked: readonly QuestionChallenge[];
}

/** Runs it to its end; the user answers rightly unless told otherwise. */
export async function play(on: Bench, session: SigningSession, answer: (challenge: QuestionChallenge, nth: number) => ChallengeAnswer | undefined | Promise<ChallengeAnswer | undefined> = () => undefined): Promise<PlayedSession> {
  const events: SigningEvent[] = [];
  const asked: QuestionChallenge[] = [];
  for await (const event of session.run()) {
    events.push(event);
    if (event.type !== 'challenge' || event.challenge.type === 'qr' || event.challenge.type === 'push') continue;
    const { challenge } = event;
    asked.push(challenge);
    const given = (await answer(challenge, asked.filter(({ id }) => id === challenge.id).length)) ?? (await on.answer(challenge));
    if ('value' in given) on.secrets.add(given.value);
    const receipt = session.answer(challenge.id, given);
    if (receipt !== 'accepted') throw new Error(`the answer is ${receipt}`);
  }
  const end = events.at(-1)!;
  if (!isTerminal(end)) throw new Error('not ended');
  return { events, end, asked };
}

/** Nothing that was secret stands in what is kept, told or sent in an address. */
export function leaks(on: Bench, events: readonly SigningEvent[]): readonly string[] {
  const text = JSON.stringify([on.snapshots, on.journal, events, on.service.exchanges.map(({ url }) => url)], (_, value: unknown) => (value instanceof Uint8Array ? undefined : value));
  return [...on.secrets, ...on.provider.secrets()].filter((secret) => text.includes(secret));
}
