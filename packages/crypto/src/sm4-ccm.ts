import type { CipherAlgorithm, CipherOptions } from './cipher.js';
import { equalConstantTime } from './constant-time.js';
import { CryptoError } from './error.js';
import { Sm4 } from './sm4-block.js';
import { counterMode } from './sm4-counter.js';
import { requireIv, requireSm4Key } from './sm4-parameters.js';

/**
 * SM4-CCM (RFC 3610, NIST SP 800-38C; parameters in messages as RFC 5084 §3.1). Nonce of 7 to 13 octets; tag
 * of 4, 6, … 16 octets, 16 by default. The longer the nonce, the shorter the longest message: 15 - nonce
 * octets hold its length.
 */
export const sm4Ccm: CipherAlgorithm = {
  name: 'SM4-CCM',
  oid: '1.2.156.10197.1.104.9',
  keyLength: 16,
  authenticated: true,
  encrypt(key, iv, plaintext, options = {}) {
    const { cipher, tagLength } = start(key, iv, options);
    requireMessageLength(iv, plaintext.length);
    const tag = authenticate(cipher, iv, plaintext, options.aad, tagLength);
    const output = new Uint8Array(plaintext.length + tagLength);
    output.set(counterMode(cipher, counterBlock(iv, 1), 15 - iv.length, plaintext));
    output.set(counterMode(cipher, counterBlock(iv, 0), 15 - iv.length, tag), plaintext.length);
    return output;
  },
  decrypt(key, iv, input, options = {}) {
    const { cipher, tagLength } = start(key, iv, options);
    const split = input.length - tagLength;
    if (split < 0) throw failed();
    requireMessageLength(iv, split);
    const plaintext = counterMode(cipher, counterBlock(iv, 1), 15 - iv.length, input.subarray(0, split));
    const received = counterMode(cipher, counterBlock(iv, 0), 15 - iv.length, input.subarray(split));
    if (!equalConstantTime(authenticate(cipher, iv, plaintext, options.aad, tagLength), received)) {
      plaintext.fill(0);
      throw failed();
    }
    return plaintext;
  },
};

function start(key: Uint8Array, iv: Uint8Array, { tagLength = 16 }: CipherOptions): { cipher: Sm4; tagLength: number } {
  requireSm4Key(key);
  requireIv(iv, 7, 13);
  if (!Number.isInteger(tagLength) || tagLength < 4 || tagLength > 16 || tagLength % 2 !== 0) {
    throw new CryptoError('PARAMETERS_INVALID', 'a CCM tag has 4, 6, 8, 10, 12, 14 or 16 octets');
  }
  return { cipher: new Sm4(key, 'encrypt'), tagLength };
}

function requireMessageLength(iv: Uint8Array, length: number): void {
  if (length >= 2 ** (8 * (15 - iv.length))) {
    throw new CryptoError('PARAMETERS_INVALID', 'the message is too long for a nonce of this length');
  }
}

/** A_i of RFC 3610 §2.3. */
function counterBlock(iv: Uint8Array, index: 0 | 1): Uint8Array {
  const block = new Uint8Array(16);
  block[0] = 14 - iv.length;
  block.set(iv, 1);
  block[15] = index;
  return block;
}

/** The CBC-MAC of RFC 3610 §2.2, cut to the tag length. */
function authenticate(cipher: Sm4, iv: Uint8Array, message: Uint8Array, aad: Uint8Array = new Uint8Array(0), tagLength: number): Uint8Array {
  const mac = new Uint8Array(16);
  mac[0] = (aad.length > 0 ? 0x40 : 0) | (((tagLength - 2) / 2) << 3) | (14 - iv.length);
  mac.set(iv, 1);
  let length = message.length;
  for (let i = 15; i > iv.length; i--) {
    mac[i] = length & 0xff;
    length = Math.floor(length / 256);
  }
  cipher.transform(mac, 0, mac, 0, 16);
  if (aad.length > 0) {
    const prefix = aadLength(aad.length);
    const data = new Uint8Array(prefix.length + aad.length);
    data.set(prefix);
    data.set(aad, prefix.length);
    absorb(cipher, mac, data);
  }
  absorb(cipher, mac, message);
  return mac.slice(0, tagLength);
}

function absorb(cipher: Sm4, mac: Uint8Array, data: Uint8Array): void {
  for (let offset = 0; offset < data.length; offset += 16) {
    const end = Math.min(16, data.length - offset);
    for (let i = 0; i < end; i++) mac[i]! ^= data[offset + i]!;
    cipher.transform(mac, 0, mac, 0, 16);
  }
}

/** RFC 3610 §2.2: two octets below 2^16 - 2^8, else FFFE and four. */
function aadLength(length: number): Uint8Array {
  if (length < 0xff00) return Uint8Array.of(length >>> 8, length & 0xff);
  if (length > 0xffffffff) throw new CryptoError('PARAMETERS_INVALID', 'the additional data is too long');
  return Uint8Array.of(0xff, 0xfe, length >>> 24, length >>> 16, length >>> 8, length);
}

function failed(): CryptoError {
  return new CryptoError('DECRYPTION_FAILED', 'decryption failed');
}
