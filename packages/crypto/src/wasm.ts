/** The part of the platform's `WebAssembly` object this room uses; pass `WebAssembly` itself. */
export interface WasmEngine {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: never, imports: Record<string, never>) => { readonly exports: object };
  instantiate(bytes: Uint8Array<ArrayBuffer>, imports: Record<string, never>): Promise<{ readonly instance: { readonly exports: object } }>;
}

/** Compiles and instantiates at once. `undefined` when refused; browsers may bound what they compile on the main thread. */
export function instantiateNow<Exports>(engine: WasmEngine, base64: string): Exports | undefined {
  try {
    const module = new engine.Module(decodeBase64(base64));
    return new engine.Instance(module as never, {}).exports as Exports;
  } catch {
    return undefined;
  }
}

/** Compiles and instantiates beside the caller. `undefined` when refused. */
export async function instantiate<Exports>(engine: WasmEngine, base64: string): Promise<Exports | undefined> {
  try {
    const { instance } = await engine.instantiate(decodeBase64(base64), {});
    return instance.exports as Exports;
  } catch {
    return undefined;
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of our own (RFC 4648 §4). For public values only: it indexes a table. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(128);
  for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, at = 0; i < text.length; i += 4, at += 3) {
    const value = (k: number): number => values[text.charCodeAt(i + k)]!;
    const group = (value(0) << 18) | (value(1) << 12) | (value(2) << 6) | value(3);
    bytes[at] = group >>> 16;
    bytes[at + 1] = group >>> 8; // what lies beyond the padding falls off the array's end
    bytes[at + 2] = group;
  }
  return bytes;
}
