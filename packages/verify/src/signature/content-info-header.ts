import { concatBytes, oid, Tag } from '@hefu/pki';
import { derHeader } from './content.js';

/**
 * What stands before the content in the inner ContentInfo, which one widespread C library hashes with it, as that library
 * writes it around content of this length.
 */
export function contentInfoHeader(contentType: string, length: number): Uint8Array {
  const type = oid(contentType);
  const string = derHeader(Tag.OCTET_STRING, length);
  const explicit = derHeader(0xa0, string.length + length);
  const sequence = derHeader(Tag.SEQUENCE, type.length + explicit.length + string.length + length);
  return concatBytes(sequence, type, explicit, string);
}
