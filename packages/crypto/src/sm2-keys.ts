import { CryptoError } from './error.js';
import type { Sm2Kernel } from './sm2-kernel.js';

/** A public key that was checked to be a point of the curve. */
export interface Sm2Key {
  /** 04 || X || Y, a copy. */
  readonly point: Uint8Array;
  /** Z under the default identifier, once asked for. */
  z: Uint8Array | undefined;
  /** The kernel's table slot, 0 without one. */
  slot: number;
  uses: number;
}

export interface Sm2KeyBounds {
  readonly maxKeys: number;
  readonly maxTables: number;
  readonly tableAfterUses: number;
}

/**
 * Remembers keys by their octets, the most recently used ones, and gives the kernel's tables to those that keep coming back.
 * A key that loses its table starts counting anew, so that more busy keys than tables cost a bounded share in building them.
 */
export class Sm2Keys {
  readonly #kernel: Sm2Kernel;
  readonly #bounds: Sm2KeyBounds;
  /** By hash; insertion order is recency. Of two keys with one hash, the later one stays. */
  readonly #keys = new Map<number, Sm2Key>();
  readonly #freeSlots: number[];

  constructor(kernel: Sm2Kernel, bounds: Sm2KeyBounds) {
    this.#kernel = kernel;
    this.#bounds = bounds;
    this.#freeSlots = Array.from({ length: bounds.maxTables }, (_, i) => bounds.maxTables - i);
  }

  /** @throws CryptoError `KEY_INVALID` */
  get(point: Uint8Array): Sm2Key {
    const hash = hashOf(point);
    let key = this.#keys.get(hash);
    if (key !== undefined && equal(key.point, point)) {
      this.#keys.delete(hash);
    } else {
      const fresh = readSm2Key(this.#kernel, point);
      if (key !== undefined) this.#forget(hash, key);
      key = fresh;
      if (this.#keys.size >= this.#bounds.maxKeys) for (const [oldest, forgotten] of this.#keys) {
        this.#forget(oldest, forgotten);
        break;
      }
    }
    this.#keys.set(hash, key);
    key.uses++;
    if (key.slot === 0 && key.uses > this.#bounds.tableAfterUses) this.prepare(key);
    return key;
  }

  /** Gives a key a table now. */
  prepare(key: Sm2Key): void {
    if (key.slot !== 0 || this.#bounds.maxTables === 0) return;
    if (this.#freeSlots.length === 0) this.#takeBackTable();
    const slot = this.#freeSlots.pop()!;
    if (this.#kernel.prepare(slot, key.point)) key.slot = slot;
    else this.#freeSlots.push(slot);
  }

  #takeBackTable(): void {
    for (const key of this.#keys.values()) {
      if (key.slot === 0) continue;
      this.#freeSlots.push(key.slot);
      key.slot = 0;
      key.uses = 0;
      return;
    }
  }

  #forget(hash: number, key: Sm2Key): void {
    this.#keys.delete(hash);
    if (key.slot !== 0) this.#freeSlots.push(key.slot);
  }
}

/** @throws CryptoError `KEY_INVALID` */
export function readSm2Key(kernel: Sm2Kernel, point: Uint8Array): Sm2Key {
  if (point.length !== 65 || point[0] !== 0x04) {
    throw new CryptoError('KEY_INVALID', 'an SM2 public key is 65 octets starting with 04');
  }
  if (!kernel.isPoint(point)) throw new CryptoError('KEY_INVALID', 'the SM2 public key is not a point of the curve');
  return { point: new Uint8Array(point), z: undefined, slot: 0, uses: 0 };
}

const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;

/**
 * The check of {@link readSm2Key} without a kernel, for a key that is seen before there is one; a is p - 3 (GB/T 32918.5 §A.2).
 * @throws CryptoError `KEY_INVALID`
 */
export function assertSm2Point(point: Uint8Array): void {
  const number = (from: number): bigint => point.subarray(from, from + 32).reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
  const [x, y] = [number(1), number(33)];
  if (!(point.length === 65 && point[0] === 0x04 && x < P && y < P && (y * y - x * x * x + 3n * x - B) % P === 0n)) {
    throw new CryptoError('KEY_INVALID', 'the SM2 public key is not a point of the curve, in 65 octets starting with 04');
  }
}

/** FNV-1a over x. */
function hashOf(point: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 1; i < 33; i++) hash = Math.imul(hash ^ (point[i] ?? 0), 0x01000193);
  return hash;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
