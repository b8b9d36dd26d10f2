import { CryptoError } from './error.js';
import type { Sm2Machine } from './sm2-machine.js';

/** Tables the kernel can hold, G's aside. */
export const MAX_KERNEL_SLOTS = 255;

/** SM2 verification by the kernel. It sees public values only. */
export class Sm2Kernel {
  readonly #machine: Sm2Machine;

  constructor(machine: Sm2Machine) {
    machine.initialise();
    this.#machine = machine;
  }

  /** Whether 04 || X || Y is a point of the curve with coordinates below p (GB/T 32918.1 §6.2.1). */
  isPoint(point: Uint8Array): boolean {
    this.#setPoint(point);
    return Boolean(this.#machine.readPoint());
  }

  /**
   * Fills a slot's table with the multiples of a point, some 0.3 ms.
   *
   * @param slot from 1 to {@link MAX_KERNEL_SLOTS}
   * @returns false for what is not a point, or when there is no memory; the slot is then empty
   */
  prepare(slot: number, point: Uint8Array): boolean {
    this.#setPoint(point);
    return Boolean(this.#machine.prepare(slot));
  }

  /**
   * GB/T 32918.2 §7.1 steps B1, B2 and B5 to B7.
   *
   * @param point 04 || X || Y, or the slot prepared for it
   * @param signature r || s, 64 octets
   * @param e 32 octets
   * @throws CryptoError `KEY_INVALID`
   */
  verify(point: Uint8Array | number, signature: Uint8Array, e: Uint8Array): boolean {
    if (signature.length !== 64 || e.length !== 32) throw new TypeError('r || s has 64 octets, e has 32');
    const known = typeof point === 'number';
    if (!known) this.#setPoint(point);
    const input = this.#machine.input();
    input.set(signature, 0);
    input.set(e, 64);
    const answer = this.#machine.verify(known ? point : 0);
    if (answer !== 0 && answer !== 1) throw new CryptoError('KEY_INVALID', 'the SM2 public key is not a point of the curve');
    return answer === 1;
  }

  /** Octets of another form become (0, 0), which is not on the curve. */
  #setPoint(point: Uint8Array): void {
    const input = this.#machine.input();
    if (point.length === 65 && point[0] === 0x04) input.set(point.subarray(1), 96);
    else input.fill(0, 96);
  }
}
