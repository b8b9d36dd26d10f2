import { withoutLeadingZeros } from '../asn1/primitive.js';
import { contentStart } from '../asn1/scan.js';
import { entryEnd, hasSerial, serialEnd } from './entry-scan.js';

/**
 * Offsets of entries in an open-addressing table, hashed by serial number (FNV-1a); equality is decided on the
 * original octets. Four octets a slot, two slots an entry on average. Of several entries with one serial
 * number the last stays.
 */
export class EntryIndex {
  readonly #bytes: Uint8Array;
  readonly #slots: Int32Array;

  private constructor(bytes: Uint8Array, slots: Int32Array) {
    this.#bytes = bytes;
    this.#slots = slots;
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
    const mask = capacity - 1;
    // A fair hash takes under 3 steps an entry at load 3/4 (Knuth, vol. 3, 6.4).
    let steps = 16 * count + 1024;
    for (let offset = start; offset < end; ) {
      const next = entryEnd(bytes, offset, end);
      const serial = contentStart(bytes, offset);
      const to = serialEnd(bytes, serial, next);
      let from = contentStart(bytes, serial);
      while (from < to && bytes[from] === 0) from++;
      let slot = hash(bytes, from, to) & mask;
      while (slots[slot] !== 0 && !sameSerial(bytes, slots[slot]!, from, to)) {
        if (--steps < 0) return undefined;
        slot = (slot + 1) & mask;
      }
      // Offsets are never 0: a CertificateList begins with its own header.
      slots[slot] = offset;
      offset = next;
    }
    return new EntryIndex(bytes, slots);
  }

  /** Offset of the last entry with this serial number. */
  find(serialNumber: Uint8Array): number | undefined {
    const wanted = withoutLeadingZeros(serialNumber);
    const mask = this.#slots.length - 1;
    for (let slot = hash(wanted, 0, wanted.length) & mask; ; slot = (slot + 1) & mask) {
      const offset = this.#slots[slot]!;
      if (offset === 0) return undefined;
      if (hasSerial(this.#bytes, offset, wanted)) return offset;
    }
  }
}

/** 32-bit FNV-1a, its high half folded in since the table uses the low bits. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let h = 0x811c9dc5;
  for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h ^ (h >>> 15);
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
