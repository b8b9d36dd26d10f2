import type { AuthenticatedStreamCipher } from './cipher.js';
import { createGcmStream } from './sm4-gcm-stream.js';

/**
 * SM4-GCM (GB/T 36624, NIST SP 800-38D; parameters in messages as RFC 5084 §3.2). IV of at least 1 octet, 12
 * recommended; tag of 12 to 16 octets, 16 by default.
 */
export const sm4Gcm: AuthenticatedStreamCipher = {
  name: 'SM4-GCM',
  oid: '1.2.156.10197.1.104.8',
  keyLength: 16,
  authenticated: true,
  encrypt(key, iv, plaintext, options) {
    const stream = createGcmStream('encrypt', key, iv, options);
    const ciphertext = stream.update(plaintext);
    const tag = stream.final();
    const output = new Uint8Array(ciphertext.length + tag.length);
    output.set(ciphertext);
    output.set(tag, ciphertext.length);
    return output;
  },
  decrypt(key, iv, input, options) {
    const stream = createGcmStream('decrypt', key, iv, options);
    const plaintext = stream.update(input);
    try {
      stream.final();
    } catch (error) {
      plaintext.fill(0);
      throw error;
    }
    return plaintext;
  },
  createEncrypt: (key, iv, options) => createGcmStream('encrypt', key, iv, options),
  createDecrypt: (key, iv, options) => createGcmStream('decrypt', key, iv, options),
  createAuthenticate: (key, iv, options) => createGcmStream('authenticate', key, iv, options),
};
