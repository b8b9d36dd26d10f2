import type { DigestAlgorithm, PublicKey, SignatureAlgorithm, VerifyOptions } from './algorithm.js';
import { decodeEcdsaSignature } from './ecdsa-signature.js';
import { CryptoError } from './error.js';
import { MAX_SM2_KEYS, MAX_SM2_TABLES, SM2_TABLE_AFTER_USES } from './limits.js';
import { sm2Z } from './sm2-digest.js';
import { MAX_KERNEL_SLOTS, Sm2Kernel } from './sm2-kernel.js';
import { readSm2Key, type Sm2Key, Sm2Keys } from './sm2-keys.js';
import { sm3 } from './sm3.js';
import type { WasmEngine } from './wasm.js';

/** SM2 verification, which never needs a promise. */
export interface Sm2Algorithm extends SignatureAlgorithm {
  verify(key: PublicKey, message: Uint8Array, signature: Uint8Array, options?: VerifyOptions): boolean;
  /** Z = SM3(ENTL || ID || a || b || G || P), 32 octets (GB/T 32918.2 §5.5). */
  messagePrefix(key: PublicKey, options?: VerifyOptions): Uint8Array;
  /** @param digest e = SM3(Z || M), 32 octets */
  verifyDigest(key: PublicKey, digest: Uint8Array, signature: Uint8Array): boolean;
  /**
   * Readies what the first verification would wait for, and builds the tables of keys that will come often, such as a trust
   * list's CAs. In a page this is also the way to WebAssembly where the browser compiles nothing large on its main thread;
   * until then plain JavaScript verifies, with the same answers.
   *
   * @returns what verifies from now on
   * @throws CryptoError as `verify`, for the keys
   */
  warmUp(keys?: readonly PublicKey[]): Promise<'wasm' | 'javascript'>;
}

export interface Sm2Options {
  /** The platform's `WebAssembly`. Without it, or where it is refused, plain JavaScript verifies, about three times slower. */
  readonly wasm?: WasmEngine;
  /** SM3 for messages and Z. Default: the one in plain JavaScript. */
  readonly sm3?: DigestAlgorithm;
  /** Remember keys by their octets, and build tables for those often used. Default true. */
  readonly cache?: boolean;
  /** Verifications with one key before its table is built. */
  readonly tableAfterUses?: number;
  /** Keys that may own a table at once, at most 255; the least recently used loses its own. */
  readonly maxTables?: number;
}

/**
 * SM2 signatures with SM3 (GB/T 32918.2) over sm2p256v1. The signature value is strict DER.
 * Each call makes an algorithm with a kernel and a cache of its own, on first use.
 *
 * `verify` throws CryptoError `KEY_UNSUPPORTED` for another kind of key, `KEY_INVALID` for one that is not
 * a point of the curve, `PARAMETERS_INVALID` for an identifier over 8191 octets.
 *
 * @throws TypeError for `maxTables` out of range
 */
export function createSm2(options: Sm2Options = {}): Sm2Algorithm {
  const { wasm, sm3: digest = sm3, cache = true, tableAfterUses = SM2_TABLE_AFTER_USES, maxTables = MAX_SM2_TABLES } = options;
  if (!Number.isInteger(maxTables) || maxTables < 0 || maxTables > MAX_KERNEL_SLOTS) {
    throw new TypeError(`maxTables is a whole number up to ${MAX_KERNEL_SLOTS}`);
  }
  let running: Running | undefined;

  function start(kernel: Sm2Kernel, machine: Running['machine']): Running {
    running = { machine, kernel, keys: cache ? new Sm2Keys(kernel, { maxKeys: MAX_SM2_KEYS, maxTables, tableAfterUses }) : undefined };
    return running;
  }
  function run(): Running {
    if (running !== undefined) return running;
    const kernel = wasm === undefined ? undefined : Sm2Kernel.now(wasm);
    return kernel === undefined ? start(Sm2Kernel.javaScript(), 'javascript') : start(kernel, 'wasm');
  }
  function prepare(key: PublicKey): Sm2Key {
    const point = sm2Octets(key);
    const { kernel, keys } = run();
    return keys === undefined ? readSm2Key(kernel, point) : keys.get(point);
  }
  function prefix(key: Sm2Key, distinguishingId: Uint8Array | undefined): Uint8Array {
    if (distinguishingId !== undefined) return sm2Z(key.point, distinguishingId, digest);
    key.z ??= sm2Z(key.point, undefined, digest);
    return key.z;
  }
  /** GB/T 32918.2 §7.1 from B1 on; `digestOf` gives e. */
  function check(key: Sm2Key, signature: Uint8Array, digestOf: () => Uint8Array): boolean {
    const components = decodeEcdsaSignature(signature, 32);
    return components !== undefined && run().kernel.verify(key.slot === 0 ? key.point : key.slot, components, digestOf());
  }

  return {
    name: 'SM2-SM3',
    signatureOids: ['1.2.156.10197.1.501'],
    keyOids: ['1.2.156.10197.1.301.1'],
    digest: 'SM3',
    parameters: 'null-or-absent',
    supportsKey,
    verify(key, message, signature, { distinguishingId } = {}) {
      const prepared = prepare(key);
      const z = prefix(prepared, distinguishingId);
      return check(prepared, signature, () => digest.create().update(z).update(message).digest());
    },
    messagePrefix(key, { distinguishingId } = {}) {
      return prefix(prepare(key), distinguishingId).slice();
    },
    verifyDigest(key, e, signature) {
      if (e.length !== 32) throw new TypeError('an SM2 digest has 32 octets');
      return check(prepare(key), signature, () => e);
    },
    async warmUp(keys = []) {
      if (wasm !== undefined && running?.machine !== 'wasm') {
        const kernel = await Sm2Kernel.later(wasm);
        if (kernel !== undefined) start(kernel, 'wasm');
      }
      const { machine, keys: known } = run();
      for (const key of keys) {
        const prepared = prepare(key);
        known?.prepare(prepared);
      }
      return machine;
    },
  };
}

interface Running {
  readonly machine: 'wasm' | 'javascript';
  readonly kernel: Sm2Kernel;
  readonly keys: Sm2Keys | undefined;
}

/** SM2 in plain JavaScript without a cache: every call reads the key anew. Use {@link createSm2} where many signatures are verified. */
export const sm2: Sm2Algorithm = /*#__PURE__*/ createSm2({ cache: false });

function supportsKey(key: PublicKey): boolean {
  return key.kty === 'EC' && key.crv === 'SM2';
}

function sm2Octets(key: PublicKey): Uint8Array {
  if (key.kty !== 'EC' || key.crv !== 'SM2') throw new CryptoError('KEY_UNSUPPORTED', 'not an SM2 public key');
  return key.point;
}
