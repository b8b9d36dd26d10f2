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

/** A message in pieces. */
export interface CipherStream {
  /** @returns the output that is ready, of any length */
  update(chunk: Uint8Array): Uint8Array;
  /**
   * @returns what is left, once; the tag after a ciphertext
   * @throws CryptoError `DECRYPTION_FAILED` when what was decrypted is not authentic
   */
  final(): Uint8Array;
}

/** A cipher that takes messages in pieces; parameters and errors as of the cipher itself. */
export interface StreamCipherAlgorithm extends CipherAlgorithm {
  /** The pieces make what `encrypt` returns. */
  createEncrypt(key: Uint8Array, iv: Uint8Array, options?: CipherOptions): CipherStream;
  /**
   * The pieces make what `decrypt` returns. In an authenticated mode **nothing that `update` gives is authentic before `final`
   * has returned**: keep it from being read, acted on or shown, and discard it when `final` throws. Where the
   * ciphertext can be read twice, let `createAuthenticate` pass first.
   */
  createDecrypt(key: Uint8Array, iv: Uint8Array, options?: CipherOptions): CipherStream;
}

/** An authenticated cipher that takes messages in pieces. */
export interface AuthenticatedStreamCipher extends StreamCipherAlgorithm {
  /** Takes the ciphertext with its tag as `createDecrypt` does, gives nothing, and `final` throws where decryption would. */
  createAuthenticate(key: Uint8Array, iv: Uint8Array, options?: CipherOptions): CipherStream;
}

/** For authenticated modes only; others throw TypeError when given any. */
export interface CipherOptions {
  /** Additional authenticated data. */
  readonly aad?: Uint8Array;
  /** Octets of the tag, 16 by default. */
  readonly tagLength?: number;
}
