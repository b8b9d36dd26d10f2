import { _SHA256 } from '@noble/hashes/sha2.js';
import type { Hasher } from './algorithm.js';
import { BLOCK_OCTETS, BlockHasher, STATE_WORDS, type BlockState, type Compression } from './block-hasher.js';
import { kernelCompression, type BlockKernelExports } from './block-kernel.js';
import { CryptoError } from './error.js';
import { SHA256_KERNEL_WASM } from './sha256-kernel-wasm.js';
import { SM3_KERNEL_WASM } from './sm3-kernel-wasm.js';
import { SM3_START } from './sm3-wasm.js';
import { compressSm3 } from './sm3.js';
import { instantiateNow, type WasmEngine } from './wasm.js';

/** A running digest that can be put aside. */
export interface ResumableHasher extends Hasher {
  /** Where it stands, at most 103 octets; holds the last octets hashed in the clear. */
  save(): Uint8Array;
}

/** A digest whose running state can be written down and taken up again, in another process or on another engine. */
export interface ResumableDigest {
  readonly name: 'SHA-256' | 'SM3';
  readonly engine: 'wasm' | 'javascript';
  create(): ResumableHasher;
  /**
   * @param saved by `save` of the same digest
   * @throws CryptoError PARAMETERS_INVALID for anything else that can be told
   */
  restore(saved: Uint8Array): ResumableHasher;
}

/** FIPS 180-4 §5.3.3. */
const SHA256_START: BlockState = {
  words: /*#__PURE__*/ Uint32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19),
  length: 0,
  rest: /*#__PURE__*/ new Uint8Array(0),
};

/**
 * SHA-256 and SM3 for content that takes minutes to read: compiled at once, or in plain JavaScript where WebAssembly is
 * refused or not given.
 *
 * @param wasm the platform's `WebAssembly`
 */
export function createResumableDigests(wasm?: WasmEngine): readonly ResumableDigest[] {
  const digest = (name: ResumableDigest['name'], tag: number, start: BlockState, kernel: string, software: () => Compression): ResumableDigest => {
    const exports = wasm === undefined ? undefined : instantiateNow<BlockKernelExports>(wasm, kernel);
    const compress = exports === undefined ? software() : kernelCompression(exports);
    const running = (from: BlockState): ResumableHasher => new SavedHasher(compress, from, tag);
    return { name, engine: exports === undefined ? 'javascript' : 'wasm', create: () => running(start), restore: (saved) => running(readState(saved, tag)) };
  };
  return [
    digest('SHA-256', 1, SHA256_START, SHA256_KERNEL_WASM, () => softwareCompression(softwareSha256())),
    digest('SM3', 2, SM3_START, SM3_KERNEL_WASM, () => softwareCompression(softwareSm3())),
  ];
}

class SavedHasher extends BlockHasher implements ResumableHasher {
  readonly #tag: number;
  constructor(compress: Compression, from: BlockState, tag: number) {
    super(compress, from);
    this.#tag = tag;
  }
  save(): Uint8Array {
    return writeState(this.state(), this.#tag);
  }
}

/** Tag, length as two words, chaining value, rest; numbers big-endian. */
const HEADER = 9 + 4 * STATE_WORDS;

function writeState({ words, length, rest }: BlockState, tag: number): Uint8Array {
  const saved = new Uint8Array(HEADER + rest.length);
  const view = new DataView(saved.buffer);
  saved[0] = tag;
  view.setUint32(1, Math.floor(length / 0x100000000), false);
  view.setUint32(5, length >>> 0, false);
  words.forEach((word, i) => view.setUint32(9 + 4 * i, word, false));
  saved.set(rest, HEADER);
  return saved;
}

function readState(saved: Uint8Array, tag: number): BlockState {
  if (saved.length < HEADER || saved[0] !== tag) throw new CryptoError('PARAMETERS_INVALID', 'not the saved state of this digest');
  const view = new DataView(saved.buffer, saved.byteOffset, saved.length);
  const length = view.getUint32(1, false) * 0x100000000 + view.getUint32(5, false);
  if (!Number.isSafeInteger(length) || saved.length - HEADER !== length % BLOCK_OCTETS) throw new CryptoError('PARAMETERS_INVALID', 'a saved state that contradicts itself');
  return { words: Uint32Array.from({ length: STATE_WORDS }, (_, i) => view.getUint32(9 + 4 * i, false)), length, rest: saved.slice(HEADER) };
}

/** What compresses one block. */
type BlockCompression = (state: Uint32Array, view: DataView, offset: number) => void;

function softwareCompression(block: BlockCompression): Compression {
  return (state, source, from, count) => {
    const view = new DataView(source.buffer, source.byteOffset, source.length);
    for (let n = 0; n < count; n++) block(state, view, from + n * BLOCK_OCTETS);
  };
}

/** What noble's hash does with one block, without its framing. */
class Sha256Blocks extends _SHA256 {
  compress(state: Uint32Array, view: DataView, offset: number): void {
    this.set(state[0]!, state[1]!, state[2]!, state[3]!, state[4]!, state[5]!, state[6]!, state[7]!);
    this.process(view, offset);
    state.set(this.get());
  }
}

function softwareSha256(): BlockCompression {
  const blocks = new Sha256Blocks();
  return (state, view, offset) => blocks.compress(state, view, offset);
}

function softwareSm3(): BlockCompression {
  const w = new Int32Array(68);
  return (state, view, offset) => compressSm3(state, w, view, offset);
}
