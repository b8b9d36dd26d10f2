import { classicalAlgorithms, createSm2OnDemand, createSm3OnDemand, softwareDigests, webCryptoProvider, type Algorithms } from '@hefu/crypto';
import { BrowserError } from '../error.js';

/** Algorithms with what makes them fast. */
export interface BrowserAlgorithms extends Algorithms {
  /** Loads and compiles, beside the page, what SM2 and much SM3 run on; the first SM2 signature waits for its part in any case. @returns what SM2 runs on from now on */
  warmUp(): Promise<'wasm' | 'javascript'>;
}

/**
 * Every algorithm Hefu knows, in a page: RSA, ECDSA and Ed25519 by WebCrypto, SM2 in WebAssembly or, where the page's policy
 * refuses it, in JavaScript, loaded when the first such signature comes; SM3 in JavaScript, after `warmUp` in WebAssembly. Imported keys are cached inside: make one object per page.
 * @throws BrowserError INSECURE_CONTEXT
 */
export function browserAlgorithms(): BrowserAlgorithms {
  const subtle = webCrypto();
  const wasm = typeof WebAssembly === 'undefined' ? undefined : WebAssembly;
  const sm3 = wasm === undefined ? undefined : createSm3OnDemand(wasm);
  const sm2 = createSm2OnDemand({ ...(wasm === undefined ? {} : { wasm }), ...(sm3 === undefined ? {} : { sm3 }) });
  return {
    digests: softwareDigests.map((digest) => (digest.name === 'SM3' && sm3 !== undefined ? sm3 : digest)),
    signatures: [...classicalAlgorithms(webCryptoProvider(subtle)), sm2],
    async warmUp() {
      await sm3?.warmUp();
      return sm2.warmUp();
    },
  };
}

/** @throws BrowserError INSECURE_CONTEXT: `crypto.subtle` is there for https and localhost alone */
export function webCrypto(): SubtleCrypto {
  const { subtle } = globalThis.crypto as { readonly subtle?: SubtleCrypto };
  if (subtle === undefined) throw new BrowserError('INSECURE_CONTEXT', 'there is no crypto.subtle: the page is not a secure context');
  return subtle;
}

/** Fresh octets of the platform's source. */
export function randomOctets(length: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}
