import type { Bilingual } from './refusal.js';

/** Something to say that spoils nothing. */
export interface UpdateNote {
  readonly code:
    | 'TL_GAP' // sequences were skipped, so the hash chain between is unproven
    | 'TL_STALE' // past its nextUpdate or expires: how long it may still serve is policy
    | 'TL_UNSUPPORTED_FEATURE' // a service is unusable for this version
    | 'TL_BASELINE_LOST' // the list in hand is no longer signed by those who must: the new one was not held to it
    | 'TL_DELEGATED_TWICE' // a list is delegated to by two others; the first one's terms hold
    | 'SM2_NOT_AVAILABLE'; // SM2 signatures were there, and no SM2-SM3 algorithm was given
  readonly message: Bilingual;
}

export function note(code: UpdateNote['code'], zh: string, en: string): UpdateNote {
  return { code, message: { zh, en } };
}
