// Requests
export { createHttpClient } from './http/client.js';
export type { HttpAnswer, HttpCall, HttpClient, HttpClientOptions } from './http/client.js';
export { DEFAULT_HTTP_LIMITS } from './http/ports.js';
export type { Fetch, HttpLimits } from './http/ports.js';

// Cloud Signature Consortium API
export { cscAdapter } from './csc/adapter.js';
export { createMemoryVault } from './csc/ports.js';
export type { CscCallbacks, CscOAuthClient, CscOptions, CscTokens, CscVault } from './csc/ports.js';
export { CSC_QUIRKS } from './csc/quirks.js';
export type { CscQuirks } from './csc/quirks.js';
export { CSC_ERRORS } from './csc/errors.js';
export type { CscErrorRow } from './csc/errors.js';
export { EXPRESSION_LIMITS, parseAuthExpression } from './csc/auth-expression.js';
export { cscTimestamper } from './csc/timestamp.js';
export { cscClientLogin, cscServiceLogin } from './csc/service-login.js';
export type { CscServiceLogin, CscServiceToken } from './csc/service-login.js';

// QR sessions
export * from './qr-session/index.js';

// Key management services
export { createKmsAdapter } from './kms/kms-adapter.js';
export type { KmsAdapterOptions } from './kms/kms-adapter.js';
export type { AccessKey, AccessKeySource, KmsKey } from './kms/kms-key.js';
export type { AddressedRequest, Authenticator, KmsRefusal, KmsRequest, KmsService, KmsValue } from './kms/kms-service.js';
export { createTokenExchange } from './kms/bearer-token.js';
export type { TokenExchangeOptions, TokenSource } from './kms/bearer-token.js';
export { aliyunKms } from './kms/aliyun.js';
export type { AliyunKmsOptions } from './kms/aliyun.js';
export { tencentKms } from './kms/tencent.js';
export type { TencentKmsOptions } from './kms/tencent.js';
export { huaweiKms } from './kms/huawei.js';
export type { HuaweiKmsOptions } from './kms/huawei.js';
export { awsKms } from './kms/aws.js';
export type { AwsKmsOptions } from './kms/aws.js';
export { googleKms, googleServiceAccount } from './kms/google.js';
export type { GoogleKmsOptions, GoogleServiceAccountOptions } from './kms/google.js';
export { azureClientCertificate, azureKeyVault } from './kms/azure.js';
export type { AzureClientCertificateOptions, AzureKeyVaultOptions } from './kms/azure.js';
export { vaultTransit } from './kms/vault.js';
export type { VaultTransitOptions } from './kms/vault.js';

// Two-party SM2: a vendor protocol without a security proof, off unless asked for
export { COSIGN_CONSENT } from './cosign/consent.js';
export type { CosignConsent } from './cosign/consent.js';
export { createCosignAdapter } from './cosign/cosign-adapter.js';
export type { CosignAdapterOptions } from './cosign/cosign-adapter.js';
export type { CosignServer } from './cosign/cosign-server.js';
export { createHttpCosignServer } from './cosign/http-cosign-server.js';
export type { HttpCosignServerOptions } from './cosign/http-cosign-server.js';
export { CLEARANCE, clearAbort, createEnrolment } from './cosign/enrol.js';
export type { Enrolment, EnrolmentOptions } from './cosign/enrol.js';
export { createMemoryShareStore } from './cosign/share-record.js';
export type { ShareRecord, ShareSeal, ShareState, ShareStore } from './cosign/share-record.js';
export { createWebCryptoSeal } from './cosign/web-crypto-seal.js';
export type { WebCryptoSealOptions } from './cosign/web-crypto-seal.js';
