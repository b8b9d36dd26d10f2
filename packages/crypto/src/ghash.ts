/**
 * GHASH (NIST SP 800-38D §6.4) without tables: carry-less products come from integer products of operands
 * that keep every fourth bit only, so that carries die in the holes before they reach the next kept bit.
 * Multiplication of 32-bit integers takes constant time on the processors JavaScript engines run on.
 */
export class Ghash {
  /** The nine Karatsuba operands of H and their bit reversals. */
  readonly #h = new Int32Array(9);
  readonly #hReversed = new Int32Array(9);
  /** The accumulator Y as a 128-bit number, least significant word first. */
  readonly #y = new Int32Array(4);
  readonly #block = new Uint8Array(16);
  #waiting = 0;
  readonly #operands = new Int32Array(9);
  readonly #low = new Int32Array(9);
  readonly #high = new Int32Array(9);

  /** @param h the hash subkey, 16 octets */
  constructor(h: Uint8Array) {
    for (let word = 0; word < 4; word++) this.#h[word] = bigEndian(h, 12 - 4 * word);
    karatsubaOperands(this.#h);
    for (let i = 0; i < 9; i++) this.#hReversed[i] = reverse(this.#h[i]!);
  }

  /** Absorbs data; a last block that is not whole waits for more. */
  update(data: Uint8Array): this {
    let offset = 0;
    if (this.#waiting > 0) {
      offset = Math.min(16 - this.#waiting, data.length);
      this.#block.set(data.subarray(0, offset), this.#waiting);
      this.#waiting += offset;
      if (this.#waiting < 16) return this;
      this.pad();
    }
    for (; offset + 16 <= data.length; offset += 16) this.#absorb(data, offset);
    this.#block.set(data.subarray(offset));
    this.#waiting = data.length - offset;
    return this;
  }

  /** Completes a block that waits, with zeros. */
  pad(): this {
    if (this.#waiting === 0) return this;
    this.#block.fill(0, this.#waiting);
    this.#waiting = 0;
    this.#absorb(this.#block, 0);
    return this;
  }

  /** Absorbs the closing block: both lengths in bits. */
  updateLengths(aadOctets: number, dataOctets: number): this {
    const block = new Uint8Array(16);
    const view = new DataView(block.buffer);
    view.setBigUint64(0, BigInt(aadOctets) * 8n, false);
    view.setBigUint64(8, BigInt(dataOctets) * 8n, false);
    this.#absorb(block, 0);
    return this;
  }

  digest(): Uint8Array {
    const output = new Uint8Array(16);
    const view = new DataView(output.buffer);
    for (let word = 0; word < 4; word++) view.setInt32(12 - 4 * word, this.#y[word]!, false);
    return output;
  }

  #absorb(data: Uint8Array, offset: number): void {
    const a = this.#operands;
    for (let word = 0; word < 4; word++) a[word] = this.#y[word]! ^ bigEndian(data, offset + 12 - 4 * word);
    karatsubaOperands(a);
    const low = this.#low;
    const high = this.#high;
    for (let i = 0; i < 9; i++) {
      const x = a[i]!;
      low[i] = carrylessLow(x, this.#h[i]!);
      // The upper half of a product is the lower half of the product of the mirrored factors, mirrored.
      high[i] = reverse(carrylessLow(reverse(x), this.#hReversed[i]!)) >>> 1;
    }
    this.#reduce(low, high);
  }

  /** Joins the nine products to 255 bits, doubles (GHASH counts bits from the left) and reduces modulo x^128 + x^7 + x^2 + x + 1. */
  #reduce(l: Int32Array, h: Int32Array): void {
    // 64-bit halves: products 0,1,4 of the low half, 2,3,5 of the high half, 6,7,8 of their sums.
    const l0 = l[0]!;
    const l1 = h[0]! ^ l[4]! ^ l[0]! ^ l[1]!;
    const l2 = l[1]! ^ h[4]! ^ h[0]! ^ h[1]!;
    const l3 = h[1]!;
    const h0 = l[2]!;
    const h1 = h[2]! ^ l[5]! ^ l[2]! ^ l[3]!;
    const h2 = l[3]! ^ h[5]! ^ h[2]! ^ h[3]!;
    const h3 = h[3]!;
    const m0 = l[6]! ^ l0 ^ h0;
    const m1 = h[6]! ^ l[8]! ^ l[6]! ^ l[7]! ^ l1 ^ h1;
    const m2 = l[7]! ^ h[8]! ^ h[6]! ^ h[7]! ^ l2 ^ h2;
    const m3 = h[7]! ^ l3 ^ h3;
    let z0 = l0;
    let z1 = l1;
    let z2 = l2 ^ m0;
    let z3 = l3 ^ m1;
    let z4 = h0 ^ m2;
    let z5 = h1 ^ m3;
    let z6 = h2;
    let z7 = h3;
    z7 = (z7 << 1) | (z6 >>> 31);
    z6 = (z6 << 1) | (z5 >>> 31);
    z5 = (z5 << 1) | (z4 >>> 31);
    z4 = (z4 << 1) | (z3 >>> 31);
    z3 = (z3 << 1) | (z2 >>> 31);
    z2 = (z2 << 1) | (z1 >>> 31);
    z1 = (z1 << 1) | (z0 >>> 31);
    z0 <<= 1;
    // Word by word from the lowest: bit t stands for x^(255-t), and x^128 = x^7 + x^2 + x + 1.
    z4 ^= fold(z0);
    z3 ^= spill(z0);
    z5 ^= fold(z1);
    z4 ^= spill(z1);
    z6 ^= fold(z2);
    z5 ^= spill(z2);
    z7 ^= fold(z3);
    z6 ^= spill(z3);
    const y = this.#y;
    y[0] = z4;
    y[1] = z5;
    y[2] = z6;
    y[3] = z7;
  }
}

function fold(z: number): number {
  return z ^ (z >>> 1) ^ (z >>> 2) ^ (z >>> 7);
}

function spill(z: number): number {
  return (z << 31) ^ (z << 30) ^ (z << 25);
}

function karatsubaOperands(a: Int32Array): void {
  a[4] = a[0]! ^ a[1]!;
  a[5] = a[2]! ^ a[3]!;
  a[6] = a[0]! ^ a[2]!;
  a[7] = a[1]! ^ a[3]!;
  a[8] = a[6]! ^ a[7]!;
}

/** The low 32 bits of the carry-less product. Eight kept bits sum to at most 8 in each group of four: no carry leaves its group. */
function carrylessLow(x: number, y: number): number {
  const x0 = x & 0x11111111;
  const x1 = x & 0x22222222;
  const x2 = x & 0x44444444;
  const x3 = x & 0x88888888;
  const y0 = y & 0x11111111;
  const y1 = y & 0x22222222;
  const y2 = y & 0x44444444;
  const y3 = y & 0x88888888;
  const { imul } = Math;
  return (
    ((imul(x0, y0) ^ imul(x1, y3) ^ imul(x2, y2) ^ imul(x3, y1)) & 0x11111111) |
    ((imul(x0, y1) ^ imul(x1, y0) ^ imul(x2, y3) ^ imul(x3, y2)) & 0x22222222) |
    ((imul(x0, y2) ^ imul(x1, y1) ^ imul(x2, y0) ^ imul(x3, y3)) & 0x44444444) |
    ((imul(x0, y3) ^ imul(x1, y2) ^ imul(x2, y1) ^ imul(x3, y0)) & 0x88888888)
  );
}

function reverse(x: number): number {
  let r = x;
  r = ((r >>> 1) & 0x55555555) | ((r & 0x55555555) << 1);
  r = ((r >>> 2) & 0x33333333) | ((r & 0x33333333) << 2);
  r = ((r >>> 4) & 0x0f0f0f0f) | ((r & 0x0f0f0f0f) << 4);
  r = ((r >>> 8) & 0x00ff00ff) | ((r & 0x00ff00ff) << 8);
  return (r >>> 16) | (r << 16);
}

function bigEndian(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!;
}
