import type { Algorithms } from '@hefu/crypto';
import { checkContinuity } from './continuity.js';
import { readEnvelope } from './envelope.js';
import { DEFAULT_LIMITS, type TrustListLimits } from './limits.js';
import { readListContent } from './list-content.js';
import type { ListRole, TrustList } from './model.js';
import { note, type UpdateNote } from './note.js';
import { instantText, openDocument } from './open-document.js';
import { refuseOnDemand } from './refuse-on-demand.js';
import type { Refusal, RefusalDetails } from './refuse.js';
import type { RefusalCode } from './refusal.js';
import { checkAsListed, type FreshList } from './scheme/as-listed.js';
import { checkWithin } from './scheme/within.js';
import type { Delegation } from './scheme.js';
import { sha256Of } from './sha256.js';
import { formatInstant } from './time.js';
import { VerifiedTrustList } from './trust-list.js';
import { recallVerified, rememberVerified, type VerifiedBefore } from './verified-before.js';
import type { SignatureFact } from './verify-signatures.js';

export type { UpdateNote } from './note.js';

export interface UpdateOptions {
  /** Who must sign. */
  readonly role: ListRole;
  /** Needs SHA-256; signatures of the list count only by what is in `signatures`: `ECDSA-SHA-256`, `ECDSA-SHA-384`, `Ed25519`, `RSASSA-PSS`, `SM2-SM3`. */
  readonly algorithms: Algorithms;
  /** Now, epoch milliseconds: one instant for the whole update (rule R7). */
  readonly at: number;
  /** The id wanted; with a current list, its id. */
  readonly expectedListId?: string;
  /** Milliseconds; overrides the limit of that name. */
  readonly clockSkew?: number;
  /** Octets of the envelope; overrides the limit of that name. */
  readonly maxBytes?: number;
  readonly limits?: Partial<TrustListLimits>;
}

export interface UpdateAccepted {
  readonly outcome: 'accepted';
  readonly trustList: TrustList;
  readonly notes: readonly UpdateNote[];
  readonly signatures: readonly SignatureFact[];
}

export interface UpdateUnchanged {
  readonly outcome: 'unchanged';
  readonly trustList: TrustList;
  readonly notes: readonly UpdateNote[];
  readonly signatures: readonly SignatureFact[];
}

export interface UpdateRefused extends Refusal {
  readonly outcome: 'refused';
  readonly notes: readonly UpdateNote[];
  /** The list in hand, kept; undefined when there is none. */
  readonly trustList: TrustList | undefined;
}

export type UpdateOutcome = UpdateAccepted | UpdateUnchanged | UpdateRefused;

/** What a list must agree with beyond its role, when it is one of a scheme. */
export interface ListTerms {
  /** What freshness says of it (rule R6). */
  readonly listed?: FreshList;
  /** By which it takes part; undefined for the top list. */
  readonly delegation?: Delegation;
}

/**
 * The only way to a TrustList: verifies an envelope against the role, reads it, and holds it to the list in hand
 * (trust-list design §5.4). Nothing of the payload is interpreted before the signatures satisfy the role.
 * Bad input is an outcome, never an exception, and never displaces the current list.
 *
 * @param current the list in hand; undefined for the first one, and when re-verifying a stored one
 * @param envelope octets as received
 * @throws TypeError for misuse: a role its keys cannot meet, no SHA-256, `at` not a number
 */
export function updateTrustList(current: TrustList | undefined, envelope: Uint8Array, options: UpdateOptions): Promise<UpdateOutcome> {
  return takeList(current, envelope, options, {});
}

/** The list step, of one configured list and of every list of a scheme. */
export async function takeList(current: TrustList | undefined, envelope: Uint8Array, options: UpdateOptions, terms: ListTerms): Promise<UpdateOutcome> {
  if (!(envelope instanceof Uint8Array)) throw new TypeError('an envelope is a Uint8Array');
  if (!Number.isFinite(options.at)) throw new TypeError('at is not an instant in epoch milliseconds');
  if (current !== undefined && options.expectedListId !== undefined && current.listId !== options.expectedListId) throw new TypeError('expectedListId is not the id of the current list');
  const limits: TrustListLimits = {
    ...DEFAULT_LIMITS,
    ...options.limits,
    ...(options.maxBytes !== undefined && { maxBytes: options.maxBytes }),
    ...(options.clockSkew !== undefined && { clockSkew: options.clockSkew }),
  };
  const { role, algorithms, at } = options;
  const notes: UpdateNote[] = [];
  const refused = (refusal: Refusal): UpdateRefused => ({ outcome: 'refused', ...refusal, notes, trustList: current });

  if (current !== undefined && at < current.issued - limits.clockSkew) {
    return refused(await refuseOnDemand('CLOCK_BEHIND', { expected: `≥ ${formatInstant(current.issued)}`, actual: instantText(at) }));
  }
  const under = { role, algorithms, limits };
  const known = recallVerified(envelope, current, under);
  const opened = known !== undefined && known.trustList.issued <= at + limits.clockSkew
    ? reopened(known)
    : await openDocument(envelope, { kind: 'list', ...under, at, read: (payload, sha256) => readListContent(payload, { sha256, limits }) });
  notes.push(...opened.notes);
  if (opened.refusal !== undefined) return refused(opened.refusal);
  const { content, sha256, signatures } = opened;
  const no = async (code: RefusalCode, details: RefusalDetails): Promise<UpdateRefused> => refused(await refuseOnDemand(code, { ...details, signatures }));

  const wanted = current?.listId ?? options.expectedListId;
  if (wanted !== undefined && content.listId !== wanted) return no('TL_WRONG_LIST', { expected: wanted, actual: content.listId });
  const lifetime = content.nextUpdate - content.issued;
  const longest = Math.min(limits.maxLifetime, terms.delegation?.maxNextUpdate ?? Infinity);
  if (lifetime > longest) return no('TL_LIFETIME_TOO_LONG', { expected: `≤ ${longest} ms`, actual: `${lifetime} ms` });
  const wider = terms.delegation && checkWithin(content, terms.delegation);
  if (wider !== undefined) return no(wider.code, wider);

  if (at > content.nextUpdate) notes.push(note('TL_STALE', `名单已于 ${formatInstant(content.nextUpdate)} 过期。`, `The list expired at ${formatInstant(content.nextUpdate)}.`));
  const unlike = terms.listed && checkAsListed(terms.listed, content.sequence, sha256, () => readEnvelope(opened.envelope, limits).payloadBytes, algorithms);
  if (current !== undefined) {
    if (sha256 === current.sha256 && unlike === undefined) return { outcome: 'unchanged', trustList: current, notes, signatures };
    const discontinuity = sha256 === current.sha256 ? undefined : checkContinuity(current, content, sha256);
    if (discontinuity !== undefined) return no(discontinuity.code, { ...discontinuity, evidence: [current.envelope, opened.envelope] });
    const skipped = content.sequence - current.sequence - 1;
    if (skipped > 0) notes.push(note('TL_GAP', `跳过了 ${skipped} 个版本，其间的哈希链未经验证。`, `${skipped} versions were skipped; the hash chain between is unproven.`));
  }
  if (unlike !== undefined) return no(unlike.code, unlike);
  for (const service of content.services) {
    if (service.unusable !== undefined) notes.push(note('TL_UNSUPPORTED_FEATURE', `服务 ${service.id} 不可用：${service.unusable}`, `Service ${service.id} is not usable: ${service.unusable}`));
  }
  if ('trustList' in opened) return { outcome: 'accepted', trustList: opened.trustList, notes, signatures };
  const { signedBy } = opened;
  const trustList = new VerifiedTrustList(content, { sha256, signedBy, envelope: opened.envelope }, sha256Of(algorithms));
  rememberVerified({ trustList, signatures, notes: opened.notes }, under);
  return { outcome: 'accepted', trustList, notes, signatures };
}

/** What opening the same octets again would give. */
function reopened({ trustList, signatures, notes }: VerifiedBefore): VerifiedBefore & { readonly refusal?: undefined; readonly content: TrustList; readonly sha256: string; readonly envelope: Uint8Array } {
  return { trustList, content: trustList, sha256: trustList.sha256, envelope: trustList.envelope, signatures, notes };
}
