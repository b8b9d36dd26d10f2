import type { DigestAlgorithm, Hasher } from './algorithm.js';
import { BlockHasher, type BlockState, type Compression } from './block-hasher.js';
import { kernelCompression, type BlockKernelExports } from './block-kernel.js';
import { SM3_KERNEL_WASM } from './sm3-kernel-wasm.js';
import { sm3, START } from './sm3.js';
import { instantiate, instantiateNow, type WasmEngine } from './wasm.js';

/** SM3 that can be made ready ahead of its first use. */
export interface Sm3Algorithm extends DigestAlgorithm {
  /** Compiles beside the caller, for browsers that compile nothing large on their main thread. @returns what hashes from now on */
  warmUp(): Promise<'wasm' | 'javascript'>;
}

/** Before the first octet. */
export const SM3_START: BlockState = { words: /*#__PURE__*/ Uint32Array.from(START), length: 0, rest: /*#__PURE__*/ new Uint8Array(0) };

/**
 * SM3 (GB/T 32905-2016) in WebAssembly, or in plain JavaScript where that is refused; compiled on first use. Running digests
 * are independent of one another.
 *
 * @param wasm the platform's `WebAssembly`
 */
export function createSm3(wasm: WasmEngine): Sm3Algorithm {
  let kernel: Compression | undefined;
  let refused = false;
  function compress(): Compression | undefined {
    if (kernel !== undefined || refused) return kernel;
    const exports = instantiateNow<BlockKernelExports>(wasm, SM3_KERNEL_WASM);
    if (exports === undefined) refused = true;
    else kernel = kernelCompression(exports);
    return kernel;
  }
  function create(): Hasher {
    const ready = compress();
    return ready === undefined ? sm3.create() : new BlockHasher(ready, SM3_START);
  }
  return {
    ...sm3,
    digest: (data) => create().update(data).digest(),
    create,
    async warmUp() {
      if (kernel === undefined) {
        const exports = await instantiate<BlockKernelExports>(wasm, SM3_KERNEL_WASM);
        if (exports !== undefined) kernel ??= kernelCompression(exports);
      }
      return kernel === undefined ? 'javascript' : 'wasm';
    },
  };
}
