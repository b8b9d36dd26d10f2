import type { Algorithms } from '@hefu/crypto';
import { createMemoryLeases, createSigningSession, isTerminal, resumeSigningSession, type Clock, type JsonObject, type Judgement, type Random, type SigningAdapter, type SigningEvent, type TerminalEvent } from '@hefu/sign';
import { adapterContext } from './context.js';

export interface Signed {
  readonly end: TerminalEvent;
  /** Everything that left the session: events, snapshots, journal. */
  readonly text: string;
  readonly snapshots: readonly JsonObject[];
}

export interface SignToEnd {
  readonly adapter: SigningAdapter;
  readonly algorithms: Algorithms;
  readonly judgement: Judgement;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: the first credential. */
  readonly ref?: string;
  readonly count?: number;
  readonly attempts?: number;
  /** Answered whenever one is asked for. */
  readonly pin?: string;
  readonly resume?: JsonObject;
}

/** Signs items to the end, asking again for nothing that failed on its way. */
export async function signToEnd({ adapter, algorithms, judgement, clock, random, ref, count = 1, attempts = 1, pin = '', resume }: SignToEnd): Promise<Signed> {
  const context = { ...adapterContext({ clock }), random };
  const capabilities = await adapter.discover(context);
  const credential = (await adapter.listCredentials({ limit: 100 }, context)).find((each) => ref === undefined || each.ref === ref)!;
  const journal: string[] = [];
  const snapshots: JsonObject[] = [];
  const surroundings = {
    adapter, algorithms, judgement, limits: { retry: { attempts: 1, budgetMs: 1, baseMs: 1, maxWaitMs: 1 }, attempts },
    ports: { clock, random, leases: createMemoryLeases(), journal: (line: string) => void journal.push(line), keep: async (snapshot: JsonObject) => void snapshots.push(snapshot) },
  };
  const session = resume !== undefined ? resumeSigningSession(resume, surroundings) : await createSigningSession({
    ...surroundings, requestId: 'req', credential, capabilities, title: '投标签名',
    items: Array.from({ length: count }, (_, index) => ({ itemId: `i${index}`, label: `file ${index}.pdf`, content: new TextEncoder().encode(`bid ${index}`) })),
  });
  const events: SigningEvent[] = [];
  for await (const event of session.run()) {
    events.push(event);
    if (event.type === 'challenge') session.answer(event.challenge.id, { type: 'pin', value: pin });
  }
  const end = events.at(-1)!;
  if (!isTerminal(end)) throw new Error('no end');
  const { signatures: _, ...rest } = 'signatures' in end ? end : { ...end, signatures: [] };
  return { end, snapshots, text: JSON.stringify([events.slice(0, -1), rest, snapshots, journal]) };
}
