import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import { readEnvelope, type DocumentKind, type ListEnvelope } from './envelope.js';
import type { TrustListLimits } from './limits.js';
import type { ListRole, TrustList } from './model.js';
import { note, type UpdateNote } from './note.js';
import { countQuorum } from './quorum.js';
import { refuseErrorOnDemand, refuseOnDemand } from './refuse-on-demand.js';
import type { Refusal } from './refuse.js';
import { readRole } from './role.js';
import { hexOf, sha256Of } from './sha256.js';
import { formatInstant } from './time.js';
import { verifySignatures, type SignatureFact } from './verify-signatures.js';

/** What every document says of itself. */
export interface Dated {
  readonly issued: number;
}

export interface DocumentToOpen<C extends Dated> {
  readonly kind: DocumentKind;
  /** Who must sign. */
  readonly role: ListRole;
  readonly algorithms: Algorithms;
  /** Now. */
  readonly at: number;
  readonly limits: TrustListLimits;
  /** Reads the payload octets, once the role is satisfied. @throws TrustListError */
  readonly read: (payload: Uint8Array, sha256: DigestAlgorithm) => C;
}

/** A document whose signatures satisfy its role, with its content read. */
export interface OpenedDocument<C> {
  readonly refusal?: undefined;
  readonly content: C;
  /** SHA-256 of the payload octets, lower-case hex. */
  readonly sha256: string;
  readonly outer: ListEnvelope;
  readonly envelope: Uint8Array;
  readonly signedBy: TrustList['signedBy'];
  readonly signatures: readonly SignatureFact[];
  readonly notes: readonly UpdateNote[];
}

/** A refusal, with what had been found by then. */
export interface NotOpened {
  readonly refusal: Refusal;
  readonly notes: readonly UpdateNote[];
}

/** Verifies an envelope against a role, then reads it: nothing of the payload is interpreted before the signatures satisfy the role. */
export async function openDocument<C extends Dated>(input: Uint8Array, { kind, role, algorithms, at, limits, read }: DocumentToOpen<C>): Promise<OpenedDocument<C> | NotOpened> {
  const sha256 = sha256Of(algorithms);
  const keys = readRole(role, sha256, limits.maxRoleKeys);
  const notes: UpdateNote[] = [];
  let signatures: readonly SignatureFact[] | undefined;
  try {
    // The caller's array may change while signatures are awaited.
    const envelope = input.length > limits.maxBytes ? input : input.slice();
    const outer = readEnvelope(envelope, limits);
    const verified = await verifySignatures(outer, kind, keys, algorithms, limits.maxVerifications);
    const quorum = countQuorum(verified, role);
    signatures = quorum.facts;
    if (!algorithms.signatures.some(({ name }) => name === 'SM2-SM3') && signatures.some(({ alg }) => alg === 'SM2-SM3')) notes.push(SM2_NOT_AVAILABLE);
    if (quorum.refusal !== undefined) return { refusal: await refuseOnDemand(quorum.refusal.code, { ...quorum.refusal, signatures }), notes };

    const content = read(outer.payloadBytes, sha256);
    const counted = countQuorum(verified, role, content.issued);
    signatures = counted.facts;
    if (counted.refusal !== undefined) return { refusal: await refuseOnDemand(counted.refusal.code, { ...counted.refusal, signatures }), notes };
    if (content.issued > at + limits.clockSkew) {
      return { refusal: await refuseOnDemand('TL_ISSUED_IN_FUTURE', { expected: `≤ ${instantText(at)}`, actual: formatInstant(content.issued), signatures }), notes };
    }
    const signedBy = counted.counted.map(({ thumbprint, org, family }) => ({ thumbprint, org, family }));
    return { content, sha256: hexOf(sha256.digest(outer.payloadBytes)), outer, envelope, signedBy, signatures, notes };
  } catch (error) {
    return { refusal: await refuseErrorOnDemand(error, signatures), notes };
  }
}

const SM2_NOT_AVAILABLE: UpdateNote = note('SM2_NOT_AVAILABLE', '文件带有 SM2 签名，但未提供 SM2-SM3 算法，这些签名不计。', 'The document carries SM2 signatures, but no SM2-SM3 algorithm was given; they do not count.');

/** `at` is the caller's and may lie outside the years an instant can be written for. */
export function instantText(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : `${at}`;
}
