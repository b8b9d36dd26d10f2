export { SignError } from './error.js';
export type { SignErrorCode } from './error.js';
export { prepareSignature } from './prepare.js';
export type { PreparedSignature, PrepareInput, ToBeSigned } from './prepare.js';
export { assembleSignature } from './assemble.js';
export { signContent, sm2SoftKey, webCryptoSoftKey } from './signer.js';
export type { Signer } from './signer.js';
export { signatureProfile } from './signature-profile.js';
export type { SignatureProfile, WrittenVariant } from './signature-profile.js';
