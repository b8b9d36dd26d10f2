import { HashMD } from '@noble/hashes/_md.js';
import { type CHash, createHasher } from '@noble/hashes/utils.js';
import type { DigestAlgorithm } from './algorithm.js';
import { digestAlgorithm } from './digest.js';

/** The initial value (GB/T 32905 §4.1). */
export const START: readonly number[] = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];

/** T_j <<< (j mod 32) for the 64 rounds (GB/T 32905 §4.2). */
const ROUND_CONSTANTS = /*#__PURE__*/ Int32Array.from({ length: 64 }, (_, j) => {
  const constant = j < 16 ? 0x79cc4519 : 0x7a879d8a;
  return (constant << (j & 31)) | (constant >>> -j);
});

/**
 * The compression function (GB/T 32905 §5.3) over the block at `offset`, into the chaining value.
 * @param w room for 68 words
 */
export function compressSm3(state: Int32Array | Uint32Array, w: Int32Array, view: DataView, offset: number): void {
  const constants = ROUND_CONSTANTS;
  for (let j = 0; j < 16; j++) w[j] = view.getInt32(offset + 4 * j, false);
  for (let j = 16; j < 68; j++) {
    const w3 = w[j - 3]!;
    const x = w[j - 16]! ^ w[j - 9]! ^ ((w3 << 15) | (w3 >>> 17));
    const w13 = w[j - 13]!;
    // P1(x) = x ^ x<<<15 ^ x<<<23
    w[j] = x ^ ((x << 15) | (x >>> 17)) ^ ((x << 23) | (x >>> 9)) ^ ((w13 << 7) | (w13 >>> 25)) ^ w[j - 6]!;
  }
  let a = state[0]! | 0;
  let b = state[1]! | 0;
  let c = state[2]! | 0;
  let d = state[3]! | 0;
  let e = state[4]! | 0;
  let f = state[5]! | 0;
  let g = state[6]! | 0;
  let h = state[7]! | 0;
  for (let j = 0; j < 64; j++) {
    const a12 = (a << 12) | (a >>> 20);
    const sum = (a12 + e + constants[j]!) | 0;
    const ss1 = (sum << 7) | (sum >>> 25);
    const ss2 = ss1 ^ a12;
    const wj = w[j]!;
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (c & (a | b));
    const gg = j < 16 ? e ^ f ^ g : g ^ (e & (f ^ g));
    const tt1 = (ff + d + ss2 + (wj ^ w[j + 4]!)) | 0;
    const tt2 = (gg + h + ss1 + wj) | 0;
    d = c;
    c = (b << 9) | (b >>> 23);
    b = a;
    a = tt1;
    h = g;
    g = (f << 19) | (f >>> 13);
    f = e;
    // P0(x) = x ^ x<<<9 ^ x<<<17
    e = tt2 ^ ((tt2 << 9) | (tt2 >>> 23)) ^ ((tt2 << 17) | (tt2 >>> 15));
  }
  state[0]! ^= a;
  state[1]! ^= b;
  state[2]! ^= c;
  state[3]! ^= d;
  state[4]! ^= e;
  state[5]! ^= f;
  state[6]! ^= g;
  state[7]! ^= h;
}

/** One running SM3 (GB/T 32905-2016). The Merkle-Damgard framing is noble's. */
class Sm3 extends HashMD<Sm3> {
  readonly #state = Int32Array.from(START);
  readonly #w = new Int32Array(68);

  constructor() {
    super(64, 32, 8, false);
  }

  protected override get(): number[] {
    return [...this.#state];
  }

  protected override set(...state: number[]): void {
    this.#state.set(state);
  }

  protected override process(view: DataView, offset: number): void {
    compressSm3(this.#state, this.#w, view, offset);
  }

  protected override roundClean(): void {
    this.#w.fill(0);
  }

  override destroy(): void {
    this.destroyed = true;
    this.set(0, 0, 0, 0, 0, 0, 0, 0);
    this.buffer.fill(0);
  }

  override _cloneInto(to: Sm3 = new Sm3()): Sm3 {
    to.set(...this.get());
    return this._cloneIntoMeta(to);
  }
}

/** SM3 in noble's shape, for noble's HMAC. */
export const sm3Hash: CHash<Sm3> = /*#__PURE__*/ createHasher(() => new Sm3());

/** SM3 (GB/T 32905-2016). Private arc identifier of GM/T 0006. */
export const sm3: DigestAlgorithm = /*#__PURE__*/ digestAlgorithm('SM3', ['1.2.156.10197.1.401'], sm3Hash);
