import type { PlatformKey, PlatformSubtle } from '@hefu/crypto';
import type { Random } from '@hefu/sign';
import type { ShareSeal } from './share-record.js';

export interface WebCryptoSealOptions {
  readonly subtle: PlatformSubtle;
  /** AES-GCM, `extractable: false`, kept as an object (in IndexedDB): a copy of the record alone opens nothing. */
  readonly key: PlatformKey;
  readonly random: Random;
}

const IV = 12;

/** Seals with a key of the platform that no program can read. Whoever runs code in the page can still use it. */
export function createWebCryptoSeal({ subtle, key, random }: WebCryptoSealOptions): ShareSeal {
  const parameters = (iv: Uint8Array, id: string): AesGcmParams => ({ name: 'AES-GCM', iv: iv as BufferSource, additionalData: new TextEncoder().encode(`hefu cosign share ${id}`) });
  return {
    needs: 'nothing',
    async seal(share, id) {
      const iv = random.bytes(IV);
      const ciphertext = new Uint8Array(await subtle.encrypt(parameters(iv, id), key, share as BufferSource));
      const sealed = new Uint8Array(IV + ciphertext.length);
      sealed.set(iv);
      sealed.set(ciphertext, IV);
      return sealed;
    },
    open: async (sealed, id) => new Uint8Array(await subtle.decrypt(parameters(sealed.subarray(0, IV), id), key, sealed.subarray(IV) as BufferSource)),
  };
}
