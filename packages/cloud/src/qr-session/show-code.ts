import { SignError, type Clock, type SessionIO, type ShownChallenge } from '@hefu/sign';
import type { Job, JobSetup } from './job.js';
import { qrCode } from './qr-code.js';
import type { Scope } from './template.js';

/** A code on the screen. */
export interface ShownCode {
  /** No more are shown. */
  stop(): void;
  /** The phone has read it: whoever scans it now is somebody else, so the last one is shown as done, and no more come. */
  scanned(): void;
  /** @throws SignError what went wrong while one was replaced */
  check(): void;
}

/** Shows a job's code now, and the next one whenever it is due, beside whatever else goes on. */
export function showCode(setup: JobSetup, job: Job, scope: Scope, secrets: readonly string[], io: SessionIO, clock: Clock): ShownCode {
  const { shape: { qr }, verificationCode, algorithms } = setup;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  io.signal.addEventListener('abort', end, { once: true });
  let failure: SignError | undefined;
  let last: ShownChallenge | undefined;
  const show = (): void => io.show((last = qrCode({ shape: qr, scope, secrets, verificationCode, now: clock.now(), startedAt: job.startedAt, expiresAt: job.expiresAt, algorithms })));
  const rotate = async (everyMs: number): Promise<void> => {
    for (;;) {
      await clock.sleep(everyMs, ending.signal).catch(() => undefined);
      // After the job's time a code leads nowhere; a machine that slept shows none of the time between.
      if (ending.signal.aborted || clock.now() >= job.expiresAt) return;
      try {
        show();
      } catch (error) {
        failure = error instanceof SignError ? error : new SignError('ADAPTER_MISCONFIGURED', 'the code could not be shown', { cause: error });
        return;
      }
    }
  };
  if (clock.now() < job.expiresAt) {
    show();
    if (qr.rotation !== undefined) void rotate(qr.rotation.everyMs);
  }
  const stop = (): void => {
    ending.abort();
    io.signal.removeEventListener('abort', end);
  };
  return {
    stop,
    scanned() {
      stop();
      if (last?.type !== 'qr') return;
      const { refreshAt: _, ...code } = last;
      io.show({ ...code, expiresAt: job.expiresAt, scanned: true });
    },
    check() {
      if (failure !== undefined) throw failure;
    },
  };
}
