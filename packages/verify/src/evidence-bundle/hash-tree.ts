import type { DigestAlgorithm } from '@hefu/crypto';
import { concatBytes } from '@hefu/pki';

/**
 * The octets whose digest is the root of the hash tree over these digests (RFC 4998 §4.2): on every level values stand in
 * binary ascending order and are hashed in pairs, each pair joined in that order; what has no partner goes up as it is.
 * The order in which the leaves come says nothing.
 * @throws TypeError without leaves
 */
export function rootOctets(leaves: readonly Uint8Array[], digest: DigestAlgorithm): Uint8Array {
  if (leaves.length < 2) throw new TypeError('a hash tree has at least two leaves');
  let level = ascending(leaves);
  while (level.length > 2) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at]!, level[at + 1]];
      next.push(right === undefined ? left : digest.digest(concatBytes(left, right)));
    }
    level = ascending(next);
  }
  return concatBytes(...level);
}

function ascending(values: readonly Uint8Array[]): Uint8Array[] {
  return [...values].sort((a, b) => {
    const at = a.findIndex((octet, index) => octet !== b[index]);
    return at === -1 ? a.length - b.length : a[at]! - b[at]!;
  });
}
