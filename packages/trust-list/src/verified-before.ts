import type { Algorithms } from '@hefu/crypto';
import type { TrustListLimits } from './limits.js';
import type { ListRole, TrustList } from './model.js';
import type { UpdateNote } from './note.js';
import type { SignatureFact } from './verify-signatures.js';

/** All that a verdict about octets depends on, the clock apart. */
export interface VerifiedUnder {
  readonly role: ListRole;
  readonly algorithms: Algorithms;
  readonly limits: TrustListLimits;
}

/** What the verification of the same octets under the same terms came to. */
export interface VerifiedBefore {
  readonly trustList: TrustList;
  readonly signatures: readonly SignatureFact[];
  readonly notes: readonly UpdateNote[];
}

interface Remembered extends VerifiedBefore {
  readonly terms: string;
  readonly algorithms: Algorithms;
}

/** By the envelope that a verified list shows: it lives as long as the list. */
const verified = new WeakMap<Uint8Array, Remembered>();

export function rememberVerified(before: VerifiedBefore, under: VerifiedUnder): void {
  verified.set(before.trustList.envelope, { ...before, terms: termsOf(under), algorithms: under.algorithms });
}

/**
 * The answer there would be, when it is known: `envelope` is that of a verified list, or equals that of the list in
 * hand octet by octet, and role, algorithms and limits are the same. What comes out is the list that was verified then,
 * so that nobody gains by writing into the octets it shows.
 */
export function recallVerified(envelope: Uint8Array, current: TrustList | undefined, under: VerifiedUnder): VerifiedBefore | undefined {
  const known = verified.get(envelope) ?? (current !== undefined && equal(envelope, current.envelope) ? verified.get(current.envelope) : undefined);
  return known !== undefined && known.algorithms === under.algorithms && known.terms === termsOf(under) ? known : undefined;
}

/** Roles come as values, so they are compared as such; a text that differs for no good reason costs a verification. */
function termsOf({ role, limits }: VerifiedUnder): string {
  return `${JSON.stringify(role)} ${Object.entries(limits).map(([name, value]) => `${name}=${value}`).sort().join()}`;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  // A loop: a call for each of five million octets takes ten times as long.
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
