import { BLOCK_OCTETS, STATE_WORDS, type Compression } from './block-hasher.js';

/** What a compression kernel (kernel/sm3.mjs, kernel/sha256.mjs) exports. */
export interface BlockKernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  compress(blocks: number): void;
}

/** Where a kernel expects blocks, and how many fit in the memory it starts with. */
const INPUT = 1024;
const ROOM = 1024;

/** A kernel as a compression; it is borrowed for the length of a call, so any number of digests may run on one. */
export function kernelCompression({ memory, compress }: BlockKernelExports): Compression {
  const chaining = new Uint32Array(memory.buffer, 0, STATE_WORDS);
  const input = new Uint8Array(memory.buffer, INPUT, ROOM * BLOCK_OCTETS);
  return (state, source, from, blocks) => {
    chaining.set(state);
    for (let done = 0; done < blocks; done += ROOM) {
      const part = Math.min(ROOM, blocks - done);
      const start = from + done * BLOCK_OCTETS;
      input.set(source.subarray(start, start + part * BLOCK_OCTETS));
      compress(part);
    }
    state.set(chaining);
  };
}
