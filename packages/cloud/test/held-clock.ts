import { VirtualClock } from '../../sign/test/session/virtual-clock.js';

/** Virtual time that stands still while a request is under way: sockets take real time. */
export class HeldClock extends VirtualClock {
  #held = 0;
  /** Of a request that will never be answered, time goes on. */
  letGo = false;
  protected override busy(): boolean {
    return this.#held > 0 && !this.letGo;
  }
  async during<T>(work: Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await work;
    } finally {
      this.#held--;
    }
  }
}
