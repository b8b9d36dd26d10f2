// Compares the kernel with noble on many inputs: `node packages/crypto/kernel/agree.mjs [count] [seed] [wasm|javascript|both]`
// after a build. Every input goes through the path for a new key and the path for a key with a table.
//
// noble multiplies in milliseconds, which a million inputs do not allow. Points R = sG + tP with s and t in an arithmetic
// progression of random start and step cost noble one addition each, so it still computes every R, and from it the verdict for any e.
// Where r, s or P is altered instead, noble's own full verification gives the verdict for one input in 64 and refusal is expected of the others.
import { createHash } from 'node:crypto';
import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { Sm2 } from '../dist/sm2-curve.js';
import { createSm2JavaScript } from '../dist/sm2-kernel-javascript.js';
import { Sm2Kernel } from '../dist/sm2-kernel.js';
import { sm2KernelNow } from '../dist/sm2-wasm.js';

const { Fn } = Sm2;
const N = Fn.ORDER;
const BATCH = 250;

export function bytes(value) {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
}

export const integer = (octets) => BigInt(`0x${Buffer.from(octets).toString('hex')}`);

/** GB/T 32918.2 §7.1 by noble. */
export function reference(point, r, s, e) {
  if (r <= 0n || r >= N || s <= 0n || s >= N) return false;
  const t = Fn.add(r, s);
  if (Fn.is0(t)) return false;
  const sum = Sm2.BASE.multiplyUnsafe(s).add(point.multiplyUnsafe(t));
  return !sum.is0() && Fn.create(e + sum.toAffine().x) === r;
}

/** 256-bit numbers that follow from a seed. */
export function numbers(seed) {
  let counter = 0;
  return () => integer(createHash('sha256').update(`${seed}/${counter++}`).digest());
}

/** `count` inputs with noble's verdict, in batches of one key. */
export function* inputs(count, seed) {
  const next = numbers(seed);
  const scalar = () => Fn.create(next()) || 1n;
  let other = Sm2.BASE;
  for (let done = 0; done < count; done += BATCH) {
    const point = Sm2.BASE.multiply(scalar());
    const [s0, ds, t0, dt] = [scalar(), scalar(), scalar(), scalar()];
    const step = Sm2.BASE.multiplyUnsafe(ds).add(point.multiplyUnsafe(dt));
    const sums = [Sm2.BASE.multiplyUnsafe(s0).add(point.multiplyUnsafe(t0))];
    while (sums.length < Math.min(BATCH, count - done)) sums.push(sums.at(-1).add(step));
    const affine = normalizeZ(Sm2, sums);
    const batch = affine.map((sum, i) => {
      const s = Fn.add(s0, Fn.mul(BigInt(i), ds));
      const t = Fn.add(t0, Fn.mul(BigInt(i), dt));
      return alter({ point, r: Fn.sub(t, s), s, x: sum.x }, i, next(), other);
    });
    yield { point, batch };
    other = point;
  }
}

function alter({ point, r, s, x }, i, random, other) {
  let e = Fn.sub(r, Fn.create(x));
  if (i % 3 === 0 && e + N < 1n << 256n) e += N;
  const bit = 1n << (random & 255n);
  const exact = (random >> 8n) % 64n === 0n;
  const known = (value) => Fn.create(value + x) === r;
  switch (i % 8) {
    case 4: // e with a flipped bit: valid still where that adds a multiple of n
      return { point, r, s, e: e ^ bit, valid: r !== 0n && s !== 0n && known(e ^ bit), full: false };
    case 5:
      return { point, r: r ^ bit, s, e, valid: exact && reference(point, r ^ bit, s, e), full: exact };
    case 6:
      return { point, r, s: s ^ bit, e, valid: exact && reference(point, r, s ^ bit, e), full: exact };
    case 7:
      return { point: other, r, s, e, valid: exact && reference(other, r, s, e), full: exact };
    default:
      return { point, r, s, e, valid: r !== 0n && s !== 0n, full: exact };
  }
}

/** @returns the number of verdicts compared; throws at the first that differs */
export function compare(kernels, { point, batch }) {
  let compared = 0;
  const octets = point.toBytes(false);
  for (const kernel of kernels) if (!kernel.prepare(1, octets)) throw new Error('not a point');
  for (const input of batch) {
    const signature = Uint8Array.from([...bytes(input.r), ...bytes(input.s)]);
    const e = bytes(input.e);
    const own = input.point.toBytes(false);
    for (const kernel of kernels) {
      const verdicts = [kernel.verify(own, signature, e), ...(input.point === point ? [kernel.verify(1, signature, e)] : [])];
      compared += verdicts.length;
      if (verdicts.some((verdict) => verdict !== input.valid)) {
        throw new Error(`differs from noble: P ${Buffer.from(own).toString('hex')} r ${input.r} s ${input.s} e ${input.e}: ${verdicts}`);
      }
    }
  }
  return compared;
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const count = Number(process.argv[2] ?? 1_000_000);
  const seed = process.argv[3] ?? '1';
  const machine = process.argv[4] ?? 'both';
  const kernels = [];
  if (machine !== 'javascript') kernels.push(sm2KernelNow(WebAssembly));
  if (machine !== 'wasm') kernels.push(new Sm2Kernel(createSm2JavaScript()));
  let seen = 0;
  let valid = 0;
  let compared = 0;
  for (const one of inputs(count, seed)) {
    compared += compare(kernels, one);
    seen += one.batch.length;
    valid += one.batch.filter((input) => input.valid).length;
    if (seen % 50_000 < BATCH) console.log(`${seen} inputs, ${valid} valid, ${compared} verdicts compared`);
  }
  console.log(`${machine}: ${seen} inputs (${valid} valid) agree with noble in ${compared} verdicts`);
}
