import { decodeOidAt } from '../asn1/oid.js';
import type { DerReader } from '../asn1/reader.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import type { Deviation } from '../model.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import type { TspDeviationId } from './deviations.js';
import type { MessageImprint } from './model.js';

/** Longest digest there is: SHA-512. */
const MAX_DIGEST_OCTETS = 64;

/** What reading has tolerated so far. */
export class TspFindings {
  readonly list: Deviation[] = [];

  add(id: TspDeviationId, where: string): void {
    this.list.push({ id, where });
  }
}

/**
 * MessageImprint, RFC 3161 §2.4.1. One authority writes the algorithm as a bare OID (field notes §3.1): read as an
 * AlgorithmIdentifier without parameters, and recorded.
 */
export function readMessageImprint(reader: DerReader, findings: TspFindings): MessageImprint {
  const inner = reader.expect(Tag.SEQUENCE, 'MessageImprint').enter();
  const bare = inner.optional(Tag.OID);
  if (bare) findings.add('TSP_IMPRINT_BARE_OID', 'messageImprint.hashAlgorithm');
  const hashAlgorithm = bare
    ? { bytes: inner.tlv(), oid: decodeOidAt(inner.bytes, inner.contentStart, inner.end), parameters: undefined }
    : readAlgorithmIdentifier(inner);
  const hashedMessage = inner.expect(Tag.OCTET_STRING, 'hashedMessage').content();
  if (hashedMessage.length === 0 || hashedMessage.length > MAX_DIGEST_OCTETS) throw new PkiError('STRUCTURE_INVALID', `hashedMessage of ${hashedMessage.length} octets`, { offset: inner.start });
  inner.finish('MessageImprint');
  return { hashAlgorithm, hashedMessage };
}
