import type { AlgorithmChoice } from '@hefu/sign';

/** A key as it lies in IndexedDB. Classical keys are the platform's, not extractable; an SM2 key is ciphertext. */
export interface KeyRecord {
  readonly ref: string;
  readonly version: 1;
  readonly label?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly algorithm: AlgorithmChoice;
  /** Public key: SubjectPublicKeyInfo of a classical key, 04 || X || Y of an SM2 key. */
  readonly publicKey: Uint8Array;
  /** DER, leaf first; empty until a certificate was issued. */
  readonly chain: readonly Uint8Array[];
  readonly secret: PlatformSecret | WrappedSecret;
}

export interface PlatformSecret {
  readonly kind: 'platform';
  /** `extractable` is false: script can use it, none can read it. */
  readonly key: CryptoKey;
}

/** d of an SM2 key, 32 octets, under AES-256-GCM. */
export interface WrappedSecret {
  readonly kind: 'wrapped';
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly by: Wrapping;
}

/** What the wrapping key is derived from. */
export type Wrapping =
  /** PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2). */
  | { readonly kind: 'passphrase'; readonly salt: Uint8Array; readonly iterations: number }
  /** The `prf` extension of WebAuthn Level 3 §10.1.4, through HKDF-SHA-256. */
  | { readonly kind: 'passkey'; readonly credentialId: Uint8Array; readonly salt: Uint8Array };

/** What wraps and unwraps: a text the person knows, or a passkey he has. */
export type Unlocking = { readonly passphrase: string } | { readonly passkey: PasskeyPrf };

/** A passkey that gives the same secret for the same input, and to nobody else. */
export interface PasskeyPrf {
  readonly credentialId: Uint8Array;
  /** 32 octets for `salt`. @throws BrowserError PASSKEY_UNAVAILABLE | PASSKEY_REFUSED */
  evaluate(salt: Uint8Array): Promise<Uint8Array>;
}
