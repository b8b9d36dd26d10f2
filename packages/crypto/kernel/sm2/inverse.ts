// Inverses modulo p, and Jacobian points made affine many at a time.
import { copy, FE, mul, ONE, sqr } from './machine';
import { POINT_END } from './point';

const I0: i32 = POINT_END;
const X1: i32 = I0 + FE;
const X3: i32 = X1 + FE;
const X31: i32 = X3 + FE;
const X32: i32 = X31 + FE;
const RUNNING: i32 = X32 + FE;
const TEMP: i32 = RUNNING + FE;
export const INVERSE_END: i32 = TEMP + FE;

/** Points affine() takes at once. */
export const MOST_POINTS: i32 = 256;

/** r = r^(2^count) · a. */
function raise(r: i32, count: i32, a: i32): void {
  for (let i = 0; i < count; i++) sqr(r, r);
  mul(r, r, a);
}

/** r = a^(p-2). p - 2 is 31 ones, a zero, 128 ones, 32 zeros, 62 ones, a zero, a one. */
function invert(r: i32, a: i32): void {
  copy(X1, a);
  copy(X3, X1);
  raise(X3, 1, X1);
  raise(X3, 1, X1);
  copy(I0, X3);
  raise(I0, 3, X3); // 6 ones
  copy(X31, I0);
  raise(X31, 6, I0); // 12
  raise(X31, 3, X3); // 15
  copy(I0, X31);
  raise(X31, 15, I0); // 30
  raise(X31, 1, X1); // 31
  copy(X32, X31);
  raise(X32, 1, X1); // 32
  copy(I0, X31);
  sqr(I0, I0);
  for (let i = 0; i < 4; i++) raise(I0, 32, X32);
  for (let i = 0; i < 32; i++) sqr(I0, I0);
  raise(I0, 31, X31);
  raise(I0, 31, X31);
  sqr(I0, I0);
  raise(I0, 1, X1);
  copy(r, I0);
}

/**
 * Makes `count` points (X, Y, Z) from `from` on into (x, y) from `to` on with one inversion (Montgomery's trick).
 * None may be infinite. `products` has room for one element a point. `to` may be `from`.
 */
export function makeAffine(to: i32, from: i32, count: i32, products: i32): void {
  copy(RUNNING, ONE);
  for (let i = 0; i < count; i++) {
    copy(products + i * FE, RUNNING);
    mul(RUNNING, RUNNING, from + (3 * i + 2) * FE);
  }
  invert(RUNNING, RUNNING);
  // Upwards would overwrite what is still to be read only if `to` ran ahead of `from`; downwards, Z⁻¹ comes out in this order.
  for (let i = count - 1; i >= 0; i--) {
    const point = from + 3 * i * FE;
    mul(TEMP, RUNNING, products + i * FE); // 1/Z
    mul(RUNNING, RUNNING, point + 2 * FE);
    sqr(I0, TEMP);
    mul(point, point, I0);
    mul(TEMP, TEMP, I0);
    mul(point + FE, point + FE, TEMP);
  }
  for (let i = 0; i < count; i++) {
    copy(to + 2 * i * FE, from + 3 * i * FE);
    copy(to + (2 * i + 1) * FE, from + (3 * i + 1) * FE);
  }
}
