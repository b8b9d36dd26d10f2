import { createSigningSession, isTerminal, packOctets, resumeSigningSession, SignError, type JsonObject, type SigningEvent, type SigningSession, type SigningSessionInput } from '@hefu/sign';
import type { Store } from '@hefu/updater';
import { createEventLog, type EventLog } from './event-log.js';
import { Refusal } from './guard.js';
import { sameOrder } from './same-order.js';
import { createUnderWay } from './under-way.js';

/** A session as the backend holds it. */
export interface HeldSession {
  readonly session: SigningSession;
  readonly log: EventLog;
  /** Epoch milliseconds, of the last request for it. */
  usedAt: number;
}

/** What is kept of a session, so that another process goes on with it. No content, PIN, code or token: as `SigningSession.snapshot`. */
interface KeptSession {
  readonly owner: string;
  readonly order: JsonObject;
  /** Epoch milliseconds. */
  readonly begunAt: number;
  readonly snapshot?: JsonObject;
  /** How it ended, told again to whoever asks. */
  readonly terminal?: JsonObject;
}

/** What the application answers to an order: everything a session needs but its name, and but `keep`. */
export type OpenSession = (order: JsonObject, owner: string) => Promise<Omit<SigningSessionInput, 'requestId'>>;

export interface SessionsOptions {
  readonly open: OpenSession;
  readonly store: Store;
  readonly now: () => number;
  readonly epoch: () => string;
  readonly maxPerOwner: number;
  readonly maxTotal: number;
  /** How long a session that ended, or that nobody asked for and that waits for nobody, stays in memory. */
  readonly retainMs: number;
}

export interface Sessions {
  /**
   * Begins it, or finds the one of that name, which is for the same order: the name is the key by which a beginning may be repeated, and no way to
   * have something else signed under what was confirmed. @throws Refusal TOO_MANY | REQUEST_MISMATCH; SignError; what `open` throws
   */
  start(owner: string, requestId: string, order: JsonObject): Promise<HeldSession>;
  /** Goes on from the snapshot of one that failed, with a run of its own; any other is found as it is. An order, where one is given, must be that of the beginning. @throws as `start` and `find` */
  goOn(owner: string, requestId: string, order?: JsonObject): Promise<HeldSession>;
  /** @throws Refusal NOT_FOUND, also where it is another's; SignError */
  find(owner: string, requestId: string): Promise<HeldSession>;
  /** Those of an owner that have not ended, the last begun first; also such as wait in the store for somebody to come. */
  list(owner: string): Promise<readonly { readonly requestId: string; readonly begunAt: number; readonly order: JsonObject }[]>;
}

/** Sessions by owner and name: whoever guesses a name reaches nothing of another's. */
export function createSessions(options: SessionsOptions): Sessions {
  const { open, store, now, epoch, maxPerOwner, maxTotal, retainMs } = options;
  const held = new Map<string, HeldSession & { readonly owner: string; readonly order: JsonObject }>();
  const opening = new Map<string, Promise<HeldSession>>();
  /** By name: what is being begun, which no store knows yet. */
  const ordered = new Map<string, JsonObject>();
  /** Owners of sessions being begun: they count before they run. */
  const beginning = new Map<string, string>();
  const underWay = createUnderWay(store);
  const keyOf = (owner: string, requestId: string): string => `signing ${encodeURIComponent(owner)} ${requestId}`;

  const sweep = (): void => {
    for (const [key, { log, usedAt }] of held) if (log.ended && now() - usedAt > retainMs) held.delete(key);
  };
  const load = async (key: string, owner: string): Promise<KeptSession | undefined> => {
    const bytes = await store.get(key);
    const kept = bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as KeptSession);
    return kept?.owner === owner ? kept : undefined;
  };
  const keep = (key: string, kept: KeptSession): Promise<void> => store.put(key, new TextEncoder().encode(JSON.stringify(kept)));

  /** Runs beside every request: a page that closes does not end it. */
  const run = (key: string, requestId: string, open: KeptSession, session: SigningSession): HeldSession => {
    const { owner, order, begunAt } = open;
    const one = { session, log: createEventLog(epoch()), usedAt: now(), owner, order };
    held.set(key, one);
    void (async () => {
      for await (const event of session.run()) {
        if (isTerminal(event)) {
          await keep(key, { owner, order, begunAt, snapshot: session.snapshot(), terminal: packOctets(event) as JsonObject }).catch(() => undefined);
          await underWay.remove(owner, [requestId]).catch(() => undefined);
        }
        one.log.append(event);
      }
    })().catch((cause: unknown) => {
      const error = cause instanceof SignError ? cause : new SignError('ADAPTER_MISCONFIGURED', 'the session failed', { cause, outcome: 'unknown' });
      one.log.append({ type: 'failed', error: error.toJSON(), signatures: [], failed: [] });
    });
    return one;
  };

  const begin = async (key: string, owner: string, requestId: string, order: JsonObject): Promise<HeldSession> => {
    sweep();
    const live = [...[...held.values()].filter(({ log }) => !log.ended).map((each) => each.owner), ...beginning.values()];
    if (live.length >= maxTotal || live.filter((each) => each === owner).length >= maxPerOwner) throw new Refusal('TOO_MANY');
    beginning.set(key, owner);
    try {
      const input = await open(order, owner);
      const kept: KeptSession = { owner, order, begunAt: now() };
      const session = await createSigningSession({ ...input, requestId, ports: portsOf(input, key, kept) });
      await keep(key, kept);
      await underWay.add(owner, requestId);
      return run(key, requestId, kept, session);
    } finally {
      beginning.delete(key);
    }
  };
  const portsOf = (input: Omit<SigningSessionInput, 'requestId'>, key: string, { owner, order, begunAt }: KeptSession): SigningSessionInput['ports'] => ({
    ...input.ports,
    keep: async (snapshot) => {
      await input.ports.keep?.(snapshot);
      await keep(key, { owner, order, begunAt, snapshot });
    },
  });

  /** From what was kept: as it ended, or going on from its snapshot. */
  const restore = async (key: string, requestId: string, kept: KeptSession): Promise<HeldSession> => {
    if (kept.terminal !== undefined) return endedSession(kept.terminal, epoch(), now());
    const input = await open(kept.order, kept.owner);
    const surroundings = { ...input, ports: portsOf(input, key, kept) };
    // Nothing was kept before anything was sent: it begins.
    const session = kept.snapshot === undefined ? await createSigningSession({ ...surroundings, requestId }) : resumeSigningSession(kept.snapshot, surroundings);
    return run(key, requestId, kept, session);
  };

  /** One opening at a time for each name: the second click finds the first. */
  const once = (key: string, make: () => Promise<HeldSession>): Promise<HeldSession> => {
    const there = held.get(key);
    if (there !== undefined) {
      there.usedAt = now();
      return Promise.resolve(there);
    }
    const running = opening.get(key) ?? make().finally(() => opening.delete(key));
    opening.set(key, running);
    return running;
  };

  /** What a name was begun with in this process, whether or not it is written down yet. */
  const orderHere = (key: string): JsonObject | undefined => ordered.get(key) ?? held.get(key)?.order;
  /** @throws Refusal REQUEST_MISMATCH */
  const requireSame = (before: JsonObject | undefined, order: JsonObject): void => {
    if (before !== undefined && !sameOrder(before, order)) throw new Refusal('REQUEST_MISMATCH');
  };

  return {
    async goOn(owner, requestId, order) {
      const key = keyOf(owner, requestId);
      const kept = await load(key, owner);
      if (order !== undefined) requireSame(orderHere(key) ?? kept?.order, order);
      if (kept?.terminal?.['type'] === 'failed' && kept.snapshot !== undefined) {
        const { terminal: _, ...open } = kept;
        // Both clicks of a double click come here: the second finds what the first began.
        if (opening.get(key) === undefined && held.get(key)?.log.ended !== false) {
          held.delete(key);
          await keep(key, open);
          await underWay.add(owner, requestId);
          return once(key, () => restore(key, requestId, open));
        }
      }
      return this.find(owner, requestId);
    },
    async start(owner, requestId, order) {
      const key = keyOf(owner, requestId);
      requireSame((await load(key, owner))?.order, order);
      // Of two at once, the second finds the first here: nothing is awaited from here to its own beginning.
      requireSame(orderHere(key), order);
      return once(key, async () => {
        ordered.set(key, order);
        try {
          const kept = await load(key, owner);
          return await (kept === undefined ? begin(key, owner, requestId, order) : restore(key, requestId, kept));
        } finally {
          ordered.delete(key);
        }
      });
    },
    find: (owner, requestId) => once(keyOf(owner, requestId), async () => {
      const key = keyOf(owner, requestId);
      const kept = await load(key, owner);
      if (kept === undefined) throw new Refusal('NOT_FOUND');
      return restore(key, requestId, kept);
    }),
    async list(owner) {
      const names = await underWay.list(owner);
      const all = await Promise.all([...names].reverse().map(async (requestId) => ({ requestId, kept: await load(keyOf(owner, requestId), owner) })));
      const isOver = ({ kept }: (typeof all)[number]): boolean => kept === undefined || kept.terminal !== undefined;
      // What ended while it could not be written down.
      const over = all.filter(isOver).map(({ requestId }) => requestId);
      if (over.length > 0) await underWay.remove(owner, over).catch(() => undefined);
      return all.filter((each) => !isOver(each)).map(({ requestId, kept }) => ({ requestId, begunAt: kept!.begunAt, order: kept!.order }));
    },
  };
}

/** A session of which only the end is known. */
function endedSession(terminal: JsonObject, epoch: string, usedAt: number): HeldSession {
  const log = createEventLog(epoch);
  // Packed again as it was: octets in it are JSON already.
  log.append(terminal as unknown as SigningEvent);
  const session: SigningSession = {
    // eslint-disable-next-line require-yield
    async *run() {
      throw new SignError('ACTION_PENDING', 'this session has ended');
    },
    answer: () => 'not-asked',
    cancel: () => Promise.resolve(),
    snapshot: () => ({}),
  };
  return { session, log, usedAt };
}
