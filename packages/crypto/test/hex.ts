export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A plain Uint8Array, not a Buffer: that is what the room is given. */
export function unhex(text: string): Uint8Array {
  if (!/^([0-9a-fA-F]{2})*$/.test(text)) throw new Error('not hexadecimal');
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** The code a call throws with; `undefined` when it does not throw, the error itself when that has no code. */
export function thrownCode(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
  return undefined;
}
