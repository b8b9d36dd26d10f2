import type { ReasonCode, SubIndication } from './codes.js';
import type { Scene } from './policy.js';
import { indicationOf } from './indications.js';
import type { Conclusion, Reason } from './report.js';

export interface Verdict {
  readonly conclusion: Conclusion;
  readonly subIndication?: SubIndication;
  readonly code: ReasonCode | 'OK';
  /** Those that decide first. */
  readonly reasons: readonly Reason[];
}

/**
 * One failed reason fails the whole; otherwise one doubt leaves it open (EN 319 102-1 §5.1.3). The first deciding
 * reason names the verdict.
 *
 * Where a platform receives a signature (every scene but the archive) its time of receipt is the time of signing: a
 * certificate expired or revoked by then fails, and nobody may claim to have signed earlier. In the archive only
 * evidence places a signature in time, and without it the same finding stays open (NO_POE).
 */
export function conclude(reasons: readonly Reason[], scene: Scene): Verdict {
  const indicated = reasons.map((reason) => ({ reason, ...indicationOf(reason.code, { provenAfter: scene !== 'archive' || reason.provenAfter === true, settled: reason.settled === true, noPoe: reason.noPoe === true, notRevoked: reason.notRevoked === true }) }));
  const failed = indicated.filter(({ conclusion }) => conclusion === 'failed');
  const open = indicated.filter(({ conclusion }) => conclusion === 'indeterminate');
  const first = failed[0] ?? open[0];
  if (first === undefined) return { conclusion: 'passed', code: 'OK', reasons: [] };
  return {
    conclusion: first.conclusion,
    subIndication: first.subIndication,
    code: first.reason.code,
    reasons: [...failed, ...open].map(({ reason }) => reason),
  };
}
