import type { DigestAlgorithm, DigestName } from './algorithm.js';

/** Input block of each digest's compression function, in octets (FIPS 180-4, GB/T 32905). */
const BLOCK_LENGTH: Readonly<Record<DigestName, number>> = {
  SM3: 64,
  'SHA-1': 64,
  'SHA-224': 64,
  'SHA-256': 64,
  'SHA-384': 128,
  'SHA-512': 128,
};

/** HMAC (RFC 2104; for SM3 GB/T 15852.2) over any digest object. Compare the result with {@link equalConstantTime}. */
export function hmac(digest: DigestAlgorithm, key: Uint8Array, data: Uint8Array): Uint8Array {
  const blockLength = BLOCK_LENGTH[digest.name];
  const inner = new Uint8Array(blockLength).fill(0x36);
  const outer = new Uint8Array(blockLength).fill(0x5c);
  const k = key.length > blockLength ? digest.digest(key) : key;
  for (let i = 0; i < k.length; i++) {
    inner[i]! ^= k[i]!;
    outer[i]! ^= k[i]!;
  }
  const tag = digest.create().update(outer).update(digest.create().update(inner).update(data).digest()).digest();
  inner.fill(0);
  outer.fill(0);
  return tag;
}
