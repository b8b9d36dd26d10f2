import type { DigestAlgorithm, PublicKey, SignatureAlgorithm, VerifyOptions } from './algorithm.js';
import { decodeEcdsaSignature } from './ecdsa-signature.js';
import { CryptoError } from './error.js';
import { MAX_SM2_KEYS, MAX_SM2_TABLES, SM2_TABLE_AFTER_USES } from './limits.js';
import { sm2Z } from './sm2-digest.js';
import { MAX_KERNEL_SLOTS, type Sm2Kernel } from './sm2-kernel.js';
import { readSm2Key, type Sm2Key, Sm2Keys } from './sm2-keys.js';
import { sm3 } from './sm3.js';

/** How keys are kept, and what hashes. */
export interface Sm2KeyOptions {
  /** SM3 for messages and Z. Default: the one in plain JavaScript. */
  readonly sm3?: DigestAlgorithm;
  /** Remember keys by their octets, and build tables for those often used. Default true. */
  readonly cache?: boolean;
  /** Verifications with one key before its table is built. */
  readonly tableAfterUses?: number;
  /** Keys that may own a table at once, at most 255; the least recently used loses its own. */
  readonly maxTables?: number;
}

/** What verifies: a kernel with the keys it knows. */
export interface Sm2Running {
  readonly machine: 'wasm' | 'javascript';
  readonly kernel: Sm2Kernel;
  readonly keys: Sm2Keys | undefined;
}

/** How a kernel is taken into use. @throws TypeError for `maxTables` out of range */
export function sm2Starter({ cache = true, tableAfterUses = SM2_TABLE_AFTER_USES, maxTables = MAX_SM2_TABLES }: Sm2KeyOptions): (kernel: Sm2Kernel, machine: Sm2Running['machine']) => Sm2Running {
  if (!Number.isInteger(maxTables) || maxTables < 0 || maxTables > MAX_KERNEL_SLOTS) {
    throw new TypeError(`maxTables is a whole number up to ${MAX_KERNEL_SLOTS}`);
  }
  return (kernel, machine) => ({ machine, kernel, keys: cache ? new Sm2Keys(kernel, { maxKeys: MAX_SM2_KEYS, maxTables, tableAfterUses }) : undefined });
}

/** What SM2 is called, and which keys are its own. */
export const SM2_NAMES: Pick<SignatureAlgorithm, 'name' | 'signatureOids' | 'keyOids' | 'digest' | 'parameters' | 'supportsKey'> = {
  name: 'SM2-SM3',
  signatureOids: ['1.2.156.10197.1.501'],
  keyOids: ['1.2.156.10197.1.301.1'],
  digest: 'SM3',
  parameters: 'null-or-absent',
  supportsKey: (key) => key.kty === 'EC' && key.crv === 'SM2',
};

/** The checks of SM2 on whatever kernel `run` gives. */
export interface Sm2OnKernel {
  verify(key: PublicKey, message: Uint8Array, signature: Uint8Array, options?: VerifyOptions): boolean;
  messagePrefix(key: PublicKey, options?: VerifyOptions): Uint8Array;
  verifyDigest(key: PublicKey, digest: Uint8Array, signature: Uint8Array): boolean;
  /** Builds tables. */
  prepareKeys(keys: readonly PublicKey[]): void;
}

export function sm2OnKernel(run: () => Sm2Running, digest: DigestAlgorithm = sm3): Sm2OnKernel {
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
    prepareKeys(keys) {
      const { keys: known } = run();
      for (const key of keys) {
        const prepared = prepare(key);
        known?.prepare(prepared);
      }
    },
  };
}

/** @throws CryptoError `KEY_UNSUPPORTED` */
export function sm2Octets(key: PublicKey): Uint8Array {
  if (key.kty !== 'EC' || key.crv !== 'SM2') throw new CryptoError('KEY_UNSUPPORTED', 'not an SM2 public key');
  return key.point;
}
