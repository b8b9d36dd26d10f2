import { SM2_KERNEL_WASM } from './sm2-kernel-wasm.js';
import { Sm2Kernel } from './sm2-kernel.js';
import { sm2WasmMachine, type Sm2WasmExports } from './sm2-machine.js';
import { instantiate, instantiateNow, type WasmEngine } from './wasm.js';

/** `undefined` where the platform refuses: a content security policy, or a bound on what may be compiled at once. */
export function sm2KernelNow(engine: WasmEngine): Sm2Kernel | undefined {
  const exports = instantiateNow<Sm2WasmExports>(engine, SM2_KERNEL_WASM);
  return exports === undefined ? undefined : new Sm2Kernel(sm2WasmMachine(exports));
}

/** As `sm2KernelNow`, without that bound. */
export async function sm2KernelLater(engine: WasmEngine): Promise<Sm2Kernel | undefined> {
  const exports = await instantiate<Sm2WasmExports>(engine, SM2_KERNEL_WASM);
  return exports === undefined ? undefined : new Sm2Kernel(sm2WasmMachine(exports));
}
