import type { AdapterSession, BeginRequest, CancelReason, JsonObject, SigningAdapter, SigningItem } from '../adapter/index.js';
import { SignError, type SignErrorJson } from '../error.js';
import { createAdapterContext } from './adapter-context.js';
import { openAuthorisation, runAuthorisation } from './authorise.js';
import { bounded } from './bounded.js';
import type { SigningEvent } from './events.js';
import { interruptible } from './interruptible.js';
import type { SessionPorts } from './ports.js';
import type { Progress } from './progress.js';
import { reconcile } from './reconcile.js';
import type { ServerClock } from './server-clock.js';
import type { SessionLimits } from './session-limits.js';
import type { SessionOutput } from './session-output.js';
import type { AuthorisationState } from './snapshot.js';
import type { UserSide } from './user-side.js';

/** The groups of a plan, each under one authorisation. */
export interface Groups {
  /** Authorises a group; again only when the first is known to be dead and nothing was signed. @throws SignError; the signal's reason when the signing is stopped */
  authorise(index: number): Promise<void>;
  /**
   * Ends the live authorisation, within bounds. Its group is `waiting` afterwards only if the authorisation is certainly dead and
   * everything it made is here; otherwise it stays as it is, to be taken up again.
   */
  endLive(reason: CancelReason): Promise<void>;
}

export interface GroupsOptions {
  readonly adapter: SigningAdapter;
  readonly ports: SessionPorts;
  readonly serverClock: ServerClock;
  readonly limits: SessionLimits;
  readonly progress: Progress;
  readonly output: SessionOutput;
  readonly user: UserSide;
  /** Aborted when the signing is to stop. */
  readonly signal: AbortSignal;
  /** Until the deadline, milliseconds. */
  readonly remaining: () => number;
  /** Throws where nobody may be asked to confirm. */
  readonly permit: () => Promise<void>;
  readonly itemOf: (itemId: string) => Promise<SigningItem>;
  readonly request: Pick<BeginRequest, 'credential' | 'algorithm' | 'display'>;
}

export function createGroups({ adapter, ports, serverClock, limits, progress, output, user, signal, remaining, permit, itemOf, request: common }: GroupsOptions): Groups {
  const { clock } = ports;
  const { note, tell, warn, redactor, journal } = output;
  const { missing, keep, mark } = progress;
  const at = (index: number): AuthorisationState => progress.state.authorisations[index]!;
  const phase = (index: number, name: Extract<SigningEvent, { type: 'phase' }>['phase']): void => tell({ type: 'phase', phase: name, authorisation: index + 1, of: progress.state.plan.authorisations.length });
  let live: { readonly session: AdapterSession; readonly index: number; readonly end: (ending: AbortSignal) => void } | undefined;

  const requireTime = (index: number): void => {
    const { plan } = progress.state;
    const left = remaining();
    if (left <= 0) throw new SignError('DEADLINE_PASSED', 'the deadline has passed', { remainingMs: 0 });
    const confirmations = plan.confirmations === 0 ? 0 : plan.authorisations.length - index;
    const needed = confirmations * limits.confirmationMs;
    if (left < needed) throw new SignError('DEADLINE_TOO_CLOSE', `${left} ms left, ${needed} ms needed`, { remainingMs: Math.round(left), detail: `${confirmations} confirmations` });
  };

  const authoriseOnce = async (index: number): Promise<void> => {
    const ids = progress.state.plan.authorisations[index]!;
    const { deadline, requestId } = progress.state;
    const { attempt, adapter: resumed, state: before } = at(index);
    // A resumed session sees what it began with.
    const itemIds = (resumed === undefined ? undefined : at(index).itemIds) ?? missing(index);
    let answered = before !== 'in-flight';
    const markLive = async (how: 'begun' | 'in-flight', adapterSnapshot: JsonObject): Promise<void> => {
      answered = how === 'begun';
      mark(index, { state: how, attempt, adapter: adapterSnapshot, itemIds });
      await keep();
    };
    let ended: AbortSignal | undefined;
    const inFlight = async (now: boolean): Promise<void> => {
      if (live === undefined || ended !== undefined) return;
      signal.throwIfAborted();
      await markLive(now ? 'in-flight' : 'begun', live.session.snapshot());
    };
    const context = createAdapterContext({
      ports, signal, ended: () => ended, locale: common.display.locale, redactor, journal, serverClock, inFlight, answered: () => { answered = true; },
      ...(limits.retry === undefined ? {} : { retry: limits.retry }),
      ...(deadline === undefined ? {} : { deadline: clock.now() + remaining() }),
    });
    const request: BeginRequest = {
      ...common, requestId: `${requestId}.${index + 1}.${attempt}`,
      items: await Promise.all(itemIds.map(itemOf)),
      ...(deadline === undefined ? {} : { deadline }),
    };
    phase(index, 'authorising');
    note('begin', { requestId: request.requestId, items: request.items.length, resumed: resumed !== undefined });
    const abandon = (late: AdapterSession): void => void bounded(limits.cancelMs, clock, (bound) => {
      ended = bound;
      return late.cancel('superseded');
    });
    const session = await openAuthorisation(adapter, request, context, signal, resumed, abandon).catch((error: unknown) => {
      // Nobody was asked for anything; what comes late is cancelled, so its requestId is not to be begun again.
      if (resumed === undefined && signal.aborted) mark(index, { state: 'waiting', attempt: attempt + 1 });
      throw error;
    });
    live = { session, index, end: (ending) => { ended = ending; } };
    await markLive(before === 'in-flight' ? before : 'begun', session.snapshot());
    signal.throwIfAborted();
    await runAuthorisation(session, {
      clock, signal, permit,
      io: { signal, ask: user.ask, show: user.show },
      take: (signatures) => progress.take(signatures, index),
      missing: () => missing(index),
      tell: (event) => {
        if (event.type === 'phase') phase(index, event.phase);
        else if (event.type === 'item-failed') {
          if (ids.includes(event.itemId) && !progress.isSettled(event.itemId)) progress.fail({ ...redactor.redact(event.error as unknown as JsonObject) as unknown as SignErrorJson, itemId: event.itemId });
        } else if (event.type === 'warning') warn(event.code, event.detail);
        else tell(event);
      },
      mark: markLive,
      isInFlight: () => at(index).state === 'in-flight',
      isAnswered: () => answered,
    });
    live = undefined;
    mark(index, { state: 'done', attempt });
    await keep();
  };

  /** Ends what failed. @returns what to say of it; undefined when everything turned out to be here */
  const settleFailure = async (index: number, cause: unknown): Promise<SignError | undefined> => {
    const error = cause instanceof SignError ? cause : new SignError('ADAPTER_MISCONFIGURED', 'an adapter threw something else than a SignError', { cause });
    const unknown = (problem: string): SignError => new SignError('OUTCOME_UNKNOWN', problem, { cause: error, detail: error.code });
    if (live === undefined) {
      // Not begun: the same requestId may be tried again. Not resumed: whether it is live is not known.
      return at(index).state === 'in-flight' ? unknown('what was sent cannot be taken up again') : error;
    }
    await end('error', error.outcome !== 'signed');
    await keep().catch(() => undefined);
    if (error.outcome === 'signed') return error;
    if (missing(index).length === 0) return undefined;
    return error.outcome === 'not-signed' && at(index).state === 'in-flight' ? unknown('what was made is not known') : error;
  };

  /** @param asks whether to find out what was made; not from a provider whose answer was just refused */
  const end = async (reason: CancelReason, asks: boolean): Promise<void> => {
    if (live === undefined) return;
    const { session, index, end: endContext } = live;
    live = undefined;
    const markState = (state: 'begun' | 'in-flight'): void => mark(index, { ...at(index), state });
    const answer = await bounded(limits.cancelMs, clock, (bound) => {
      endContext(bound);
      return session.cancel(reason);
    }) ?? 'unknown';
    note('cancel', { reason, answer });
    if (answer === 'unknown') warn('CANCEL_NOT_CONFIRMED');
    // Refused values were made, and so were those that are said to have been.
    if (!asks || answer === 'too-late') markState('in-flight');
    if (asks && at(index).state === 'in-flight' && missing(index).length > 0) {
      await bounded(limits.cancelMs, clock, (bound) => {
        endContext(bound);
        return reconcile(session, {
          clock, signal: bound,
          take: (signatures) => progress.take(signatures, index),
          missing: () => missing(index),
          tell: (event) => phase(index, event.phase),
          mark: async (how) => markState(how),
        });
      });
    }
    const { attempt, state } = at(index);
    if (missing(index).length === 0) mark(index, { state: 'done', attempt });
    else if (answer === 'cancelled' && state === 'begun') mark(index, { state: 'waiting', attempt: attempt + 1 });
  };

  return {
    async authorise(index) {
      for (let tries = 1; ; tries++) {
        if (at(index).adapter === undefined) requireTime(index);
        try {
          if (at(index).adapter === undefined) await permit();
          await authoriseOnce(index);
          return;
        } catch (cause) {
          signal.throwIfAborted();
          const error = await settleFailure(index, cause);
          signal.throwIfAborted();
          if (error === undefined) return;
          if (tries >= limits.attempts || at(index).state !== 'waiting' || !['same-request', 'new-authorisation', 'after'].includes(error.retry)) throw error;
          warn('AUTHORISING_AGAIN', { code: error.code });
          const wait = error.retryAfterMs ?? 0;
          if (wait >= remaining()) throw error;
          if (wait > 0) await interruptible(clock.sleep(wait, signal), signal);
        }
      }
    },
    endLive: (reason) => end(reason, true),
  };
}
