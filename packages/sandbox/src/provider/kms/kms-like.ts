import type { KmsAccount } from './account.js';

/** Why a toy cloud does not sign; each service says it in its own words. */
export type KmsTrouble = 'no-key' | 'no-version' | 'disabled' | 'throttled' | 'bad-algorithm' | 'bad-auth' | 'expired-token' | 'skew' | 'forbidden' | 'bad-request';

export class KmsRefusal extends Error {
  override readonly name = 'KmsRefusal';
  readonly trouble: KmsTrouble;

  constructor(trouble: KmsTrouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

/** A request with its body read. */
export interface KmsCall {
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
  /** Epoch milliseconds, of the provider. */
  readonly now: number;
  readonly account: KmsAccount;
  hits(fault: string): boolean;
  /**
   * Signs one digest.
   * @param version the number asked for; undefined where the service has none
   * @param scheme `any`: what the key is for, except SM2
   * @returns the value in `der` or octets, and which version made it
   * @throws KmsRefusal
   */
  sign(keyId: string, version: number | undefined, scheme: 'sm2' | 'ecdsa' | 'rsa' | 'any', digest: Uint8Array): SignedDigest;
  /** A bearer token and how long it lives. */
  issueToken(): { readonly token: string; readonly expiresIn: number };
  /** @throws KmsRefusal */
  requireToken(): void;
}

export interface SignedDigest {
  readonly value: Uint8Array;
  readonly version: number;
}

/** One toy cloud. */
export interface KmsLike {
  readonly name: string;
  /** @throws KmsRefusal */
  answer(call: KmsCall): unknown;
  refuse(trouble: KmsTrouble): { readonly status: number; readonly body: unknown };
}

/** Octets of a text in base64 or base64url. @throws KmsRefusal */
export function octetsOf(text: unknown, encoding: 'base64' | 'base64url' = 'base64'): Uint8Array {
  if (typeof text !== 'string') throw new KmsRefusal('bad-request');
  return new Uint8Array(Buffer.from(text, encoding));
}

/** @throws KmsRefusal */
export function jsonBody({ body }: Pick<KmsCall, 'body'>): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    throw new KmsRefusal('bad-request');
  }
}
