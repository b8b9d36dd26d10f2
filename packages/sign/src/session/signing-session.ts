import type { Algorithms } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import type { Content } from '@hefu/verify';
import type { AdapterSession, BeginRequest, CancelReason, Capabilities, ChallengeAnswer, Credential, JsonObject, RawSignature, SigningAdapter, SigningItem } from '../adapter/index.js';
import { SignError, type SignErrorJson } from '../error.js';
import type { Outcome } from '../errors/row.js';
import { manifestFile, writeManifest } from '../manifest.js';
import { createAdapterContext } from './adapter-context.js';
import { openAuthorisation, runAuthorisation } from './authorise.js';
import { createContentSource, requireContents } from './content-source.js';
import { diagnoserOf } from './diagnose-value.js';
import { createEventQueue } from './event-queue.js';
import { isTerminal, type FailedItem, type SigningEvent, type SigningWarning, type TerminalEvent } from './events.js';
import { finishItems } from './finish-items.js';
import { interruptible } from './interruptible.js';
import { createJournal } from './journal.js';
import { MANIFEST_ITEM, planSigning } from './plan.js';
import { chooseAlgorithm, contentOf, pinItem, prepareItem, signingItem, takesContent, type ItemToSign, type MessageForm, type Preparation } from './prepare-items.js';
import type { Judgement, SessionPorts } from './ports.js';
import { reconcile } from './reconcile.js';
import { createRedactor } from './redactor.js';
import { release, type AwaitedItem } from './release.js';
import type { RetryLimits } from './retry.js';
import { requireUsableCredential } from './require-usable.js';
import { createServerClock, type ServerClock } from './server-clock.js';
import { readSnapshot, writeSnapshot, type AuthorisationState, type SigningState } from './snapshot.js';
import { createUserSide, type AnswerReceipt } from './user-side.js';
import { verificationCode } from './verification-code.js';

export interface SessionLimits {
  /** Authorisations tried for one group of items, the first included; more only where nothing was signed. Default 2. */
  readonly attempts: number;
  /** What one confirmation by a user is expected to take, milliseconds: with less left before the deadline nobody is asked. Default 60,000. */
  readonly confirmationMs: number;
  /** How long an adapter may take to cancel, and again to say what became of what was in flight, milliseconds. Default 10,000. */
  readonly cancelMs: number;
  readonly retry?: RetryLimits;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = { attempts: 2, confirmationMs: 60_000, cancelMs: 10_000 };

export interface SessionSurroundings {
  readonly adapter: SigningAdapter;
  readonly algorithms: Algorithms;
  readonly judgement: Judgement;
  readonly ports: SessionPorts;
  readonly limits?: Partial<SessionLimits>;
  /** With the platform's time already observed; default: one that has heard nobody. */
  readonly serverClock?: ServerClock;
}

export interface SigningSessionInput extends SessionSurroundings {
  /** The caller's idempotency key, `[A-Za-z0-9._-]{1,100}`. */
  readonly requestId: string;
  /** One that `selectCredential` found usable; judged again by `judgement` before anybody is asked for anything. */
  readonly credential: Credential;
  /** Of `adapter.discover`. */
  readonly capabilities: Capabilities;
  readonly items: readonly ItemToSign[];
  readonly form?: MessageForm;
  readonly manifest?: 'never' | 'when-needed' | 'always';
  readonly title: string;
  readonly lines?: readonly string[];
  readonly locale?: 'zh-CN' | 'en';
  /** Item labels may leave for the provider. Default false. */
  readonly shareLabels?: boolean;
  /** Closing time, epoch milliseconds, server time. */
  readonly deadline?: number;
  /** 统一社会信用代码 of the bidder, 18 characters: the certificate has to be this organisation's. */
  readonly uscc?: string;
}

/** A signing under way. */
export interface SigningSession {
  /** Runs it, once; the last event is terminal. Leaving the loop early cancels. @throws SignError ACTION_PENDING when it runs already */
  run(): AsyncGenerator<SigningEvent, void, void>;
  answer(challengeId: string, answer: ChallengeAnswer): AnswerReceipt;
  /** Ends it with `cancelled`, unless it has ended; resolves when it has. */
  cancel(reason?: CancelReason): Promise<void>;
  /** Where it stands, JSON; free of secrets. */
  snapshot(): JsonObject;
}

/**
 * Signs items with a key that somebody else holds: plan, authorise, release, assemble, judge.
 * @throws SignError for what cannot be begun: CERT_UNKNOWN, ALGORITHM_UNSUPPORTED, BATCH_TOO_LARGE, CONTENT_DIGEST_INVALID, CLOCK_SKEW;
 * TypeError for ids that are none or stand twice
 */
export function createSigningSession(input: SigningSessionInput): SigningSession {
  const { requestId, adapter, credential, capabilities, algorithms, form = {}, deadline, ports: { clock } } = input;
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(requestId)) throw new TypeError('requestId has 1 to 100 characters of A-Z a-z 0-9 . _ -');
  for (const { itemId } of input.items) if (!/^[A-Za-z0-9._-]{1,64}$/.test(itemId)) throw new TypeError('an itemId has 1 to 64 characters of A-Z a-z 0-9 . _ -');
  const serverClock = input.serverClock ?? createServerClock(clock);
  const plan = planSigning({ itemIds: input.items.map(({ itemId }) => itemId), credential, capabilities, ...(input.manifest === undefined ? {} : { manifest: input.manifest }) });
  const manifest = plan.mode === 'each' ? undefined : writeManifest(input.items.map(({ label, content }) => manifestFile(label, content, algorithms)));
  const preparation: Preparation = { credential, algorithms, form, signingTime: serverClock.signingTime() };
  chooseAlgorithm(preparation, capabilities);
  const items = manifest === undefined ? input.items : [{ itemId: MANIFEST_ITEM, label: 'manifest.json', content: manifest }];
  requireContents(items, preparation, capabilities, input.ports.reread !== undefined && manifest === undefined);
  return sessionOf({ ...input, serverClock, contents: new Map(items.map(({ itemId, content }) => [itemId, content])) }, {
    requestId,
    adapter: { id: adapter.info.id, version: adapter.info.version },
    credential, capabilities, form, plan,
    items: items.map((item) => pinItem(item, preparation)),
    ...(manifest === undefined ? {} : { manifest }),
    display: { title: input.title, lines: input.lines ?? [], locale: input.locale ?? 'zh-CN', shareLabels: input.shareLabels ?? false },
    signingTime: preparation.signingTime,
    ...(deadline === undefined ? {} : { deadline }),
    ...(input.uscc === undefined ? {} : { uscc: input.uscc }),
    authorisations: plan.authorisations.map(() => ({ state: 'waiting', attempt: 1 })),
    released: [],
    failed: [],
    journal: { length: 0, hash: '0'.repeat(64) },
  });
}

/**
 * Goes on with a signing in another process, or after an end that left items unsigned. What may have been signed is asked
 * for before anything else.
 * @throws SignError SNAPSHOT_INVALID
 */
export function resumeSigningSession(snapshot: JsonObject, surroundings: SessionSurroundings): SigningSession {
  const state = readSnapshot(snapshot, surroundings.adapter.info);
  return sessionOf({ ...surroundings, serverClock: surroundings.serverClock ?? createServerClock(surroundings.ports.clock), contents: new Map(state.manifest === undefined ? [] : [[MANIFEST_ITEM, state.manifest]]) }, { ...state, failed: state.failed.filter(({ outcome }) => outcome !== 'not-signed') });
}

function sessionOf(given: SessionSurroundings & { readonly serverClock: ServerClock; readonly contents: ReadonlyMap<string, Content> }, initial: SigningState): SigningSession {
  const { adapter, algorithms, judgement, ports, serverClock } = given;
  const { clock } = ports;
  const limits: SessionLimits = { ...DEFAULT_SESSION_LIMITS, ...given.limits };
  const sha256 = algorithms.digests.find(({ name }) => name === 'SHA-256');
  if (sha256 === undefined) throw new SignError('KEY_UNSUPPORTED', 'SHA-256 is needed');
  const redactor = createRedactor();
  const journal = createJournal({ digest: sha256, redactor, write: ports.journal ?? (() => undefined), head: initial.journal });
  const diagnose = diagnoserOf(algorithms);
  const stopping = new AbortController();
  const queue = createEventQueue<SigningEvent>((waiting, fresh) => waiting.type === 'poll' && fresh.type === 'poll');

  let state = initial;
  let live: { readonly session: AdapterSession; readonly index: number; readonly end: (ending: AbortSignal) => void } | undefined;
  let started = false;
  let ended = false;
  let cancelReason: CancelReason | undefined;
  let finished = (): void => undefined;
  const end = new Promise<void>((resolve) => (finished = resolve));

  const preparation: Preparation = { credential: state.credential, algorithms, form: state.form, signingTime: state.signingTime };
  const contents = createContentSource(given.contents, ports.reread, preparation);
  const prepared = new Map(state.items.map((item) => [item.itemId, prepareItem(item, preparation)]));
  const awaited = new Map(state.items.map((item): [string, AwaitedItem] => [item.itemId, { itemId: item.itemId, prepared: prepared.get(item.itemId)!, content: contentOf(item) }]));
  const code = verificationCode([...prepared.values()], sha256);
  const leaseKey = `${state.adapter.id} ${hexOf(sha256.digest(new TextEncoder().encode(JSON.stringify([state.credential.ref, state.items.map(({ digest }) => hexOf(digest)).sort()]))))}`;

  const note = (event: string, facts: JsonObject = {}): void => journal.append(clock.now(), event, facts);
  const tell = (event: SigningEvent): void => {
    if (!ended) queue.push(event);
  };
  const warn = (warning: SigningWarning, detail?: JsonObject): void => {
    note('warning', { code: warning, ...detail });
    tell({ type: 'warning', code: warning, ...(detail === undefined ? {} : { detail: redactor.redact(detail) }) });
  };
  const errorJson = (error: SignError): SignErrorJson => redactor.redact(error.toJSON() as unknown as JsonObject) as unknown as SignErrorJson;
  const snapshot = (): JsonObject => writeSnapshot({ ...state, journal: journal.head() });
  const settled = (itemId: string): boolean => state.released.some((each) => each.itemId === itemId) || state.failed.some((each) => each.itemId === itemId);
  const missing = (index: number): readonly string[] => state.plan.authorisations[index]!.filter((id) => !settled(id));
  /** Of the signing as a whole: `not-signed` only if there is no value anywhere, `signed` only if every value made is here. */
  const outcomeSoFar = (): Outcome => {
    if (state.authorisations.some(({ adapter: open }, index) => open !== undefined && missing(index).length > 0) || state.failed.some(({ outcome }) => outcome === 'unknown')) return 'unknown';
    return state.released.length > 0 || state.failed.some(({ outcome }) => outcome === 'signed') ? 'signed' : 'not-signed';
  };
  const keep = async (): Promise<void> => {
    const written = snapshot();
    if (redactor.isIn(written)) throw new SignError('ADAPTER_MISCONFIGURED', 'an adapter puts a secret into its snapshot', { detail: 'secret-in-snapshot', outcome: outcomeSoFar() });
    await ports.keep?.(written).catch((cause: unknown) => {
      throw new SignError('SNAPSHOT_INVALID', 'the snapshot could not be kept', { cause, detail: 'not-kept', outcome: outcomeSoFar() });
    });
  };
  const markAuthorisation = (index: number, change: AuthorisationState): void => {
    state = { ...state, authorisations: state.authorisations.map((each, i) => (i === index ? change : each)) };
  };
  const stop = (reason: CancelReason): void => {
    if (ended || stopping.signal.aborted) return;
    cancelReason = reason;
    stopping.abort(new SignError('ABORTED', `cancelled: ${reason}`));
  };
  const user = createUserSide({
    signal: stopping.signal, redactor,
    present: (challenge) => tell({ type: 'challenge', challenge }),
    cancel: () => stop('user'),
    note: (event, id, type) => note(event, { id, type }),
  });

  const remaining = (): number => (state.deadline === undefined ? Infinity : state.deadline - serverClock.now());
  const requireTime = (index: number): void => {
    const left = remaining();
    if (left <= 0) throw new SignError('DEADLINE_PASSED', 'the deadline has passed', { remainingMs: 0 });
    const confirmations = state.plan.confirmations === 0 ? 0 : state.plan.authorisations.length - index;
    const needed = confirmations * limits.confirmationMs;
    if (left < needed) throw new SignError('DEADLINE_TOO_CLOSE', `${left} ms left, ${needed} ms needed`, { remainingMs: Math.round(left), detail: `${confirmations} confirmations` });
  };

  let judged: Promise<void> | undefined;
  /** Once for this run; what was signed before is handed over whatever became of the certificate. */
  const requireUsable = (): Promise<void> => (judged ??= requireUsableCredential({
    credential: state.credential, capabilities: state.capabilities, algorithms, judgement, at: serverClock.now(),
    ...(state.deadline === undefined ? {} : { deadline: state.deadline }),
    ...(state.uscc === undefined ? {} : { uscc: state.uscc }),
  }));

  /** Keeps what verifies, also of a signing that is being cancelled: what was made is not to be lost. */
  const take = async (returned: readonly RawSignature[], index: number): Promise<void> => {
    const ids = state.plan.authorisations[index]!;
    const had = [...state.released, ...state.failed.filter(({ outcome }) => outcome === 'signed')];
    const fresh = returned.filter(({ itemId }) => !had.some((each) => each.itemId === itemId));
    const others = state.items.filter(({ itemId }) => !ids.includes(itemId)).map(({ itemId }) => awaited.get(itemId)!);
    const outcome = await release({ awaited: ids.map((id) => awaited.get(id)!), others, returned: fresh, diagnose });
    const isReleased = ({ itemId }: { readonly itemId?: string }): boolean => outcome.released.some((each) => each.itemId === itemId);
    state = { ...state, released: [...state.released, ...outcome.released], failed: state.failed.filter((each) => !isReleased(each)) };
    for (const { itemId } of outcome.released) {
      note('verified', { itemId });
      tell({ type: 'item', itemId, state: 'verified' });
    }
    for (const error of outcome.refused) {
      if (outcome.whole) {
        note('refused', { code: error.code, ...(error.detail === undefined ? {} : { detail: error.detail }) });
        await keep();
        throw error;
      }
      fail(errorJson(error));
    }
    await keep();
  };
  const fail = (error: SignErrorJson): void => {
    state = { ...state, failed: [...state.failed, error] };
    note('item-failed', { itemId: error.itemId ?? '', code: error.code });
    tell({ type: 'item', itemId: error.itemId ?? '', state: 'failed', error });
  };

  const authoriseOnce = async (index: number): Promise<void> => {
    const ids = state.plan.authorisations[index]!;
    const current = (): AuthorisationState => state.authorisations[index]!;
    const { attempt, adapter: resumed } = current();
    // A resumed session sees what it began with.
    const itemIds = (resumed === undefined ? undefined : current().itemIds) ?? missing(index);
    const phase = (name: Extract<SigningEvent, { type: 'phase' }>['phase']): void => tell({ type: 'phase', phase: name, authorisation: index + 1, of: state.plan.authorisations.length });
    const mark = async (how: 'begun' | 'in-flight', adapterSnapshot: JsonObject): Promise<void> => {
      markAuthorisation(index, { state: how, attempt, adapter: adapterSnapshot, itemIds });
      await keep();
    };
    let ended: AbortSignal | undefined;
    const inFlight = async (now: boolean): Promise<void> => {
      if (live === undefined || ended !== undefined) return;
      stopping.signal.throwIfAborted();
      await mark(now ? 'in-flight' : 'begun', live.session.snapshot());
    };
    const context = createAdapterContext({
      ports, signal: stopping.signal, ended: () => ended, locale: state.display.locale, redactor, journal, serverClock, inFlight,
      ...(limits.retry === undefined ? {} : { retry: limits.retry }),
      ...(state.deadline === undefined ? {} : { deadline: clock.now() + remaining() }),
    });
    const itemOf = async (id: string): Promise<SigningItem> => {
      const item = state.items.find(({ itemId }) => itemId === id)!;
      return signingItem(item, prepared.get(id)!, state.capabilities, takesContent(preparation, state.capabilities) ? await contents.whole(item) : undefined);
    };
    const request: BeginRequest = {
      requestId: `${state.requestId}.${index + 1}.${attempt}`,
      credential: state.credential,
      items: await Promise.all(itemIds.map(itemOf)),
      algorithm: chooseAlgorithm(preparation, state.capabilities),
      display: { ...state.display, verificationCode: code },
      ...(state.deadline === undefined ? {} : { deadline: state.deadline }),
    };
    phase('authorising');
    note('begin', { requestId: request.requestId, items: request.items.length, resumed: resumed !== undefined });
    const wasInFlight = current().state === 'in-flight';
    const session = await openAuthorisation(adapter, request, context, stopping.signal, resumed, (late) => void bounded((signal) => {
      ended = signal;
      return late.cancel('superseded');
    })).catch((error: unknown) => {
      // Nobody was asked for anything; what comes late is cancelled, so its requestId is not to be begun again.
      if (resumed === undefined && stopping.signal.aborted) markAuthorisation(index, { state: 'waiting', attempt: attempt + 1 });
      throw error;
    });
    live = { session, index, end: (ending) => { ended = ending; } };
    await mark(wasInFlight ? 'in-flight' : 'begun', session.snapshot());
    stopping.signal.throwIfAborted();
    await runAuthorisation(session, {
      clock, signal: stopping.signal,
      io: { signal: stopping.signal, ask: user.ask, show: user.show },
      take: (signatures) => take(signatures, index),
      missing: () => missing(index),
      tell: (event) => {
        if (event.type === 'phase') phase(event.phase);
        else if (event.type === 'item-failed') {
          if (ids.includes(event.itemId) && !settled(event.itemId)) fail({ ...redactor.redact(event.error as unknown as JsonObject) as unknown as SignErrorJson, itemId: event.itemId });
        } else if (event.type === 'warning') warn(event.code, event.detail);
        else tell(event);
      },
      mark,
      isInFlight: () => current().state === 'in-flight',
      permit: requireUsable,
    });
    live = undefined;
    markAuthorisation(index, { state: 'done', attempt });
    await keep();
  };

  /** Authorises a group; again only when the first is known to be dead and nothing was signed. */
  const authorise = async (index: number): Promise<void> => {
    for (let tries = 1; ; tries++) {
      if (state.authorisations[index]!.adapter === undefined) requireTime(index);
      try {
        if (state.authorisations[index]!.adapter === undefined) await requireUsable();
        await authoriseOnce(index);
        return;
      } catch (cause) {
        stopping.signal.throwIfAborted();
        const error = await settleFailure(index, cause);
        stopping.signal.throwIfAborted();
        if (error === undefined) return;
        if (tries >= limits.attempts || state.authorisations[index]!.state !== 'waiting' || !['same-request', 'new-authorisation', 'after'].includes(error.retry)) throw error;
        warn('AUTHORISING_AGAIN', { code: error.code });
        const wait = error.retryAfterMs ?? 0;
        if (wait >= remaining()) throw error;
        if (wait > 0) await interruptible(clock.sleep(wait, stopping.signal), stopping.signal);
      }
    }
  };

  /** Ends what failed. @returns what to say of it; undefined when everything turned out to be here */
  const settleFailure = async (index: number, cause: unknown): Promise<SignError | undefined> => {
    const error = cause instanceof SignError ? cause : new SignError('ADAPTER_MISCONFIGURED', 'an adapter threw something else than a SignError', { cause });
    const unknown = (problem: string): SignError => new SignError('OUTCOME_UNKNOWN', problem, { cause: error, detail: error.code });
    if (live === undefined) {
      // Not begun: the same requestId may be tried again. Not resumed: whether it is live is not known.
      return state.authorisations[index]!.state === 'in-flight' ? unknown('what was sent cannot be taken up again') : error;
    }
    await endLive('error', error.outcome !== 'signed');
    await keep().catch(() => undefined);
    if (error.outcome === 'signed') return error;
    if (missing(index).length === 0) return undefined;
    return error.outcome === 'not-signed' && state.authorisations[index]!.state === 'in-flight' ? unknown('what was made is not known') : error;
  };

  /**
   * Ends the live authorisation, within bounds. Its group is `waiting` afterwards only if the authorisation is certainly dead and
   * everything it made is here; otherwise it stays as it is, to be taken up again.
   * @param asks whether to find out what was made; not from a provider whose answer was just refused
   */
  const endLive = async (reason: CancelReason, asks: boolean): Promise<void> => {
    if (live === undefined) return;
    const { session, index, end } = live;
    live = undefined;
    const current = (): AuthorisationState => state.authorisations[index]!;
    const mark = (how: 'begun' | 'in-flight'): void => markAuthorisation(index, { ...current(), state: how });
    const answer = await bounded((signal) => {
      end(signal);
      return session.cancel(reason);
    });
    note('cancel', { reason, answer: answer ?? 'unknown' });
    if (answer === undefined || answer === 'unknown') warn('CANCEL_NOT_CONFIRMED');
    // Refused values were made, and so were those that are said to have been.
    if (!asks || answer === 'too-late') mark('in-flight');
    if (asks && current().state === 'in-flight' && missing(index).length > 0) {
      await bounded((signal) => {
        end(signal);
        return reconcile(session, {
          clock, signal,
          take: (signatures) => take(signatures, index),
          missing: () => missing(index),
          tell: ({ phase }) => tell({ type: 'phase', phase, authorisation: index + 1, of: state.plan.authorisations.length }),
          mark: async (how) => mark(how),
        });
      });
    }
    const { attempt } = current();
    if (missing(index).length === 0) markAuthorisation(index, { state: 'done', attempt });
    else if (answer === 'cancelled' && current().state === 'begun') markAuthorisation(index, { state: 'waiting', attempt: attempt + 1 });
  };

  /** Undefined for what fails or takes too long. */
  const bounded = async <T>(act: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> => {
    const bound = new AbortController();
    const awake = new AbortController();
    try {
      return await Promise.race([act(bound.signal), clock.sleep(limits.cancelMs, awake.signal).then(() => undefined)]);
    } catch {
      return undefined;
    } finally {
      bound.abort(new SignError('ABORTED', 'it took too long'));
      awake.abort();
    }
  };

  const terminate = (event: TerminalEvent): void => {
    if (ended) return;
    note('ended', { type: event.type, ...(event.type === 'failed' ? { code: event.error.code, outcome: event.error.outcome } : event.type === 'cancelled' ? { reason: event.reason, outcome: event.outcome } : {}) });
    queue.push(event);
    ended = true;
    queue.close();
  };

  const drive = async (): Promise<void> => {
    let failure: SignError | undefined;
    try {
      stopping.signal.throwIfAborted();
      if (!(await ports.leases.acquire(leaseKey))) throw new SignError('ACTION_PENDING', 'these items are being signed already');
      try {
        note('session', { requestId: state.requestId, adapter: state.adapter.id, credential: state.credential.ref, items: state.items.length, code });
        tell({ type: 'plan', plan: state.plan, verificationCode: code });
        const clockState = serverClock.state();
        if (clockState !== 'ok') warn(clockState === 'skewed' ? 'CLOCK_SKEWED' : 'CLOCK_UNCHECKED', { offsetMs: Math.round(serverClock.offset() ?? 0) });
        failure = await authoriseAll();
        await conclude(failure);
      } finally {
        await ports.leases.release(leaseKey).catch(() => undefined);
      }
    } catch (cause) {
      await giveUp(cause);
    }
  };

  /** The error that stopped it, after which what was signed before is still handed over. */
  const authoriseAll = async (): Promise<SignError | undefined> => {
    for (const [index, ids] of state.plan.authorisations.entries()) {
      if (ids.every(settled)) continue;
      // Taken up again after an end that left items unsigned.
      if (state.authorisations[index]!.state === 'done') markAuthorisation(index, { state: 'waiting', attempt: state.authorisations[index]!.attempt + 1 });
      try {
        await authorise(index);
      } catch (cause) {
        stopping.signal.throwIfAborted();
        return cause instanceof SignError ? cause : new SignError('ADAPTER_MISCONFIGURED', 'unexpected', { cause });
      }
      const broken = state.failed.find(({ blame, itemId }) => blame === 'security' && ids.includes(itemId ?? ''));
      if (broken !== undefined) return new SignError(broken.code, 'a value was refused', { outcome: broken.outcome, ...(broken.itemId === undefined ? {} : { itemId: broken.itemId }), ...(broken.detail === undefined ? {} : { detail: broken.detail }) });
    }
    return undefined;
  };

  const conclude = async (failure: SignError | undefined): Promise<void> => {
    tell({ type: 'phase', phase: 'assembling', authorisation: state.plan.authorisations.length, of: state.plan.authorisations.length });
    const { signatures, failed } = await finishItems({
      items: state.items, released: state.released, preparation, judgement, at: serverClock.now(), check: () => stopping.signal.throwIfAborted(),
      ...(ports.reread === undefined || state.manifest !== undefined ? {} : { reread: ports.reread }),
    });
    stopping.signal.throwIfAborted();
    const manifest = state.manifest === undefined ? {} : { manifest: state.manifest };
    const refused: readonly FailedItem[] = [...state.failed.map((error) => ({ itemId: error.itemId ?? '', error })), ...failed];
    const first = failure === undefined ? refused[0]?.error : errorJson(failure);
    if (first === undefined) terminate({ type: 'done', signatures, ...manifest });
    else terminate({ type: 'failed', error: first, signatures, failed: refused, ...manifest });
  };

  const giveUp = async (cause: unknown): Promise<void> => {
    await endLive(cancelReason ?? 'error', true);
    await keep().catch(() => undefined);
    const outcome = outcomeSoFar();
    if (cancelReason === 'timeout') {
      const error = new SignError('DEADLINE_PASSED', 'the deadline has passed', { outcome, remainingMs: 0, ...(outcome === 'unknown' ? { retry: 'reconcile' } : {}) });
      terminate({ type: 'failed', error: errorJson(error), signatures: [], failed: state.failed.map((each) => ({ itemId: each.itemId ?? '', error: each })) });
    } else if (cancelReason !== undefined) terminate({ type: 'cancelled', reason: cancelReason, outcome, kept: state.released.map(({ itemId }) => itemId) });
    else {
      const error = cause instanceof SignError ? cause : new SignError('ADAPTER_MISCONFIGURED', 'the session failed', { cause });
      terminate({ type: 'failed', error: { ...errorJson(error), outcome: error.outcome === 'unknown' ? 'unknown' : outcome }, signatures: [], failed: [] });
    }
  };

  /** Ends the session at the deadline by the server's clock; the wall may have jumped meanwhile. */
  const watchDeadline = async (signal: AbortSignal): Promise<void> => {
    while (state.deadline !== undefined && !signal.aborted) {
      const left = remaining();
      if (left <= 0) return stop('timeout');
      await clock.sleep(Math.min(left, 60_000), signal).catch(() => undefined);
    }
  };

  return {
    async *run() {
      if (started) throw new SignError('ACTION_PENDING', 'this session runs already');
      started = true;
      const watching = new AbortController();
      const abort = (): void => stop('user');
      if (ports.signal?.aborted === true) abort();
      ports.signal?.addEventListener('abort', abort, { once: true });
      void watchDeadline(watching.signal);
      const driving = drive().finally(() => {
        watching.abort();
        ports.signal?.removeEventListener('abort', abort);
        finished();
      });
      try {
        for await (const event of queue.drain()) {
          yield event;
          if (isTerminal(event)) break;
        }
      } finally {
        stop('user');
        await driving;
      }
    },
    answer: (id, answer) => user.answer(id, answer),
    async cancel(reason = 'user') {
      stop(reason);
      if (started) await end;
    },
    snapshot,
  };
}
