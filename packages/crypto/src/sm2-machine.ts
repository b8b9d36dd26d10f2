/** What the kernel's source (kernel/sm2) exports on either machine. */
export interface Sm2Machine {
  /** r, s, e, x, y, each 32 octets big-endian. The view may change with every call that fills a table. */
  input(): Uint8Array;
  initialise(): void;
  readPoint(): boolean | number;
  prepare(slot: number): boolean | number;
  verify(slot: number): number;
}

/** What the module exports. */
export interface Sm2WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  initialise(): void;
  readPoint(): number;
  prepare(slot: number): number;
  verify(slot: number): number;
}

export function sm2WasmMachine({ memory, initialise, readPoint, prepare, verify }: Sm2WasmExports): Sm2Machine {
  let view = new Uint8Array(memory.buffer, 0, 160);
  return {
    input() {
      // Growing the memory detaches its old buffer.
      if (view.buffer !== memory.buffer) view = new Uint8Array(memory.buffer, 0, 160);
      return view;
    },
    initialise,
    readPoint,
    prepare,
    verify,
  };
}
