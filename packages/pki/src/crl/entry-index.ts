import { contentStart } from '../asn1/scan.js';
import { entryEnd, hasSerial, serialEnd } from './entry-scan.js';

/**
 * Offsets of entries in an open-addressing table, hashed by serial number; equality is decided on the original
 * octets. Five octets a slot, two slots an entry on average. Of several entries with one serial number the last stays.
 */
export class EntryIndex {
  readonly #bytes: Uint8Array;
  readonly #slots: Int32Array;
  /** Eight more bits of each slot's hash, never 0 where there is an entry: few octets of a CRL are looked at in vain. */
  readonly #tags: Uint8Array;

  private constructor(bytes: Uint8Array, slots: Int32Array, tags: Uint8Array) {
    this.#bytes = bytes;
    this.#slots = slots;
    this.#tags = tags;
  }

  /**
   * Builds the table over entries that `scanEntries` has passed.
   * @returns undefined when it would not pay: offsets beyond 31 bits, or serial numbers made to collide. The hash
   *   has no secret, so steps are budgeted; a scan, whose cost nobody can raise, answers instead.
   */
  static build(bytes: Uint8Array, start: number, end: number, count: number): EntryIndex | undefined {
    if (end > 0x7fffffff) return undefined;
    let capacity = 16;
    while (capacity * 3 < count * 4) capacity *= 2;
    const slots = new Int32Array(capacity);
    const tags = new Uint8Array(capacity);
    const mask = capacity - 1;
    // A fair hash takes under 3 steps an entry at load 3/4 (Knuth, vol. 3, 6.4).
    let steps = 16 * count + 1024;
    for (let offset = start; offset < end; ) {
      const next = entryEnd(bytes, offset, end);
      const serial = contentStart(bytes, offset);
      const to = serialEnd(bytes, serial, next);
      let from = contentStart(bytes, serial);
      while (from < to && bytes[from] === 0) from++;
      const hashed = serialHash(bytes, from, to);
      const tag = tagOf(hashed);
      let slot = hashed & mask;
      while (tags[slot] !== 0 && !(tags[slot] === tag && sameSerial(bytes, slots[slot]!, from, to))) {
        if (--steps < 0) return undefined;
        slot = (slot + 1) & mask;
      }
      tags[slot] = tag;
      slots[slot] = offset;
      offset = next;
    }
    return new EntryIndex(bytes, slots, tags);
  }

  /** Offset of the last entry with this serial number. */
  find(serialNumber: Uint8Array): number | undefined {
    let from = 0;
    while (from < serialNumber.length && serialNumber[from] === 0) from++;
    const hashed = serialHash(serialNumber, from, serialNumber.length);
    const tag = tagOf(hashed);
    const tags = this.#tags;
    const mask = tags.length - 1;
    for (let slot = hashed & mask; tags[slot] !== 0; slot = (slot + 1) & mask) {
      if (tags[slot] === tag && hasSerial(this.#bytes, this.#slots[slot]!, serialNumber, from)) return this.#slots[slot]!;
    }
    return undefined;
  }
}

/** Of a serial number `bytes[start, end)`, 32 bits signed: FNV-1a over four octets at a time, then a finaliser, so that both ends of the result depend on every octet. */
export function serialHash(bytes: Uint8Array, start: number, end: number): number {
  let h = 0x811c9dc5;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    h = Math.imul(h ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)), 0x01000193);
    h ^= h >>> 15;
  }
  for (; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The bits of a hash that a table of less than 2^24 slots does not use. */
function tagOf(hashed: number): number {
  return (hashed >>> 24) || 1;
}

/** Whether the entry at `offset` has the serial number `bytes[from, to)`, given without leading zeros. */
function sameSerial(bytes: Uint8Array, offset: number, from: number, to: number): boolean {
  const serial = contentStart(bytes, offset);
  let i = contentStart(bytes, serial);
  const end = serialEnd(bytes, serial, bytes.length);
  while (i < end && bytes[i] === 0) i++;
  if (end - i !== to - from) return false;
  for (let j = from; j < to; i++, j++) if (bytes[i] !== bytes[j]) return false;
  return true;
}
