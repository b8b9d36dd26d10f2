export { createQrSessionAdapter } from './qr-adapter.js';
export type { QrAdapterOptions, QrSessionAdapter } from './qr-adapter.js';
export { readQrMapping } from './read-mapping.js';
export { MAPPED_ERRORS } from './mapping.js';
export type {
  AnswerPath, AnswerShape, AuthenticationShape, CallbackShape, CallShape, CertificateShape, CredentialQueryShape, JobShape, JobWord, MappedError, QrMapping, QrShape, Scheme, Template, ValuesShape,
} from './mapping.js';
export type { PlatformKey } from './authenticate.js';
export type { CallbackOutcome, CallbackReceipt, IncomingCallback } from './callback-desk.js';
export { createMemoryVault } from './job-vault.js';
export type { JobVault } from './job-vault.js';
export { ZHONGZHAO_MAPPING } from './mappings/zhongzhao.js';
export { BJCA_COSS_MAPPING } from './mappings/bjca-coss.js';
export { SMART_ID_MAPPING } from './mappings/smart-id.js';
