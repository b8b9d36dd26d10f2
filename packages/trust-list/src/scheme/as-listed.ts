import type { Algorithms } from '@hefu/crypto';
import { hexOf } from '../sha256.js';
import type { Freshness } from '../scheme.js';

/** What freshness says of one list. */
export type FreshList = Freshness['lists'] extends ReadonlyMap<string, infer T> ? T : never;

export interface Unlike {
  readonly code: 'TL_NOT_AS_LISTED';
  readonly expected: string;
  readonly actual: string;
}

/** Rule R6: a list is the very one that freshness names, so that nobody mixes lists of different times. */
export function checkAsListed(listed: FreshList, sequence: number, sha256: string, payload: () => Uint8Array, algorithms: Algorithms): Unlike | undefined {
  if (sequence !== listed.sequence) return { code: 'TL_NOT_AS_LISTED', expected: `sequence ${listed.sequence}`, actual: `${sequence}` };
  if (sha256 !== listed.sha256) return { code: 'TL_NOT_AS_LISTED', expected: `sha256 ${listed.sha256}`, actual: sha256 };
  const sm3 = listed.sm3 === undefined ? undefined : algorithms.digests.find(({ name }) => name === 'SM3');
  const digest = sm3 && hexOf(sm3.digest(payload()));
  return digest === undefined || digest === listed.sm3 ? undefined : { code: 'TL_NOT_AS_LISTED', expected: `sm3 ${listed.sm3}`, actual: digest };
}
