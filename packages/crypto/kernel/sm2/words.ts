// Numbers modulo n and 2^256: 16 words of 16 bits, least significant first, so that 32-bit integers never overflow.
import { octet, setWord, word } from './machine';

export const WORDS: i32 = 16;

/** Reads 32 octets, most significant first. */
export function readNumber(to: i32, from: i32): void {
  for (let i = 0; i < WORDS; i++) {
    const at = from + 30 - 2 * i;
    setWord(to + i, (octet(at) << 8) | octet(at + 1));
  }
}

/** Sets 64 bits of a constant, given as four words, the most significant first. */
export function setWords(to: i32, w3: i32, w2: i32, w1: i32, w0: i32): void {
  setWord(to, w0);
  setWord(to + 1, w1);
  setWord(to + 2, w2);
  setWord(to + 3, w3);
}

export function isZeroNumber(a: i32): bool {
  let any = 0;
  for (let i = 0; i < WORDS; i++) any |= word(a + i);
  return any === 0;
}

export function isBelow(a: i32, b: i32): bool {
  for (let i = WORDS - 1; i >= 0; i--) {
    if (word(a + i) !== word(b + i)) return word(a + i) < word(b + i);
  }
  return false;
}

/** to = a + b modulo 2^256; gives the carry. */
export function addNumbers(to: i32, a: i32, b: i32): i32 {
  let carry = 0;
  for (let i = 0; i < WORDS; i++) {
    carry += word(a + i) + word(b + i);
    setWord(to + i, carry & 0xffff);
    carry >>= 16;
  }
  return carry;
}

/** to = a - b modulo 2^256; gives 0, or -1 for a borrow. */
export function subtractNumbers(to: i32, a: i32, b: i32): i32 {
  let borrow = 0;
  for (let i = 0; i < WORDS; i++) {
    borrow += word(a + i) - word(b + i);
    setWord(to + i, borrow & 0xffff);
    borrow >>= 16;
  }
  return borrow;
}

/** `count` bits, at most 16, from bit `at` upwards; zeros above bit 255. */
export function bitsOf(a: i32, at: i32, count: i32): i32 {
  const i = at >> 4;
  let value = i < WORDS ? word(a + i) : 0;
  if (i + 1 < WORDS) value |= word(a + i + 1) << 16;
  return (value >>> (at & 15)) & ((1 << count) - 1);
}
