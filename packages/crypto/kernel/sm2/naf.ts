// Multiplication of a point met for the first time: width-5 non-adjacent form over its odd multiples.
import { FE, mul, setWord, sqr } from './machine';
import { addJacobian, double, setAffine, storeJacobian } from './point';
import { COMB_END } from './comb';
import { bitsOf } from './words';

const WIDTH: i32 = 5;
const ODD: i32 = 1 << (WIDTH - 2);
/** X, Y, Z, Z², Z³ of P, 3P, 5P, … 15P, and of 2P. */
const MULTIPLES: i32 = COMB_END;
const TWICE: i32 = MULTIPLES + 5 * ODD * FE;
export const NAF_END: i32 = TWICE + 5 * FE;
/** A digit for every bit, and one for the carry. */
export const NAF_DIGITS: i32 = 257;

/** Readies the odd multiples of (x, y). P has the order n, far above 15, so none of them meet. */
export function buildOddMultiples(x: i32, y: i32): void {
  setAffine(x, y);
  store(MULTIPLES);
  double();
  store(TWICE);
  setAffine(x, y);
  for (let i = 1; i < ODD; i++) {
    addJacobian(TWICE, false);
    store(MULTIPLES + 5 * i * FE);
  }
}

function store(q: i32): void {
  storeJacobian(q);
  sqr(q + 3 * FE, q + 2 * FE);
  mul(q + 4 * FE, q + 3 * FE, q + 2 * FE);
}

/** Writes the 257 digits of a scalar: zero, or odd and below 16 in size. */
export function recodeNaf(to: i32, k: i32): void {
  for (let i = 0; i < NAF_DIGITS; i++) setWord(to + i, 0);
  let carry = 0;
  let at = 0;
  while (at < NAF_DIGITS) {
    if (bitsOf(k, at, 1) === carry) {
      at++;
      continue;
    }
    let digit = bitsOf(k, at, WIDTH) + carry;
    carry = digit >> (WIDTH - 1);
    digit -= carry << WIDTH;
    setWord(to + at, digit);
    at += WIDTH;
  }
}

/** Adds digit·P to the accumulator. */
export function addDigit(digit: i32): void {
  if (digit > 0) addJacobian(MULTIPLES + 5 * (digit >> 1) * FE, false);
  else if (digit < 0) addJacobian(MULTIPLES + 5 * (-digit >> 1) * FE, true);
}
