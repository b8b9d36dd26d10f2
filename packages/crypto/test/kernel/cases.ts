import { Sm2 } from '../../src/sm2-curve.js';
import { unhex } from '../hex.js';

const { Fn, Fp } = Sm2;
const N = Fn.ORDER;
const P = Fp.ORDER;
type Point = typeof Sm2.BASE;

/** One input with its verdict by noble, or by construction. */
export interface Case {
  readonly name: string;
  /** 04 || X || Y */
  readonly point: Uint8Array;
  readonly r: bigint;
  readonly s: bigint;
  readonly e: bigint;
  readonly valid: boolean;
}

export function octets(value: bigint): Uint8Array {
  return unhex(value.toString(16).padStart(64, '0'));
}

const mod = (value: bigint): bigint => Fn.create(value);
const over = (a: bigint, b: bigint): bigint => Fn.mul(mod(a), Fn.inv(mod(b)));
const times = (k: bigint, point: Point = Sm2.BASE): Point => (Fn.is0(mod(k)) ? Sm2.ZERO : point.multiplyUnsafe(mod(k)));
const xOf = (point: Point): bigint => point.toAffine().x;

/** The input that verifies for s, t and a point, and the same with e changed in its lowest and in its highest bit. */
function pair(name: string, point: Point, s: bigint, t: bigint): Case[] {
  const r = mod(t - s);
  const e = mod(r - xOf(times(s).add(times(t, point))));
  const made = { point: point.toBytes(false), r, s };
  return [
    { name: `${name}: valid`, ...made, e, valid: true },
    { name: `${name}: another e`, ...made, e: e ^ 1n, valid: false },
    { name: `${name}: another e`, ...made, e: e ^ (1n << 250n), valid: false },
  ];
}

/** The same for a chosen sum R, of unknown logarithm: P = (R - sG)/t. */
function pairFor(name: string, sum: Point, s: bigint, t: bigint): Case[] {
  return pair(name, times(Fn.inv(mod(t)), sum.add(times(-s))), s, t);
}

/** What GB/T 32918.2 §6.1 signs with nonce k: any e. */
function signed(name: string, d: bigint, k: bigint, e: bigint): Case[] {
  const r = mod(e + xOf(times(k)));
  const s = Fn.mul(Fn.inv(mod(1n + d)), mod(k - r * d));
  const made = { point: times(d).toBytes(false), r, s };
  return [
    { name: `${name}: valid`, ...made, e, valid: true },
    { name: `${name}: another e`, ...made, e: e ^ 2n, valid: false },
  ];
}

const S = 0x6d1f2c97b8a3440e95d1170cc3b28f4ea9605d7be1f2834c7a90b1c2d3e4f506n;
const T = 0x9b3f5d1e7c2a48609d0c4b1f3e5a7986b5c4d3e2f10f1e2d3c4b5a69788796a5n;
const D = 0x3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8n;

/** What a column of the comb (kernel/sm2/comb.ts) contributes for one block, as a multiple of the point. */
function combTerm(k: bigint, column: number, block: number): bigint {
  const odd = k & 1n ? k : N - k;
  let sum = 0n;
  for (let tooth = 0; tooth < 8; tooth++) {
    const bit = BigInt(column + 16 * (tooth + 8 * block));
    const plus = bit === 255n || ((odd >> (bit + 1n)) & 1n) === 1n;
    sum += plus ? 1n << bit : -(1n << bit);
  }
  return k & 1n ? sum : -sum;
}

/** Points whose private key is solved so that an addition meets the same point, its opposite, or nothing yet. */
function coincidences(): Case[] {
  const cases: Case[] = [];
  for (const [s, t] of [[S, T], [S + 1n, T], [S, T + 1n], [7n, T], [N - 7n, T]] as const) {
    const name = `s ${s & 15n}, t ${t & 15n}`;
    const last = combTerm(s, 0, 1);
    const column = last + combTerm(s, 0, 0);
    const firstOfS = combTerm(s, 15, 0);
    const firstOfT = combTerm(t, 15, 0) + combTerm(t, 15, 1);
    const digit = t & 1n ? ((t & 31n) > 15n ? (t & 31n) - 32n : t & 31n) : 0n;
    const keys: [string, bigint][] = [
      ['the last addition doubles', over(2n * last - s, t)],
      ['infinity before the last addition', over(last - s, t)],
      ['infinity before the last two', over(column - s, t)],
      ['the one before the last doubles', over(column + combTerm(s, 0, 0) - s, t)],
      ['G meets P in the first column', over(firstOfS, firstOfT)],
      ['G meets -P in the first column', over(-firstOfS, firstOfT)],
      ['sG = tP', over(s, t)],
    ];
    if (digit !== 0n) {
      keys.push(['the last digit of t doubles', over(s - column, 2n * digit - t)], ['the last digit of t gives infinity', over(column - s, t)]);
    }
    for (const [what, d] of keys) cases.push(...pair(`${what}, ${name}`, times(d), s, t));
    // sG + tP = O. Before the last addition the accumulator was the opposite of its entry: whoever compares what was left there accepts.
    const point = times(over(-s, t)).toBytes(false);
    const r = mod(t - s);
    for (const e of [r, mod(r - xOf(times(last))), mod(r - 1n)]) cases.push({ name: `sG = -tP, ${name}`, point, r, s, e, valid: false });
  }
  return cases;
}

function ranges(): Case[] {
  const point = times(D);
  const made = { point: point.toBytes(false), valid: false };
  const cases: Case[] = [];
  // With r or s zero, n or more, everything else is as the equation wants it.
  for (const [r, s] of [[0n, S], [S, 0n], [N, S], [S, N], [N + S % 1000n, S], [S, N + 7n], [2n ** 256n - 1n, S], [S, 2n ** 256n - 1n], [0n, 0n]] as const) {
    const sum = times(s).add(times(r + s, point));
    cases.push({ ...made, name: `r ${r}, s ${s}`, r, s, e: sum.is0() ? mod(r) : mod(r - xOf(sum)) });
  }
  // t = 0: the key drops out, and anyone can make e = r - x(sG).
  for (const s of [7n, S, N - 1n]) cases.push({ ...made, name: `t = 0, s ${s}`, r: N - s, s, e: mod(N - s - xOf(times(s))) });
  return cases;
}

/** A point with the given x, or the nearest x above that has one. */
function lift(x: bigint): Point {
  for (let at = x; ; at++) {
    const square = Fp.create(at ** 3n - 3n * at + Sm2.CURVE().b);
    try {
      return Sm2.fromAffine({ x: at, y: Fp.sqrt(square) });
    } catch {
      continue;
    }
  }
}

function reductions(): Case[] {
  const point = times(D);
  const cases: Case[] = [
    ...pair('r + s just above n', point, S, 5n),
    ...pair('r + s = n + 1', point, S, 1n),
    ...pair('r + s above 2^256', point, N - 2n, N - 4n),
    ...pair('r = s = n - 1', point, N - 1n, N - 2n),
    ...pair('r = 1', point, S, S + 1n),
    ...pair('s = 1', point, 1n, T),
    ...pair('s = n - 1', point, N - 1n, T),
    ...signed('e = 0', D, T, 0n),
    ...[1n, N - 1n, N, N + 1n, N + 2n ** 200n, P, 2n ** 256n - 1n].flatMap((e) => signed(`e = ${e}`, D, T, e)),
    // x of the sum from n up to p: r - e is then x - n.
    ...[N, N + 2n ** 64n, P - 40n].flatMap((x) => pairFor(`x(R) near ${x}`, lift(x), S, T)),
    ...[0n, 2n ** 16n, 2n ** 200n].flatMap((x) => pairFor(`x(R) near ${x}`, lift(x), S, T)),
  ];
  // e - n above r, so that r - e is negative twice over.
  for (const made of pairFor('e - n above r', lift(N + 5n - 2n ** 100n), S, S + 5n).slice(0, 2)) cases.push({ ...made, e: made.e + N });
  // r - e + n must not be compared where it is p or more, however it wraps.
  for (const gap of [P - N, 2n ** 256n - N]) {
    const [made] = pairFor('', lift(5n), S, T);
    const x = Fn.create(made!.r - made!.e);
    cases.push({ ...made!, name: 'x(R) is r - e + n modulo p only', e: mod(made!.r - x - gap), valid: false });
  }
  return cases;
}

/**
 * Found by running kernels whose last comparison looks at one limb only, until one accepted: first JavaScript's, for a new and a
 * known key, then WebAssembly's.
 */
function lowLimbs(): Case[] {
  const [made] = pair('', times(D), S, T);
  return [0x47917e29442n, 0x2cd824537ac8n, 0x5b11ffd4f47en, 0x6d4f650f7678n].map((e) => ({ ...made!, name: 'x(R) agrees in the lowest limb only', e, valid: false }));
}

/** Values next to the limbs of 16, 24, 29 and 32 bits. */
function boundaries(): Case[] {
  const cases: Case[] = [];
  const positions = new Set([1, 2, 3, 4, 5, 6, 7].map((k) => 32 * k).concat([16, 48, 240, 24, 72, 240, 29, 58, 232], [255]));
  for (const bits of positions) {
    for (const value of [2n ** BigInt(bits) - 1n, 2n ** BigInt(bits), 2n ** BigInt(bits) + 1n]) {
      cases.push(...pair(`s ${bits}`, times(D), value, T), ...pair(`r ${bits}`, times(D), S, value + S), ...pair(`t ${bits}`, times(D), S, value));
      cases.push(...signed(`e ${bits}`, D, T, value), ...pairFor(`x(R) ${bits}`, lift(value), S, T), ...pair(`x(P) ${bits}`, lift(value), S, T));
    }
  }
  return cases;
}

function relatives(): Case[] {
  const cases: Case[] = [];
  for (const d of [1n, -1n, 2n, -2n, 3n, over(1n, 2n), 2n ** 16n, 2n ** 128n, -(2n ** 128n)]) {
    for (const [s, t] of [[S, T], [S, S], [S, S + 1n], [T, 1n], [1n, 2n], [N - 2n, N - 1n]] as const) {
      if (!Fn.is0(mod(s + t * d)) && s !== t) cases.push(...pair(`P = ${d} G`, times(d), s, t));
    }
  }
  return cases;
}

/** Every case the kernel must decide as noble does. */
export const CASES: readonly Case[] = [...ranges(), ...coincidences(), ...reductions(), ...lowLimbs(), ...relatives()];
export const BOUNDARIES: readonly Case[] = boundaries();

/** A point whose y + p still has 256 bits. Its x is a root of x³ - 3x + b - 1, found outside by gcd with x^p - x. */
const SMALL_Y = { x: 0x9c17043effe1a805a74a9a5e70b9d659705d3242094a566dc016f49311178d1fn, y: 1n };

/** Octets that are no point: each is wrong in one way. */
export function notPoints(): Uint8Array[] {
  const point = times(D).toBytes(false);
  const { x, y } = lift(1n).toAffine();
  const join = (a: bigint, b: bigint): Uint8Array => Uint8Array.of(4, ...octets(a), ...octets(b));
  const off = Uint8Array.from(point);
  off[64]! ^= 1;
  return [off, join(x + P, y), join(SMALL_Y.x, SMALL_Y.y + P), join(0n, 0n), join(P, y), Uint8Array.of(4, ...point.subarray(33), ...point.subarray(1, 33)), Uint8Array.of(6, ...point.subarray(1)), point.subarray(1)];
}
