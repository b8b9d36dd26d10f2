import { invertCt } from '@noble/curves/abstract/modular.js';
import { encodeEcdsaSignature } from '../ecdsa-signature.js';
import { Sm2 } from '../sm2-curve.js';
import { sm2 } from '../sm2.js';
import { readPoint, readScalar, secretScalar } from './scalar.js';

/**
 * Two-party SM2 signing as several vendors deploy it, the client's half. **A vendor protocol without a security proof of ours**:
 * it is here to work with what is deployed.
 *
 * Keys: the client has d1, sends P1 = [1/d1]G; the server has d2 and answers P = [1/d2]P1 - G, so that the private key is d = 1/(d1 d2) - 1.
 * A signature: the client sends e and Q1 = [k1]G; the server, with (x, y) = [k3]Q1 + [k2]G, answers r = e + x, s2 = d2 k3 and s3 = d2 (r + k2);
 * s = d1 k1 s2 + d1 s3 - r.
 *
 * An s that does not verify gives d1 away (with s2 = 0, d1 = (s + r)/s3), as do two values with one k1: nothing leaves here that was not verified,
 * and a k1 lives for one answer. JavaScript's big integers are not constant-time.
 */
export interface ClientShare {
  /** d1, 32 octets. Secret. */
  readonly share: Uint8Array;
  /** P1, 04 || X || Y, for the server. */
  readonly point: Uint8Array;
}

/** What the server answers, 32 octets each. */
export interface ServerAnswer {
  readonly r: Uint8Array;
  readonly s2: Uint8Array;
  readonly s3: Uint8Array;
}

/** `aborted`: the server did not do its part. The share must not be used again before somebody has found out why. */
export type RoundResult = { readonly state: 'signed'; /** DER, verified. */ readonly signature: Uint8Array } | { readonly state: 'aborted'; readonly reason: 'out-of-range' | 'not-verified' };

/** One signature under way. */
export interface ClientRound {
  /** Q1, 04 || X || Y. Sent once: whoever asks again opens another round. */
  readonly q1: Uint8Array;
  /**
   * Once. Erases k1, whatever comes of it.
   * @param share d1, 32 octets
   * @throws TypeError the second time, after `discard`, and for a share that is none
   */
  finish(share: Uint8Array, answer: ServerAnswer): RoundResult;
  /** No answer came, or none that is one. */
  discard(): void;
}

/** A new share. @param random 48 fresh octets or more @throws TypeError */
export function createClientShare(random: Uint8Array): ClientShare {
  const { Fn } = Sm2;
  const d1 = secretScalar(random, new TextEncoder().encode('d1'));
  return { share: Fn.toBytes(d1), point: Sm2.BASE.multiply(invertCt(d1, Fn.ORDER)).toBytes(false) };
}

/** Whether 04 || X || Y is a point of the curve, and not G or its inverse, whose keys are no secret. */
export function isPublicPoint(octets: Uint8Array): boolean {
  const point = readPoint(octets);
  return point !== undefined && !point.equals(Sm2.BASE) && !point.equals(Sm2.BASE.negate());
}

/**
 * Opens a round for one digest.
 * @param input.digest e, 32 octets @param input.publicKey P, 04 || X || Y @param input.random 48 fresh octets or more, never used before
 * @throws TypeError
 */
export function openClientRound(input: { readonly digest: Uint8Array; readonly publicKey: Uint8Array; readonly random: Uint8Array }): ClientRound {
  const { Fn } = Sm2;
  const { digest, publicKey } = input;
  if (digest.length !== 32) throw new TypeError('an SM2 digest has 32 octets');
  if (!isPublicPoint(publicKey)) throw new TypeError('the public key is no point of the curve');
  let k1: bigint | undefined = secretScalar(input.random, new TextEncoder().encode('k1'), digest, publicKey);
  return {
    q1: Sm2.BASE.multiply(k1).toBytes(false),
    finish(share, answer) {
      const nonce = k1;
      k1 = undefined;
      if (nonce === undefined) throw new TypeError('a round is finished once');
      const d1 = readScalar(share);
      if (d1 === undefined) throw new TypeError('a share is 32 octets with a value from 1 to n-1');
      const [r, s2, s3] = [readScalar(answer.r), readScalar(answer.s2), readScalar(answer.s3)];
      if (r === undefined || s2 === undefined || s3 === undefined) return { state: 'aborted', reason: 'out-of-range' };
      const s = Fn.sub(Fn.mul(d1, Fn.add(Fn.mul(nonce, s2), s3)), r);
      if (Fn.is0(s) || Fn.is0(Fn.add(r, s))) return { state: 'aborted', reason: 'not-verified' };
      const signature = encodeEcdsaSignature(Fn.toBytes(r), Fn.toBytes(s));
      if (sm2.verifyDigest!({ kty: 'EC', crv: 'SM2', point: publicKey }, digest, signature) !== true) return { state: 'aborted', reason: 'not-verified' };
      return { state: 'signed', signature };
    },
    discard() {
      k1 = undefined;
    },
  };
}
