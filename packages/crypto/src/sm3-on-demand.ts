import { sm3 } from './sm3.js';
import type { Sm3Algorithm } from './sm3-wasm.js';
import type { WasmEngine } from './wasm.js';

/**
 * SM3 in plain JavaScript until `warmUp` has loaded the one in WebAssembly, which a bundler makes a chunk of: worth it from
 * some hundred kilobytes on. Where it cannot be loaded or is refused, JavaScript goes on.
 *
 * @param wasm the platform's `WebAssembly`
 */
export function createSm3OnDemand(wasm: WasmEngine): Sm3Algorithm {
  let compiled: Sm3Algorithm | undefined;
  return {
    ...sm3,
    digest: (data) => (compiled ?? sm3).digest(data),
    create: () => (compiled ?? sm3).create(),
    async warmUp() {
      if (compiled === undefined) {
        const kernel = await import('./sm3-wasm.js').then(({ createSm3 }) => createSm3(wasm), () => undefined);
        if ((await kernel?.warmUp()) === 'wasm') compiled = kernel;
      }
      return compiled === undefined ? 'javascript' : 'wasm';
    },
  };
}
