/** The part of the platform's `WebAssembly` object this room uses; pass `WebAssembly` itself. */
export interface WasmEngine {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: never, imports: Record<string, never>) => { readonly exports: object };
  instantiate(bytes: Uint8Array<ArrayBuffer>, imports: Record<string, never>): Promise<{ readonly instance: { readonly exports: object } }>;
}

/** Compiles and instantiates at once. `undefined` when refused; browsers may bound what they compile on the main thread. */
export function instantiateNow<Exports>(engine: WasmEngine, hex: string): Exports | undefined {
  try {
    const module = new engine.Module(decodeHex(hex));
    return new engine.Instance(module as never, {}).exports as Exports;
  } catch {
    return undefined;
  }
}

/** Compiles and instantiates beside the caller. `undefined` when refused. */
export async function instantiate<Exports>(engine: WasmEngine, hex: string): Promise<Exports | undefined> {
  try {
    const { instance } = await engine.instantiate(decodeHex(hex), {});
    return instance.exports as Exports;
  } catch {
    return undefined;
  }
}

/** Hexadecimal of our own, lower case. */
function decodeHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (digit(text.charCodeAt(2 * at)) << 4) | digit(text.charCodeAt(2 * at + 1));
  return bytes;
}

function digit(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}
