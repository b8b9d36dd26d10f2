import type { Federation, Purpose } from '@hefu/trust-list';
import type { WarningCode } from './codes.js';
import type { ScenePolicy } from './policy.js';
import { makeReason } from './reason.js';
import type { Reason } from './report.js';

export interface ListQuestion {
  readonly scene: ScenePolicy;
  /** Judges again what was decided before: the archive. */
  readonly again: boolean;
  readonly region: string;
  readonly purpose: Purpose;
  readonly at: number;
  readonly clockSkew: number;
}

/**
 * Whether the lists with jurisdiction may carry a decision at all: their `issued` and `nextUpdate`, the expiry of the
 * freshness document, and the scene's band of grace (trust-list rules R7, R8). Their signatures were settled when they
 * were accepted. A peer's lists do not stop decisions here: they count while they are current.
 */
export function judgeList(federation: Federation, question: ListQuestion): { reasons: Reason[]; warnings: WarningCode[] } {
  const { scene, again, region, purpose, at, clockSkew } = question;
  const grace = scene.listGraceFor?.[purpose] ?? scene.listGrace;
  const reasons: Reason[] = [];
  let stale = false;
  const hold = (subject: string, issued: number, end: number, band: number): void => {
    if (at < issued - clockSkew) reasons.push(makeReason('LIST_NOT_YET_VALID', { subject, when: issued }));
    else if (at > end + band) reasons.push(makeReason('LIST_EXPIRED', { subject, when: end }));
    else if (at > end) stale = true;
  };
  const alone = federation.snapshot === undefined;
  for (const { list } of federation.membersFor(region)) hold(`list ${list.listId}`, list.issued, list.nextUpdate, alone || again ? grace : 0);
  if (!alone) {
    const { freshness } = federation;
    if (freshness === undefined) reasons.push(makeReason('LIST_FRESHNESS_MISSING', { subject: 'freshness' }));
    else hold('freshness', freshness.issued, freshness.expires, grace);
  }
  const missing = scene.missingList === 'ignore' && federation.missingFor(region).length > 0;
  return { reasons, warnings: [...(stale ? ['LIST_STALE' as const] : []), ...(missing ? ['LIST_MISSING_TOLERATED' as const] : [])] };
}
