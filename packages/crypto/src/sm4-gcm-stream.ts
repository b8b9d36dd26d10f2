import type { CipherOptions, CipherStream } from './cipher.js';
import { equalConstantTime } from './constant-time.js';
import { CryptoError } from './error.js';
import { Ghash } from './ghash.js';
import { Sm4 } from './sm4-block.js';
import { CounterMode, counterMode, increment } from './sm4-counter.js';
import { requireIv, requireSm4Key } from './sm4-parameters.js';

/** Octets under one key and IV before the 32-bit counter would repeat (SP 800-38D §5.2.1.1). */
const MAX_GCM_OCTETS = 2 ** 36 - 32;

type Direction = 'encrypt' | 'decrypt' | 'authenticate';

/** GCM in pieces. To authenticate is to decrypt without giving the plaintext. */
export function createGcmStream(direction: Direction, key: Uint8Array, iv: Uint8Array, options: CipherOptions = {}): CipherStream {
  return new GcmStream(direction, key, iv, options);
}

class GcmStream implements CipherStream {
  readonly #direction: Direction;
  readonly #tagLength: number;
  readonly #cipher: Sm4;
  readonly #ghash: Ghash;
  /** J0, the pre-counter block (SP 800-38D §7.1 step 2). */
  readonly #first: Uint8Array;
  readonly #mode: CounterMode;
  readonly #aadLength: number;
  /** The last octets of what came, which may be the tag. */
  #held: Uint8Array = new Uint8Array(0);
  #length = 0;
  #done = false;

  constructor(direction: Direction, key: Uint8Array, iv: Uint8Array, { tagLength = 16, aad = new Uint8Array(0) }: CipherOptions) {
    requireSm4Key(key);
    requireIv(iv, 1, Number.MAX_SAFE_INTEGER);
    if (!Number.isInteger(tagLength) || tagLength < 12 || tagLength > 16) {
      throw new CryptoError('PARAMETERS_INVALID', 'a GCM tag has 12 to 16 octets');
    }
    this.#direction = direction;
    this.#tagLength = tagLength;
    this.#cipher = new Sm4(key, 'encrypt');
    const h = new Uint8Array(16);
    this.#cipher.transform(h, 0, h, 0, 16);
    this.#first = firstCounter(h, iv);
    const counter = this.#first.slice();
    increment(counter, 4);
    this.#mode = new CounterMode(this.#cipher, counter, 4);
    this.#ghash = new Ghash(h).update(aad).pad();
    this.#aadLength = aad.length;
  }

  update(chunk: Uint8Array): Uint8Array {
    this.#requireOpen();
    const input = this.#direction === 'encrypt' ? chunk : this.#withoutTag(chunk);
    this.#length += input.length;
    if (this.#length > MAX_GCM_OCTETS) throw new CryptoError('PARAMETERS_INVALID', 'a GCM message has at most 2^36 - 32 octets');
    if (this.#direction === 'encrypt') {
      const ciphertext = this.#mode.transform(input);
      this.#ghash.update(ciphertext);
      return ciphertext;
    }
    this.#ghash.update(input);
    return this.#direction === 'decrypt' ? this.#mode.transform(input) : new Uint8Array(0);
  }

  final(): Uint8Array {
    this.#requireOpen();
    this.#done = true;
    this.#mode.clear();
    const hash = this.#ghash.pad().updateLengths(this.#aadLength, this.#length).digest();
    const tag = counterMode(this.#cipher, this.#first, 4, hash).subarray(0, this.#tagLength);
    if (this.#direction === 'encrypt') return tag;
    if (!equalConstantTime(tag, this.#held)) throw new CryptoError('DECRYPTION_FAILED', 'decryption failed');
    return new Uint8Array(0);
  }

  /** What is surely ciphertext of all that came so far. */
  #withoutTag(chunk: Uint8Array): Uint8Array {
    const joined = new Uint8Array(this.#held.length + chunk.length);
    joined.set(this.#held);
    joined.set(chunk, this.#held.length);
    const split = Math.max(0, joined.length - this.#tagLength);
    this.#held = joined.slice(split);
    return joined.subarray(0, split);
  }

  #requireOpen(): void {
    if (this.#done) throw new TypeError('the stream has ended');
  }
}

function firstCounter(h: Uint8Array, iv: Uint8Array): Uint8Array {
  if (iv.length !== 12) return new Ghash(h).update(iv).pad().updateLengths(0, iv.length).digest();
  const block = new Uint8Array(16);
  block.set(iv);
  block[15] = 1;
  return block;
}
