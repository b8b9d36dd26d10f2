/** What the kernel's source (kernel/sm2) exports on either machine. */
export interface Sm2Machine {
  /** r, s, e, x, y, each 32 octets big-endian. The view may change with every call that fills a table. */
  input(): Uint8Array;
  initialise(): void;
  readPoint(): boolean | number;
  prepare(slot: number): boolean | number;
  verify(slot: number): number;
}
