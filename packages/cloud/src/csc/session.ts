import { SignError, type AdapterEvent, type AdapterSession, type JsonObject, type Outcome, type Reconciliation, type SessionIO, type SignErrorCode } from '@hefu/sign';
import { obtainAuthorisation } from './authorise.js';
import { revokeToken } from './oauth/revoke.js';
import { isObject, textOf } from './read.js';
import { authorisationOf, dropAuthorisation, keepAuthorisation, keptAuthorisation, type Authorisation } from './sad.js';
import { isAsynchronous, pollJob, signHash, type CscValues } from './sign-hash.js';
import { DEFAULT_POLL_MS, hashTexts, type CscWork } from './work.js';

/** How far one authorisation has come; JSON, and what the snapshot is. */
export interface CscProgress {
  readonly requestId: string;
  readonly phase: 'authorising' | 'signing' | 'done';
  /** Items whose values were yielded, from the first. */
  readonly next: number;
  /** Items in the call under way; 0 for none. */
  readonly sending: number;
  /** Of the asynchronous job under way. */
  readonly responseId?: string;
}

/** A SAD is not used in the last moments of its life. */
const MARGIN_MS = 1000;
/** A job that is not done after so long is asked for again later. */
const JOB_MS = 600_000;

export function readProgress(snapshot: JsonObject, requestId: string, items: number): CscProgress {
  const { phase, next, sending, responseId } = snapshot;
  const whole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= items;
  if (snapshot['requestId'] !== requestId || (phase !== 'authorising' && phase !== 'signing' && phase !== 'done') || !whole(next) || !whole(sending) || next + sending > items) {
    throw new SignError('SNAPSHOT_INVALID', 'not a snapshot of this request');
  }
  return { requestId, phase, next, sending, ...(typeof responseId === 'string' ? { responseId } : {}) };
}

/** One authorisation at a CSC service: SAD, then calls in the order of the items. */
export function cscSession(work: CscWork, started: CscProgress): AdapterSession {
  const { service, info, options, request, context, vault } = work;
  const { items, requestId } = request;
  const perCall = service.quirks.maxPerCall ?? items.length;
  let progress = started;
  /** Values are with core, which has not yet said that it has them. */
  let handedOver = false;
  let cancelled = false;
  const go = (change: Partial<CscProgress>): void => { progress = { ...progress, ...change }; };
  const part = (): typeof items => items.slice(progress.next, progress.next + progress.sending);
  const settled = (): void => {
    const { responseId: _, ...rest } = progress;
    const next = rest.next + rest.sending;
    progress = { ...rest, next, sending: 0, phase: next === items.length ? 'done' : 'signing' };
  };

  const jobRefused = (): void => {
    const { responseId: _, ...rest } = progress;
    progress = { ...rest, sending: 0 };
  };

  const requireGoingOn = ({ signal }: SessionIO, outcome: Outcome = 'not-signed'): void => {
    if (signal.aborted || cancelled) throw new SignError('ABORTED', cancelled ? 'cancelled' : 'aborted', { outcome });
  };

  async function* run(io: SessionIO): AsyncGenerator<AdapterEvent, void, void> {
    let authorisation = progress.phase === 'done' ? undefined : await keptAuthorisation(vault, request, service.now(context), context);
    while (progress.next < items.length) {
      requireGoingOn(io);
      if (progress.responseId === undefined) {
        if (authorisation === undefined) {
          go({ phase: 'authorising' });
          authorisation = yield* obtainAuthorisation(work, io);
          requireGoingOn(io);
          await keepAuthorisation(vault, request, authorisation);
          yield { type: 'checkpoint', inFlight: false };
        }
        requireGoingOn(io);
        authorisation = await alive(authorisation);
        yield { type: 'phase', phase: 'signing' };
        requireGoingOn(io);
        go({ phase: 'signing', sending: Math.min(perCall, items.length - progress.next) });
      }
      const values = yield* callOrPoll(authorisation, io);
      requireGoingOn(io, 'signed');
      handedOver = true;
      if (values.signatures.length > 0) yield { type: 'signatures', signatures: values.signatures };
      for (const itemId of values.refused) yield { type: 'item-failed', itemId, error: new SignError('PROVIDER_REFUSED', 'the service left it out', { itemId, detail: 'null' }).toJSON() };
      settled();
      handedOver = false;
      if (progress.next < items.length) yield { type: 'checkpoint', inFlight: false };
    }
    await forget();
  }

  async function* callOrPoll(authorisation: Authorisation | undefined, io: SessionIO): AsyncGenerator<AdapterEvent, CscValues, void> {
    if (progress.responseId === undefined) {
      try {
        const answer = await signHash(work, part(), authorisation!, io.signal);
        if ('values' in answer) return answer.values;
        go({ responseId: answer.responseId });
      } catch (error) {
        // Refused, so nothing of it is under way.
        if (error instanceof SignError && error.outcome === 'not-signed') go({ sending: 0 });
        throw error;
      }
      yield { type: 'checkpoint', inFlight: true };
    }
    const until = context.clock.now() + JOB_MS;
    const wait = service.quirks.pollMs ?? DEFAULT_POLL_MS;
    for (let attempt = 1; ; attempt++) {
      requireGoingOn(io, 'unknown');
      const values = await pollJob(work, progress.responseId!, part()).catch((cause: unknown) => {
        if (isRefusal(cause)) jobRefused();
        throw isRefusal(cause) ? cause : jobFailure(cause);
      });
      if (values !== undefined) return values;
      if (context.clock.now() >= until) throw new SignError('PROVIDER_UNAVAILABLE', 'the job is pending for too long', { outcome: 'unknown', detail: 'pending' });
      yield { type: 'poll', attempt, nextInMs: wait };
      await context.clock.sleep(wait, io.signal).catch((cause: unknown) => {
        throw new SignError('ABORTED', 'aborted while a job was pending', { cause, outcome: 'unknown' });
      });
    }
  }

  /** The authorisation, prolonged where this one is not the first call and the service can; refused here when its time is over. */
  async function alive(authorisation: Authorisation): Promise<Authorisation> {
    if (service.now(context) >= authorisation.expiresAt - MARGIN_MS) {
      await forget();
      throw new SignError('SAD_EXPIRED', 'the authorisation ended before it was used', { detail: 'locally' });
    }
    if (progress.next === 0 || authorisation.as === 'bearer' || !info.methods.includes('credentials/extendTransaction')) return authorisation;
    const rest = hashTexts(work, items.slice(progress.next));
    const { body } = await service.call(context, 'credentials/extendTransaction', 'once', {
      credentialID: request.credential.ref, SAD: authorisation.value, ...(request.credential.hashBound ? { [info.version === 'v1' ? 'hash' : 'hashes']: rest } : {}),
    });
    const SAD = textOf(body, 'SAD');
    if (SAD === undefined) throw new SignError('PROVIDER_PROTOCOL', 'a prolonged transaction without SAD', { outcome: 'not-signed', detail: 'sad' });
    const prolonged = authorisationOf(SAD, 'sad', body['expiresIn'], service.now(context), context);
    await keepAuthorisation(vault, request, prolonged);
    return prolonged;
  }

  async function reconcile(): Promise<Reconciliation> {
    if (progress.sending === 0) return { state: 'not-signed' };
    if (progress.responseId === undefined) {
      // Only the number is taken of what came to the callback; whose job it is shows when its values are verified.
      const received = isAsynchronous(work) ? await options.callbacks?.received(requestId) : undefined;
      const responseId = received !== undefined && isObject(received) ? textOf(received, 'responseID') : undefined;
      if (responseId === undefined) return { state: isAsynchronous(work) && options.callbacks !== undefined ? 'pending' : 'unknown' };
      go({ responseId });
    }
    let values: CscValues | undefined;
    try {
      values = await pollJob(work, progress.responseId!, part());
    } catch (cause) {
      if (!isRefusal(cause)) throw cause;
      jobRefused();
      return { state: 'not-signed' };
    }
    if (values === undefined) return { state: 'pending' };
    settled();
    return { state: progress.next === items.length && values.refused.length === 0 ? 'signed' : 'partly-signed', signatures: values.signatures };
  }

  /** Nobody has the authorisation any more; a token is ended at its server as well, signed with or not. */
  async function forget(): Promise<void> {
    const kept = await keptAuthorisation(vault, request, service.now(context), context);
    await dropAuthorisation(vault, request);
    if (kept?.byOAuth === true && options.oauth !== undefined) await revokeToken({ ...options, oauth: options.oauth }, info, kept.value, context);
  }

  return {
    snapshot: () => ({ ...progress }),
    run,
    reconcile,
    async cancel() {
      if (progress.sending > 0) return handedOver ? 'too-late' : 'unknown';
      if (progress.phase === 'done') return 'too-late';
      cancelled = true;
      // A SAD that nobody has any more signs nothing, nor does one that is never fetched.
      await forget().catch(() => undefined);
      for (const what of ['handle', 'oauth']) await vault.drop(`${requestId}/${what}`).catch(() => undefined);
      return 'cancelled';
    },
  };
}

/** What says of a job that it will not be done. Anything else that comes instead of a state, an unknown error included, says nothing: some services are pending that way. */
const REFUSALS: readonly SignErrorCode[] = [
  'USER_REFUSED', 'USER_TIMEOUT', 'PIN_LOCKED', 'CREDENTIAL_LOCKED', 'CREDENTIAL_DISABLED', 'SAD_EXPIRED', 'SAD_REPLAYED', 'HASH_NOT_AUTHORISED', 'BATCH_TOO_LARGE', 'CERT_EXPIRED', 'CERT_REVOKED',
];

function isRefusal(cause: unknown): cause is SignError {
  return cause instanceof SignError && cause.outcome === 'not-signed' && REFUSALS.includes(cause.code);
}

function jobFailure(cause: unknown): unknown {
  if (!(cause instanceof SignError) || cause.outcome !== 'not-signed') return cause;
  return new SignError(cause.code, 'the job cannot be asked for', { cause, outcome: 'unknown', ...(cause.provider === undefined ? {} : { provider: cause.provider }) });
}
