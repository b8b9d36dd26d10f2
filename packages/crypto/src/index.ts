export type {
  AlgorithmProvider,
  Algorithms,
  CurveName,
  DigestAlgorithm,
  DigestName,
  EcPublicKey,
  EdPublicKey,
  Hasher,
  ParameterRule,
  PssParameters,
  PublicKey,
  RsaPublicKey,
  Scheme,
  SignatureAlgorithm,
  VerifyOptions,
} from './algorithm.js';
export type { AuthenticatedStreamCipher, CipherAlgorithm, CipherOptions, CipherStream, StreamCipherAlgorithm } from './cipher.js';
export { classicalAlgorithms } from './classical-algorithms.js';
export { equalConstantTime } from './constant-time.js';
export {
  COMPONENT_OCTETS,
  decodeEcdsaSignature,
  encodeEcdsaSignature,
  normaliseSignature,
  type ReadSignature,
  type SignatureForm,
} from './ecdsa-signature.js';
export { ecdsa, type EcdsaHash } from './ecdsa.js';
export { ed25519 } from './ed25519.js';
export { CryptoError, type CryptoErrorCode } from './error.js';
export { hmac } from './hmac.js';
export {
  DEFAULT_RSA_LIMITS,
  MAX_DISTINGUISHING_ID_BYTES,
  MAX_SM2_KEYS,
  MAX_SM2_TABLES,
  type RsaLimits,
  SM2_TABLE_AFTER_USES,
} from './limits.js';
export { createResumableDigests, type ResumableDigest, type ResumableHasher } from './resumable-digest.js';
export { rsaPkcs1, type RsaHash } from './rsa-pkcs1.js';
export { recoverRsaDigestInfo } from './rsa-recover.js';
export { rsaPss, type RsaPssOptions } from './rsa-pss.js';
export { sha1 } from './sha1.js';
export { sha224, sha256, sha384, sha512 } from './sha2.js';
export { isEcdsaBySm2Key } from './sm2-as-ecdsa.js';
export { sm2Digest, sm2DigestHasher, SM2_DEFAULT_ID, sm2Z } from './sm2-digest.js';
export { sm2PublicKey, sm2Sign, sm2SignDigest, type Sm2SignDigestOptions, type Sm2SignOptions } from './sm2-sign.js';
export { readSm2Signature } from './sm2-signature.js';
export { createSm2OnDemand, type Sm2OnDemand } from './sm2-on-demand.js';
export { createSm2, sm2, type Sm2Algorithm, type Sm2Options } from './sm2.js';
export type { Sm2KeyOptions } from './sm2-on-kernel.js';
export { createSm3OnDemand } from './sm3-on-demand.js';
export { createSm3, type Sm3Algorithm } from './sm3-wasm.js';
export { sm3 } from './sm3.js';
export { sm4Cbc } from './sm4-cbc.js';
export { sm4Ccm } from './sm4-ccm.js';
export { sm4Ctr } from './sm4-ctr.js';
export { sm4Gcm } from './sm4-gcm.js';
export { softwareDigests } from './software-digests.js';
export type { WasmEngine } from './wasm.js';
export { webCryptoProvider } from './webcrypto-provider.js';
export type { PlatformKey, PlatformSubtle } from './webcrypto-provider.js';
