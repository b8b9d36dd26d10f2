import { SM4_LANES, type Sm4 } from './sm4-block.js';

/**
 * XORs `input` with the key stream E(counter), E(counter + 1), … The counter is big-endian and occupies the
 * last `counterLength` octets of the block, wrapping within them (NIST SP 800-38A §6.5, SP 800-38D §6.5).
 *
 * @param counterBlock first counter block, 16 octets; not modified
 */
export function counterMode(cipher: Sm4, counterBlock: Uint8Array, counterLength: number, input: Uint8Array): Uint8Array {
  const output = new Uint8Array(input.length);
  const counter = Uint8Array.from(counterBlock); // slice() of a subclass may be a view, not a copy
  const stream = new Uint8Array(16 * SM4_LANES);
  for (let offset = 0; offset < input.length; offset += stream.length) {
    const length = Math.min(stream.length, input.length - offset);
    const needed = (length + 15) & ~15;
    for (let at = 0; at < needed; at += 16) {
      stream.set(counter, at);
      increment(counter, counterLength);
    }
    cipher.transform(stream, 0, stream, 0, needed);
    for (let i = 0; i < length; i++) output[offset + i] = input[offset + i]! ^ stream[i]!;
  }
  stream.fill(0);
  return output;
}

/** Adds one to the last `length` octets, modulo 2^(8·length). Counters are public. */
export function increment(block: Uint8Array, length: number): void {
  for (let i = 15; i >= 16 - length; i--) {
    block[i] = (block[i]! + 1) & 0xff;
    if (block[i] !== 0) return;
  }
}
