import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';

/**
 * The SHA-256 of an algorithm list: lists are chained and anchors named by it.
 * @throws TypeError when the list has none
 */
export function sha256Of(algorithms: Algorithms): DigestAlgorithm {
  const sha256 = algorithms.digests.find((digest) => digest.name === 'SHA-256');
  if (sha256 === undefined) throw new TypeError('algorithms.digests has no SHA-256');
  return sha256;
}

/** Lower-case hex. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const octet of bytes) text += octet.toString(16).padStart(2, '0');
  return text;
}
