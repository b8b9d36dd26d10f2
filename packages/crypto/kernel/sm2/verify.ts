// SM2 verification (GB/T 32918.2 §7.1) on public values only: keys, digests and signatures. It branches on and indexes by
// what it is given, so it must never see a private key or a nonce; signing and decryption are noble's.
//
// The host writes r, s, e, x, y at octets 0, 32, 64, 96, 128, each 32 octets, most significant first.
import { addColumn, buildTable, COLUMNS, recodeComb, TABLE } from './comb';
import { FE, fromWords, GX, GY, isZero, mul, reserve, setConstants, setWord, sqr, sub, word } from './machine';
import { addDigit, buildOddMultiples, NAF_DIGITS, NAF_END, recodeNaf } from './naf';
import { AX, AZ, double, isInfinite, isOnCurve, setInfinite, T0 } from './point';
import { addNumbers, isBelow, isZeroNumber, readNumber, setWords, subtractNumbers } from './words';

const R: i32 = 0;
const S: i32 = 16;
const E: i32 = 32;
const X: i32 = 48;
const Y: i32 = 64;
const T: i32 = 80;
const V: i32 = 96;
/** n, the order of G. */
const ORDER: i32 = 112;
/** p, the size of the field. */
const PRIME_WORDS: i32 = 128;
/** p - n. */
const GAP: i32 = 144;
const SIGNS_S: i32 = 160;
const SIGNS_T: i32 = 176;
const DIGITS_T: i32 = 192;
/** One word a slot: 1 when its table is filled. */
const FILLED: i32 = DIGITS_T + NAF_DIGITS;
/** Slot 0 is G's. */
const MOST_SLOTS: i32 = 256;

const PX: i32 = NAF_END;
const PY: i32 = PX + FE;
const TABLES: i32 = PY + FE;

/** What `verify` answers. */
const REFUSED: i32 = 0;
const ACCEPTED: i32 = 1;
const NOT_A_POINT: i32 = 2;

/** To be called once, before all others: sets the constants and fills G's table. */
export function initialise(): void {
  setConstants();
  setWords(ORDER + 12, 0xffff, 0xfffe, 0xffff, 0xffff);
  setWords(ORDER + 8, 0xffff, 0xffff, 0xffff, 0xffff);
  setWords(ORDER + 4, 0x7203, 0xdf6b, 0x21c6, 0x052b);
  setWords(ORDER, 0x53bb, 0xf409, 0x39d5, 0x4123);
  setWords(PRIME_WORDS + 12, 0xffff, 0xfffe, 0xffff, 0xffff);
  setWords(PRIME_WORDS + 8, 0xffff, 0xffff, 0xffff, 0xffff);
  setWords(PRIME_WORDS + 4, 0xffff, 0xffff, 0, 0);
  setWords(PRIME_WORDS, 0xffff, 0xffff, 0xffff, 0xffff);
  subtractNumbers(GAP, PRIME_WORDS, ORDER);
  fillSlot(0, GX, GY);
}

/** Whether x and y are below p and a point of the curve; readies them. The cofactor is 1, so the point has the order n. */
export function readPoint(): bool {
  readNumber(X, 96);
  readNumber(Y, 128);
  if (!isBelow(X, PRIME_WORDS)) return false;
  if (!isBelow(Y, PRIME_WORDS)) return false;
  fromWords(PX, X);
  fromWords(PY, Y);
  return isOnCurve(PX, PY);
}

/** Fills the table of a slot from 1 to 255 for the point x, y. False for a point not on the curve, or no memory. */
export function prepare(slot: i32): bool {
  if (slot < 1 || slot >= MOST_SLOTS) return false;
  setWord(FILLED + slot, 0);
  if (!readPoint()) return false;
  return fillSlot(slot, PX, PY);
}

function fillSlot(slot: i32, x: i32, y: i32): bool {
  if (!reserve(TABLES + (slot + 1) * TABLE)) return false;
  buildTable(TABLES + slot * TABLE, x, y);
  setWord(FILLED + slot, 1);
  return true;
}

/**
 * Verifies r, s over e. @param slot the key's, once prepared; 0 for the key x, y.
 * Answers 1 for a valid signature, 0 for any other, 2 for a key that is none.
 */
export function verify(slot: i32): i32 {
  if (slot < 0 || slot >= MOST_SLOTS || word(FILLED + slot) !== 1) return NOT_A_POINT;
  if (slot === 0 && !readPoint()) return NOT_A_POINT;
  readNumber(R, 0);
  readNumber(S, 32);
  readNumber(E, 64);
  if (isZeroNumber(R)) return REFUSED;
  if (!isBelow(R, ORDER)) return REFUSED;
  if (isZeroNumber(S)) return REFUSED;
  if (!isBelow(S, ORDER)) return REFUSED;
  // t = r + s
  const carry = addNumbers(T, R, S);
  if (carry !== 0 || !isBelow(T, ORDER)) subtractNumbers(T, T, ORDER);
  if (isZeroNumber(T)) return REFUSED;
  if (slot === 0) multiplyNew();
  else multiplyKnown(TABLES + slot * TABLE);
  if (isInfinite()) return REFUSED;
  return matches() ? ACCEPTED : REFUSED;
}

/** The accumulator becomes sG + tP by both tables. */
function multiplyKnown(table: i32): void {
  const negativeS = recodeComb(SIGNS_S, S, ORDER);
  const negativeT = recodeComb(SIGNS_T, T, ORDER);
  setInfinite();
  for (let column = COLUMNS - 1; column >= 0; column--) {
    double();
    addColumn(table, SIGNS_T, negativeT, column);
    addColumn(TABLES, SIGNS_S, negativeS, column);
  }
}

/** The accumulator becomes sG + tP; G's comb rides on the last doublings. */
function multiplyNew(): void {
  const negativeS = recodeComb(SIGNS_S, S, ORDER);
  recodeNaf(DIGITS_T, T);
  buildOddMultiples(PX, PY);
  setInfinite();
  for (let i = NAF_DIGITS - 1; i >= 0; i--) {
    double();
    addDigit(word(DIGITS_T + i));
    if (i < COLUMNS) addColumn(TABLES, SIGNS_S, negativeS, i);
  }
}

/** Whether (e + x) mod n = r, x being the accumulator's: x is r - e mod n, or that and n where it stays below p. */
function matches(): bool {
  // e may be n or more, and is below 2n.
  if (!isBelow(E, ORDER)) subtractNumbers(E, E, ORDER);
  if (subtractNumbers(V, R, E) !== 0) addNumbers(V, V, ORDER);
  sqr(T0, AZ);
  if (hasX(V)) return true;
  if (!isBelow(V, GAP)) return false;
  addNumbers(V, V, ORDER);
  return hasX(V);
}

/** Whether X = v·Z²; Z² is at T0. */
function hasX(v: i32): bool {
  fromWords(PX, v);
  mul(PX, PX, T0);
  sub(PX, PX, AX);
  return isZero(PX);
}
