import {
  createMemoryLeases, createSigningSession, resumeSigningSession, type AdapterContext, type Capabilities, type Clock, type Credential, type JsonObject, type Judgement, type SessionPorts, type SessionSurroundings, type SigningEvent, type SigningSession, type SigningSessionInput, type ShownChallenge,
} from '@hefu/sign';
import { createJudgeCaches } from '@hefu/verify';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { COSS_APP, createQrProvider, createWorld, DEVICE_LINK_PARTY, serveProvider, type JobBook, type PhoneAct, type ServedProvider, type World } from '../../../sandbox/dist/index.js';
import { BJCA_COSS_MAPPING, createMemoryJobVault, createQrSessionAdapter, SMART_ID_MAPPING, ZHONGZHAO_MAPPING, type Fetch, type JobVault, type QrAdapterOptions, type QrMapping, type QrSessionAdapter } from '../../src/index.js';
import { adapterContext } from '../context.js';
import { HeldClock } from '../held-clock.js';
import { AT, judgementOf, seededRandom } from '../world.js';

export { AT };
export const algorithms = nodeAlgorithms();
export const world: World = createWorld({ seed: 'qr', at: AT });
export const APIS = ['coss', 'zhongzhao', 'device-link'] as const;
export type Api = (typeof APIS)[number];

const MAPPINGS: Readonly<Record<Api, QrMapping>> = { coss: BJCA_COSS_MAPPING, zhongzhao: ZHONGZHAO_MAPPING, 'device-link': SMART_ID_MAPPING };
const PATHS: Readonly<Record<Api, string>> = { coss: 'qr/coss/service/v1', zhongzhao: 'qr/zhongzhao/sweepcodeController', 'device-link': 'qr/device-link/v3' };
const SETTINGS: Readonly<Record<string, string>> = { appId: COSS_APP.appId, platformCode: 'HEFUSANDBOX', ...DEVICE_LINK_PARTY };
const CALLBACK_URL = 'http://127.0.0.1:1/callback';
export const APP_KEY = { kind: 'mac', secret: new TextEncoder().encode(COSS_APP.secret) } as const;
/** base64 stands for the vendor's cipher in the sandbox. */
const openCallback = async (body: Uint8Array): Promise<JsonObject> => {
  const { data } = JSON.parse(new TextDecoder().decode(body)) as { readonly data: { readonly encrypt: string } };
  return { data: JSON.parse(Buffer.from(data.encrypt, 'base64').toString('utf8')) as JsonObject };
};

/** A provider and everything before it. */
export interface Bench {
  readonly api: Api;
  readonly provider: ServedProvider;
  readonly clock: HeldClock;
  readonly vault: JobVault;
  readonly book: JobBook;
  readonly adapter: QrSessionAdapter;
  readonly context: AdapterContext & { readonly journal: string[] };
  /** All that left or was written: requests with headers, journal lines, snapshots, events. */
  readonly written: unknown[];
  readonly online: { value: boolean };
  /** Adapters of other processes, before the same provider and vault. */
  another(change?: Partial<QrAdapterOptions>): QrSessionAdapter;
  phone(link: string, act: PhoneAct, key?: string): Promise<{ readonly status: number; readonly state?: string; readonly error?: string }>;
  credentials(): Promise<readonly Credential[]>;
  close(): Promise<void>;
}

export async function createBench(api: Api, change: Partial<QrAdapterOptions> = {}): Promise<Bench> {
  const clock = new HeldClock(AT);
  let adapter: QrSessionAdapter | undefined;
  const written: unknown[] = [];
  const online = { value: true };
  const qr = createQrProvider({
    callbackUrl: CALLBACK_URL,
    deliver: (_url, callback) => clock.during(Promise.resolve().then(async () => (await adapter!.handleCallback(callback)).reply.status)),
  });
  const provider = await serveProvider(world, { facades: [qr.facade], now: () => clock.now() });
  const send: Fetch = (url, init) => {
    written.push({ url, headers: init.headers });
    if (!online.value) return Promise.reject(new TypeError('fetch failed'));
    return clock.during(fetch(url, init).then(async (answer) => new Response(new Uint8Array(await answer.arrayBuffer()), { status: answer.status, headers: answer.headers })));
  };
  const vault = createMemoryJobVault(clock);
  const known = api === 'coss' || change.known !== undefined ? [] : await shownBefore(api);
  const options: QrAdapterOptions = {
    mapping: MAPPINGS[api], known: async () => known, fetch: send, baseUrl: `${provider.baseUrl}/${PATHS[api]}`, algorithms, clock, vault, settings: SETTINGS, keys: { app: APP_KEY }, callbackUrl: CALLBACK_URL, openCallback, ...change,
  };
  const another = (more: Partial<QrAdapterOptions> = {}): QrSessionAdapter => createQrSessionAdapter({ ...options, ...more });
  adapter = another();
  const context = { ...adapterContext({ clock, attempts: 3 }), random: freshRandom() };
  const bench: Bench = {
    api, provider, clock, vault, adapter, context, written, online, another,
    book: qr.book(),
    async phone(link, act, key) {
      const post = async (path: string, body: object) => {
        const answer = await clock.during(fetch(`${provider.baseUrl}/qr/phone/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).then(async (each) => ({ status: each.status, ...((await each.json()) as object) })));
        return answer as { readonly status: number; readonly ticket?: string; readonly state?: string; readonly error?: string };
      };
      const opened = await post('open', { link });
      return opened.ticket === undefined ? opened : await post('act', { ticket: opened.ticket, act, key });
    },
    credentials: () => adapter!.listCredentials({ limit: 100 }, context),
    close: () => provider.close(),
  };
  return bench;
}

const shown = new Map<Api, Promise<readonly Credential[]>>();

/** Certificates that users showed on the phone before, one of each kind the interface takes. */
function shownBefore(api: Api): Promise<readonly Credential[]> {
  const show = async (): Promise<readonly Credential[]> => {
    const bench = await createBench(api, { known: async () => [] });
    const credentials: Credential[] = [];
    for (const kind of api === 'zhongzhao' ? (['SM2', 'RSA-2048'] as const) : (['P-256', 'RSA-2048', 'SM2'] as const)) {
      credentials.push(await choose(bench, bench.adapter, bench.provider.hsm.keys.find((each) => each.kind === kind && each.company.state === 'good' && each.company.issuer.listed)!.id));
    }
    await bench.close();
    return credentials;
  };
  const found = shown.get(api) ?? show();
  shown.set(api, found);
  return found;
}

/** A certificate shown on the phone with the key of that id. */
export async function choose(bench: Pick<Bench, 'phone' | 'context' | 'clock'>, adapter: QrSessionAdapter, key: string): Promise<Credential> {
  const abort = new AbortController();
  let acted = false;
  const io = {
    signal: abort.signal, ask: () => Promise.reject(new Error('asked')),
    show: (challenge: ShownChallenge) => {
      if (acted || challenge.type !== 'qr') return;
      acted = true;
      void bench.phone(challenge.payload, 'approve', key);
    },
  };
  const choosing = adapter.chooseCertificate(`choice-${key}`, { locale: 'zh-CN', verificationCode: '1234' }, io, bench.context);
  for (;;) {
    const step = await choosing.next();
    if (step.done === true) return step.value;
  }
}

export const judgement = async (): Promise<Judgement> => ({ ...await judgementOf(world, algorithms), caches: createJudgeCaches() });

export interface Desk {
  readonly ports: SessionPorts;
  readonly snapshots: JsonObject[];
  readonly journal: string[];
}

let seeds = 0;
/** The same in every run, and never the same twice: providers refuse a nonce that was used. */
const freshRandom = () => seededRandom(++seeds * 7919);

export function desk(clock: Clock): Desk {
  const snapshots: JsonObject[] = [];
  const journal: string[] = [];
  return {
    snapshots, journal,
    ports: {
      clock, random: freshRandom(), leases: createMemoryLeases(), journal: (line) => journal.push(line),
      keep: async (snapshot) => void snapshots.push(JSON.parse(JSON.stringify(snapshot)) as JsonObject),
    },
  };
}

const KIND_NAME = { SM2: /^SM2/, 'P-256': /^ECDSA/, 'RSA-2048': /^RSASSA/ } as const;

export async function inputFor(bench: Bench, ports: SessionPorts, judged: Judgement, change: Partial<SigningSessionInput> & { readonly kind?: keyof typeof KIND_NAME; readonly count?: number } = {}): Promise<SigningSessionInput> {
  const { kind, count = 1, ...rest } = change;
  const capabilities: Capabilities = await bench.adapter.discover(bench.context);
  const credential = (await bench.credentials()).find(({ algorithms: [choice] }) => kind === undefined || KIND_NAME[kind].test(choice!.name))!;
  return {
    requestId: 'req-1', adapter: bench.adapter, credential, capabilities, algorithms, judgement: judged, ports, title: '投标文件签名：机密项目九号',
    items: Array.from({ length: count }, (_, index) => ({ itemId: `i${index}`, label: `报价书-机密-${index}.pdf`, content: new TextEncoder().encode(`bid ${index}`) })),
    ...rest,
  };
}

/** What the user does with the nth code shown; nothing where it says so. */
export type Hand = (challenge: Extract<ShownChallenge, { readonly type: 'qr' }>, n: number) => PhoneAct | undefined | Promise<PhoneAct | undefined>;

export const once = (act: PhoneAct): Hand => (_, n) => (n === 1 ? act : undefined);

/** Runs a session to its end with a user at the phone. */
export async function play(bench: Bench, session: SigningSession, hand: Hand = once('approve'), each: (event: SigningEvent) => void = () => undefined): Promise<SigningEvent[]> {
  const events: SigningEvent[] = [];
  let n = 0;
  for await (const event of session.run()) {
    events.push(event);
    bench.written.push(event);
    each(event);
    if (event.type !== 'challenge' || event.challenge.type !== 'qr') continue;
    const { payload } = event.challenge;
    const act = await hand(event.challenge, ++n);
    if (act !== undefined) await bench.phone(payload, act);
  }
  return events;
}

export interface Ran {
  readonly events: readonly SigningEvent[];
  readonly end: SigningEvent;
  readonly desk: Desk;
}

/** One signing from beginning to end. */
export async function sign(bench: Bench, judged: Judgement, hand?: Hand, change: Parameters<typeof inputFor>[3] & { readonly limits?: SessionSurroundings['limits']; readonly each?: (event: SigningEvent) => void } = {}): Promise<Ran> {
  const { each, ...rest } = change;
  const own = desk(bench.clock);
  const session = await createSigningSession(await inputFor(bench, own.ports, judged, rest));
  const events = await play(bench, session, hand, each);
  bench.written.push(own.snapshots, own.journal, session.snapshot());
  return { events, end: events.at(-1)!, desk: own };
}

/** Item ids of what was made. A device link knows no ids: there the nth value signed stands for the nth item. */
export function madeItems({ api, book }: Bench): string[] {
  if (api !== 'device-link') return book.made.map((each) => each.slice(each.indexOf('/') + 1));
  const hashes = book.made.map((each) => Buffer.from(book.get(each.slice(0, each.indexOf('/')))!.items[0]!.hash).toString('hex'));
  const order = [...new Set(hashes)];
  return hashes.map((hash) => `i${order.indexOf(hash)}`);
}

export { createSigningSession, resumeSigningSession };

/** Nothing written has a secret of the provider, of the platform or of a job in any form. */
export function leaks(bench: Bench): readonly string[] {
  const text = JSON.stringify(bench.written, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value));
  const secrets = [COSS_APP.secret, ...bench.book.jobs.flatMap(({ extra }) => (extra?.['secret'] === undefined ? [] : [extra['secret'], Buffer.from(extra['secret'], 'base64').toString('latin1')]))];
  const found = secrets.filter((secret) => [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), Buffer.from(secret).toString('hex'), encodeURIComponent(secret)].some((form) => text.includes(form)));
  // What opens a job stands behind a fragment and nowhere else.
  for (const { scanKey } of bench.book.jobs) if (text.replaceAll(`#${scanKey}`, '').includes(scanKey)) found.push(scanKey);
  // Names of the project and its files never left, nobody having consented.
  for (const { url } of bench.provider.transcript.exchanges.map(({ path, requestBody }) => ({ url: path + requestBody }))) if (url.includes('机密') || decodeURIComponent(url.replace(/%(?![0-9A-F]{2})/gi, '')).includes('机密')) found.push('label');
  return found;
}
