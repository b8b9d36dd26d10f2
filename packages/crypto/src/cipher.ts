/** The contract of symmetric ciphers: plain objects, as signature algorithms are. */
export interface CipherAlgorithm {
  /** Stable name: `SM4-CBC`, `SM4-CTR`, `SM4-GCM`, `SM4-CCM`. */
  readonly name: string;
  readonly oid: string;
  /** Octets. */
  readonly keyLength: number;
  /** Whether decryption proves that the ciphertext (and `aad`) is what was encrypted. */
  readonly authenticated: boolean;
  /**
   * @param iv never twice with one key; its length is the mode's
   * @returns the ciphertext; for authenticated modes ciphertext || tag
   * @throws CryptoError `PARAMETERS_INVALID` for a key, IV or tag length the mode does not know
   */
  encrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, options?: CipherOptions): Uint8Array;
  /**
   * @param ciphertext as `encrypt` returned it
   * @throws CryptoError `PARAMETERS_INVALID` as `encrypt`; `DECRYPTION_FAILED` for everything else
   */
  decrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array, options?: CipherOptions): Uint8Array;
}

/** For authenticated modes only; others throw TypeError when given any. */
export interface CipherOptions {
  /** Additional authenticated data. */
  readonly aad?: Uint8Array;
  /** Octets of the tag, 16 by default. */
  readonly tagLength?: number;
}
