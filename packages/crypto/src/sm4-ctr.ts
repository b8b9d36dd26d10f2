import type { CipherOptions, CipherStream, StreamCipherAlgorithm } from './cipher.js';
import { Sm4 } from './sm4-block.js';
import { CounterMode, counterMode } from './sm4-counter.js';
import { requireIv, requireNoOptions, requireSm4Key } from './sm4-parameters.js';

/** SM4-CTR (GB/T 17964 §10): the IV is the first counter block, 16 octets, counted as one 128-bit number. Authenticates nothing. */
export const sm4Ctr: StreamCipherAlgorithm = {
  name: 'SM4-CTR',
  oid: '1.2.156.10197.1.104.7',
  keyLength: 16,
  authenticated: false,
  encrypt: apply,
  decrypt: apply,
  createEncrypt: stream,
  createDecrypt: stream,
};

function apply(key: Uint8Array, iv: Uint8Array, input: Uint8Array, options?: CipherOptions): Uint8Array {
  requireSm4Key(key);
  requireIv(iv, 16, 16);
  requireNoOptions(options);
  return counterMode(new Sm4(key, 'encrypt'), iv, 16, input);
}

function stream(key: Uint8Array, iv: Uint8Array, options?: CipherOptions): CipherStream {
  requireSm4Key(key);
  requireIv(iv, 16, 16);
  requireNoOptions(options);
  const mode = new CounterMode(new Sm4(key, 'encrypt'), iv, 16);
  let done = false;
  return {
    update(chunk) {
      if (done) throw new TypeError('the stream has ended');
      return mode.transform(chunk);
    },
    final() {
      if (done) throw new TypeError('the stream has ended');
      done = true;
      mode.clear();
      return new Uint8Array(0);
    },
  };
}
