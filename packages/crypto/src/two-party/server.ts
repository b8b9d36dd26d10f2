import { invertCt } from '@noble/curves/abstract/modular.js';
import { CryptoError } from '../error.js';
import { Sm2 } from '../sm2-curve.js';
import type { ServerAnswer } from './client.js';
import { readPoint, readScalar, secretScalar } from './scalar.js';

/** The server's half of {@link ClientShare}'s key. */
export interface ServerShare {
  /** d2, 32 octets. Secret. */
  readonly share: Uint8Array;
  /** P, 04 || X || Y: the key of both. */
  readonly publicKey: Uint8Array;
}

/**
 * Makes the key of both halves.
 * @param point P1 of the client @param random 48 fresh octets or more
 * @throws CryptoError `KEY_INVALID` for a P1 that is no point of the curve, or makes none
 */
export function createServerShare(point: Uint8Array, random: Uint8Array): ServerShare {
  const { Fn } = Sm2;
  const p1 = requirePoint(point);
  const d2 = secretScalar(random, new TextEncoder().encode('d2'), point);
  const key = p1.multiply(invertCt(d2, Fn.ORDER)).subtract(Sm2.BASE);
  if (key.is0()) throw new CryptoError('KEY_INVALID', 'these halves make no key');
  return { share: Fn.toBytes(d2), publicKey: key.toBytes(false) };
}

/**
 * Answers one round.
 * @param input.digest e, 32 octets @param input.q1 of the client @param input.random 96 fresh octets or more, never used before
 * @throws CryptoError `KEY_INVALID` for a Q1 that is no point of the curve; in the 2^-256 case that no answer exists, too
 */
export function answerRound(input: { readonly share: Uint8Array; readonly digest: Uint8Array; readonly q1: Uint8Array; readonly random: Uint8Array }): ServerAnswer {
  const { Fn } = Sm2;
  const { digest, random } = input;
  if (digest.length !== 32) throw new TypeError('an SM2 digest has 32 octets');
  const d2 = readScalar(input.share);
  if (d2 === undefined) throw new CryptoError('KEY_INVALID', 'a share is 32 octets with a value from 1 to n-1');
  const q1 = requirePoint(input.q1);
  const half = random.length >>> 1;
  const k2 = secretScalar(random.subarray(0, half), new TextEncoder().encode('k2'), digest, input.q1);
  const k3 = secretScalar(random.subarray(half), new TextEncoder().encode('k3'), digest, input.q1);
  const { x } = q1.multiply(k3).add(Sm2.BASE.multiply(k2)).toAffine();
  const r = Fn.create(Fn.fromBytes(digest, true) + x);
  const s3 = Fn.mul(d2, Fn.add(r, k2));
  if (Fn.is0(r) || Fn.is0(s3)) throw new CryptoError('KEY_INVALID', 'this round has no answer');
  return { r: Fn.toBytes(r), s2: Fn.toBytes(Fn.mul(d2, k3)), s3: Fn.toBytes(s3) };
}

function requirePoint(octets: Uint8Array): NonNullable<ReturnType<typeof readPoint>> {
  const point = readPoint(octets);
  if (point === undefined) throw new CryptoError('KEY_INVALID', 'no point of the curve: 04 || X || Y');
  return point;
}
