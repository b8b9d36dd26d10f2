// Files
export { digestFile, digestWorker } from './digest/digest-file.js';
export type { DigestFileOptions, FileDigest } from './digest/digest-file.js';
export type { FileIdentity } from './digest/checkpoint.js';
export type { DigestReport } from './digest/rate.js';

// Storage
export { indexedDbStore } from './store/indexed-db-store.js';
export type { IndexedDbStoreOptions } from './store/indexed-db-store.js';

export { BrowserError } from './error.js';
export type { BrowserErrorCode } from './error-codes.js';
export { BROWSER_ERRORS } from './error-texts.js';
export type { BrowserErrorTexts } from './error-texts.js';
export { BROWSER_LIMITS } from './limits.js';
