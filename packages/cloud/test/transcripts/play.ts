import type { AdapterEvent, ChallengeAnswer, Credential, QuestionChallenge, RawSignature, ShownChallenge } from '@hefu/sign';
import { contentOfItem, requestFor } from '../../../sign/dist/conformance/play.js';
import { pinItem, prepareItem } from '../../../sign/dist/session/prepare-items.js';
import { release } from '../../../sign/dist/session/release.js';
import type { Fetch, QrSessionAdapter } from '../../src/index.js';
import { adapterContext } from '../context.js';
import type { HeldClock } from '../held-clock.js';
import { AT, seededRandom } from '../world.js';
import { algorithms, type Flow, type Secrets } from './flows.js';

/** As text; binary in base64. */
export interface Transcript {
  readonly flow: string;
  readonly chain: readonly string[];
  /** What the user answered, in order. */
  readonly answers: readonly ChallengeAnswer[];
  readonly exchanges: readonly Exchange[];
  /** What the adapter made of it, in order. */
  readonly events: readonly string[];
}

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly answer: string;
}

export interface Stage {
  readonly clock: HeldClock;
  readonly fetch: Fetch;
  readonly secrets: Secrets;
  readonly chain: readonly Uint8Array[];
  answer(challenge: QuestionChallenge): ChallengeAnswer | Promise<ChallengeAnswer>;
  show(challenge: ShownChallenge): void;
}

export interface Played {
  readonly events: readonly string[];
  /** Of values that do not verify. */
  readonly refused: readonly string[];
  readonly values: number;
}

/** The adapter alone, without core: the same inputs, time and random octets every time. */
export async function play(flow: Flow, { clock, fetch, secrets, chain, answer, show }: Stage): Promise<Played> {
  const context = { ...adapterContext({ clock, attempts: 1 }), random: seededRandom(20_260_601) };
  const known: Credential[] = [];
  const adapter = flow.adapter({ fetch, clock, random: context.random, secrets, chain, known });
  const events: AdapterEvent[] = [];
  const io = { signal: new AbortController().signal, ask: async (challenge: QuestionChallenge) => answer(challenge), show };
  if (flow.credential === 'chosen') {
    const choosing = (adapter as QrSessionAdapter).chooseCertificate('choice', { locale: 'zh-CN', verificationCode: '1234' }, io, context);
    for (let step = await choosing.next(); ; step = await choosing.next()) {
      if (step.done === true) {
        known.push(step.value);
        break;
      }
      events.push(step.value);
    }
  }
  const capabilities = await adapter.discover(context);
  const listed = await adapter.listCredentials({ limit: 20, ...(flow.userId === undefined ? {} : { userId: flow.userId }) }, context);
  const credential = listed.find(({ ref }) => ref === flow.credential) ?? listed[0]!;
  const request = requestFor({ capabilities, credentials: [credential], signingTime: AT } as never, { algorithms } as never, 'transcript', flow.items);
  for await (const event of (await adapter.begin(request, context)).run(io)) events.push(event);
  const returned: RawSignature[] = events.flatMap((event) => (event.type === 'signatures' ? event.signatures : []));
  const preparation = { credential, algorithms, form: {}, signingTime: AT };
  const awaited = request.items.map(({ itemId }, index) => ({ itemId, prepared: prepareItem(pinItem({ itemId, label: '', content: contentOfItem(index) }, preparation), preparation) }));
  const { refused } = await release({ awaited, returned });
  return { events: events.map((event) => (event.type === 'phase' ? `phase ${event.phase}` : event.type)), refused: refused.map(({ code }) => code), values: returned.length };
}

export function requestOf(url: string, init: RequestInit): Pick<Exchange, 'method' | 'url' | 'headers' | 'body'> {
  return { method: init.method ?? 'GET', url, headers: Object.fromEntries([...new Headers(init.headers)].sort()), body: typeof init.body === 'string' ? init.body : init.body === undefined || init.body === null ? '' : String(init.body) };
}
