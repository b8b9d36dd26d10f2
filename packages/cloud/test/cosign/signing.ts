import { createMemoryLeases, createSigningSession, isTerminal, type JsonObject, type Judgement, type SigningAdapter, type SigningEvent, type TerminalEvent } from '@hefu/sign';
import { algorithms, PIN, type CosignBench } from './bench.js';

export interface Signed {
  readonly end: TerminalEvent;
  /** Everything that left the session: events, snapshots, journal. */
  readonly text: string;
}

/** Signs `count` items to the end; a PIN is answered. */
export async function signWith(bench: CosignBench, adapter: SigningAdapter, judgement: Judgement, count = 1, attempts = 1, pin: string = PIN): Promise<Signed> {
  const context = bench.context();
  const [credential] = await adapter.listCredentials({ limit: 1 }, context);
  const journal: string[] = [];
  const snapshots: JsonObject[] = [];
  const session = createSigningSession({
    adapter, algorithms, judgement, limits: { attempts, retry: { attempts: 1, budgetMs: 1, baseMs: 1, maxWaitMs: 1 } }, requestId: 'cosign', credential: credential!,
    capabilities: await adapter.discover(context), title: '投标签名',
    ports: { clock: bench.clock, random: bench.random, leases: createMemoryLeases(), journal: (line) => void journal.push(line), keep: async (snapshot) => void snapshots.push(snapshot) },
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
  return { end, text: JSON.stringify([events.slice(0, -1), rest, snapshots, journal]) };
}
