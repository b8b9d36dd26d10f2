import type { CipherAlgorithm, CipherOptions } from './cipher.js';
import { Sm4 } from './sm4-block.js';
import { counterMode } from './sm4-counter.js';
import { requireIv, requireNoOptions, requireSm4Key } from './sm4-parameters.js';

/** SM4-CTR (GB/T 17964 §10): the IV is the first counter block, 16 octets, counted as one 128-bit number. Authenticates nothing. */
export const sm4Ctr: CipherAlgorithm = {
  name: 'SM4-CTR',
  oid: '1.2.156.10197.1.104.7',
  keyLength: 16,
  authenticated: false,
  encrypt: apply,
  decrypt: apply,
};

function apply(key: Uint8Array, iv: Uint8Array, input: Uint8Array, options?: CipherOptions): Uint8Array {
  requireSm4Key(key);
  requireIv(iv, 16, 16);
  requireNoOptions(options);
  return counterMode(new Sm4(key, 'encrypt'), iv, 16, input);
}
