import { hexOf } from '@hefu/pki';
import { createJudgeCaches, type Content } from '@hefu/verify';
import type { CancelReason, ChallengeAnswer, JsonObject } from '../adapter/index.js';
import { SignError } from '../error.js';
import { createContentSource } from './content-source.js';
import { diagnoserOf } from './diagnose-value.js';
import type { FailedItem, SigningEvent } from './events.js';
import { finishItems } from './finish-items.js';
import { createGroups } from './groups.js';
import { chooseAlgorithm, contentOf, prepareItem, profileOf, signingItem, takesContent, type Preparation } from './prepare-items.js';
import type { Judgement } from './ports.js';
import { createProgress } from './progress.js';
import type { AwaitedItem } from './release.js';
import { requireUsableCredential } from './require-usable.js';
import type { ServerClock } from './server-clock.js';
import { DEFAULT_SESSION_LIMITS, type SessionLimits } from './session-limits.js';
import { createSessionOutput } from './session-output.js';
import type { SessionSurroundings } from './signing-session.js';
import type { SigningState } from './snapshot.js';
import { createUserSide, type AnswerReceipt } from './user-side.js';
import { verificationCode } from './verification-code.js';

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

export interface RunningSessionInput extends SessionSurroundings {
  readonly serverClock: ServerClock;
  /** What of the items' content is here, by item id. */
  readonly contents: ReadonlyMap<string, Content>;
}

/** A session from any state it may be in; nothing happens before `run`. */
export function runningSession(given: RunningSessionInput, initial: SigningState): SigningSession {
  const { adapter, algorithms, ports, serverClock } = given;
  // One path and one CRL for credential and messages: they are verified once.
  const judgement: Judgement = { caches: createJudgeCaches(), ...given.judgement };
  const { clock } = ports;
  const { credential, capabilities, items, plan, deadline } = initial;
  const limits: SessionLimits = { ...DEFAULT_SESSION_LIMITS, ...given.limits };
  const sha256 = algorithms.digests.find(({ name }) => name === 'SHA-256');
  if (sha256 === undefined) throw new SignError('KEY_UNSUPPORTED', 'SHA-256 is needed');

  const preparation: Preparation = { credential, algorithms, form: initial.form, signingTime: initial.signingTime };
  const contents = createContentSource(given.contents, ports.reread, preparation);
  const prepared = new Map(items.map((item) => [item.itemId, prepareItem(item, preparation)]));
  const awaited = new Map(items.map((item): [string, AwaitedItem] => [item.itemId, { itemId: item.itemId, prepared: prepared.get(item.itemId)!, content: given.contents.get(item.itemId) ?? contentOf(item) }]));
  const code = verificationCode([...prepared.values()], sha256);
  const leaseKey = `${initial.adapter.id} ${hexOf(sha256.digest(new TextEncoder().encode(JSON.stringify([credential.ref, items.map(({ digest }) => hexOf(digest)).sort()]))))}`;

  const output = createSessionOutput({ clock, sha256, write: ports.journal, head: initial.journal });
  const { note, tell, warn, errorJson } = output;
  const progress = createProgress({ initial, awaited, diagnose: diagnoserOf(algorithms), output, keep: ports.keep });
  const stopping = new AbortController();
  let cancelReason: CancelReason | undefined;
  const stop = (reason: CancelReason): void => {
    if (output.hasEnded() || stopping.signal.aborted) return;
    cancelReason = reason;
    stopping.abort(new SignError('ABORTED', `cancelled: ${reason}`));
  };
  const user = createUserSide({
    signal: stopping.signal, redactor: output.redactor,
    present: (challenge) => tell({ type: 'challenge', challenge }),
    cancel: () => stop('user'),
    note: (event, id, type) => note(event, { id, type }),
  });
  const remaining = (): number => (deadline === undefined ? Infinity : deadline - serverClock.now());
  let judged: Promise<void> | undefined;
  /** Once for this run; what was signed before is handed over whatever became of the certificate. */
  const requireUsable = (): Promise<void> => (judged ??= requireUsableCredential({
    credential, capabilities, algorithms, judgement, form: { ...initial.form, variant: profileOf(preparation).profile.variant }, at: serverClock.now(),
    ...(deadline === undefined ? {} : { deadline }),
    ...(initial.uscc === undefined ? {} : { uscc: initial.uscc }),
  }));
  const groups = createGroups({
    adapter, ports, serverClock, limits, progress, output, user, signal: stopping.signal, remaining, permit: requireUsable,
    request: { credential, algorithm: chooseAlgorithm(preparation, capabilities), display: { ...initial.display, verificationCode: code } },
    async itemOf(itemId) {
      const item = items.find((each) => each.itemId === itemId)!;
      return signingItem(item, prepared.get(itemId)!, capabilities, takesContent(preparation, capabilities) ? await contents.whole(item) : undefined);
    },
  });

  /** The error that stopped it, after which what was signed before is still handed over. */
  const authoriseAll = async (): Promise<SignError | undefined> => {
    // What may have been signed is asked for before anything else.
    const inFlight = (index: number): boolean => progress.state.authorisations[index]!.state === 'in-flight';
    const order = plan.authorisations.map((_, index) => index).sort((a, b) => Number(inFlight(b)) - Number(inFlight(a)) || a - b);
    for (const index of order) {
      const ids = plan.authorisations[index]!;
      if (ids.every(progress.isSettled)) continue;
      const { state, attempt } = progress.state.authorisations[index]!;
      // Taken up again after an end that left items unsigned.
      if (state === 'done') progress.mark(index, { state: 'waiting', attempt: attempt + 1 });
      try {
        await groups.authorise(index);
      } catch (cause) {
        stopping.signal.throwIfAborted();
        return cause instanceof SignError ? cause : new SignError('ADAPTER_MISCONFIGURED', 'unexpected', { cause });
      }
      const broken = progress.state.failed.find(({ blame, itemId }) => blame === 'security' && ids.includes(itemId ?? ''));
      if (broken !== undefined) return new SignError(broken.code, 'a value was refused', { outcome: broken.outcome, ...(broken.itemId === undefined ? {} : { itemId: broken.itemId }), ...(broken.detail === undefined ? {} : { detail: broken.detail }) });
    }
    return undefined;
  };

  const conclude = async (failure: SignError | undefined): Promise<void> => {
    tell({ type: 'phase', phase: 'assembling', authorisation: plan.authorisations.length, of: plan.authorisations.length });
    const { released, failed: unsigned } = progress.state;
    const { signatures, failed } = await finishItems({
      items, released, preparation, judgement, at: serverClock.now(), check: () => stopping.signal.throwIfAborted(),
      ...(ports.reread === undefined || initial.manifest !== undefined ? {} : { reread: ports.reread }),
    });
    stopping.signal.throwIfAborted();
    const manifest = initial.manifest === undefined ? {} : { manifest: initial.manifest };
    const refused: readonly FailedItem[] = [...unsigned.map((error) => ({ itemId: error.itemId ?? '', error })), ...failed];
    const first = failure === undefined ? refused[0]?.error : errorJson(failure);
    if (first === undefined) output.end({ type: 'done', signatures, ...manifest });
    else output.end({ type: 'failed', error: first, signatures, failed: refused, ...manifest });
  };

  const giveUp = async (cause: unknown): Promise<void> => {
    await groups.endLive(cancelReason ?? 'error');
    await progress.keep().catch(() => undefined);
    const outcome = progress.outcome();
    const { released, failed } = progress.state;
    if (cancelReason === 'timeout') {
      const error = new SignError('DEADLINE_PASSED', 'the deadline has passed', { outcome, remainingMs: 0, ...(outcome === 'unknown' ? { retry: 'reconcile' } : {}) });
      output.end({ type: 'failed', error: errorJson(error), signatures: [], failed: failed.map((each) => ({ itemId: each.itemId ?? '', error: each })) });
    } else if (cancelReason !== undefined) output.end({ type: 'cancelled', reason: cancelReason, outcome, kept: released.map(({ itemId }) => itemId) });
    else {
      const error = cause instanceof SignError ? cause : new SignError('ADAPTER_MISCONFIGURED', 'the session failed', { cause });
      output.end({ type: 'failed', error: { ...errorJson(error), outcome: error.outcome === 'unknown' ? 'unknown' : outcome }, signatures: [], failed: [] });
    }
  };

  const announce = (): void => {
    note('session', { requestId: initial.requestId, adapter: initial.adapter.id, credential: credential.ref, items: items.length, code });
    tell({ type: 'plan', plan, verificationCode: code });
    const clockState = serverClock.state();
    if (clockState !== 'ok') warn(clockState === 'skewed' ? 'CLOCK_SKEWED' : 'CLOCK_UNCHECKED', { offsetMs: Math.round(serverClock.offset() ?? 0) });
  };

  /** To the terminal event. The lease is held until what was live has been ended. */
  const drive = async (): Promise<void> => {
    let leased = false;
    try {
      stopping.signal.throwIfAborted();
      leased = await ports.leases.acquire(leaseKey);
      if (!leased) throw new SignError('ACTION_PENDING', 'these items are being signed already');
      announce();
      await conclude(await authoriseAll());
    } catch (cause) {
      await giveUp(cause);
    } finally {
      if (leased) await ports.leases.release(leaseKey).catch(() => undefined);
    }
  };

  /** Ends the session at the deadline by the server's clock; the wall may have jumped meanwhile. */
  const watchDeadline = async (signal: AbortSignal): Promise<void> => {
    while (deadline !== undefined && !signal.aborted) {
      const left = remaining();
      if (left <= 0) return stop('timeout');
      await clock.sleep(Math.min(left, 60_000), signal).catch(() => undefined);
    }
  };

  let driving: Promise<void> | undefined;
  return {
    async *run() {
      if (driving !== undefined) throw new SignError('ACTION_PENDING', 'this session runs already');
      const watching = new AbortController();
      const abort = (): void => stop('user');
      if (ports.signal?.aborted === true) abort();
      ports.signal?.addEventListener('abort', abort, { once: true });
      void watchDeadline(watching.signal);
      driving = drive().finally(() => {
        watching.abort();
        ports.signal?.removeEventListener('abort', abort);
      });
      try {
        yield* output.events();
      } finally {
        stop('user');
        await driving;
      }
    },
    answer: (id, answer) => user.answer(id, answer),
    async cancel(reason = 'user') {
      stop(reason);
      await driving;
    },
    snapshot: () => progress.snapshot(),
  };
}
