import { decodeOidAt } from '../asn1/oid.js';
import { readBoolean, readInteger, readSmallInteger } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { Tag, contextConstructed } from '../asn1/tag.js';
import { boolean, integer, nullValue, octetString, oid, sequence } from '../asn1/writer.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import { checkInput } from '../refuse.js';
import { readMessageImprint, TspFindings } from './imprint.js';
import type { TimeStampRequest } from './model.js';
import { readExtensions } from './tst-info.js';

export interface ImprintToWrite {
  /** OID of the digest. */
  readonly hashAlgorithm: string;
  readonly hashedMessage: Uint8Array;
}

export interface TimeStampRequestToWrite extends ImprintToWrite {
  /** Unsigned, big-endian, fresh and random: 8 to 32 octets. What comes back must carry it. */
  readonly nonce?: Uint8Array;
  /** OID of the policy wanted. */
  readonly reqPolicy?: string;
  /** Whether the token shall carry the authority's certificate. Default true: without it a token is hard to verify later. */
  readonly certReq?: boolean;
}

/** MessageImprint; the parameters are NULL, which every server known takes (RFC 5754 §2 allows both). */
export function messageImprint({ hashAlgorithm, hashedMessage }: ImprintToWrite): Uint8Array {
  return sequence(sequence(oid(hashAlgorithm), nullValue()), octetString(hashedMessage));
}

/** A TimeStampReq, DER (RFC 3161 §2.4.1). @throws TypeError for a nonce of other length */
export function buildTimeStampRequest(request: TimeStampRequestToWrite): Uint8Array {
  const { nonce, reqPolicy, certReq = true } = request;
  if (nonce !== undefined && (nonce.length < 8 || nonce.length > 32)) throw new TypeError('a nonce has 8 to 32 octets');
  return sequence(
    integer(1),
    messageImprint(request),
    ...(reqPolicy === undefined ? [] : [oid(reqPolicy)]),
    ...(nonce === undefined ? [] : [integer(nonce)]),
    ...(certReq ? [boolean(true)] : []),
  );
}

/** Reads a TimeStampReq, DER: for whoever answers them. @throws PkiError */
export function parseTimeStampRequest(bytes: Uint8Array, limits?: Partial<PkiLimits>): TimeStampRequest {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxTimeStampBytes);
  const findings = new TspFindings();
  const outer = new DerReader(bytes, 0, bytes.length, budget.maxDepth);
  outer.expect(Tag.SEQUENCE, 'TimeStampReq');
  outer.finish('TimeStampReq');
  const fields = outer.enter();
  if (readSmallInteger(fields, 'version') !== 1) throw new PkiError('VERSION_UNSUPPORTED', 'TimeStampReq version is not 1');
  const imprint = readMessageImprint(fields, findings);
  const reqPolicy = fields.optional(Tag.OID) ? decodeOidAt(fields.bytes, fields.contentStart, fields.end) : undefined;
  const nonce = fields.peek() === Tag.INTEGER ? readInteger(fields) : undefined;
  const certReq = fields.peek() === Tag.BOOLEAN ? readBoolean(fields) : false;
  const extensions = fields.optional(contextConstructed(0)) ? readExtensions(fields, budget) : [];
  fields.finish('TimeStampReq');
  return { bytes, messageImprint: imprint, reqPolicy, nonce, certReq, extensions };
}
