import type { CipherOptions } from './cipher.js';
import { CryptoError } from './error.js';

/** Refuses a key that is not 16 octets. */
export function requireSm4Key(key: Uint8Array): void {
  if (key.length !== 16) throw new CryptoError('PARAMETERS_INVALID', 'an SM4 key has 16 octets');
}

/** Refuses an IV whose length is outside [min, max] octets. */
export function requireIv(iv: Uint8Array, min: number, max: number): void {
  if (iv.length < min || iv.length > max) {
    throw new CryptoError('PARAMETERS_INVALID', `the IV has ${iv.length} octets; ${min} to ${max} are allowed`);
  }
}

/** Options mean nothing to a mode that authenticates nothing; ignoring them would mislead. */
export function requireNoOptions(options: CipherOptions | undefined): void {
  if (options?.aad !== undefined || options?.tagLength !== undefined) {
    throw new TypeError('this mode has no additional data and no tag');
  }
}
