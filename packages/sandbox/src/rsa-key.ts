import { constants, createPrivateKey, createPublicKey, publicEncrypt, type KeyObject } from 'node:crypto';
import type { Seed } from './seed.js';

/** Odd candidates looked at beyond the start: the chance that 2^14 hold no prime of 1024 bits is below 2^-60. */
const WINDOW = 1 << 14;
/** Sieve bound: trial division by these leaves about one candidate in eighteen. */
const SIEVE_BOUND = 20_000;
/** Bases of Miller-Rabin rounds for numbers that nobody chose against us; `checkPrime` makes 64 rounds, whatever it is asked for. */
const BASES = [2n, 3n, 5n, 7n, 11n] as const;
const E = 65_537n;

/**
 * An RSA-2048 key derived from the seed: the same name gives the same key. A toy, whose private half is known
 * to everyone with the seed.
 */
export function deriveRsaKey(seed: Seed, name: string): KeyObject {
  const primes = oddPrimes();
  const p = prime(seed, `${name}/p`, primes);
  const q = prime(seed, `${name}/q`, primes);
  if (p === q) throw new TypeError('one name gave the same prime twice');
  const phi = (p - 1n) * (q - 1n);
  const d = inverse(E, phi);
  return createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'RSA', n: member(p * q), e: member(E), d: member(d), p: member(p), q: member(q),
      dp: member(d % (p - 1n)), dq: member(d % (q - 1n)), qi: member(inverse(q, p)),
    },
  });
}

/** The first prime at or after a drawn odd number of 1024 bits whose two top bits are set, with p - 1 prime to e. */
function prime(seed: Seed, name: string, small: readonly number[]): bigint {
  for (let attempt = 0; ; attempt++) {
    const octets = seed.bytes(`${name}/${attempt}`, 128);
    octets[0]! |= 0xc0;
    octets[127]! |= 1;
    const start = BigInt(`0x${Buffer.from(octets).toString('hex')}`);
    const composite = new Uint8Array(WINDOW);
    for (const factor of small) {
      const remainder = Number(start % BigInt(factor));
      let step = (factor - remainder) % factor;
      if (step % 2 === 1) step += factor;
      for (let i = step / 2; i < WINDOW; i += factor) composite[i] = 1;
    }
    for (let i = 0; i < WINDOW; i++) {
      if (composite[i] === 1) continue;
      const candidate = start + BigInt(2 * i);
      if (candidate % E !== 1n && isProbablePrime(candidate)) return candidate;
    }
  }
}

/** FIPS 186-5 B.3.1 with fixed bases, of an odd number of 1024 bits. */
function isProbablePrime(candidate: bigint): boolean {
  let odd = candidate - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  // x^odd mod candidate is what RSA's public operation does, and the platform's is thirty times as fast as BigInt.
  const key = createPublicKey({ format: 'jwk', key: { kty: 'RSA', n: member(candidate), e: member(odd) } });
  return BASES.every((base) => {
    const block = Buffer.from(base.toString(16).padStart(256, '0'), 'hex');
    let z = BigInt(`0x${publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block).toString('hex')}`);
    if (z === 1n) return true;
    for (let squared = 1; squared < twos && z !== candidate - 1n; squared++) z = (z * z) % candidate;
    return z === candidate - 1n;
  });
}

function oddPrimes(): number[] {
  const found: number[] = [];
  const composite = new Uint8Array(SIEVE_BOUND);
  for (let i = 3; i < SIEVE_BOUND; i += 2) {
    if (composite[i] === 1) continue;
    found.push(i);
    for (let j = i * i; j < SIEVE_BOUND; j += i) composite[j] = 1;
  }
  return found;
}

/** a^-1 mod m, by Euclid. */
function inverse(a: bigint, m: bigint): bigint {
  let [old, current] = [a % m, m];
  let [x, y] = [1n, 0n];
  while (current !== 0n) {
    const quotient = old / current;
    [old, current] = [current, old - quotient * current];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % m) + m) % m;
}

/** A number as a JWK has it (RFC 7518 §2, Base64urlUInt). */
function member(value: bigint): string {
  const text = value.toString(16);
  return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, 'hex').toString('base64url');
}
