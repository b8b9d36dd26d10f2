import type { PublicKey, SignatureAlgorithm } from '@hefu/crypto';
import { sameKey } from './same-key.js';

/** Keys remembered per object, by value: every message that carries its CA's certificate brings a fresh object of the same key. */
const MAX_KEYS = 8;

/** Which keys signed one CRL or OCSP response, and which did not; the oldest is forgotten first. */
export class KnownSignatures {
  readonly #rows: { readonly key: PublicKey; readonly algorithm: SignatureAlgorithm; readonly signed: boolean }[] = [];

  signedBy(key: PublicKey, algorithm: SignatureAlgorithm): boolean | undefined {
    return this.#rows.find((row) => row.algorithm === algorithm && sameKey(row.key, key))?.signed;
  }

  set(key: PublicKey, algorithm: SignatureAlgorithm, signed: boolean): void {
    if (this.#rows.length >= MAX_KEYS) this.#rows.shift();
    this.#rows.push({ key, algorithm, signed });
  }
}
