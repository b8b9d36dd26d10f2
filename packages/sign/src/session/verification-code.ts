import type { DigestAlgorithm } from '@hefu/crypto';
import type { PreparedSignature } from '../prepare.js';

/**
 * Four digits over everything that is signed, in its order, for both screens: the last two octets of SHA-256 over the digests
 * (or octets, where no digest is signed), as a number, modulo 10,000.
 */
export function verificationCode(prepared: readonly Pick<PreparedSignature, 'toBeSigned'>[], sha256: DigestAlgorithm): string {
  const hasher = sha256.create();
  for (const { toBeSigned } of prepared) hasher.update(sha256.digest(toBeSigned.digest ?? toBeSigned.message!));
  const [high, low] = hasher.digest().slice(-2) as unknown as [number, number];
  return String((high * 256 + low) % 10_000).padStart(4, '0');
}
