import type { Algorithms } from '@hefu/crypto';
import { checkContinuity } from './continuity.js';
import { readEnvelope } from './envelope.js';
import { TrustListError, type Problem } from './error.js';
import { DEFAULT_LIMITS, type TrustListLimits } from './limits.js';
import { readListContent } from './list-content.js';
import type { ListRole, TrustList } from './model.js';
import { countQuorum } from './quorum.js';
import { DETECTED, REFUSALS, type Bilingual, type RefusalCode, type RefusalResponsible } from './refusal.js';
import { readRole } from './role.js';
import { hexOf, sha256Of } from './sha256.js';
import { formatInstant } from './time.js';
import { VerifiedTrustList } from './trust-list.js';
import { verifySignatures, type SignatureFact } from './verify-signatures.js';

export interface UpdateOptions {
  /** Who must sign. */
  readonly role: ListRole;
  /** Needs SHA-256; SM2 signatures count only with `SM2-SM3` in `signatures`. */
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

/** Something to say that spoils nothing. */
export interface UpdateNote {
  readonly code:
    | 'TL_GAP' // sequences were skipped, so the hash chain between is unproven
    | 'TL_STALE' // past its nextUpdate: how long it may still serve is policy
    | 'TL_UNSUPPORTED_FEATURE' // a service is unusable for this version
    | 'SM2_NOT_AVAILABLE'; // SM2 signatures were there, and no SM2-SM3 algorithm was given
  readonly message: Bilingual;
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

export interface UpdateRefused {
  readonly outcome: 'refused';
  readonly code: RefusalCode;
  readonly message: Bilingual;
  readonly remedy: Bilingual;
  readonly responsible: RefusalResponsible;
  /** Everything wrong with the content, when that is why. */
  readonly problems?: readonly Problem[];
  /** What was found about each signature, once they were looked at. */
  readonly signatures?: readonly SignatureFact[];
  readonly expected?: string;
  readonly actual?: string;
  readonly notes: readonly UpdateNote[];
  /** The list in hand, kept; undefined when there is none. */
  readonly trustList: TrustList | undefined;
}

export type UpdateOutcome = UpdateAccepted | UpdateUnchanged | UpdateRefused;

/**
 * The only way to a TrustList: verifies an envelope against the role, reads it, and holds it to the list in hand
 * (trust-list design §5.4). Nothing of the payload is interpreted before the signatures satisfy the role.
 * Bad input is an outcome, never an exception, and never displaces the current list.
 *
 * @param current the list in hand; undefined for the first one, and when re-verifying a stored one
 * @param envelope octets as received
 * @throws TypeError for misuse: a role its keys cannot meet, no SHA-256, `at` not a number
 */
export async function updateTrustList(current: TrustList | undefined, envelope: Uint8Array, options: UpdateOptions): Promise<UpdateOutcome> {
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
  const sha256 = sha256Of(algorithms);
  const keys = readRole(role, sha256, limits.maxRoleKeys);
  const notes: UpdateNote[] = [];
  let signatures: readonly SignatureFact[] | undefined;
  const refuse = (code: RefusalCode, details: RefusalDetails = {}): UpdateRefused => refused(code, details, { signatures, notes, trustList: current });

  try {
    // The caller's array may change while signatures are awaited.
    const received = envelope.length > limits.maxBytes ? envelope : envelope.slice();
    const outer = readEnvelope(received, limits);
    const verified = await verifySignatures(outer, keys, algorithms, limits.maxVerifications);
    const quorum = countQuorum(verified, role);
    signatures = quorum.facts;
    if (!algorithms.signatures.some(({ name }) => name === 'SM2-SM3') && signatures.some(({ alg }) => alg === 'SM2-SM3')) notes.push(SM2_NOT_AVAILABLE);
    if (quorum.refusal !== undefined) return refuse(quorum.refusal.code, quorum.refusal);

    const content = readListContent(outer.payloadBytes, { sha256, limits });
    const counted = countQuorum(verified, role, content.issued);
    signatures = counted.facts;
    if (counted.refusal !== undefined) return refuse(counted.refusal.code, counted.refusal);

    const wanted = current?.listId ?? options.expectedListId;
    if (wanted !== undefined && content.listId !== wanted) return refuse('TL_WRONG_LIST', { expected: wanted, actual: content.listId });
    if (current !== undefined && at < current.issued - limits.clockSkew) {
      return refuse('CLOCK_BEHIND', { expected: `≥ ${formatInstant(current.issued)}`, actual: instantText(at) });
    }
    if (content.issued > at + limits.clockSkew) return refuse('TL_ISSUED_IN_FUTURE', { expected: `≤ ${instantText(at)}`, actual: formatInstant(content.issued) });
    const lifetime = content.nextUpdate - content.issued;
    if (lifetime > limits.maxLifetime) return refuse('TL_LIFETIME_TOO_LONG', { expected: `≤ ${limits.maxLifetime} ms`, actual: `${lifetime} ms` });

    const digest = hexOf(sha256.digest(outer.payloadBytes));
    const stale = at > content.nextUpdate;
    if (stale) notes.push(note('TL_STALE', `名单已于 ${formatInstant(content.nextUpdate)} 过期。`, `The list expired at ${formatInstant(content.nextUpdate)}.`));
    if (current !== undefined) {
      if (digest === current.sha256) return { outcome: 'unchanged', trustList: current, notes, signatures };
      const discontinuity = checkContinuity(current, content, digest);
      if (discontinuity !== undefined) return refuse(discontinuity.code, discontinuity);
      const skipped = content.sequence - current.sequence - 1;
      if (skipped > 0) notes.push(note('TL_GAP', `跳过了 ${skipped} 个版本，其间的哈希链未经验证。`, `${skipped} versions were skipped; the hash chain between is unproven.`));
    }
    for (const service of content.services) {
      if (service.unusable !== undefined) notes.push(note('TL_UNSUPPORTED_FEATURE', `服务 ${service.id} 不可用：${service.unusable}`, `Service ${service.id} is not usable: ${service.unusable}`));
    }
    const signedBy = counted.counted.map(({ thumbprint, org, family }) => ({ thumbprint, org, family }));
    return { outcome: 'accepted', trustList: new VerifiedTrustList(content, { sha256: digest, signedBy, envelope: received }, sha256), notes, signatures };
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    return refuse(error.code, { detail: error.message, problems: error.problems, actual: error.detected });
  }
}

const SM2_NOT_AVAILABLE: UpdateNote = note('SM2_NOT_AVAILABLE', '名单带有 SM2 签名，但未提供 SM2-SM3 算法，这些签名不计。', 'The list carries SM2 signatures, but no SM2-SM3 algorithm was given; they do not count.');

function note(code: UpdateNote['code'], zh: string, en: string): UpdateNote {
  return { code, message: { zh, en } };
}

interface RefusalDetails {
  readonly expected?: string;
  readonly actual?: string | undefined;
  readonly detail?: string;
  readonly problems?: readonly Problem[];
}

function refused(code: RefusalCode, details: RefusalDetails, state: { signatures: readonly SignatureFact[] | undefined; notes: readonly UpdateNote[]; trustList: TrustList | undefined }): UpdateRefused {
  const { message, remedy, responsible } = REFUSALS[code];
  const { expected, actual, detail, problems } = details;
  const seen = actual === undefined ? undefined : DETECTED[actual];
  const zh = seen?.zh ?? detail ?? facts(expected, actual, '应为 ', '实为 ', '，');
  const en = seen?.en ?? detail ?? facts(expected, actual, 'expected ', 'found ', ', ');
  return {
    outcome: 'refused',
    code,
    message: { zh: zh === undefined ? message.zh : `${message.zh.replace(/。$/, '')}（${zh}）。`, en: en === undefined ? message.en : `${message.en.replace(/\.$/, '')} (${en}).` },
    remedy,
    responsible,
    ...(problems !== undefined && problems.length > 0 && { problems }),
    ...(state.signatures !== undefined && { signatures: state.signatures }),
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    notes: state.notes,
    trustList: state.trustList,
  };
}

function facts(expected: string | undefined, actual: string | undefined, expectedLabel: string, actualLabel: string, separator: string): string | undefined {
  const parts = [...(expected === undefined ? [] : [`${expectedLabel}${expected}`]), ...(actual === undefined ? [] : [`${actualLabel}${actual}`])];
  return parts.length === 0 ? undefined : parts.join(separator);
}

/** `at` is the caller's and may lie outside the years an instant can be written for. */
function instantText(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : `${at}`;
}
