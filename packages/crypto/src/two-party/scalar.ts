import { mapHashToField } from '@noble/curves/abstract/modular.js';
import { Sm2 } from '../sm2-curve.js';
import { hmac } from '../hmac.js';
import { sm3 } from '../sm3.js';

/** Random octets a scalar is made of, at least. */
export const SCALAR_ENTROPY = 48;

/**
 * A secret scalar in [1, n-1] from fresh random octets (FIPS 186-5 §A.2.1, extra bits), bound to its context: a source that repeats
 * itself gives another scalar where the context differs.
 * @throws TypeError for fewer than 48 octets
 */
export function secretScalar(random: Uint8Array, ...context: readonly Uint8Array[]): bigint {
  if (random.length < SCALAR_ENTROPY) throw new TypeError(`a secret scalar takes ${SCALAR_ENTROPY} random octets or more`);
  const block = (index: number): Uint8Array => hmac(sm3, random, joined([Uint8Array.of(index), ...context]));
  const seed = joined([block(1), block(2)]);
  const scalar = mapHashToField(seed, Sm2.Fn.ORDER);
  seed.fill(0);
  return Sm2.Fn.fromBytes(scalar);
}

/** A scalar in [1, n-1] of 32 octets; undefined for any other. */
export function readScalar(octets: Uint8Array): bigint | undefined {
  if (octets.length !== 32) return undefined;
  const value = Sm2.Fn.fromBytes(octets, true);
  return Sm2.Fn.isValidNot0(value) ? value : undefined;
}

/** A point 04 || X || Y on the curve and not at infinity; undefined for any other. */
export function readPoint(octets: Uint8Array): ReturnType<typeof Sm2.fromBytes> | undefined {
  if (octets.length !== 65 || octets[0] !== 0x04) return undefined;
  try {
    const point = Sm2.fromBytes(octets);
    point.assertValidity();
    return point;
  } catch {
    return undefined;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
