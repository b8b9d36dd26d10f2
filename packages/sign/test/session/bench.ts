import { parseCertificate, parseCertificateList } from '@hefu/pki';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
import { DEFAULT_POLICY, NO_EVIDENCE } from '@hefu/verify';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { createWorld, type Company, type KeyKind, type World } from '../../../sandbox/dist/index.js';
import { createMemoryLeases, type AlgorithmChoice, type ChallengeAnswer, type Clock, type JsonObject, type Judgement, type SessionPorts, type SigningAdapter, type SigningEvent, type SigningSession, type SigningSessionInput, type SoftKey } from '../../src/index.js';
import { seededRandom, VirtualClock } from './virtual-clock.js';

export const AT: number = Date.UTC(2026, 5, 1, 4);
export const algorithms = nodeAlgorithms();
export const world: World = createWorld({ seed: 'sessions', at: AT });
export const ALGORITHM: Readonly<Record<'SM2' | 'P-256' | 'RSA-2048', AlgorithmChoice>> = {
  SM2: { name: 'SM2-SM3', digest: 'SM3', oid: '1.2.156.10197.1.501' },
  'P-256': { name: 'ECDSA-SHA-256', digest: 'SHA-256', oid: '1.2.840.10045.4.3.2' },
  'RSA-2048': { name: 'RSASSA-PKCS1-v1_5-SHA-256', digest: 'SHA-256', oid: '1.2.840.113549.1.1.11' },
};

export async function trustList(): Promise<TrustList> {
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  return outcome.trustList;
}

export const companies = (kind: KeyKind, state: Company['state'] = 'good'): Company[] => world.companies.filter((each) => each.state === state && each.issuer.listed && each.sign.key.kind === kind);

export function softKey({ sign: { key, certificate }, issuer, authority }: Company, ref = 'key-1'): SoftKey {
  return {
    credential: { ref, chain: [certificate, issuer.certificate, ...authority.above.map((ca) => ca.certificate)], algorithms: [ALGORITHM[key.kind as keyof typeof ALGORITHM]] },
    sign: (toSign) => (toSign.kind === 'sm2-e' ? key.signDigest(toSign.value) : key.sign(toSign.value)),
  };
}

/** What the judge needs for these companies: all CRLs of the world. */
export async function judgement(region = '420100'): Promise<Judgement> {
  return {
    trustList: await trustList(), policy: DEFAULT_POLICY, context: { scene: 'bid-signing', region, transaction: '工程建设' },
    evidence: {
      ...NO_EVIDENCE,
      candidateCertificates: world.authorities.flatMap(({ above, issuers }) => [...above, ...issuers].map(({ certificate }) => parseCertificate(certificate))),
      crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })),
    },
  };
}

export interface Bench {
  readonly clock: VirtualClock;
  readonly ports: SessionPorts;
  readonly snapshots: JsonObject[];
  readonly journal: string[];
}

export function bench(clock: VirtualClock = new VirtualClock(AT, setImmediate), seed = 1): Bench {
  const snapshots: JsonObject[] = [];
  const journal: string[] = [];
  return {
    clock, snapshots, journal,
    ports: {
      clock: clock as Clock, random: seededRandom(seed), leases: createMemoryLeases(), journal: (line) => journal.push(line),
      keep: async (snapshot) => void snapshots.push(JSON.parse(JSON.stringify(snapshot)) as JsonObject),
    },
  };
}

export async function inputFor(adapter: SigningAdapter, count: number, judged: Judgement, ports: SessionPorts, change: Partial<SigningSessionInput> = {}): Promise<SigningSessionInput> {
  const capabilities = await adapter.discover(undefined as never);
  const [credential] = await adapter.listCredentials({ limit: 1 }, undefined as never);
  return {
    requestId: 'req-1', adapter, credential: credential!, capabilities, algorithms, judgement: judged, ports, title: '投标签名',
    items: Array.from({ length: count }, (_, i) => ({ itemId: `i${i}`, label: `file ${i}.pdf`, content: new TextEncoder().encode(`bid ${i}`) })),
    ...change,
  };
}

/** Runs it to its end, answering as told. */
export async function play(session: SigningSession, answers: Readonly<Record<string, ChallengeAnswer | ((n: number) => ChallengeAnswer | undefined)>> = {}, each: (event: SigningEvent) => void = () => undefined): Promise<SigningEvent[]> {
  const events: SigningEvent[] = [];
  const asked = new Map<string, number>();
  for await (const event of session.run()) {
    events.push(event);
    each(event);
    if (event.type !== 'challenge') continue;
    const { id } = event.challenge;
    const n = (asked.get(id) ?? 0) + 1;
    asked.set(id, n);
    const told = answers[id];
    const answer = typeof told === 'function' ? told(n) : told;
    if (answer !== undefined) session.answer(id, answer);
  }
  return events;
}
