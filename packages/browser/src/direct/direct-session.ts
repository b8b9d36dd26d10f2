import { isTerminal, SignError, type CancelReason, type JsonObject, type SessionPorts, type SigningEvent, type SigningSession, type SigningSessionInput } from '@hefu/sign';
import type { Store } from '@hefu/updater';
import { loadPart } from '../load-part.js';
import { keptSignings } from './kept-signings.js';
import { pagePorts } from './page-ports.js';

/** Everything a session needs but its name, and but what the browser gives: `SigningSessionInput`. */
export interface DirectSigning extends Omit<SigningSessionInput, 'requestId' | 'ports'> {
  readonly ports?: Pick<SessionPorts, 'journal' | 'reread'>;
}

export interface DirectSessionOptions {
  /** The name of the signing: made by the page once (`newRequestId`), and the way back to it after a reload. */
  readonly requestId: string;
  /** Keeps how far it is: no content, PIN, code or token. `indexedDbStore` */
  readonly store: Store;
  /** Adapter, credential, items and judgement: asked when the signing begins, and again when it goes on after a reload. @throws SignError */
  readonly open: () => Promise<DirectSigning>;
  /** After a failure that left items unsigned: goes on with those, what was signed stays. */
  readonly again?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * A session that runs in this page, where no secret of a provider is needed: soft keys of this browser, a key in two halves, a provider that
 * answers pages. The same events and answers as `remoteSession`. A page that is closed stops it; `run` of a new object with the same `requestId`
 * goes on from what was kept, and in two tabs at once the second is told ACTION_PENDING.
 */
export function directSession({ requestId, store, open, again = false, signal }: DirectSessionOptions): SigningSession {
  const kept = keptSignings(store);
  const browser = pagePorts();
  const lease = `signing ${requestId}`;
  let session: SigningSession | undefined;
  let started = false;
  /** Asked for before there was anything to end. */
  let cancelled: CancelReason | undefined;

  const begin = async (snapshot: JsonObject | undefined): Promise<SigningSession> => {
    const { createSigningSession, resumeSigningSession } = await loadPart(() => import('./signing-sessions.js'));
    const { ports: more, ...input } = await open();
    const ports: SessionPorts = { ...browser, ...more, keep: (now) => kept.put(requestId, { snapshot: now }), ...(signal === undefined ? {} : { signal }) };
    return snapshot === undefined ? createSigningSession({ ...input, requestId, ports }) : resumeSigningSession(snapshot, { ...input, ports });
  };

  async function* events(): AsyncGenerator<SigningEvent, void, void> {
    if (!(await browser.leases.acquire(lease))) throw new SignError('ACTION_PENDING', 'this signing is under way in another tab');
    try {
      const before = await kept.get(requestId);
      if (before.ended !== undefined && !(again && before.ended.type === 'failed')) return yield before.ended;
      session = await begin(before.snapshot);
      if (cancelled !== undefined) void session.cancel(cancelled);
      for await (const event of session.run()) {
        // What was signed is handed over whether or not its end could be kept.
        if (isTerminal(event)) await kept.put(requestId, { snapshot: session.snapshot(), ended: event }).catch(() => undefined);
        yield event;
      }
    } finally {
      await browser.leases.release(lease);
    }
  }

  return {
    async *run() {
      if (started) throw new SignError('ACTION_PENDING', 'this session runs already');
      started = true;
      try {
        yield* events();
      } catch (cause) {
        const error = cause instanceof SignError ? cause : new SignError('ADAPTER_MISCONFIGURED', 'the signing failed', { cause, outcome: session === undefined ? 'not-signed' : 'unknown' });
        yield { type: 'failed', error: error.toJSON(), signatures: [], failed: [] };
      }
    },
    answer: (challengeId, given) => session?.answer(challengeId, given) ?? 'not-asked',
    async cancel(reason = 'user') {
      if (session !== undefined) return session.cancel(reason);
      cancelled = reason;
    },
    snapshot: () => session?.snapshot() ?? { type: 'hefu-direct-session', version: 1, requestId },
  };
}
