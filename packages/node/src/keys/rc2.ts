/**
 * RC2-CBC (RFC 2268), 40 or 128 effective bits as the key is long: what Windows and older tools encrypt certificates of a PFX with.
 * OpenSSL has it only where its legacy provider is loaded, so this is node-forge's, loaded when such a file is met.
 * @throws Error when the padding is wrong
 */
export async function decryptRc2(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
  const { default: forge } = await import('node-forge');
  const text = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');
  const cipher = forge.rc2.createDecryptionCipher(text(key), 8 * key.length);
  cipher.start(text(iv));
  cipher.update(forge.util.createBuffer(text(ciphertext)));
  if (ciphertext.length % 8 !== 0 || !cipher.finish()) throw new Error('wrong padding');
  return new Uint8Array(Buffer.from(cipher.output.getBytes(), 'latin1'));
}
