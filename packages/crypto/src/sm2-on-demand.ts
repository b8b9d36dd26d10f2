import type { PublicKey, SignatureAlgorithm } from './algorithm.js';
import { CryptoError } from './error.js';
import { sm2Z } from './sm2-digest.js';
import { Sm2Kernel } from './sm2-kernel.js';
import { assertSm2Point } from './sm2-keys.js';
import { SM2_NAMES, sm2Octets, sm2OnKernel, sm2Starter, type Sm2Running } from './sm2-on-kernel.js';
import type { Sm2Options } from './sm2.js';

/** SM2 verification whose kernel is loaded at the first signature, and answers with a promise until then. */
export interface Sm2OnDemand extends SignatureAlgorithm {
  messagePrefix: NonNullable<SignatureAlgorithm['messagePrefix']>;
  verifyDigest: NonNullable<SignatureAlgorithm['verifyDigest']>;
  /** As of `createSm2`. @throws CryptoError also `PROVIDER_FAILED`, where the kernel could not be loaded */
  warmUp(keys?: readonly PublicKey[]): Promise<'wasm' | 'javascript'>;
}

/**
 * As `createSm2`, with the same answers, for pages: a bundler makes chunks of the kernel in WebAssembly and of the one in plain
 * JavaScript, so a page that meets no SM2 loads neither, and one whose policy allows WebAssembly never the second.
 *
 * @throws TypeError as `createSm2`
 */
export function createSm2OnDemand(options: Sm2Options = {}): Sm2OnDemand {
  const { wasm, sm3 } = options;
  const start = sm2Starter(options);
  let running: Sm2Running | undefined;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    try {
      const kernel = wasm === undefined ? undefined : await (await import('./sm2-wasm.js')).sm2KernelLater(wasm);
      running = kernel === undefined ? start(new Sm2Kernel((await import('./sm2-kernel-javascript.js')).createSm2JavaScript()), 'javascript') : start(kernel, 'wasm');
    } catch (cause) {
      loading = undefined; // a refusal may be of the moment
      throw new CryptoError('PROVIDER_FAILED', 'the SM2 kernel could not be loaded', { cause });
    }
  }
  const ready = <T>(act: () => T): T | Promise<T> => (running === undefined ? (loading ??= load()).then(act) : act());
  const checks = sm2OnKernel(() => running!, sm3);

  return {
    ...SM2_NAMES,
    verify: (key, message, signature, given) => ready(() => checks.verify(key, message, signature, given)),
    verifyDigest: (key, digest, signature) => ready(() => checks.verifyDigest(key, digest, signature)),
    messagePrefix(key, given = {}) {
      if (running !== undefined) return checks.messagePrefix(key, given);
      const point = sm2Octets(key);
      assertSm2Point(point);
      return sm2Z(point, given.distinguishingId, sm3);
    },
    async warmUp(keys = []) {
      await ready(() => checks.prepareKeys(keys));
      return running!.machine;
    },
  };
}
