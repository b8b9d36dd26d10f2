import { DerReader, id_contentType, id_messageDigest, PkiError, decodeOid, Tag } from '@hefu/pki';

/** Attributes of real SignerInfos are a few; a longer set is not examined further and not confused with one. */
const MAX_ATTRIBUTES = 64;

/**
 * Whether content is itself a DER SET OF Attribute with contentType and messageDigest: the octets a signature
 * with attributes would have been made over. Signatures with and without attributes are made over octets that
 * nothing tells apart, so such content under a signature without attributes proves nothing about a document.
 */
export function looksLikeSignedAttributes(content: Uint8Array): boolean {
  if (content[0] !== Tag.SET) return false;
  try {
    const outer = new DerReader(content);
    const set = outer.next().enter();
    if (!outer.done) return false;
    const types: string[] = [];
    while (!set.done && types.length < MAX_ATTRIBUTES) {
      const attribute = set.expect(Tag.SEQUENCE, 'Attribute').enter();
      types.push(decodeOid(attribute.expect(Tag.OID, 'attrType').content()));
      attribute.expect(Tag.SET, 'attrValues');
      attribute.finish('Attribute');
    }
    return types.includes(id_contentType) && types.includes(id_messageDigest);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
