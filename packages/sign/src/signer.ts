import { sm2SignDigest, type PlatformKey, type PlatformSubtle } from '@hefu/crypto';
import { assembleSignature } from './assemble.js';
import { SignError } from './error.js';
import { prepareSignature, type PrepareInput, type ToBeSigned } from './prepare.js';

/** Turns what is to be signed into a signature value; where the key lives is its own affair. */
export interface Signer {
  sign(toBeSigned: ToBeSigned): Promise<Uint8Array> | Uint8Array;
}

/**
 * An SM2 key in memory, for tests, demonstrations and tools; production keys live in certified modules.
 * @param privateKey d, 32 octets big-endian
 * @param options.entropy draws 32 fresh octets to hedge each nonce; without it nonces are deterministic
 */
export function sm2SoftKey(privateKey: Uint8Array, options: { entropy?: () => Uint8Array } = {}): Signer {
  return {
    sign(toBeSigned) {
      if (toBeSigned.algorithm !== 'SM2-SM3' || toBeSigned.digest === undefined) throw new SignError('KEY_UNSUPPORTED', `an SM2 key does not make ${toBeSigned.algorithm}`);
      const extraEntropy = options.entropy?.();
      return sm2SignDigest(privateKey, toBeSigned.digest, extraEntropy === undefined ? {} : { extraEntropy });
    },
  };
}

/** A non-exportable or in-memory WebCrypto key; `subtle` is injected. Signs RSA (PKCS #1 v1.5, or PSS for JWS), ECDSA and Ed25519, as the key was imported for. */
export function webCryptoSoftKey(subtle: PlatformSubtle, key: PlatformKey): Signer {
  return {
    async sign(toBeSigned) {
      if (toBeSigned.message === undefined) throw new SignError('KEY_UNSUPPORTED', 'WebCrypto signs octets, and only a digest was given');
      const { name } = key.algorithm;
      if ((name === 'RSA-PSS') !== (toBeSigned.pss !== undefined)) throw new SignError('KEY_UNSUPPORTED', `a key for ${name} does not make ${toBeSigned.algorithm}`);
      const algorithm = { name, ...(name === 'ECDSA' ? { hash: toBeSigned.digestAlgorithm } : {}), ...(toBeSigned.pss === undefined ? {} : { saltLength: toBeSigned.pss.saltLength }) };
      return new Uint8Array(await subtle.sign(algorithm, key, toBeSigned.message.slice()));
    },
  };
}

/**
 * Prepare, sign, verify, assemble in one call: the whole of a signature with a key at hand.
 * @throws SignError as `prepareSignature` and `assembleSignature`; SIGNER_FAILED with `cause` when the signer threw
 */
export async function signContent(input: PrepareInput, signer: Signer): Promise<Uint8Array> {
  const prepared = prepareSignature(input);
  return assembleSignature(prepared, await valueOf(signer, prepared.toBeSigned));
}

/** What the signer returns. @throws SignError its own, and SIGNER_FAILED with `cause` */
export async function valueOf(signer: Signer, toBeSigned: ToBeSigned): Promise<Uint8Array> {
  try {
    return await signer.sign(toBeSigned);
  } catch (cause) {
    if (cause instanceof SignError) throw cause;
    throw new SignError('SIGNER_FAILED', 'the signer failed', { cause });
  }
}
