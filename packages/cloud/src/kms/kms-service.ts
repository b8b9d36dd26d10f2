import type { AdapterContext, JsonObject, SignErrorCode } from '@hefu/sign';
import type { KmsKey } from './kms-key.js';

/** One request that signs. The body is final: request signatures are over it. */
export interface KmsRequest {
  /** Below the base address; may carry a query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request with its address, as it is authenticated. */
export interface AddressedRequest extends KmsRequest {
  readonly url: URL;
}

/** Headers that authenticate a request. @param now epoch milliseconds */
export type Authenticator = (request: AddressedRequest, now: number) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;

/** What became of one digest. Values as the service wrote them: core reads hex, base64, base64url, `vault:v1:`, DER and r||s. */
export type KmsValue = { readonly value: string; readonly providerRef?: string } | { readonly refused: KmsRefusal };

/** What a service said instead of signing. */
export interface KmsRefusal {
  readonly code?: string;
  readonly description?: string;
}

/**
 * The manners of one key management service. All of them sign digests, for SM2 e = SM3(Z || M) made by core, and none asks a user.
 */
export interface KmsService {
  /** Of the adapter: `kms-aliyun`. */
  readonly id: string;
  /** Below which its paths are. */
  readonly baseUrl: string;
  /** Names of algorithms: ours to the service's. Fewer than the service has: those that messages are made with. */
  readonly algorithms: Readonly<Record<string, string>>;
  /** A key has versions, and one of them must be named. */
  readonly versioned: boolean;
  /** Digests per request. */
  readonly maxPerCall: number;
  readonly requestsPerSecond?: number;
  /** Codes of the service that mean something here; what is not in it is PROVIDER_REFUSED. */
  readonly errors: Readonly<Record<string, SignErrorCode>>;
  /** @param renew the last one was refused as expired */
  authenticate(context: AdapterContext, renew: boolean): Promise<Authenticator>;
  /** @param algorithm the service's name; @param digests 32 to 64 octets each */
  write(key: KmsKey, algorithm: string, digests: readonly Uint8Array[]): KmsRequest;
  /** What a refusal says; undefined for an answer that is none. */
  refusalOf(answer: JsonObject, status: number): KmsRefusal | undefined;
  /**
   * The values of an answer, in the order of the digests.
   * @throws SignError KEY_MISMATCH where the service names another key or version, PROVIDER_PROTOCOL
   */
  read(answer: JsonObject, key: KmsKey, asked: { readonly digests: readonly Uint8Array[]; readonly algorithm: string }): readonly KmsValue[];
}
