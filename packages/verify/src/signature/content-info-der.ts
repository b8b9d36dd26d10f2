import { explicit, octetString, oid, sequence, type EncapsulatedContent } from '@hefu/pki';

/**
 * The inner ContentInfo with its header, which one widespread C library hashes instead of the content alone.
 * Attached: the octets as found. Detached: as that library would have written them around the content.
 */
export function contentInfoDer(contentType: string, encapsulated: EncapsulatedContent, content: Uint8Array): Uint8Array {
  if (encapsulated.content !== undefined) return encapsulated.bytes;
  return sequence(oid(contentType), explicit(0, octetString(content)));
}
