import { shake256 } from '@noble/hashes/sha3.js';

/**
 * Everything that looks random in the sandbox: a tree of independent streams. A value depends on the seed
 * and its own name only, so adding an entity to the world changes nothing about the others.
 */
export interface Seed {
  /** `length` octets belonging to `name`; the same for the same seed and name. */
  bytes(name: string, length: number): Uint8Array;
  /** An unsigned integer in `[0, bound)`; `bound` up to 2^32. */
  number(name: string, bound: number): number;
}

/** A seed from text. Every stream is SHAKE256 (FIPS 202 §6.2) over the seed and the stream's name, each with its length before it. */
export function createSeed(text: string): Seed {
  if (text.length === 0) throw new TypeError('a seed is not empty');
  const bytes = (name: string, length: number): Uint8Array =>
    shake256.create({}).update(prefixed('hefu sandbox 1')).update(prefixed(text)).update(prefixed(name)).xof(length);
  return {
    bytes,
    number(name, bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) throw new TypeError('bound out of range');
      return Number(BigInt(`0x${hex(bytes(name, 16))}`) % BigInt(bound));
    },
  };
}

/** UTF-8 behind its length in four octets. */
function prefixed(text: string): Uint8Array {
  const octets = new TextEncoder().encode(text);
  const out = new Uint8Array(4 + octets.length);
  new DataView(out.buffer).setUint32(0, octets.length);
  out.set(octets, 4);
  return out;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}
