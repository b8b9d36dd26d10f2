import type { DigestAlgorithm, Hasher } from './algorithm.js';
import { SM3_KERNEL_WASM } from './sm3-kernel-wasm.js';
import { sm3 } from './sm3.js';
import { instantiate, instantiateNow, type WasmEngine } from './wasm.js';

/** SM3 that can be made ready ahead of its first use. */
export interface Sm3Algorithm extends DigestAlgorithm {
  /** Compiles beside the caller, for browsers that compile nothing large on their main thread. @returns what hashes from now on */
  warmUp(): Promise<'wasm' | 'javascript'>;
}

const BLOCK = 64;
/** Where the kernel (kernel/sm3.mjs) expects blocks, and how many fit in the memory it starts with. */
const INPUT = 1024;
const ROOM = 1024;

/**
 * SM3 (GB/T 32905-2016) in WebAssembly, or in plain JavaScript where that is refused; compiled on first use. Running digests
 * are independent of one another.
 *
 * @param wasm the platform's `WebAssembly`
 */
export function createSm3(wasm: WasmEngine): Sm3Algorithm {
  let kernel: Kernel | undefined;
  let refused = false;
  function compress(): Kernel | undefined {
    if (kernel !== undefined || refused) return kernel;
    const exports = instantiateNow<WasmExports>(wasm, SM3_KERNEL_WASM);
    if (exports === undefined) refused = true;
    else kernel = readyKernel(exports);
    return kernel;
  }
  function create(): Hasher {
    const ready = compress();
    return ready === undefined ? sm3.create() : new Sm3Wasm(ready);
  }
  return {
    ...sm3,
    digest: (data) => create().update(data).digest(),
    create,
    async warmUp() {
      if (kernel === undefined) {
        const exports = await instantiate<WasmExports>(wasm, SM3_KERNEL_WASM);
        if (exports !== undefined) kernel ??= readyKernel(exports);
      }
      return kernel === undefined ? 'javascript' : 'wasm';
    },
  };
}

interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  compress(blocks: number): void;
}

interface Kernel {
  readonly state: Uint32Array;
  readonly input: Uint8Array;
  compress(blocks: number): void;
}

function readyKernel({ memory, compress }: WasmExports): Kernel {
  return { state: new Uint32Array(memory.buffer, 0, 8), input: new Uint8Array(memory.buffer, INPUT, ROOM * BLOCK), compress };
}

/** The framing of GB/T 32905 §5.2 around the kernel, which is borrowed for the length of a call. */
class Sm3Wasm implements Hasher {
  readonly #kernel: Kernel;
  readonly #state = Uint32Array.of(0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);
  readonly #rest = new Uint8Array(BLOCK);
  #held = 0;
  #length = 0;
  #done = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  update(chunk: Uint8Array): this {
    if (this.#done) throw new Error('the digest has been taken');
    this.#length += chunk.length;
    let at = 0;
    if (this.#held > 0) {
      at = Math.min(BLOCK - this.#held, chunk.length);
      this.#rest.set(chunk.subarray(0, at), this.#held);
      this.#held += at;
      if (this.#held < BLOCK) return this;
      this.#absorb(this.#rest, 0, 1);
      this.#held = 0;
    }
    const blocks = Math.floor((chunk.length - at) / BLOCK);
    if (blocks > 0) this.#absorb(chunk, at, blocks);
    at += blocks * BLOCK;
    if (at < chunk.length) {
      this.#rest.set(chunk.subarray(at));
      this.#held = chunk.length - at;
    }
    return this;
  }

  digest(): Uint8Array {
    if (this.#done) throw new Error('the digest has been taken');
    this.#done = true;
    const blocks = this.#held < BLOCK - 8 ? 1 : 2;
    const last = new Uint8Array(blocks * BLOCK);
    const view = new DataView(last.buffer);
    last.set(this.#rest.subarray(0, this.#held));
    last[this.#held] = 0x80;
    view.setUint32(last.length - 8, Math.floor(this.#length / 0x20000000), false);
    view.setUint32(last.length - 4, this.#length << 3, false);
    this.#absorb(last, 0, blocks);
    this.#rest.fill(0);
    this.#state.forEach((word, i) => view.setUint32(4 * i, word, false));
    return last.slice(0, 32);
  }

  #absorb(source: Uint8Array, from: number, blocks: number): void {
    const { state, input, compress } = this.#kernel;
    state.set(this.#state);
    for (let done = 0; done < blocks; done += ROOM) {
      const part = Math.min(ROOM, blocks - done);
      const start = from + done * BLOCK;
      input.set(source.subarray(start, start + part * BLOCK));
      compress(part);
    }
    this.#state.set(state);
  }
}
