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
