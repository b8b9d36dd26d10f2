import type { TrustList } from '@hefu/trust-list';
import type { WarningCode } from './codes.js';
import type { ScenePolicy } from './policy.js';
import { makeReason } from './remedies.js';
import type { Reason } from './report.js';

/**
 * Whether the list may carry a new decision at all: its `nextUpdate`, with the scene's band of grace, and its
 * `issued` time (trust-list rules R7, R8). Its signatures were settled when it was accepted.
 */
export function judgeList(list: TrustList, scene: ScenePolicy, at: number, clockSkew: number): { reasons: Reason[]; warnings: WarningCode[] } {
  const subject = `list ${list.listId}`;
  if (at < list.issued - clockSkew) {
    return { reasons: [makeReason('LIST_NOT_YET_VALID', { subject, when: list.issued })], warnings: [] };
  }
  if (at <= list.nextUpdate) return { reasons: [], warnings: [] };
  if (at <= list.nextUpdate + scene.listGrace) return { reasons: [], warnings: ['LIST_STALE'] };
  return { reasons: [makeReason('LIST_EXPIRED', { subject, when: list.nextUpdate })], warnings: [] };
}
