// Fixed-base multiplication with a signed comb in which no digit is zero: 2 blocks of 8 teeth, 16 columns. An odd scalar is
// the sum of ±2^i over all 256 bits i; bit 16(tooth + 8·block) + column is a tooth of one digit, and a digit is an
// entry of the block's table, or the opposite of one.
import { FE } from './machine';
import { addAffine, double, setAffine, setJacobian, storeJacobian } from './point';
import { INVERSE_END, makeAffine, MOST_POINTS } from './inverse';
import { bitsOf, subtractNumbers, WORDS } from './words';
import { setWord, word } from './machine';

export const COLUMNS: i32 = 16;
const TEETH: i32 = 8;
const BLOCKS: i32 = 2;
const ENTRIES: i32 = 128;
/** Elements of one table. */
export const TABLE: i32 = BLOCKS * ENTRIES * 2 * FE;

const PRODUCTS: i32 = INVERSE_END;
/** Room for 256 Jacobian points. */
const POINTS: i32 = PRODUCTS + MOST_POINTS * FE;
/** 2^(16j)·P, then 2^(16j+1)·P, for the 16 teeth j of both blocks: affine. */
const BASES: i32 = POINTS + MOST_POINTS * 3 * FE;
export const COMB_END: i32 = BASES + 2 * BLOCKS * TEETH * 2 * FE;

/** Fills the table at `table` with the multiples of (x, y), a point of the curve: about 0.3 ms. */
export function buildTable(table: i32, x: i32, y: i32): void {
  const teeth = BLOCKS * TEETH;
  setAffine(x, y);
  for (let j = 0; j < teeth; j++) {
    storeJacobian(POINTS + 3 * j * FE);
    double();
    storeJacobian(POINTS + 3 * (teeth + j) * FE);
    for (let i = 1; i < COLUMNS; i++) double();
  }
  makeAffine(BASES, POINTS, 2 * teeth, PRODUCTS);
  for (let block = 0; block < BLOCKS; block++) {
    const bases = BASES + 2 * TEETH * block * FE;
    const twiceBases = bases + 2 * teeth * FE;
    const points = POINTS + 3 * ENTRIES * block * FE;
    // Entry 0 has every tooth but the highest negative; each further bit set adds twice a tooth.
    setAffine(bases + 2 * (TEETH - 1) * FE, bases + (2 * (TEETH - 1) + 1) * FE);
    for (let t = 0; t < TEETH - 1; t++) addAffine(bases + 2 * t * FE, true);
    storeJacobian(points);
    for (let t = 0; t < TEETH - 1; t++) {
      for (let i = 0; i < 1 << t; i++) {
        setJacobian(points + 3 * i * FE);
        addAffine(twiceBases + 2 * t * FE, false);
        storeJacobian(points + 3 * (i + (1 << t)) * FE);
      }
    }
  }
  makeAffine(table, POINTS, BLOCKS * ENTRIES, PRODUCTS);
}

/**
 * Writes the signs of the scalar's bits to `to`: bit i set for +2^i. Even scalars have no such form, so n - k takes their place.
 *
 * @param k in [1, n-1]
 * @returns whether the signs are those of -k
 */
export function recodeComb(to: i32, k: i32, order: i32): bool {
  const negative = (word(k) & 1) === 0;
  let from = k;
  if (negative) {
    subtractNumbers(to, order, k);
    from = to;
  }
  for (let i = 0; i < WORDS; i++) setWord(to + i, bitsOf(from, 16 * i + 1, 16));
  setWord(to + WORDS - 1, word(to + WORDS - 1) | 0x8000);
  return negative;
}

/** Adds one column of a comb to the accumulator, which the caller doubles from column to column. */
export function addColumn(table: i32, signs: i32, negative: bool, column: i32): void {
  for (let block = 0; block < BLOCKS; block++) {
    let digit = 0;
    for (let t = 0; t < TEETH; t++) digit |= ((word(signs + TEETH * block + t) >> column) & 1) << t;
    const opposite = digit < ENTRIES;
    const entry = (opposite ? ~digit : digit) & (ENTRIES - 1);
    addAffine(table + 2 * (ENTRIES * block + entry) * FE, opposite !== negative);
  }
}
