/** A Buffer's octets as a plain Uint8Array, whose slice() copies. */
export function plainOctets(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
