import type { JsonObject } from '@hefu/sign';
import type { Fetch, HttpLimits } from '../http/ports.js';
import type { CscQuirks } from './quirks.js';

/** Access to the service, which the backend has of its user or of itself. */
export interface CscTokens {
  /**
   * The access token of scope `service`. `stale`: the service refused this one; a fresh one, or undefined where the user must
   * sign in again (TOKEN_EXPIRED).
   */
  service(request: { readonly stale?: string; readonly signal: AbortSignal }): Promise<string | undefined>;
}

/**
 * Keeps secrets of a signing under way (SAD, handle, PKCE verifier) outside snapshots, so that another process of the same
 * backend can go on. References are `<requestId>/<what>`. Losing one means that the user is asked again.
 */
export interface CscVault {
  put(reference: string, secret: string): Promise<void>;
  get(reference: string): Promise<string | undefined>;
  drop(reference: string): Promise<void>;
}

/**
 * Notifications to `response_uri` (CSC API v2 §11.10). They are hints, unauthenticated by the text: of one, only the number of
 * the job is taken, the values are fetched and verified.
 */
export interface CscCallbacks {
  /** An address of its own for each request, hard to guess. */
  uri(requestId: string): string;
  /** What came to that address, if anything did. */
  received(requestId: string): Promise<JsonObject | undefined>;
}

export interface CscOAuthClient {
  readonly clientId: string;
  /** Of a confidential client: backend only. */
  readonly clientSecret?: () => Promise<string>;
  readonly redirectUri: string;
  readonly preferred?: 'popup' | 'redirect';
  /** Pushed authorization requests (RFC 9126); default where the server has them. */
  readonly par?: 'if-supported' | 'never' | 'required';
  /** Rich authorization requests (RFC 9396), which name the files; default where the server has them. */
  readonly rar?: 'if-supported' | 'never' | 'required';
}

export interface CscOptions {
  readonly fetch: Fetch;
  /** With the version: `https://service.example/csc/v2/`. */
  readonly baseUrl: string;
  /** Default `auto`: what `info` says of its `specs`. */
  readonly version?: 'v1' | 'v2' | 'auto';
  /** Where the service departs from the text: a profile's name, or one's own. Default `spec-strict`. */
  readonly quirks?: CscQuirks;
  readonly tokens: CscTokens;
  /** For credentials authorised by OAuth 2.0. Without it they are listed and cannot be used. */
  readonly oauth?: CscOAuthClient;
  /** Default: in memory, so that a crash means asking the user again. */
  readonly vault?: CscVault;
  readonly callbacks?: CscCallbacks;
  /** Asynchronous signing: `offered` uses it where the service has it, so that a lost answer can be asked for. Default `offered`. */
  readonly asynchronous?: 'offered' | 'never';
  /** Of the user at the service, where it was not the user who authorised the access. */
  readonly userId?: string;
  readonly limits?: Partial<HttpLimits>;
}

export function createMemoryVault(): CscVault {
  const secrets = new Map<string, string>();
  return {
    put: async (reference, secret) => void secrets.set(reference, secret),
    get: async (reference) => secrets.get(reference),
    drop: async (reference) => void secrets.delete(reference),
  };
}
