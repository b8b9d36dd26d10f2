import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';

/** SHA-256, which names certificates, lists and policies in every report. @throws TypeError when the caller's list lacks it */
export function requiredSha256(algorithms: Algorithms): DigestAlgorithm {
  const sha256 = algorithms.digests.find((digest) => digest.name === 'SHA-256');
  if (sha256 === undefined) throw new TypeError('algorithms.digests must contain SHA-256');
  return sha256;
}
