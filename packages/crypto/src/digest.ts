import type { CHash } from '@noble/hashes/utils.js';
import type { DigestAlgorithm, DigestName } from './algorithm.js';

/** A noble hash as a {@link DigestAlgorithm}. */
export function digestAlgorithm(name: DigestName, oids: readonly string[], hash: CHash): DigestAlgorithm {
  return {
    name,
    oids,
    outputLength: hash.outputLen,
    digest: (data) => hash(data),
    create: () => hash.create(),
  };
}
