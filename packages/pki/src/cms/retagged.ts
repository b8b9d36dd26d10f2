import { Tag } from '../asn1/tag.js';
import { concatBytes } from '../asn1/writer.js';

/** A SET OF written as `[n] IMPLICIT`: the same octets behind another identifier. @throws TypeError for another tag */
export function retagged(set: Uint8Array, n: number): Uint8Array {
  if (set[0] !== Tag.SET) throw new TypeError('attributes are a whole SET OF (tag 31)');
  return concatBytes(Uint8Array.of(0xa0 | n), set.subarray(1));
}
