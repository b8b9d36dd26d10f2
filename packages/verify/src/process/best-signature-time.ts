import { makeReason } from '../reason.js';
import type { BestSignatureSource, Reason, TimestampReport } from '../report.js';

/** A time-stamp that holds. */
export interface ValidTimestamp {
  readonly kind: TimestampReport['kind'];
  /** Epoch milliseconds. */
  readonly time: number;
  /** Milliseconds by which it may be off. */
  readonly accuracy: number;
}

export interface SignatureTimes {
  /** Epoch milliseconds; validation time when nothing proves an earlier one. */
  readonly best: number;
  readonly source: BestSignatureSource;
  /** The signature is not older than this: its latest content time-stamp. */
  readonly notBefore?: number;
}

/**
 * Best signature time (EN 319 102-1 §5.5.4 step 1): the earliest of the proofs that the signature existed. A time-stamp over the
 * signature and one over the archive prove it; one over the content proves that it did not exist before.
 */
export function bestSignatureTime(stamps: readonly ValidTimestamp[], receivedAt: number | undefined, at: number): SignatureTimes {
  let best = at;
  let source: BestSignatureSource = 'validation time';
  if (receivedAt !== undefined) [best, source] = [receivedAt, 'caller'];
  for (const { kind, time } of stamps) {
    if ((kind === 'signature' || kind === 'archive') && (time < best || (time === best && source !== 'caller'))) [best, source] = [time, 'time-stamp'];
  }
  const after = stamps.filter(({ kind }) => kind === 'content').map(({ time }) => time);
  return { best, source, ...(after.length === 0 ? {} : { notBefore: Math.max(...after) }) };
}

const ORDER: readonly ValidTimestamp['kind'][] = ['content', 'signature', 'archive'];

/**
 * Time-stamp order (EN 319 102-1 §5.5.4 step 5): those over the content before those over the signature, and these before
 * those over the archive; and none over the content after the platform had the signature. Clocks may be off by their accuracy.
 */
export function orderFailure(stamps: readonly ValidTimestamp[], receivedAt: number | undefined, clockSkew: number, subject: string): Reason | undefined {
  const fail = (earlier: number, later: number): Reason => makeReason('TIMESTAMP_ORDER_FAILURE', { subject, expected: iso(later), actual: iso(earlier) });
  for (const before of stamps) {
    for (const after of stamps) {
      if (ORDER.indexOf(before.kind) < ORDER.indexOf(after.kind) && before.time - before.accuracy > after.time + after.accuracy) return fail(before.time, after.time);
    }
    if (before.kind === 'content' && receivedAt !== undefined && before.time - before.accuracy > receivedAt + clockSkew) return fail(before.time, receivedAt);
  }
  return undefined;
}

/** Time-stamp delay (EN 319 102-1 §5.5.4 step 6): the first time-stamp within `delay` milliseconds of the signing time claimed. */
export function delayFailure({ best, source }: SignatureTimes, claimed: number | undefined, delay: number | undefined, subject: string): Reason | undefined {
  if (delay === undefined || source !== 'time-stamp') return undefined;
  if (claimed !== undefined && best <= claimed + delay) return undefined;
  return makeReason('TIMESTAMP_TOO_LATE', { subject, ...(claimed === undefined ? { actual: iso(best) } : { expected: iso(claimed + delay), actual: iso(best) }) });
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
