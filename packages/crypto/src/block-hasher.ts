import type { Hasher } from './algorithm.js';

/** Octets of a block: SM3 (GB/T 32905 §5.2) and SHA-256 (FIPS 180-4 §5.1.1) cut and pad alike. */
export const BLOCK_OCTETS = 64;
/** Words of the chaining value, in both. */
export const STATE_WORDS = 8;

/** Takes `blocks` blocks of `source` from octet `from` on into the chaining value. */
export type Compression = (state: Uint32Array, source: Uint8Array, from: number, blocks: number) => void;

/** A running digest at a moment: enough to go on elsewhere. */
export interface BlockState {
  readonly words: Uint32Array;
  /** Octets taken so far. */
  readonly length: number;
  /** The last `length` mod 64 of them. */
  readonly rest: Uint8Array;
}

/** The framing of Merkle and Damgård around a compression function. */
export class BlockHasher implements Hasher {
  readonly #compress: Compression;
  readonly #state: Uint32Array;
  readonly #rest: Uint8Array = new Uint8Array(BLOCK_OCTETS);
  #held = 0;
  #length = 0;
  #done = false;

  constructor(compress: Compression, from: BlockState) {
    this.#compress = compress;
    this.#state = from.words.slice();
    this.#length = from.length;
    this.#held = from.rest.length;
    this.#rest.set(from.rest);
  }

  update(chunk: Uint8Array): this {
    this.#assertOpen();
    this.#length += chunk.length;
    let at = 0;
    if (this.#held > 0) {
      at = Math.min(BLOCK_OCTETS - this.#held, chunk.length);
      this.#rest.set(chunk.subarray(0, at), this.#held);
      this.#held += at;
      if (this.#held < BLOCK_OCTETS) return this;
      this.#compress(this.#state, this.#rest, 0, 1);
      this.#held = 0;
    }
    const blocks = Math.floor((chunk.length - at) / BLOCK_OCTETS);
    if (blocks > 0) this.#compress(this.#state, chunk, at, blocks);
    at += blocks * BLOCK_OCTETS;
    if (at < chunk.length) {
      this.#rest.set(chunk.subarray(at));
      this.#held = chunk.length - at;
    }
    return this;
  }

  digest(): Uint8Array {
    this.#assertOpen();
    this.#done = true;
    const blocks = this.#held < BLOCK_OCTETS - 8 ? 1 : 2;
    const last = new Uint8Array(blocks * BLOCK_OCTETS);
    const view = new DataView(last.buffer);
    last.set(this.#rest.subarray(0, this.#held));
    last[this.#held] = 0x80;
    view.setUint32(last.length - 8, Math.floor(this.#length / 0x20000000), false);
    view.setUint32(last.length - 4, this.#length << 3, false);
    this.#compress(this.#state, last, 0, blocks);
    this.#rest.fill(0);
    this.#state.forEach((word, i) => view.setUint32(4 * i, word, false));
    return last.slice(0, 4 * STATE_WORDS);
  }

  /** Where it stands; a copy. */
  state(): BlockState {
    this.#assertOpen();
    return { words: this.#state.slice(), length: this.#length, rest: this.#rest.slice(0, this.#held) };
  }

  #assertOpen(): void {
    if (this.#done) throw new Error('the digest has been taken');
  }
}
