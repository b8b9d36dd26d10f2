import type { PublicKey, SignatureAlgorithm, VerifyOptions } from './algorithm.js';
import { createSm2JavaScript } from './sm2-kernel-javascript.js';
import { Sm2Kernel } from './sm2-kernel.js';
import { SM2_NAMES, sm2OnKernel, sm2Starter, type Sm2KeyOptions, type Sm2Running } from './sm2-on-kernel.js';
import { sm2KernelLater, sm2KernelNow } from './sm2-wasm.js';
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

export interface Sm2Options extends Sm2KeyOptions {
  /** The platform's `WebAssembly`. Without it, or where it is refused, plain JavaScript verifies, about three times slower. */
  readonly wasm?: WasmEngine;
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
  const { wasm } = options;
  const start = sm2Starter(options);
  let running: Sm2Running | undefined;
  function run(): Sm2Running {
    if (running !== undefined) return running;
    const kernel = wasm === undefined ? undefined : sm2KernelNow(wasm);
    return (running = kernel === undefined ? start(new Sm2Kernel(createSm2JavaScript()), 'javascript') : start(kernel, 'wasm'));
  }
  const { prepareKeys, ...checks } = sm2OnKernel(run, options.sm3);
  return {
    ...SM2_NAMES,
    ...checks,
    async warmUp(keys = []) {
      if (wasm !== undefined && running?.machine !== 'wasm') {
        const kernel = await sm2KernelLater(wasm);
        if (kernel !== undefined) running = start(kernel, 'wasm');
      }
      prepareKeys(keys);
      return run().machine;
    },
  };
}

/** SM2 in plain JavaScript without a cache: every call reads the key anew. Use {@link createSm2} where many signatures are verified. */
export const sm2: Sm2Algorithm = /*#__PURE__*/ createSm2({ cache: false });
