import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BJCA_COSS_MAPPING, createMemoryJobVault, createQrSessionAdapter, type QrSessionAdapter } from '@hefu/cloud';
import { sha256 } from '@hefu/crypto';
import { nodeAlgorithms } from '@hefu/node';
import { parseCertificate, parseCertificateList } from '@hefu/pki';
import { COSS_APP, createQrProvider, serveProvider, type PhoneAct, type ServedProvider, type World } from '@hefu/sandbox';
import {
  bestCredential, createAdapterContext, createJournal, createMemoryLeases, createRedactor, createServerClock, createSigningSession, isTerminal, selectCredential,
  type AdapterContext, type Clock, type Judgement, type SessionPorts, type SigningPlan, type TerminalEvent,
} from '@hefu/sign';
import { updateTrustList } from '@hefu/trust-list';
import { DEFAULT_POLICY, NO_EVIDENCE, type Bilingual } from '@hefu/verify';

/** One signing with a phone: what the user and the provider do, and how it must end. */
interface Turn {
  readonly id: string;
  readonly title: Bilingual;
  /** Of the company, by whose name the provider knows its keys. */
  readonly user: string;
  readonly act: PhoneAct;
  readonly fault?: string;
  /** `done`, or the code of the refusal. */
  readonly expected: string;
}

const TURNS: readonly Turn[] = [
  { id: 'phone-approves', title: { zh: '在手机上确认', en: 'confirmed on the phone' }, user: 'qinghe', act: 'approve', expected: 'done' },
  { id: 'form-of-the-list', title: { zh: '另一家企业，名单只接受其 CA 的另一种签名格式', en: 'another company, of whose CA the list accepts another form alone' }, user: 'guyun', act: 'approve', expected: 'done' },
  { id: 'phone-refuses', title: { zh: '在手机上拒绝', en: 'refused on the phone' }, user: 'qinghe', act: 'refuse', expected: 'USER_REFUSED' },
  { id: 'values-permuted', title: { zh: '服务商把几份文件的签名值弄混了', en: 'the provider mixes up the values of the files' }, user: 'qinghe', act: 'approve', fault: 'permute', expected: 'SIGNATURE_ORDER' },
];

export interface SigningTold {
  readonly id: string;
  readonly title: Bilingual;
  readonly expected: boolean;
  readonly event: TerminalEvent;
  readonly plan: SigningPlan;
  /** Shown on the page and on the phone. */
  readonly verificationCode: string;
}

const FILES = ['投标函.pdf', '报价清单.xlsx', '施工组织设计.pdf'];

/** Companies sign three files each with keys that a provider keeps and a phone confirms; nothing unverified is handed over. */
export async function signWithPhone(world: World): Promise<readonly SigningTold[]> {
  const startedAt = Date.now();
  const clock: Clock = {
    now: () => world.at + Date.now() - startedAt,
    // Polls of a second would make a long story, so short waits are shorter; what bounds a request is as long as it is.
    sleep: async (ms, signal) => void (await sleep(ms <= 5000 ? ms / 20 : ms, undefined, signal === undefined ? {} : { signal })),
  };
  const provider = await serveProvider(world, { facades: [createQrProvider().facade], now: () => clock.now() });
  try {
    const judgement = await judgementOf(world);
    const told: SigningTold[] = [];
    for (const turn of TURNS) told.push(await play(turn, { world, clock, provider, judgement }));
    return told;
  } finally {
    await provider.close();
  }
}

interface Stage {
  readonly world: World;
  readonly clock: Clock;
  readonly provider: ServedProvider;
  readonly judgement: Judgement;
}

async function play(turn: Turn, { world, clock, provider, judgement }: Stage): Promise<SigningTold> {
  const algorithms = nodeAlgorithms();
  const adapter: QrSessionAdapter = createQrSessionAdapter({
    mapping: BJCA_COSS_MAPPING, fetch: (url, init) => fetch(url, init), baseUrl: `${provider.baseUrl}/qr/coss/service/v1`, algorithms, clock, vault: createMemoryJobVault(clock),
    settings: { appId: COSS_APP.appId }, keys: { app: { kind: 'mac', secret: new TextEncoder().encode(COSS_APP.secret) } },
  });
  const ports: SessionPorts = { clock, random: { bytes: (length) => new Uint8Array(randomBytes(length)) }, leases: createMemoryLeases() };
  const context = contextOf(ports);
  const capabilities = await adapter.discover(context);
  const credentials = await adapter.listCredentials({ userId: turn.user, limit: 100 }, context);
  const { credential } = bestCredential(await selectCredential({ ...judgement, credentials, capabilities, algorithms, at: clock.now() }));
  const session = await createSigningSession({
    requestId: turn.id, adapter, credential, capabilities, algorithms, judgement, ports, title: '投标签名',
    items: FILES.map((label, index) => ({ itemId: `file-${index}`, label, content: new TextEncoder().encode(`${world.at} ${label}`) })),
  });
  let plan: SigningPlan | undefined;
  let verificationCode = '';
  let acted = false;
  if (turn.fault !== undefined) provider.faults.set(turn.fault);
  try {
    for await (const event of session.run()) {
      if (event.type === 'plan') ({ plan, verificationCode } = event);
      if (event.type === 'challenge' && event.challenge.type === 'qr' && !acted) {
        acted = true;
        await phone(provider, event.challenge.payload, turn.act);
      }
      if (isTerminal(event)) {
        const ended = event.type === 'failed' ? event.error.code : event.type;
        return { id: turn.id, title: turn.title, expected: ended === turn.expected, event, plan: plan!, verificationCode };
      }
    }
  } finally {
    provider.faults.clear();
  }
  throw new TypeError('a signing ended without an end');
}

/** For listing, outside of a session; this story keeps no journal. */
function contextOf(ports: SessionPorts): AdapterContext {
  const redactor = createRedactor();
  return createAdapterContext({
    ports, redactor, locale: 'zh-CN', signal: new AbortController().signal, serverClock: createServerClock(ports.clock),
    journal: createJournal({ digest: sha256, redactor, write: () => undefined }),
  });
}

/** The user's phone: it opens what was scanned and presses one button. */
async function phone(provider: ServedProvider, link: string, act: PhoneAct): Promise<void> {
  const post = async (path: string, body: object): Promise<{ readonly ticket?: string }> =>
    (await (await fetch(`${provider.baseUrl}/qr/phone/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json()) as { readonly ticket?: string };
  const { ticket } = await post('open', { link });
  await post('act', { ticket, act });
}

async function judgementOf(world: World): Promise<Judgement> {
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms: nodeAlgorithms(), at: world.at });
  if (outcome.outcome === 'refused') throw new TypeError(`the list of the story was refused: ${outcome.code}`);
  return {
    trustList: outcome.trustList, policy: DEFAULT_POLICY, context: { scene: 'bid-signing', region: '420100', transaction: '工程建设' },
    evidence: {
      ...NO_EVIDENCE,
      candidateCertificates: world.authorities.flatMap(({ above, issuers }) => [...above, ...issuers].map(({ certificate }) => parseCertificate(certificate))),
      crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })),
    },
  };
}
