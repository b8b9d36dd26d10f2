import { decodeOidAt } from '../asn1/oid.js';
import type { DerReader } from '../asn1/reader.js';
import { Tag } from '../asn1/tag.js';
import type { AlgorithmIdentifier } from '../model.js';

/**
 * Reads the next element as an AlgorithmIdentifier (RFC 5280 §4.1.1.2). `parameters` is the whole TLV, or
 * undefined when absent: absent and NULL are kept apart, since the caller may have to tell them apart.
 * @throws PkiError STRUCTURE_INVALID | DER_INVALID | TRUNCATED | TRAILING_DATA when more than one element follows the OID
 */
export function readAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const bytes = reader.expect(Tag.SEQUENCE, 'AlgorithmIdentifier').tlv();
  const inner = reader.enter();
  inner.expect(Tag.OID, 'algorithm');
  const oid = decodeOidAt(inner.bytes, inner.contentStart, inner.end);
  let parameters: Uint8Array | undefined;
  if (!inner.done) parameters = inner.next().tlv();
  inner.finish('AlgorithmIdentifier');
  return { bytes, oid, parameters };
}
