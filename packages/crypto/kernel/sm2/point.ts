// Points of sm2p256v1 (a = -3) in Jacobian coordinates: x = X/Z², y = Y/Z³. Everything happens to one accumulator.
// Every special case is decided, since whoever sends a signature chooses what meets what.
import { add, copy, CURVE_B, FE, FREE, isZero, mul, mulSub, negate, ONE, sqr, sub, subAndTwice, subTwice, triple, twice } from './machine';

/** X, Y, Z of the accumulator; meaningless while `infinite`. */
export const AX: i32 = FREE;
export const AY: i32 = AX + FE;
export const AZ: i32 = AY + FE;
export const T0: i32 = AZ + FE;
const T1: i32 = T0 + FE;
const T2: i32 = T1 + FE;
const T3: i32 = T2 + FE;
const T4: i32 = T3 + FE;
const T5: i32 = T4 + FE;
const T6: i32 = T5 + FE;
const T7: i32 = T6 + FE;
/** First address after what this file uses. */
export const POINT_END: i32 = T7 + FE;

let infinite: bool = true;

export function setInfinite(): void {
  infinite = true;
}

export function isInfinite(): bool {
  return infinite;
}

/** Whether y² = x³ - 3x + b. */
export function isOnCurve(x: i32, y: i32): bool {
  sqr(T0, x);
  mul(T0, T0, x);
  triple(T1, x);
  sub(T0, T0, T1);
  add(T0, T0, CURVE_B);
  sqr(T1, y);
  sub(T0, T0, T1);
  return isZero(T0);
}

export function setAffine(x: i32, y: i32): void {
  copy(AX, x);
  copy(AY, y);
  copy(AZ, ONE);
  infinite = false;
}

export function setJacobian(q: i32): void {
  copy(AX, q);
  copy(AY, q + FE);
  copy(AZ, q + 2 * FE);
  infinite = false;
}

export function storeJacobian(q: i32): void {
  copy(q, AX);
  copy(q + FE, AY);
  copy(q + 2 * FE, AZ);
}

/** The order is odd, so no point has y = 0. */
export function double(): void {
  if (infinite) return;
  sqr(T0, AZ); // δ = Z²
  sqr(T1, AY); // γ = Y²
  twice(T2, T1);
  mul(T3, AX, T2);
  twice(T3, T3); // 4β = 4Xγ
  sub(T4, AX, T0);
  add(T5, AX, T0);
  mul(T4, T4, T5);
  triple(T4, T4); // α = 3(X - δ)(X + δ)
  add(T5, AY, AY);
  mul(AZ, T5, AZ); // Z' = 2YZ
  sqr(T5, T4);
  subTwice(AX, T5, T3); // X' = α² - 8β
  sub(T6, T3, AX);
  add(T5, T2, T2);
  mulSub(AY, T4, T6, T5, T2); // Y' = α(4β - X') - 8γ²
}

/** Adds ±(x, y): x at q, y after it. */
export function addAffine(q: i32, negative: bool): void {
  if (infinite) {
    setAffine(q, q + FE);
    if (negative) negate(AY, AY);
    return;
  }
  sqr(T0, AZ);
  mul(T1, q, T0);
  mul(T2, AZ, T0);
  multiplyY(q + FE, negative);
  sub(T1, T1, AX); // H
  sub(T3, T3, AY); // r
  if (isZero(T1)) {
    meet();
    return;
  }
  mul(AZ, AZ, T1);
  finishSum(AX, AY);
}

/** Adds ±(X, Y, Z), which lies at q with Z² and Z³ after it. */
export function addJacobian(q: i32, negative: bool): void {
  if (infinite) {
    setJacobian(q);
    if (negative) negate(AY, AY);
    return;
  }
  mul(T6, AX, q + 3 * FE);
  mul(T7, AY, q + 4 * FE);
  sqr(T0, AZ);
  mul(T1, q, T0);
  mul(T2, AZ, T0);
  multiplyY(q + FE, negative);
  sub(T1, T1, T6);
  sub(T3, T3, T7);
  if (isZero(T1)) {
    meet();
    return;
  }
  mul(AZ, AZ, T1);
  mul(AZ, AZ, q + 2 * FE);
  finishSum(T6, T7);
}

/** T3 = ±y·T2. */
function multiplyY(y: i32, negative: bool): void {
  if (negative) {
    negate(T3, y);
    mul(T3, T3, T2);
  } else {
    mul(T3, y, T2);
  }
}

/** Both have one x: they are the same point, or opposite ones. */
function meet(): void {
  if (isZero(T3)) double();
  else infinite = true;
}

/** X and Y of the sum, from H in T1, r in T3 and the accumulator's x and y over the common denominator. */
function finishSum(u: i32, s: i32): void {
  sqr(T0, T1);
  mul(T2, T1, T0); // H³
  mul(T4, u, T0); // V = u·H²
  sqr(T5, T3);
  subAndTwice(AX, T5, T2, T4); // X' = r² - H³ - 2V
  sub(T4, T4, AX);
  mulSub(AY, T3, T4, s, T2); // Y' = r(V - X') - s·H³
}
