import type { Clock } from '../adapter/index.js';
import { SignError } from '../error.js';

/** Whose clock was read: that of the platform that receives bids decides, then that of a time-stamp authority (genTime of a fresh token), then a provider's. */
export type TimeSource = 'platform' | 'tsa' | 'provider';

/** By how much clocks may differ, milliseconds. */
export const CLOCK_TOLERANCE_MS = 180_000;

export interface ServerClock {
  /** A server's time, epoch milliseconds, as it came with an answer that took `roundTripMs`. */
  observe(source: TimeSource, at: number, roundTripMs: number): void;
  /** The best guess of the time, epoch milliseconds. */
  now(): number;
  /**
   * The latest whole second that has certainly begun, by every clock heard: what signedAttrs may state. Never in the future.
   * @throws SignError CLOCK_SKEW when two of them contradict each other beyond the tolerance
   */
  signingTime(): number;
  /** Server minus local, milliseconds; undefined until a server was heard. */
  offset(): number | undefined;
  /** `skewed`: the local clock is off by more than the tolerance, and server time is used instead. */
  state(): 'unchecked' | 'ok' | 'skewed';
}

/** Date headers have whole seconds (RFC 9110 §5.6.7). */
const RESOLUTION_MS = 1000;

interface Reading {
  readonly offset: number;
  readonly error: number;
}

/** @param toleranceMs by which clocks may differ; default three minutes */
export function createServerClock(clock: Clock, toleranceMs: number = CLOCK_TOLERANCE_MS): ServerClock {
  const readings = new Map<TimeSource, Reading>();
  const best = (): Reading | undefined => readings.get('platform') ?? readings.get('tsa') ?? readings.get('provider');
  return {
    observe(source, at, roundTripMs) {
      if (!Number.isFinite(at) || !Number.isFinite(roundTripMs) || roundTripMs < 0) return;
      // The server read its clock somewhere in the round trip, and cut it to a second.
      const error = roundTripMs / 2 + RESOLUTION_MS / 2;
      const fresh: Reading = { offset: at + RESOLUTION_MS / 2 - (clock.now() - roundTripMs / 2), error };
      const old = readings.get(source);
      // The sharper reading stays unless the local clock was set in between.
      if (old === undefined || error <= old.error || Math.abs(fresh.offset - old.offset) > fresh.error + old.error) readings.set(source, fresh);
    },
    now: () => clock.now() + (best()?.offset ?? 0),
    signingTime() {
      const all = [...readings.values()];
      for (const [index, one] of all.entries()) for (const other of all.slice(index + 1)) {
        const apart = Math.abs(one.offset - other.offset);
        if (apart > toleranceMs + one.error + other.error) throw new SignError('CLOCK_SKEW', `two servers are ${Math.round(apart)} ms apart`, { detail: 'servers-disagree' });
      }
      const local = clock.now();
      const heard = all.map(({ offset, error }) => local + offset - error);
      return Math.floor(Math.min(...(heard.length === 0 ? [local] : heard)) / 1000) * 1000;
    },
    offset: () => best()?.offset,
    state() {
      const reading = best();
      if (reading === undefined) return 'unchecked';
      return Math.abs(reading.offset) > toleranceMs + reading.error ? 'skewed' : 'ok';
    },
  };
}
