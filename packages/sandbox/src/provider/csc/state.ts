import type { ProviderGround } from '../facade.js';
import { cscCredentials, CSC_MANNERS, type CscCredential, type CscCredentialManner } from './credentials.js';
import { CSC_PRESETS, type CscManners, type CscPresetName } from './presets.js';

export interface CscOptions {
  /** Default `spec-strict`. */
  readonly preset?: CscPresetName;
  readonly credentials?: readonly CscCredentialManner[];
  /** Ids of companies; default all. */
  readonly companies?: readonly string[];
  /** Service tokens accepted from the start; default {@link CSC_SERVICE_TOKEN}. */
  readonly serviceTokens?: readonly string[];
  /** How long a SAD lives, seconds. Default 300. */
  readonly sadSeconds?: number;
  /** Credentials in one page of a listing at most. Default 50. */
  readonly pageSize?: number;
  /** Polls for which an asynchronous job is pending. Default 1. */
  readonly pendingPolls?: number;
  /** Where the authorization server is: `oauth2Issuer` (with metadata), `oauth2` (a base), or `oauth2Servers` of v2.2. Default issuer. */
  readonly oauth?: 'issuer' | 'base' | 'servers';
  /** Sends the notification to a `response_uri`. Default: an HTTP request, where that is on loopback. */
  readonly notify?: (uri: string, body: string) => void;
}

/** Accepted without a login, so that a first try needs none. */
export const CSC_SERVICE_TOKEN = 'sandbox-service-token';

/** What a SAD allows. Times are epoch milliseconds. */
export interface Sad {
  readonly credentialID: string;
  /** Hashes it was given for, base64, each as often as it may be signed; undefined: not bound (SCAL 1). */
  readonly hashes: string[] | undefined;
  left: number;
  readonly expiresAt: number;
}

/** An authorisation that waits for a phone. */
export interface PendingAuthorisation {
  readonly credentialID: string;
  readonly hashes: readonly string[] | undefined;
  readonly count: number;
  polls: number;
  decision?: 'approved' | 'refused';
}

/** An asynchronous signing. */
export interface SigningJob {
  /** What it is answered with when it is done. */
  readonly answer: { readonly signatures: readonly (string | null)[] };
  polls: number;
}

/** What was asked of the authorization server. */
export interface AuthorizationRequest {
  readonly parameters: Readonly<Record<string, string>>;
  readonly expiresAt: number;
}

/** One value made. */
export interface MadeSignature {
  readonly credentialID: string;
  /** base64, as it was authorised. */
  readonly hash: string;
}

export interface CscState {
  readonly ground: ProviderGround;
  readonly manners: CscManners;
  readonly options: CscOptions;
  readonly credentials: ReadonlyMap<string, CscCredential>;
  /** Tokens of scope `service`, with their end. */
  readonly serviceTokens: Map<string, number>;
  readonly sads: Map<string, Sad>;
  readonly pending: Map<string, PendingAuthorisation>;
  readonly jobs: Map<string, SigningJob>;
  readonly pinMistakes: Map<string, number>;
  readonly otps: Map<string, { readonly value: string; readonly expiresAt: number; readonly sentAt: number }>;
  readonly requests: Map<string, AuthorizationRequest>;
  readonly codes: Map<string, AuthorizationRequest>;
  readonly made: MadeSignature[];
  /** Every token and SAD that was ever good. */
  readonly issued: Set<string>;
}

export function createCscState(ground: ProviderGround, options: CscOptions): CscState {
  return {
    ground, options, manners: CSC_PRESETS[options.preset ?? 'spec-strict'],
    credentials: cscCredentials(ground.hsm, options.credentials ?? CSC_MANNERS, options.companies),
    serviceTokens: new Map((options.serviceTokens ?? [CSC_SERVICE_TOKEN]).map((token) => [token, Infinity])),
    sads: new Map(), pending: new Map(), jobs: new Map(), pinMistakes: new Map(), otps: new Map(), requests: new Map(), codes: new Map(), made: [], issued: new Set(options.serviceTokens ?? [CSC_SERVICE_TOKEN]),
  };
}

/** Issues a SAD. */
export function issueSad(state: CscState, credentialID: string, hashes: readonly string[] | undefined, count: number): { readonly SAD: string; readonly expiresIn: number } {
  const expiresIn = state.options.sadSeconds ?? 300;
  const SAD = state.ground.token('sad');
  state.issued.add(SAD);
  state.sads.set(SAD, { credentialID, hashes: hashes === undefined ? undefined : [...hashes], left: count, expiresAt: state.manners.sadNeverExpires ? Infinity : state.ground.clock.now() + expiresIn * 1000 });
  return { SAD, expiresIn };
}

export const SERVICE_SECONDS = 3600;

export function issueServiceToken(state: CscState): string {
  const token = state.ground.token('service');
  state.issued.add(token);
  state.serviceTokens.set(token, state.ground.clock.now() + SERVICE_SECONDS * 1000);
  return token;
}
