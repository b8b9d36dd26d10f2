import { HashMD } from '@noble/hashes/_md.js';
import { type CHash, createHasher } from '@noble/hashes/utils.js';
import type { DigestAlgorithm } from './algorithm.js';
import { digestAlgorithm } from './digest.js';

/** T_j <<< (j mod 32) for the 64 rounds (GB/T 32905 §4.2). */
const ROUND_CONSTANTS = /*#__PURE__*/ Int32Array.from({ length: 64 }, (_, j) => {
  const constant = j < 16 ? 0x79cc4519 : 0x7a879d8a;
  return (constant << (j & 31)) | (constant >>> -j);
});

/** One running SM3 (GB/T 32905-2016). The Merkle-Damgard framing is noble's. */
export class Sm3 extends HashMD<Sm3> {
  #a = 0x7380166f | 0;
  #b = 0x4914b2b9 | 0;
  #c = 0x172442d7 | 0;
  #d = 0xda8a0600 | 0;
  #e = 0xa96f30bc | 0;
  #f = 0x163138aa | 0;
  #g = 0xe38dee4d | 0;
  #h = 0xb0fb0e4e | 0;
  readonly #w = new Int32Array(68);

  constructor() {
    super(64, 32, 8, false);
  }

  protected override get(): number[] {
    return [this.#a, this.#b, this.#c, this.#d, this.#e, this.#f, this.#g, this.#h];
  }

  protected override set(...state: number[]): void {
    [this.#a, this.#b, this.#c, this.#d, this.#e, this.#f, this.#g, this.#h] = state.map((word) => word | 0) as [
      number, number, number, number, number, number, number, number,
    ];
  }

  protected override process(view: DataView, offset: number): void {
    const w = this.#w;
    const constants = ROUND_CONSTANTS;
    for (let j = 0; j < 16; j++) w[j] = view.getInt32(offset + 4 * j, false);
    for (let j = 16; j < 68; j++) {
      const w3 = w[j - 3]!;
      const x = w[j - 16]! ^ w[j - 9]! ^ ((w3 << 15) | (w3 >>> 17));
      const w13 = w[j - 13]!;
      // P1(x) = x ^ x<<<15 ^ x<<<23
      w[j] = x ^ ((x << 15) | (x >>> 17)) ^ ((x << 23) | (x >>> 9)) ^ ((w13 << 7) | (w13 >>> 25)) ^ w[j - 6]!;
    }
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    let e = this.#e;
    let f = this.#f;
    let g = this.#g;
    let h = this.#h;
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
    this.#a ^= a;
    this.#b ^= b;
    this.#c ^= c;
    this.#d ^= d;
    this.#e ^= e;
    this.#f ^= f;
    this.#g ^= g;
    this.#h ^= h;
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
