import type { JsonObject } from './json.js';

/** Time as the machine has it. */
export interface Clock {
  /** Epoch milliseconds, by the wall: a frozen tab or a closed lid must show. */
  now(): number;
  /** Resolves after so many milliseconds; rejects when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** Fresh octets of a secure source. */
  bytes(length: number): Uint8Array;
}

/** What may be known of a request before it is sent. */
export type RequestNature =
  /** Changes nothing: list, info, poll. Tried again. */
  | 'read'
  /** Carries an idempotency key, or is harmless twice. Tried again. */
  | 'idempotent'
  /** May sign, or spend an authorisation. Sent once; a lost answer is OUTCOME_UNKNOWN. */
  | 'once';

/**
 * What core lends an adapter for one call. The way to the provider (fetch, PKCS #11, a vendor's SDK) is the adapter's own,
 * given to it when it is made.
 */
export interface AdapterContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly locale: 'zh-CN' | 'en';
  /**
   * Sends a request by core's rules: journalled, repeated with full jitter and within a budget where its nature allows,
   * OUTCOME_UNKNOWN where it does not. `send` throws SignError NETWORK, RATE_LIMITED, PROVIDER_UNAVAILABLE, …
   */
  request<T>(name: string, nature: RequestNature, send: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The provider's clock, as a Date header or a field said, epoch milliseconds; `roundTripMs` bounds the error. */
  serverTime(at: number, roundTripMs: number): void;
  /** From now on this text is struck out of everything core writes: call it with every token and SAD received. */
  protect(secret: string): void;
  /** One line for disputes. Protected texts are struck out. */
  note(event: string, facts?: JsonObject): void;
}
