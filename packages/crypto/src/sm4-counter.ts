import { SM4_LANES, type Sm4 } from './sm4-block.js';

/**
 * The key stream E(counter), E(counter + 1), … The counter is big-endian and occupies the last `counterLength` octets of the
 * block, wrapping within them (NIST SP 800-38A §6.5, SP 800-38D §6.5).
 */
export class CounterMode {
  readonly #cipher: Sm4;
  readonly #counter: Uint8Array;
  readonly #counterLength: number;
  readonly #stream = new Uint8Array(16 * SM4_LANES);
  /** Octets of `#stream` that are made, and of those used. */
  #made = 0;
  #used = 0;

  /** @param counterBlock first counter block, 16 octets; not modified */
  constructor(cipher: Sm4, counterBlock: Uint8Array, counterLength: number) {
    this.#cipher = cipher;
    this.#counter = Uint8Array.from(counterBlock); // slice() of a subclass may be a view, not a copy
    this.#counterLength = counterLength;
  }

  /** XORs `input` with the next octets of the stream. */
  transform(input: Uint8Array): Uint8Array {
    const output = new Uint8Array(input.length);
    const stream = this.#stream;
    for (let offset = 0; offset < input.length; ) {
      if (this.#used === this.#made) this.#refill(input.length - offset);
      const length = Math.min(this.#made - this.#used, input.length - offset);
      for (let i = 0; i < length; i++) output[offset + i] = input[offset + i]! ^ stream[this.#used + i]!;
      this.#used += length;
      offset += length;
    }
    return output;
  }

  /** Forgets the key stream. */
  clear(): void {
    this.#stream.fill(0);
  }

  #refill(wanted: number): void {
    const stream = this.#stream;
    this.#made = Math.min(stream.length, 16 * Math.ceil(wanted / 16));
    this.#used = 0;
    for (let at = 0; at < this.#made; at += 16) {
      stream.set(this.#counter, at);
      increment(this.#counter, this.#counterLength);
    }
    this.#cipher.transform(stream, 0, stream, 0, this.#made);
  }
}

/** XORs the whole `input` with the stream from `counterBlock` on. */
export function counterMode(cipher: Sm4, counterBlock: Uint8Array, counterLength: number, input: Uint8Array): Uint8Array {
  const mode = new CounterMode(cipher, counterBlock, counterLength);
  const output = mode.transform(input);
  mode.clear();
  return output;
}

/** Adds one to the last `length` octets, modulo 2^(8·length). Counters are public. */
export function increment(block: Uint8Array, length: number): void {
  for (let i = 15; i >= 16 - length; i--) {
    block[i] = (block[i]! + 1) & 0xff;
    if (block[i] !== 0) return;
  }
}
