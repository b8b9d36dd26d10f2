import { SignError, type AdapterContext, type AdapterEvent, type JsonObject, type SessionIO } from '@hefu/sign';
import { afterAbort } from './after-abort.js';
import { cancelJob, createJob, forgetSecrets, jobScope, pollJob, requireOwn, type Found, type Job, type JobSetup } from './job.js';
import { pacer } from './pace.js';
import { showCode } from './show-code.js';

/** What the follower of a job remembers of it for its owner. */
export interface JobProgress {
  job: Job | undefined;
  /** Known of the provider: it is over. */
  ended: 'signed' | 'dead' | undefined;
  /** Its owner was told to cancel: no other job is begun, and one that was on its way is not shown. */
  cancelled?: boolean;
}

/** The clocks differ, and a confirmation of the last second arrives later. */
const GRACE_MS = 15_000;
/** Warnings of callbacks in one session; more say nothing new. */
const MAX_WARNINGS = 5;

/**
 * Shows the code and asks until the user has decided or can no longer. A lost network is waited out as long as the job can be
 * confirmed; a machine that slept asks before it believes that time is over.
 *
 * @returns the finished answer, whose values nobody has verified
 * @throws SignError of the user's decision; USER_TIMEOUT; NETWORK and the like, with `outcome: 'unknown'`, when the provider could not be asked at the end
 */
export async function* awaitUser(setup: JobSetup, progress: JobProgress, io: SessionIO, context: AdapterContext): AsyncGenerator<AdapterEvent, JsonObject, void> {
  let attempt = 0;
  let late = false;
  for (;;) {
    if (progress.job === undefined) {
      yield { type: 'phase', phase: 'authorising' };
      progress.job = await beginJob(setup, progress, 1, context);
    }
    const { job } = progress;
    await requireOwn(setup, job);
    // From the moment the code is seen it may be confirmed: where it is must be known before.
    yield { type: 'checkpoint', inFlight: false };
    const { found, count } = yield* follow(setup, job, io, context, attempt);
    attempt = count;
    if (found.state === 'signed') {
      progress.ended = 'signed';
      await forgetSecrets(setup, job);
      return found.answer;
    }
    if (found.state === 'dead') await forgetSecrets(setup, job);
    if (found.state === 'dead' && found.code !== 'USER_TIMEOUT') {
      progress.ended = 'dead';
      throw new SignError(found.code, 'the provider says that it was not confirmed', { outcome: 'not-signed' });
    }
    // Over, by its time or by the provider. A second code only when the first is certainly dead.
    const ending = found.state === 'dead' ? 'cancelled' : await cancelJob(setup, job, context);
    // Asked once more for the values; a provider that says now this and now that is not followed in circles.
    if (ending === 'too-late' && !late) {
      late = true;
      continue;
    }
    if (ending !== 'cancelled') throw new SignError('USER_TIMEOUT', 'not confirmed in time, and the provider has not ended it', { outcome: 'unknown', retry: 'reconcile' });
    progress.ended = 'dead';
    if (found.scanned || job.generation > setup.shape.reissues) throw new SignError('USER_TIMEOUT', 'not confirmed in time', { outcome: 'not-signed' });
    progress.job = await beginJob(setup, progress, job.generation + 1, context);
    progress.ended = undefined;
  }
}

async function beginJob(setup: JobSetup, progress: JobProgress, generation: number, context: AdapterContext): Promise<Job> {
  const requireWanted = (): void => {
    if (isCancelled(progress)) throw new SignError('ABORTED', 'cancelled before the code was shown', { outcome: 'not-signed' });
  };
  requireWanted();
  const job = await createJob(setup, generation, context);
  // What nobody saw nobody confirms; that it is ended is a courtesy.
  if (isCancelled(progress)) await cancelJob(setup, job, afterAbort(context));
  requireWanted();
  return job;
}

/** It may change while one waits. */
const isCancelled = ({ cancelled = false }: JobProgress): boolean => cancelled;

type Ending = { readonly found: Found & { readonly scanned: boolean }; readonly count: number };

/** One job, to its end or to the end of its time. */
async function* follow(setup: JobSetup, job: Job, io: SessionIO, context: AdapterContext, before: number): AsyncGenerator<AdapterEvent, Ending, void> {
  const { clock } = context;
  const { scope, secrets, complete } = await jobScope(setup, job);
  for (const secret of secrets) context.protect(secret);
  const warnings: AdapterEvent[] = [];
  const paced = pacer(setup.shape.pace, context);
  const deaf = setup.desk.listen(job.id, (what) => {
    if (what === 'hint') paced.wake();
    else if (warnings.length < MAX_WARNINGS) warnings.push({ type: 'warning', code: what === 'forged' ? 'CALLBACK_IGNORED' : 'DUPLICATE_IGNORED', detail: { jobId: job.id } });
  });
  let shown = complete ? showCode(setup, job, scope, secrets, io, clock) : undefined;
  if (!complete) context.note('code-not-shown', { jobId: job.id });
  let count = before;
  let scanned = false;
  let told = 0;
  try {
    yield { type: 'phase', phase: 'waiting-user' };
    for (;;) {
      if (io.signal.aborted) throw new SignError('ABORTED', 'aborted while waiting for the user');
      shown?.check();
      count++;
      // Asked before the clock is: after a sleep the user may long have confirmed.
      const over = clock.now() >= job.expiresAt + GRACE_MS;
      const found = await pollJob(setup, scope, context).catch((error: unknown): Found | SignError => settled(error, io));
      for (; told < warnings.length; told++) yield warnings[told]!;
      if (found instanceof SignError) {
        if (over) throw new SignError(found.code, 'the provider could not be asked whether it was confirmed', { cause: found, outcome: 'unknown', retry: 'reconcile', detail: 'not-asked-in-time' });
      } else if (found.state === 'signed' || found.state === 'dead') return { found: { ...found, scanned }, count };
      else {
        if (found.state === 'scanned' && !scanned) {
          scanned = true;
          shown?.scanned();
          shown = undefined;
          paced.restart();
        }
        if (over) return { found: { ...found, scanned }, count };
      }
      const nextInMs = paced.next(found instanceof SignError ? found.retryAfterMs : 'hintMs' in found ? found.hintMs : undefined, job.expiresAt + GRACE_MS);
      yield { type: 'poll', attempt: count, nextInMs };
      await paced.wait(nextInMs, io.signal);
    }
  } finally {
    shown?.stop();
    deaf();
  }
}

/** A failure that passes by itself is waited out. */
function settled(error: unknown, io: SessionIO): SignError {
  if (!(error instanceof SignError) || io.signal.aborted) throw error;
  if (error.code === 'NETWORK' || error.code === 'RATE_LIMITED' || error.code === 'PROVIDER_UNAVAILABLE') return error;
  // Whatever else a status answers, the code was seen and may have been confirmed.
  if (error.outcome === 'not-signed') throw new SignError(error.code, 'the provider does not say how it stands', { cause: error, outcome: 'unknown', retry: 'reconcile', ...(error.provider === undefined ? {} : { provider: error.provider }) });
  throw error;
}
