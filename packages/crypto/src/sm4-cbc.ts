import type { CipherAlgorithm } from './cipher.js';
import { CryptoError } from './error.js';
import { Sm4 } from './sm4-block.js';
import { requireIv, requireNoOptions, requireSm4Key } from './sm4-parameters.js';

/**
 * SM4-CBC (GB/T 17964 §7) with PKCS#7 padding (RFC 5652 §6.3); IV of 16 octets, unpredictable.
 *
 * The mode authenticates nothing. Decryption has one failure for every reason, but that it failed at all is
 * visible: verify a signature or MAC over the ciphertext before decrypting what a stranger sent.
 */
export const sm4Cbc: CipherAlgorithm = {
  name: 'SM4-CBC',
  oid: '1.2.156.10197.1.104.2',
  keyLength: 16,
  authenticated: false,
  encrypt(key, iv, plaintext, options) {
    requireSm4Key(key);
    requireIv(iv, 16, 16);
    requireNoOptions(options);
    const padding = 16 - (plaintext.length % 16);
    const output = new Uint8Array(plaintext.length + padding).fill(padding);
    output.set(plaintext);
    const cipher = new Sm4(key, 'encrypt');
    for (let offset = 0; offset < output.length; offset += 16) {
      const previous = offset === 0 ? iv : output.subarray(offset - 16, offset);
      for (let i = 0; i < 16; i++) output[offset + i]! ^= previous[i]!;
      cipher.transform(output, offset, output, offset, 16);
    }
    return output;
  },
  decrypt(key, iv, ciphertext, options) {
    requireSm4Key(key);
    requireIv(iv, 16, 16);
    requireNoOptions(options);
    if (ciphertext.length === 0 || ciphertext.length % 16 !== 0) throw failed();
    const output = new Uint8Array(ciphertext.length);
    new Sm4(key, 'decrypt').transform(ciphertext, 0, output, 0, ciphertext.length);
    for (let i = 0; i < 16; i++) output[i]! ^= iv[i]!;
    for (let i = 16; i < output.length; i++) output[i]! ^= ciphertext[i - 16]!;
    const padding = paddingLength(output.subarray(output.length - 16));
    if (padding === 0) {
      output.fill(0);
      throw failed();
    }
    return output.slice(0, output.length - padding);
  },
};

/** The padding's length, or 0 when it is wrong (0 itself is a wrong length). Looks at all 16 octets whatever they are. */
function paddingLength(last: Uint8Array): number {
  const padding = last[15]!;
  // `x >> 31` is -1 for negative x, else 0: a mask without a branch.
  let wrong = (16 - padding) >> 31;
  for (let i = 0; i < 16; i++) {
    const isPadding = (15 - i - padding) >> 31;
    wrong |= isPadding & (last[i]! ^ padding);
  }
  const ok = ~((wrong | -wrong) >> 31);
  return padding & ok;
}

function failed(): CryptoError {
  return new CryptoError('DECRYPTION_FAILED', 'decryption failed');
}
