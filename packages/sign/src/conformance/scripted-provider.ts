import type {
  AdapterContext, AdapterEvent, AdapterSession, AuthPlan, BeginRequest, Capabilities, Credential, JsonObject, RawSignature, Reconciliation, SessionIO, SigningAdapter,
} from '../adapter/index.js';
import { SignError } from '../error.js';
import type { SoftKey } from '../soft/soft-adapter.js';

/** How a provider and its user behave. */
export interface Script {
  /** Asked for, and right, when set. Three mistakes lock it. */
  readonly pin?: string;
  /** Sent to the user when asked for. */
  readonly otp?: string;
  /** The user confirms on a device, where a QR code is shown. */
  readonly qr?: { readonly decides: 'approve' | 'refuse' | 'never' | 'wrong-code'; readonly afterMs: number; readonly ttlMs: number };
  readonly maxPerAuthorisation?: number;
  readonly maxPerCall?: number;
  /** Of each request, milliseconds. */
  readonly latencyMs?: number;
  /** By the number of the signing call, from 1: the request or the answer is lost, or the answer is waited for in vain. */
  readonly lose?: Readonly<Record<number, 'request' | 'answer' | 'silence'>>;
  /** Item ids the provider refuses. */
  readonly refuses?: readonly string[];
  /** Offered with the values instead of the right certificate. */
  readonly chain?: readonly Uint8Array[];
  readonly reconcile?: 'poll' | 'none';
}

/** As long as a client waits for an answer. */
const SILENCE_MS = 60_000;

interface Job {
  readonly requestId: string;
  readonly items: readonly string[];
  state: 'ready' | 'authorised' | 'signed' | 'cancelled';
  /** Set when a user was first asked; the job is live from then on. */
  askedAt?: number;
  readonly values: Map<string, Uint8Array>;
  /** Signing calls it is at work on. */
  working: number;
}

/** The provider's own books, by which a test sees what happened. */
export interface ScriptedProvider {
  readonly adapter: SigningAdapter;
  /** Values made, by item id: a second one for an item is a second signature. */
  readonly made: readonly string[];
  /** The most authorisations that were live for one item at one time. */
  mostLive(): number;
  jobs(): number;
  /** Tokens it gave out, none of which may be written anywhere. */
  readonly secrets: readonly string[];
  /** Requests answered. */
  readonly requests: readonly string[];
}

/**
 * A provider in memory whose every step is scripted: PIN, code and QR, jobs, tokens, lost requests and answers. Its adapter is
 * written by the contract, so that a test of core meets what a real adapter does; it outlives sessions as a server does.
 */
export function createScriptedProvider(keys: readonly SoftKey[], script: Script = {}): ScriptedProvider {
  const jobs = new Map<string, Job>();
  const made: string[] = [];
  const requests: string[] = [];
  const secrets: string[] = [];
  let calls = 0;
  let pinMistakes = 0;
  let most = 0;
  const { maxPerAuthorisation = 100, maxPerCall = 100, latencyMs = 20, reconcile = 'poll' } = script;
  const factors: AuthPlan[] = [
    ...(script.pin === undefined ? [] : [{ factor: 'pin', id: 'PIN', format: 'N' } as const]),
    ...(script.otp === undefined ? [] : [{ factor: 'otp-online', id: 'OTP', format: 'N' } as const]),
    ...(script.qr === undefined ? [] : [{ factor: 'qr', id: 'QR' } as const]),
  ];
  const auth: AuthPlan = factors.length === 0 ? { factor: 'none', id: 'none' } : { op: 'and', of: factors };
  const capabilities: Capabilities = {
    accepts: ['sm2-e', 'tbs'], sm2: { preHash: 'caller-e' }, algorithms: keys.flatMap(({ credential }) => credential.algorithms),
    batch: { maxPerAuthorisation, maxPerCall, hashBound: true, extend: false },
    authorisation: ['none', 'pin', 'otp-online', 'qr'], cancel: 'remote', idempotency: { kind: 'client-key' }, reconcile, resumable: true, certificateKnownBeforeSigning: true,
    limits: { ...(script.qr === undefined ? {} : { sessionTtlMs: script.qr.ttlMs }) },
  };

  const countLive = (): void => {
    const live = new Map<string, number>();
    for (const job of jobs.values()) if (job.askedAt !== undefined && (job.state === 'ready' || job.state === 'authorised')) for (const item of job.items) live.set(item, (live.get(item) ?? 0) + 1);
    most = Math.max(most, ...live.values());
  };

  const open = (request: BeginRequest, context: AdapterContext): AdapterSession => {
    const key = keys.find(({ credential }) => credential.ref === request.credential.ref);
    if (key === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'there is no such key');
    let job = jobs.get(request.requestId);
    if (job === undefined) jobs.set(request.requestId, (job = { requestId: request.requestId, items: request.items.map(({ itemId }) => itemId), state: 'ready', values: new Map(), working: 0 }));
    return scripted(key, request, job, context);
  };

  const scripted = (key: SoftKey, request: BeginRequest, job: Job, context: AdapterContext): AdapterSession => {
    const { clock } = context;
    const answer = async (signal: AbortSignal, afterMs: number = latencyMs): Promise<void> => {
      await clock.sleep(afterMs, signal).catch((cause: unknown) => {
        throw new SignError('ABORTED', 'aborted under way', { cause, outcome: 'unknown' });
      });
    };
    const read = <T>(name: string, what: () => T): Promise<T> => context.request(name, 'read', async (signal) => {
      await answer(signal);
      requests.push(name);
      return what();
    });
    const asking = (): void => {
      job.askedAt ??= clock.now();
      countLive();
    };

    async function* authorise(io: SessionIO): AsyncGenerator<AdapterEvent, void, void> {
      asking();
      if (job.state !== 'ready') return;
      yield { type: 'phase', phase: 'authorising' };
      if (script.pin !== undefined) await askPin(io, script.pin);
      if (script.otp !== undefined) await askOtp(io, script.otp);
      if (script.qr !== undefined) yield* awaitDevice(io, script.qr);
      const token = `sad-${request.requestId}-${secrets.length}-0123456789abcdef`;
      secrets.push(token);
      context.protect(token);
      if (job.state === 'ready') job.state = 'authorised';
    }

    async function askPin(io: SessionIO, right: string): Promise<void> {
      for (;;) {
        const given = await io.ask({ type: 'pin', id: 'PIN', label: 'PIN', format: 'N', attemptsLeft: 3 - pinMistakes });
        const correct = await read('pin', () => given.type === 'pin' && given.value === right);
        if (correct) return;
        if (++pinMistakes >= 3) {
          job.state = 'cancelled';
          throw new SignError('PIN_LOCKED', 'locked', { attemptsLeft: 0 });
        }
      }
    }

    async function askOtp(io: SessionIO, right: string): Promise<void> {
      for (let sent = 1; sent <= 5; sent++) {
        await read('send-otp', () => undefined);
        const given = await io.ask({ type: 'otp', id: 'OTP', label: 'OTP', format: 'N', resendAfter: clock.now() + 1000 });
        if (given.type === 'otp' && (await read('otp', () => given.value === right))) return;
      }
      job.state = 'cancelled';
      throw new SignError('OTP_INCORRECT', 'too many codes', { retry: 'never' });
    }

    async function* awaitDevice(io: SessionIO, { decides, afterMs, ttlMs }: NonNullable<Script['qr']>): AsyncGenerator<AdapterEvent, void, void> {
      yield { type: 'phase', phase: 'waiting-user' };
      const expiresAt = job.askedAt! + ttlMs;
      for (let attempt = 1; ; attempt++) {
        io.show({ type: 'qr', id: 'QR', payload: `hefu:${request.requestId}#${attempt}`, refreshAt: clock.now() + 1000, expiresAt, verificationCode: request.display.verificationCode });
        const decided = await read('poll', () => (clock.now() - job.askedAt! < afterMs ? 'pending' : decides));
        if (decided === 'approve') return;
        if (decided === 'refuse' || decided === 'wrong-code' || clock.now() >= expiresAt) {
          job.state = 'cancelled';
          throw new SignError(decided === 'refuse' ? 'USER_REFUSED' : decided === 'wrong-code' ? 'WRONG_VERIFICATION_CODE' : 'USER_TIMEOUT', `the user: ${decided}`);
        }
        yield { type: 'poll', attempt, nextInMs: 1000 };
        await clock.sleep(1000, io.signal).catch((cause: unknown) => {
          throw new SignError('ABORTED', 'aborted while waiting', { cause });
        });
      }
    }

    const signCall = (items: BeginRequest['items'], number: number): Promise<RawSignature[]> => context.request('sign', 'once', async (signal) => {
      if (script.lose?.[number] === 'request') throw new SignError('NETWORK', 'lost', { outcome: 'unknown' });
      await answer(signal);
      requests.push('sign');
      await work(items);
      if (script.lose?.[number] === 'silence') await answer(signal, SILENCE_MS);
      if (script.lose?.[number] !== undefined) throw new SignError('NETWORK', 'lost', { outcome: 'unknown' });
      return had(items.map(({ itemId }) => itemId));
    });
    /** The provider's side of a call: it goes on when nobody waits any more, and stops when the job is cancelled. */
    async function work(items: BeginRequest['items']): Promise<void> {
      if (isCancelled()) throw new SignError('AUTH_EXPIRED', 'cancelled');
      job.working++;
      try {
        for (const { itemId, toSign } of items) {
          if (script.refuses?.includes(itemId) === true) continue;
          const value = await key.sign(toSign, request.algorithm.name);
          if (isCancelled()) return;
          job.values.set(itemId, value);
          made.push(itemId);
        }
        if (job.items.every((item) => job.values.has(item) || script.refuses?.includes(item) === true)) job.state = 'signed';
      } finally {
        job.working--;
      }
    }
    const isCancelled = (): boolean => job.state === 'cancelled';
    const had = (items: readonly string[]): RawSignature[] => items.flatMap((itemId) => {
      const value = job.values.get(itemId);
      return value === undefined ? [] : [{ itemId, value, algorithmOid: request.algorithm.oid, chain: script.chain ?? key.credential.chain, providerRef: `${request.requestId}/${itemId}` }];
    });

    const booked = (): Reconciliation => {
      if (job.working > 0) return { state: 'pending' };
      const signatures = had(job.items);
      if (signatures.length === 0) return { state: 'not-signed' };
      return { state: signatures.length === job.items.filter((item) => script.refuses?.includes(item) !== true).length ? 'signed' : 'partly-signed', signatures };
    };

    return {
      snapshot: (): JsonObject => ({ requestId: request.requestId }),
      async *run(io) {
        yield* authorise(io);
        yield { type: 'phase', phase: 'signing' };
        const wanted = request.items.filter(({ itemId }) => !job.values.has(itemId));
        if (wanted.length < request.items.length) yield { type: 'signatures', signatures: had(request.items.map(({ itemId }) => itemId)) };
        for (let i = 0; i < wanted.length; i += maxPerCall) {
          const part = wanted.slice(i, i + maxPerCall);
          yield { type: 'signatures', signatures: await signCall(part, ++calls) };
          for (const { itemId } of part) if (script.refuses?.includes(itemId) === true) yield { type: 'item-failed', itemId, error: new SignError('PROVIDER_REFUSED', 'refused', { itemId }).toJSON() };
        }
      },
      ...(reconcile === 'none' ? {} : { reconcile: () => read('status', booked) }),
      cancel: () => context.request('cancel', 'idempotent', async (signal) => {
        await answer(signal);
        requests.push('cancel');
        if (job.state === 'signed') return 'too-late';
        job.state = 'cancelled';
        return 'cancelled';
      }).catch(() => 'unknown'),
    };
  };

  return {
    made, secrets, requests,
    jobs: () => jobs.size,
    mostLive: () => most,
    adapter: {
      info: { id: 'scripted', version: '1', contract: 1, kind: 'qr-session', runtime: ['browser', 'node'], halves: 'single' },
      discover: () => Promise.resolve(capabilities),
      listCredentials: ({ limit }) => Promise.resolve(keys.slice(0, limit).map(({ credential }): Credential => ({ ...credential, keyStatus: 'enabled', auth, maxPerAuthorisation, hashBound: true }))),
      begin: async (request, context) => open(request, context),
      resume: async (snapshot, request, context) => {
        if (snapshot['requestId'] !== request.requestId || !jobs.has(request.requestId)) throw new SignError('SNAPSHOT_INVALID', 'there is no such job');
        return open(request, context);
      },
    },
  };
}
