import { DEFAULT_LIMITS } from '../limits.js';
import type { UpdateNote } from '../note.js';
import type { Refusal } from '../refuse.js';
import type { TrustRoot } from '../scheme.js';
import type { SchemeUpdateOptions } from '../update/scheme-update.js';
import { checkFingerprint, type Fingerprint } from './fingerprint.js';
import { takeFirstRoot } from './root-step.js';

export type ImportedRoot =
  | { readonly outcome: 'accepted'; readonly root: TrustRoot; readonly notes: readonly UpdateNote[] }
  | ({ readonly outcome: 'refused'; readonly notes: readonly UpdateNote[] } & Refusal);

/**
 * The only way to a first root: a file and the fingerprint that a person compared out of band. It may have expired,
 * as it only hands on to later ones; it must be signed as it says itself.
 *
 * @throws TypeError when the fingerprint is not 64 hex digits, or the algorithms lack the hash it is of
 */
export async function importRoot(file: Uint8Array, options: SchemeUpdateOptions & { readonly fingerprint: Fingerprint }): Promise<ImportedRoot> {
  const { algorithms, at, fingerprint } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const taken = await takeFirstRoot(file, { algorithms, at, limits, vouch: (payload) => checkFingerprint(fingerprint, payload, algorithms) });
  return taken.refusal === undefined ? { outcome: 'accepted', root: taken.root, notes: taken.notes } : { outcome: 'refused', ...taken.refusal, notes: taken.notes };
}
