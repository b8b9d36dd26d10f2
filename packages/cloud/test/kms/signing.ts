import { createMemoryLeases, createSigningSession, isTerminal, resumeSigningSession, type JsonObject, type Judgement, type SigningAdapter, type SigningEvent, type TerminalEvent } from '@hefu/sign';
import type { KeyKind } from '../../../sandbox/dist/index.js';
import { adapterContext } from '../context.js';
import { algorithms, type KmsBench } from './bench.js';

export interface Signed {
  readonly end: TerminalEvent;
  /** Everything that left the session: events, snapshots, journal. */
  readonly text: string;
  readonly snapshots: readonly JsonObject[];
}

/** Signs `count` items with the adapter's key of a kind, to the end. */
export async function signWith(bench: KmsBench, adapter: SigningAdapter, judgement: Judgement, kind: KeyKind, count = 1, resume?: JsonObject): Promise<Signed> {
  const context = adapterContext({ clock: bench.clock });
  const capabilities = await adapter.discover(context);
  const credential = (await adapter.listCredentials({ limit: 100 }, context)).find(({ ref }) => ref === bench.hsmKey(kind).id)!;
  const journal: string[] = [];
  const snapshots: JsonObject[] = [];
  const surroundings = {
    adapter, algorithms, judgement, limits: { retry: { attempts: 1, budgetMs: 1, baseMs: 1, maxWaitMs: 1 }, attempts: 1 },
    ports: { clock: bench.clock, random: bench.random, leases: createMemoryLeases(), journal: (line: string) => void journal.push(line), keep: async (snapshot: JsonObject) => void snapshots.push(snapshot) },
  };
  const session = resume !== undefined ? resumeSigningSession(resume, surroundings) : createSigningSession({
    ...surroundings, requestId: 'kms', credential, capabilities, title: '投标签名',
    items: Array.from({ length: count }, (_, index) => ({ itemId: `i${index}`, label: `file ${index}.pdf`, content: new TextEncoder().encode(`bid ${index}`) })),
  });
  const events: SigningEvent[] = [];
  for await (const event of session.run()) events.push(event);
  const end = events.at(-1)!;
  if (!isTerminal(end)) throw new Error('no end');
  const { signatures: _, ...rest } = 'signatures' in end ? end : { ...end, signatures: [] };
  return { end, snapshots, text: JSON.stringify([events.slice(0, -1), rest, snapshots, journal]) };
}
