import type { PublicKey, SignatureAlgorithm, VerifyOptions } from './algorithm.js';
import { decodeEcdsaSignature } from './ecdsa-signature.js';
import { CryptoError } from './error.js';
import { MAX_SM2_TABLES, SM2_TABLE_AFTER_USES } from './limits.js';
import { readSm2Point, Sm2, type Sm2Point } from './sm2-curve.js';
import { sm2Digest, sm2Z } from './sm2-digest.js';
import { sm2Components } from './sm2-signature.js';
import { sm3 } from './sm3.js';

/** SM2 verification, which never needs a promise. */
export interface Sm2Algorithm extends SignatureAlgorithm {
  verify(key: PublicKey, message: Uint8Array, signature: Uint8Array, options?: VerifyOptions): boolean;
  /** Z = SM3(ENTL || ID || a || b || G || P), 32 octets (GB/T 32918.2 §5.5). */
  messagePrefix(key: PublicKey, options?: VerifyOptions): Uint8Array;
  /** @param digest e = SM3(Z || M), 32 octets */
  verifyDigest(key: PublicKey, digest: Uint8Array, signature: Uint8Array): boolean;
}

export interface Sm2Options {
  /** Remember keys by object identity and build tables for those often used. Default true. */
  readonly cache?: boolean;
  /** Verifications with one key before its table is built. */
  readonly tableAfterUses?: number;
  /** Keys that may own a table at once; the least recently used loses its own. */
  readonly maxTables?: number;
}

/** A public key ready for use. */
interface PreparedKey {
  readonly point: Sm2Point;
  /** Z under the default identifier. */
  readonly z: Uint8Array;
}

/**
 * SM2 signatures with SM3 (GB/T 32918.2) over sm2p256v1. The signature value is strict DER.
 * Each call makes an algorithm with a cache of its own.
 *
 * `verify` throws CryptoError `KEY_UNSUPPORTED` for another kind of key, `KEY_INVALID` for one that is not
 * a point of the curve, `PARAMETERS_INVALID` for an identifier over 8191 octets.
 */
export function createSm2(options: Sm2Options = {}): Sm2Algorithm {
  const prepare = options.cache === false ? prepareKey : cachedKeys(options);
  return {
    name: 'SM2-SM3',
    signatureOids: ['1.2.156.10197.1.501'],
    keyOids: ['1.2.156.10197.1.301.1'],
    digest: 'SM3',
    parameters: 'null-or-absent',
    supportsKey,
    verify(key, message, signature, { distinguishingId } = {}) {
      const octets = sm2Octets(key);
      const { point, z } = prepare(key, octets);
      const components = decodeComponents(signature);
      if (components === undefined) return false;
      const e =
        distinguishingId === undefined
          ? sm3.create().update(z).update(message).digest()
          : sm2Digest(octets, message, distinguishingId);
      return satisfies(point, e, components);
    },
    messagePrefix(key, { distinguishingId } = {}) {
      const octets = sm2Octets(key);
      return distinguishingId === undefined ? prepare(key, octets).z : sm2Z(octets, distinguishingId);
    },
    verifyDigest(key, digest, signature) {
      if (digest.length !== 32) throw new TypeError('an SM2 digest has 32 octets');
      const { point } = prepare(key, sm2Octets(key));
      const components = decodeComponents(signature);
      return components !== undefined && satisfies(point, digest, components);
    },
  };
}

/** SM2 without a cache: every call reads the key anew. Use {@link createSm2} where many signatures are verified. */
export const sm2: Sm2Algorithm = /*#__PURE__*/ createSm2({ cache: false });

function supportsKey(key: PublicKey): boolean {
  return key.kty === 'EC' && key.crv === 'SM2';
}

function sm2Octets(key: PublicKey): Uint8Array {
  if (key.kty !== 'EC' || key.crv !== 'SM2') throw new CryptoError('KEY_UNSUPPORTED', 'not an SM2 public key');
  return key.point;
}

function decodeComponents(signature: Uint8Array): ReturnType<typeof sm2Components> {
  const raw = decodeEcdsaSignature(signature, 32);
  return raw === undefined ? undefined : sm2Components(raw);
}

/** GB/T 32918.2 §7.1 steps B3 to B7. Every input is public. */
function satisfies(point: Sm2Point, e: Uint8Array, { r, s }: { r: bigint; s: bigint }): boolean {
  const { Fn } = Sm2;
  const t = Fn.add(r, s);
  if (Fn.is0(t)) return false;
  const sum = Sm2.BASE.multiplyUnsafe(s).add(point.multiplyUnsafe(t));
  if (sum.is0()) return false;
  const x = sum.toAffine().x;
  return Fn.create(integer(e) + x) === r;
}

function integer(octets: Uint8Array): bigint {
  const view = new DataView(octets.buffer, octets.byteOffset, 32);
  return (
    (view.getBigUint64(0, false) << 192n) |
    (view.getBigUint64(8, false) << 128n) |
    (view.getBigUint64(16, false) << 64n) |
    view.getBigUint64(24, false)
  );
}

function prepareKey(_key: PublicKey, octets: Uint8Array): PreparedKey {
  return { point: readSm2Point(octets), z: sm2Z(octets) };
}

/**
 * Remembers prepared keys for as long as their PublicKey object lives, and gives the most used a window
 * table. Tables are counted, since one takes far more room than the key it belongs to.
 */
function cachedKeys({ tableAfterUses = SM2_TABLE_AFTER_USES, maxTables = MAX_SM2_TABLES }: Sm2Options): typeof prepareKey {
  const entries = new WeakMap<PublicKey, PreparedKey & { uses: number }>();
  const tables = new Set<Sm2Point>(); // insertion order is recency
  return (key, octets) => {
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { ...prepareKey(key, octets), uses: 0 };
      entries.set(key, entry);
    }
    entry.uses++;
    const { point } = entry;
    if (tables.delete(point)) {
      tables.add(point);
    } else if (entry.uses > tableAfterUses && maxTables > 0) {
      if (tables.size >= maxTables) {
        const [oldest] = tables;
        tables.delete(oldest!);
        oldest!.precompute(1); // window 1 is noble's "no table"
      }
      point.precompute(5);
      tables.add(point);
    }
    return entry;
  };
}
