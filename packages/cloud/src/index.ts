// Requests
export { createHttpClient } from './http/client.js';
export type { HttpAnswer, HttpCall, HttpClient, HttpClientOptions } from './http/client.js';
export { DEFAULT_HTTP_LIMITS } from './http/ports.js';
export type { Fetch, HttpLimits } from './http/ports.js';

// QR sessions
export * from './qr-session/index.js';
