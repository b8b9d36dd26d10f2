import type { CipherAlgorithm, CipherOptions } from './cipher.js';
import { equalConstantTime } from './constant-time.js';
import { CryptoError } from './error.js';
import { Ghash } from './ghash.js';
import { Sm4 } from './sm4-block.js';
import { counterMode, increment } from './sm4-counter.js';
import { requireIv, requireSm4Key } from './sm4-parameters.js';

/**
 * SM4-GCM (GB/T 36624, NIST SP 800-38D; parameters in messages as RFC 5084 §3.2). IV of at least 1 octet, 12
 * recommended; tag of 12 to 16 octets, 16 by default.
 */
export const sm4Gcm: CipherAlgorithm = {
  name: 'SM4-GCM',
  oid: '1.2.156.10197.1.104.8',
  keyLength: 16,
  authenticated: true,
  encrypt(key, iv, plaintext, options = {}) {
    const { tagLength, cipher, ghash, first } = start(key, iv, options);
    const counter = first.slice();
    increment(counter, 4);
    const ciphertext = counterMode(cipher, counter, 4, plaintext);
    const tag = seal(cipher, ghash, first, options.aad, ciphertext);
    const output = new Uint8Array(ciphertext.length + tagLength);
    output.set(ciphertext);
    output.set(tag.subarray(0, tagLength), ciphertext.length);
    return output;
  },
  decrypt(key, iv, input, options = {}) {
    const { tagLength, cipher, ghash, first } = start(key, iv, options);
    const split = input.length - tagLength;
    if (split < 0) throw failed();
    const ciphertext = input.subarray(0, split);
    const tag = seal(cipher, ghash, first, options.aad, ciphertext);
    if (!equalConstantTime(tag.subarray(0, tagLength), input.subarray(split))) throw failed();
    const counter = first.slice();
    increment(counter, 4);
    return counterMode(cipher, counter, 4, ciphertext);
  },
};

interface Started {
  readonly tagLength: number;
  readonly cipher: Sm4;
  readonly ghash: Ghash;
  /** J0, the pre-counter block (SP 800-38D §7.1 step 2). */
  readonly first: Uint8Array;
}

function start(key: Uint8Array, iv: Uint8Array, { tagLength = 16 }: CipherOptions): Started {
  requireSm4Key(key);
  requireIv(iv, 1, Number.MAX_SAFE_INTEGER);
  if (!Number.isInteger(tagLength) || tagLength < 12 || tagLength > 16) {
    throw new CryptoError('PARAMETERS_INVALID', 'a GCM tag has 12 to 16 octets');
  }
  const cipher = new Sm4(key, 'encrypt');
  const h = new Uint8Array(16);
  cipher.transform(h, 0, h, 0, 16);
  let first: Uint8Array;
  if (iv.length === 12) {
    first = new Uint8Array(16);
    first.set(iv);
    first[15] = 1;
  } else {
    first = new Ghash(h).update(iv).updateLengths(0, iv.length).digest();
  }
  return { tagLength, cipher, ghash: new Ghash(h), first };
}

function seal(cipher: Sm4, ghash: Ghash, first: Uint8Array, aad: Uint8Array = new Uint8Array(0), ciphertext: Uint8Array): Uint8Array {
  const hash = ghash.update(aad).update(ciphertext).updateLengths(aad.length, ciphertext.length).digest();
  return counterMode(cipher, first, 4, hash);
}

function failed(): CryptoError {
  return new CryptoError('DECRYPTION_FAILED', 'decryption failed');
}
