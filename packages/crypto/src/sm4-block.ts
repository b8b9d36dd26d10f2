import { substitute } from './sm4-sbox.js';

/**
 * The SM4 block cipher (GB/T 32907-2016), eight blocks at a time in bit-sliced form, without tables or
 * branches that depend on key or data.
 *
 * A state is 4 words X0..X3; each word is held for eight blocks as eight planes: bit 8b + k of plane i is
 * bit i of octet b (b = 0 the least significant) of that word in block k. Rotating a plane by 8 therefore
 * moves octets within every block, and rotating a word by 2 renames planes.
 */
const BLOCK = 16;
/** Blocks in one pass. */
export const SM4_LANES = 8;

export class Sm4 {
  /** Planes of the 32 round keys, in the order of use. */
  readonly #roundKeys: Int32Array;
  readonly #state = new Int32Array(32);
  readonly #planes = new Int32Array(8);

  /** @param key 16 octets; the length is checked by the modes */
  constructor(key: Uint8Array, direction: 'encrypt' | 'decrypt') {
    this.#roundKeys = expandKey(key);
    if (direction === 'decrypt') reverseRounds(this.#roundKeys);
  }

  /**
   * Transforms whole blocks, each by itself. `source` and `target` may be the same array at the same offset.
   *
   * @param length octets, a multiple of 16
   */
  transform(source: Uint8Array, sourceOffset: number, target: Uint8Array, targetOffset: number, length: number): void {
    const lanes = BLOCK * SM4_LANES;
    for (let done = 0; done < length; done += lanes) {
      const part = Math.min(lanes, length - done);
      this.#load(source, sourceOffset + done, part);
      this.#rounds();
      this.#store(target, targetOffset + done, part);
    }
  }

  #load(source: Uint8Array, offset: number, length: number): void {
    const state = this.#state;
    state.fill(0);
    for (let block = 0, at = offset; at < offset + length; block++) {
      for (let word = 0; word < 4; word++, at += 4) {
        state[8 * word + block] =
          (source[at]! << 24) | (source[at + 1]! << 16) | (source[at + 2]! << 8) | source[at + 3]!;
      }
    }
    for (let word = 0; word < 4; word++) transpose(state, 8 * word);
  }

  #store(target: Uint8Array, offset: number, length: number): void {
    const state = this.#state;
    for (let word = 0; word < 4; word++) transpose(state, 8 * word);
    for (let block = 0, at = offset; at < offset + length; block++) {
      // The last four words leave in reverse order (GB/T 32907 §7.2).
      for (let word = 3; word >= 0; word--, at += 4) {
        const value = state[8 * word + block]!;
        target[at] = value >>> 24;
        target[at + 1] = value >>> 16;
        target[at + 2] = value >>> 8;
        target[at + 3] = value;
      }
    }
  }

  #rounds(): void {
    const state = this.#state;
    const planes = this.#planes;
    const keys = this.#roundKeys;
    for (let round = 0; round < 32; round++) {
      const x0 = 8 * (round & 3);
      const x1 = 8 * ((round + 1) & 3);
      const x2 = 8 * ((round + 2) & 3);
      const x3 = 8 * ((round + 3) & 3);
      for (let i = 0; i < 8; i++) {
        planes[i] = state[x1 + i]! ^ state[x2 + i]! ^ state[x3 + i]! ^ keys[8 * round + i]!;
      }
      substitute(planes);
      // L(B) = B ^ B<<<2 ^ B<<<10 ^ B<<<18 ^ B<<<24; two = plane i of B<<<2.
      for (let i = 0; i < 8; i++) {
        const b = planes[i]!;
        const wrapped = planes[(i + 6) & 7]!;
        const two = i < 2 ? (wrapped << 8) | (wrapped >>> 24) : wrapped;
        state[x0 + i]! ^=
          b ^ ((b << 24) | (b >>> 8)) ^ two ^ ((two << 8) | (two >>> 24)) ^ ((two << 16) | (two >>> 16));
      }
    }
  }
}

/** Swaps the bit index within octets with the block index: its own inverse. */
function transpose(words: Int32Array, offset: number): void {
  for (let distance = 1; distance < 8; distance <<= 1) {
    const mask = distance === 1 ? 0x55555555 : distance === 2 ? 0x33333333 : 0x0f0f0f0f;
    for (let i = 0; i < 8; i++) {
      if (i & distance) continue;
      const low = words[offset + i]!;
      const high = words[offset + i + distance]!;
      const swap = ((low >>> distance) ^ high) & mask;
      words[offset + i] = low ^ (swap << distance);
      words[offset + i + distance] = high ^ swap;
    }
  }
}

/** GB/T 32907 §7.3, each round key spread over all eight blocks. */
function expandKey(key: Uint8Array): Int32Array {
  const words = [0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc].map(
    (systemParameter, i) =>
      systemParameter ^ ((key[4 * i]! << 24) | (key[4 * i + 1]! << 16) | (key[4 * i + 2]! << 8) | key[4 * i + 3]!),
  );
  const roundKeys = new Int32Array(256);
  const planes = new Int32Array(8);
  for (let round = 0; round < 32; round++) {
    let constant = 0;
    for (let octet = 0; octet < 4; octet++) constant = (constant << 8) | (((4 * round + octet) * 7) & 0xff);
    planes.fill(0);
    planes[0] = words[1]! ^ words[2]! ^ words[3]! ^ constant;
    transpose(planes, 0);
    substitute(planes);
    transpose(planes, 0);
    const b = planes[0]!;
    const next = words[0]! ^ b ^ ((b << 13) | (b >>> 19)) ^ ((b << 23) | (b >>> 9));
    words.shift();
    words.push(next);
    planes.fill(next);
    transpose(planes, 0);
    roundKeys.set(planes, 8 * round);
  }
  planes.fill(0);
  words.fill(0);
  return roundKeys;
}

function reverseRounds(roundKeys: Int32Array): void {
  for (let low = 0, high = 248; low < high; low += 8, high -= 8) {
    const first = roundKeys.slice(low, low + 8);
    roundKeys.copyWithin(low, high, high + 8);
    roundKeys.set(first, high);
  }
}
